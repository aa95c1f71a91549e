// The samples of a row: from any number of bits, any format and any order to those delivered.
#include <math.h>
#include <string.h>

#include "tiff_image.h"

// MARK: - One sample

// The bits of sample number `index` of a row, in the lower end of the result. libtiff has turned
// samples of whole bytes to this machine's order; others lie from the highest bit down. So do
// integers of 24 bits, in either byte order of the file, which libtiff turns nevertheless.
static uint64_t bits_at(const tiff_image *image, const uint8_t *row, size_t index) {
  uint32_t bits = image->info.source_bits;
  uint16_t two;
  uint32_t four;
  uint64_t value = 0;
  switch (bits) {
    case 8:
      return row[index];
    case 16:
      memcpy(&two, row + 2 * index, sizeof two);
      return two;
    case 24:
      row += 3 * index;
      if (image->format != SAMPLEFORMAT_IEEEFP && !image->is_swapped) {
        return (uint32_t)row[0] << 16 | (uint32_t)row[1] << 8 | row[2];
      }
      return row[0] | (uint32_t)row[1] << 8 | (uint32_t)row[2] << 16;
    case 32:
      memcpy(&four, row + 4 * index, sizeof four);
      return four;
    case 64:
      memcpy(&value, row + 8 * index, sizeof value);
      return value;
    default: {
      size_t first = index * bits, last = first + bits - 1;
      for (size_t byte = first / 8; byte <= last / 8; byte++) value = value << 8 | row[byte];
      return value >> (7 - last % 8) & ((UINT64_C(1) << bits) - 1);
    }
  }
}

// A float of so many bits of exponent and mantissa, whose subnormals are multiples of `smallest`.
static float small_float(uint32_t bits, int exponent_bits, int mantissa_bits, float smallest) {
  uint32_t mantissa = bits & ((1u << mantissa_bits) - 1);
  uint32_t largest_exponent = (1u << exponent_bits) - 1;
  uint32_t exponent = bits >> mantissa_bits & largest_exponent;
  uint32_t sign = bits >> (exponent_bits + mantissa_bits) & 1;
  float value = (float)mantissa * smallest;
  if (exponent != 0) {
    uint32_t bias = largest_exponent >> 1;
    uint32_t wide = exponent == largest_exponent ? 255 : exponent - bias + 127;
    uint32_t pattern = wide << 23 | mantissa << (23 - mantissa_bits);
    memcpy(&value, &pattern, sizeof value);
  }
  return sign ? -value : value;
}

// The value of a float sample; false if it is finite, but too large for 32 bits.
static bool float_value(uint64_t bits, uint32_t count, float *value) {
  uint32_t low = (uint32_t)bits;
  double wide;
  switch (count) {
    case 16:
      *value = small_float(low, 5, 10, 0x1p-24f);
      return true;
    case 24:
      *value = small_float(low, 7, 16, 0x1p-78f);
      return true;
    case 32:
      memcpy(value, &low, sizeof *value);
      return true;
    default:
      memcpy(&wide, &bits, sizeof wide);
      *value = (float)wide;
      return !isfinite(wide) || isfinite(*value);
  }
}

// The value of an integer sample; false if it is beyond the integers that 32-bit floats can count.
static bool integer_value(const tiff_image *image, uint64_t bits, bool is_inverted, float *value) {
  enum { LARGEST = 1 << 24 };
  uint32_t count = image->info.source_bits;
  uint64_t most = count == 64 ? UINT64_MAX : (UINT64_C(1) << count) - 1;
  bool is_negative = image->format == SAMPLEFORMAT_INT && bits >> (count - 1) & 1;
  if (is_inverted) bits = most - bits;
  uint64_t size = is_negative ? most - bits + 1 : bits;
  *value = is_negative ? -(float)size : (float)size;
  return size <= LARGEST && !(is_negative && size == 0);
}

// MARK: - Rows

// The samples of one row of a strip or tile that belong together.
typedef struct {
  const uint8_t *row;
  size_t columns;
  uint16_t first;  // the number of the row's first sample in a pixel
  uint16_t count;  // samples of each pixel in this row
} sample_row;

static bool is_inverted(const tiff_image *image, uint16_t sample) {
  return image->is_inverted && sample < image->color_samples;
}

static void unpack_u8(const tiff_image *image, const sample_row *in, uint16_t sample,
                      uint8_t *out) {
  const cimg_info *info = &image->info;
  unsigned bits = info->source_bits, most = (1u << bits) - 1;
  bool is_colored = info->is_palette && sample < image->color_samples && !image->keeps_values;
  uint8_t levels[256];
  for (unsigned i = 0; i <= most; i++) {
    unsigned level = image->keeps_values ? i : (i * 255 + most / 2) / most;
    levels[i] = (uint8_t)(is_inverted(image, sample) ? 255 - level : level);
  }
  out += image->channel[sample];
  for (size_t x = 0; x < in->columns; x++, out += info->channels) {
    uint64_t value = bits_at(image, in->row, x * in->count + sample - in->first);
    if (is_colored) {
      memcpy(out, image->palette[value], 3);
    } else {
      *out = levels[value];
    }
  }
}

