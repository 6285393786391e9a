// SPDX-License-Identifier: Apache-2.0
//
// Cleanup hooks and the end of an isolate's envs. Node: src/cleanup_queue.cc,
// Environment::RunCleanup in src/env.cc, and the hooks of src/node_api.cc.
//
// All addons of an isolate share one list, as in Node: a hook runs before all those that were added
// earlier, whoever added them. An env's own end is the oldest hook that it has.
#include <stdlib.h>

#include "natives.h"

// --- The list ----------------------------------------------------------------------------------

ej_natives *ej_natives_acquire(ej_isolate *isolate) {
  napi_env first = *ej_isolate_envs(isolate);
  ej_natives *natives = first != NULL ? first->natives : calloc(1, sizeof(*natives));
  EJ_CHECK(natives != NULL);
  natives->isolate = isolate;
  natives->env_count++;
  return natives;
}

void ej_natives_release(ej_natives *natives) {
  if (--natives->env_count == 0) free(natives);
}

void ej_cleanup_link(ej_natives *natives, ej_cleanup_hook *hook, void (*run)(void *arg),
                     void *arg) {
  hook->newer = NULL;
  hook->older = natives->newest;
  if (hook->older != NULL) hook->older->newer = hook;
  natives->newest = hook;
  hook->order = ++natives->last_order;
  hook->run = run;
  hook->arg = arg;
}

void ej_cleanup_unlink(ej_natives *natives, ej_cleanup_hook *hook) {
  if (hook->order == 0) return;
  hook->order = 0;
  if (hook->older != NULL) hook->older->newer = hook->newer;
  if (hook->newer != NULL) {
    hook->newer->older = hook->older;
  } else {
    natives->newest = hook->older;
  }
}

static ej_cleanup_hook *find_registered(ej_natives *natives, napi_cleanup_hook run, void *arg) {
  for (ej_cleanup_hook *hook = natives->newest; hook != NULL; hook = hook->older) {
    if (hook->registered && hook->run == run && hook->arg == arg) return hook;
  }
  return NULL;
}

// --- The end -----------------------------------------------------------------------------------

// Runs what the list holds now. Hooks that these add wait for the next round, as in Node.
static void run_round(ej_natives *natives) {
  uint64_t last = natives->last_order;
  for (;;) {
    ej_cleanup_hook *hook = natives->newest;
    while (hook != NULL && hook->order > last) hook = hook->older;
    if (hook == NULL) return;
    ej_cleanup_unlink(natives, hook);
    void (*run)(void *arg) = hook->run;
    void *arg = hook->arg;
    if (hook->registered) free(hook);
    run(arg);
  }
}

// Turns the loop until nothing is under way. When the loop has nothing left to wait for, what is
// still counted can never finish (Node would spin for ever), and the end goes on.
static void settle(ej_natives *natives) {
  while (natives->waiting > 0) {
    if (uv_run(ej_isolate_loop(natives->isolate), UV_RUN_ONCE) == 0) return;
  }
}

void ej_cleanup_run(ej_natives *natives) {
  settle(natives);
  while (natives->newest != NULL) {
    run_round(natives);
    settle(natives);
  }
}

// --- napi_add_env_cleanup_hook -----------------------------------------------------------------

napi_status ej_napi_add_env_cleanup_hook(node_api_basic_env env, napi_cleanup_hook fun, void *arg) {
  CHECK_ENV(env);
  CHECK_ARG(env, fun);
  // Documented: adding the same pair twice aborts the process.
  EJ_CHECK(find_registered(env->natives, fun, arg) == NULL);
  ej_cleanup_hook *hook = calloc(1, sizeof(*hook));
  RETURN_STATUS_IF_FALSE(env, hook != NULL, napi_generic_failure);
  hook->registered = true;
  ej_cleanup_link(env->natives, hook, fun, arg);
  return napi_ok;
}

napi_status ej_napi_remove_env_cleanup_hook(node_api_basic_env env, napi_cleanup_hook fun,
                                            void *arg) {
  CHECK_ENV(env);
  CHECK_ARG(env, fun);
  ej_cleanup_hook *hook = find_registered(env->natives, fun, arg);
  if (hook != NULL) {
    ej_cleanup_unlink(env->natives, hook);
    free(hook);
  }
  return napi_ok;
}

// --- napi_add_async_cleanup_hook ---------------------------------------------------------------
// The hook starts something; the env lives, and the end waits, until the addon removes the handle.

struct napi_async_cleanup_hook_handle__ {
  ej_cleanup_hook hook;
  napi_env env; // holds a reference
  napi_async_cleanup_hook run;
  void *arg;
  bool started;
};

static void start_async_hook(void *data) {
  napi_async_cleanup_hook_handle handle = data;
  handle->started = true;
  handle->env->natives->waiting++;
  handle->run(handle, handle->arg);
}

static void release_env(void *data) {
  napi_env env = data;
  env->natives->waiting--;
  ej_env_unref(env);
}

napi_status ej_napi_add_async_cleanup_hook(node_api_basic_env env, napi_async_cleanup_hook hook,
                                           void *arg,
                                           napi_async_cleanup_hook_handle *remove_handle) {
  CHECK_ENV(env);
  CHECK_ARG(env, hook);
  napi_async_cleanup_hook_handle handle = calloc(1, sizeof(*handle));
  RETURN_STATUS_IF_FALSE(env, handle != NULL, napi_generic_failure);
  handle->env = env;
  handle->run = hook;
  handle->arg = arg;
  ej_env_ref(env);
  ej_cleanup_link(env->natives, &handle->hook, start_async_hook, handle);
  if (remove_handle != NULL) *remove_handle = handle;
  return ej_clear_error(env);
}

napi_status ej_napi_remove_async_cleanup_hook(napi_async_cleanup_hook_handle remove_handle) {
  if (remove_handle == NULL) return napi_invalid_arg;
  napi_env env = remove_handle->env;
  ej_cleanup_unlink(env->natives, &remove_handle->hook);
  if (!remove_handle->started) env->natives->waiting++;
  free(remove_handle);
  // Later: it would surprise the addon if this call ended its env under its feet.
  ej_isolate_defer(env->isolate, release_env, env);
  return napi_ok;
}
