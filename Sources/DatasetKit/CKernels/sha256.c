// SHA-256 of many messages at once: which version serves.
#include "sha256.h"

int32_t ckern_sha256_lanes(int32_t level) {
#if defined(__x86_64__)
  if (level >= CKERN_AVX512) return 16;
  if (level == CKERN_AVX2) return 8;
#else
  (void)level;
#endif
  return 0;
}

void ckern_sha256_compress(int32_t level, uint32_t *state, const uint8_t *const *messages,
                           size_t blocks) {
#if defined(__x86_64__)
  if (level >= CKERN_AVX512) ckern_sha256_avx512(state, messages, blocks);
  else if (level == CKERN_AVX2) ckern_sha256_avx2(state, messages, blocks);
#else
  (void)level, (void)state, (void)messages, (void)blocks;
#endif
}
