// What the files of the 8-bit resize share.
#ifndef CKERN_RESIZE_H
#define CKERN_RESIZE_H

#include "CKernels.h"

enum {
  CKERN_FRACTION_BITS = 22,
  CKERN_HALF = 1 << (CKERN_FRACTION_BITS - 1),
  CKERN_ROWS = 4,             // rows that the vector versions resize at once
  CKERN_CHUNK = 16            // new samples of a row that are stored at once
};

// How weights are applied. No product of 8 and 24 bits exists for vectors, but sums modulo 2^32
// depend on neither order nor grouping, so a weight may be applied in parts:
//
//   AVX2    (K >> 8) * 256 + (K & 255): 16-bit factors of vpmaddwd, which adds 2 products
//   VNNI    a + 256 * b + 65536 * c, signed bytes: factors of vpdpbusd, which adds 4 products
//
// So a step of a row takes up to 2 source samples for each of four new samples, or up to 4 for each
// of sixteen: `shuffle` picks them from a window of the row, of 16 or, with VBMI, 64 bytes.
typedef struct {
  uint8_t shuffle[16];
  int16_t weights[2][8];  // high, low
} ckern_step_avx2;

typedef struct {
  uint8_t shuffle[64];
  int8_t weights[3][64];  // c, b, a
} ckern_step_vbmi;

struct ckern_row_program {
  int32_t samples;   // new samples of a row, channels counted
  int32_t chunks;    // of 16 new samples, the last perhaps not full
  int32_t steps;     // of each group of new samples: those that a step adds to
  int32_t *offsets;  // where in the row the window of each step begins
  void *table;       // the steps, of the type of the program's level
};

// The parts of a weight, as above.
static inline void ckern_split_words(int32_t weight, int16_t *high, int16_t *low) {
  *high = (int16_t)(weight >> 8);
  *low = (int16_t)(weight & 255);
}

static inline void ckern_split_bytes(int32_t weight, int8_t *c, int8_t *b, int8_t *a) {
  *a = (int8_t)(weight & 255);
  weight = (weight - *a) >> 8;
  *b = (int8_t)(weight & 255);
  *c = (int8_t)((weight - *b) >> 8);
}

// Whether the weights have such parts: those of Pillow's filters do, being below 2.
bool ckern_weights_fit(const ckern_axis *axis);

// Rows that a step of a sum takes: 2 or 4.
static inline int32_t ckern_taps_per_step(int32_t level) { return level == CKERN_AVX2 ? 2 : 4; }

// New rows of 8-bit samples from four rows at once; rows may repeat. The program is of that level.
void ckern_rows_avx2(const ckern_row_program *program, const uint8_t *const rows[],
                     uint8_t *const outputs[]);
void ckern_rows_vbmi(const ckern_row_program *program, const uint8_t *const rows[],
                     uint8_t *const outputs[]);

// One new row as the weighted sum of rows of `length` samples. The vector versions take the
// weights packed, `steps` times the rows of a step, with zeros behind the last.
void ckern_sum_avx2(const uint8_t *const rows[], const int32_t *packed, int32_t steps,
                    uint8_t *output, size_t length);
void ckern_sum_avx512(const uint8_t *const rows[], const int32_t *packed, int32_t steps,
                      uint8_t *output, size_t length);
void ckern_sum_portable(const uint8_t *const rows[], const int32_t *weights, int32_t count,
                        uint8_t *output, size_t length);

#endif
