// The two passes of the 8-bit resize with AVX-512 and its dot products of bytes (VNNI).
#include "resize.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni")))
#define INLINE_AVX512 AVX512 __attribute__((always_inline)) static inline

// Sixteen sums in three parts.
typedef struct {
  __m512i c;
  __m512i b;
  __m512i a;
} sums;

INLINE_AVX512 sums begin(void) {
  return (sums){_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_set1_epi32(CKERN_HALF)};
}

// Adds the products of fours of samples and weights.
INLINE_AVX512 sums add(sums total, __m512i fours, __m512i c, __m512i b, __m512i a) {
  return (sums){_mm512_dpbusd_epi32(total.c, fours, c), _mm512_dpbusd_epi32(total.b, fours, b),
                _mm512_dpbusd_epi32(total.a, fours, a)};
}

// The sums as 32-bit numbers, not yet cut to 0...255.
INLINE_AVX512 __m512i finished(sums total) {
  __m512i sum = _mm512_add_epi32(total.b, _mm512_slli_epi32(total.c, 8));
  sum = _mm512_add_epi32(total.a, _mm512_slli_epi32(sum, 8));
  return _mm512_srai_epi32(sum, CKERN_FRACTION_BITS);
}

// --- Along a row --------------------------------------------------------------------------------

INLINE_AVX512 __m512i broadcast(const void *bytes) {
  return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)bytes));
}

// The same window of four rows, one in each quarter.
INLINE_AVX512 __m512i windows(const uint8_t *const rows[], int32_t offset) {
  __m512i all = _mm512_castsi128_si512(_mm_loadu_si128((const __m128i *)(rows[0] + offset)));
  all = _mm512_inserti32x4(all, _mm_loadu_si128((const __m128i *)(rows[1] + offset)), 1);
  all = _mm512_inserti32x4(all, _mm_loadu_si128((const __m128i *)(rows[2] + offset)), 2);
  return _mm512_inserti32x4(all, _mm_loadu_si128((const __m128i *)(rows[3] + offset)), 3);
}

INLINE_AVX512 void store_rows(__m512i samples, __mmask16 mask, int32_t start,
                              uint8_t *const outputs[]) {
  _mm_mask_storeu_epi8(outputs[0] + start, mask, _mm512_castsi512_si128(samples));
  _mm_mask_storeu_epi8(outputs[1] + start, mask, _mm512_extracti32x4_epi32(samples, 1));
  _mm_mask_storeu_epi8(outputs[2] + start, mask, _mm512_extracti32x4_epi32(samples, 2));
  _mm_mask_storeu_epi8(outputs[3] + start, mask, _mm512_extracti32x4_epi32(samples, 3));
}

// `steps` is the program's, given again so that the compiler sees a constant.
INLINE_AVX512 void resize_rows(const ckern_row_program *program, int32_t steps,
                               const uint8_t *const rows[], uint8_t *const outputs[]) {
  const uint8_t *const copy[CKERN_ROWS] = {rows[0], rows[1], rows[2], rows[3]};
  const ckern_step *step = program->table;
  const int32_t *offset = program->offsets;
  for (int32_t chunk = 0; chunk < program->chunks; chunk++) {
    __m512i groups[CKERN_GROUPS];
    for (int32_t group = 0; group < CKERN_GROUPS; group++) {
      sums total = begin();
      for (int32_t index = 0; index < steps; index++, step++, offset++) {
        __m512i fours = _mm512_shuffle_epi8(windows(copy, *offset), broadcast(step->shuffle));
        total = add(total, fours, broadcast(step->weights.bytes[0]),
                    broadcast(step->weights.bytes[1]), broadcast(step->weights.bytes[2]));
      }
      groups[group] = finished(total);
    }
    __m512i samples = _mm512_packus_epi16(_mm512_packs_epi32(groups[0], groups[1]),
                                          _mm512_packs_epi32(groups[2], groups[3]));
    int32_t start = chunk * CKERN_CHUNK, left = program->samples - start;
    __mmask16 mask = left >= CKERN_CHUNK ? 0xFFFF : (__mmask16)((1u << left) - 1);
    store_rows(samples, mask, start, outputs);
  }
}

AVX512 void ckern_rows_avx512(const ckern_row_program *program, const uint8_t *const rows[],
                              uint8_t *const outputs[]) {
  switch (program->steps) {
    case 1: resize_rows(program, 1, rows, outputs); break;
    case 2: resize_rows(program, 2, rows, outputs); break;
    default: resize_rows(program, program->steps, rows, outputs);
  }
}

// --- Along the columns --------------------------------------------------------------------------

enum { COLUMNS = 64 };

// Up to 64 samples of the new row: those of the mask.
INLINE_AVX512 void sum_columns(const uint8_t *const rows[], const int32_t *packed, int32_t steps,
                               size_t start, __mmask64 mask, uint8_t *output) {
  sums s0 = begin(), s1 = begin(), s2 = begin(), s3 = begin();
  for (int32_t step = 0; step < steps; step++, rows += 4, packed += 3) {
    __m512i c = _mm512_set1_epi32(packed[0]), b = _mm512_set1_epi32(packed[1]);
    __m512i a = _mm512_set1_epi32(packed[2]);
    __m512i row0 = _mm512_maskz_loadu_epi8(mask, rows[0] + start);
    __m512i row1 = _mm512_maskz_loadu_epi8(mask, rows[1] + start);
    __m512i row2 = _mm512_maskz_loadu_epi8(mask, rows[2] + start);
    __m512i row3 = _mm512_maskz_loadu_epi8(mask, rows[3] + start);
    __m512i left = _mm512_unpacklo_epi8(row0, row1), right = _mm512_unpackhi_epi8(row0, row1);
    __m512i next = _mm512_unpacklo_epi8(row2, row3), last = _mm512_unpackhi_epi8(row2, row3);
    s0 = add(s0, _mm512_unpacklo_epi16(left, next), c, b, a);
    s1 = add(s1, _mm512_unpackhi_epi16(left, next), c, b, a);
    s2 = add(s2, _mm512_unpacklo_epi16(right, last), c, b, a);
    s3 = add(s3, _mm512_unpackhi_epi16(right, last), c, b, a);
  }
  __m512i left = _mm512_packs_epi32(finished(s0), finished(s1));
  __m512i right = _mm512_packs_epi32(finished(s2), finished(s3));
  _mm512_mask_storeu_epi8(output + start, mask, _mm512_packus_epi16(left, right));
}

INLINE_AVX512 void sum_rows(const uint8_t *const rows[], const int32_t *packed, int32_t steps,
                            uint8_t *output, size_t length) {
  size_t start = 0;
  for (; start + COLUMNS <= length; start += COLUMNS) {
    sum_columns(rows, packed, steps, start, ~(__mmask64)0, output);
  }
  if (start == length) return;
  sum_columns(rows, packed, steps, start, ((__mmask64)1 << (length - start)) - 1, output);
}

AVX512 void ckern_sum_avx512(const uint8_t *const rows[], const int32_t *packed, int32_t steps,
                             uint8_t *output, size_t length) {
  if (steps == 1) sum_rows(rows, packed, 1, output, length);
  else sum_rows(rows, packed, steps, output, length);
}
#endif
