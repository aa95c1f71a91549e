// TIFF through libtiff: strips or tiles, interleaved or planar, in either byte order.
#include <stdlib.h>
#include <string.h>

#include "support.h"
#include "tiff_memory.h"

// MARK: - Header

typedef struct {
  cimg_info info;
  uint16_t photometric;
  uint16_t compression;
  uint16_t samples;
  uint16_t planar;
  uint8_t lookup[256][3];  // of grey and palette images: the pixel for each possible sample
} tiff_image;

static int32_t check_kind(TIFF *tiff, const tiff_image *image, cimg_report *report) {
  uint16_t format = SAMPLEFORMAT_UINT, extra_count = 0, *extra = NULL;
  uint32_t bits = image->info.source_bits, depth = 1;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &format);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &extra_count, &extra);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_IMAGEDEPTH, &depth);
  tdir_t pages = TIFFNumberOfDirectories(tiff);

  if (pages > 1) {
    return cimg_fail(report, CIMG_UNSUPPORTED,
                     "%lu pages; this version reads single images: "
                     "save the pages as files of their own first", (unsigned long)pages);
  }
  if (depth != 1) {
    return cimg_fail(report, CIMG_UNSUPPORTED, "a volume of %u slices, not an image", depth);
  }
  if (!TIFFIsCODECConfigured(image->compression)) {
    return cimg_fail(report, CIMG_UNSUPPORTED,
                     "compression %u, which the installed libtiff does not have: "
                     "save it with deflate or LZW first", image->compression);
  }
  if (format == SAMPLEFORMAT_IEEEFP) {
    return cimg_fail(report, CIMG_UNSUPPORTED,
                     "%u-bit float samples; this version reads 8-bit images: "
                     "convert it to 8 bits first", bits);
  }
  if (format != SAMPLEFORMAT_UINT && format != SAMPLEFORMAT_VOID) {
    return cimg_fail(report, CIMG_UNSUPPORTED,
                     "%s samples; this version reads unsigned 8-bit images: convert it first",
                     format == SAMPLEFORMAT_INT ? "signed" : "complex");
  }
  bool few_bits = bits == 1 || bits == 2 || bits == 4;
  if (bits != 8 && !(few_bits && image->samples == 1)) {
    return cimg_fail(report, CIMG_UNSUPPORTED,
                     "%u-bit samples; this version reads 8-bit images: convert it to 8 bits first",
                     bits);
  }
  if (extra_count > 0) {
    bool alpha = extra && extra[0] != EXTRASAMPLE_UNSPECIFIED;
    return cimg_fail(report, CIMG_UNSUPPORTED,
                     "%s; this version reads grey and RGB images: %s first",
                     alpha ? "an alpha channel" : "channels beside the picture",
                     alpha ? "flatten it onto a background" : "remove them");
  }
  return CIMG_OK;
}

static int32_t check_colors(TIFF *tiff, tiff_image *image, cimg_report *report) {
  uint16_t expected = image->photometric == PHOTOMETRIC_RGB ? 3 : 1;
  switch (image->photometric) {
    case PHOTOMETRIC_MINISWHITE:
    case PHOTOMETRIC_MINISBLACK:
    case PHOTOMETRIC_RGB:
      image->info.channels = expected;
      break;
    case PHOTOMETRIC_PALETTE:
      image->info.channels = 3;
      image->info.is_palette = 1;
      break;
    case PHOTOMETRIC_YCBCR:
      if (image->compression != COMPRESSION_JPEG || image->planar != PLANARCONFIG_CONTIG) {
        return cimg_fail(report, CIMG_UNSUPPORTED,
                         "YCbCr samples without JPEG compression; this version reads grey and RGB "
                         "images: convert it to RGB first");
      }
      // libtiff's JPEG codec converts to RGB, and from here on libtiff speaks of RGB sizes.
      TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
      image->info.channels = expected = 3;
      break;
    case PHOTOMETRIC_SEPARATED:
      return cimg_fail(report, CIMG_UNSUPPORTED,
                       "CMYK colours; this version reads grey and RGB images: "
                       "convert it to RGB first");
    default:
      return cimg_fail(report, CIMG_UNSUPPORTED,
                       "photometric interpretation %u; this version reads grey and RGB images: "
                       "convert it to RGB first", image->photometric);
  }
  if (image->samples != expected) {
    return cimg_fail(report, CIMG_UNSUPPORTED,
                     "%u channels where %u belong to its colours: convert it to RGB first",
                     image->samples, expected);
  }
  return CIMG_OK;
}

// The error of libtiff where it reported one, else CIMG_OK.
static int32_t check_errors(const tiff_memory *memory) {
  if (!memory->error[0]) return CIMG_OK;
  return cimg_fail(memory->report, CIMG_CORRUPT, "damaged TIFF: %.230s", memory->error);
}

