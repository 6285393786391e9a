// SPDX-License-Identifier: Apache-2.0
//
// Strings in and out. The engine's own UTF-8 lets lone surrogates through in both directions; V8
// does not, so text is decoded here on its way in and patched on its way out, unless it is ASCII.
#include <stdlib.h>

#include "napi_internal.h"

#include "quickjs_more.h"

// --- UTF-8 --------------------------------------------------------------------------------------

static bool is_ascii(const char *string, size_t length) {
  size_t i = 0;
  for (; i + 8 <= length; i += 8) {
    uint64_t word;
    memcpy(&word, string + i, 8);
    if ((word & 0x8080808080808080u) != 0) return false;
  }
  for (; i < length; i++)
    if ((unsigned char)string[i] >= 0x80) return false;
  return true;
}

// The length of the well-formed sequence at `p`, or, negated, of the ill-formed part that one
// U+FFFD replaces: the "maximal subpart" of Unicode 3.9, which WHATWG's decoder and V8 follow.
static int sequence_length(const unsigned char *p, const unsigned char *end) {
  unsigned char lead = p[0];
  if (lead < 0x80) return 1;
  int needed;
  unsigned char lower = 0x80;
  unsigned char upper = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF)
    needed = 1;
  else if (lead >= 0xE0 && lead <= 0xEF)
    needed = 2;
  else if (lead >= 0xF0 && lead <= 0xF4)
    needed = 3;
  else
    return -1;
  if (lead == 0xE0)
    lower = 0xA0;
  else if (lead == 0xED)
    upper = 0x9F;
  else if (lead == 0xF0)
    lower = 0x90;
  else if (lead == 0xF4)
    upper = 0x8F;
  for (int i = 1; i <= needed; i++) {
    if (p + i >= end || p[i] < lower || p[i] > upper) return -i;
    lower = 0x80;
    upper = 0xBF;
  }
  return needed + 1;
}

static const char replacement[] = "\xEF\xBF\xBD"; // U+FFFD

