// A TIFF file in memory, opened with libtiff, whose messages go to a report.
#ifndef CIMG_TIFF_MEMORY_H
#define CIMG_TIFF_MEMORY_H

#include <tiffio.h>

#include "support.h"

typedef struct {
  const uint8_t *bytes;
  uint64_t size;
  uint64_t offset;
  cimg_report *report;
  // The first error of libtiff, or the first warning that means invented pixels; else empty.
  char error[CIMG_MESSAGE_SIZE];
} tiff_memory;

// Opens `memory->bytes`; NULL, with `memory->error` set, if libtiff cannot.
//
// libtiff may allocate `memory_limit` bytes in one piece (from libtiff 4.5.0 on).
TIFF *tiff_memory_open(tiff_memory *memory, size_t memory_limit);

// Closes it. `tiff` may be NULL.
void tiff_memory_close(TIFF *tiff);

#endif
