// What the fuzz targets of the image formats share.
#ifndef FUZZ_IMAGE_H
#define FUZZ_IMAGE_H

#include <stdint.h>
#include <stdlib.h>

#include "CImageCodecs.h"

// The most pixels to decode: few, so that many files are tried; $P2P_FUZZ_PIXELS for real ones.
static uint64_t pixel_limit(void) {
  static uint64_t limit = 0;
  if (limit == 0) {
    const char *text = getenv("P2P_FUZZ_PIXELS");
    limit = text ? strtoull(text, NULL, 10) : 64 * 1024;
  }
  return limit;
}

// Looks at a file, decodes it with and without its indices, and reads every byte that it is given.
static void fuzz_image(cimg_format format, const uint8_t *bytes, size_t size) {
  for (uint32_t keeps_indices = 0; keeps_indices < 2; keeps_indices++) {
    cimg_options options = {.max_pixels = pixel_limit(), .keeps_indices = keeps_indices};
    cimg_info info = {0};
    cimg_report report = {0};
    cimg_decoder *decoder = NULL;
    int32_t status = cimg_open(format, bytes, size, &options, &info, &report, &decoder);
    if (status == CIMG_OK) {
      size_t sample = info.sample_type == CIMG_F32 ? 4 : info.sample_type == CIMG_U16 ? 2 : 1;
      size_t count = (size_t)info.width * info.height * info.channels * sample;
      if (count > pixel_limit() * CIMG_BYTES_PER_PIXEL) abort();
      if (info.orientation < 1 || info.orientation > 8 || info.pages < 1) abort();
      uint8_t *pixels = malloc(count);
      if (!pixels) abort();
      status = cimg_read(decoder, pixels, count);
      if (status == CIMG_OK) {
        volatile uint8_t sum = 0;
        for (size_t i = 0; i < count; i++) sum = (uint8_t)(sum + pixels[i]);
      }
      free(pixels);
    }
    // A failure has a reason.
    if ((status == CIMG_OK) != (report.message[0] == 0)) abort();
    cimg_close(decoder);
    cimg_report_end(&report);
  }
}

#endif
