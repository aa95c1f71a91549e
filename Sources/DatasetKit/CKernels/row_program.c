// Plans how a row is resized: which bytes each step loads, shuffles and weighs.
#include <stdlib.h>
#include <string.h>

#include "resize.h"

enum { MOST_LANES = 16 };

// What the steps of a level are like.
typedef struct {
  int32_t lanes;   // new samples that a step adds to: a group
  int32_t taps;    // source samples that it takes for each, at most
  int32_t window;  // bytes of the row that it sees
  size_t size;     // of a step in memory
} step_form;

static step_form form_of(int32_t level) {
  if (level >= CKERN_AVX512_VBMI) return (step_form){16, 4, 64, sizeof(ckern_step_vbmi)};
  return (step_form){4, 2, 16, sizeof(ckern_step_avx2)};
}

// The samples that a group of new samples still has to take.
typedef struct {
  int32_t next[MOST_LANES];  // source sample, counted in pixels
  int32_t end[MOST_LANES];
  int32_t channel[MOST_LANES];
  const int32_t *weights[MOST_LANES];  // of sample `next`
} group_state;

static group_state begin_group(const ckern_axis *axis, int32_t channels, step_form form,
                               int32_t group) {
  group_state state;
  memset(&state, 0, sizeof state);
  for (int32_t lane = 0; lane < form.lanes; lane++) {
    int32_t sample = group * form.lanes + lane;
    if (sample >= axis->target * channels) continue;  // nothing to take
    int32_t pixel = sample / channels;
    state.channel[lane] = sample % channels;
    state.next[lane] = axis->starts[pixel];
    state.end[lane] = axis->starts[pixel] + axis->counts[pixel];
    state.weights[lane] = axis->fixed + (size_t)pixel * (size_t)axis->stride;
  }
  return state;
}

// The byte nearest to the row's start that the group still needs, or -1 when it is done.
static int32_t next_offset(const group_state *state, int32_t channels) {
  int32_t least = -1;
  for (int32_t lane = 0; lane < MOST_LANES; lane++) {
    if (state->next[lane] == state->end[lane]) continue;
    int32_t offset = state->next[lane] * channels + state->channel[lane];
    if (least < 0 || offset < least) least = offset;
  }
  return least;
}

// Notes that `lane` takes byte `byte` of the window as its sample number `tap` in this step.
static void set_tap(void *memory, step_form form, int32_t lane, int32_t tap, int32_t byte,
                    int32_t weight) {
  int32_t place = lane * form.taps + tap;
  if (form.taps == 2) {
    ckern_step_avx2 *step = memory;
    step->shuffle[2 * place] = (uint8_t)byte;
    ckern_split_words(weight, &step->weights[0][place], &step->weights[1][place]);
  } else {
    ckern_step_vbmi *step = memory;
    step->shuffle[place] = (uint8_t)byte;
    ckern_split_bytes(weight, &step->weights[0][place], &step->weights[1][place],
                      &step->weights[2][place]);
  }
}

// Takes what a step can from the window at `offset`; NULL for `step` only counts.
static void take_step(group_state *state, int32_t channels, step_form form, int32_t offset,
                      void *step) {
  for (int32_t lane = 0; lane < form.lanes; lane++) {
    for (int32_t tap = 0; tap < form.taps; tap++) {
      int32_t byte = state->next[lane] * channels + state->channel[lane] - offset;
      if (state->next[lane] == state->end[lane] || byte >= form.window) break;
      if (step) set_tap(step, form, lane, tap, byte, *state->weights[lane]);
      state->next[lane]++;
      state->weights[lane]++;
    }
  }
}

// Plans a group; returns its number of steps. With `offsets` and `steps` NULL only counts them.
static int32_t plan_group(const ckern_axis *axis, int32_t channels, step_form form, int32_t group,
                          int32_t *offsets, uint8_t *steps) {
  int32_t last_window = axis->source * channels - form.window;
  group_state state = begin_group(axis, channels, form, group);
  int32_t count = 0;
  int32_t offset;
  while ((offset = next_offset(&state, channels)) >= 0) {
    if (offset > last_window) offset = last_window;
    if (offsets) offsets[count] = offset;
    uint8_t *step = steps ? steps + (size_t)count * form.size : NULL;
    take_step(&state, channels, form, offset, step);
    count++;
  }
  return count;
}

// Fills in the steps; groups that need fewer than others get steps that add nothing.
static void plan(ckern_row_program *program, const ckern_axis *axis, int32_t channels,
                 step_form form, int32_t groups) {
  size_t steps = (size_t)program->steps, count = steps * (size_t)groups;
  uint8_t *table = program->table;
  memset(program->offsets, 0, count * sizeof *program->offsets);
  memset(table, 0, count * form.size);
  for (size_t index = 0; index < count; index++) {
    memset(table + index * form.size, 0x80, (size_t)form.window);  // shuffles in nothing
  }
  for (int32_t group = 0; group < groups; group++) {
    size_t first = (size_t)group * steps;
    plan_group(axis, channels, form, group, program->offsets + first, table + first * form.size);
  }
}

bool ckern_weights_fit(const ckern_axis *axis) {
  const int32_t limit = (1 << 23) - (1 << 16);  // balanced bytes reach a little less than 2^23
  for (int32_t index = 0; index < axis->target; index++) {
    const int32_t *weights = axis->fixed + (size_t)index * (size_t)axis->stride;
    for (int32_t tap = 0; tap < axis->counts[index]; tap++) {
      if (weights[tap] > limit || weights[tap] < -limit) return false;
    }
  }
  return true;
}

ckern_row_program *ckern_row_program_create(const ckern_axis *axis, int32_t channels,
                                            int32_t level) {
  int64_t source = (int64_t)axis->source * channels, target = (int64_t)axis->target * channels;
  bool is_small = source < INT32_MAX / 2 && target < INT32_MAX / 2;
  step_form form = form_of(level);
  if (level == CKERN_PORTABLE || source < form.window || !is_small) return NULL;
  if (!ckern_weights_fit(axis)) return NULL;
  ckern_row_program *program = calloc(1, sizeof *program);
  if (!program) return NULL;
  program->samples = (int32_t)target;
  program->chunks = (program->samples + CKERN_CHUNK - 1) / CKERN_CHUNK;
  int32_t groups = program->chunks * (CKERN_CHUNK / form.lanes);
  program->steps = 1;
  for (int32_t group = 0; group < groups; group++) {
    int32_t steps = plan_group(axis, channels, form, group, NULL, NULL);
    if (steps > program->steps) program->steps = steps;
  }
  size_t count = (size_t)groups * (size_t)program->steps;
  program->offsets = malloc(count * sizeof *program->offsets);
  // In whole cache lines, where a step is of such.
  program->table = aligned_alloc(64, (count * form.size + 63) / 64 * 64);
  if (!program->offsets || !program->table) {
    ckern_row_program_destroy(program);
    return NULL;
  }
  plan(program, axis, channels, form, groups);
  return program;
}

void ckern_row_program_destroy(ckern_row_program *program) {
  if (!program) return;
  free(program->offsets);
  free(program->table);
  free(program);
}
