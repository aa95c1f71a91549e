// What the three codecs share: reports, the size check, EXIF, and the buffer encoders write to.
#ifndef CIMG_SUPPORT_H
#define CIMG_SUPPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "CImageCodecs.h"

// Empties a report at the start of a call.
void cimg_report_begin(cimg_report *report);

// Writes why the call fails, and returns `status` so that a caller can return it on.
int32_t cimg_fail(cimg_report *report, int32_t status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// Counts a warning; the text of the first one is kept.
void cimg_warn(cimg_report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// CIMG_CORRUPT for an empty image, CIMG_TOO_LARGE above `max_pixels`, else CIMG_OK.
int32_t cimg_check_size(uint64_t width, uint64_t height, uint64_t max_pixels,
                        cimg_report *report);

// CIMG_OK if a buffer of `capacity` bytes is what `info` asks for.
int32_t cimg_check_capacity(const cimg_info *info, size_t capacity, cimg_report *report);

// The orientation 1..8 in an EXIF block, with or without its leading "Exif\0\0"; 1 where the
// block has none or is broken: that is no reason to lose the picture.
uint32_t cimg_exif_orientation(const void *bytes, size_t size);

// Encoded bytes, growing. `bytes` comes from malloc.
typedef struct {
  uint8_t *bytes;
  size_t size;
  size_t capacity;
} cimg_output;

// Makes room for `more` bytes behind the first `size`; false without memory.
bool cimg_output_reserve(cimg_output *output, size_t more);

#endif
