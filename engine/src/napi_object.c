// SPDX-License-Identifier: Apache-2.0
//
// Objects and arrays: making them, their properties, elements and prototypes. Node:
// src/js_native_api_v8.cc. As there, assignment is sloppy: what may not be written stays as it is,
// and the call succeeds.
#include "napi_internal.h"

// --- Making -------------------------------------------------------------------------------------

napi_status ej_napi_create_object(napi_env env, napi_value *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, result);
  JSValue object = JS_NewObject(env->isolate->ctx);
  if (JS_IsException(object)) return ej_fail_quietly(env, napi_generic_failure);
  *result = ej_handle(env->isolate, object);
  return ej_clear_error(env);
}

napi_status ej_napi_create_array(napi_env env, napi_value *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, result);
  JSValue array = JS_NewArray(env->isolate->ctx);
  if (JS_IsException(array)) return ej_fail_quietly(env, napi_generic_failure);
  *result = ej_handle(env->isolate, array);
  return ej_clear_error(env);
}

// V8 takes an int: what is negative as such gives an empty array.
napi_status ej_napi_create_array_with_length(napi_env env, size_t length, napi_value *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, result);
  JSContext *ctx = env->isolate->ctx;
  JSValue array = JS_NewArray(ctx);
  if (JS_IsException(array)) return ej_fail_quietly(env, napi_generic_failure);
  int32_t wanted = (int32_t)(uint32_t)length;
  if (wanted > 0 && JS_SetLength(ctx, array, wanted) < 0) {
    JS_FreeValue(ctx, array);
    return ej_fail_quietly(env, napi_generic_failure);
  }
  *result = ej_handle(env->isolate, array);
  return ej_clear_error(env);
}

napi_status ej_node_api_create_object_with_properties(napi_env env, napi_value prototype_or_null,
                                                      napi_value *property_names,
                                                      napi_value *property_values,
                                                      size_t property_count, napi_value *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, result);
  if (property_count > 0) {
    CHECK_ARG(env, property_names);
    CHECK_ARG(env, property_values);
  }
  JSContext *ctx = env->isolate->ctx;
  JSValueConst prototype = prototype_or_null == NULL ? JS_NULL : ej_value(prototype_or_null);
  RETURN_STATUS_IF_FALSE(env, JS_IsNull(prototype) || JS_IsObject(prototype), napi_object_expected);
  for (size_t i = 0; i < property_count; i++) {
    CHECK_ARG(env, property_names[i]);
    CHECK_ARG(env, property_values[i]);
    JSValueConst name = ej_value(property_names[i]);
    RETURN_STATUS_IF_FALSE(env, JS_IsString(name) || JS_IsSymbol(name), napi_name_expected);
  }
  JSValue object = JS_NewObjectProto(ctx, prototype);
  for (size_t i = 0; i < property_count && !JS_IsException(object); i++) {
    JSAtom key = JS_ValueToAtom(ctx, ej_value(property_names[i]));
    JSValue value = JS_DupValue(ctx, ej_value(property_values[i]));
    if (JS_DefinePropertyValue(ctx, object, key, value, JS_PROP_C_W_E) < 0) {
      JS_FreeValue(ctx, object);
      object = JS_EXCEPTION;
    }
    JS_FreeAtom(ctx, key);
  }
  if (JS_IsException(object)) return ej_fail_quietly(env, napi_generic_failure);
  *result = ej_handle(env->isolate, object);
  return ej_clear_error(env);
}

// --- Properties by value ------------------------------------------------------------------------

// Consumes `key` and `value`. No flag: a refused assignment throws nothing.
static napi_status set(napi_env env, JSValueConst object, JSValue key, JSValue value) {
  if (JS_SetPropertyValue(env->isolate->ctx, object, key, value, 0) < 0)
    return ej_status_or(env, napi_generic_failure);
  return napi_ok;
}

static napi_status give(napi_env env, JSValue value, napi_value *result) {
  CHECK_VALUE_WITH_PREAMBLE(env, value, napi_generic_failure);
  *result = ej_handle(env->isolate, value);
  return napi_ok;
}

// Consumes `key`.
static napi_status has(napi_env env, JSValueConst object, JSAtom key, bool *result) {
  JSContext *ctx = env->isolate->ctx;
  int found = key == JS_ATOM_NULL ? -1 : JS_HasProperty(ctx, object, key);
  JS_FreeAtom(ctx, key);
  if (found < 0) return ej_status_or(env, napi_generic_failure);
  *result = found != 0;
  return napi_ok;
}

