// SPDX-License-Identifier: Apache-2.0
//
// BigInt. The engine's C interface knows 64 bits; larger values pass through hexadecimal text.
#include "napi_internal.h"

// --- In -----------------------------------------------------------------------------------------

static napi_status give(napi_env env, JSValue value, napi_value *result) {
  if (JS_IsException(value)) return ej_fail_quietly(env, napi_generic_failure);
  *result = ej_handle(env->isolate, value);
  return ej_clear_error(env);
}

napi_status ej_napi_create_bigint_int64(napi_env env, int64_t value, napi_value *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, result);
  return give(env, JS_NewBigInt64(env->isolate->ctx, value), result);
}

napi_status ej_napi_create_bigint_uint64(napi_env env, uint64_t value, napi_value *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, result);
  return give(env, JS_NewBigUint64(env->isolate->ctx, value), result);
}

// V8's limit of 2^30 bits. The engine's own is lower and throws by itself.
enum { MAX_WORDS = 1 << 24, DIGITS_PER_WORD = 16 };

// BigInt('0x…') of `count` words, the least significant first; their two's complement to `negate`.
static JSValue from_hexadecimal(ej_isolate *isolate, const uint64_t *words, size_t count,
                                bool negate) {
  JSContext *ctx = isolate->ctx;
  char *text = js_malloc(ctx, 2 + count * DIGITS_PER_WORD + 1);
  if (text == NULL) return JS_EXCEPTION;
  memcpy(text, "0x", 2);
  uint64_t carry = negate ? 1 : 0;
  for (size_t i = 0; i < count; i++) {
    uint64_t word = negate ? ~words[i] + carry : words[i];
    if (word != 0) carry = 0;
    char *digits = text + 2 + (count - 1 - i) * DIGITS_PER_WORD;
    for (int j = DIGITS_PER_WORD - 1; j >= 0; j--, word >>= 4)
      digits[j] = "0123456789abcdef"[word & 15];
  }
  JSValue string = JS_NewStringLen(ctx, text, 2 + count * DIGITS_PER_WORD);
  js_free(ctx, text);
  if (JS_IsException(string)) return string;
  JSValueConst to_bigint = ej_lazy_intrinsic(isolate, EJ_BIGINT);
  JSValueConst argument = string;
  JSValue value = JS_EXCEPTION;
  if (!JS_IsException(to_bigint)) value = JS_Call(ctx, to_bigint, JS_UNDEFINED, 1, &argument);
  JS_FreeValue(ctx, string);
  return value;
}

// -(words) as BigInt.asIntN(bits, 2^bits - words), with a spare word for the sign.
static JSValue from_negative(ej_isolate *isolate, const uint64_t *words, size_t count) {
  JSContext *ctx = isolate->ctx;
  uint64_t *padded = js_malloc(ctx, (count + 1) * sizeof(*padded));
  if (padded == NULL) return JS_EXCEPTION;
  memcpy(padded, words, count * sizeof(*padded));
  padded[count] = 0;
  JSValue complement = from_hexadecimal(isolate, padded, count + 1, true);
  js_free(ctx, padded);
  if (JS_IsException(complement)) return complement;
  JSValueConst as_int_n = ej_lazy_intrinsic(isolate, EJ_BIGINT_AS_INT_N);
  JSValueConst arguments[] = {JS_NewInt64(ctx, (int64_t)(count + 1) * 64), complement};
  JSValue value = JS_EXCEPTION;
  if (!JS_IsException(as_int_n)) value = JS_Call(ctx, as_int_n, JS_UNDEFINED, 2, arguments);
  JS_FreeValue(ctx, complement);
  return value;
}

JSValue ej_bigint_from_words(ej_isolate *isolate, bool negative, const uint64_t *words,
                             size_t count) {
  JSContext *ctx = isolate->ctx;
  if (count > MAX_WORDS) return JS_ThrowRangeError(ctx, "Maximum BigInt size exceeded");
  while (count > 0 && words[count - 1] == 0) count--;
  if (count == 0) return JS_NewBigInt64(ctx, 0);
  if (count == 1 && !negative) return JS_NewBigUint64(ctx, words[0]);
  return negative ? from_negative(isolate, words, count)
                  : from_hexadecimal(isolate, words, count, false);
}

