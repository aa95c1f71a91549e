// What the files of the SHA-256 of many messages share.
#ifndef CKERN_SHA256_H
#define CKERN_SHA256_H

#include "CKernels.h"

void ckern_sha256_avx2(uint32_t *state, const uint8_t *const *messages, size_t blocks);
void ckern_sha256_avx512(uint32_t *state, const uint8_t *const *messages, size_t blocks);

#endif
