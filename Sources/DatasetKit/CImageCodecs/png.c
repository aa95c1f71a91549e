// PNG through libpng.
//
// Samples are taken as they are in the file: gAMA, sRGB, cHRM, iCCP and sBIT change nothing.
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "support.h"

// MARK: - Errors

typedef struct {
  int32_t status;
  cimg_report *report;
} png_errors;

static void fail_and_jump(png_structp png, png_const_charp text) {
  png_errors *errors = png_get_error_ptr(png);
  bool memory = strstr(text, "emory") != NULL;  // "Out of memory", "Insufficient memory..."
  errors->status = cimg_fail(errors->report, memory ? CIMG_NO_MEMORY : CIMG_CORRUPT, "%s%s",
                             memory ? "" : "damaged PNG: ", text);
  png_longjmp(png, 1);
}

static void note_warning(png_structp png, png_const_charp text) {
  // The checksum over the image data, which libpng forgives once all rows are there.
  if (strstr(text, "incorrect data check")) fail_and_jump(png, text);
  cimg_warn(((png_errors *)png_get_error_ptr(png))->report, "%s", text);
}

// MARK: - Chunks

// What libpng does not tell, or only after the pixels: found by walking over the chunk headers.
typedef struct {
  const uint8_t *exif;  // NULL without an eXIf chunk, which may come after the pixels
  size_t exif_size;
  bool has_transparency;  // tRNS; libpng drops one that is damaged
  bool is_animated;
} png_chunks;

static uint32_t big_endian_u32(const uint8_t *p) {
  return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static png_chunks find_chunks(const uint8_t *bytes, size_t size) {
  enum { SIGNATURE = 8, OVERHEAD = 12 };  // length, name and CRC of a chunk: 12 bytes
  png_chunks chunks = {0};
  size_t at = SIGNATURE;
  while (at < size && size - at >= OVERHEAD) {
    size_t length = big_endian_u32(bytes + at);
    const uint8_t *name = bytes + at + 4;
    if (length > size - at - OVERHEAD) break;
    if (memcmp(name, "eXIf", 4) == 0 && !chunks.exif) {
      chunks.exif = name + 4;
      chunks.exif_size = length;
    }
    chunks.has_transparency |= memcmp(name, "tRNS", 4) == 0;
    chunks.is_animated |= memcmp(name, "acTL", 4) == 0;
    if (memcmp(name, "IEND", 4) == 0) break;
    at += OVERHEAD + length;
  }
  return chunks;
}

// MARK: - Reading

typedef struct {
  png_structp png;
  png_infop info;
  const uint8_t *bytes;
  size_t size;
  size_t offset;
  png_errors errors;
} png_reader;

static void take_bytes(png_structp png, png_bytep out, size_t count) {
  png_reader *reader = png_get_io_ptr(png);
  if (count > reader->size - reader->offset) png_error(png, "the file ends too early");
  memcpy(out, reader->bytes + reader->offset, count);
  reader->offset += count;
}

static int32_t check_kind(png_reader *reader, const png_chunks *chunks) {
  cimg_report *report = reader->errors.report;
  int color = png_get_color_type(reader->png, reader->info);
  if (png_get_bit_depth(reader->png, reader->info) == 16) {
    return cimg_fail(report, CIMG_UNSUPPORTED,
                     "16-bit samples; this version reads 8-bit images: convert it to 8 bits first");
  }
  bool has_alpha = color & PNG_COLOR_MASK_ALPHA;
  if (has_alpha || chunks->has_transparency) {
    return cimg_fail(report, CIMG_UNSUPPORTED,
                     "%s; this version reads opaque images: flatten it onto a background first",
                     has_alpha ? "an alpha channel" : "transparent colours (tRNS)");
  }
  if (chunks->is_animated) {
    return cimg_fail(report, CIMG_UNSUPPORTED,
                     "an animated PNG; this version reads single images: "
                     "save its frames as files of their own first");
  }
  return CIMG_OK;
}

// Reads up to the pixels. May jump to png's jmpbuf.
static int32_t read_header(png_reader *reader, uint64_t max_pixels, cimg_info *info) {
  png_structp png = reader->png;
  png_set_read_fn(png, reader, take_bytes);
  // The pixel limit below decides; libpng's own would refuse a side of more than a million.
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_chunk_malloc_max(png, 8 * 1024 * 1024);
  // Nothing else is used, and text or a profile may unpack to a great deal.
  static const png_byte unused[] = "iCCP\0iTXt\0sPLT\0tEXt\0zTXt";
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, unused, 5);
  png_read_info(png, reader->info);

  *info = (cimg_info){
      .width = png_get_image_width(png, reader->info),
      .height = png_get_image_height(png, reader->info),
      .source_bits = png_get_bit_depth(png, reader->info),
      .is_palette = png_get_color_type(png, reader->info) == PNG_COLOR_TYPE_PALETTE,
      .orientation = 1,
  };
  info->channels = png_get_color_type(png, reader->info) & PNG_COLOR_MASK_COLOR ? 3 : 1;
  int32_t status = cimg_check_size(info->width, info->height, max_pixels, reader->errors.report);
  if (status != CIMG_OK) return status;
  png_chunks chunks = find_chunks(reader->bytes, reader->size);
  if (chunks.exif) info->orientation = cimg_exif_orientation(chunks.exif, chunks.exif_size);
  return check_kind(reader, &chunks);
}

