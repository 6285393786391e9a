// SPDX-License-Identifier: Apache-2.0
#include "codecs.h"

#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

// --- UTF-8 ---------------------------------------------------------------------------------------

enum { BLOCK = 128 };

bool ej_is_ascii(const uint8_t *data, size_t size) {
  size_t i = 0;
  for (; i + BLOCK <= size; i += BLOCK) { // compilers make vectors of the inner loop
    uint8_t all = 0;
    for (size_t k = 0; k < BLOCK; k++) all |= data[i + k];
    if (all >= 0x80) return false;
  }
  for (; i < size; i++)
    if (data[i] >= 0x80) return false;
  return true;
}

// How many continuation bytes follow `lead`, and the bounds of the first of them; -1 for no lead
// byte.
static int continuation(uint8_t lead, uint8_t *low, uint8_t *high) {
  *low = 0x80;
  *high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) return 1;
  if (lead >= 0xE0 && lead <= 0xEF) {
    if (lead == 0xE0) *low = 0xA0;  // shorter forms exist
    if (lead == 0xED) *high = 0x9F; // surrogates
    return 2;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    if (lead == 0xF0) *low = 0x90;
    if (lead == 0xF4) *high = 0x8F; // above U+10FFFF
    return 3;
  }
  return -1;
}

bool ej_is_utf8(const uint8_t *data, size_t size) {
  if (ej_is_ascii(data, size)) return true; // in a fraction of the time
  for (size_t i = 0; i < size;) {
    if (data[i] < 0x80) {
      i++;
      continue;
    }
    uint8_t low, high;
    int more = continuation(data[i], &low, &high);
    if (more < 0 || size - i <= (size_t)more) return false;
    if (data[i + 1] < low || data[i + 1] > high) return false;
    for (int k = 2; k <= more; k++)
      if ((data[i + k] & 0xC0) != 0x80) return false;
    i += (size_t)more + 1;
  }
  return true;
}

size_t ej_utf8_incomplete(const uint8_t *data, size_t size) {
  size_t most = size < 3 ? size : 3;
  for (size_t back = 1; back <= most; back++) {
    const uint8_t *lead = data + size - back;
    if ((*lead & 0xC0) == 0x80) continue; // a continuation byte: its lead is further back
    uint8_t low, high;
    int more = *lead < 0x80 ? 0 : continuation(*lead, &low, &high);
    if (more < (int)back) return 0; // whole, or never valid
    if (back > 1 && (lead[1] < low || lead[1] > high)) return 0;
    return back;
  }
  return 0;
}

size_t ej_utf8_cut(const uint8_t *data, size_t size, size_t limit) {
  if (limit >= size) return size;
  while (limit > 0 && (data[limit] & 0xC0) == 0x80) limit--;
  return limit;
}

// --- Hexadecimal ---------------------------------------------------------------------------------

void ej_hex_encode(const uint8_t *restrict data, size_t size, char *restrict out) {
  // Without a table, so that compilers can make vectors of it: '0' to '9', and 'a' 39 further on.
  for (size_t i = 0; i < size; i++) {
    uint8_t high = data[i] >> 4, low = data[i] & 15;
    out[2 * i] = (char)(high + '0' + (high > 9 ? 39 : 0));
    out[2 * i + 1] = (char)(low + '0' + (low > 9 ? 39 : 0));
  }
}

static int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

size_t ej_hex_decode(const char *text, size_t length, uint8_t *out, size_t room) {
  size_t written = 0;
  for (; written < room && 2 * written + 1 < length; written++) {
    int high = hex_value(text[2 * written]), low = hex_value(text[2 * written + 1]);
    if (high < 0 || low < 0) break;
    out[written] = (uint8_t)(high << 4 | low);
  }
  return written;
}

// --- base64 --------------------------------------------------------------------------------------

static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

size_t ej_base64_length(size_t size, bool url) {
  size_t rest = size % 3;
  return size / 3 * 4 + (rest == 0 ? 0 : url ? rest + 1 : 4);
}