static int32_t read_header(TIFF *tiff, const tiff_memory *memory, uint64_t max_pixels,
                           tiff_image *image) {
  cimg_report *report = memory->report;
  uint16_t bits = 1, orientation = ORIENTATION_TOPLEFT;
  TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &image->info.width);
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &image->info.height);
  int32_t status =
      cimg_check_size(image->info.width, image->info.height, max_pixels, report);
  if (status == CIMG_OK) status = check_errors(memory);
  if (status != CIMG_OK) return status;

  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &orientation);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &image->samples);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &image->compression);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &image->planar);
  image->info.source_bits = bits;
  image->info.orientation = orientation;
  if (!TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &image->photometric)) {
    return cimg_fail(report, CIMG_CORRUPT,
                     "damaged TIFF: no tag says what its samples mean (PhotometricInterpretation)");
  }
  status = check_kind(tiff, image, report);
  if (status == CIMG_OK) status = check_colors(tiff, image, report);
  return status == CIMG_OK ? check_errors(memory) : status;
}

// MARK: - Pixels

// A strip or tile: `width` x `height` pixels of one plane or of all, each row `row_bytes` long.
typedef struct {
  uint32_t width;
  uint32_t height;
  size_t row_bytes;
  bool is_tile;
} tiff_block;

static int32_t make_lookup(TIFF *tiff, cimg_report *report, tiff_image *image) {
  unsigned last = (1u << image->info.source_bits) - 1;
  if (!image->info.is_palette) {
    for (unsigned i = 0; i <= last; i++) {
      unsigned grey = i * 255 / last;  // exact: last is 1, 3, 15 or 255
      if (image->photometric == PHOTOMETRIC_MINISWHITE) grey = 255 - grey;
      image->lookup[i][0] = (uint8_t)grey;
    }
    return CIMG_OK;
  }
  uint16_t *map[3];
  if (!TIFFGetField(tiff, TIFFTAG_COLORMAP, &map[0], &map[1], &map[2])) {
    return cimg_fail(report, CIMG_CORRUPT, "damaged TIFF: a palette image without its palette");
  }
  // The colours have 16 bits, but some writers store 8. libtiff's own rule tells the two apart.
  unsigned largest = 0;
  for (unsigned i = 0; i <= last; i++) {
    for (int c = 0; c < 3; c++) largest = map[c][i] > largest ? map[c][i] : largest;
  }
  int shift = largest < 256 ? 0 : 8;
  if (largest > 0 && shift == 0) cimg_warn(report, "a palette of 8-bit instead of 16-bit colours");
  for (unsigned i = 0; i <= last; i++) {
    for (int c = 0; c < 3; c++) image->lookup[i][c] = (uint8_t)(map[c][i] >> shift);
  }
  return CIMG_OK;
}

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
  uint64_t most_pixels = 4 * (uint64_t)info->width * info->height + SLACK;
  if (block->width == 0 || block->height == 0 || block->width > most_pixels / block->height) {
    return cimg_fail(report, CIMG_CORRUPT, "damaged TIFF: tiles of %ux%u for an image of %ux%u",
                     block->width, block->height, info->width, info->height);
  }
  size_t samples = image->planar == PLANARCONFIG_CONTIG ? image->samples : 1;
  block->row_bytes = ((size_t)block->width * samples * info->source_bits + 7) / 8;
  uint64_t library_bytes =
      block->is_tile ? TIFFTileSize64(tiff) : TIFFVStripSize64(tiff, block->height);
  if (library_bytes != (uint64_t)block->row_bytes * block->height) {
    return cimg_fail(report, CIMG_UNSUPPORTED,
                     "an unusual layout of its samples: save it again with another program first");
  }
  return CIMG_OK;
}

// Writes `count` pixels of one row of a block to the image.
static void unpack_row(const tiff_image *image, const uint8_t *row, uint32_t count, uint16_t plane,
                       uint8_t *out) {
  if (image->samples == 3 && image->planar == PLANARCONFIG_CONTIG) {
    memcpy(out, row, (size_t)count * 3);
  } else if (image->samples == 3) {
    for (size_t x = 0; x < count; x++) out[3 * x + plane] = row[x];
  } else {
    unsigned bits = image->info.source_bits, mask = (1u << bits) - 1;
    for (size_t x = 0; x < count; x++) {
      size_t bit = x * bits;
      unsigned sample = row[bit / 8] >> (8 - bits - bit % 8) & mask;
      for (uint32_t c = 0; c < image->info.channels; c++) *out++ = image->lookup[sample][c];
    }
  }
}

