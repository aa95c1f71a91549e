// What this processor can do.
#include "CKernels.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

int32_t ckern_best_level(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni")) {
    return __builtin_cpu_supports("avx512vbmi") ? CKERN_AVX512_VBMI : CKERN_AVX512;
  }
  if (__builtin_cpu_supports("avx2")) return CKERN_AVX2;
#endif
  return CKERN_PORTABLE;
}

bool ckern_has_sha_instructions(void) {
#if defined(__x86_64__)
  unsigned int eax, ebx, ecx, edx;
  if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) return ebx >> 29 & 1;
#endif
  return false;
}
