// The resize of 16-bit and of float samples: sums of doubles, as in Pillow's modes I;16 and F.
#include <stdlib.h>

#include "CKernels.h"

// A product and a sum round separately, as in the C that Pillow's wheels are compiled from.
#pragma STDC FP_CONTRACT OFF

// Both types share the code; the compiler makes a version for each constant `is_float`.
static inline double load(const void *samples, size_t index, bool is_float) {
  return is_float ? (double)((const float *)samples)[index]
                  : (double)((const uint16_t *)samples)[index];
}

static inline void store(void *samples, size_t index, double sum, bool is_float) {
  if (is_float) {
    ((float *)samples)[index] = (float)sum;
    return;
  }
  int32_t value = (int32_t)(sum >= 0 ? sum + 0.5 : sum - 0.5);
  ((uint16_t *)samples)[index] = (uint16_t)(value < 0 ? 0 : value > 65535 ? 65535 : value);
}

// Resizes rows first ..< end of the source, `stride` samples apart, to rows 0 ..< end - first of the
// target.
static inline void resize_rows(const ckern_axis *axis, size_t channels, const void *source,
                               size_t stride, int32_t first, int32_t end, void *target,
                               bool is_float) {
  size_t output = 0;
  for (int32_t row = first; row < end; row++) {
    size_t line = (size_t)row * stride;
    for (int32_t pixel = 0; pixel < axis->target; pixel++) {
      const double *weights = axis->exact + (size_t)pixel * (size_t)axis->stride;
      size_t start = line + (size_t)axis->starts[pixel] * channels;
      for (size_t channel = 0; channel < channels; channel++) {
        double sum = 0;
        for (int32_t tap = 0; tap < axis->counts[pixel]; tap++) {
          sum += load(source, start + (size_t)tap * channels + channel, is_float) * weights[tap];
        }
        store(target, output++, sum, is_float);
      }
    }
  }
}

// Makes every new row from rows of `length` samples, `stride` samples apart; row 0 of `source` is
// number `first`.
static inline void sum_rows(const ckern_axis *axis, size_t length, const void *source,
                            size_t stride, int32_t first, void *target, double *sums, bool is_float) {
  for (int32_t row = 0; row < axis->target; row++) {
    for (size_t index = 0; index < length; index++) sums[index] = 0;
    const double *weights = axis->exact + (size_t)row * (size_t)axis->stride;
    for (int32_t tap = 0; tap < axis->counts[row]; tap++) {
      size_t start = (size_t)(axis->starts[row] - first + tap) * stride;
      for (size_t index = 0; index < length; index++) {
        sums[index] += load(source, start + index, is_float) * weights[tap];
      }
    }
    for (size_t index = 0; index < length; index++) {
      store(target, (size_t)row * length + index, sums[index], is_float);
    }
  }
}

static inline void horizontal_then_vertical(const ckern_resize *job, void *between, double *sums,
                                            bool is_float) {
  const ckern_axis *axis = job->vertical;
  size_t channels = (size_t)job->channels, width = (size_t)job->horizontal->target;
  int32_t first = axis->starts[0];
  int32_t end = axis->starts[axis->target - 1] + axis->counts[axis->target - 1];
  resize_rows(job->horizontal, channels, job->source, job->source_stride, first, end, between,
              is_float);
  sum_rows(axis, width * channels, between, width * channels, first, job->target, sums, is_float);
}

static inline void vertical_then_horizontal(const ckern_resize *job, void *between, double *sums,
                                            bool is_float) {
  size_t channels = (size_t)job->channels, length = (size_t)job->width * channels;
  sum_rows(job->vertical, length, job->source, job->source_stride, 0, between, sums, is_float);
  resize_rows(job->horizontal, channels, between, length, 0, job->vertical->target, job->target,
              is_float);
}

static inline bool resize(const ckern_resize *job, bool is_float) {
  size_t channels = (size_t)job->channels, width = (size_t)job->width;
  if (!job->vertical) {
    resize_rows(job->horizontal, channels, job->source, job->source_stride, 0, job->height,
                job->target, is_float);
    return true;
  }
  size_t height = (size_t)(job->vertical_first ? job->vertical->target : job->height);
  if (job->horizontal && !job->vertical_first) width = (size_t)job->horizontal->target;
  size_t length = width * channels;
  size_t size = is_float ? sizeof(float) : sizeof(uint16_t);
  void *between = job->horizontal ? malloc(height * length * size) : NULL;
  double *sums = malloc(length * sizeof *sums);
  bool has_memory = sums && (between || !job->horizontal);
  if (has_memory) {
    if (!job->horizontal) {
      sum_rows(job->vertical, length, job->source, job->source_stride, 0, job->target, sums,
               is_float);
    } else if (job->vertical_first) {
      vertical_then_horizontal(job, between, sums, is_float);
    } else {
      horizontal_then_vertical(job, between, sums, is_float);
    }
  }
  free(sums);
  free(between);
  return has_memory;
}

bool ckern_resize_u16(const ckern_resize *job) { return resize(job, false); }

bool ckern_resize_f32(const ckern_resize *job) { return resize(job, true); }