static char16_t *put_character(const unsigned char *p, int length, char16_t *out) {
  uint32_t c = length == 2   ? (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu)
               : length == 3 ? (p[0] & 0xFu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu)
                             : (p[0] & 7u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 |
                                   (p[3] & 0x3Fu);
  if (c >= 0x10000) {
    *out++ = (char16_t)(0xD7C0 + (c >> 10));
    c = 0xDC00 | (c & 0x3FF);
  }
  *out++ = (char16_t)c;
  return out;
}

// Decodes into `out`, which has room for a unit for each byte: how many units that makes.
static size_t decode_utf8(const unsigned char *p, size_t length, char16_t *out) {
  const unsigned char *end = p + length;
  char16_t *start = out;
  while (p < end) {
    if (end - p >= 8 && is_ascii((const char *)p, 8)) {
      for (int i = 0; i < 8; i++) out[i] = p[i];
      out += 8, p += 8;
      continue;
    }
    int n = sequence_length(p, end);
    if (n == 1) {
      *out++ = *p;
    } else if (n < 0) {
      *out++ = 0xFFFD;
    } else {
      out = put_character(p, n, out);
    }
    p += abs(n);
  }
  return (size_t)(out - start);
}

JSValue ej_string_from_utf8(JSContext *ctx, const char *string, size_t length) {
  if (length == NAPI_AUTO_LENGTH) length = strlen(string);
  if (is_ascii(string, length)) return JS_NewStringLen(ctx, string, length);
  char16_t *units = js_malloc(ctx, length * sizeof *units);
  if (units == NULL) return JS_EXCEPTION;
  size_t count = decode_utf8((const unsigned char *)string, length, units);
  JSValue value = ej_string_from_utf16(ctx, units, count);
  js_free(ctx, units);
  return value;
}

JSAtom ej_atom_from_utf8(JSContext *ctx, const char *string, size_t length) {
  if (length == NAPI_AUTO_LENGTH) length = strlen(string);
  if (is_ascii(string, length)) return JS_NewAtomLen(ctx, string, length);
  JSValue value = ej_string_from_utf8(ctx, string, length);
  if (JS_IsException(value)) return JS_ATOM_NULL;
  JSAtom atom = JS_ValueToAtom(ctx, value);
  JS_FreeValue(ctx, value);
  return atom;
}

// --- Latin-1 and UTF-16 in ----------------------------------------------------------------------

JSValue ej_string_from_latin1(JSContext *ctx, const char *string, size_t length) {
  if (length == NAPI_AUTO_LENGTH) length = strlen(string);
  return ej_quickjs_new_latin1(ctx, (const uint8_t *)string, length);
}

JSValue ej_string_from_utf16(JSContext *ctx, const char16_t *string, size_t length) {
  if (length == NAPI_AUTO_LENGTH)
    for (length = 0; string[length] != 0;) length++;
  char16_t seen = 0;
  for (size_t i = 0; i < length; i++) seen |= string[i];
  if (seen >= 0x100 || length == 0) return JS_NewStringUTF16(ctx, string, length);
  char *latin1 = js_malloc(ctx, length);
  if (latin1 == NULL) return JS_EXCEPTION;
  for (size_t i = 0; i < length; i++) latin1[i] = (char)string[i];
  JSValue value = ej_string_from_latin1(ctx, latin1, length);
  js_free(ctx, latin1);
  return value;
}

// --- Making strings -----------------------------------------------------------------------------

#define CHECK_NEW_STRING_ARGS(env, string, length, result)                                         \
  do {                                                                                             \
    CHECK_ENV_NOT_IN_GC(env);                                                                      \
    if ((length) > 0) CHECK_ARG((env), (string));                                                  \
    CHECK_ARG((env), (result));                                                                    \
    RETURN_STATUS_IF_FALSE((env), (length) == NAPI_AUTO_LENGTH || (length) <= INT32_MAX,           \
                           napi_invalid_arg);                                                      \
  } while (0)

static napi_status give_string(napi_env env, JSValue string, napi_value *result) {
  if (JS_IsException(string)) return ej_fail_quietly(env, napi_generic_failure);
  *result = ej_handle(env->isolate, string);
  return ej_clear_error(env);
}

napi_status ej_napi_create_string_latin1(napi_env env, const char *str, size_t length,
                                         napi_value *result) {
  CHECK_NEW_STRING_ARGS(env, str, length, result);
  return give_string(env, ej_string_from_latin1(env->isolate->ctx, str, length), result);
}

napi_status ej_napi_create_string_utf8(napi_env env, const char *str, size_t length,
                                       napi_value *result) {
  CHECK_NEW_STRING_ARGS(env, str, length, result);
  return give_string(env, ej_string_from_utf8(env->isolate->ctx, str, length), result);
}

napi_status ej_napi_create_string_utf16(napi_env env, const char16_t *str, size_t length,
                                        napi_value *result) {
  CHECK_NEW_STRING_ARGS(env, str, length, result);
  return give_string(env, ej_string_from_utf16(env->isolate->ctx, str, length), result);
}

// --- Property keys: the same strings, interned --------------------------------------------------

static napi_status give_key(napi_env env, JSValue string, napi_value *result) {
  if (JS_IsException(string)) return ej_fail_quietly(env, napi_generic_failure);
  JSContext *ctx = env->isolate->ctx;
  JSAtom atom = JS_ValueToAtom(ctx, string);
  JS_FreeValue(ctx, string);
  if (atom == JS_ATOM_NULL) return ej_fail_quietly(env, napi_generic_failure);
  JSValue key = JS_AtomToString(ctx, atom);
  JS_FreeAtom(ctx, atom);
  return give_string(env, key, result);
}

napi_status ej_node_api_create_property_key_latin1(napi_env env, const char *str, size_t length,
                                                   napi_value *result) {
  CHECK_NEW_STRING_ARGS(env, str, length, result);
  return give_key(env, ej_string_from_latin1(env->isolate->ctx, str, length), result);
}

napi_status ej_node_api_create_property_key_utf8(napi_env env, const char *str, size_t length,
                                                 napi_value *result) {
  CHECK_NEW_STRING_ARGS(env, str, length, result);
  return give_key(env, ej_string_from_utf8(env->isolate->ctx, str, length), result);
}

napi_status ej_node_api_create_property_key_utf16(napi_env env, const char16_t *str, size_t length,
                                                  napi_value *result) {
  CHECK_NEW_STRING_ARGS(env, str, length, result);
  return give_key(env, ej_string_from_utf16(env->isolate->ctx, str, length), result);
}

// --- External strings ----------------------------------------------------------------------------
// The engine's strings own their text, so the caller's memory is of no more use once the string
// exists. Its finalizer runs in a task, as if the string had been collected; `copied` would promise
// that it ran already.

static napi_status give_back(napi_env env, napi_status status, void *string,
                             node_api_basic_finalize finalize_callback, void *finalize_hint,
                             bool *copied) {
  if (status != napi_ok) return status;
  if (finalize_callback != NULL) {
    ej_reference *memory = ej_memory_new(env, finalize_callback, string, finalize_hint);
    if (memory == NULL) return ej_fail_quietly(env, napi_generic_failure);
    ej_memory_release(memory);
  }
  if (copied != NULL) *copied = false;
  return ej_clear_error(env);
}

napi_status ej_node_api_create_external_string_latin1(napi_env env, char *str, size_t length,
                                                      node_api_basic_finalize finalize_callback,
                                                      void *finalize_hint, napi_value *result,
                                                      bool *copied) {
  napi_status status = ej_napi_create_string_latin1(env, str, length, result);
  return give_back(env, status, str, finalize_callback, finalize_hint, copied);
}

napi_status ej_node_api_create_external_string_utf16(napi_env env, char16_t *str, size_t length,
                                                     node_api_basic_finalize finalize_callback,
                                                     void *finalize_hint, napi_value *result,
                                                     bool *copied) {
  napi_status status = ej_napi_create_string_utf16(env, str, length, result);
  return give_back(env, status, str, finalize_callback, finalize_hint, copied);
}

// --- Reading strings ----------------------------------------------------------------------------

static size_t length_of(JSContext *ctx, JSValueConst string) {
  int64_t length = 0;
  EJ_CHECK(JS_GetLength(ctx, string, &length) == 0);
  return (size_t)length;
}

// The engine wrote lone surrogates as three bytes ED A0..BF xx; the replacement is as long.
static void replace_surrogates(char *buffer, size_t size) {
  char *end = buffer + size;
  for (char *p = buffer; (p = memchr(p, '\xED', (size_t)(end - p))) != NULL; p += 3)
    if ((unsigned char)p[1] >= 0xA0) memcpy(p, replacement, 3);
}

// The largest size up to `limit` that ends between characters.
static size_t whole_characters(const char *utf8, size_t length, size_t limit) {
  if (limit >= length) return length;
  while (limit > 0 && ((unsigned char)utf8[limit] & 0xC0) == 0x80) limit--;
  return limit;
}

napi_status ej_napi_get_value_string_utf8(napi_env env, napi_value value, char *buf, size_t bufsize,
                                          size_t *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, value);
  RETURN_STATUS_IF_FALSE(env, JS_IsString(ej_value(value)), napi_string_expected);
  if (buf == NULL) CHECK_ARG(env, result);
  if (buf != NULL && bufsize == 0) {
    if (result != NULL) *result = 0;
    return ej_clear_error(env);
  }
  JSContext *ctx = env->isolate->ctx;
  size_t length;
  const char *utf8 = JS_ToCStringLen(ctx, &length, ej_value(value));
  if (utf8 == NULL) return ej_fail_quietly(env, napi_generic_failure);
  size_t size = length;
  if (buf != NULL) {
    size = whole_characters(utf8, length, bufsize - 1);
    memcpy(buf, utf8, size);
    buf[size] = '\0';
    if (!is_ascii(buf, size)) replace_surrogates(buf, size);
  }
  JS_FreeCString(ctx, utf8);
  if (result != NULL) *result = size;
  return ej_clear_error(env);
}

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

