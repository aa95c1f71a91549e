// Reading PNG through libpng.
//
// Samples are taken as they are in the file: gAMA, sRGB, cHRM, iCCP and sBIT change nothing.
#include <stdlib.h>
#include <string.h>

#include "decoder.h"
#include "png_chunks.h"
#include "png_errors.h"

typedef struct {
  cimg_decoder base;
  png_structp png;
  png_infop info;
  size_t offset;
  png_errors errors;
} png_decoder;

static void take_bytes(png_structp png, png_bytep out, size_t count) {
  png_decoder *decoder = png_get_io_ptr(png);
  if (count > decoder->base.size - decoder->offset) png_error(png, "the file ends too early");
  memcpy(out, decoder->base.bytes + decoder->offset, count);
  decoder->offset += count;
}

// MARK: - Header

// Whether indices, or grey values as in the file, are delivered.
static bool keeps_values(const png_decoder *decoder) {
  int color = png_get_color_type(decoder->png, decoder->info);
  return decoder->base.options.keeps_indices &&
         (color == PNG_COLOR_TYPE_PALETTE ||
          (color == PNG_COLOR_TYPE_GRAY && png_get_bit_depth(decoder->png, decoder->info) <= 8));
}

static int32_t describe(png_decoder *decoder, const png_chunks *chunks) {
  cimg_info *info = &decoder->base.info;
  int color = png_get_color_type(decoder->png, decoder->info);
  bool has_color = (color & PNG_COLOR_MASK_COLOR) && !keeps_values(decoder);
  bool has_alpha_channel = color & PNG_COLOR_MASK_ALPHA;
  bool has_transparency = png_get_valid(decoder->png, decoder->info, PNG_INFO_tRNS);
  if (chunks->has_transparency && !has_transparency && !has_alpha_channel) {
    return cimg_fail(decoder->base.report, CIMG_CORRUPT,
                     "damaged PNG: its transparent colours (tRNS) cannot be read");
  }
  info->source_bits = png_get_bit_depth(decoder->png, decoder->info);
  info->sample_type = info->source_bits == 16 ? CIMG_U16 : CIMG_U8;
  info->is_palette = color == PNG_COLOR_TYPE_PALETTE;
  info->color_model = has_color ? CIMG_RGB : CIMG_GRAY;
  info->has_alpha = has_alpha_channel || (has_transparency && !keeps_values(decoder));
  info->channels = (has_color ? 3 : 1) + info->has_alpha;
  info->orientation =
      chunks->exif ? cimg_exif_orientation(chunks->exif, chunks->exif_size) : 1;
  info->pages = chunks->pages;
  info->has_profile = chunks->has_profile;
  return CIMG_OK;
}

// Reads up to the pixels.
static int32_t read_header(png_decoder *decoder) {
  png_structp png = decoder->png;
  if (setjmp(png_jmpbuf(png))) return decoder->errors.status;
  png_set_read_fn(png, decoder, take_bytes);
  // The pixel limit below decides; libpng's own would refuse a side of more than a million.
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_chunk_malloc_max(png, 8 * 1024 * 1024);
  // Nothing else is used, and text or a profile may unpack to a great deal.
  static const png_byte unused[] = "iCCP\0iTXt\0sPLT\0tEXt\0zTXt";
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, unused, 5);
  png_read_info(png, decoder->info);

  cimg_info *info = &decoder->base.info;
  info->width = png_get_image_width(png, decoder->info);
  info->height = png_get_image_height(png, decoder->info);
  int32_t status = cimg_check_size(info->width, info->height, decoder->base.options.max_pixels,
                                   decoder->base.report);
  if (status != CIMG_OK) return status;
  png_chunks chunks = png_chunks_find(decoder->base.bytes, decoder->base.size);
  return describe(decoder, &chunks);
}

// MARK: - Pixels