// Consumes `key`.
static napi_status delete(napi_env env, JSValueConst object, JSAtom key, bool *result) {
  JSContext *ctx = env->isolate->ctx;
  int deleted = key == JS_ATOM_NULL ? -1 : JS_DeleteProperty(ctx, object, key, 0);
  JS_FreeAtom(ctx, key);
  if (deleted < 0) return ej_status_or(env, napi_generic_failure);
  if (result != NULL) *result = deleted != 0;
  return napi_ok;
}

napi_status ej_napi_set_property(napi_env env, napi_value object, napi_value key,
                                 napi_value value) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, key);
  CHECK_ARG(env, value);
  JSValueConst target;
  CHECK_TO_OBJECT(env, target, object, napi_object_expected);
  JSContext *ctx = env->isolate->ctx;
  return set(env, target, JS_DupValue(ctx, ej_value(key)), JS_DupValue(ctx, ej_value(value)));
}

napi_status ej_napi_has_property(napi_env env, napi_value object, napi_value key, bool *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, result);
  CHECK_ARG(env, key);
  JSValueConst target;
  CHECK_TO_OBJECT(env, target, object, napi_object_expected);
  return has(env, target, JS_ValueToAtom(env->isolate->ctx, ej_value(key)), result);
}

napi_status ej_napi_get_property(napi_env env, napi_value object, napi_value key,
                                 napi_value *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, key);
  CHECK_ARG(env, result);
  JSValueConst target;
  CHECK_TO_OBJECT(env, target, object, napi_object_expected);
  JSContext *ctx = env->isolate->ctx;
  return give(env, JS_GetPropertyValue(ctx, target, JS_DupValue(ctx, ej_value(key))), result);
}

napi_status ej_napi_delete_property(napi_env env, napi_value object, napi_value key, bool *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, key);
  JSValueConst target;
  CHECK_TO_OBJECT(env, target, object, napi_object_expected);
  return delete(env, target, JS_ValueToAtom(env->isolate->ctx, ej_value(key)), result);
}

napi_status ej_napi_has_own_property(napi_env env, napi_value object, napi_value key,
                                     bool *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, key);
  CHECK_ARG(env, result);
  JSValueConst target;
  CHECK_TO_OBJECT(env, target, object, napi_object_expected);
  JSValueConst name = ej_value(key);
  RETURN_STATUS_IF_FALSE(env, JS_IsString(name) || JS_IsSymbol(name), napi_name_expected);
  JSContext *ctx = env->isolate->ctx;
  JSAtom atom = JS_ValueToAtom(ctx, name);
  int found = atom == JS_ATOM_NULL ? -1 : JS_GetOwnProperty(ctx, NULL, target, atom);
  JS_FreeAtom(ctx, atom);
  if (found < 0) return ej_status_or(env, napi_generic_failure);
  *result = found != 0;
  return napi_ok;
}

// --- Properties by name -------------------------------------------------------------------------

napi_status ej_napi_set_named_property(napi_env env, napi_value object, const char *utf8name,
                                       napi_value value) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, value);
  JSValueConst target;
  CHECK_TO_OBJECT(env, target, object, napi_object_expected);
  CHECK_ARG(env, utf8name);
  JSContext *ctx = env->isolate->ctx;
  JSValue key = ej_key_value(env->isolate, utf8name);
  if (JS_IsException(key)) return ej_fail_quietly(env, napi_generic_failure);
  return set(env, target, key, JS_DupValue(ctx, ej_value(value)));
}

napi_status ej_napi_has_named_property(napi_env env, napi_value object, const char *utf8name,
                                       bool *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, result);
  JSValueConst target;
  CHECK_TO_OBJECT(env, target, object, napi_object_expected);
  CHECK_ARG(env, utf8name);
  return has(env, target, ej_key_atom(env->isolate, utf8name), result);
}

napi_status ej_napi_get_named_property(napi_env env, napi_value object, const char *utf8name,
                                       napi_value *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, result);
  CHECK_ARG(env, utf8name);
  JSValueConst target;
  CHECK_TO_OBJECT(env, target, object, napi_object_expected);
  JSContext *ctx = env->isolate->ctx;
  JSAtom atom = ej_key_atom(env->isolate, utf8name);
  if (atom == JS_ATOM_NULL) return ej_fail_quietly(env, napi_generic_failure);
  JSValue value = JS_GetProperty(ctx, target, atom);
  JS_FreeAtom(ctx, atom);
  return give(env, value, result);
}

// --- Elements -----------------------------------------------------------------------------------

