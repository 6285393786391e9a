// SPDX-License-Identifier: Apache-2.0
//
// Handle scopes. A scope is one slot of the arena: closing it ends that slot and all above. The
// slot of an escapable scope remembers the slot below it, which belongs to the parent scope.
#include "napi_internal.h"

static napi_status close_scope(napi_env env, void *scope) {
  if (env->open_handle_scopes == 0) return napi_handle_scope_mismatch;
  JSValue *slot = scope;
  ej_arena_chunk *chunk = ej_arena_chunk_of(&env->isolate->arena, slot);
  if (chunk == NULL) return ej_set_error(env, napi_handle_scope_mismatch);
  env->open_handle_scopes--;
  ej_arena_close(env->isolate, (ej_mark){slot, chunk});
  return ej_clear_error(env);
}

napi_status ej_napi_open_handle_scope(napi_env env, napi_handle_scope *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, result);
  *result = (napi_handle_scope)(void *)ej_handle(env->isolate, JS_UNDEFINED);
  env->open_handle_scopes++;
  return ej_clear_error(env);
}

napi_status ej_napi_close_handle_scope(napi_env env, napi_handle_scope scope) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, scope);
  return close_scope(env, scope);
}

napi_status ej_napi_open_escapable_handle_scope(napi_env env, napi_escapable_handle_scope *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, result);
  napi_value escape_slot = ej_handle(env->isolate, JS_UNDEFINED);
  // The tag has no reference count, so freeing the slot leaves the pointer alone.
  napi_value scope = ej_handle(env->isolate, JS_MKPTR(JS_TAG_UNINITIALIZED, escape_slot));
  *result = (napi_escapable_handle_scope)(void *)scope;
  env->open_handle_scopes++;
  return ej_clear_error(env);
}

napi_status ej_napi_close_escapable_handle_scope(napi_env env, napi_escapable_handle_scope scope) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, scope);
  return close_scope(env, scope);
}

napi_status ej_napi_escape_handle(napi_env env, napi_escapable_handle_scope scope,
                                  napi_value escapee, napi_value *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, scope);
  CHECK_ARG(env, escapee);
  CHECK_ARG(env, result);
  JSValue *slot = (JSValue *)(void *)scope;
  JSValue *escape_slot = JS_VALUE_GET_PTR(*slot);
  if (escape_slot == NULL) return ej_set_error(env, napi_escape_called_twice);
  *slot = JS_MKPTR(JS_TAG_UNINITIALIZED, NULL);
  *escape_slot = JS_DupValue(env->isolate->ctx, ej_value(escapee));
  *result = (napi_value)(void *)escape_slot;
  return ej_clear_error(env);
}