// Turns the palette indices at the start of each row into colours, from the row's end backwards.
static int32_t expand_palette(png_decoder *decoder, uint8_t *pixels) {
  const cimg_info *info = &decoder->base.info;
  png_colorp palette = NULL;
  png_bytep alphas = NULL;
  int count = 0, alpha_count = 0;
  png_get_PLTE(decoder->png, decoder->info, &palette, &count);
  png_get_tRNS(decoder->png, decoder->info, &alphas, &alpha_count, NULL);
  for (uint32_t y = 0; y < info->height; y++) {
    uint8_t *row = pixels + (size_t)y * info->width * info->channels;
    for (size_t x = info->width; x-- > 0;) {
      int index = row[x];
      if (index >= count) {
        return cimg_fail(decoder->base.report, CIMG_CORRUPT,
                         "damaged PNG: the pixel at (%zu, %u) has colour %d of a palette of %d", x,
                         y, index, count);
      }
      if (info->channels == 1) continue;
      uint8_t *pixel = row + x * info->channels;
      pixel[0] = palette[index].red;
      pixel[1] = palette[index].green;
      pixel[2] = palette[index].blue;
      if (info->has_alpha) pixel[3] = index < alpha_count ? alphas[index] : 255;
    }
  }
  return CIMG_OK;
}

static void set_transforms(png_decoder *decoder) {
  const cimg_info *info = &decoder->base.info;
  png_structp png = decoder->png;
  int color = png_get_color_type(png, decoder->info);
  if (info->is_palette || keeps_values(decoder)) {
    png_set_packing(png);  // one index per byte
    return;
  }
  if (info->source_bits == 16) png_set_swap(png);  // PNG has the high byte first
  if (color == PNG_COLOR_TYPE_GRAY && info->source_bits < 8) {
    png_set_expand_gray_1_2_4_to_8(png);  // the largest value becomes 255
  }
  if (info->has_alpha && !(color & PNG_COLOR_MASK_ALPHA)) png_set_tRNS_to_alpha(png);
}

static int32_t read_pixels(cimg_decoder *base, void *pixels) {
  png_decoder *decoder = (png_decoder *)base;
  png_structp png = decoder->png;
  if (setjmp(png_jmpbuf(png))) return decoder->errors.status;
  set_transforms(decoder);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, decoder->info);
  size_t row_bytes = (size_t)base->info.width * base->info.channels *
                     cimg_sample_size(base->info.sample_type);
  size_t library_bytes = png_get_rowbytes(png, decoder->info);
  if (library_bytes != (base->info.is_palette ? base->info.width : row_bytes)) {
    return cimg_fail(base->report, CIMG_CORRUPT, "rows of %zu bytes instead of %zu", library_bytes,
                     row_bytes);
  }
  for (int pass = 0; pass < passes; pass++) {
    for (uint32_t y = 0; y < base->info.height; y++) {
      png_read_row(png, (png_bytep)pixels + y * row_bytes, NULL);
    }
  }
  png_read_end(png, NULL);
  return base->info.is_palette ? expand_palette(decoder, pixels) : CIMG_OK;
}

// MARK: - Border

static void close_decoder(cimg_decoder *base) {
  png_decoder *decoder = (png_decoder *)base;
  png_destroy_read_struct(&decoder->png, &decoder->info, NULL);
  free(decoder);
}

int32_t cimg_png_open(const cimg_decoder *base, cimg_decoder **opened) {
  if (base->size < 8 || png_sig_cmp(base->bytes, 0, 8) != 0) {
    return cimg_fail(base->report, CIMG_CORRUPT,
                     "damaged PNG signature: was the file copied in text mode?");
  }
  png_decoder *decoder = calloc(1, sizeof *decoder);
  if (!decoder) return cimg_fail(base->report, CIMG_NO_MEMORY, "out of memory");
  decoder->base = *base;
  decoder->base.read = read_pixels;
  decoder->base.close = close_decoder;
  decoder->errors.report = base->report;
  *opened = &decoder->base;
  decoder->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &decoder->errors, png_errors_fail,
                                        png_errors_warn);
  decoder->info = decoder->png ? png_create_info_struct(decoder->png) : NULL;
  if (!decoder->info) return cimg_fail(base->report, CIMG_NO_MEMORY, "out of memory");
  return read_header(decoder);
}
