// SHA-256 (FIPS 180-4) of as many messages at once as a vector has 32-bit lanes.
//
// The file that includes this defines LANES, TARGET (a function attribute) and, after it,
// load_block(): word i of the block of every message into words[i], in the processor's byte order;
// and majority(): each bit as most of three have it.
#include <stdint.h>

typedef uint32_t vector __attribute__((vector_size(4 * LANES)));

#define INLINE TARGET __attribute__((always_inline)) static inline

INLINE void load_block(const uint8_t *const messages[], size_t offset, vector words[16]);
INLINE vector majority(vector x, vector y, vector z);

// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
static const uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

INLINE vector rotated(vector x, int count) { return x >> count | x << (32 - count); }

INLINE vector big_sigma0(vector x) { return rotated(x, 2) ^ rotated(x, 13) ^ rotated(x, 22); }
INLINE vector big_sigma1(vector x) { return rotated(x, 6) ^ rotated(x, 11) ^ rotated(x, 25); }
INLINE vector small_sigma0(vector x) { return rotated(x, 7) ^ rotated(x, 18) ^ x >> 3; }
INLINE vector small_sigma1(vector x) { return rotated(x, 17) ^ rotated(x, 19) ^ x >> 10; }
INLINE vector choose(vector x, vector y, vector z) { return z ^ (x & (y ^ z)); }

// Keeps the compiler from adding in another order: where an addition takes two cycles, as on Zen 5,
// the order decides how long a round waits for the one before.
INLINE vector in_order(vector x) {
  __asm__("" : "+v"(x));
  return x;
}

// One round; the caller turns the names instead of moving the values. What depends on the e and a
// of the round before comes last. The word becomes the one of sixteen rounds later, if there is one.
#define ROUND(a, b, c, d, e, f, g, h, i)                                  \
  do {                                                                    \
    vector early = in_order(h + (words[i] + constants[i]));               \
    vector chosen = in_order(in_order(early + d) + choose(e, f, g));      \
    vector next = in_order(chosen + big_sigma1(e));                       \
    h = in_order(in_order(next - d) + majority(a, b, c)) + big_sigma0(a); \
    d = next;                                                             \
    if (first < 48) {                                                     \
      words[i] += small_sigma0(words[(i + 1) & 15]) +                     \
                  words[(i + 9) & 15] +                                   \
                  small_sigma1(words[(i + 14) & 15]);                     \
    }                                                                     \
  } while (0)

#define EIGHT_ROUNDS(i)                 \
  ROUND(a, b, c, d, e, f, g, h, i);     \
  ROUND(h, a, b, c, d, e, f, g, i + 1); \
  ROUND(g, h, a, b, c, d, e, f, i + 2); \
  ROUND(f, g, h, a, b, c, d, e, i + 3); \
  ROUND(e, f, g, h, a, b, c, d, i + 4); \
  ROUND(d, e, f, g, h, a, b, c, i + 5); \
  ROUND(c, d, e, f, g, h, a, b, i + 6); \
  ROUND(b, c, d, e, f, g, h, a, i + 7)

INLINE void compress_block(vector state[8], vector words[16]) {
  vector a = state[0], b = state[1], c = state[2], d = state[3];
  vector e = state[4], f = state[5], g = state[6], h = state[7];
#pragma clang loop unroll(full)
  for (int first = 0; first < 64; first += 16) {
    const uint32_t *constants = round_constants + first;
    EIGHT_ROUNDS(0);
    EIGHT_ROUNDS(8);
  }
  state[0] += a, state[1] += b, state[2] += c, state[3] += d;
  state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

INLINE void compress_blocks(uint32_t *words_of_state, const uint8_t *const messages[],
                            size_t blocks) {
  vector state[8], words[16];
  __builtin_memcpy(state, words_of_state, sizeof state);
  for (size_t block = 0; block < blocks; block++) {
    load_block(messages, 64 * block, words);
    compress_block(state, words);
  }
  __builtin_memcpy(words_of_state, state, sizeof state);
}
