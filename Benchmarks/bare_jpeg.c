// The least that any build from JPEG files has to do: read each file and decode it with
// libjpeg-turbo to RGB, with its default settings, and look at the bytes no further.
//
//     cc -O2 bare_jpeg.c -ljpeg -o bare_jpeg && ./bare_jpeg FILE...
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

static unsigned char *contents(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END) != 0) return NULL;
  *length = (size_t)ftell(file);
  rewind(file);
  unsigned char *bytes = malloc(*length);
  if (bytes && fread(bytes, 1, *length, file) != *length) {
    free(bytes);
    bytes = NULL;
  }
  fclose(file);
  return bytes;
}

// Errors of libjpeg end the process, with its message.
static void decode(const unsigned char *bytes, size_t length) {
  struct jpeg_decompress_struct jpeg;
  struct jpeg_error_mgr errors;
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&jpeg);
  jpeg_mem_src(&jpeg, bytes, length);
  jpeg_read_header(&jpeg, TRUE);
  jpeg.out_color_space = JCS_RGB;
  jpeg_start_decompress(&jpeg);
  size_t stride = (size_t)jpeg.output_width * (size_t)jpeg.output_components;
  unsigned char *pixels = malloc(stride * jpeg.output_height);
  if (!pixels) exit(1);
  while (jpeg.output_scanline < jpeg.output_height) {
    JSAMPROW rows[8];
    JDIMENSION count = jpeg.output_height - jpeg.output_scanline;
    if (count > 8) count = 8;
    for (JDIMENSION row = 0; row < count; row++)
      rows[row] = pixels + (jpeg.output_scanline + row) * stride;
    jpeg_read_scanlines(&jpeg, rows, count);
  }
  jpeg_finish_decompress(&jpeg);
  jpeg_destroy_decompress(&jpeg);
  free(pixels);
}

int main(int count, char **paths) {
  for (int number = 1; number < count; number++) {
    size_t length = 0;
    unsigned char *bytes = contents(paths[number], &length);
    if (!bytes) {
      fprintf(stderr, "cannot read %s\n", paths[number]);
      return 1;
    }
    decode(bytes, length);
    free(bytes);
  }
  return 0;
}
