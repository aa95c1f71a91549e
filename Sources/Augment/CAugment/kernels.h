// The loops of one level. Included once per level, with KERNEL(name) giving each its name.
//
// What depends on a pixel alone works on sixteen at once; the last ones of a row or plane go
// through the same vectors, with nothing in the unused places.

// --- From samples to planes ---------------------------------------------------------------------

// value / 255 in single precision, for whole numbers up to 255: the product with the first 9 bits of
// 1 / 255 is exact, so that only the sum rounds. A test compares all 256.
INLINE floats unit_from_byte(floats value) {
  return value * 0x1.01p-8f + value * 0x1.010102p-24f;
}

INLINE floats centered(floats value) { return (value - 0.5f) * 2.0f; }

INLINE floats floats_from_bytes(bytes16 value) { return __builtin_convertvector(value, floats); }

INLINE floats reversed(floats value) {
  return __builtin_shufflevector(value, value, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
                                 0);
}

// Sixteen RGB pixels as three vectors.
INLINE void split_colors(const uint8_t *pixels, floats colors[3]) {
  bytes16 a, b, c;
  memcpy(&a, pixels, 16);
  memcpy(&b, pixels + 16, 16);
  memcpy(&c, pixels + 32, 16);
  bytes16 r = __builtin_shufflevector(a, b, 0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 0, 0, 0, 0, 0);
  bytes16 g = __builtin_shufflevector(a, b, 1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 0, 0, 0, 0, 0);
  bytes16 u = __builtin_shufflevector(a, b, 2, 5, 8, 11, 14, 17, 20, 23, 26, 29, 0, 0, 0, 0, 0, 0);
  r = __builtin_shufflevector(r, c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 20, 23, 26, 29);
  g = __builtin_shufflevector(g, c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 18, 21, 24, 27, 30);
  u = __builtin_shufflevector(u, c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 19, 22, 25, 28, 31);
  colors[0] = floats_from_bytes(r);
  colors[1] = floats_from_bytes(g);
  colors[2] = floats_from_bytes(u);
}

// One row of 8-bit samples with one or three channels.
INLINE void load_byte_row(const uint8_t *row, float *output, size_t width, size_t plane,
                          size_t channels, bool mirrored, bool center) {
  for (size_t x = 0; x < width; x += LANES) {
    size_t count = width - x < LANES ? width - x : LANES;
    // The source pixels of these places, from the left.
    const uint8_t *from = row + channels * (mirrored ? width - x - count : x);
    uint8_t pixels[3 * LANES];
    if (count < LANES) {
      memset(pixels, 0, sizeof pixels);
      memcpy(pixels, from, channels * count);
      from = pixels;
    }
    floats colors[3];
    if (channels == 3) {
      split_colors(from, colors);
    } else {
      bytes16 gray;
      memcpy(&gray, from, LANES);
      colors[0] = floats_from_bytes(gray);
    }
    for (size_t channel = 0; channel < channels; channel++) {
      floats value = unit_from_byte(colors[channel]);
      if (center) value = centered(value);
      if (mirrored) value = reversed(value);
      float *place = output + channel * plane + x;
      if (count == LANES) {
        store(place, value);
      } else {
        float some[LANES];
        store(some, value);
        // Reversed, the pixels that are there are the last ones.
        memcpy(place, mirrored ? some + LANES - count : some, count * sizeof(float));
      }
    }
  }
}

INLINE float sample_value(const uint8_t *from, int32_t bytes) {
  if (bytes == 1) return (float)*from / 255.0f;
  if (bytes == 2) return (float)(from[0] | from[1] << 8) / 65535.0f;
  float value;
  memcpy(&value, from, sizeof value);
  return value;
}

// One row of any samples and any number of channels.
INLINE void load_any_row(const uint8_t *row, float *output, const caug_sweep_job *job,
                         int32_t bytes, bool center) {
  size_t width = (size_t)job->width, plane = width * (size_t)job->height;
  size_t channels = (size_t)job->channels, pixel = channels * (size_t)bytes;
  for (size_t x = 0; x < width; x++) {
    const uint8_t *from = row + pixel * (job->window->mirrored ? width - 1 - x : x);
    for (size_t channel = 0; channel < channels; channel++) {
      float value = sample_value(from + channel * (size_t)bytes, bytes);
      output[channel * plane + x] = center ? (value - 0.5f) * 2.0f : value;
    }
  }
}

