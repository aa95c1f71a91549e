// The loops for x86 with AVX2.
#if defined(__x86_64__)
#include "levels.h"

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#include "vectors.h"

#define KERNEL(name) caug_##name##_avx2
#include "kernels.h"
#pragma clang attribute pop
#endif