// Turns the palette indices at the start of each row into colours, from the row's end backwards.
static int32_t expand_palette(png_reader *reader, uint8_t *pixels, const cimg_info *info) {
  png_colorp palette = NULL;
  int count = 0;
  png_get_PLTE(reader->png, reader->info, &palette, &count);
  for (uint32_t y = 0; y < info->height; y++) {
    uint8_t *row = pixels + (size_t)y * info->width * 3;
    for (size_t x = info->width; x-- > 0;) {
      int index = row[x];
      if (index >= count) {
        return cimg_fail(reader->errors.report, CIMG_CORRUPT,
                         "damaged PNG: the pixel at (%zu, %u) has colour %d of a palette of %d", x,
                         y, index, count);
      }
      row[3 * x] = palette[index].red;
      row[3 * x + 1] = palette[index].green;
      row[3 * x + 2] = palette[index].blue;
    }
  }
  return CIMG_OK;
}

static int32_t probe(png_reader *reader, uint64_t max_pixels, cimg_info *info) {
  if (setjmp(png_jmpbuf(reader->png))) return reader->errors.status;
  return read_header(reader, max_pixels, info);
}

static int32_t decode(png_reader *reader, uint8_t *pixels, size_t capacity) {
  if (setjmp(png_jmpbuf(reader->png))) return reader->errors.status;
  png_structp png = reader->png;
  cimg_info info;
  int32_t status = read_header(reader, UINT64_MAX, &info);
  if (status == CIMG_OK) status = cimg_check_capacity(&info, capacity, reader->errors.report);
  if (status != CIMG_OK) return status;

  if (info.is_palette) {
    png_set_packing(png);  // one index per byte
  } else if (info.source_bits < 8) {
    png_set_expand_gray_1_2_4_to_8(png);  // the largest value becomes 255
  }
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, reader->info);
  size_t row_bytes = (size_t)info.width * info.channels;
  if (png_get_rowbytes(png, reader->info) > row_bytes) {
    return cimg_fail(reader->errors.report, CIMG_CORRUPT, "rows of %zu bytes instead of %zu",
                     (size_t)png_get_rowbytes(png, reader->info), row_bytes);
  }
  for (int pass = 0; pass < passes; pass++) {
    for (uint32_t y = 0; y < info.height; y++) {
      png_read_row(png, pixels + y * row_bytes, NULL);
    }
  }
  png_read_end(png, NULL);
  return info.is_palette ? expand_palette(reader, pixels, &info) : CIMG_OK;
}

// CIMG_OK with `reader` ready, which must go back to reader_end in either case.
static int32_t reader_begin(png_reader *reader, cimg_report *report) {
  cimg_report_begin(report);
  reader->errors.report = report;
  if (reader->size < 8 || png_sig_cmp(reader->bytes, 0, 8) != 0) {
    return cimg_fail(report, CIMG_CORRUPT,
                     "damaged PNG signature: was the file copied in text mode?");
  }
  reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reader->errors, fail_and_jump,
                                       note_warning);
  reader->info = reader->png ? png_create_info_struct(reader->png) : NULL;
  return reader->info ? CIMG_OK : cimg_fail(report, CIMG_NO_MEMORY, "out of memory");
}

static void reader_end(png_reader *reader) {
  png_destroy_read_struct(&reader->png, &reader->info, NULL);
}

int32_t cimg_probe_png(const void *bytes, size_t size, uint64_t max_pixels, cimg_info *info,
                       cimg_report *report) {
  png_reader reader = {.bytes = bytes, .size = size};
  int32_t status = reader_begin(&reader, report);
  if (status == CIMG_OK) status = probe(&reader, max_pixels, info);
  reader_end(&reader);
  return status;
}

int32_t cimg_decode_png(const void *bytes, size_t size, void *pixels, size_t capacity,
                        cimg_report *report) {
  png_reader reader = {.bytes = bytes, .size = size};
  int32_t status = reader_begin(&reader, report);
  if (status == CIMG_OK) status = decode(&reader, pixels, capacity);
  reader_end(&reader);
  return status;
}

// MARK: - Writing

static void append_bytes(png_structp png, png_bytep bytes, size_t count) {
  cimg_output *output = png_get_io_ptr(png);
  if (!cimg_output_reserve(output, count)) png_error(png, "Out of memory");
  memcpy(output->bytes + output->size, bytes, count);
  output->size += count;
}

static void flush_nothing(png_structp png) {
  (void)png;
}

static int32_t encode(png_structp png, png_infop info, png_errors *errors, cimg_output *output,
                      const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t channels,
                      int32_t level) {
  if (setjmp(png_jmpbuf(png))) return errors->status;
  png_set_write_fn(png, output, append_bytes, flush_nothing);
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_compression_level(png, level);
  int color = channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB;
  png_set_IHDR(png, info, width, height, 8, color, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  for (uint32_t y = 0; y < height; y++) {
    png_write_row(png, pixels + (size_t)y * width * channels);
  }
  png_write_end(png, info);
  return CIMG_OK;
}

int32_t cimg_encode_png(const void *pixels, uint32_t width, uint32_t height, uint32_t channels,
                        int32_t level, void **encoded, size_t *encoded_size, cimg_report *report) {
  cimg_report_begin(report);
  png_errors errors = {.report = report};
  cimg_output output = {0};
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &errors, fail_and_jump,
                                            note_warning);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  int32_t status =
      info ? encode(png, info, &errors, &output, pixels, width, height, channels, level)
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
