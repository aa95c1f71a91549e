// Loops over pixels that augmentation is too slow without.
//
// Images are planes of floats (CHW), `width` floats a row and nothing between rows; 0 to 1 unless
// a function says otherwise. Each function has a version for any processor and versions for newer ones, made from
// the same text: every step is an IEEE operation on its own (nothing is contracted, sums have a
// fixed order), so all versions give the same bits. No function keeps state or allocates.
#ifndef CAUGMENT_H
#define CAUGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// What a processor can do; the numbers are those of ckern_level.
typedef enum { CAUG_PORTABLE = 0, CAUG_AVX2 = 1, CAUG_AVX512 = 2 } caug_level;

// --- Sweeps: whatever happens to each pixel alone, in one pass over an image --------------------

// A window of an image with interleaved samples.
typedef struct {
  const void *first;  // the first sample of the left pixel of the row that is read first
  ptrdiff_t row_step;  // bytes from one row to the next one to read; negative reads upwards
  int32_t sample_bytes;  // 1 and 2: whole numbers, which become 0 to 1; 4: floats, left as they are
  bool mirrored;       // reads each row from its right end
} caug_window;

enum { CAUG_MAX_STEPS = 4 };

typedef enum { CAUG_BRIGHTNESS, CAUG_CONTRAST, CAUG_SATURATION, CAUG_HUE } caug_color_kind;

// One step of torchvision's ColorJitter.
typedef struct {
  int32_t kind;
  float factor;  // hue: turns, -0.5 to 0.5
  float mean;    // contrast: the mean grey of the image
} caug_color_step;

// Reads an image, does the steps to each pixel, and writes it.
typedef struct {
  const caug_window *window;  // where the image comes from; NULL for planes
  const float *input;         // the planes, where there is no window; may be `output`
  float *output;              // channels * height * width floats
  int32_t channels;
  int32_t width;
  int32_t height;
  const caug_color_step *steps;  // for 1 or 3 channels; the others have none
  int32_t step_count;            // at most CAUG_MAX_STEPS
  bool centered;  // writes -1 to 1, as torchvision's Normalize(0.5, 0.5), instead of 0 to 1
  bool summed;    // 1 or 3 channels, not centered: asks for the sum
} caug_sweep_job;

// Returns the sum of the grey values that come out (0.2989 R + 0.587 G + 0.114 B), or 0 if nobody asked.
// Saturation and hue leave a single plane as it is.
double caug_sweep(int32_t level, const caug_sweep_job *job);

// --- Colours ------------------------------------------------------------------------------------

// Three planes become their grey value.
void caug_grayscale(int32_t level, float *planes, size_t count);

// values[i] ^ exponent, cut to 0 to 1; within 2e-6 of the exact result.
void caug_gamma(int32_t level, float *values, size_t count, float exponent);

// --- Noise --------------------------------------------------------------------------------------

// A stream of Philox4x32-10: block b of plane c has the counter {2^31 + c * 2^24 + b, tail...}.
typedef struct {
  uint32_t key[2];
  uint32_t tail[3];
} caug_stream;

// Standard normal numbers for a plane of at most 2^26 pixels (Box and Muller).
void caug_normal(int32_t level, const caug_stream *stream, int32_t plane, float *output,
                 size_t count);

// Uniform numbers between -1 and 1.
void caug_uniform(int32_t level, const caug_stream *stream, int32_t plane, float *output,
                  size_t count);

// values[i] + scale * noise[i], cut to 0 to 1.
void caug_add(int32_t level, float *values, const float *noise, float scale, size_t count);

// --- Two images ---------------------------------------------------------------------------------

// weight * values[i] + (1 - weight) * others[i].
void caug_mix(int32_t level, float *values, const float *others, float weight, size_t count);

// --- Neighbourhoods -----------------------------------------------------------------------------

// Blurs one plane with a symmetric kernel of 2 * radius + 1 weights along both axes; beyond an edge
// the image is reflected without repeating the edge. `radius` is below width and height, `scratch`
// has width * height + width + 2 * radius floats, `output` may be `input`.
void caug_blur(int32_t level, const float *input, float *output, float *scratch, int32_t width,
               int32_t height, const float *kernel, int32_t radius);

// What lies beyond the edges of an image that pixels are fetched from.
typedef enum {
  CAUG_REFLECT,    // the image mirrored, without repeating the edge
  CAUG_REPLICATE,  // the nearest pixel of the edge
  CAUG_CONSTANT    // a colour
} caug_border;

// How new pixels are fetched: pixel (x, y) of the output is that at
//   (m[0] x + m[1] y + m[2] + dx[i], m[3] x + m[4] y + m[5] + dy[i])
// of the input, in pixels from the centre of the first; `dx` and `dy` (one value a pixel) may be NULL.
typedef struct {
  const float *input;
  float *output;  // another place
  int32_t channels;
  int32_t width;
  int32_t height;
  double matrix[6];
  const float *dx;
  const float *dy;
  bool nearest;  // takes the nearest pixel (of two, the even one), instead of bilinear means
  int32_t border;
  const float *fill;  // one value per channel, for CAUG_CONSTANT
} caug_warp;

void caug_remap(int32_t level, const caug_warp *warp);

#ifdef __cplusplus
}
#endif

#endif
