// Reading TIFF through libtiff: strips or tiles, interleaved or planar, in either byte order.
#include <stdlib.h>

#include "decoder.h"
#include "tiff_directory.h"
#include "tiff_image.h"

typedef struct {
  cimg_decoder base;
  tiff_memory memory;
  TIFF *tiff;
  tiff_image image;
} tiff_decoder;

// MARK: - Blocks

// A strip or tile: `width` x `height` pixels of one plane or of all, each row `row_bytes` long.
typedef struct {
  uint32_t width;
  uint32_t height;
  size_t row_bytes;
  bool is_tile;
} tiff_block;

// Finds out how the image is cut into blocks, and that libtiff sees their sizes in the same way.
static int32_t read_geometry(TIFF *tiff, cimg_report *report, const tiff_image *image,
                             tiff_block *block) {
  enum { SLACK = 64 * 1024 * 1024 };
  const cimg_info *info = &image->info;
  block->is_tile = TIFFIsTiled(tiff);
  block->width = info->width;
  if (block->is_tile) {
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &block->width);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &block->height);
  } else {
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &block->height);
    if (block->height > info->height) block->height = info->height;
  }
  size_t samples = image->planar == PLANARCONFIG_CONTIG ? image->samples : 1;
  uint64_t row_bits = (uint64_t)block->width * samples * info->source_bits;
  uint64_t image_bits = (uint64_t)info->width * info->height * samples * info->source_bits;
  block->row_bytes = (size_t)(row_bits / 8 + (row_bits % 8 != 0));
  if (block->width == 0 || block->height == 0 ||
      block->row_bytes > (image_bits / 2 + SLACK) / block->height) {
    return cimg_fail(report, CIMG_CORRUPT, "damaged TIFF: tiles of %ux%u for an image of %ux%u",
                     block->width, block->height, info->width, info->height);
  }
  uint64_t library_bytes =
      block->is_tile ? TIFFTileSize64(tiff) : TIFFVStripSize64(tiff, block->height);
  if (library_bytes != (uint64_t)block->row_bytes * block->height) {
    return cimg_fail(report, CIMG_UNSUPPORTED,
                     "an unusual layout of its samples: save it again with another program first");
  }
  return CIMG_OK;
}

// Decodes the block whose first pixel is (x, y) into `buffer` and copies what of it lies inside.
static int32_t read_block(tiff_decoder *decoder, const tiff_block *block, uint32_t x, uint32_t y,
                          uint16_t plane, uint8_t *buffer, uint8_t *pixels) {
  const cimg_info *info = &decoder->base.info;
  uint32_t rows = info->height - y < block->height ? info->height - y : block->height;
  uint32_t columns = info->width - x < block->width ? info->width - x : block->width;
  // A tile is whole even at the edge; the last strip is as short as the image.
  tmsize_t wanted = (tmsize_t)(block->row_bytes * (block->is_tile ? block->height : rows));
  tmsize_t got;
  if (block->is_tile) {
    uint32_t tile = TIFFComputeTile(decoder->tiff, x, y, 0, plane);
    got = TIFFReadEncodedTile(decoder->tiff, tile, buffer, wanted);
  } else {
    uint32_t strip = TIFFComputeStrip(decoder->tiff, y, plane);
    got = TIFFReadEncodedStrip(decoder->tiff, strip, buffer, wanted);
  }
  int32_t status = tiff_memory_check(&decoder->memory);
  if (status == CIMG_OK && got != wanted) {
    status = cimg_fail(decoder->base.report, CIMG_CORRUPT,
                       "damaged TIFF: the data of row %u ends too early", y);
  }
  size_t pixel_size = (size_t)info->channels * cimg_sample_size(info->sample_type);
  for (uint32_t row = 0; row < rows && status == CIMG_OK; row++) {
    uint8_t *out = pixels + ((size_t)(y + row) * info->width + x) * pixel_size;
    status = tiff_image_unpack(&decoder->image, buffer + row * block->row_bytes, columns, plane,
                               out, decoder->base.report);
  }
  return status;
}

static int32_t read_blocks(tiff_decoder *decoder, uint8_t *pixels) {
  const tiff_image *image = &decoder->image;
  tiff_block block = {0};
  int32_t status = read_geometry(decoder->tiff, decoder->base.report, image, &block);
  if (status != CIMG_OK) return status;
  // Zeroed: what a codec might leave out must not be someone else's memory.
  uint8_t *buffer = calloc(block.height, block.row_bytes);
  if (!buffer) return cimg_fail(decoder->base.report, CIMG_NO_MEMORY, "out of memory");

  uint16_t planes = image->planar == PLANARCONFIG_SEPARATE ? image->samples : 1;
  for (uint16_t plane = 0; plane < planes && status == CIMG_OK; plane++) {
    if (planes > 1 && image->channel[plane] == TIFF_NO_CHANNEL) continue;
    // 64 bits: a block may reach beyond the largest 32-bit coordinate.
    for (uint64_t y = 0; y < image->info.height && status == CIMG_OK; y += block.height) {
      for (uint64_t x = 0; x < image->info.width && status == CIMG_OK; x += block.width) {
        status = read_block(decoder, &block, (uint32_t)x, (uint32_t)y, plane, buffer, pixels);
      }
    }
  }
  free(buffer);
  return status;
}

// MARK: - Conversion by libtiff

