// SPDX-License-Identifier: Apache-2.0
#include "siphash.h"

#include <string.h>

typedef struct state {
  uint64_t a, b, c, d;
} state;

static inline uint64_t rotate(uint64_t value, int bits) {
  return value << bits | value >> (64 - bits);
}

static inline void mix(state *s) {
  s->a += s->b, s->b = rotate(s->b, 13) ^ s->a, s->a = rotate(s->a, 32);
  s->c += s->d, s->d = rotate(s->d, 16) ^ s->c;
  s->a += s->d, s->d = rotate(s->d, 21) ^ s->a;
  s->c += s->b, s->b = rotate(s->b, 17) ^ s->c, s->c = rotate(s->c, 32);
}

static inline void absorb(state *s, uint64_t word) {
  s->d ^= word;
  mix(s), mix(s);
  s->a ^= word;
}

static inline uint64_t finish(state *s) {
  mix(s), mix(s), mix(s), mix(s);
  return s->a ^ s->b ^ s->c ^ s->d;
}

static inline uint64_t little_endian(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

static void put_little_endian(uint8_t *bytes, uint64_t word) {
  for (int i = 0; i < 8; i++) bytes[i] = (uint8_t)(word >> 8 * i);
}

void ej_siphash(const uint8_t key[16], const uint8_t *bytes, size_t size, uint8_t tag[16]) {
  uint64_t k0 = little_endian(key), k1 = little_endian(key + 8);
  // "somepseudorandomlygeneratedbytes"; 0xee and 0xdd belong to the variant with 128 bits.
  state s = {k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d ^ 0xee, k0 ^ 0x6c7967656e657261,
             k1 ^ 0x7465646279746573};
  size_t whole = size & ~(size_t)7;
  for (size_t i = 0; i < whole; i += 8) absorb(&s, little_endian(bytes + i));
  uint64_t last = (uint64_t)size << 56;
  for (size_t i = whole; i < size; i++) last |= (uint64_t)bytes[i] << 8 * (i - whole);
  absorb(&s, last);
  s.c ^= 0xee;
  put_little_endian(tag, finish(&s));
  s.b ^= 0xdd;
  put_little_endian(tag + 8, finish(&s));
}