INLINE void load_row(const uint8_t *row, float *output, const caug_sweep_job *job, bool center) {
  size_t width = (size_t)job->width, plane = width * (size_t)job->height;
  bool mirrored = job->window->mirrored;
  if (job->window->sample_bytes == 1 && job->channels == 3) {
    if (mirrored) load_byte_row(row, output, width, plane, 3, true, center);
    else load_byte_row(row, output, width, plane, 3, false, center);
  } else if (job->window->sample_bytes == 1 && job->channels == 1) {
    if (mirrored) load_byte_row(row, output, width, plane, 1, true, center);
    else load_byte_row(row, output, width, plane, 1, false, center);
  } else if (job->window->sample_bytes == 1) {
    load_any_row(row, output, job, 1, center);
  } else if (job->window->sample_bytes == 2) {
    load_any_row(row, output, job, 2, center);
  } else {
    load_any_row(row, output, job, 4, false);
  }
}

// --- Colours ------------------------------------------------------------------------------------

INLINE floats gray_of(const floats *colors) {
  return colors[0] * 0.2989f + colors[1] * 0.587f + colors[2] * 0.114f;
}

// Hue turned by `turns`, through HSV: a pixel has the hue h (in sixths of a turn), and its colours lie
// between `bottom` and bottom + chroma, by shares that are piecewise linear in h; the same function as
// torchvision's six cases.
INLINE void turn_hue(floats *colors, float turns) {
  floats r = colors[0], g = colors[1], b = colors[2];
  floats top = larger(larger(r, g), b), bottom = smaller(smaller(r, g), b);
  floats chroma = top - bottom;
  ints is_red = top == r, is_green = top == g;
  floats difference = is_red ? g - b : (is_green ? b - r : r - g);
  floats sixth = is_red ? (floats)0.0f : (is_green ? (floats)2.0f : (floats)4.0f);
  floats h = difference / larger(chroma, (floats)1e-30f) + (sixth + 6.0f * turns);
  h = h - floored(h * (1.0f / 6.0f)) * 6.0f;
  colors[0] = bottom + chroma * clamped(magnitude(h - 3.0f) - 1.0f);
  colors[1] = bottom + chroma * clamped(2.0f - magnitude(h - 2.0f));
  colors[2] = bottom + chroma * clamped(2.0f - magnitude(h - 4.0f));
}

// One step, for pixels of one or three colours.
INLINE void color_step(floats *colors, int32_t channels, const caug_color_step *step) {
  switch (step->kind) {
    case CAUG_BRIGHTNESS:
      for (int c = 0; c < channels; c++) colors[c] = clamped(colors[c] * step->factor);
      break;
    case CAUG_CONTRAST:
      for (int c = 0; c < channels; c++) {
        colors[c] = clamped(colors[c] * step->factor + (1.0f - step->factor) * step->mean);
      }
      break;
    case CAUG_SATURATION:
      if (channels == 3) {
        floats gray = gray_of(colors) * (1.0f - step->factor);
        for (int c = 0; c < 3; c++) colors[c] = clamped(colors[c] * step->factor + gray);
      }
      break;
    default:
      if (channels == 3) turn_hue(colors, step->factor);
  }
}

// Up to sixteen pixels of a row; returns their grey values.
INLINE floats color_pixels(const float *input, float *output, const caug_sweep_job *job,
                           int32_t channels, size_t plane, size_t some) {
  floats colors[3];
  for (int32_t c = 0; c < channels; c++) colors[c] = load_some(input + (size_t)c * plane, some);
  for (int32_t i = 0; i < job->step_count; i++) color_step(colors, channels, &job->steps[i]);
  for (int32_t c = 0; c < channels; c++) {
    floats value = job->centered ? centered(colors[c]) : colors[c];
    store_some(output + (size_t)c * plane, value, some);
  }
  return channels == 3 ? gray_of(colors) : colors[0];
}

