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

// The first `count` of them in reverse, the rest anything.
INLINE floats reversed_some(floats value, size_t count) {
  float lanes[LANES];
  store(lanes, reversed(value));
  return load_some(lanes + LANES - count, count);
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

// Up to sixteen pixels of one or three 8-bit samples.
INLINE void load_bytes(const uint8_t *from, floats *colors, int32_t channels, size_t count) {
  uint8_t pixels[3 * LANES];
  if (count < LANES) {
    memset(pixels, 0, sizeof pixels);
    memcpy(pixels, from, (size_t)channels * count);
    from = pixels;
  }
  if (channels == 3) {
    split_colors(from, colors);
  } else {
    bytes16 gray;
    memcpy(&gray, from, LANES);
    colors[0] = floats_from_bytes(gray);
  }
  for (int32_t c = 0; c < channels; c++) colors[c] = unit_from_byte(colors[c]);
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

// --- Colours ------------------------------------------------------------------------------------

INLINE floats gray_of(const floats *colors) {
  return colors[0] * 0.2989f + colors[1] * 0.587f + colors[2] * 0.114f;
}

// Hue turned by `turns`, through HSV: the same function as torchvision's six cases.
//
// A pixel's colours lie between `bottom` and bottom + chroma, by shares that are piecewise linear in the
// hue h, 0 to 6. Here all of it is multiplied by the chroma, so that nothing is divided: `hue` is h times
// chroma, and a share that would be cut to 0 to 1 is cut to 0 to chroma.
INLINE void turn_hue(floats *colors, float turns) {
  floats r = colors[0], g = colors[1], b = colors[2];
  floats top = larger(larger(r, g), b), bottom = smaller(smaller(r, g), b);
  floats chroma = top - bottom, two = chroma + chroma, zero = 0;
  ints is_red = top == r, is_green = top == g;
  floats difference = is_red ? g - b : (is_green ? b - r : r - g);
  floats sixth = is_red ? zero : (is_green ? two : two + two);
  floats circle = two + two + two;
  floats hue = difference + sixth + circle * turns;
  hue = hue < 0.0f ? hue + circle : hue;
  hue = hue >= circle ? hue - circle : hue;
  floats red = magnitude(hue - (two + chroma)) - chroma;
  floats green = two - magnitude(hue - two);
  floats blue = two - magnitude(hue - (two + two));
  colors[0] = bottom + smaller(larger(red, zero), chroma);
  colors[1] = bottom + smaller(larger(green, zero), chroma);
  colors[2] = bottom + smaller(larger(blue, zero), chroma);
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

// Where the pixels of a row are.
typedef enum { PLANES, BYTES, MIRRORED_BYTES } row_source;

// Pixels x ..< x + some of a row; returns their grey values.
INLINE floats sweep_pixels(const caug_sweep_job *job, row_source source, const void *row,
                           float *output, int32_t channels, size_t x, size_t some) {
  size_t width = (size_t)job->width, plane = width * (size_t)job->height;
  floats colors[3];
  if (source == PLANES) {
    for (int32_t c = 0; c < channels; c++) {
      colors[c] = load_some((const float *)row + (size_t)c * plane + x, some);
    }
  } else {
    size_t first = source == BYTES ? x : width - x - some;
    load_bytes((const uint8_t *)row + (size_t)channels * first, colors, channels, some);
    for (int32_t c = 0; c < channels && source == MIRRORED_BYTES; c++) {
      colors[c] = some == LANES ? reversed(colors[c]) : reversed_some(colors[c], some);
    }
  }
  for (int32_t i = 0; i < job->step_count; i++) color_step(colors, channels, &job->steps[i]);
  for (int32_t c = 0; c < channels; c++) {
    floats value = job->centered ? centered(colors[c]) : colors[c];
    store_some(output + (size_t)c * plane + x, value, some);
  }
  return channels == 3 ? gray_of(colors) : colors[0];
}

// A row of one or three channels; returns the sum of its grey values, if it is asked for.
INLINE double sweep_row(const caug_sweep_job *job, row_source source, const void *row,
                        float *output, int32_t channels) {
  size_t width = (size_t)job->width, x = 0;
  floats sums = 0;
  for (; x + LANES <= width; x += LANES) {
    floats gray = sweep_pixels(job, source, row, output, channels, x, LANES);
    if (job->summed) sums += gray;
  }
  if (x < width) {
    float kept[LANES] = {0};
    floats gray = sweep_pixels(job, source, row, output, channels, x, width - x);
    store_some(kept, gray, width - x);
    sums += load(kept);
  }
  double sum = 0;
  for (int lane = 0; lane < LANES && job->summed; lane++) sum += (double)sums[lane];
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

// A row of samples without a version of its own: loaded first, then like planes.
INLINE double load_and_sweep_row(const caug_sweep_job *job, const uint8_t *row, float *output) {
  bool is_plain = job->step_count == 0 && !job->summed;
  bool center = job->centered && is_plain;
  switch (job->window->sample_bytes) {
    case 1: load_any_row(row, output, job, 1, center); break;
    case 2: load_any_row(row, output, job, 2, center); break;
    default: load_any_row(row, output, job, 4, false);
  }
  if (is_plain) return 0;
  return job->channels == 3 ? sweep_row(job, PLANES, output, output, 3)
                            : sweep_row(job, PLANES, output, output, 1);
}

INLINE double sweep_sample_row(const caug_sweep_job *job, const uint8_t *row, float *output) {
  bool is_mirrored = job->window->mirrored;
  if (job->window->sample_bytes == 1 && job->channels == 3) {
    return is_mirrored ? sweep_row(job, MIRRORED_BYTES, row, output, 3)
                       : sweep_row(job, BYTES, row, output, 3);
  }
  if (job->window->sample_bytes == 1 && job->channels == 1) {
    return is_mirrored ? sweep_row(job, MIRRORED_BYTES, row, output, 1)
                       : sweep_row(job, BYTES, row, output, 1);
  }
  return load_and_sweep_row(job, row, output);
}

INLINE double sweep_plane_row(const caug_sweep_job *job, const float *row, float *output) {
  if (job->step_count == 0 && !job->summed) {
    copy_row(row, output, job);
    return 0;
  }
  return job->channels == 3 ? sweep_row(job, PLANES, row, output, 3)
                            : sweep_row(job, PLANES, row, output, 1);
}

static double KERNEL(sweep)(const caug_sweep_job *given) {
  // Copies, which no pixel that is written could change.
  caug_sweep_job copy = *given;
  caug_color_step steps[CAUG_MAX_STEPS];
  for (int32_t i = 0; i < copy.step_count; i++) steps[i] = given->steps[i];
  copy.steps = steps;
  const uint8_t *samples = copy.window ? copy.window->first : NULL;
  double sum = 0;
  for (int32_t y = 0; y < copy.height; y++) {
    size_t start = (size_t)y * (size_t)copy.width;
    if (samples) {
      sum += sweep_sample_row(&copy, samples, copy.output + start);
      samples += copy.window->row_step;
    } else {
      sum += sweep_plane_row(&copy, copy.input + start, copy.output + start);
    }
  }
  return sum;
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

// One new pixel.
INLINE void remap_pixel(const caug_warp *warp, double x, double y, size_t index) {
  size_t pixels = (size_t)warp->width * (size_t)warp->height;
  x = cut(x);
  y = cut(y);
  if (warp->nearest) {
    int64_t place = fetched(warp, (int64_t)__builtin_rint(x), (int64_t)__builtin_rint(y));
    for (int32_t c = 0; c < warp->channels; c++) {
      const float *plane = warp->input + (size_t)c * pixels;
      warp->output[(size_t)c * pixels + index] = fetch(warp, plane, c, place);
    }
    return;
  }
  int64_t left = (int64_t)x - (x < (double)(int64_t)x), top = (int64_t)y - (y < (double)(int64_t)y);
  float fx = (float)(x - (double)left), fy = (float)(y - (double)top);
  int64_t places[4];
  for (int corner = 0; corner < 4; corner++) {
    places[corner] = fetched(warp, left + (corner & 1), top + (corner >> 1));
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

// from[places[i]] for each i: one load after another, which many processors do faster than their gather
// instructions.
INLINE floats gather(const float *from, const int32_t *places) {
  float found[LANES];
  for (int lane = 0; lane < LANES; lane++) found[lane] = from[places[lane]];
  return load(found);
}

// Sixteen new pixels by bilinear means, all of whose old ones lie inside: the same sums.
INLINE void remap_inside(const caug_warp *warp, doubles x, doubles y, size_t index) {
  size_t pixels = (size_t)warp->width * (size_t)warp->height, row = (size_t)warp->width;
  ints left = __builtin_convertvector(x, ints), top = __builtin_convertvector(y, ints);
  floats fx = __builtin_convertvector(x - __builtin_convertvector(left, doubles), floats);
  floats fy = __builtin_convertvector(y - __builtin_convertvector(top, doubles), floats);
  ints first = top * warp->width + left;
  int32_t places[LANES];
  memcpy(places, &first, sizeof places);
  for (int32_t c = 0; c < warp->channels; c++) {
    const float *plane = warp->input + (size_t)c * pixels;
    floats upper = gather(plane, places) * (1.0f - fx) + gather(plane + 1, places) * fx;
    const float *below = plane + row;
    floats lower = gather(below, places) * (1.0f - fx) + gather(below + 1, places) * fx;
    store(warp->output + (size_t)c * pixels + index, upper * (1.0f - fy) + lower * fy);
  }
}

static void KERNEL(remap)(const caug_warp *given) {
  // A copy, which no pixel that is written could change.
  caug_warp copy = *given, *warp = &copy;
  const doubles steps = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const double *m = warp->matrix;
  bool in_vectors = !warp->nearest && (int64_t)warp->width * warp->height < INT32_MAX;
  size_t index = 0;
  for (int32_t row = 0; row < warp->height; row++) {
    int32_t column = 0;
    while (column < warp->width) {
      size_t some = warp->width - column < LANES ? (size_t)(warp->width - column) : LANES;
      doubles columns = steps + (double)column;
      doubles x = m[0] * columns + m[1] * row + m[2], y = m[3] * columns + m[4] * row + m[5];
      if (warp->dx) x += __builtin_convertvector(load_some(warp->dx + index, some), doubles);
      if (warp->dy) y += __builtin_convertvector(load_some(warp->dy + index, some), doubles);
      // Bits of 64 as bits of 32: all are 0 or all are 1.
      ints inside = __builtin_convertvector(
          (x >= 0.0) & (x < (double)(warp->width - 1)) & (y >= 0.0) &
              (y < (double)(warp->height - 1)),
          ints);
      if (in_vectors && some == LANES && __builtin_reduce_and(inside) != 0) {
        remap_inside(warp, x, y, index);
      } else {
        for (size_t lane = 0; lane < some; lane++) remap_pixel(warp, x[lane], y[lane], index + lane);
      }
      column += (int32_t)some;
      index += some;
    }
  }
}

const caug_kernels KERNEL(kernels) = {
    KERNEL(sweep),   KERNEL(grayscale), KERNEL(gamma), KERNEL(normal),
    KERNEL(uniform), KERNEL(add),       KERNEL(mix),   KERNEL(blur),
    KERNEL(remap),
};
