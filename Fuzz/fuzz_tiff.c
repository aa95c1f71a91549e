#include "fuzz_image.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  fuzz_image(CIMG_TIFF, bytes, size);
  return 0;
}
