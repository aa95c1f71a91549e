#include "tiff_image.h"

// MARK: - Types of samples

// Which type the samples are delivered as.
static int32_t choose_type(tiff_image *image, cimg_report *report) {
  uint32_t bits = image->info.source_bits;
  bool is_small = image->format == SAMPLEFORMAT_UINT && bits <= 16;
  image->info.sample_type = !is_small ? CIMG_F32 : bits <= 8 ? CIMG_U8 : CIMG_U16;
  if (image->format == SAMPLEFORMAT_IEEEFP) {
    if (bits == 16 || bits == 24 || bits == 32 || bits == 64) return CIMG_OK;
    return cimg_fail(report, CIMG_UNSUPPORTED, "%u-bit floats: save it with 32-bit floats first",
                     bits);
  }
  if (image->format != SAMPLEFORMAT_UINT && image->format != SAMPLEFORMAT_INT) {
    return cimg_fail(report, CIMG_UNSUPPORTED,
                     "complex samples: save their parts as channels of their own first");
  }
  if ((bits >= 1 && bits <= 32) || bits == 64) return CIMG_OK;
  return cimg_fail(report, CIMG_UNSUPPORTED,
                   "%u-bit integers: save it with 8, 16 or 32 bits first", bits);
}

// MARK: - Colours

static int32_t refuse_colors(const tiff_image *image, cimg_report *report) {
  const char *name = NULL;
  switch (image->photometric) {
    case PHOTOMETRIC_MASK:
      name = "a transparency mask";
      break;
    case PHOTOMETRIC_CIELAB:
    case PHOTOMETRIC_ICCLAB:
    case PHOTOMETRIC_ITULAB:
      name = "L*a*b* colours";
      break;
    case PHOTOMETRIC_LOGL:
    case PHOTOMETRIC_LOGLUV:
      name = "LogLuv colours";
      break;
    case PHOTOMETRIC_CFA:
      name = "a camera's raw samples";
      break;
  }
  if (name) {
    return cimg_fail(report, CIMG_UNSUPPORTED, "%s (photometric interpretation %u): "
                     "convert it to grey or RGB first", name, image->photometric);
  }
  return cimg_fail(report, CIMG_UNSUPPORTED,
                   "photometric interpretation %u: convert it to grey or RGB first",
                   image->photometric);
}

static int32_t describe_ycbcr(TIFF *tiff, tiff_image *image, cimg_report *report) {
  if (image->samples != 3 || image->info.source_bits != 8 ||
      image->format != SAMPLEFORMAT_UINT) {
    return cimg_fail(report, CIMG_UNSUPPORTED,
                     "YCbCr with %u channels of %u bits: convert it to RGB first", image->samples,
                     image->info.source_bits);
  }
  image->color_samples = 3;
  image->info.color_model = CIMG_RGB;
  if (image->compression == COMPRESSION_JPEG && image->planar == PLANARCONFIG_CONTIG) {
    // libtiff's JPEG codec converts to RGB, and from here on libtiff speaks of RGB sizes.
    TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
  } else {
    image->is_converted = true;
  }
  return CIMG_OK;
}

static int32_t read_palette(TIFF *tiff, tiff_image *image, cimg_report *report) {
  uint32_t bits = image->info.source_bits;
  if (bits > 8 || image->format != SAMPLEFORMAT_UINT) {
    return cimg_fail(report, CIMG_UNSUPPORTED,
                     "a palette of more than 256 colours: convert it to RGB first");
  }
  uint16_t *map[3];
  if (!TIFFGetField(tiff, TIFFTAG_COLORMAP, &map[0], &map[1], &map[2])) {
    return cimg_fail(report, CIMG_CORRUPT, "damaged TIFF: a palette image without its palette");
  }
  // The colours have 16 bits, but some writers store 8. libtiff's own rule tells the two apart.
  unsigned largest = 0, count = 1u << bits;
  for (unsigned i = 0; i < count; i++) {
    for (int c = 0; c < 3; c++) largest = map[c][i] > largest ? map[c][i] : largest;
  }
  int shift = largest < 256 ? 0 : 8;
  if (largest > 0 && shift == 0) cimg_warn(report, "a palette of 8-bit instead of 16-bit colours");
  for (unsigned i = 0; i < count; i++) {
    for (int c = 0; c < 3; c++) image->palette[i][c] = (uint8_t)(map[c][i] >> shift);
  }
  image->color_samples = 1;
  image->info.is_palette = 1;
  image->info.color_model = image->keeps_values ? CIMG_GRAY : CIMG_RGB;
  return CIMG_OK;
}

// What the samples mean: sets color_samples and info.color_model.
static int32_t describe_colors(TIFF *tiff, tiff_image *image, cimg_report *report) {
  uint16_t ink_set = INKSET_CMYK;
  switch (image->photometric) {
    case PHOTOMETRIC_MINISWHITE:
    case PHOTOMETRIC_MINISBLACK:
      image->color_samples = 1;
      image->info.color_model = CIMG_GRAY;
      return CIMG_OK;
    case PHOTOMETRIC_RGB:
      image->color_samples = 3;
      image->info.color_model = CIMG_RGB;
      return CIMG_OK;
    case PHOTOMETRIC_PALETTE:
      return read_palette(tiff, image, report);
    case PHOTOMETRIC_YCBCR:
      return describe_ycbcr(tiff, image, report);
    case PHOTOMETRIC_SEPARATED:
      TIFFGetFieldDefaulted(tiff, TIFFTAG_INKSET, &ink_set);
      bool is_cmyk = ink_set == INKSET_CMYK && image->samples >= 4;
      image->color_samples = is_cmyk ? 4 : 1;
      image->info.color_model = is_cmyk ? CIMG_CMYK : CIMG_MULTICHANNEL;
      return CIMG_OK;
    default:
      return refuse_colors(image, report);
  }
}

