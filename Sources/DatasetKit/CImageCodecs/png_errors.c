#include "png_errors.h"

#include <string.h>

void png_errors_fail(png_structp png, png_const_charp text) {
  png_errors *errors = png_get_error_ptr(png);
  bool memory = strstr(text, "emory") != NULL;  // "Out of memory", "Insufficient memory..."
  errors->status = cimg_fail(errors->report, memory ? CIMG_NO_MEMORY : CIMG_CORRUPT, "%s%s",
                             memory ? "" : "damaged PNG: ", text);
  png_longjmp(png, 1);
}

void png_errors_warn(png_structp png, png_const_charp text) {
  // The checksum over the image data, which libpng forgives once all rows are there.
  if (strstr(text, "incorrect data check")) png_errors_fail(png, text);
  cimg_warn(((png_errors *)png_get_error_ptr(png))->report, "%s", text);
}