// What libtiff makes RGB of: YCbCr in subsampled blocks, and old-style JPEG.
static int32_t read_converted(tiff_decoder *decoder, uint8_t *pixels) {
  const cimg_info *info = &decoder->base.info;
  char reason[1024] = "";
  TIFFRGBAImage conversion;
  if (!TIFFRGBAImageBegin(&conversion, decoder->tiff, 1, reason)) {
    int32_t status = tiff_memory_check(&decoder->memory);
    if (status != CIMG_OK) return status;
    return cimg_fail(decoder->base.report, CIMG_UNSUPPORTED, "%.180s: convert it to RGB first",
                     reason[0] ? reason : "libtiff does not convert its colours");
  }
  conversion.req_orientation = conversion.orientation;  // no flips: rows as they are stored
  size_t count = (size_t)info->width * info->height;
  uint32_t *raster = calloc(count, sizeof *raster);
  int32_t status = raster ? CIMG_OK
                          : cimg_fail(decoder->base.report, CIMG_NO_MEMORY, "out of memory");
  if (raster && !TIFFRGBAImageGet(&conversion, raster, info->width, info->height)) {
    status = cimg_fail(decoder->base.report, CIMG_CORRUPT, "damaged TIFF: its colours end early");
  }
  TIFFRGBAImageEnd(&conversion);
  int32_t errors = tiff_memory_check(&decoder->memory);
  if (errors != CIMG_OK) status = errors;
  for (size_t i = 0; i < count && status == CIMG_OK; i++) {
    pixels[3 * i] = TIFFGetR(raster[i]);
    pixels[3 * i + 1] = TIFFGetG(raster[i]);
    pixels[3 * i + 2] = TIFFGetB(raster[i]);
  }
  free(raster);
  return status;
}

// MARK: - Border

static int32_t read_pixels(cimg_decoder *base, void *pixels) {
  tiff_decoder *decoder = (tiff_decoder *)base;
  if (decoder->image.is_converted) return read_converted(decoder, pixels);
  int32_t status = read_blocks(decoder, pixels);
  if (status == CIMG_OK && decoder->image.is_premultiplied) {
    tiff_image_unmultiply(&decoder->image, pixels);
  }
  return status;
}

static void close_decoder(cimg_decoder *base) {
  tiff_decoder *decoder = (tiff_decoder *)base;
  tiff_memory_close(decoder->tiff);
  free(decoder);
}

static int32_t read_header(tiff_decoder *decoder) {
  cimg_decoder *base = &decoder->base;
  tiff_directories directories = tiff_directories_find(base->bytes, base->size);
  int32_t status =
      tiff_image_describe(decoder->tiff, &decoder->memory, &base->options, &decoder->image);
  if (status != CIMG_OK) return status;
  if (directories.is_broken) {
    return cimg_fail(base->report, CIMG_CORRUPT,
                     "damaged TIFF: its list of pages leads outside the file or in a circle");
  }
  if (directories.has_palette && !decoder->image.info.is_palette) {
    return cimg_fail(base->report, CIMG_CORRUPT,
                     "damaged TIFF: a palette image without its palette");
  }
  bool is_plain = decoder->image.compression == COMPRESSION_NONE ||
                  decoder->image.compression == COMPRESSION_PACKBITS;
  if (directories.has_predictor && is_plain) {
    return cimg_fail(base->report, CIMG_UNSUPPORTED,
                     "a predictor without LZW or deflate, which programs read in different ways: "
                     "save it with deflate first");
  }
  decoder->image.info.pages = directories.pages;
  base->info = decoder->image.info;
  return CIMG_OK;
}

// What libtiff may need at once for tags, compressed data and a strip or tile.
static size_t memory_limit(size_t file_size, uint64_t max_pixels) {
  enum { BASE = 64 * 1024 * 1024 };
  size_t limit, pixel_bytes;
  if (__builtin_mul_overflow(file_size, (size_t)4, &file_size) ||
      __builtin_mul_overflow(max_pixels, (uint64_t)CIMG_BYTES_PER_PIXEL, &pixel_bytes) ||
      __builtin_add_overflow(file_size, pixel_bytes, &limit) ||
      __builtin_add_overflow(limit, (size_t)BASE, &limit) || limit > PTRDIFF_MAX) {
    return PTRDIFF_MAX;
  }
  return limit;
}

int32_t cimg_tiff_open(const cimg_decoder *base, cimg_decoder **opened) {
  tiff_decoder *decoder = calloc(1, sizeof *decoder);
  if (!decoder) return cimg_fail(base->report, CIMG_NO_MEMORY, "out of memory");
  decoder->base = *base;
  decoder->base.read = read_pixels;
  decoder->base.close = close_decoder;
  decoder->memory = (tiff_memory){.bytes = base->bytes, .size = base->size, .report = base->report};
  *opened = &decoder->base;
  decoder->tiff = tiff_memory_open(&decoder->memory, "r",
                                   memory_limit(base->size, base->options.max_pixels));
  if (decoder->tiff) return read_header(decoder);
  int32_t status = tiff_memory_check(&decoder->memory);
  if (status != CIMG_OK) return status;
  return cimg_fail(base->report, CIMG_CORRUPT, "damaged TIFF header");
}

const char *cimg_tiff_version(void) {
  return TIFFGetVersion();
}
