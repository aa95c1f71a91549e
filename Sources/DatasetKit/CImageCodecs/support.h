// What the three codecs share: reports, the size check, EXIF, and the buffer encoders write to.
#ifndef CIMG_SUPPORT_H
#define CIMG_SUPPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "CImageCodecs.h"

// Writes why the call fails, and returns `status` so that a caller can return it on.
int32_t cimg_fail(cimg_report *report, int32_t status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// Counts a warning, and keeps its text unless there are many or the same text is there already.
void cimg_warn(cimg_report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// CIMG_CORRUPT for an empty image, CIMG_TOO_LARGE above `max_pixels`, else CIMG_OK.
int32_t cimg_check_size(uint64_t width, uint64_t height, uint64_t max_pixels,
                        cimg_report *report);

// CIMG_TOO_LARGE for more channels, or more bytes in all, than are read; else CIMG_OK. The pixels
// are within the limit.
int32_t cimg_check_bytes(const cimg_info *info, uint64_t max_pixels, cimg_report *report);

// Bytes of one sample as delivered.
size_t cimg_sample_size(uint32_t sample_type);

// Bytes of the delivered image, which cimg_check_bytes has seen.
size_t cimg_image_size(const cimg_info *info);

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
