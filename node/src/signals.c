// SPDX-License-Identifier: Apache-2.0
#include "signals.h"

#include <stdlib.h>

#include <uv.h>

#include "binding.h"

// One watched signal. Owned by the loop from uv_signal_init until its close callback.
typedef struct watcher {
  uv_signal_t handle;
  napi_env env;
  napi_ref callback;
} watcher;

static void on_closed(uv_handle_t *handle) { free(handle->data); }

static void close_watcher(void *data) {
  watcher *self = data;
  napi_delete_reference(self->env, self->callback);
  uv_close((uv_handle_t *)&self->handle, on_closed);
}

static void on_signal(uv_signal_t *handle, int number) {
  const watcher *self = handle->data;
  napi_env env = self->env;
  napi_handle_scope scope;
  napi_value callback, global, argument, error;
  if (napi_open_handle_scope(env, &scope) != napi_ok) return;
  if (napi_get_reference_value(env, self->callback, &callback) == napi_ok &&
      napi_get_global(env, &global) == napi_ok &&
      napi_create_int32(env, number, &argument) == napi_ok &&
      napi_make_callback(env, NULL, global, callback, 1, &argument, NULL) ==
          napi_pending_exception &&
      napi_get_and_clear_last_exception(env, &error) == napi_ok)
    napi_fatal_exception(env, error);
  napi_close_handle_scope(env, scope);
}

static int open_watcher(napi_env env, napi_value callback, int number, watcher **result) {
  uv_loop_t *loop;
  watcher *self = calloc(1, sizeof *self);
  if (self == NULL) return UV_ENOMEM;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok || uv_signal_init(loop, &self->handle) != 0) {
    free(self);
    return UV_EINVAL;
  }
  self->env = env;
  self->handle.data = self;
  int status = uv_signal_start(&self->handle, on_signal, number);
  if (status == 0 && napi_create_reference(env, callback, 1, &self->callback) != napi_ok)
    status = UV_ENOMEM;
  if (status != 0) {
    uv_close((uv_handle_t *)&self->handle, on_closed);
    return status;
  }
  uv_unref((uv_handle_t *)&self->handle);
  napi_add_env_cleanup_hook(env, close_watcher, self);
  *result = self;
  return 0;
}

// start(number, callback): what stop() takes, or a negative errno.
static napi_value start(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value arguments[2], result = NULL;
  int32_t number;
  watcher *self;
  if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) != napi_ok ||
      napi_get_value_int32(env, arguments[0], &number) != napi_ok) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "argument must be a number");
    return NULL;
  }
  int status = open_watcher(env, arguments[1], number, &self);
  if (status != 0) {
    napi_create_int32(env, status, &result);
  } else {
    napi_create_external(env, self, NULL, NULL, &result);
  }
  return result;
}

// stop(watched): the signal has its default effect again.
static napi_value stop(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  void *self;
  if (napi_get_cb_info(env, info, &count, &argument, NULL, NULL) != napi_ok ||
      napi_get_value_external(env, argument, &self) != napi_ok) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "argument must be what start returned");
    return NULL;
  }
  napi_remove_env_cleanup_hook(env, close_watcher, self);
  close_watcher(self);
  return NULL;
}

#define FUNCTION(name) {#name, NULL, name, NULL, NULL, NULL, napi_default_jsproperty, NULL}

static const napi_property_descriptor functions[] = {FUNCTION(start), FUNCTION(stop)};

napi_value ej_binding_signals(napi_env env) {
  return ej_binding_of(env, sizeof functions / sizeof *functions, functions);
}
