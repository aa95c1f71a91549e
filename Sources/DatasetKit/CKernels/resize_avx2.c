// The two passes of the 8-bit resize with AVX2.
#include "resize.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#define AVX2 __attribute__((target("avx2")))
#define INLINE_AVX2 AVX2 __attribute__((always_inline)) static inline

// Eight sums in two parts.
typedef struct {
  __m256i high;
  __m256i low;
} sums;

INLINE_AVX2 sums begin(void) {
  return (sums){_mm256_setzero_si256(), _mm256_set1_epi32(CKERN_HALF)};
}

// Adds the products of pairs of 16-bit samples and weights.
INLINE_AVX2 sums add(sums total, __m256i pairs, __m256i high, __m256i low) {
  return (sums){_mm256_add_epi32(total.high, _mm256_madd_epi16(pairs, high)),
                _mm256_add_epi32(total.low, _mm256_madd_epi16(pairs, low))};
}

// The sums as 32-bit numbers, not yet cut to 0...255.
INLINE_AVX2 __m256i finished(sums total) {
  __m256i sum = _mm256_add_epi32(total.low, _mm256_slli_epi32(total.high, 8));
  return _mm256_srai_epi32(sum, CKERN_FRACTION_BITS);
}

// --- Along a row --------------------------------------------------------------------------------

enum { LANES = 4, GROUPS = CKERN_CHUNK / LANES };

INLINE_AVX2 __m256i broadcast(const void *bytes) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)bytes));
}

// The same window of two rows, one in each half.
INLINE_AVX2 __m256i windows(const uint8_t *upper, const uint8_t *lower) {
  __m128i first = _mm_loadu_si128((const __m128i *)upper);
  return _mm256_inserti128_si256(_mm256_castsi128_si256(first),
                                 _mm_loadu_si128((const __m128i *)lower), 1);
}

INLINE_AVX2 void store_row(const ckern_row_program *program, int32_t start, __m128i samples,
                           uint8_t *output) {
  int32_t left = program->samples - start;
  if (left >= CKERN_CHUNK) {
    _mm_storeu_si128((__m128i *)(output + start), samples);
  } else {
    uint8_t last[CKERN_CHUNK];
    _mm_storeu_si128((__m128i *)last, samples);
    memcpy(output + start, last, (size_t)left);
  }
}

// `steps` is the program's, given again so that the compiler sees a constant.
INLINE_AVX2 void resize_rows(const ckern_row_program *program, int32_t steps,
                             const uint8_t *const rows[], uint8_t *const outputs[]) {
  const uint8_t *row0 = rows[0], *row1 = rows[1], *row2 = rows[2], *row3 = rows[3];
  const ckern_step_avx2 *step = program->table;
  const int32_t *offset = program->offsets;
  for (int32_t chunk = 0; chunk < program->chunks; chunk++) {
    __m256i first[GROUPS], second[GROUPS];
    for (int32_t group = 0; group < GROUPS; group++) {
      sums top = begin(), bottom = begin();
      for (int32_t index = 0; index < steps; index++, step++, offset++) {
        __m256i shuffle = broadcast(step->shuffle);
        __m256i high = broadcast(step->weights[0]), low = broadcast(step->weights[1]);
        __m256i seen = windows(row0 + *offset, row1 + *offset);
        top = add(top, _mm256_shuffle_epi8(seen, shuffle), high, low);
        seen = windows(row2 + *offset, row3 + *offset);
        bottom = add(bottom, _mm256_shuffle_epi8(seen, shuffle), high, low);
      }
      first[group] = finished(top);
      second[group] = finished(bottom);
    }
    __m256i top = _mm256_packus_epi16(_mm256_packs_epi32(first[0], first[1]),
                                      _mm256_packs_epi32(first[2], first[3]));
    __m256i bottom = _mm256_packus_epi16(_mm256_packs_epi32(second[0], second[1]),
                                         _mm256_packs_epi32(second[2], second[3]));
    int32_t start = chunk * CKERN_CHUNK;
    store_row(program, start, _mm256_castsi256_si128(top), outputs[0]);
    store_row(program, start, _mm256_extracti128_si256(top, 1), outputs[1]);
    store_row(program, start, _mm256_castsi256_si128(bottom), outputs[2]);
    store_row(program, start, _mm256_extracti128_si256(bottom, 1), outputs[3]);
  }
}

AVX2 void ckern_rows_avx2(const ckern_row_program *program, const uint8_t *const rows[],
                          uint8_t *const outputs[]) {
  switch (program->steps) {
    case 1: resize_rows(program, 1, rows, outputs); break;
    case 2: resize_rows(program, 2, rows, outputs); break;
    case 3: resize_rows(program, 3, rows, outputs); break;
    default: resize_rows(program, program->steps, rows, outputs);
  }
}

// --- Along the columns --------------------------------------------------------------------------

enum { COLUMNS = 32 };

// 32 samples of the new row.
INLINE_AVX2 void sum_columns(const uint8_t *const rows[], const int32_t *packed, int32_t steps,
                             size_t start, uint8_t *output) {
  const __m256i zero = _mm256_setzero_si256();
  sums s0 = begin(), s1 = begin(), s2 = begin(), s3 = begin();
  for (int32_t step = 0; step < steps; step++, rows += 2, packed += 2) {
    __m256i high = _mm256_set1_epi32(packed[0]), low = _mm256_set1_epi32(packed[1]);
    __m256i a = _mm256_loadu_si256((const __m256i *)(rows[0] + start));
    __m256i b = _mm256_loadu_si256((const __m256i *)(rows[1] + start));
    __m256i left = _mm256_unpacklo_epi8(a, b), right = _mm256_unpackhi_epi8(a, b);
    s0 = add(s0, _mm256_unpacklo_epi8(left, zero), high, low);
    s1 = add(s1, _mm256_unpackhi_epi8(left, zero), high, low);
    s2 = add(s2, _mm256_unpacklo_epi8(right, zero), high, low);
    s3 = add(s3, _mm256_unpackhi_epi8(right, zero), high, low);
  }
  __m256i left = _mm256_packs_epi32(finished(s0), finished(s1));
  __m256i right = _mm256_packs_epi32(finished(s2), finished(s3));
  _mm256_storeu_si256((__m256i *)(output + start), _mm256_packus_epi16(left, right));
}

INLINE_AVX2 void sum_rows(const uint8_t *const rows[], const int32_t *packed, int32_t steps,
                          uint8_t *output, size_t length) {
  for (size_t start = 0; start + COLUMNS <= length; start += COLUMNS) {
    sum_columns(rows, packed, steps, start, output);
  }
  if (length % COLUMNS) sum_columns(rows, packed, steps, length - COLUMNS, output);
}

AVX2 void ckern_sum_avx2(const uint8_t *const rows[], const int32_t *packed, int32_t steps,
                         uint8_t *output, size_t length) {
  if (steps == 2) sum_rows(rows, packed, 2, output, length);
  else sum_rows(rows, packed, steps, output, length);
}
#endif
