// The resize that only picks pixels.
#include <string.h>

#include "CKernels.h"

// `size` is a constant in most calls, so that a pixel is copied by one or two instructions.
static inline void pick(const ckern_pick *job, const uint8_t *line, uint8_t *output, size_t size) {
  for (int32_t column = 0; column < job->target_width; column++) {
    memcpy(output, line + (size_t)job->columns[column] * size, size);
    output += size;
  }
}

static void pick_row(const ckern_pick *job, const uint8_t *line, uint8_t *output) {
  switch (job->bytes_per_pixel) {
    case 1: pick(job, line, output, 1); break;
    case 2: pick(job, line, output, 2); break;
    case 3: pick(job, line, output, 3); break;
    case 4: pick(job, line, output, 4); break;
    default: pick(job, line, output, (size_t)job->bytes_per_pixel);
  }
}

void ckern_resize_nearest(const ckern_pick *job) {
  size_t line = (size_t)job->width * (size_t)job->bytes_per_pixel;
  size_t target_line = (size_t)job->target_width * (size_t)job->bytes_per_pixel;
  uint8_t *output = job->target;
  for (int32_t row = 0; row < job->target_height; row++, output += target_line) {
    if (row > 0 && job->rows[row] == job->rows[row - 1]) {
      memcpy(output, output - target_line, target_line);
    } else {
      pick_row(job, (const uint8_t *)job->source + (size_t)job->rows[row] * line, output);
    }
  }
}
