// What libtiff does not tell about a TIFF's directories, or only with side effects: found by
// walking over them.
#ifndef CIMG_TIFF_DIRECTORY_H
#define CIMG_TIFF_DIRECTORY_H

#include "support.h"

typedef struct {
  uint32_t pages;    // directories that are neither previews nor masks; at least 1
  bool is_broken;    // the list of directories leads outside the file or round in a circle
  bool has_predictor;  // the first directory says that samples are stored as differences, which
                       // libtiff overlooks where its codec for the compression has no predictor
  bool has_palette;  // the first directory says that the image has a palette, which libtiff
                     // overlooks where the palette itself is missing
} tiff_directories;

// `bytes` starts like a TIFF or BigTIFF file.
tiff_directories tiff_directories_find(const uint8_t *bytes, size_t size);

#endif
