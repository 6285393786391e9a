// SPDX-License-Identifier: Apache-2.0
//
// napi_env: one per load of an addon. This half knows no engine; what belongs to the engine hangs
// off `isolate`.
#ifndef EJ_NAPI_ENV_H
#define EJ_NAPI_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <node_api.h>

#include "ej_engine.h"
#include "napi_impl.h" // generated: struct ej_napi_table and the ej_napi_* prototypes

#if NAPI_VERSION < 10
#error "compile with -DNAPI_VERSION=10: this implements every version"
#endif

// The highest Node-API version that addons may ask for, NAPI_VERSION_EXPERIMENTAL aside, and the
// one that those get which ask for none or for less. Node: src/node_version.h.
enum { EJ_NAPI_VERSION_MAX = 10, EJ_NAPI_VERSION_DEFAULT = 8 };

struct ej_natives; // what all envs of one isolate share: napi/src/natives.h

struct napi_env__ {
  const struct ej_napi_table *table; // first: the trampolines load it from here
  ej_isolate *isolate;               // borrowed
  napi_env next;                     // the isolate's list, newest first
  struct ej_natives *natives;        // shared with the isolate's other envs, counted
  uint32_t refcount;          // the isolate's hold plus one for every native that may call back
  int32_t module_api_version; // NAPI_VERSION that the addon was built for, at least 8
  char *filename;             // file:// URL of the addon, owned; "" when there is none
  bool torn_down;             // finalizers have run: JavaScript can no longer be called
  int32_t open_handle_scopes;
  int32_t open_callback_scopes;
  napi_extended_error_info last_error;
  void *instance_data;
  napi_finalize instance_finalize;
  void *instance_hint;
  bool in_gc_finalizer; // a basic finalizer runs: only node_api_basic_* calls are allowed
};

// --- Life --------------------------------------------------------------------------------------
// The isolate holds one reference to each of its envs, from ej_env_new to ej_envs_teardown. With
// the last reference, its own or that of a thread-safe function that closes later, the env's
// finalizers run, newest first, then that of the instance data. The struct stays until the heap is
// gone, whose objects may point at it. Owner thread only.

// Creates an env and puts it on the isolate's list. `filename` is copied. Aborts when out of
// memory.
napi_env ej_env_new(ej_isolate *isolate, const char *filename, int32_t module_api_version);
void ej_env_ref(napi_env env);
void ej_env_unref(napi_env env);

// Ends every env of the isolate, once: runs the cleanup hooks of all addons, newest first, waits on
// the loop for what is under way (async work, closing handles, async cleanup hooks), and releases
// the envs, so that all finalizers run. To be called while ej_isolate_may_run is false and heap and
// loop still work.
void ej_envs_teardown(ej_isolate *isolate);

// Frees the envs. To be called after ej_envs_teardown, when the heap is gone.
void ej_envs_free(ej_isolate *isolate);

// --- Calls into an addon that no JavaScript asked for ------------------------------------------

// ej_env_call with Node's rule for exceptions out of native callbacks: an addon built for a version
// below 10 gets a deprecation warning (DEP0168) in place of 'uncaughtException', unless the policy
// is forced.
void ej_env_call_native(napi_env env, void (*run)(napi_env env, void *data), void *data);

// Runs a finalizer under that rule, now. The caller holds a reference to `env`.
void ej_env_call_finalizer(napi_env env, napi_finalize finalize, void *data, void *hint);

// --force-node-api-uncaught-exceptions-policy.
void ej_envs_force_uncaught_policy(ej_isolate *isolate, bool force);

// --- Loading -----------------------------------------------------------------------------------

// internalBinding('addons'), documented in napi/src/addon.c. NULL with an exception pending.
napi_value ej_binding_addons(napi_env env);

// --- Status ------------------------------------------------------------------------------------

// Sets and returns the status that napi_get_last_error_info will report.
static inline napi_status ej_set_error(napi_env env, napi_status status) {
  env->last_error.error_code = status;
  env->last_error.engine_error_code = 0;
  env->last_error.engine_reserved = NULL;
  env->last_error.error_message = NULL;
  return status;
}
static inline napi_status ej_clear_error(napi_env env) { return ej_set_error(env, napi_ok); }

// The uniform first lines of every function, under the names that Node's own sources use.
#define CHECK_ENV(env)                                                                             \
  do {                                                                                             \
    if ((env) == NULL) return napi_invalid_arg;                                                    \
  } while (0)
#define RETURN_STATUS_IF_FALSE(env, condition, status)                                             \
  do {                                                                                             \
    if (!(condition)) return ej_set_error((env), (status));                                        \
  } while (0)
#define CHECK_ARG(env, arg) RETURN_STATUS_IF_FALSE((env), (arg) != NULL, napi_invalid_arg)
// A basic finalizer must not touch the engine's heap: Node aborts the process, and so do we.
#define CHECK_ENV_NOT_IN_GC(env)                                                                   \
  do {                                                                                             \
    CHECK_ENV(env);                                                                                \
    if ((env)->in_gc_finalizer) ej_env_fail_in_gc(env);                                            \
  } while (0)
_Noreturn void ej_env_fail_in_gc(napi_env env);

#endif
