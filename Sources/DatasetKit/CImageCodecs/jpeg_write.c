// Writing JPEG.
#include <stdbool.h>
#include <stdlib.h>

#include "jpeg_errors.h"
// After jpeglib.h.
#include <jerror.h>

typedef struct {
  struct jpeg_compress_struct jpeg;
  struct jpeg_destination_mgr destination;
  jpeg_errors errors;
  cimg_output output;
} jpeg_writer;

// Offers libjpeg the room behind what it has written so far.
static void offer_room(j_compress_ptr jpeg) {
  jpeg_writer *writer = jpeg->client_data;
  if (!cimg_output_reserve(&writer->output, 4096)) ERREXIT1(jpeg, JERR_OUT_OF_MEMORY, 0);
  writer->destination.next_output_byte = writer->output.bytes + writer->output.size;
  writer->destination.free_in_buffer = writer->output.capacity - writer->output.size;
}

static boolean take_full_buffer(j_compress_ptr jpeg) {
  jpeg_writer *writer = jpeg->client_data;
  writer->output.size = writer->output.capacity;
  offer_room(jpeg);
  return TRUE;
}

static void take_rest(j_compress_ptr jpeg) {
  jpeg_writer *writer = jpeg->client_data;
  writer->output.size = writer->output.capacity - writer->destination.free_in_buffer;
}

static int32_t encode(jpeg_writer *writer, const cimg_picture *picture, int32_t quality,
                      bool halves_color) {
  if (setjmp(writer->errors.jump)) return writer->errors.status;
  struct jpeg_compress_struct *jpeg = &writer->jpeg;
  jpeg_create_compress(jpeg);
  jpeg->client_data = writer;
  writer->destination.init_destination = offer_room;
  writer->destination.empty_output_buffer = take_full_buffer;
  writer->destination.term_destination = take_rest;
  jpeg->dest = &writer->destination;
  jpeg->image_width = picture->width;
  jpeg->image_height = picture->height;
  jpeg->input_components = (int)picture->channels;
  jpeg->in_color_space = picture->channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(jpeg);
  jpeg_set_quality(jpeg, quality, TRUE);
  for (int c = 0; c < jpeg->num_components; c++) {
    int factor = halves_color && c == 0 && jpeg->num_components == 3 ? 2 : 1;
    jpeg->comp_info[c].h_samp_factor = factor;
    jpeg->comp_info[c].v_samp_factor = factor;
  }
  jpeg_start_compress(jpeg, TRUE);
  size_t row_bytes = (size_t)picture->width * picture->channels;
  while (jpeg->next_scanline < picture->height) {
    // libjpeg does not write to the rows it is given; its type is older than const.
    JSAMPROW row = (JSAMPROW)picture->pixels + jpeg->next_scanline * row_bytes;
    jpeg_write_scanlines(jpeg, &row, 1);
  }
  jpeg_finish_compress(jpeg);
  return CIMG_OK;
}

static int32_t write_jpeg(const cimg_picture *picture, int32_t quality, bool halves_color,
                          void **encoded, size_t *encoded_size, cimg_report *report) {
  jpeg_writer writer = {0};
  writer.jpeg.err = jpeg_errors_begin(&writer.errors, report);
  int32_t status = encode(&writer, picture, quality, halves_color);
  jpeg_destroy_compress(&writer.jpeg);
  if (status != CIMG_OK) {
    free(writer.output.bytes);
    return status;
  }
  *encoded = writer.output.bytes;
  *encoded_size = writer.output.size;
  return CIMG_OK;
}

int32_t cimg_encode_jpeg(const cimg_picture *picture, int32_t quality, void **encoded,
                         size_t *encoded_size, cimg_report *report) {
  return write_jpeg(picture, quality, false, encoded, encoded_size, report);
}

int32_t cimg_encode_jpeg_420(const cimg_picture *picture, int32_t quality, void **encoded,
                             size_t *encoded_size, cimg_report *report) {
  return write_jpeg(picture, quality, true, encoded, encoded_size, report);
}

// MARK: - Version

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

const char *cimg_jpeg_version(void) {
#ifdef LIBJPEG_TURBO_VERSION
  return TEXT(LIBJPEG_TURBO_VERSION);
#else
  return TEXT(JPEG_LIB_VERSION);
#endif
}
