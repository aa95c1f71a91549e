// Colours times their opacity, and back.
#include "CKernels.h"

void ckern_premultiply_u8(uint8_t *samples, size_t pixels, int32_t channels) {
  for (size_t pixel = 0; pixel < pixels; pixel++, samples += channels) {
    uint32_t alpha = samples[channels - 1];
    for (int32_t index = 0; index < channels - 1; index++) {
      uint32_t product = samples[index] * alpha + 128;
      samples[index] = (uint8_t)(((product >> 8) + product) >> 8);
    }
  }
}

void ckern_unpremultiply_u8(uint8_t *samples, size_t pixels, int32_t channels) {
  // x / alpha is x * ceil(2^32 / alpha) >> 32 for every x and alpha with x * alpha < 2^32.
  uint64_t inverse[256] = {0};
  for (uint64_t alpha = 1; alpha < 256; alpha++) {
    inverse[alpha] = (((uint64_t)1 << 32) + alpha - 1) / alpha;
  }
  for (size_t pixel = 0; pixel < pixels; pixel++, samples += channels) {
    uint32_t alpha = samples[channels - 1];
    if (alpha == 0 || alpha == 255) continue;
    for (int32_t index = 0; index < channels - 1; index++) {
      uint64_t color = samples[index] * 255u * inverse[alpha] >> 32;
      samples[index] = (uint8_t)(color > 255 ? 255 : color);
    }
  }
}

void ckern_premultiply_u16(uint16_t *samples, size_t pixels, int32_t channels) {
  for (size_t pixel = 0; pixel < pixels; pixel++, samples += channels) {
    double alpha = samples[channels - 1];
    for (int32_t index = 0; index < channels - 1; index++) {
      samples[index] = (uint16_t)(samples[index] * alpha / 65535 + 0.5);
    }
  }
}

void ckern_unpremultiply_u16(uint16_t *samples, size_t pixels, int32_t channels) {
  for (size_t pixel = 0; pixel < pixels; pixel++, samples += channels) {
    double alpha = samples[channels - 1];
    if (alpha == 0 || alpha == 65535) continue;
    for (int32_t index = 0; index < channels - 1; index++) {
      double color = 65535.0 * samples[index] / alpha + 0.5;
      samples[index] = (uint16_t)(color > 65535 ? 65535 : color);
    }
  }
}

void ckern_premultiply_f32(float *samples, size_t pixels, int32_t channels) {
  for (size_t pixel = 0; pixel < pixels; pixel++, samples += channels) {
    double alpha = samples[channels - 1];
    for (int32_t index = 0; index < channels - 1; index++) {
      samples[index] = (float)(samples[index] * alpha);
    }
  }
}

void ckern_unpremultiply_f32(float *samples, size_t pixels, int32_t channels) {
  for (size_t pixel = 0; pixel < pixels; pixel++, samples += channels) {
    double alpha = samples[channels - 1];
    if (alpha == 0) continue;
    for (int32_t index = 0; index < channels - 1; index++) {
      samples[index] = (float)(samples[index] / alpha);
    }
  }
}
