// How libjpeg's errors and warnings become those of a report.
#ifndef CIMG_JPEG_ERRORS_H
#define CIMG_JPEG_ERRORS_H

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#include "support.h"

typedef struct {
  struct jpeg_error_mgr manager;  // first, so that libjpeg's pointer to it is one to this
  jmp_buf jump;                   // set by each function that calls libjpeg
  int32_t status;                 // why it jumped
  cimg_report *report;
} jpeg_errors;

// Prepares `errors`, and returns what belongs into a libjpeg object's `err`.
struct jpeg_error_mgr *jpeg_errors_begin(jpeg_errors *errors, cimg_report *report);

#endif
