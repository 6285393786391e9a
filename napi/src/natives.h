// SPDX-License-Identifier: Apache-2.0
//
// What the envs of one isolate share, and helpers that the files of napi/src offer each other.
#ifndef EJ_NAPI_NATIVES_H
#define EJ_NAPI_NATIVES_H

#include "env.h"

// A callback to run when the isolate ends, in the isolate's list or in none.
typedef struct ej_cleanup_hook {
  struct ej_cleanup_hook *newer;
  struct ej_cleanup_hook *older;
  uint64_t order;  // position in the order of insertion, from 1; 0 when in no list
  bool registered; // by napi_add_env_cleanup_hook: allocated by and for the list
  void (*run)(void *arg);
  void *arg;
} ej_cleanup_hook;

typedef struct ej_natives {
  ej_isolate *isolate;
  uint32_t env_count;      // envs that point here; the last one frees this
  ej_cleanup_hook *newest; // the list, of all envs: hooks run in the reverse order of insertion
  uint64_t last_order;
  uint32_t waiting; // for how many callbacks of the loop the end has to wait
  bool force_uncaught_policy;
} ej_natives;

// cleanup.c
ej_natives *ej_natives_acquire(ej_isolate *isolate);
void ej_natives_release(ej_natives *natives);
// Puts a hook that the caller owns into the list. It leaves the list when it runs.
void ej_cleanup_link(ej_natives *natives, ej_cleanup_hook *hook, void (*run)(void *arg), void *arg);
// Does nothing when the hook is in no list.
void ej_cleanup_unlink(ej_natives *natives, ej_cleanup_hook *hook);

// Runs all hooks, and turns the loop while anything is waited for.
void ej_cleanup_run(ej_natives *natives);

// async_context.c: an asynchronous resource of an addon, as async_hooks and AsyncLocalStorage see
// it.
typedef struct ej_async ej_async;
// `resource` may be NULL: a fresh object. Tells of the resource and keeps the frame that it is made
// in. NULL, with a status set, when that fails.
ej_async *ej_async_new(napi_env env, napi_value resource, napi_value name);
// Tells of its end. Takes NULL too.
void ej_async_free(ej_async *async);

// Where a call was entered from; inside the handle scope that is open then.
typedef struct ej_async_scope {
  ej_async *async; // held
  napi_value frame;
} ej_async_scope;
// NULL enters nobody's, in the name of `resource` or of a fresh object. With an exception pending,
// leaving keeps it.
void ej_async_enter(napi_env env, ej_async *async, napi_value resource, ej_async_scope *scope);
void ej_async_leave(napi_env env, ej_async_scope *scope);

// arguments.c: Node's CHECK_TO_OBJECT, CHECK_TO_STRING and CHECK_TO_FUNCTION. Each sets and returns
// a status. These work with an exception pending when `value` has the type already.
napi_status ej_to_object(napi_env env, napi_value value, napi_value *result);
napi_status ej_to_string(napi_env env, napi_value value, napi_value *result);
napi_status ej_check_function(napi_env env, napi_value value);
// NAPI_PREAMBLE without an engine: napi_ok when this call may run JavaScript now.
napi_status ej_preamble(napi_env env);

#endif