// A row of one or three planes; returns the sum of its grey values.
INLINE double color_row(const float *input, float *output, const caug_sweep_job *job,
                        int32_t channels) {
  size_t width = (size_t)job->width, plane = width * (size_t)job->height, x = 0;
  floats sums = 0;
  for (; x + LANES <= width; x += LANES) {
    sums += color_pixels(input + x, output + x, job, channels, plane, LANES);
  }
  if (x < width) {
    float kept[LANES] = {0};
    store_some(kept, color_pixels(input + x, output + x, job, channels, plane, width - x), width - x);
    sums += load(kept);
  }
  double sum = 0;
  for (int lane = 0; lane < LANES; lane++) sum += (double)sums[lane];
  return sum;
}

// A row of any number of planes, without steps.
INLINE void copy_row(const float *input, float *output, const caug_sweep_job *job) {
  size_t width = (size_t)job->width, plane = width * (size_t)job->height;
  for (size_t c = 0; c < (size_t)job->channels; c++) {
    for (size_t x = 0; x < width; x += LANES) {
      size_t some = width - x < LANES ? width - x : LANES;
      floats value = load_some(input + c * plane + x, some);
      store_some(output + c * plane + x, job->centered ? centered(value) : value, some);
    }
  }
}

// Row by row, so that a row that was just read is still near when its colours are changed.
static double KERNEL(sweep)(const caug_sweep_job *given) {
  // Copies, which no pixel that is written could change.
  caug_sweep_job copy = *given, *job = &copy;
  caug_color_step steps[CAUG_MAX_STEPS];
  for (int32_t i = 0; i < copy.step_count; i++) steps[i] = given->steps[i];
  copy.steps = steps;
  bool has_steps = job->step_count > 0 || job->summed;
  const uint8_t *samples = job->window ? job->window->first : NULL;
  double sum = 0;
  for (int32_t y = 0; y < job->height; y++) {
    size_t start = (size_t)y * (size_t)job->width;
    float *output = job->output + start;
    const float *input = output;
    if (samples) {
      load_row(samples, output, job, job->centered && !has_steps);
      samples += job->window->row_step;
      if (!has_steps) continue;
    } else {
      input = job->input + start;
    }
    if (!has_steps) copy_row(input, output, job);
    else if (job->channels == 3) sum += color_row(input, output, job, 3);
    else sum += color_row(input, output, job, 1);
  }
  return job->summed ? sum : 0;
}

static void KERNEL(grayscale)(float *planes, size_t count) {
  for (size_t i = 0; i < count; i += LANES) {
    size_t some = count - i < LANES ? count - i : LANES;
    floats colors[3];
    for (size_t c = 0; c < 3; c++) colors[c] = load_some(planes + c * count + i, some);
    floats gray = gray_of(colors);
    for (size_t c = 0; c < 3; c++) store_some(planes + c * count + i, gray, some);
  }
}

static void KERNEL(gamma)(float *values, size_t count, float exponent) {
  for (size_t i = 0; i < count; i += LANES) {
    size_t some = count - i < LANES ? count - i : LANES;
    floats value = clamped(load_some(values + i, some));
    floats small = larger(value, (floats)1e-30f);
    floats power = larger(logarithm(small) * exponent, (floats)-87.0f);
    floats result = clamped(exponential(power));
    store_some(values + i, value == 0.0f ? value : result, some);
  }
}

// --- Noise --------------------------------------------------------------------------------------

