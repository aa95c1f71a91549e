#include "support.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// MARK: - Reports

void cimg_report_end(cimg_report *report) {
  free(report->warnings);
  report->warnings = NULL;
  report->warnings_size = 0;
  report->warnings_kept = 0;
}

int32_t cimg_fail(cimg_report *report, int32_t status, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(report->message, sizeof report->message, format, arguments);
  va_end(arguments);
  return status;
}

static bool is_kept(const cimg_report *report, const char *text) {
  size_t at = 0;
  for (int32_t i = 0; i < report->warnings_kept; i++) {
    if (strcmp(report->warnings + at, text) == 0) return true;
    at += strlen(report->warnings + at) + 1;
  }
  return false;
}

void cimg_warn(cimg_report *report, const char *format, ...) {
  enum { KEPT = 32 };
  if (report->warning_count < INT32_MAX) report->warning_count += 1;
  if (report->warnings_kept >= KEPT) return;
  char text[CIMG_MESSAGE_SIZE];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (is_kept(report, text)) return;
  size_t length = strlen(text) + 1;
  char *warnings = realloc(report->warnings, report->warnings_size + length);
  if (!warnings) return;  // it is counted
  memcpy(warnings + report->warnings_size, text, length);
  report->warnings = warnings;
  report->warnings_size += length;
  report->warnings_kept += 1;
}

// MARK: - Sizes

int32_t cimg_check_size(uint64_t width, uint64_t height, uint64_t max_pixels,
                        cimg_report *report) {
  if (width == 0 || height == 0) {
    return cimg_fail(report, CIMG_CORRUPT, "the header claims an empty image of %llux%llu pixels",
                     (unsigned long long)width, (unsigned long long)height);
  }
  if (width > max_pixels / height) {
    return cimg_fail(report, CIMG_TOO_LARGE,
                     "the header claims %llux%llu pixels, the limit is %llu pixels: "
                     "make the image smaller, leave it out, or raise \"maxPixels\" in the recipe",
                     (unsigned long long)width, (unsigned long long)height,
                     (unsigned long long)max_pixels);
  }
  return CIMG_OK;
}

size_t cimg_sample_size(uint32_t sample_type) {
  return sample_type == CIMG_F32 ? 4 : sample_type == CIMG_U16 ? 2 : 1;
}

int32_t cimg_check_bytes(const cimg_info *info, uint64_t max_pixels, cimg_report *report) {
  if (info->channels > CIMG_CHANNEL_LIMIT) {
    return cimg_fail(report, CIMG_TOO_LARGE, "%u channels, the limit is %d: leave some out",
                     info->channels, CIMG_CHANNEL_LIMIT);
  }
  uint64_t pixels = (uint64_t)info->width * info->height, limit;
  uint64_t pixel_size = (uint64_t)info->channels * cimg_sample_size(info->sample_type);
  if (__builtin_mul_overflow(max_pixels, (uint64_t)CIMG_BYTES_PER_PIXEL, &limit) ||
      limit > PTRDIFF_MAX) {
    limit = PTRDIFF_MAX;
  }
  if (pixels > limit / pixel_size) {
    return cimg_fail(report, CIMG_TOO_LARGE,
                     "%ux%u pixels of %llu bytes (%u channels), the limit is %llu bytes: "
                     "make the image smaller, leave it out, or raise \"maxPixels\" in the recipe",
                     info->width, info->height, (unsigned long long)pixel_size, info->channels,
                     (unsigned long long)limit);
  }
  return CIMG_OK;
}

size_t cimg_image_size(const cimg_info *info) {
  return (size_t)info->width * info->height * info->channels * cimg_sample_size(info->sample_type);
}

// MARK: - EXIF

// An EXIF block is a small TIFF file: a byte order, then directories of 12-byte entries.
typedef struct {
  const uint8_t *bytes;
  size_t size;
  bool big_endian;
} exif_block;

static uint32_t exif_u16(const exif_block *block, size_t at) {
  const uint8_t *p = block->bytes + at;
  return block->big_endian ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

static uint32_t exif_u32(const exif_block *block, size_t at) {
  uint32_t first = exif_u16(block, at), second = exif_u16(block, at + 2);
  return block->big_endian ? first << 16 | second : second << 16 | first;
}

uint32_t cimg_exif_orientation(const void *bytes, size_t size) {
  enum { HEADER = 8, ENTRY = 12, TAG_ORIENTATION = 0x0112, BYTE = 1, SHORT = 3, LONG = 4 };
  exif_block block = {.bytes = bytes, .size = size};
  if (size >= 6 && memcmp(bytes, "Exif\0\0", 6) == 0) {
    block.bytes += 6;
    block.size -= 6;
  }
  if (block.size < HEADER) return 1;
  if (memcmp(block.bytes, "MM", 2) == 0) {
    block.big_endian = true;
  } else if (memcmp(block.bytes, "II", 2) != 0) {
    return 1;
  }
  size_t directory = exif_u32(&block, 4);
  if (exif_u16(&block, 2) != 42 || directory > block.size - 2) return 1;

  uint32_t count = exif_u16(&block, directory);
  for (uint32_t i = 0; i < count; i++) {
    size_t entry = directory + 2 + (size_t)i * ENTRY;
    if (entry > block.size || block.size - entry < ENTRY) return 1;
    if (exif_u16(&block, entry) != TAG_ORIENTATION) continue;
    uint32_t type = exif_u16(&block, entry + 2), value = 1;
    if (exif_u32(&block, entry + 4) != 1) return 1;
    if (type == SHORT) value = exif_u16(&block, entry + 8);
    if (type == LONG) value = exif_u32(&block, entry + 8);
    if (type == BYTE) value = block.bytes[entry + 8];
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

// MARK: - Encoded bytes

bool cimg_output_reserve(cimg_output *output, size_t more) {
  if (output->capacity - output->size >= more) return true;
  size_t needed, doubled = output->capacity > SIZE_MAX / 2 ? SIZE_MAX : output->capacity * 2;
  if (__builtin_add_overflow(output->size, more, &needed)) return false;
  size_t capacity = needed > doubled ? needed : doubled;
  if (capacity < 64 * 1024) capacity = 64 * 1024;
  uint8_t *bytes = realloc(output->bytes, capacity);
  if (!bytes) return false;
  output->bytes = bytes;
  output->capacity = capacity;
  return true;
}

void cimg_free(void *encoded) {
  free(encoded);
}
