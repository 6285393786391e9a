// SPDX-License-Identifier: Apache-2.0
//
// Primitives in and out, typeof, coercion, strict equality. Node: src/js_native_api_v8.cc.
#include <math.h>

#include "napi_internal.h"

// --- Singletons ---------------------------------------------------------------------------------

// Handles are read only, so the constants need no slot.
static const JSValue constant_undefined = {.tag = JS_TAG_UNDEFINED};
static const JSValue constant_null = {.tag = JS_TAG_NULL};
static const JSValue constant_false = {.tag = JS_TAG_BOOL};
static const JSValue constant_true = {.u.int32 = 1, .tag = JS_TAG_BOOL};

static napi_value constant(const JSValue *value) { return (napi_value)(uintptr_t)value; }

napi_value ej_undefined(void) { return constant(&constant_undefined); }

napi_status ej_napi_get_undefined(napi_env env, napi_value *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, result);
  *result = constant(&constant_undefined);
  return ej_clear_error(env);
}

napi_status ej_napi_get_null(napi_env env, napi_value *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, result);
  *result = constant(&constant_null);
  return ej_clear_error(env);
}

napi_status ej_napi_get_boolean(napi_env env, bool value, napi_value *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, result);
  *result = constant(value ? &constant_true : &constant_false);
  return ej_clear_error(env);
}

napi_status ej_napi_get_global(napi_env env, napi_value *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, result);
  *result = ej_handle(env->isolate, JS_GetGlobalObject(env->isolate->ctx));
  return ej_clear_error(env);
}

// --- Numbers ------------------------------------------------------------------------------------

napi_status ej_napi_create_double(napi_env env, double value, napi_value *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, result);
  // Whole numbers take the engine's integer form, which its fast paths expect. Not -0.
  JSValue number;
  int32_t whole = value >= INT32_MIN && value <= INT32_MAX ? (int32_t)value : 0;
  if ((double)whole == value && (whole != 0 || !signbit(value)))
    number = JS_MKVAL(JS_TAG_INT, whole);
  else
    number = __JS_NewFloat64(value);
  *result = ej_handle(env->isolate, number);
  return ej_clear_error(env);
}

napi_status ej_napi_create_int32(napi_env env, int32_t value, napi_value *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, result);
  *result = ej_handle(env->isolate, JS_MKVAL(JS_TAG_INT, value));
  return ej_clear_error(env);
}

napi_status ej_napi_create_uint32(napi_env env, uint32_t value, napi_value *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, result);
  *result = ej_handle(env->isolate, JS_NewUint32(env->isolate->ctx, value));
  return ej_clear_error(env);
}

napi_status ej_napi_create_int64(napi_env env, int64_t value, napi_value *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, result);
  *result = ej_handle(env->isolate, JS_NewInt64(env->isolate->ctx, value));
  return ej_clear_error(env);
}

// A number of the engine is an int32 or a double.
static bool number_of(JSValueConst value, double *number) {
  int tag = JS_VALUE_GET_TAG(value);
  if (tag == JS_TAG_INT)
    *number = JS_VALUE_GET_INT(value);
  else if (JS_TAG_IS_FLOAT64(tag))
    *number = JS_VALUE_GET_FLOAT64(value);
  else
    return false;
  return true;
}

// ToInt32 of the standard: modulo 2^32; NaN and the infinities give 0.
static int32_t wrap_to_int32(double number) {
  if (!isfinite(number)) return 0;
  double modulus = fmod(trunc(number), 4294967296.0);
  if (modulus < 0) modulus += 4294967296.0;
  return (int32_t)(uint32_t)modulus;
}

napi_status ej_napi_get_value_double(napi_env env, napi_value value, double *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, result);
  double number;
  RETURN_STATUS_IF_FALSE(env, number_of(ej_value(value), &number), napi_number_expected);
  *result = number;
  return ej_clear_error(env);
}