// Decodes the block whose first pixel is (x, y) into `buffer` and copies what of it lies inside.
static int32_t read_block(TIFF *tiff, const tiff_memory *memory, const tiff_image *image,
                          const tiff_block *block, uint32_t x, uint32_t y, uint16_t plane,
                          uint8_t *buffer, uint8_t *pixels) {
  const cimg_info *info = &image->info;
  uint32_t rows = info->height - y < block->height ? info->height - y : block->height;
  uint32_t columns = info->width - x < block->width ? info->width - x : block->width;
  // A tile is whole even at the edge; the last strip is as short as the image.
  tmsize_t wanted = (tmsize_t)(block->row_bytes * (block->is_tile ? block->height : rows));
  tmsize_t got;
  if (block->is_tile) {
    uint32_t tile = TIFFComputeTile(tiff, x, y, 0, plane);
    got = TIFFReadEncodedTile(tiff, tile, buffer, wanted);
  } else {
    uint32_t strip = TIFFComputeStrip(tiff, y, plane);
    got = TIFFReadEncodedStrip(tiff, strip, buffer, wanted);
  }
  int32_t status = check_errors(memory);
  if (status != CIMG_OK) return status;
  if (got != wanted) {
    return cimg_fail(memory->report, CIMG_CORRUPT,
                     "damaged TIFF: the data of row %u ends too early", y);
  }
  for (uint32_t row = 0; row < rows; row++) {
    size_t start = ((size_t)(y + row) * info->width + x) * info->channels;
    unpack_row(image, buffer + row * block->row_bytes, columns, plane, pixels + start);
  }
  return CIMG_OK;
}

static int32_t read_pixels(TIFF *tiff, const tiff_memory *memory, tiff_image *image,
                           uint8_t *pixels) {
  tiff_block block = {0};
  int32_t status = CIMG_OK;
  if (image->samples == 1) status = make_lookup(tiff, memory->report, image);
  if (status == CIMG_OK) status = read_geometry(tiff, memory->report, image, &block);
  if (status != CIMG_OK) return status;
  uint8_t *buffer = malloc(block.row_bytes * block.height);
  if (!buffer) return cimg_fail(memory->report, CIMG_NO_MEMORY, "out of memory");

  uint16_t planes = image->planar == PLANARCONFIG_SEPARATE ? image->samples : 1;
  for (uint16_t plane = 0; plane < planes && status == CIMG_OK; plane++) {
    // 64 bits: a block may reach beyond the largest 32-bit coordinate.
    for (uint64_t y = 0; y < image->info.height && status == CIMG_OK; y += block.height) {
      for (uint64_t x = 0; x < image->info.width && status == CIMG_OK; x += block.width) {
        status = read_block(tiff, memory, image, &block, (uint32_t)x, (uint32_t)y, plane, buffer,
                            pixels);
      }
    }
  }
  free(buffer);
  return status;
}

// MARK: - Border

static int32_t open_failed(const tiff_memory *memory) {
  int32_t status = check_errors(memory);
  if (status != CIMG_OK) return status;
  return cimg_fail(memory->report, CIMG_CORRUPT, "damaged TIFF header");
}

// What libtiff may need at once for tags and compressed data.
static size_t memory_limit(size_t file_size, size_t pixel_bytes) {
  enum { BASE = 64 * 1024 * 1024 };
  size_t limit = BASE;
  if (__builtin_mul_overflow(pixel_bytes, (size_t)8, &pixel_bytes)) return PTRDIFF_MAX;
  if (__builtin_mul_overflow(file_size, (size_t)4, &file_size)) return PTRDIFF_MAX;
  if (__builtin_add_overflow(limit, pixel_bytes, &limit)) return PTRDIFF_MAX;
  return __builtin_add_overflow(limit, file_size, &limit) ? PTRDIFF_MAX : limit;
}

int32_t cimg_probe_tiff(const void *bytes, size_t size, uint64_t max_pixels, cimg_info *info,
                        cimg_report *report) {
  cimg_report_begin(report);
  tiff_memory memory = {.bytes = bytes, .size = size, .report = report};
  tiff_image image = {0};
  TIFF *tiff = tiff_memory_open(&memory, memory_limit(size, 0));
  int32_t status = tiff ? read_header(tiff, &memory, max_pixels, &image) : open_failed(&memory);
  tiff_memory_close(tiff);
  *info = image.info;
  return status;
}

int32_t cimg_decode_tiff(const void *bytes, size_t size, void *pixels, size_t capacity,
                         cimg_report *report) {
  cimg_report_begin(report);
  tiff_memory memory = {.bytes = bytes, .size = size, .report = report};
  tiff_image image = {0};
  TIFF *tiff = tiff_memory_open(&memory, memory_limit(size, capacity));
  int32_t status = tiff ? read_header(tiff, &memory, UINT64_MAX, &image) : open_failed(&memory);
  if (status == CIMG_OK) status = cimg_check_capacity(&image.info, capacity, report);
  if (status == CIMG_OK) status = read_pixels(tiff, &memory, &image, pixels);
  tiff_memory_close(tiff);
  return status;
}

const char *cimg_tiff_version(void) {
  return TIFFGetVersion();
}
