// SPDX-License-Identifier: Apache-2.0
//
// Promises, dates and scripts. Node: src/js_native_api_v8.cc.
#include <stdlib.h>

#include "napi_internal.h"

// --- Promises -----------------------------------------------------------------------------------

struct napi_deferred__ {
  ej_link in_isolate;   // so that promises never concluded are let go of in the end
  JSValue functions[2]; // resolve, reject
};

static void deferred_free(JSContext *ctx, napi_deferred deferred) {
  ej_ring_remove(&deferred->in_isolate);
  JS_FreeValue(ctx, deferred->functions[0]);
  JS_FreeValue(ctx, deferred->functions[1]);
  free(deferred);
}

void ej_deferreds_free(ej_isolate *isolate) {
  ej_link *all = &isolate->napi->deferreds;
  while (!ej_ring_empty(all))
    deferred_free(isolate->ctx, EJ_CONTAINER(all->next, struct napi_deferred__, in_isolate));
}

napi_status ej_napi_create_promise(napi_env env, napi_deferred *deferred, napi_value *promise) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, deferred);
  CHECK_ARG(env, promise);
  napi_deferred made = calloc(1, sizeof(*made));
  if (made == NULL) return ej_set_error(env, napi_generic_failure);
  JSValue value = JS_NewPromiseCapability(env->isolate->ctx, made->functions);
  if (JS_IsException(value)) {
    free(made);
    return ej_set_error(env, napi_generic_failure);
  }
  ej_ring_insert(&env->isolate->napi->deferreds, &made->in_isolate);
  *deferred = made;
  *promise = ej_handle(env->isolate, value);
  return napi_ok;
}

enum { RESOLVE, REJECT };

static napi_status conclude(napi_env env, napi_deferred deferred, napi_value value, int how) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, deferred);
  JSContext *ctx = env->isolate->ctx;
  JSValueConst argument = ej_value(value);
  JSValue done = JS_Call(ctx, deferred->functions[how], JS_UNDEFINED, 1, &argument);
  deferred_free(ctx, deferred);
  CHECK_VALUE_WITH_PREAMBLE(env, done, napi_generic_failure);
  JS_FreeValue(ctx, done);
  return napi_ok;
}

napi_status ej_napi_resolve_deferred(napi_env env, napi_deferred deferred, napi_value resolution) {
  return conclude(env, deferred, resolution, RESOLVE);
}

napi_status ej_napi_reject_deferred(napi_env env, napi_deferred deferred, napi_value rejection) {
  return conclude(env, deferred, rejection, REJECT);
}

napi_status ej_napi_is_promise(napi_env env, napi_value value, bool *is_promise) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, is_promise);
  *is_promise = JS_IsPromise(ej_value(value));
  return ej_clear_error(env);
}

// --- Dates --------------------------------------------------------------------------------------

napi_status ej_napi_create_date(napi_env env, double time, napi_value *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, result);
  JSValue date = JS_NewDate(env->isolate->ctx, time);
  if (JS_IsException(date)) return ej_set_error(env, napi_generic_failure);
  *result = ej_handle(env->isolate, date);
  return napi_ok;
}

napi_status ej_napi_is_date(napi_env env, napi_value value, bool *is_date) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, is_date);
  *is_date = JS_IsDate(ej_value(value));
  return ej_clear_error(env);
}

napi_status ej_napi_get_date_value(napi_env env, napi_value value, double *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, result);
  RETURN_STATUS_IF_FALSE(env, JS_IsDate(ej_value(value)), napi_date_expected);
  JSContext *ctx = env->isolate->ctx;
  JSValueConst get_time = ej_lazy_intrinsic(env->isolate, EJ_DATE_GET_TIME);
  CHECK_VALUE_WITH_PREAMBLE(env, get_time, napi_generic_failure);
  JSValue time = JS_Call(ctx, get_time, ej_value(value), 0, NULL);
  CHECK_VALUE_WITH_PREAMBLE(env, time, napi_generic_failure);
  JS_ToFloat64(ctx, result, time);
  return napi_ok;
}

// --- Scripts ------------------------------------------------------------------------------------

napi_status ej_napi_run_script(napi_env env, napi_value script, napi_value *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, script);
  CHECK_ARG(env, result);
  RETURN_STATUS_IF_FALSE(env, JS_IsString(ej_value(script)), napi_string_expected);
  JSContext *ctx = env->isolate->ctx;
  size_t length;
  const char *source = JS_ToCStringLen(ctx, &length, ej_value(script));
  if (source == NULL) return ej_set_error(env, napi_generic_failure);
  JSValue value = JS_Eval(ctx, source, length, "<anonymous>", JS_EVAL_TYPE_GLOBAL);
  JS_FreeCString(ctx, source);
  // As in Node, the status does not tell that an exception is pending.
  if (JS_IsException(value)) return ej_set_error(env, napi_generic_failure);
  *result = ej_handle(env->isolate, value);
  return napi_ok;
}
