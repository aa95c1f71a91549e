// Writing TIFF.
#include <stdlib.h>
#include <string.h>

#include "tiff_memory.h"

static void set_samples(TIFF *tiff, const cimg_picture *picture, int32_t level) {
  uint32_t channels = picture->channels, colors = channels - (picture->has_alpha ? 1 : 0);
  bool is_float = picture->sample_type == CIMG_F32;
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, picture->width);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, picture->height);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, (int)channels);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, (int)(8 * cimg_sample_size(picture->sample_type)));
  TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, is_float ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, colors == 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
  TIFFSetField(tiff, TIFFTAG_ZIPQUALITY, (int)level);
  if (!is_float) TIFFSetField(tiff, TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL);
  uint16_t extra[CIMG_CHANNEL_LIMIT] = {EXTRASAMPLE_UNSPECIFIED};
  uint32_t extra_count = channels - (colors == 3 ? 3 : 1);
  if (picture->has_alpha) extra[extra_count - 1] = EXTRASAMPLE_UNASSALPHA;
  if (extra_count > 0) TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, (int)extra_count, extra);
}

static int32_t write_strips(TIFF *tiff, const tiff_memory *memory, const cimg_picture *picture) {
  enum { STRIP = 256 * 1024 };
  size_t row_bytes =
      (size_t)picture->width * picture->channels * cimg_sample_size(picture->sample_type);
  uint32_t rows = row_bytes < STRIP ? (uint32_t)(STRIP / row_bytes) : 1;
  if (rows > picture->height) rows = picture->height;
  TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, rows);
  // libtiff takes differences in place.
  uint8_t *strip = malloc(rows * row_bytes);
  if (!strip) return cimg_fail(memory->report, CIMG_NO_MEMORY, "out of memory");
  bool is_written = true;
  for (uint32_t y = 0; y < picture->height && is_written; y += rows) {
    uint32_t left = picture->height - y;
    size_t size = (left < rows ? left : rows) * row_bytes;
    memcpy(strip, (const uint8_t *)picture->pixels + y * row_bytes, size);
    is_written = TIFFWriteEncodedStrip(tiff, y / rows, strip, (tmsize_t)size) >= 0;
  }
  free(strip);
  is_written = is_written && TIFFWriteDirectory(tiff) && TIFFFlush(tiff);
  if (is_written && !memory->error[0]) return CIMG_OK;
  return cimg_fail(memory->report, CIMG_NO_MEMORY, "TIFF not written: %.200s",
                   memory->error[0] ? memory->error : "out of memory");
}

int32_t cimg_encode_tiff(const cimg_picture *picture, int32_t level, void **encoded,
                         size_t *encoded_size, cimg_report *report) {
  enum { CLASSIC_LIMIT = INT32_MAX };  // far from 4 GB: data that do not deflate grow a little
  cimg_output output = {0};
  tiff_memory memory = {.output = &output, .report = report};
  uint64_t size = (uint64_t)picture->width * picture->height * picture->channels *
                  cimg_sample_size(picture->sample_type);
  TIFF *tiff = tiff_memory_open(&memory, size > CLASSIC_LIMIT ? "w8" : "w", 0);
  int32_t status = CIMG_NO_MEMORY;
  if (tiff) {
    set_samples(tiff, picture, level);
    status = write_strips(tiff, &memory, picture);
  } else {
    cimg_fail(report, status, "TIFF not written: %.200s", memory.error);
  }
  tiff_memory_close(tiff);
  if (status != CIMG_OK) {
    free(output.bytes);
    return status;
  }
  *encoded = output.bytes;
  *encoded_size = output.size;
  return CIMG_OK;
}
