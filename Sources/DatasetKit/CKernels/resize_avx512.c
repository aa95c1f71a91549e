// The two passes of the 8-bit resize with AVX-512 and its dot products of bytes (VNNI); along rows
// also with its shuffles of 64 bytes (VBMI). Without those AVX2 serves rows.
#include "resize.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni")))
#define INLINE_AVX512 AVX512 __attribute__((always_inline)) static inline

#define VBMI __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni,avx512vbmi")))
#define INLINE_VBMI VBMI __attribute__((always_inline)) static inline

// Weights are c * 65536 + b * 256 + a, and one sum does for all three by Horner's rule: the products
// with c, times 256, plus those with b, times 256, plus those with a. So that samples are kept for
// all three, a few steps are summed at once.
enum { BYTES = 3, STEPS_AT_ONCE = 4, HALF_BEFORE = CKERN_HALF >> 16 };

// What the first steps are added to: what rounds, as it is before it is multiplied twice.
INLINE_AVX512 __m512i begin(int32_t step) {
  return _mm512_set1_epi32(step == 0 ? HALF_BEFORE : 0);
}

// Adds the products of fours of samples and one byte of their weights.
INLINE_AVX512 __m512i add(__m512i sum, __m512i fours, __m512i weights) {
  return _mm512_dpbusd_epi32(sum, fours, weights);
}

// The sum times 256, ahead of all bytes but the first.
INLINE_AVX512 __m512i ahead(__m512i sum, int32_t byte) {
  return byte == 0 ? sum : _mm512_slli_epi32(sum, 8);
}

// How many of the steps from `step` on are summed at once.
INLINE_AVX512 int32_t at_once(int32_t steps, int32_t step) {
  return steps - step < STEPS_AT_ONCE ? steps - step : STEPS_AT_ONCE;
}

// The sums as numbers of 32 bits, not yet cut to 0...255.
INLINE_AVX512 __m512i finished(__m512i sum) {
  return _mm512_srai_epi32(sum, CKERN_FRACTION_BITS);
}

// --- Along a row --------------------------------------------------------------------------------

// Sixteen new samples of a row.
INLINE_VBMI __m128i sum_chunk(const ckern_step_vbmi *table, const int32_t *offsets, int32_t steps,
                              const uint8_t *row) {
  __m512i total = _mm512_setzero_si512();
  for (int32_t first = 0; first < steps; first += STEPS_AT_ONCE) {
    int32_t count = at_once(steps, first);
    __m512i fours[STEPS_AT_ONCE];
    for (int32_t step = 0; step < count; step++) {
      __m512i window = _mm512_loadu_si512(row + offsets[first + step]);
      __m512i shuffle = _mm512_loadu_si512(table[first + step].shuffle);
      fours[step] = _mm512_permutexvar_epi8(shuffle, window);
    }
    __m512i sum = begin(first);
    for (int32_t byte = 0; byte < BYTES; byte++) {
      sum = ahead(sum, byte);
      for (int32_t step = 0; step < count; step++) {
        sum = add(sum, fours[step], _mm512_loadu_si512(table[first + step].weights[byte]));
      }
    }
    total = first == 0 ? sum : _mm512_add_epi32(total, sum);
  }
  __m512i positive = _mm512_max_epi32(finished(total), _mm512_setzero_si512());
  return _mm512_cvtusepi32_epi8(positive);
}

// Whole where it can be: some processors take long for masked stores.
INLINE_VBMI void store_chunk(uint8_t *row, int32_t start, int32_t samples, __m128i chunk) {
  if (start + CKERN_CHUNK <= samples) {
    _mm_storeu_si128((__m128i *)(row + start), chunk);
  } else {
    _mm_mask_storeu_epi8(row + start, (__mmask16)((1u << (samples - start)) - 1), chunk);
  }
}

