// SPDX-License-Identifier: Apache-2.0
//
// Async contexts and callback scopes: calls into JavaScript that end a macrotask when they are the
// outermost. Node: class AsyncContext in src/node_api.cc, src/api/callback.cc.
//
// A context is what async_hooks would report about such a call. That module refuses to load here,
// so a context has nothing to carry but the env it belongs to.
#include <stdlib.h>

#include "natives.h"

struct napi_async_context__ {
  napi_env env;
};

struct napi_callback_scope__ {
  napi_env env;
};

napi_status ej_napi_async_init(napi_env env, napi_value async_resource,
                               napi_value async_resource_name, napi_async_context *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, async_resource_name);
  CHECK_ARG(env, result);
  napi_value ignored;
  napi_status status = napi_ok;
  if (async_resource != NULL) status = ej_to_object(env, async_resource, &ignored);
  if (status == napi_ok) status = ej_to_string(env, async_resource_name, &ignored);
  if (status != napi_ok) return status;
  napi_async_context context = malloc(sizeof(*context));
  RETURN_STATUS_IF_FALSE(env, context != NULL, napi_generic_failure);
  context->env = env;
  *result = context;
  return ej_clear_error(env);
}

napi_status ej_napi_async_destroy(napi_env env, napi_async_context async_context) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, async_context);
  RETURN_STATUS_IF_FALSE(env, async_context->env == env, napi_invalid_arg);
  free(async_context);
  return ej_clear_error(env);
}

napi_status ej_napi_make_callback(napi_env env, napi_async_context async_context, napi_value recv,
                                  napi_value func, size_t argc, const napi_value *argv,
                                  napi_value *result) {
  (void)async_context;
  napi_status status = ej_preamble(env);
  if (status != napi_ok) return status;
  CHECK_ARG(env, recv);
  if (argc > 0) CHECK_ARG(env, argv);
  napi_value receiver;
  status = ej_to_object(env, recv, &receiver);
  if (status == napi_ok) status = ej_check_function(env, func);
  if (status != napi_ok) return status;
  ej_callback_scope_open(env->isolate);
  status = napi_call_function(env, receiver, func, argc, argv, result);
  ej_callback_scope_close(env->isolate);
  return ej_set_error(env, status);
}

napi_status ej_napi_open_callback_scope(napi_env env, napi_value resource_object,
                                        napi_async_context context, napi_callback_scope *result) {
  (void)resource_object; // documented as ignored
  (void)context;
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, result);
  napi_callback_scope scope = malloc(sizeof(*scope));
  RETURN_STATUS_IF_FALSE(env, scope != NULL, napi_generic_failure);
  scope->env = env;
  env->open_callback_scopes++;
  ej_callback_scope_open(env->isolate);
  *result = scope;
  return ej_clear_error(env);
}

napi_status ej_napi_close_callback_scope(napi_env env, napi_callback_scope scope) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, scope);
  if (env->open_callback_scopes == 0 || scope->env != env) return napi_callback_scope_mismatch;
  env->open_callback_scopes--;
  free(scope);
  ej_callback_scope_close(env->isolate);
  return ej_clear_error(env);
}
