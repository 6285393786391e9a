// SPDX-License-Identifier: Apache-2.0
//
// Async contexts and callback scopes: calls into JavaScript that end a macrotask when they are the
// outermost. Node: class AsyncContext in src/node_api.cc, src/api/callback.cc.
#include <stdlib.h>

#include "natives.h"

// --- Resources -----------------------------------------------------------------------------------

struct ej_async {
  napi_env env;     // not held: nothing is done with the resource once its env is gone
  uint32_t holders; // whoever made it, and calls that are under way
  napi_ref resource;
  napi_ref frame; // of AsyncLocalStorage; NULL for none
  napi_ref token; // of internal/async_hooks; NULL when nobody listened
};

// Tells async_hooks, through the env of the library itself: the addon's last error stays.
static napi_value tell(ej_isolate *isolate, ej_async_event event, size_t count,
                       const napi_value *arguments) {
  napi_env env = ej_isolate_root_env(isolate);
  napi_value listener = ej_isolate_may_run(isolate) ? ej_async_listener(isolate, event) : NULL;
  napi_value receiver, result;
  if (listener == NULL || napi_get_undefined(env, &receiver) != napi_ok) return NULL;
  if (napi_call_function(env, receiver, listener, count, arguments, &result) != napi_ok)
    return NULL;
  return result;
}

static napi_value value_of(napi_env env, napi_ref reference) {
  napi_value value;
  if (reference == NULL) return NULL;
  EJ_CHECK(napi_get_reference_value(ej_isolate_root_env(env->isolate), reference, &value) ==
           napi_ok);
  return value;
}

// A strong reference that ends with the isolate at the latest.
static napi_ref keep(napi_env env, napi_value value) {
  napi_ref reference = NULL;
  if (value != NULL) napi_create_reference(ej_isolate_root_env(env->isolate), value, 1, &reference);
  return reference;
}

static void release(napi_env env, napi_ref reference) {
  if (reference != NULL) napi_delete_reference(ej_isolate_root_env(env->isolate), reference);
}

ej_async *ej_async_new(napi_env env, napi_value resource, napi_value name) {
  ej_async *async = malloc(sizeof(*async));
  if (async == NULL) {
    ej_set_error(env, napi_generic_failure);
    return NULL;
  }
  if (resource == NULL && napi_create_object(env, &resource) != napi_ok) {
    free(async);
    return NULL;
  }
  napi_value frame = ej_exchange_frame(env->isolate, NULL);
  ej_exchange_frame(env->isolate, frame);
  napi_value arguments[] = {resource, name};
  napi_value token = tell(env->isolate, EJ_ASYNC_INIT, 2, arguments);
  *async = (ej_async){env, 1, keep(env, resource), keep(env, frame), keep(env, token)};
  return async;
}

static void drop(ej_async *async) {
  if (--async->holders > 0) return;
  napi_env env = async->env;
  release(env, async->resource);
  release(env, async->frame);
  release(env, async->token);
  free(async);
}

void ej_async_free(ej_async *async) {
  if (async == NULL) return;
  napi_value token = value_of(async->env, async->token);
  if (token != NULL) tell(async->env->isolate, EJ_ASYNC_DESTROY, 1, &token);
  drop(async);
}

void ej_async_enter(napi_env env, ej_async *async, napi_value resource, ej_async_scope *scope) {
  napi_value arguments[2] = {NULL, NULL};
  napi_env root = ej_isolate_root_env(env->isolate);
  if (async != NULL) async->holders++;
  scope->async = async;
  scope->frame =
      ej_exchange_frame(env->isolate, async == NULL ? NULL : value_of(env, async->frame));
  if (async != NULL) {
    arguments[0] = value_of(env, async->token);
    resource = value_of(env, async->resource);
  }
  if (resource == NULL) napi_create_object(root, &resource);
  arguments[1] = resource;
  if (arguments[0] == NULL) napi_get_undefined(root, &arguments[0]);
  tell(env->isolate, EJ_ASYNC_ENTER, 2, arguments);
}

