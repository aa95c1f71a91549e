// A TIFF file in memory, read or written with libtiff, whose messages go to a report.
#ifndef CIMG_TIFF_MEMORY_H
#define CIMG_TIFF_MEMORY_H

#include <tiffio.h>

#include "support.h"

typedef struct {
  const uint8_t *bytes;  // read from
  uint64_t size;
  cimg_output *output;  // written to; NULL where `bytes` is read
  uint64_t offset;
  cimg_report *report;
  // The first error of libtiff, or the first warning that means invented pixels; else empty.
  char error[CIMG_MESSAGE_SIZE];
} tiff_memory;

// Opens `memory` with libtiff's mode "r", "w" or "w8"; NULL, with `memory->error` set, if libtiff
// cannot.
//
// libtiff may allocate `memory_limit` bytes in one piece (from libtiff 4.5.0 on); 0 is no limit.
TIFF *tiff_memory_open(tiff_memory *memory, const char *mode, size_t memory_limit);

// CIMG_OK if libtiff reported no error so far, else what it reported.
int32_t tiff_memory_check(const tiff_memory *memory);

// Closes it. `tiff` may be NULL.
void tiff_memory_close(TIFF *tiff);

#endif
