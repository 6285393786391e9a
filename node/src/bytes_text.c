// SPDX-License-Identifier: Apache-2.0
//
// Text to bytes and back, in each encoding that Buffer knows.
#include <stdlib.h>
#include <string.h>

#include "bytes_internal.h"
#include "codecs.h"

// --- Text of a JavaScript string -----------------------------------------------------------------
// Node-API copies a string into a buffer and ends it with a NUL: most fit in `near`, others are
// allocated.

enum { NEAR = 1024 };

typedef struct text {
  size_t length; // without the NUL, in units of the encoding
  void *units;
  void *allocated;
  char16_t near[NEAR / sizeof(char16_t)];
} text;

typedef napi_status (*string_reader)(napi_env env, napi_value string, void *buffer, size_t size,
                                     size_t *length);

static napi_status read_utf8(napi_env env, napi_value string, void *buffer, size_t size,
                             size_t *length) {
  return napi_get_value_string_utf8(env, string, buffer, size, length);
}
static napi_status read_latin1(napi_env env, napi_value string, void *buffer, size_t size,
                               size_t *length) {
  return napi_get_value_string_latin1(env, string, buffer, size, length);
}
static napi_status read_utf16(napi_env env, napi_value string, void *buffer, size_t size,
                              size_t *length) {
  return napi_get_value_string_utf16(env, string, buffer, size, length);
}

static bool text_of(napi_env env, napi_value string, string_reader read, size_t unit, text *text) {
  size_t most; // units there may be: a UTF-16 unit takes up to three bytes of UTF-8
  text->allocated = NULL;
  text->units = text->near;
  if (napi_get_value_string_utf16(env, string, NULL, 0, &most) != napi_ok) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "argument must be a string");
    return false;
  }
  if (read == read_utf8) most *= 3;
  if (most >= NEAR / unit) text->units = text->allocated = malloc((most + 1) * unit);
  if (text->units == NULL) {
    napi_throw_range_error(env, "ERR_MEMORY_ALLOCATION_FAILED", "Failed to allocate memory");
    return false;
  }
  if (read(env, string, text->units, most + 1, &text->length) == napi_ok) return true;
  free(text->allocated);
  return false;
}

// --- Writing: xWrite(view, string, offset, length) -> bytes written ------------------------------

typedef size_t (*encoder)(const text *text, uint8_t *out, size_t room);

static size_t put_utf8(const text *text, uint8_t *out, size_t room) {
  size_t size = ej_utf8_cut(text->units, text->length, room);
  memcpy(out, text->units, size);
  return size;
}
static size_t put_latin1(const text *text, uint8_t *out, size_t room) {
  size_t size = text->length < room ? text->length : room;
  memcpy(out, text->units, size);
  return size;
}
// Host order: every platform of this project is little-endian, as UTF-16LE is.
static size_t put_utf16(const text *text, uint8_t *out, size_t room) {
  size_t size = text->length < room / 2 ? text->length * 2 : room / 2 * 2;
  memcpy(out, text->units, size);
  return size;
}
static size_t put_hex(const text *text, uint8_t *out, size_t room) {
  return ej_hex_decode(text->units, text->length, out, room);
}
static size_t put_base64(const text *text, uint8_t *out, size_t room) {
  return ej_base64_decode(text->units, text->length, out, room);
}

static napi_value write_text(napi_env env, napi_callback_info info, string_reader read, size_t unit,
                             encoder put) {
  ej_args args;
  ej_bytes target;
  size_t offset, room;
  text text;
  if (!ej_args_get(env, info, &args) || !ej_bytes_of(env, args.values[0], &target) ||
      !ej_size_of(env, args.values[2], &offset) || !ej_size_of(env, args.values[3], &room) ||
      !text_of(env, args.values[1], read, unit, &text))
    return NULL;
  size_t written = 0;
  if (offset < target.size) {
    if (room > target.size - offset) room = target.size - offset;
    written = put(&text, target.data + offset, room);
  }
  free(text.allocated);
  return ej_number(env, (double)written);
}

static napi_value utf8_write(napi_env env, napi_callback_info info) {
  return write_text(env, info, read_utf8, 1, put_utf8);
}
static napi_value latin1_write(napi_env env, napi_callback_info info) {
  return write_text(env, info, read_latin1, 1, put_latin1);
}
static napi_value ucs2_write(napi_env env, napi_callback_info info) {
  return write_text(env, info, read_utf16, sizeof(char16_t), put_utf16);
}
// Digits are ASCII; UTF-8 keeps what is not from looking like one.
static napi_value hex_write(napi_env env, napi_callback_info info) {
  return write_text(env, info, read_utf8, 1, put_hex);
}
static napi_value base64_write(napi_env env, napi_callback_info info) {
  return write_text(env, info, read_utf8, 1, put_base64);
}