napi_status ej_napi_get_value_string_latin1(napi_env env, napi_value value, char *buf,
                                            size_t bufsize, size_t *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, value);
  RETURN_STATUS_IF_FALSE(env, JS_IsString(ej_value(value)), napi_string_expected);
  JSContext *ctx = env->isolate->ctx;
  if (buf == NULL) {
    CHECK_ARG(env, result);
    *result = length_of(ctx, ej_value(value));
  } else if (bufsize != 0) {
    size_t length;
    const uint16_t *units = JS_ToCStringLenUTF16(ctx, &length, ej_value(value));
    if (units == NULL) return ej_fail_quietly(env, napi_generic_failure);
    size_t size = smaller(length, bufsize - 1);
    for (size_t i = 0; i < size; i++) buf[i] = (char)units[i];
    buf[size] = '\0';
    JS_FreeCStringUTF16(ctx, units);
    if (result != NULL) *result = size;
  } else if (result != NULL) {
    *result = 0;
  }
  return ej_clear_error(env);
}

napi_status ej_napi_get_value_string_utf16(napi_env env, napi_value value, char16_t *buf,
                                           size_t bufsize, size_t *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, value);
  RETURN_STATUS_IF_FALSE(env, JS_IsString(ej_value(value)), napi_string_expected);
  JSContext *ctx = env->isolate->ctx;
  if (buf == NULL) {
    CHECK_ARG(env, result);
    *result = length_of(ctx, ej_value(value));
  } else if (bufsize != 0) {
    size_t length;
    const uint16_t *units = JS_ToCStringLenUTF16(ctx, &length, ej_value(value));
    if (units == NULL) return ej_fail_quietly(env, napi_generic_failure);
    size_t size = smaller(length, bufsize - 1);
    memcpy(buf, units, size * sizeof(*units));
    buf[size] = 0;
    JS_FreeCStringUTF16(ctx, units);
    if (result != NULL) *result = size;
  } else if (result != NULL) {
    *result = 0;
  }
  return ej_clear_error(env);
}