void ej_async_leave(napi_env env, ej_async_scope *scope) {
  napi_env root = ej_isolate_root_env(env->isolate);
  bool pending = false;
  napi_value error = NULL, arguments[2] = {NULL, NULL};
  napi_is_exception_pending(root, &pending);
  if (pending) napi_get_and_clear_last_exception(root, &error);
  if (scope->async != NULL) arguments[0] = value_of(env, scope->async->token);
  if (arguments[0] == NULL) napi_get_undefined(root, &arguments[0]);
  napi_get_boolean(root, pending, &arguments[1]);
  tell(env->isolate, EJ_ASYNC_LEAVE, 2, arguments);
  ej_exchange_frame(env->isolate, scope->frame);
  if (pending) napi_throw(root, error);
  if (scope->async != NULL) drop(scope->async);
}

// --- Async contexts ------------------------------------------------------------------------------

struct napi_async_context__ {
  napi_env env;
  ej_async *async;
};

napi_status ej_napi_async_init(napi_env env, napi_value async_resource,
                               napi_value async_resource_name, napi_async_context *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, async_resource_name);
  CHECK_ARG(env, result);
  napi_value resource = NULL, name;
  napi_status status = napi_ok;
  if (async_resource != NULL) status = ej_to_object(env, async_resource, &resource);
  if (status == napi_ok) status = ej_to_string(env, async_resource_name, &name);
  if (status != napi_ok) return status;
  napi_async_context context = malloc(sizeof(*context));
  RETURN_STATUS_IF_FALSE(env, context != NULL, napi_generic_failure);
  *context = (struct napi_async_context__){env, ej_async_new(env, resource, name)};
  if (context->async == NULL) {
    free(context);
    return env->last_error.error_code;
  }
  *result = context;
  return ej_clear_error(env);
}

napi_status ej_napi_async_destroy(napi_env env, napi_async_context async_context) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, async_context);
  RETURN_STATUS_IF_FALSE(env, async_context->env == env, napi_invalid_arg);
  ej_async_free(async_context->async);
  free(async_context);
  return ej_clear_error(env);
}

napi_status ej_napi_make_callback(napi_env env, napi_async_context async_context, napi_value recv,
                                  napi_value func, size_t argc, const napi_value *argv,
                                  napi_value *result) {
  napi_status status = ej_preamble(env);
  if (status != napi_ok) return status;
  CHECK_ARG(env, recv);
  if (argc > 0) CHECK_ARG(env, argv);
  napi_value receiver;
  status = ej_to_object(env, recv, &receiver);
  if (status == napi_ok) status = ej_check_function(env, func);
  if (status != napi_ok) return status;
  ej_async_scope scope;
  ej_callback_scope_open(env->isolate);
  ej_async_enter(env, async_context == NULL ? NULL : async_context->async, receiver, &scope);
  status = napi_call_function(env, receiver, func, argc, argv, result);
  ej_async_leave(env, &scope);
  ej_callback_scope_close(env->isolate);
  return ej_set_error(env, status);
}

// --- Callback scopes -----------------------------------------------------------------------------

struct napi_callback_scope__ {
  napi_env env;
  ej_async_scope async;
  napi_ref frame; // the scope's own, which handles may not outlive
};

napi_status ej_napi_open_callback_scope(napi_env env, napi_value resource_object,
                                        napi_async_context context, napi_callback_scope *result) {
  (void)resource_object; // documented as ignored
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, result);
  napi_callback_scope scope = malloc(sizeof(*scope));
  RETURN_STATUS_IF_FALSE(env, scope != NULL, napi_generic_failure);
  scope->env = env;
  env->open_callback_scopes++;
  ej_callback_scope_open(env->isolate);
  ej_async_enter(env, context == NULL ? NULL : context->async, NULL, &scope->async);
  scope->frame = keep(env, scope->async.frame);
  *result = scope;
  return ej_clear_error(env);
}

napi_status ej_napi_close_callback_scope(napi_env env, napi_callback_scope scope) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, scope);
  if (env->open_callback_scopes == 0 || scope->env != env) return napi_callback_scope_mismatch;
  env->open_callback_scopes--;
  scope->async.frame = value_of(env, scope->frame);
  ej_async_leave(env, &scope->async);
  release(env, scope->frame);
  free(scope);
  ej_callback_scope_close(env->isolate);
  return ej_clear_error(env);
}