static napi_value byte_length_utf8(napi_env env, napi_callback_info info) {
  ej_args args;
  size_t length;
  if (!ej_args_get(env, info, &args)) return NULL;
  if (napi_get_value_string_utf8(env, args.values[0], NULL, 0, &length) != napi_ok) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "argument must be a string");
    return NULL;
  }
  return ej_number(env, (double)length);
}

// encodeUtf8(string): a fresh Uint8Array.
static napi_value encode_utf8(napi_env env, napi_callback_info info) {
  ej_args args;
  text text;
  void *data;
  napi_value buffer, array = NULL;
  if (!ej_args_get(env, info, &args) || !text_of(env, args.values[0], read_utf8, 1, &text))
    return NULL;
  if (napi_create_arraybuffer(env, text.length, &data, &buffer) == napi_ok &&
      napi_create_typedarray(env, napi_uint8_array, text.length, buffer, 0, &array) == napi_ok &&
      text.length > 0)
    memcpy(data, text.units, text.length);
  free(text.allocated);
  return array;
}

// How many UTF-16 units the first `size` bytes of well-formed UTF-8 stand for.
static size_t units_of(const uint8_t *data, size_t size) {
  size_t units = 0;
  for (size_t i = 0; i < size; i++)
    if ((data[i] & 0xC0) != 0x80) units += data[i] >= 0xF0 ? 2 : 1;
  return units;
}

// encodeInto(string, view): [UTF-16 units read, bytes written].
static napi_value encode_into(napi_env env, napi_callback_info info) {
  ej_args args;
  ej_bytes target;
  text text;
  napi_value pair;
  if (!ej_args_get(env, info, &args) || !ej_bytes_of(env, args.values[1], &target) ||
      !text_of(env, args.values[0], read_utf8, 1, &text))
    return NULL;
  size_t written = target.size == 0 ? 0 : put_utf8(&text, target.data, target.size);
  size_t read = units_of(text.units, written);
  free(text.allocated);
  if (napi_create_array_with_length(env, 2, &pair) != napi_ok ||
      napi_set_element(env, pair, 0, ej_number(env, (double)read)) != napi_ok ||
      napi_set_element(env, pair, 1, ej_number(env, (double)written)) != napi_ok)
    return NULL;
  return pair;
}

// --- Reading: xSlice(view, start, end) -> string -------------------------------------------------

static napi_value too_long(napi_env env) {
  bool pending;
  if (napi_is_exception_pending(env, &pending) == napi_ok && !pending)
    napi_throw_error(env, "ERR_STRING_TOO_LONG",
                     "Cannot create a string longer than 0x3fffffff characters");
  return NULL;
}

static napi_value from_latin1(napi_env env, const void *text, size_t length) {
  napi_value string;
  return napi_create_string_latin1(env, text, length, &string) == napi_ok ? string : too_long(env);
}

static napi_value from_utf8(napi_env env, ej_bytes bytes) {
  napi_value string;
  if (bytes.size > 0 && ej_is_ascii(bytes.data, bytes.size))
    return from_latin1(env, bytes.data, bytes.size);
  napi_status status = napi_create_string_utf8(env, (const char *)bytes.data, bytes.size, &string);
  return status == napi_ok ? string : too_long(env);
}

static napi_value utf8_slice(napi_env env, napi_callback_info info) {
  ej_args args;
  ej_bytes bytes;
  if (!ej_args_get(env, info, &args) || !ej_range_of(env, &args, 1, &bytes)) return NULL;
  return from_utf8(env, bytes);
}

static napi_value latin1_slice(napi_env env, napi_callback_info info) {
  ej_args args;
  ej_bytes bytes;
  if (!ej_args_get(env, info, &args) || !ej_range_of(env, &args, 1, &bytes)) return NULL;
  return from_latin1(env, bytes.data, bytes.size);
}

// Slices that need memory for the text: `length` units of `unit` bytes, filled by `put`.
static napi_value slice_through(napi_env env, napi_callback_info info,
                                size_t (*length)(ej_bytes bytes),
                                void (*put)(ej_bytes bytes, void *out), bool utf16) {
  ej_args args;
  ej_bytes bytes;
  napi_value string;
  if (!ej_args_get(env, info, &args) || !ej_range_of(env, &args, 1, &bytes)) return NULL;
  size_t units = length(bytes);
  void *memory = malloc(units * (utf16 ? sizeof(char16_t) : 1) + 1);
  if (memory == NULL) return too_long(env);
  put(bytes, memory);
  if (utf16) {
    string =
        napi_create_string_utf16(env, memory, units, &string) == napi_ok ? string : too_long(env);
  } else {
    string = from_latin1(env, memory, units);
  }
  free(memory);
  return string;
}