napi_status ej_napi_set_element(napi_env env, napi_value object, uint32_t index, napi_value value) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, value);
  JSValueConst target;
  CHECK_TO_OBJECT(env, target, object, napi_object_expected);
  JSContext *ctx = env->isolate->ctx;
  return set(env, target, JS_NewUint32(ctx, index), JS_DupValue(ctx, ej_value(value)));
}

napi_status ej_napi_has_element(napi_env env, napi_value object, uint32_t index, bool *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, result);
  JSValueConst target;
  CHECK_TO_OBJECT(env, target, object, napi_object_expected);
  return has(env, target, JS_NewAtomUInt32(env->isolate->ctx, index), result);
}

napi_status ej_napi_get_element(napi_env env, napi_value object, uint32_t index,
                                napi_value *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, result);
  JSValueConst target;
  CHECK_TO_OBJECT(env, target, object, napi_object_expected);
  return give(env, JS_GetPropertyUint32(env->isolate->ctx, target, index), result);
}

napi_status ej_napi_delete_element(napi_env env, napi_value object, uint32_t index, bool *result) {
  NAPI_PREAMBLE(env);
  JSValueConst target;
  CHECK_TO_OBJECT(env, target, object, napi_object_expected);
  return delete(env, target, JS_NewAtomUInt32(env->isolate->ctx, index), result);
}

// --- Arrays -------------------------------------------------------------------------------------

napi_status ej_napi_is_array(napi_env env, napi_value value, bool *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, result);
  *result = JS_IsArray(ej_value(value));
  return ej_clear_error(env);
}

napi_status ej_napi_get_array_length(napi_env env, napi_value value, uint32_t *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, result);
  RETURN_STATUS_IF_FALSE(env, JS_IsArray(ej_value(value)), napi_array_expected);
  int64_t length;
  if (JS_GetLength(env->isolate->ctx, ej_value(value), &length) < 0) return ej_status(env);
  *result = (uint32_t)length;
  return napi_ok;
}

// --- Prototypes and integrity -------------------------------------------------------------------

// The trap of a proxy is not asked: V8 says null there.
napi_status ej_napi_get_prototype(napi_env env, napi_value object, napi_value *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, result);
  JSValueConst target;
  CHECK_TO_OBJECT(env, target, object, napi_object_expected);
  JSValue prototype = JS_IsProxy(target) ? JS_NULL : JS_GetPrototype(env->isolate->ctx, target);
  return give(env, prototype, result);
}

napi_status ej_node_api_set_prototype(napi_env env, napi_value object, napi_value value) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, value);
  JSValueConst target;
  CHECK_TO_OBJECT(env, target, object, napi_object_expected);
  JSContext *ctx = env->isolate->ctx;
  JSValueConst prototype = ej_value(value);
  if (!JS_IsObject(prototype) && !JS_IsNull(prototype)) return napi_ok; // ignored, as in V8
  if (JS_SetPrototype(ctx, target, prototype) >= 0) return napi_ok;
  // Only a proxy's trap may throw; the engine's own refusals are a mere status in V8.
  if (!JS_IsProxy(target)) return ej_fail_quietly(env, napi_generic_failure);
  return ej_status_or(env, napi_generic_failure);
}

napi_status ej_napi_object_freeze(napi_env env, napi_value object) {
  NAPI_PREAMBLE(env);
  JSValueConst target;
  CHECK_TO_OBJECT(env, target, object, napi_object_expected);
  if (JS_FreezeObject(env->isolate->ctx, target) < 0)
    return ej_status_or(env, napi_generic_failure);
  return napi_ok;
}

napi_status ej_napi_object_seal(napi_env env, napi_value object) {
  NAPI_PREAMBLE(env);
  JSValueConst target;
  CHECK_TO_OBJECT(env, target, object, napi_object_expected);
  if (JS_SealObject(env->isolate->ctx, target) < 0) return ej_status_or(env, napi_generic_failure);
  return napi_ok;
}

napi_status ej_napi_instanceof(napi_env env, napi_value object, napi_value constructor,
                               bool *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, object);
  CHECK_ARG(env, result);
  *result = false;
  JSValueConst function;
  CHECK_TO_OBJECT(env, function, constructor, napi_object_expected);
  JSContext *ctx = env->isolate->ctx;
  if (!JS_IsFunction(ctx, function)) {
    ej_napi_throw_type_error(env, "ERR_NAPI_CONS_FUNCTION", "Constructor must be a function");
    return ej_set_error(env, napi_function_expected);
  }
  int is_instance = JS_IsInstanceOf(ctx, ej_value(object), function);
  if (is_instance < 0) return ej_set_error(env, napi_generic_failure);
  *result = is_instance != 0;
  return napi_ok;
}
