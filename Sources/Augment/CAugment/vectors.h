// Vectors of sixteen, in the compiler's own notation: one text for every instruction set.
#ifndef CAUG_VECTORS_H
#define CAUG_VECTORS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Vectors are arguments of inlined functions only: how they would be passed does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

// A product and a sum round separately, on every processor.
#pragma STDC FP_CONTRACT OFF

enum { LANES = 16 };

typedef float floats __attribute__((ext_vector_type(16)));
typedef double doubles __attribute__((ext_vector_type(16)));
typedef int32_t ints __attribute__((ext_vector_type(16)));
typedef uint32_t words __attribute__((ext_vector_type(16)));
typedef uint64_t longs __attribute__((ext_vector_type(16)));
typedef uint8_t bytes16 __attribute__((ext_vector_type(16)));

#define INLINE static inline __attribute__((always_inline))

INLINE floats load(const float *from) {
  floats value;
  memcpy(&value, from, sizeof value);
  return value;
}

INLINE void store(float *to, floats value) { memcpy(to, &value, sizeof value); }

// Up to sixteen values, fewer at the end of a row: those that are not there are 0, and are not
// written.
INLINE floats load_some(const float *from, size_t count) {
  if (count == LANES) return load(from);
  floats value = 0;
  memcpy(&value, from, count * sizeof(float));
  return value;
}

INLINE void store_some(float *to, floats value, size_t count) {
  if (count == LANES) {
    store(to, value);
    return;
  }
  memcpy(to, &value, count * sizeof(float));
}

INLINE floats smaller(floats a, floats b) { return a < b ? a : b; }
INLINE floats larger(floats a, floats b) { return a > b ? a : b; }
INLINE floats clamped(floats value) { return smaller(larger(value, (floats)0.0f), (floats)1.0f); }

INLINE floats as_floats(ints bits) {
  floats value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

INLINE ints as_ints(floats value) {
  ints bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

INLINE floats magnitude(floats value) { return as_floats(as_ints(value) & 0x7fffffff); }

INLINE floats to_floats(ints value) { return __builtin_convertvector(value, floats); }

// The nearest whole number, for values below 2^22: adding 1.5 * 2^23 leaves no bits behind the point.
INLINE floats rounded(floats value) {
  const float shift = 12582912.0f;
  return (value + shift) - shift;
}

// The natural logarithm of positive normal numbers: mantissa and exponent apart, the mantissa by the
// polynomial of Cephes's logf (S. Moshier).
INLINE floats logarithm(floats value) {
  ints bits = as_ints(value);
  ints exponent = (bits >> 23) - 126;
  floats m = as_floats((bits & 0x007fffff) | 0x3f000000);  // 0.5 to 1
  ints low = m < 0.707106781186547524f;                     // -1 where it is
  exponent += low;
  m = (m < 0.707106781186547524f ? m + m : m) - 1.0f;
  floats e = to_floats(exponent), z = m * m;
  floats y = 7.0376836292e-2f * m - 1.1514610310e-1f;
  y = y * m + 1.1676998740e-1f;
  y = y * m - 1.2420140846e-1f;
  y = y * m + 1.4249322787e-1f;
  y = y * m - 1.6668057665e-1f;
  y = y * m + 2.0000714765e-1f;
  y = y * m - 2.4999993993e-1f;
  y = y * m + 3.3333331174e-1f;
  y = y * m * z;
  y += -2.12194440e-4f * e;
  y -= 0.5f * z;
  return m + y + 0.693359375f * e;
}

// e to the power of values between -87 and 88: Cephes's expf.
INLINE floats exponential(floats value) {
  floats n = rounded(value * 1.44269504088896341f);
  floats r = (value - n * 0.693359375f) - n * -2.12194440e-4f;
  floats y = 1.9875691500e-4f * r + 1.3981999507e-3f;
  y = y * r + 8.3334519073e-3f;
  y = y * r + 4.1665795894e-2f;
  y = y * r + 1.6666665459e-1f;
  y = y * r + 5.0000001201e-1f;
  y = y * (r * r) + r + 1.0f;
  ints power = (__builtin_convertvector(n, ints) + 127) << 23;
  return y * as_floats(power);
}

// The sine and cosine of `turns` full turns, 0 to 1: the quarter apart, the rest by Cephes's sinf and
// cosf.
INLINE void sine_cosine(floats turns, floats *sine, floats *cosine) {
  floats quarter = rounded(turns * 4.0f);
  floats x = (turns - quarter * 0.25f) * 6.283185307179586f;
  floats z = x * x;
  floats s = ((-1.9515295891e-4f * z + 8.3321608736e-3f) * z - 1.6666654611e-1f) * z * x + x;
  floats c = ((2.443315711809948e-5f * z - 1.388731625493765e-3f) * z + 4.166664568298827e-2f) * z *
                 z -
             0.5f * z + 1.0f;
  ints q = __builtin_convertvector(quarter, ints);
  ints swapped = (q & 1) != 0;
  floats first = swapped ? c : s, second = swapped ? s : c;
  *sine = (q & 2) != 0 ? -first : first;
  *cosine = ((q + 1) & 2) != 0 ? -second : second;
}

#endif
