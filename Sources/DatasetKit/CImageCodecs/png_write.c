// Writing PNG.
#include <stdlib.h>
#include <string.h>

#include "png_errors.h"

static void append_bytes(png_structp png, png_bytep bytes, size_t count) {
  cimg_output *output = png_get_io_ptr(png);
  if (!cimg_output_reserve(output, count)) png_error(png, "Out of memory");
  memcpy(output->bytes + output->size, bytes, count);
  output->size += count;
}

static void flush_nothing(png_structp png) {
  (void)png;
}

static int color_type(uint32_t channels) {
  static const int types[] = {PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB,
                              PNG_COLOR_TYPE_RGB_ALPHA};
  return types[channels - 1];
}

static int32_t encode(png_structp png, png_infop info, png_errors *errors, cimg_output *output,
                      const cimg_picture *picture, int32_t level) {
  if (setjmp(png_jmpbuf(png))) return errors->status;
  bool is_wide = picture->sample_type == CIMG_U16;
  png_set_write_fn(png, output, append_bytes, flush_nothing);
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_compression_level(png, level);
  png_set_IHDR(png, info, picture->width, picture->height, is_wide ? 16 : 8,
               color_type(picture->channels), PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  if (is_wide) png_set_swap(png);  // PNG has the high byte first
  size_t row_bytes = (size_t)picture->width * picture->channels * (is_wide ? 2 : 1);
  for (uint32_t y = 0; y < picture->height; y++) {
    png_write_row(png, (png_const_bytep)picture->pixels + y * row_bytes);
  }
  png_write_end(png, info);
  return CIMG_OK;
}

int32_t cimg_encode_png(const cimg_picture *picture, int32_t level, void **encoded,
                        size_t *encoded_size, cimg_report *report) {
  png_errors errors = {.report = report};
  cimg_output output = {0};
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &errors, png_errors_fail,
                                            png_errors_warn);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  int32_t status = info ? encode(png, info, &errors, &output, picture, level)
                        : cimg_fail(report, CIMG_NO_MEMORY, "out of memory");
  png_destroy_write_struct(&png, &info);
  if (status != CIMG_OK) {
    free(output.bytes);
    return status;
  }
  *encoded = output.bytes;
  *encoded_size = output.size;
  return CIMG_OK;
}

// MARK: - Version

const char *cimg_png_version(void) {
  return png_get_libpng_ver(NULL);
}
