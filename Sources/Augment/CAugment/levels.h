// The loops of each level, as a table.
#ifndef CAUG_LEVELS_H
#define CAUG_LEVELS_H

#include "CAugment.h"

typedef struct {
  double (*sweep)(const caug_sweep_job *);
  void (*grayscale)(float *, size_t);
  void (*gamma)(float *, size_t, float);
  void (*normal)(const caug_stream *, int32_t, float *, size_t);
  void (*uniform)(const caug_stream *, int32_t, float *, size_t);
  void (*add)(float *, const float *, float, size_t);
  void (*mix)(float *, const float *, float, size_t);
  void (*blur)(const float *, float *, float *, int32_t, int32_t, const float *, int32_t);
  void (*remap)(const caug_warp *);
} caug_kernels;

extern const caug_kernels caug_kernels_portable;
#if defined(__x86_64__)
extern const caug_kernels caug_kernels_avx2;
extern const caug_kernels caug_kernels_avx512;
#endif

#endif