napi_status ej_napi_get_value_int32(napi_env env, napi_value value, int32_t *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, result);
  if (JS_VALUE_GET_TAG(ej_value(value)) == JS_TAG_INT) {
    *result = JS_VALUE_GET_INT(ej_value(value));
    return ej_clear_error(env);
  }
  double number;
  RETURN_STATUS_IF_FALSE(env, number_of(ej_value(value), &number), napi_number_expected);
  *result = wrap_to_int32(number);
  return ej_clear_error(env);
}

napi_status ej_napi_get_value_uint32(napi_env env, napi_value value, uint32_t *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, result);
  double number;
  RETURN_STATUS_IF_FALSE(env, number_of(ej_value(value), &number), napi_number_expected);
  *result = (uint32_t)wrap_to_int32(number);
  return ej_clear_error(env);
}

// Out of range saturates, what is not finite gives 0.
napi_status ej_napi_get_value_int64(napi_env env, napi_value value, int64_t *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, result);
  double number;
  RETURN_STATUS_IF_FALSE(env, number_of(ej_value(value), &number), napi_number_expected);
  if (!isfinite(number))
    *result = 0;
  else if (number >= 0x1p63)
    *result = INT64_MAX;
  else if (number <= -0x1p63)
    *result = INT64_MIN;
  else
    *result = (int64_t)number;
  return ej_clear_error(env);
}

napi_status ej_napi_get_value_bool(napi_env env, napi_value value, bool *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, result);
  RETURN_STATUS_IF_FALSE(env, JS_IsBool(ej_value(value)), napi_boolean_expected);
  *result = JS_VALUE_GET_BOOL(ej_value(value)) != 0;
  return ej_clear_error(env);
}

// --- Types --------------------------------------------------------------------------------------

static napi_valuetype object_type(ej_isolate *isolate, JSValueConst object) {
  if (JS_IsFunction(isolate->ctx, object)) return napi_function;
  if (JS_GetClassID(object) == isolate->classes.external) return napi_external;
  return napi_object;
}

napi_status ej_napi_typeof(napi_env env, napi_value value, napi_valuetype *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, result);
  JSValueConst v = ej_value(value);
  switch (JS_VALUE_GET_NORM_TAG(v)) {
  case JS_TAG_INT:
  case JS_TAG_FLOAT64:
    *result = napi_number;
    break;
  case JS_TAG_STRING:
  case JS_TAG_STRING_ROPE:
    *result = napi_string;
    break;
  case JS_TAG_OBJECT:
    *result = object_type(env->isolate, v);
    break;
  case JS_TAG_BOOL:
    *result = napi_boolean;
    break;
  case JS_TAG_UNDEFINED:
    *result = napi_undefined;
    break;
  case JS_TAG_NULL:
    *result = napi_null;
    break;
  case JS_TAG_SYMBOL:
    *result = napi_symbol;
    break;
  case JS_TAG_BIG_INT:
  case JS_TAG_SHORT_BIG_INT:
    *result = napi_bigint;
    break;
  default:
    return ej_set_error(env, napi_invalid_arg);
  }
  return ej_clear_error(env);
}

napi_status ej_napi_strict_equals(napi_env env, napi_value lhs, napi_value rhs, bool *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, lhs);
  CHECK_ARG(env, rhs);
  CHECK_ARG(env, result);
  *result = JS_IsStrictEqual(env->isolate->ctx, ej_value(lhs), ej_value(rhs));
  return ej_status(env);
}

// --- Coercion -----------------------------------------------------------------------------------

bool ej_box(napi_env env, JSValueConst *value) {
  JSContext *ctx = env->isolate->ctx;
  if (JS_IsUndefined(*value) || JS_IsNull(*value)) {
    JS_ThrowTypeError(ctx, "Cannot convert undefined or null to object");
    return false;
  }
  JSValue object = JS_ToObject(ctx, *value);
  if (JS_IsException(object)) return false;
  *value = ej_value(ej_handle(env->isolate, object));
  return true;
}

