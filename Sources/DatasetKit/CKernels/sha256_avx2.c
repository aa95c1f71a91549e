// SHA-256 of eight messages at once with AVX2.
#include "sha256.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define LANES 8
#define TARGET __attribute__((target("avx2")))
#include "sha256_lanes.h"

// Rows of eight words to columns.
INLINE void transpose(__m256i rows[8]) {
  __m256i x[8];
  for (int i = 0; i < 8; i += 2) {
    x[i] = _mm256_unpacklo_epi32(rows[i], rows[i + 1]);
    x[i + 1] = _mm256_unpackhi_epi32(rows[i], rows[i + 1]);
  }
  __m256i y[8];
  for (int i = 0; i < 8; i += 4) {
    y[i] = _mm256_unpacklo_epi64(x[i], x[i + 2]);
    y[i + 1] = _mm256_unpackhi_epi64(x[i], x[i + 2]);
    y[i + 2] = _mm256_unpacklo_epi64(x[i + 1], x[i + 3]);
    y[i + 3] = _mm256_unpackhi_epi64(x[i + 1], x[i + 3]);
  }
  for (int i = 0; i < 4; i++) {
    rows[i] = _mm256_permute2x128_si256(y[i], y[i + 4], 0x20);
    rows[i + 4] = _mm256_permute2x128_si256(y[i], y[i + 4], 0x31);
  }
}

INLINE vector majority(vector x, vector y, vector z) { return (x & y) | (z & (x | y)); }

INLINE void load_block(const uint8_t *const messages[], size_t offset, vector words[16]) {
  const __m256i swap = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12));
  for (int half = 0; half < 2; half++) {
    __m256i rows[8];
    for (int lane = 0; lane < LANES; lane++) {
      const uint8_t *start = messages[lane] + offset + 32 * half;
      rows[lane] = _mm256_loadu_si256((const __m256i *)start);
    }
    transpose(rows);
    for (int i = 0; i < 8; i++) words[8 * half + i] = (vector)_mm256_shuffle_epi8(rows[i], swap);
  }
}

TARGET void ckern_sha256_avx2(uint32_t *state, const uint8_t *const *messages, size_t blocks) {
  compress_blocks(state, messages, blocks);
}
#endif