static void unpack_u16(const tiff_image *image, const sample_row *in, uint16_t sample,
                       uint16_t *out) {
  uint32_t bits = image->info.source_bits, most = (1u << bits) - 1;
  uint16_t flip = is_inverted(image, sample) ? 0xffff : 0;
  out += image->channel[sample];
  for (size_t x = 0; x < in->columns; x++, out += image->info.channels) {
    uint32_t value = (uint32_t)bits_at(image, in->row, x * in->count + sample - in->first);
    if (bits != 16) value = (uint32_t)(((uint64_t)value * 65535 + most / 2) / most);
    *out = (uint16_t)(value ^ flip);
  }
}

static int32_t unpack_f32(const tiff_image *image, const sample_row *in, uint16_t sample,
                          float *out, cimg_report *report) {
  uint32_t bits = image->info.source_bits;
  out += image->channel[sample];
  for (size_t x = 0; x < in->columns; x++, out += image->info.channels) {
    uint64_t value = bits_at(image, in->row, x * in->count + sample - in->first);
    if (image->format == SAMPLEFORMAT_IEEEFP) {
      if (float_value(value, bits, out)) continue;
      return cimg_fail(report, CIMG_UNSUPPORTED,
                       "64-bit floats beyond the range of 32 bits (3.4e38): scale them first");
    }
    if (!integer_value(image, value, is_inverted(image, sample), out)) {
      return cimg_fail(report, CIMG_UNSUPPORTED,
                       "%u-bit integers beyond 16777216, from where on 32-bit floats leave some "
                       "out (%.9g): scale them first", bits, (double)*out);
    }
  }
  return CIMG_OK;
}

// Whether the bytes of a row are those to be delivered.
static bool is_verbatim(const tiff_image *image) {
  const cimg_info *info = &image->info;
  if (image->planar != PLANARCONFIG_CONTIG || info->is_palette || image->is_inverted ||
      info->channels != image->samples ||
      info->source_bits != 8 * cimg_sample_size(info->sample_type) ||
      (info->sample_type == CIMG_F32 && image->format != SAMPLEFORMAT_IEEEFP)) {
    return false;
  }
  for (uint16_t i = 0; i < image->samples; i++) {
    if (image->channel[i] != i) return false;
  }
  return true;
}

int32_t tiff_image_unpack(const tiff_image *image, const uint8_t *row, uint32_t columns,
                          uint16_t plane, void *out, cimg_report *report) {
  const cimg_info *info = &image->info;
  if (is_verbatim(image)) {
    memcpy(out, row, (size_t)columns * info->channels * cimg_sample_size(info->sample_type));
    return CIMG_OK;
  }
  bool is_contiguous = image->planar == PLANARCONFIG_CONTIG;
  sample_row in = {row, columns, plane, is_contiguous ? image->samples : 1};
  for (uint16_t sample = plane; sample < plane + in.count; sample++) {
    if (image->channel[sample] == TIFF_NO_CHANNEL) continue;
    int32_t status = CIMG_OK;
    switch (info->sample_type) {
      case CIMG_U8:
        unpack_u8(image, &in, sample, out);
        break;
      case CIMG_U16:
        unpack_u16(image, &in, sample, out);
        break;
      default:
        status = unpack_f32(image, &in, sample, out, report);
    }
    if (status != CIMG_OK) return status;
  }
  return CIMG_OK;
}

// MARK: - Alpha

// The colours end before the first sample that is not one, which palettes have after three.
static uint32_t color_count(const tiff_image *image) {
  return image->info.is_palette ? 3 : image->color_samples;
}

static uint32_t unmultiplied(uint32_t color, uint32_t alpha, uint32_t most) {
  if (alpha == 0) return 0;
  uint64_t value = (uint64_t)color * most / alpha;
  return value > most ? most : (uint32_t)value;
}

void tiff_image_unmultiply(const tiff_image *image, void *pixels) {
  const cimg_info *info = &image->info;
  uint32_t channels = info->channels, colors = color_count(image);
  size_t count = (size_t)info->width * info->height;
  for (size_t i = 0; i < count; i++) {
    for (uint32_t c = 0; c < colors; c++) {
      if (info->sample_type == CIMG_U8) {
        uint8_t *pixel = (uint8_t *)pixels + i * channels;
        pixel[c] = (uint8_t)unmultiplied(pixel[c], pixel[channels - 1], 255);
      } else if (info->sample_type == CIMG_U16) {
        uint16_t *pixel = (uint16_t *)pixels + i * channels;
        pixel[c] = (uint16_t)unmultiplied(pixel[c], pixel[channels - 1], 65535);
      } else {
        float *pixel = (float *)pixels + i * channels, alpha = pixel[channels - 1];
        pixel[c] = alpha == 0 ? 0 : pixel[c] / alpha;
      }
    }
  }
}