napi_status ej_napi_create_bigint_words(napi_env env, int sign_bit, size_t word_count,
                                        const uint64_t *words, napi_value *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, words);
  CHECK_ARG(env, result);
  RETURN_STATUS_IF_FALSE(env, word_count <= INT32_MAX, napi_invalid_arg);
  JSValue value = ej_bigint_from_words(env->isolate, sign_bit != 0, words, word_count);
  CHECK_VALUE_WITH_PREAMBLE(env, value, napi_generic_failure);
  *result = ej_handle(env->isolate, value);
  return napi_ok;
}

// --- Out ----------------------------------------------------------------------------------------

napi_status ej_napi_get_value_bigint_int64(napi_env env, napi_value value, int64_t *result,
                                           bool *lossless) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, result);
  CHECK_ARG(env, lossless);
  RETURN_STATUS_IF_FALSE(env, JS_IsBigInt(ej_value(value)), napi_bigint_expected);
  JSContext *ctx = env->isolate->ctx;
  JS_ToBigInt64(ctx, result, ej_value(value));
  JSValue back = JS_NewBigInt64(ctx, *result);
  *lossless = JS_IsStrictEqual(ctx, back, ej_value(value));
  JS_FreeValue(ctx, back);
  return ej_clear_error(env);
}

napi_status ej_napi_get_value_bigint_uint64(napi_env env, napi_value value, uint64_t *result,
                                            bool *lossless) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, result);
  CHECK_ARG(env, lossless);
  RETURN_STATUS_IF_FALSE(env, JS_IsBigInt(ej_value(value)), napi_bigint_expected);
  JSContext *ctx = env->isolate->ctx;
  JS_ToBigUint64(ctx, result, ej_value(value));
  JSValue back = JS_NewBigUint64(ctx, *result);
  *lossless = JS_IsStrictEqual(ctx, back, ej_value(value));
  JS_FreeValue(ctx, back);
  return ej_clear_error(env);
}

static uint64_t digit_value(char digit) {
  return (uint64_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

// Writes as many words as fit and sets `count` to how many there are.
static void parse_words(const char *digits, size_t length, uint64_t *words, size_t *count) {
  size_t needed = (length + DIGITS_PER_WORD - 1) / DIGITS_PER_WORD;
  for (size_t i = 0; words != NULL && i < *count && i < needed; i++) {
    size_t end = length - i * DIGITS_PER_WORD;
    size_t start = end > DIGITS_PER_WORD ? end - DIGITS_PER_WORD : 0;
    words[i] = 0;
    for (size_t j = start; j < end; j++) words[i] = words[i] << 4 | digit_value(digits[j]);
  }
  *count = needed;
}

napi_status ej_napi_get_value_bigint_words(napi_env env, napi_value value, int *sign_bit,
                                           size_t *word_count, uint64_t *words) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, word_count);
  RETURN_STATUS_IF_FALSE(env, JS_IsBigInt(ej_value(value)), napi_bigint_expected);
  if (sign_bit != NULL || words != NULL) {
    CHECK_ARG(env, sign_bit);
    CHECK_ARG(env, words);
  }
  JSContext *ctx = env->isolate->ctx;
  JSValueConst to_string = ej_lazy_intrinsic(env->isolate, EJ_BIGINT_TO_STRING);
  if (JS_IsException(to_string)) return ej_fail_quietly(env, napi_generic_failure);
  JSValueConst radix = JS_MKVAL(JS_TAG_INT, 16);
  JSValue text = JS_Call(ctx, to_string, ej_value(value), 1, &radix);
  size_t length;
  const char *digits = JS_IsException(text) ? NULL : JS_ToCStringLen(ctx, &length, text);
  JS_FreeValue(ctx, text);
  if (digits == NULL) return ej_fail_quietly(env, napi_generic_failure);
  bool negative = digits[0] == '-';
  bool is_zero = length == 1 && digits[0] == '0';
  if (sign_bit != NULL) *sign_bit = negative;
  parse_words(digits + negative, is_zero ? 0 : length - negative, words, word_count);
  JS_FreeCString(ctx, digits);
  return ej_clear_error(env);
}
