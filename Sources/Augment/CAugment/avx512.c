// The loops for x86 with AVX-512.
#if defined(__x86_64__)
#include "levels.h"

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl"))), apply_to = function)
#include "vectors.h"

#define KERNEL(name) caug_##name##_avx512
#include "kernels.h"
#pragma clang attribute pop
#endif
