// What a format gives cimg_open: a decoder whose first member is this.
#ifndef CIMG_DECODER_H
#define CIMG_DECODER_H

#include "support.h"

struct cimg_decoder {
  int32_t (*read)(cimg_decoder *decoder, void *pixels);
  void (*close)(cimg_decoder *decoder);  // frees it, too
  const uint8_t *bytes;
  size_t size;
  cimg_options options;
  cimg_info info;
  cimg_report *report;
};

// Fills `base`, which is zeroed but for `bytes`, `size`, `options` and `report`, from the header.
// Each allocates its decoder and puts it into `*decoder` even where it fails after that.
int32_t cimg_jpeg_open(const cimg_decoder *base, cimg_decoder **decoder);
int32_t cimg_png_open(const cimg_decoder *base, cimg_decoder **decoder);
int32_t cimg_tiff_open(const cimg_decoder *base, cimg_decoder **decoder);

#endif
