// SHA-256 of sixteen messages at once with AVX-512.
#include "sha256.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define LANES 16
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl")))
#include "sha256_lanes.h"

// Rows of sixteen words to columns.
INLINE void transpose(__m512i rows[16]) {
  __m512i x[16];
  for (int i = 0; i < 16; i += 2) {
    x[i] = _mm512_unpacklo_epi32(rows[i], rows[i + 1]);
    x[i + 1] = _mm512_unpackhi_epi32(rows[i], rows[i + 1]);
  }
  // y[4 * k + j]: in each quarter q, word 4 * q + j of rows 4 * k ..< 4 * k + 4.
  __m512i y[16];
  for (int i = 0; i < 16; i += 4) {
    y[i] = _mm512_unpacklo_epi64(x[i], x[i + 2]);
    y[i + 1] = _mm512_unpackhi_epi64(x[i], x[i + 2]);
    y[i + 2] = _mm512_unpacklo_epi64(x[i + 1], x[i + 3]);
    y[i + 3] = _mm512_unpackhi_epi64(x[i + 1], x[i + 3]);
  }
  for (int j = 0; j < 4; j++) {
    __m512i a = _mm512_shuffle_i32x4(y[j], y[j + 4], 0x88);       // quarters 0, 2
    __m512i b = _mm512_shuffle_i32x4(y[j + 8], y[j + 12], 0x88);
    __m512i c = _mm512_shuffle_i32x4(y[j], y[j + 4], 0xDD);       // quarters 1, 3
    __m512i d = _mm512_shuffle_i32x4(y[j + 8], y[j + 12], 0xDD);
    rows[j] = _mm512_shuffle_i32x4(a, b, 0x88);
    rows[j + 8] = _mm512_shuffle_i32x4(a, b, 0xDD);
    rows[j + 4] = _mm512_shuffle_i32x4(c, d, 0x88);
    rows[j + 12] = _mm512_shuffle_i32x4(c, d, 0xDD);
  }
}

// One instruction, which the compiler does not find by itself.
INLINE vector majority(vector x, vector y, vector z) {
  return (vector)_mm512_ternarylogic_epi32((__m512i)x, (__m512i)y, (__m512i)z, 0xE8);
}

INLINE void load_block(const uint8_t *const messages[], size_t offset, vector words[16]) {
  const __m512i swap = _mm512_broadcast_i32x4(
      _mm_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12));
  __m512i rows[16];
  for (int lane = 0; lane < LANES; lane++) {
    rows[lane] = _mm512_loadu_si512(messages[lane] + offset);
    // Sixteen streams are more than some processors foresee; beyond the end it does nothing.
    _mm_prefetch((const char *)messages[lane] + offset + 512, _MM_HINT_T0);
  }
  transpose(rows);
  for (int i = 0; i < 16; i++) words[i] = (vector)_mm512_shuffle_epi8(rows[i], swap);
}

TARGET void ckern_sha256_avx512(uint32_t *state, const uint8_t *const *messages, size_t blocks) {
  compress_blocks(state, messages, blocks);
}
#endif
