// Loops that the rest of the package is too slow without: resizing and many SHA-256 at once.
//
// Each has a portable version and versions for newer processors, of which the caller picks one by
// its ckern_level; all give the same bytes. No function keeps state, prints, or reads or writes
// beyond the sizes that it is given.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// What a processor can do. Each level includes those below.
typedef enum {
  CKERN_PORTABLE = 0,
  CKERN_AVX2 = 1,
  CKERN_AVX512 = 2,       // F, BW, VL and VNNI
  CKERN_AVX512_VBMI = 3,  // and VBMI
} ckern_level;

// The highest level of this processor.
int32_t ckern_best_level(void);

// Whether this processor has instructions for SHA-256 (x86's SHA extensions).
bool ckern_has_sha_instructions(void);

// --- Resizing -----------------------------------------------------------------------------------

// Which source samples make each new sample along one axis. `starts[i]` is the first of the
// `counts[i]` source samples of sample i; its weights begin at index i * stride.
typedef struct {
  int32_t source;
  int32_t target;
  int32_t stride;
  const int32_t *starts;
  const int32_t *counts;
  const int32_t *fixed;  // 22 fractional bits, for 8-bit samples
  const double *exact;   // for the other types
} ckern_axis;

// An axis prepared for resizing rows of 8-bit samples with AVX2 or AVX-512 VBMI.
typedef struct ckern_row_program ckern_row_program;

// NULL where rows are so short (below 16 bytes, with VBMI 64) or weights so large (2 and more) that only the
// portable version serves, for CKERN_PORTABLE, and without memory.
ckern_row_program *ckern_row_program_create(const ckern_axis *axis, int32_t channels,
                                            int32_t level);
void ckern_row_program_destroy(ckern_row_program *program);

// One resize of an image or a part of one, rows from the top, channels interleaved, nothing between
// the rows of the target.
typedef struct {
  const void *source;
  size_t source_stride;  // samples from one row to the next, at least width * channels
  void *target;
  int32_t width;
  int32_t height;
  int32_t channels;
  const ckern_axis *horizontal;      // NULL keeps the width; at least one of the two is given
  const ckern_axis *vertical;        // NULL keeps the height
  const ckern_row_program *program;  // of `horizontal`, for the same level, or NULL
  bool vertical_first;               // the order of the passes
  int32_t level;                     // a ckern_level that this processor has
} ckern_resize;

// Each pass rounds to the type. They need memory for some or all rows between the passes, and
// return false without it.
bool ckern_resize_u8(const ckern_resize *job);
bool ckern_resize_u16(const ckern_resize *job);
bool ckern_resize_f32(const ckern_resize *job);

// A resize that takes one source pixel for each new one, of any type and number of channels.
typedef struct {
  const void *source;
  void *target;
  int32_t width;  // of the source
  int32_t bytes_per_pixel;
  int32_t target_width;
  int32_t target_height;
  const int32_t *columns;  // the source column of each new one
  const int32_t *rows;     // the source row of each new one
} ckern_pick;

void ckern_resize_nearest(const ckern_pick *job);

// Every colour times its opacity, the last channel, in place: 8 bits as Pillow converts RGBA to
// RGBa, the others by doubles. The inverse leaves the colours of transparent pixels as they are.
void ckern_premultiply_u8(uint8_t *samples, size_t pixels, int32_t channels);
void ckern_premultiply_u16(uint16_t *samples, size_t pixels, int32_t channels);
void ckern_premultiply_f32(float *samples, size_t pixels, int32_t channels);
void ckern_unpremultiply_u8(uint8_t *samples, size_t pixels, int32_t channels);
void ckern_unpremultiply_u16(uint16_t *samples, size_t pixels, int32_t channels);
void ckern_unpremultiply_f32(float *samples, size_t pixels, int32_t channels);

// --- SHA-256 ------------------------------------------------------------------------------------

enum { CKERN_SHA256_MAX_LANES = 16 };

// How many messages a level hashes at once: 16, 8, or 0 where there is no such version.
int32_t ckern_sha256_lanes(int32_t level);

// Hashes `blocks` blocks of 64 bytes of every lane's message into its state. Word i of lane j is
// state[i * lanes + j].
void ckern_sha256_compress(int32_t level, uint32_t *state, const uint8_t *const *messages,
                           size_t blocks);

#ifdef __cplusplus
}
#endif

#endif
