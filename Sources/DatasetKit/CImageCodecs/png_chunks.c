#include "png_chunks.h"

#include <string.h>

static uint32_t big_endian_u32(const uint8_t *p) {
  return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

png_chunks png_chunks_find(const uint8_t *bytes, size_t size) {
  enum { SIGNATURE = 8, OVERHEAD = 12 };  // length, name and CRC of a chunk: 12 bytes
  png_chunks chunks = {.pages = 1};
  bool has_pixels = false, has_frame = false;
  uint32_t frames = 0;
  size_t at = SIGNATURE;
  while (at < size && size - at >= OVERHEAD) {
    size_t length = big_endian_u32(bytes + at);
    const uint8_t *name = bytes + at + 4;
    if (length > size - at - OVERHEAD) break;
    if (memcmp(name, "eXIf", 4) == 0 && !chunks.exif) {
      chunks.exif = name + 4;
      chunks.exif_size = length;
    }
    has_pixels |= memcmp(name, "IDAT", 4) == 0;
    if (!has_pixels) {
      chunks.has_transparency |= memcmp(name, "tRNS", 4) == 0;
      chunks.has_profile |= memcmp(name, "iCCP", 4) == 0;
      has_frame |= memcmp(name, "fcTL", 4) == 0;
      if (memcmp(name, "acTL", 4) == 0 && length >= 4) frames = big_endian_u32(name + 4);
    }
    if (memcmp(name, "IEND", 4) == 0) break;
    at += OVERHEAD + length;
  }
  // The picture in IDAT is the first frame only with an fcTL before it.
  if (frames > 0 && frames <= INT32_MAX) chunks.pages = frames + (has_frame ? 0 : 1);
  return chunks;
}
