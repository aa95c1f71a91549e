// The 8-bit resize: which row is made when, and the portable version of both passes.
#include <stdlib.h>
#include <string.h>

#include "resize.h"

static inline uint8_t rounded(int32_t sum) {
  int32_t value = sum >> CKERN_FRACTION_BITS;
  return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

// Sums wrap as the vectors of the other versions do.
static inline int32_t add_product(int32_t sum, uint8_t sample, int32_t weight) {
  return (int32_t)((uint32_t)sum + (uint32_t)sample * (uint32_t)weight);
}

// --- Along a row --------------------------------------------------------------------------------

static inline void row_portable(const ckern_axis *axis, int32_t channels, const uint8_t *row,
                                uint8_t *output) {
  for (int32_t pixel = 0; pixel < axis->target; pixel++) {
    const int32_t *weights = axis->fixed + (size_t)pixel * (size_t)axis->stride;
    const uint8_t *first = row + (size_t)axis->starts[pixel] * (size_t)channels;
    for (int32_t channel = 0; channel < channels; channel++) {
      int32_t sum = CKERN_HALF;
      for (int32_t tap = 0; tap < axis->counts[pixel]; tap++) {
        sum = add_product(sum, first[tap * channels + channel], weights[tap]);
      }
      *output++ = rounded(sum);
    }
  }
}

// The compiler makes a version with a constant number of channels of each.
static void any_row_portable(const ckern_resize *job, const uint8_t *row, uint8_t *output) {
  switch (job->channels) {
    case 1: row_portable(job->horizontal, 1, row, output); break;
    case 3: row_portable(job->horizontal, 3, row, output); break;
    case 4: row_portable(job->horizontal, 4, row, output); break;
    default: row_portable(job->horizontal, job->channels, row, output);
  }
}

// How many rows are resized at once.
static int32_t rows_at_once(const ckern_resize *job) { return job->program ? CKERN_ROWS : 1; }

static void resize_rows(const ckern_resize *job, const uint8_t *const rows[],
                        uint8_t *const outputs[]) {
#if defined(__x86_64__)
  if (job->program && job->level >= CKERN_AVX512_VBMI) {
    ckern_rows_vbmi(job->program, rows, outputs);
    return;
  }
  if (job->program && job->level >= CKERN_AVX2) {
    ckern_rows_avx2(job->program, rows, outputs);
    return;
  }
#endif
  any_row_portable(job, rows[0], outputs[0]);
}

// --- Along the columns --------------------------------------------------------------------------

void ckern_sum_portable(const uint8_t *const rows[], const int32_t *weights, int32_t count,
                        uint8_t *output, size_t length) {
  enum { CHUNK = 256 };
  for (size_t start = 0; start < length; start += CHUNK) {
    size_t width = length - start < CHUNK ? length - start : CHUNK;
    int32_t sums[CHUNK];
    for (size_t index = 0; index < width; index++) sums[index] = CKERN_HALF;
    for (int32_t tap = 0; tap < count; tap++) {
      const uint8_t *row = rows[tap] + start;
      int32_t weight = weights[tap];
      for (size_t index = 0; index < width; index++) {
        sums[index] = add_product(sums[index], row[index], weight);
      }
    }
    for (size_t index = 0; index < width; index++) output[start + index] = rounded(sums[index]);
  }
}

// What the passes need beside the images.
typedef struct {
  size_t source_row;     // bytes of a source row
  size_t target_row;     // bytes of a new row
  int32_t capacity;      // rows between the passes that are kept
  uint8_t *between;      // those rows, row i in place i % capacity
  const uint8_t **taps;  // the rows of one sum
  int32_t *packed;       // their weights as the vector versions take them
} scratch;

#if defined(__x86_64__)
// Packs the weights of a sum, and repeats its last row where a step needs more rows.
static int32_t pack_sum(int32_t level, const int32_t *weights, int32_t count,
                        const scratch *memory) {
  int32_t taps = ckern_taps_per_step(level), steps = (count + taps - 1) / taps;
  for (int32_t step = 0; step < steps; step++) {
    int16_t words[2][2] = {{0}};
    int8_t bytes[3][4] = {{0}};
    for (int32_t tap = 0; tap < taps; tap++) {
      int32_t index = step * taps + tap;
      if (index >= count) {
        memory->taps[index] = memory->taps[count - 1];
      } else if (level == CKERN_AVX2) {
        ckern_split_words(weights[index], &words[0][tap], &words[1][tap]);
      } else {
        ckern_split_bytes(weights[index], &bytes[0][tap], &bytes[1][tap], &bytes[2][tap]);
      }
    }
    if (level == CKERN_AVX2) memcpy(memory->packed + 2 * step, words, sizeof words);
    else memcpy(memory->packed + 3 * step, bytes, sizeof bytes);
  }
  return steps;
}
#endif

// New row `row`, made of the rows that `taps` points to.
static void sum_rows(const ckern_resize *job, const scratch *memory, int32_t row, uint8_t *output,
                     size_t length) {
  const int32_t *weights = job->vertical->fixed + (size_t)row * (size_t)job->vertical->stride;
  int32_t count = job->vertical->counts[row];
#if defined(__x86_64__)
  if (memory->packed && job->level >= CKERN_AVX512) {
    int32_t steps = pack_sum(job->level, weights, count, memory);
    ckern_sum_avx512(memory->taps, memory->packed, steps, output, length);
    return;
  }
  if (memory->packed && job->level == CKERN_AVX2 && length >= 32) {
    int32_t steps = pack_sum(job->level, weights, count, memory);
    ckern_sum_avx2(memory->taps, memory->packed, steps, output, length);
    return;
  }
#endif
  ckern_sum_portable(memory->taps, weights, count, output, length);
}

// --- Both ---------------------------------------------------------------------------------------

static const uint8_t *source_row(const ckern_resize *job, int32_t row) {
  return (const uint8_t *)job->source + (size_t)row * job->source_stride;
}

// Has a row fetched that is needed next, if it is so short that it would end before the processor
// has foreseen it.
static void fetch_row(const ckern_resize *job, const scratch *memory, int32_t row) {
  enum { LINE = 64, SHORT_ROW = 4096 };
  if (memory->source_row > SHORT_ROW) return;
  const uint8_t *bytes = source_row(job, row);
  for (size_t byte = 0; byte < memory->source_row; byte += LINE) __builtin_prefetch(bytes + byte);
}

// Rows [first, end) of the source, resized to the places given by `place`.
static void resize_some(const ckern_resize *job, const scratch *memory, int32_t first, int32_t end,
                        uint8_t *base, int32_t capacity) {
  const uint8_t *rows[CKERN_ROWS];
  uint8_t *outputs[CKERN_ROWS];
  for (int32_t index = 0; index < CKERN_ROWS; index++) {
    int32_t row = first + index < end ? first + index : end - 1;
    rows[index] = source_row(job, row);
    outputs[index] = base + (size_t)(row % capacity) * memory->target_row;
    bool is_new = first + index < end;
    if (is_new && row + CKERN_ROWS < job->height) fetch_row(job, memory, row + CKERN_ROWS);
  }
  resize_rows(job, rows, outputs);
}

static void only_horizontal(const ckern_resize *job, const scratch *memory) {
  int32_t step = rows_at_once(job);
  for (int32_t row = 0; row < job->height; row += step) {
    int32_t end = row + step < job->height ? row + step : job->height;
    resize_some(job, memory, row, end, job->target, job->height);
  }
}

// Each source row is resized once, as late as possible, and dropped after its last use.
static void horizontal_then_vertical(const ckern_resize *job, const scratch *memory) {
  const ckern_axis *axis = job->vertical;
  int32_t last = axis->starts[axis->target - 1] + axis->counts[axis->target - 1];
  int32_t step = rows_at_once(job), next = axis->starts[0];
  for (int32_t row = 0; row < axis->target; row++) {
    int32_t start = axis->starts[row], count = axis->counts[row];
    while (next < start + count) {
      int32_t end = next + step < last ? next + step : last;
      resize_some(job, memory, next, end, memory->between, memory->capacity);
      next = end;
    }
    for (int32_t tap = 0; tap < count; tap++) {
      size_t place = (size_t)((start + tap) % memory->capacity);
      memory->taps[tap] = memory->between + place * memory->target_row;
    }
    uint8_t *output = (uint8_t *)job->target + (size_t)row * memory->target_row;
    sum_rows(job, memory, row, output, memory->target_row);
  }
}

static void sum_source(const ckern_resize *job, const scratch *memory, int32_t row,
                       uint8_t *output) {
  for (int32_t tap = 0; tap < job->vertical->counts[row]; tap++) {
    memory->taps[tap] = source_row(job, job->vertical->starts[row] + tap);
  }
  sum_rows(job, memory, row, output, memory->source_row);
}

static void only_vertical(const ckern_resize *job, const scratch *memory) {
  for (int32_t row = 0; row < job->vertical->target; row++) {
    sum_source(job, memory, row, (uint8_t *)job->target + (size_t)row * memory->target_row);
  }
}

static void vertical_then_horizontal(const ckern_resize *job, const scratch *memory) {
  int32_t step = rows_at_once(job);
  for (int32_t first = 0; first < job->vertical->target; first += step) {
    const uint8_t *rows[CKERN_ROWS];
    uint8_t *outputs[CKERN_ROWS];
    for (int32_t index = 0; index < step; index++) {
      int32_t row = first + index < job->vertical->target ? first + index : job->vertical->target - 1;
      uint8_t *between = memory->between + (size_t)index * memory->source_row;
      sum_source(job, memory, row, between);
      rows[index] = between;
      outputs[index] = (uint8_t *)job->target + (size_t)row * memory->target_row;
    }
    resize_rows(job, rows, outputs);
  }
}

static int32_t most_taps(const ckern_axis *axis) {
  int32_t most = 0;
  for (int32_t index = 0; index < axis->target; index++) {
    if (axis->counts[index] > most) most = axis->counts[index];
  }
  return most;
}

static bool allocate(const ckern_resize *job, scratch *memory) {
  int32_t taps = most_taps(job->vertical);
  memory->capacity = taps + CKERN_ROWS;
  size_t row = job->vertical_first ? memory->source_row : memory->target_row;
  size_t places = (size_t)memory->capacity;
  memory->taps = malloc(places * sizeof *memory->taps);
  if (!memory->taps) return false;
  if (job->level != CKERN_PORTABLE && ckern_weights_fit(job->vertical)) {
    memory->packed = malloc(places * sizeof *memory->packed);
    if (!memory->packed) return false;
  }
  if (job->horizontal) memory->between = malloc(places * row);
  return memory->between || !job->horizontal;
}

bool ckern_resize_u8(const ckern_resize *job) {
  scratch memory = {0};
  size_t channels = (size_t)job->channels;
  memory.source_row = (size_t)job->width * channels;
  memory.target_row =
      job->horizontal ? (size_t)job->horizontal->target * channels : memory.source_row;
  if (!job->vertical) {
    only_horizontal(job, &memory);
    return true;
  }
  bool has_memory = allocate(job, &memory);
  if (has_memory) {
    if (!job->horizontal) only_vertical(job, &memory);
    else if (job->vertical_first) vertical_then_horizontal(job, &memory);
    else horizontal_then_vertical(job, &memory);
  }
  free(memory.between);
  free(memory.packed);
  free(memory.taps);
  return has_memory;
}
