// SPDX-License-Identifier: Apache-2.0
//
// Calls into addons out of the loop, and finalizers posted for later. Node:
// node_napi_env__::CallbackIntoModule and CallFinalizer in src/node_api.cc.
#include <stdlib.h>

#include "natives.h"

// --- Exceptions out of native callbacks --------------------------------------------------------

void ej_envs_force_uncaught_policy(ej_isolate *isolate, bool force) {
  ej_isolate_root_env(isolate)->natives->force_uncaught_policy = force;
}

static napi_status emit_deprecation(napi_env env) {
  static const char message[] =
      "Uncaught Node-API callback exception detected, please run node with option "
      "--force-node-api-uncaught-exceptions-policy=true to handle those exceptions properly.";
  napi_value global;
  napi_value process;
  napi_value emit;
  napi_value arguments[3];
  napi_status status = napi_get_global(env, &global);
  if (status == napi_ok) status = napi_get_named_property(env, global, "process", &process);
  if (status == napi_ok) status = napi_get_named_property(env, process, "emitWarning", &emit);
  if (status == napi_ok) {
    status = napi_create_string_utf8(env, message, NAPI_AUTO_LENGTH, &arguments[0]);
  }
  if (status == napi_ok) {
    status = napi_create_string_utf8(env, "DeprecationWarning", NAPI_AUTO_LENGTH, &arguments[1]);
  }
  if (status == napi_ok) {
    status = napi_create_string_utf8(env, "DEP0168", NAPI_AUTO_LENGTH, &arguments[2]);
  }
  if (status == napi_ok) status = napi_call_function(env, process, emit, 3, arguments, NULL);
  return status;
}

typedef struct native_call {
  void (*run)(napi_env env, void *data);
  void *data;
} native_call;

static void run_under_policy(napi_env env, void *data) {
  const native_call *call = data;
  bool enforce = env->module_api_version >= 10 || env->natives->force_uncaught_policy;
  call->run(env, call->data);
  bool pending;
  if (enforce || napi_is_exception_pending(env, &pending) != napi_ok || !pending) return;
  napi_value dropped;
  if (napi_get_and_clear_last_exception(env, &dropped) != napi_ok) return;
  // What the warning itself throws is left pending: it goes to 'uncaughtException'.
  emit_deprecation(env);
}

void ej_env_call_native(napi_env env, void (*run)(napi_env env, void *data), void *data) {
  native_call call = {run, data};
  ej_env_call(env, run_under_policy, &call);
}

// --- Finalizers --------------------------------------------------------------------------------

typedef struct finalizer {
  napi_env env; // holds a reference once posted
  napi_finalize run;
  void *data;
  void *hint;
} finalizer;

static void run_finalizer(napi_env env, void *data) {
  const finalizer *self = data;
  self->run(env, self->data, self->hint);
}

// Whatever the addon's version: an exception goes to 'uncaughtException' (CallFinalizer<true>).
void ej_env_call_finalizer(napi_env env, napi_finalize finalize, void *data, void *hint) {
  finalizer self = {env, finalize, data, hint};
  ej_env_call(env, run_finalizer, &self);
}

static void run_posted(void *data) {
  finalizer *self = data;
  self->env->natives->waiting--;
  if (self->run != NULL) ej_env_call(self->env, run_finalizer, self);
  ej_env_unref(self->env);
  free(self);
}

napi_status ej_node_api_post_finalizer(node_api_basic_env env, napi_finalize finalize_cb,
                                       void *finalize_data, void *finalize_hint) {
  CHECK_ENV(env);
  finalizer *self = malloc(sizeof(*self));
  RETURN_STATUS_IF_FALSE(env, self != NULL, napi_generic_failure);
  *self = (finalizer){env, finalize_cb, finalize_data, finalize_hint};
  ej_env_ref(env);
  env->natives->waiting++;
  ej_isolate_defer(env->isolate, run_posted, self);
  return ej_clear_error(env);
}
