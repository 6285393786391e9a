// SPDX-License-Identifier: Apache-2.0
//
// Limits of one evaluation: `timeout` and `breakOnSigint` of vm. The engine asks now and then
// whether to stop (isolate.c); an evaluation that is stopped unwinds through an error that
// JavaScript cannot catch.
#include "realm.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>

// Signals belong to the process: while any evaluation of any isolate waits for SIGINT, it is ours.
static atomic_int interrupts; // that arrived
static atomic_int waiting;
static struct sigaction before;

static void on_sigint(int number) {
  (void)number;
  atomic_fetch_add(&interrupts, 1);
}

static void watch_sigint(void) {
  if (atomic_fetch_add(&waiting, 1) != 0) return;
  struct sigaction action = {.sa_handler = on_sigint};
  sigemptyset(&action.sa_mask);
  atomic_store(&interrupts, 0);
  sigaction(SIGINT, &action, &before);
}

static void unwatch_sigint(void) {
  if (atomic_fetch_sub(&waiting, 1) == 1) sigaction(SIGINT, &before, NULL);
}

void ej_limits_begin(ej_isolate *isolate, ej_limits *limits, double timeout, bool on_sigint) {
  *limits = (ej_limits){isolate->limits, 0, timeout, on_sigint, false};
  if (timeout > 0) limits->deadline = uv_hrtime() + (uint64_t)(timeout * 1e6);
  if (on_sigint) watch_sigint();
  isolate->limits = limits;
}

// The outermost limit that is reached stops everything inside of it.
bool ej_limits_reached(ej_isolate *isolate) {
  ej_limits *reached = NULL;
  uint64_t now = 0;
  for (ej_limits *limits = isolate->limits; limits != NULL; limits = limits->outer) {
    if (limits->deadline != 0 && now == 0) now = uv_hrtime();
    if (limits->fired || (limits->deadline != 0 && now >= limits->deadline) ||
        (limits->on_sigint && atomic_load(&interrupts) > 0))
      reached = limits;
  }
  if (reached != NULL) reached->fired = true;
  return reached != NULL;
}

static JSValue throw_coded(ej_isolate *isolate, const char *code, const char *message) {
  JSContext *ctx = isolate->ctx;
  JSValue error = JS_NewError(ctx);
  JS_DefinePropertyValueStr(ctx, error, "message", JS_NewString(ctx, message),
                            JS_PROP_CONFIGURABLE | JS_PROP_WRITABLE);
  JS_DefinePropertyValueStr(ctx, error, "code", JS_NewString(ctx, code), JS_PROP_C_W_E);
  ej_stack_mark_node_error(isolate, error);
  return JS_Throw(ctx, error);
}

JSValue ej_limits_end(ej_isolate *isolate, ej_limits *limits, JSValue result) {
  JSContext *ctx = isolate->ctx;
  isolate->limits = limits->outer;
  bool interrupted = limits->on_sigint && limits->fired && atomic_load(&interrupts) > 0;
  if (limits->on_sigint) unwatch_sigint();
  if (!limits->fired || isolate->terminating) return result;
  if (!JS_IsException(result)) return result; // it ended before the engine asked again
  JS_FreeValue(ctx, JS_GetException(ctx));
  if (interrupted)
    return throw_coded(isolate, "ERR_SCRIPT_EXECUTION_INTERRUPTED",
                       "Script execution was interrupted by `SIGINT`");
  char message[80];
  snprintf(message, sizeof message, "Script execution timed out after %.0fms", limits->timeout);
  return throw_coded(isolate, "ERR_SCRIPT_EXECUTION_TIMEOUT", message);
}

bool ej_env_must_stop(napi_env env) {
  return ej_isolate_check(env->isolate) || ej_limits_reached(env->isolate);
}

void ej_env_throw_stop(napi_env env) {
  JSContext *ctx = env->isolate->ctx;
  JSValue error = JS_NewInternalError(ctx, "interrupted");
  JS_SetUncatchableError(ctx, error);
  JS_Throw(ctx, error);
}

bool ej_env_is_stopping(napi_env env) {
  ej_isolate *isolate = env->isolate;
  if (isolate->terminating || !JS_HasException(isolate->ctx)) return isolate->terminating;
  JSValue error = JS_GetException(isolate->ctx);
  bool stopping = JS_IsUncatchableError(error);
  JS_Throw(isolate->ctx, error);
  return stopping;
}

bool ej_env_take_memory(napi_env env, size_t size) { return ej_outside_take(env->isolate, size); }

void ej_env_give_memory(napi_env env, size_t size) { ej_outside_give(env->isolate, size); }

size_t ej_env_memory_limit(napi_env env) { return env->isolate->memory_limit; }

bool ej_realm_run_jobs(ej_isolate *isolate, const ej_realm *realm) {
  int status;
  if (!realm->own_jobs) return true;
  while ((status = ej_quickjs_run_own_job(realm->ctx)) != 0) {
    if (status > 0) continue;
    if (isolate->terminating || (isolate->limits != NULL && isolate->limits->fired)) return false;
    ej_isolate_uncaught(isolate);
  }
  return !isolate->terminating;
}
