// Sends each call to the loops of its level.
#include "levels.h"

static const caug_kernels *kernels(int32_t level) {
#if defined(__x86_64__)
  if (level >= CAUG_AVX512) return &caug_kernels_avx512;
  if (level == CAUG_AVX2) return &caug_kernels_avx2;
#endif
  (void)level;
  return &caug_kernels_portable;
}

double caug_sweep(int32_t level, const caug_sweep_job *job) { return kernels(level)->sweep(job); }

void caug_grayscale(int32_t level, float *planes, size_t count) {
  kernels(level)->grayscale(planes, count);
}

void caug_gamma(int32_t level, float *values, size_t count, float exponent) {
  kernels(level)->gamma(values, count, exponent);
}

void caug_normal(int32_t level, const caug_stream *stream, int32_t plane, float *output,
                 size_t count) {
  kernels(level)->normal(stream, plane, output, count);
}

void caug_uniform(int32_t level, const caug_stream *stream, int32_t plane, float *output,
                  size_t count) {
  kernels(level)->uniform(stream, plane, output, count);
}

void caug_add(int32_t level, float *values, const float *noise, float scale, size_t count) {
  kernels(level)->add(values, noise, scale, count);
}

void caug_mix(int32_t level, float *values, const float *others, float weight, size_t count) {
  kernels(level)->mix(values, others, weight, count);
}

void caug_blur(int32_t level, const float *input, float *output, float *scratch, int32_t width,
               int32_t height, const float *kernel, int32_t radius) {
  kernels(level)->blur(input, output, scratch, width, height, kernel, radius);
}

void caug_remap(int32_t level, const caug_warp *warp) { kernels(level)->remap(warp); }
