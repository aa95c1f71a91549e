#include "decoder.h"

int32_t cimg_open(cimg_format format, const void *bytes, size_t size, const cimg_options *options,
                  cimg_info *info, cimg_report *report, cimg_decoder **decoder) {
  cimg_decoder base = {.bytes = bytes, .size = size, .options = *options, .report = report};
  int32_t status = CIMG_UNSUPPORTED;
  *decoder = NULL;
  switch (format) {
    case CIMG_JPEG:
      status = cimg_jpeg_open(&base, decoder);
      break;
    case CIMG_PNG:
      status = cimg_png_open(&base, decoder);
      break;
    case CIMG_TIFF:
      status = cimg_tiff_open(&base, decoder);
      break;
  }
  if (status == CIMG_OK) {
    status = cimg_check_bytes(&(*decoder)->info, options->max_pixels, report);
  }
  if (status == CIMG_OK) {
    *info = (*decoder)->info;
  } else {
    cimg_close(*decoder);
    *decoder = NULL;
  }
  return status;
}

int32_t cimg_read(cimg_decoder *decoder, void *pixels, size_t capacity) {
  const cimg_info *info = &decoder->info;
  if (cimg_image_size(info) != capacity) {
    return cimg_fail(decoder->report, CIMG_CORRUPT,
                     "%ux%u pixels of %u channels do not fit a buffer of %zu bytes", info->width,
                     info->height, info->channels, capacity);
  }
  return decoder->read(decoder, pixels);
}

void cimg_close(cimg_decoder *decoder) {
  if (decoder) decoder->close(decoder);
}