// MARK: - Channels

// The sample that holds alpha, or -1.
static int alpha_sample(TIFF *tiff, tiff_image *image, cimg_report *report) {
  uint16_t count = 0, *kinds = NULL;
  // TIFFGetField, not ...Defaulted, tells no tag from a tag that says "unspecified".
  if (!TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds) || !kinds) {
    if (image->info.color_model == CIMG_RGB && image->samples == 4) {
      cimg_warn(report, "a fourth channel that nothing describes is taken as alpha");
      return 3;
    }
    return -1;
  }
  for (uint16_t i = 0; i < count && image->color_samples + i < image->samples; i++) {
    if (kinds[i] == EXTRASAMPLE_UNSPECIFIED) continue;
    image->is_premultiplied = kinds[i] == EXTRASAMPLE_ASSOCALPHA;
    return image->color_samples + i;
  }
  return -1;
}

// Gives each sample its channel: colours, then others, then alpha.
static int32_t place_samples(TIFF *tiff, tiff_image *image, cimg_report *report) {
  bool is_index = image->info.is_palette && image->keeps_values;
  uint16_t colors = image->info.is_palette && !is_index ? 3 : image->color_samples;
  int alpha = is_index ? -1 : alpha_sample(tiff, image, report);
  uint16_t next = colors;
  for (uint16_t sample = 0; sample < image->samples; sample++) {
    if (sample < image->color_samples) {
      image->channel[sample] = sample;
    } else if (is_index) {
      image->channel[sample] = TIFF_NO_CHANNEL;
    } else if (sample != alpha) {
      image->channel[sample] = next++;
    }
  }
  if (alpha >= 0) image->channel[alpha] = next++;
  image->info.has_alpha = alpha >= 0;
  image->info.channels = next;
  if (image->is_premultiplied && image->info.sample_type == CIMG_F32 &&
      image->format != SAMPLEFORMAT_IEEEFP) {
    return cimg_fail(report, CIMG_UNSUPPORTED,
                     "%u-bit integers premultiplied by alpha: save it with 16 bits first",
                     image->info.source_bits);
  }
  return CIMG_OK;
}

// MARK: - Header

static int32_t check_kind(TIFF *tiff, const tiff_image *image, cimg_report *report) {
  uint32_t depth = 1;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_IMAGEDEPTH, &depth);
  if (depth != 1) {
    return cimg_fail(report, CIMG_UNSUPPORTED, "a volume of %u slices, not an image", depth);
  }
  if (!TIFFIsCODECConfigured(image->compression)) {
    return cimg_fail(report, CIMG_UNSUPPORTED,
                     "compression %u, which the installed libtiff does not have: "
                     "save it with deflate or LZW first", image->compression);
  }
  if (image->samples > CIMG_CHANNEL_LIMIT) {
    return cimg_fail(report, CIMG_TOO_LARGE, "%u channels, the limit is %d: leave some out",
                     image->samples, CIMG_CHANNEL_LIMIT);
  }
  return CIMG_OK;
}

static void read_tags(TIFF *tiff, tiff_image *image) {
  uint16_t bits = 1, orientation = ORIENTATION_TOPLEFT;
  uint32_t profile_size = 0;
  void *profile = NULL;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &orientation);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &image->samples);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &image->format);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &image->compression);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &image->planar);
  image->is_swapped = TIFFIsByteSwapped(tiff);
  if (image->format == SAMPLEFORMAT_VOID) image->format = SAMPLEFORMAT_UINT;
  image->info.source_bits = bits;
  image->info.orientation = orientation >= 1 && orientation <= 8 ? orientation : 1;
  image->info.has_profile =
      TIFFGetField(tiff, TIFFTAG_ICCPROFILE, &profile_size, &profile) && profile_size > 0;
}

int32_t tiff_image_describe(TIFF *tiff, const tiff_memory *memory, const cimg_options *options,
                            tiff_image *image) {
  cimg_report *report = memory->report;
  TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &image->info.width);
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &image->info.height);
  int32_t status =
      cimg_check_size(image->info.width, image->info.height, options->max_pixels, report);
  if (status == CIMG_OK) status = tiff_memory_check(memory);
  if (status != CIMG_OK) return status;

  read_tags(tiff, image);
  if (!TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &image->photometric)) {
    return cimg_fail(report, CIMG_CORRUPT,
                     "damaged TIFF: no tag says what its samples mean (PhotometricInterpretation)");
  }
  bool is_grey = image->photometric <= PHOTOMETRIC_MINISBLACK && image->samples == 1;
  image->keeps_values = options->keeps_indices &&
                        (image->photometric == PHOTOMETRIC_PALETTE ||
                         (is_grey && image->info.source_bits <= 8));
  // Signed integers and floats have no largest value that would be black.
  image->is_inverted = image->photometric == PHOTOMETRIC_MINISWHITE && !image->keeps_values &&
                       image->format == SAMPLEFORMAT_UINT;
  status = check_kind(tiff, image, report);
  if (status == CIMG_OK) status = choose_type(image, report);
  if (status == CIMG_OK) status = describe_colors(tiff, image, report);
  if (status == CIMG_OK && image->samples < image->color_samples) {
    status = cimg_fail(report, CIMG_CORRUPT, "damaged TIFF: %u channels where its colours need %u",
                       image->samples, image->color_samples);
  }
  if (status == CIMG_OK) status = place_samples(tiff, image, report);
  return status == CIMG_OK ? tiff_memory_check(memory) : status;
}
