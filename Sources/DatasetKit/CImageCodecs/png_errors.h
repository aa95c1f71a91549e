// How libpng's errors and warnings become those of a report.
#ifndef CIMG_PNG_ERRORS_H
#define CIMG_PNG_ERRORS_H

#include <setjmp.h>

#include <png.h>

#include "support.h"

typedef struct {
  int32_t status;  // why libpng jumped
  cimg_report *report;
} png_errors;

// libpng's handlers; its error pointer is a png_errors.
void png_errors_fail(png_structp png, png_const_charp text);
void png_errors_warn(png_structp png, png_const_charp text);

#endif