// `steps` is the program's, given again so that the compiler sees a constant.
INLINE_VBMI void resize_rows(const ckern_row_program *program, int32_t steps,
                             const uint8_t *const rows[], uint8_t *const outputs[]) {
  // Copies, which no store can change.
  const uint8_t *const from[CKERN_ROWS] = {rows[0], rows[1], rows[2], rows[3]};
  uint8_t *const to[CKERN_ROWS] = {outputs[0], outputs[1], outputs[2], outputs[3]};
  const ckern_step_vbmi *table = program->table;
  const int32_t *offsets = program->offsets;
  int32_t samples = program->samples;
  for (int32_t start = 0; start < samples; start += CKERN_CHUNK) {
    // All are summed before one is stored, so that the steps are loaded once.
    __m128i chunks[CKERN_ROWS];
    for (int32_t row = 0; row < CKERN_ROWS; row++) {
      chunks[row] = sum_chunk(table, offsets, steps, from[row]);
    }
    for (int32_t row = 0; row < CKERN_ROWS; row++) {
      store_chunk(to[row], start, samples, chunks[row]);
    }
    table += steps;
    offsets += steps;
  }
}

VBMI void ckern_rows_vbmi(const ckern_row_program *program, const uint8_t *const rows[],
                          uint8_t *const outputs[]) {
  switch (program->steps) {
    case 1: resize_rows(program, 1, rows, outputs); break;
    case 2: resize_rows(program, 2, rows, outputs); break;
    default: resize_rows(program, program->steps, rows, outputs);
  }
}

// --- Along the columns --------------------------------------------------------------------------

enum { COLUMNS = 64, QUARTERS = 4 };

// Fours of samples, one of each row: 64 columns in the order that packing puts right.
INLINE_AVX512 void load_columns(const uint8_t *const rows[], size_t start, __mmask64 mask,
                                __m512i fours[QUARTERS]) {
  __m512i row0 = _mm512_maskz_loadu_epi8(mask, rows[0] + start);
  __m512i row1 = _mm512_maskz_loadu_epi8(mask, rows[1] + start);
  __m512i row2 = _mm512_maskz_loadu_epi8(mask, rows[2] + start);
  __m512i row3 = _mm512_maskz_loadu_epi8(mask, rows[3] + start);
  __m512i left = _mm512_unpacklo_epi8(row0, row1), right = _mm512_unpackhi_epi8(row0, row1);
  __m512i next = _mm512_unpacklo_epi8(row2, row3), last = _mm512_unpackhi_epi8(row2, row3);
  fours[0] = _mm512_unpacklo_epi16(left, next);
  fours[1] = _mm512_unpackhi_epi16(left, next);
  fours[2] = _mm512_unpacklo_epi16(right, last);
  fours[3] = _mm512_unpackhi_epi16(right, last);
}

// Up to 64 samples of the new row: those of the mask.
INLINE_AVX512 void sum_columns(const uint8_t *const rows[], const int32_t *packed, int32_t steps,
                               size_t start, __mmask64 mask, uint8_t *output) {
  __m512i totals[QUARTERS];
  for (int32_t first = 0; first < steps; first += STEPS_AT_ONCE) {
    int32_t count = at_once(steps, first);
    __m512i fours[STEPS_AT_ONCE][QUARTERS];
    for (int32_t step = 0; step < count; step++) {
      load_columns(rows + 4 * (first + step), start, mask, fours[step]);
    }
    for (int32_t quarter = 0; quarter < QUARTERS; quarter++) {
      __m512i sum = begin(first);
      for (int32_t byte = 0; byte < BYTES; byte++) {
        sum = ahead(sum, byte);
        for (int32_t step = 0; step < count; step++) {
          __m512i weights = _mm512_set1_epi32(packed[BYTES * (first + step) + byte]);
          sum = add(sum, fours[step][quarter], weights);
        }
      }
      totals[quarter] = first == 0 ? sum : _mm512_add_epi32(totals[quarter], sum);
    }
  }
  __m512i left = _mm512_packs_epi32(finished(totals[0]), finished(totals[1]));
  __m512i right = _mm512_packs_epi32(finished(totals[2]), finished(totals[3]));
  _mm512_mask_storeu_epi8(output + start, mask, _mm512_packus_epi16(left, right));
}

// `steps` once more, as above.
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
  switch (steps) {
    case 1: sum_rows(rows, packed, 1, output, length); break;
    case 2: sum_rows(rows, packed, 2, output, length); break;
    default: sum_rows(rows, packed, steps, output, length);
  }
}
#endif
