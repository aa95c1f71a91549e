// How the samples of a TIFF image lie in its file, and where they go.
#ifndef CIMG_TIFF_IMAGE_H
#define CIMG_TIFF_IMAGE_H

#include "tiff_memory.h"

enum { TIFF_NO_CHANNEL = 0xffff };

typedef struct {
  cimg_info info;
  uint16_t photometric;
  uint16_t compression;
  uint16_t samples;  // per pixel, in the file
  uint16_t planar;
  uint16_t format;         // SAMPLEFORMAT_UINT, _INT or _IEEEFP
  bool is_converted;       // libtiff makes RGB of it, in TIFFRGBAImageGet
  bool is_inverted;        // white is 0
  bool is_premultiplied;   // by its alpha
  bool is_swapped;         // from the other byte order, by libtiff
  bool keeps_values;       // no palette, scale or inversion
  uint16_t color_samples;  // the first so many samples are colours
  uint16_t channel[CIMG_CHANNEL_LIMIT];  // where each sample goes: its channel, TIFF_NO_CHANNEL
  uint8_t palette[256][3];
} tiff_image;

// Fills `image` from the directory that `tiff` stands at, without `info.pages`.
int32_t tiff_image_describe(TIFF *tiff, const tiff_memory *memory, const cimg_options *options,
                            tiff_image *image);

// Writes `columns` pixels, of a row of a strip or tile as libtiff decoded it, to `out`: the place
// in the delivered image of the first of them. `plane` is the sample that the row holds where
// samples lie in planes of their own, else 0.
int32_t tiff_image_unpack(const tiff_image *image, const uint8_t *row, uint32_t columns,
                          uint16_t plane, void *out, cimg_report *report);

// Divides the colours of the delivered image by its alpha, as Pillow does.
void tiff_image_unmultiply(const tiff_image *image, void *pixels);

#endif
