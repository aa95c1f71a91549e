// What libpng does not tell, or only after the pixels: found by walking over a PNG's chunks.
#ifndef CIMG_PNG_CHUNKS_H
#define CIMG_PNG_CHUNKS_H

#include "support.h"

typedef struct {
  const uint8_t *exif;  // NULL without an eXIf chunk, which may come after the pixels
  size_t exif_size;
  bool has_transparency;  // tRNS before the pixels; libpng drops one that is damaged
  bool has_profile;       // iCCP
  uint32_t pages;         // frames of an animation, the picture before it included; else 1
} png_chunks;

// `bytes` starts with PNG's signature.
png_chunks png_chunks_find(const uint8_t *bytes, size_t size);

#endif
