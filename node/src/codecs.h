// SPDX-License-Identifier: Apache-2.0
//
// UTF-8, base64 and hexadecimal on plain memory.
#ifndef EJ_CODECS_H
#define EJ_CODECS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool ej_is_ascii(const uint8_t *data, size_t size);
bool ej_is_utf8(const uint8_t *data, size_t size);
// How many bytes at the end begin a character that more bytes could complete: 0 to 3.
size_t ej_utf8_incomplete(const uint8_t *data, size_t size);
// The largest length not above `limit` at which well-formed UTF-8 text can be cut.
size_t ej_utf8_cut(const uint8_t *data, size_t size, size_t limit);

// Writes 2 * size digits.
void ej_hex_encode(const uint8_t *data, size_t size, char *out);
// Stops at the first pair that is not hexadecimal or when `out` is full. Returns the bytes written.
size_t ej_hex_decode(const char *text, size_t length, uint8_t *out, size_t room);

// The length of the text, padded unless `url`.
size_t ej_base64_length(size_t size, bool url);
void ej_base64_encode(const uint8_t *data, size_t size, bool url, char *out);
// Takes both alphabets, skips what belongs to neither and ends at '='. Returns the bytes written,
// `room` at most.
size_t ej_base64_decode(const char *text, size_t length, uint8_t *out, size_t room);

#endif