#if defined(__x86_64__)
// 24 bytes at a time (W. Mula's method): each group of three bytes is spread over 32 bits, two
// multiplications move its four values to bytes of their own, and what turns a value into a digit
// is looked up by the run of the alphabet that it is in. Returns how many bytes it encoded.
__attribute__((target("avx2"))) static size_t encode_wide(const uint8_t *restrict data, size_t size,
                                                          bool url, char *restrict out) {
  const char digit = '0' - 52, plus = url ? '-' - 62 : '+' - 62, slash = url ? '_' - 63 : '/' - 63;
  const __m256i order =
      _mm256_broadcastsi128_si256(_mm_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10));
  const __m256i shifts = _mm256_broadcastsi128_si256(
      _mm_setr_epi8('a' - 26, digit, digit, digit, digit, digit, digit, digit, digit, digit, digit,
                    plus, slash, 'A', 0, 0));
  size_t i = 0;
  for (; i + 28 <= size; i += 24, out += 32) {
    __m256i bits = _mm256_set_m128i(_mm_loadu_si128((const __m128i *)(data + i + 12)),
                                    _mm_loadu_si128((const __m128i *)(data + i)));
    bits = _mm256_shuffle_epi8(bits, order);
    __m256i odd = _mm256_mulhi_epu16(_mm256_and_si256(bits, _mm256_set1_epi32(0x0FC0FC00)),
                                     _mm256_set1_epi32(0x04000040));
    __m256i even = _mm256_mullo_epi16(_mm256_and_si256(bits, _mm256_set1_epi32(0x003F03F0)),
                                      _mm256_set1_epi32(0x01000010));
    __m256i values = _mm256_or_si256(odd, even);
    // 13 for a capital, 0 for a small letter, 1 to 10 for a figure, 11 and 12 for the last two.
    __m256i run = _mm256_subs_epu8(values, _mm256_set1_epi8(51));
    __m256i capital = _mm256_cmpgt_epi8(_mm256_set1_epi8(26), values);
    run = _mm256_or_si256(run, _mm256_and_si256(capital, _mm256_set1_epi8(13)));
    _mm256_storeu_si256((__m256i *)out, _mm256_add_epi8(values, _mm256_shuffle_epi8(shifts, run)));
  }
  return i;
}

static size_t encode_start(const uint8_t *data, size_t size, bool url, char *out) {
  return __builtin_cpu_supports("avx2") ? encode_wide(data, size, url, out) : 0;
}
#else
static size_t encode_start(const uint8_t *data, size_t size, bool url, char *out) {
  (void)data, (void)size, (void)url, (void)out;
  return 0;
}
#endif

void ej_base64_encode(const uint8_t *data, size_t size, bool url, char *out) {
  const char *alphabet = url ? url_safe : standard;
  size_t i = encode_start(data, size, url, out);
  out += i / 3 * 4;
  for (; i + 3 <= size; i += 3) {
    uint32_t bits = (uint32_t)data[i] << 16 | (uint32_t)data[i + 1] << 8 | data[i + 2];
    *out++ = alphabet[bits >> 18];
    *out++ = alphabet[bits >> 12 & 63];
    *out++ = alphabet[bits >> 6 & 63];
    *out++ = alphabet[bits & 63];
  }
  if (i == size) return;
  uint32_t bits = (uint32_t)data[i] << 16 | (i + 1 < size ? (uint32_t)data[i + 1] << 8 : 0);
  *out++ = alphabet[bits >> 18];
  *out++ = alphabet[bits >> 12 & 63];
  if (i + 1 < size) {
    *out++ = alphabet[bits >> 6 & 63];
  } else if (!url) {
    *out++ = '=';
  }
  if (!url) *out = '=';
}

// The value of a digit in either alphabet, 64 for other characters.
static const uint8_t values[256] = {
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 62, 64, 62, 64, 63,
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 64, 64, 64, 64, 64, 64, 64, 0,  1,  2,  3,  4,  5,  6,
    7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 64, 64, 64, 64, 63,
    64, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48,
    49, 50, 51, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64};

// Whole groups of four digits, as long as nothing else is between them. Returns the characters
// read.
static size_t decode_groups(const uint8_t *text, size_t length, uint8_t *out, size_t room) {
  size_t read = 0;
  for (size_t written = 0; read + 4 <= length && written + 3 <= room; read += 4, written += 3) {
    uint8_t a = values[text[read]], b = values[text[read + 1]];
    uint8_t c = values[text[read + 2]], d = values[text[read + 3]];
    if ((a | b | c | d) & 64) break;
    out[written] = (uint8_t)(a << 2 | b >> 4);
    out[written + 1] = (uint8_t)(b << 4 | c >> 2);
    out[written + 2] = (uint8_t)(c << 6 | d);
  }
  return read;
}

size_t ej_base64_decode(const char *text, size_t length, uint8_t *out, size_t room) {
  const uint8_t *digits = (const uint8_t *)text;
  size_t read = decode_groups(digits, length, out, room);
  size_t written = read / 4 * 3;
  uint32_t bits = 0;
  int count = 0;
  for (; read < length && written < room; read++) {
    uint8_t value = values[digits[read]];
    if (digits[read] == '=') break; // padding ends the text, whatever follows
    if (value == 64) continue;
    bits = bits << 6 | value;
    if (++count == 1) continue;
    // Digits 2, 3 and 4 of a group each complete a byte.
    out[written++] = (uint8_t)(bits >> (count == 2 ? 4 : count == 3 ? 2 : 0));
    if (count == 4) count = 0;
  }
  return written;
}
