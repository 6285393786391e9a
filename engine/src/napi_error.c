// SPDX-License-Identifier: Apache-2.0
//
// Errors: making, throwing, catching. The pending exception of Node-API is the engine's own.
#include "napi_internal.h"

// An error of the class, as `new Class(message)` makes it, with a `code` unless that is undefined.
// Consumes both. JS_EXCEPTION only when out of memory.
static JSValue new_error(ej_isolate *isolate, enum ej_intrinsic class, JSValue code,
                         JSValue message) {
  JSContext *ctx = isolate->ctx;
  JSValue error = JS_EXCEPTION;
  if (!JS_IsException(message) && !JS_IsException(code)) {
    JSValueConst argument = message;
    error = JS_CallConstructor(ctx, isolate->napi->intrinsics[class], 1, &argument);
  }
  JS_FreeValue(ctx, message);
  if (JS_IsException(error) || JS_IsUndefined(code)) {
    JS_FreeValue(ctx, code);
    return error;
  }
  if (JS_DefinePropertyValue(ctx, error, isolate->napi->atoms[EJ_ATOM_CODE], code, JS_PROP_C_W_E) <
      0) {
    JS_FreeValue(ctx, error);
    return JS_EXCEPTION;
  }
  return error;
}

static napi_status create(napi_env env, enum ej_intrinsic class, napi_value code, napi_value msg,
                          napi_value *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, msg);
  CHECK_ARG(env, result);
  JSContext *ctx = env->isolate->ctx;
  RETURN_STATUS_IF_FALSE(env, JS_IsString(ej_value(msg)), napi_string_expected);
  JSValue code_value = JS_UNDEFINED;
  if (code != NULL) {
    RETURN_STATUS_IF_FALSE(env, JS_IsString(ej_value(code)), napi_string_expected);
    code_value = JS_DupValue(ctx, ej_value(code));
  }
  JSValue error = new_error(env->isolate, class, code_value, JS_DupValue(ctx, ej_value(msg)));
  if (JS_IsException(error)) return ej_fail_quietly(env, napi_generic_failure);
  *result = ej_handle(env->isolate, error);
  return ej_clear_error(env);
}

napi_status ej_napi_create_error(napi_env env, napi_value code, napi_value msg,
                                 napi_value *result) {
  return create(env, EJ_ERROR, code, msg, result);
}

napi_status ej_napi_create_type_error(napi_env env, napi_value code, napi_value msg,
                                      napi_value *result) {
  return create(env, EJ_TYPE_ERROR, code, msg, result);
}

napi_status ej_napi_create_range_error(napi_env env, napi_value code, napi_value msg,
                                       napi_value *result) {
  return create(env, EJ_RANGE_ERROR, code, msg, result);
}

napi_status ej_node_api_create_syntax_error(napi_env env, napi_value code, napi_value msg,
                                            napi_value *result) {
  return create(env, EJ_SYNTAX_ERROR, code, msg, result);
}

napi_status ej_napi_throw(napi_env env, napi_value error) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, error);
  JSContext *ctx = env->isolate->ctx;
  JS_Throw(ctx, JS_DupValue(ctx, ej_value(error)));
  return ej_clear_error(env);
}

static napi_status throw(napi_env env, enum ej_intrinsic class, const char *code, const char *msg) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, msg);
  JSContext *ctx = env->isolate->ctx;
  JSValue message = ej_string_from_utf8(ctx, msg, NAPI_AUTO_LENGTH);
  JSValue code_value =
      code == NULL ? JS_UNDEFINED : ej_string_from_utf8(ctx, code, NAPI_AUTO_LENGTH);
  JSValue error = new_error(env->isolate, class, code_value, message);
  if (JS_IsException(error)) return ej_set_error(env, napi_generic_failure);
  JS_Throw(ctx, error);
  return ej_clear_error(env);
}

napi_status ej_napi_throw_error(napi_env env, const char *code, const char *msg) {
  return throw(env, EJ_ERROR, code, msg);
}

napi_status ej_napi_throw_type_error(napi_env env, const char *code, const char *msg) {
  return throw(env, EJ_TYPE_ERROR, code, msg);
}

napi_status ej_napi_throw_range_error(napi_env env, const char *code, const char *msg) {
  return throw(env, EJ_RANGE_ERROR, code, msg);
}

napi_status ej_node_api_throw_syntax_error(napi_env env, const char *code, const char *msg) {
  return throw(env, EJ_SYNTAX_ERROR, code, msg);
}

napi_status ej_napi_is_error(napi_env env, napi_value value, bool *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, result);
  *result = JS_IsError(ej_value(value));
  return ej_clear_error(env);
}

napi_status ej_napi_is_exception_pending(napi_env env, bool *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, result);
  *result = JS_HasException(env->isolate->ctx);
  return ej_clear_error(env);
}

napi_status ej_napi_get_and_clear_last_exception(napi_env env, napi_value *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, result);
  JSContext *ctx = env->isolate->ctx;
  if (!JS_HasException(ctx)) return ej_napi_get_undefined(env, result);
  *result = ej_handle(env->isolate, JS_GetException(ctx));
  return ej_clear_error(env);
}