napi_status ej_napi_coerce_to_bool(napi_env env, napi_value value, napi_value *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, result);
  int truth = JS_ToBool(env->isolate->ctx, ej_value(value));
  if (truth < 0) return ej_status(env);
  *result = constant(truth ? &constant_true : &constant_false);
  return napi_ok;
}

// V8's texts: addons and their tests show them.
static bool refuse_symbol(napi_env env, JSValueConst value, const char *type) {
  if (!JS_IsSymbol(value)) return false;
  JS_ThrowTypeError(env->isolate->ctx, "Cannot convert a Symbol value to a %s", type);
  return true;
}

napi_status ej_napi_coerce_to_number(napi_env env, napi_value value, napi_value *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, result);
  JSContext *ctx = env->isolate->ctx;
  if (refuse_symbol(env, ej_value(value), "number")) return ej_set_error(env, napi_number_expected);
  if (JS_IsBigInt(ej_value(value))) {
    JS_ThrowTypeError(ctx, "Cannot convert a BigInt value to a number");
    return ej_set_error(env, napi_number_expected);
  }
  JSValue number = JS_ToNumber(ctx, ej_value(value));
  if (JS_IsException(number)) return ej_set_error(env, napi_number_expected);
  *result = ej_handle(env->isolate, number);
  return napi_ok;
}

napi_status ej_napi_coerce_to_string(napi_env env, napi_value value, napi_value *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, result);
  if (refuse_symbol(env, ej_value(value), "string")) return ej_set_error(env, napi_string_expected);
  JSValue string = JS_ToString(env->isolate->ctx, ej_value(value));
  if (JS_IsException(string)) return ej_set_error(env, napi_string_expected);
  *result = ej_handle(env->isolate, string);
  return napi_ok;
}

napi_status ej_napi_coerce_to_object(napi_env env, napi_value value, napi_value *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, result);
  JSValueConst object;
  CHECK_TO_OBJECT(env, object, value, napi_object_expected);
  *result = ej_handle(env->isolate, JS_DupValue(env->isolate->ctx, object));
  return napi_ok;
}

// --- Symbols ------------------------------------------------------------------------------------

napi_status ej_napi_create_symbol(napi_env env, napi_value description, napi_value *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, result);
  JSContext *ctx = env->isolate->ctx;
  JSValueConst text = JS_UNDEFINED;
  if (description != NULL) {
    text = ej_value(description);
    RETURN_STATUS_IF_FALSE(env, JS_IsString(text), napi_string_expected);
  }
  JSValueConst constructor = ej_lazy_intrinsic(env->isolate, EJ_SYMBOL);
  if (JS_IsException(constructor)) return ej_fail_quietly(env, napi_generic_failure);
  JSValue symbol = JS_Call(ctx, constructor, JS_UNDEFINED, 1, &text);
  if (JS_IsException(symbol)) return ej_fail_quietly(env, napi_generic_failure);
  *result = ej_handle(env->isolate, symbol);
  return ej_clear_error(env);
}

napi_status ej_node_api_symbol_for(napi_env env, const char *utf8description, size_t length,
                                   napi_value *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, result);
  ej_isolate *isolate = env->isolate;
  napi_value key;
  STATUS_CALL(ej_napi_create_string_utf8(env, utf8description, length, &key));
  JSValueConst symbol_for = ej_lazy_intrinsic(isolate, EJ_SYMBOL_FOR);
  if (JS_IsException(symbol_for)) return ej_fail_quietly(env, napi_generic_failure);
  JSValueConst text = ej_value(key);
  JSValue symbol = JS_Call(isolate->ctx, symbol_for, JS_UNDEFINED, 1, &text);
  if (JS_IsException(symbol)) return ej_fail_quietly(env, napi_generic_failure);
  *result = ej_handle(isolate, symbol);
  return ej_clear_error(env);
}