// Sixteen blocks at once, of which lane j is number `first` + j.
INLINE void philox(const caug_stream *stream, int32_t plane, uint32_t first, words output[4]) {
  const ints lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  words x = __builtin_convertvector(lanes, words) +
            ((words)(0x80000000u + ((uint32_t)plane << 24)) + first);
  words y = stream->tail[0], z = stream->tail[1], w = stream->tail[2];
  uint32_t k0 = stream->key[0], k1 = stream->key[1];
  for (int round = 0; round < 10; round++) {
    longs p = __builtin_convertvector(x, longs) * (longs)0xD2511F53ull;
    longs q = __builtin_convertvector(z, longs) * (longs)0xCD9E8D57ull;
    words nx = __builtin_convertvector(q >> 32, words) ^ y ^ k0;
    words nz = __builtin_convertvector(p >> 32, words) ^ w ^ k1;
    y = __builtin_convertvector(q, words);
    w = __builtin_convertvector(p, words);
    x = nx;
    z = nz;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  output[0] = x;
  output[1] = y;
  output[2] = z;
  output[3] = w;
}

// Above 0 and below 1: the middles of 2^23 equal parts.
INLINE floats unit_from_word(words value) {
  ints high = __builtin_convertvector(value >> 9, ints);
  return (to_floats(high) + 0.5f) * 0x1p-23f;
}

// Values 16 k + j of each 64 come from word k of block j.
INLINE void random_plane(const caug_stream *stream, int32_t plane, float *output, size_t count,
                         bool normal) {
  for (size_t i = 0; i < count; i += 4 * LANES) {
    words drawn[4];
    philox(stream, plane, (uint32_t)(i / 4), drawn);
    floats values[4];
    for (int k = 0; k < 4; k += 2) {
      floats first = unit_from_word(drawn[k]), second = unit_from_word(drawn[k + 1]);
      if (normal) {
        floats radius = __builtin_elementwise_sqrt(-2.0f * logarithm(first));
        sine_cosine(second, &values[k + 1], &values[k]);
        values[k] *= radius;
        values[k + 1] *= radius;
      } else {
        values[k] = first * 2.0f - 1.0f;
        values[k + 1] = second * 2.0f - 1.0f;
      }
    }
    for (size_t k = 0; k < 4 && i + k * LANES < count; k++) {
      size_t left = count - i - k * LANES;
      store_some(output + i + k * LANES, values[k], left < LANES ? left : LANES);
    }
  }
}

static void KERNEL(normal)(const caug_stream *stream, int32_t plane, float *output, size_t count) {
  random_plane(stream, plane, output, count, true);
}

static void KERNEL(uniform)(const caug_stream *stream, int32_t plane, float *output,
                            size_t count) {
  random_plane(stream, plane, output, count, false);
}

static void KERNEL(add)(float *values, const float *noise, float scale, size_t count) {
  for (size_t i = 0; i < count; i += LANES) {
    size_t some = count - i < LANES ? count - i : LANES;
    floats sum = load_some(values + i, some) + load_some(noise + i, some) * scale;
    store_some(values + i, clamped(sum), some);
  }
}

// --- Two images ---------------------------------------------------------------------------------

static void KERNEL(mix)(float *values, const float *others, float weight, size_t count) {
  for (size_t i = 0; i < count; i += LANES) {
    size_t some = count - i < LANES ? count - i : LANES;
    floats mean = load_some(values + i, some) * weight +
                  load_some(others + i, some) * (1.0f - weight);
    store_some(values + i, mean, some);
  }
}

// --- Neighbourhoods -----------------------------------------------------------------------------

// A place beyond the edges, mirrored without repeating the edge; the period is 2 (length - 1).
INLINE int32_t reflected(int32_t place, int32_t length) {
  if (place >= 0 && place < length) return place;
  if (length == 1) return 0;
  int32_t period = 2 * (length - 1);
  place %= period;
  if (place < 0) place += period;
  return place < length ? place : period - place;
}

static void KERNEL(blur)(const float *input, float *output, float *scratch, int32_t width,
                         int32_t height, const float *kernel, int32_t radius) {
  size_t row = (size_t)width;
  float *padded = scratch + row * (size_t)height;
  for (int32_t y = 0; y < height; y++) {
    const float *from = input + (size_t)y * row;
    for (int32_t x = -radius; x < width + radius; x++) {
      padded[x + radius] = from[reflected(x, width)];
    }
    float *to = scratch + (size_t)y * row;
    for (size_t x = 0; x < row; x += LANES) {
      size_t some = row - x < LANES ? row - x : LANES;
      floats sum = 0;
      for (int32_t tap = 0; tap <= 2 * radius; tap++) {
        sum += load_some(padded + x + tap, some) * kernel[tap];
      }
      store_some(to + x, sum, some);
    }
  }
  for (int32_t y = 0; y < height; y++) {
    float *to = output + (size_t)y * row;
    for (size_t x = 0; x < row; x += LANES) {
      size_t some = row - x < LANES ? row - x : LANES;
      floats sum = 0;
      for (int32_t tap = -radius; tap <= radius; tap++) {
        const float *from = scratch + (size_t)reflected(y + tap, height) * row;
        sum += load_some(from + x, some) * kernel[tap + radius];
      }
      store_some(to + x, sum, some);
    }
  }
}

// One of the pixels that a new one is made of: its place, or -1 for the colour around the image.
INLINE int64_t fetched(const caug_warp *warp, int64_t x, int64_t y) {
  bool inside = x >= 0 && x < warp->width && y >= 0 && y < warp->height;
  if (!inside) {
    if (warp->border == CAUG_CONSTANT) return -1;
    // Places far outside are brought near first: no more than this is ever mirrored exactly.
    const int64_t limit = 1 << 28;
    int32_t near_x = (int32_t)(x < -limit ? -limit : x > limit ? limit : x);
    int32_t near_y = (int32_t)(y < -limit ? -limit : y > limit ? limit : y);
    if (warp->border == CAUG_REFLECT) {
      x = reflected(near_x, warp->width);
      y = reflected(near_y, warp->height);
    } else {
      x = near_x < 0 ? 0 : near_x >= warp->width ? warp->width - 1 : near_x;
      y = near_y < 0 ? 0 : near_y >= warp->height ? warp->height - 1 : near_y;
    }
  }
  return y * warp->width + x;
}

INLINE float fetch(const caug_warp *warp, const float *plane, int32_t channel, int64_t place) {
  return place < 0 ? warp->fill[channel] : plane[place];
}

INLINE double cut(double value) { return value < -1e9 ? -1e9 : value > 1e9 ? 1e9 : value; }

static void KERNEL(remap)(const caug_warp *warp) {
  size_t pixels = (size_t)warp->width * (size_t)warp->height;
  const double *m = warp->matrix;
  size_t index = 0;
  for (int32_t row = 0; row < warp->height; row++) {
    for (int32_t column = 0; column < warp->width; column++, index++) {
      double x = m[0] * column + m[1] * row + m[2], y = m[3] * column + m[4] * row + m[5];
      if (warp->dx) x += (double)warp->dx[index];
      if (warp->dy) y += (double)warp->dy[index];
      x = cut(x);
      y = cut(y);
      if (warp->nearest) {
        int64_t place = fetched(warp, (int64_t)__builtin_rint(x), (int64_t)__builtin_rint(y));
        for (int32_t c = 0; c < warp->channels; c++) {
          const float *plane = warp->input + (size_t)c * pixels;
          warp->output[(size_t)c * pixels + index] = fetch(warp, plane, c, place);
        }
        continue;
      }
      int64_t left = (int64_t)x - (x < (double)(int64_t)x), top = (int64_t)y - (y < (double)(int64_t)y);
      float fx = (float)(x - (double)left), fy = (float)(y - (double)top);
      int64_t places[4];
      if (left >= 0 && left + 1 < warp->width && top >= 0 && top + 1 < warp->height) {
        places[0] = top * warp->width + left;
        places[1] = places[0] + 1;
        places[2] = places[0] + warp->width;
        places[3] = places[2] + 1;
      } else {
        for (int corner = 0; corner < 4; corner++) {
          places[corner] = fetched(warp, left + (corner & 1), top + (corner >> 1));
        }
      }
      for (int32_t c = 0; c < warp->channels; c++) {
        const float *plane = warp->input + (size_t)c * pixels;
        float upper = fetch(warp, plane, c, places[0]) * (1.0f - fx) +
                      fetch(warp, plane, c, places[1]) * fx;
        float lower = fetch(warp, plane, c, places[2]) * (1.0f - fx) +
                      fetch(warp, plane, c, places[3]) * fx;
        warp->output[(size_t)c * pixels + index] = upper * (1.0f - fy) + lower * fy;
      }
    }
  }
}

const caug_kernels KERNEL(kernels) = {
    KERNEL(sweep),   KERNEL(grayscale), KERNEL(gamma), KERNEL(normal),
    KERNEL(uniform), KERNEL(add),       KERNEL(mix),   KERNEL(blur),
    KERNEL(remap),
};
