// SPDX-License-Identifier: Apache-2.0
//
// The env itself: its life, its errors, its instance data, and what it says about this program.
// Node: src/js_native_api_v8.cc and src/node_api.cc.
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "natives.h"

#ifndef EJ_NODE_VERSION_MAJOR
#define EJ_NODE_VERSION_MAJOR 24
#define EJ_NODE_VERSION_MINOR 10
#define EJ_NODE_VERSION_PATCH 0
#endif

// --- Life --------------------------------------------------------------------------------------

struct ej_env_with_hook {
  struct napi_env__ env; // first: a pointer to one is a pointer to the other
  ej_cleanup_hook hook;  // the isolate's hold
};

static void release_hold(void *data) { ej_env_unref(data); }

napi_env ej_env_new(ej_isolate *isolate, const char *filename, int32_t module_api_version) {
  struct ej_env_with_hook *both = calloc(1, sizeof(*both));
  EJ_CHECK(both != NULL);
  napi_env env = &both->env;
  env->table = &ej_napi_table_quickjs;
  env->isolate = isolate;
  env->natives = ej_natives_acquire(isolate);
  env->refcount = 1;
  env->module_api_version = module_api_version;
  env->filename = strdup(filename);
  EJ_CHECK(env->filename != NULL);
  napi_env *envs = ej_isolate_envs(isolate);
  env->next = *envs;
  *envs = env;
  ej_cleanup_link(env->natives, &both->hook, release_hold, env);
  return env;
}

void ej_env_ref(napi_env env) { env->refcount++; }

static void finalize(napi_env env) {
  if (env->torn_down) return;
  env->refcount++; // a finalizer may take and release references
  ej_env_finalize_references(env);
  if (env->instance_finalize != NULL) {
    ej_env_call_finalizer(env, env->instance_finalize, env->instance_data, env->instance_hint);
  }
  env->torn_down = true;
  env->refcount--;
}

void ej_env_unref(napi_env env) {
  EJ_CHECK(env->refcount > 0);
  if (--env->refcount == 0) finalize(env);
}

void ej_envs_teardown(ej_isolate *isolate) {
  ej_cleanup_run(ej_isolate_root_env(isolate)->natives);
  // An env that an addon still holds, for something that cannot finish any more, ends all the same.
  for (napi_env env = *ej_isolate_envs(isolate); env != NULL; env = env->next) finalize(env);
}

void ej_envs_free(ej_isolate *isolate) {
  napi_env *envs = ej_isolate_envs(isolate);
  while (*envs != NULL) {
    napi_env env = *envs;
    *envs = env->next;
    ej_natives_release(env->natives);
    free(env->filename);
    free(env); // the first member of what was allocated
  }
}

void ej_env_fail_in_gc(napi_env env) {
  (void)env;
  static const char message[] =
      "Finalizer is calling a function that may affect GC state.\n"
      "The finalizers are run directly from GC and must not affect GC state.\n"
      "Use `node_api_post_finalizer` from inside of the finalizer to work around this issue.\n"
      "It schedules the call as a new task in the event loop.";
  ej_napi_fatal_error(NULL, 0, message, NAPI_AUTO_LENGTH);
}

// --- Errors ------------------------------------------------------------------------------------

// Indexed by napi_status. The texts are Node's.
static const char *const error_messages[] = {
    NULL,
    "Invalid argument",
    "An object was expected",
    "A string was expected",
    "A string or symbol was expected",
    "A function was expected",
    "A number was expected",
    "A boolean was expected",
    "An array was expected",
    "Unknown failure",
    "An exception is pending",
    "The async work item was cancelled",
    "napi_escape_handle already called on scope",
    "Invalid handle scope usage",
    "Invalid callback scope usage",
    "Thread-safe function queue is full",
    "Thread-safe function handle is closing",
    "A bigint was expected",
    "A date was expected",
    "An arraybuffer was expected",
    "A detachable arraybuffer was expected",
    "Main thread would deadlock",
    "External buffers are not allowed",
    "Cannot run JavaScript",
};
static_assert(sizeof(error_messages) / sizeof(*error_messages) == napi_cannot_run_js + 1,
              "every napi_status has a message");

napi_status ej_napi_get_last_error_info(node_api_basic_env env,
                                        const napi_extended_error_info **result) {
  CHECK_ENV(env);
  CHECK_ARG(env, result);
  napi_extended_error_info *last = &env->last_error;
  if (last->error_code == napi_ok) ej_clear_error(env);
  // A function that is not implemented left its own message.
  if (last->error_message == NULL) last->error_message = error_messages[last->error_code];
  *result = last;
  return napi_ok;
}

static void write_part(const char *text, size_t length) {
  if (text != NULL) fwrite(text, 1, length == NAPI_AUTO_LENGTH ? strlen(text) : length, stderr);
}

_Noreturn void ej_napi_fatal_error(const char *location, size_t location_len, const char *message,
                                   size_t message_len) {
  fflush(stdout);
  fputs("FATAL ERROR: ", stderr);
  write_part(location, location_len);
  if (location != NULL) fputc(' ', stderr);
  write_part(message, message_len);
  fputc('\n', stderr);
  fflush(stderr);
  char text[512];
  size_t size = message_len == NAPI_AUTO_LENGTH ? strlen(message) : message_len;
  snprintf(text, sizeof text, "%.*s", (int)(size < sizeof text ? size : sizeof text - 1), message);
  ej_host_fatal(text);
  abort();
}

napi_status ej_napi_fatal_exception(napi_env env, napi_value err) {
  napi_status status = ej_preamble(env);
  if (status != napi_ok) return status;
  CHECK_ARG(env, err);
  ej_env_uncaught(env, err);
  return ej_clear_error(env);
}

// --- Instance data -----------------------------------------------------------------------------

// Data that was there before is dropped without being finalized: so is Node's contract.
napi_status ej_napi_set_instance_data(node_api_basic_env env, void *data, napi_finalize finalize_cb,
                                      void *finalize_hint) {
  CHECK_ENV(env);
  env->instance_data = data;
  env->instance_finalize = finalize_cb;
  env->instance_hint = finalize_hint;
  return ej_clear_error(env);
}

napi_status ej_napi_get_instance_data(node_api_basic_env env, void **data) {
  CHECK_ENV(env);
  CHECK_ARG(env, data);
  *data = env->instance_data;
  return ej_clear_error(env);
}

// --- About this program ------------------------------------------------------------------------

napi_status ej_napi_get_version(node_api_basic_env env, uint32_t *result) {
  CHECK_ENV(env);
  CHECK_ARG(env, result);
  *result = EJ_NAPI_VERSION_MAX;
  return ej_clear_error(env);
}

napi_status ej_napi_get_node_version(node_api_basic_env env, const napi_node_version **version) {
  CHECK_ENV(env);
  CHECK_ARG(env, version);
  static const napi_node_version node = {EJ_NODE_VERSION_MAJOR, EJ_NODE_VERSION_MINOR,
                                         EJ_NODE_VERSION_PATCH, "node"};
  *version = &node;
  return ej_clear_error(env);
}

napi_status ej_node_api_get_module_file_name(node_api_basic_env env, const char **result) {
  CHECK_ENV(env);
  CHECK_ARG(env, result);
  *result = env->filename;
  return ej_clear_error(env);
}

napi_status ej_napi_get_uv_event_loop(node_api_basic_env env, struct uv_loop_s **loop) {
  CHECK_ENV(env);
  CHECK_ARG(env, loop);
  *loop = ej_isolate_loop(env->isolate);
  return ej_clear_error(env);
}