static size_t same_length(ej_bytes bytes) { return bytes.size; }
static void strip_high_bits(ej_bytes bytes, void *out) {
  uint8_t *text = out;
  for (size_t i = 0; i < bytes.size; i++) text[i] = bytes.data[i] & 0x7F;
}
static size_t half_length(ej_bytes bytes) { return bytes.size / 2; }
static void copy_units(ej_bytes bytes, void *out) { // the bytes may not be aligned
  if (bytes.size > 1) memcpy(out, bytes.data, bytes.size / 2 * 2);
}
static size_t hex_length(ej_bytes bytes) { return bytes.size * 2; }
static void put_hex_digits(ej_bytes bytes, void *out) {
  ej_hex_encode(bytes.data, bytes.size, out);
}
static size_t base64_length(ej_bytes bytes) { return ej_base64_length(bytes.size, false); }
static void put_base64_digits(ej_bytes bytes, void *out) {
  ej_base64_encode(bytes.data, bytes.size, false, out);
}
static size_t base64url_length(ej_bytes bytes) { return ej_base64_length(bytes.size, true); }
static void put_base64url_digits(ej_bytes bytes, void *out) {
  ej_base64_encode(bytes.data, bytes.size, true, out);
}

static napi_value ascii_slice(napi_env env, napi_callback_info info) {
  return slice_through(env, info, same_length, strip_high_bits, false);
}
static napi_value ucs2_slice(napi_env env, napi_callback_info info) {
  return slice_through(env, info, half_length, copy_units, true);
}
static napi_value hex_slice(napi_env env, napi_callback_info info) {
  return slice_through(env, info, hex_length, put_hex_digits, false);
}
static napi_value base64_slice(napi_env env, napi_callback_info info) {
  return slice_through(env, info, base64_length, put_base64_digits, false);
}
static napi_value base64url_slice(napi_env env, napi_callback_info info) {
  return slice_through(env, info, base64url_length, put_base64url_digits, false);
}

// decodeUtf8(view, keepBOM, fatal): the text, null when `fatal` and the bytes are not UTF-8.
static napi_value decode_utf8(napi_env env, napi_callback_info info) {
  ej_args args;
  ej_bytes bytes;
  bool keep_bom, fatal;
  if (!ej_args_get(env, info, &args) || !ej_bytes_of(env, args.values[0], &bytes) ||
      napi_get_value_bool(env, args.values[1], &keep_bom) != napi_ok ||
      napi_get_value_bool(env, args.values[2], &fatal) != napi_ok)
    return NULL;
  if (fatal && !ej_is_utf8(bytes.data, bytes.size)) {
    napi_value null;
    return napi_get_null(env, &null) == napi_ok ? null : NULL;
  }
  if (!keep_bom && bytes.size >= 3 && memcmp(bytes.data, "\xEF\xBB\xBF", 3) == 0) {
    bytes.data += 3;
    bytes.size -= 3;
  }
  return from_utf8(env, bytes);
}

// --- The table -----------------------------------------------------------------------------------

#define FUNCTION(name, function)                                                                   \
  {name, NULL, function, NULL, NULL, NULL, napi_default_jsproperty, NULL}

const napi_property_descriptor ej_text_functions[] = {
    FUNCTION("asciiSlice", ascii_slice),
    FUNCTION("base64Slice", base64_slice),
    FUNCTION("base64Write", base64_write),
    FUNCTION("base64urlSlice", base64url_slice),
    FUNCTION("byteLengthUtf8", byte_length_utf8),
    FUNCTION("decodeUtf8", decode_utf8),
    FUNCTION("encodeInto", encode_into),
    FUNCTION("encodeUtf8", encode_utf8),
    FUNCTION("hexSlice", hex_slice),
    FUNCTION("hexWrite", hex_write),
    FUNCTION("latin1Slice", latin1_slice),
    FUNCTION("latin1Write", latin1_write),
    FUNCTION("ucs2Slice", ucs2_slice),
    FUNCTION("ucs2Write", ucs2_write),
    FUNCTION("utf8Slice", utf8_slice),
    FUNCTION("utf8Write", utf8_write),
};
const size_t ej_text_function_count = sizeof ej_text_functions / sizeof *ej_text_functions;
