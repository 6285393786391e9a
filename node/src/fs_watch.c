// SPDX-License-Identifier: Apache-2.0
#include "fs_watch.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "binding.h"
#include "ej_engine.h"

// What is watched. Owned by the loop from its initialization until its close callback; JavaScript
// holds it as an external, which it must let go of when it calls close().
typedef struct watcher {
  union {
    uv_handle_t handle;
    uv_fs_event_t event;
    uv_fs_poll_t poll;
  };
  napi_env env;
  napi_ref callback;
} watcher;

static void on_closed(uv_handle_t *handle) { free(handle->data); }

static void close_watcher(void *data) {
  watcher *self = data;
  napi_delete_reference(self->env, self->callback);
  uv_close(&self->handle, on_closed);
}

// Calls back with `status` and two more arguments, made by `fill`. What the callback throws is an
// uncaught exception.
static void call_back(watcher *self, int status, bool (*fill)(napi_env, const void *, napi_value *),
                      const void *data) {
  napi_env env = self->env;
  napi_handle_scope scope;
  napi_value callback, global, arguments[3], error;
  if (napi_open_handle_scope(env, &scope) != napi_ok) return;
  if (napi_get_reference_value(env, self->callback, &callback) == napi_ok &&
      napi_get_global(env, &global) == napi_ok &&
      napi_create_int32(env, status, &arguments[0]) == napi_ok && fill(env, data, arguments + 1) &&
      napi_make_callback(env, NULL, global, callback, 3, arguments, NULL) ==
          napi_pending_exception &&
      napi_get_and_clear_last_exception(env, &error) == napi_ok)
    napi_fatal_exception(env, error);
  napi_close_handle_scope(env, scope);
}

// -- events: (status, UV_RENAME or UV_CHANGE, the name's bytes)

typedef struct change {
  const char *name;
  int events;
} change;

static bool fill_change(napi_env env, const void *data, napi_value *arguments) {
  const change *seen = data;
  void *bytes;
  size_t size = seen->name == NULL ? 0 : strlen(seen->name);
  if (napi_create_int32(env, seen->events, &arguments[0]) != napi_ok) return false;
  if (seen->name == NULL) return napi_get_null(env, &arguments[1]) == napi_ok;
  if (napi_create_arraybuffer(env, size, &bytes, &arguments[1]) != napi_ok) return false;
  memcpy(bytes, seen->name, size);
  return true;
}

static void on_event(uv_fs_event_t *handle, const char *name, int events, int status) {
  change seen = {name, events};
  call_back(handle->data, status, fill_change, &seen);
}

// -- polling: (status, what stat tells now, what it told before), as 18 BigInts each

enum { STAT_FIELDS = 18 };

static bool fill_stat(napi_env env, const uv_stat_t *stat, napi_value *result) {
  const int64_t fields[STAT_FIELDS] = {
      (int64_t)stat->st_dev,     (int64_t)stat->st_mode,   (int64_t)stat->st_nlink,
      (int64_t)stat->st_uid,     (int64_t)stat->st_gid,    (int64_t)stat->st_rdev,
      (int64_t)stat->st_blksize, (int64_t)stat->st_ino,    (int64_t)stat->st_size,
      (int64_t)stat->st_blocks,  stat->st_atim.tv_sec,     stat->st_atim.tv_nsec,
      stat->st_mtim.tv_sec,      stat->st_mtim.tv_nsec,    stat->st_ctim.tv_sec,
      stat->st_ctim.tv_nsec,     stat->st_birthtim.tv_sec, stat->st_birthtim.tv_nsec,
  };
  void *bytes;
  napi_value buffer;
  if (napi_create_arraybuffer(env, sizeof fields, &bytes, &buffer) != napi_ok) return false;
  memcpy(bytes, fields, sizeof fields);
  return napi_create_typedarray(env, napi_bigint64_array, STAT_FIELDS, buffer, 0, result) ==
         napi_ok;
}

typedef struct stats {
  const uv_stat_t *now;
  const uv_stat_t *before;
} stats;

static bool fill_stats(napi_env env, const void *data, napi_value *arguments) {
  const stats *seen = data;
  return fill_stat(env, seen->now, &arguments[0]) && fill_stat(env, seen->before, &arguments[1]);
}

static void on_poll(uv_fs_poll_t *handle, int status, const uv_stat_t *before,
                    const uv_stat_t *now) {
  stats seen = {now, before};
  call_back(handle->data, status, fill_stats, &seen);
}

// -- the functions

// A path in a string or in bytes, with its NUL. False when it is too long or neither.
static bool get_path(napi_env env, napi_value value, char path[PATH_MAX]) {
  bool is_bytes = false;
  size_t size;
  void *bytes;
  napi_is_typedarray(env, value, &is_bytes);
  if (!is_bytes) return napi_get_value_string_utf8(env, value, path, PATH_MAX, &size) == napi_ok;
  if (napi_get_typedarray_info(env, value, NULL, &size, &bytes, NULL, NULL) != napi_ok ||
      size >= PATH_MAX)
    return false;
  memcpy(path, bytes, size);
  path[size] = '\0';
  return true;
}

// What a failed start leaves: the handle, which the loop frees.
static napi_value give_up(napi_env env, watcher *self, int status) {
  napi_value result = NULL;
  if (self->callback != NULL) napi_delete_reference(env, self->callback);
  uv_close(&self->handle, on_closed);
  napi_create_int32(env, status, &result);
  return result;
}

// Starts a watcher over `path`: an external, or a negative errno. `interval` is negative for
// events.
static napi_value start(napi_env env, napi_value path_value, int64_t interval,
                        napi_value callback) {
  char path[PATH_MAX];
  uv_loop_t *loop;
  napi_value result = NULL;
  watcher *self = calloc(1, sizeof *self);
  if (self != NULL && get_path(env, path_value, path) &&
      !ej_env_require_permission(env, "fs.read", path)) {
    free(self);
    return NULL;
  }
  if (self == NULL || !get_path(env, path_value, path) ||
      napi_get_uv_event_loop(env, &loop) != napi_ok) {
    free(self);
    napi_create_int32(env, UV_EINVAL, &result);
    return result;
  }
  self->env = env;
  int status;
  if (interval < 0) {
    uv_fs_event_init(loop, &self->event);
    self->handle.data = self;
    status = uv_fs_event_start(&self->event, on_event, path, 0);
  } else {
    uv_fs_poll_init(loop, &self->poll);
    self->handle.data = self;
    status = uv_fs_poll_start(&self->poll, on_poll, path, (unsigned int)interval);
  }
  if (status != 0) return give_up(env, self, status);
  if (napi_create_reference(env, callback, 1, &self->callback) != napi_ok ||
      napi_create_external(env, self, NULL, NULL, &result) != napi_ok)
    return give_up(env, self, UV_ENOMEM);
  napi_add_env_cleanup_hook(env, close_watcher, self);
  return result;
}

// watch(path, callback): callback(status, events, name)
static napi_value watch(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value arguments[2];
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  return start(env, arguments[0], -1, arguments[1]);
}

// poll(path, interval, callback): callback(status, now, before)
static napi_value poll_it(napi_env env, napi_callback_info info) {
  size_t count = 3;
  napi_value arguments[3];
  uint32_t interval = 0;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  napi_get_value_uint32(env, arguments[1], &interval);
  return start(env, arguments[0], interval, arguments[2]);
}

static watcher *watcher_argument(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  void *self = NULL;
  if (napi_get_cb_info(env, info, &count, &argument, NULL, NULL) != napi_ok ||
      napi_get_value_external(env, argument, &self) != napi_ok)
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "argument must be what watch returned");
  return self;
}

// Whether the watcher keeps the loop alive.
static napi_value ref(napi_env env, napi_callback_info info) {
  watcher *self = watcher_argument(env, info);
  if (self != NULL) uv_ref(&self->handle);
  return NULL;
}

static napi_value unref(napi_env env, napi_callback_info info) {
  watcher *self = watcher_argument(env, info);
  if (self != NULL) uv_unref(&self->handle);
  return NULL;
}

static napi_value close_it(napi_env env, napi_callback_info info) {
  watcher *self = watcher_argument(env, info);
  if (self == NULL) return NULL;
  napi_remove_env_cleanup_hook(env, close_watcher, self);
  close_watcher(self);
  return NULL;
}

#define FUNCTION(name, function)                                                                   \
  {name, NULL, function, NULL, NULL, NULL, napi_default_jsproperty, NULL}

static const napi_property_descriptor functions[] = {
    FUNCTION("close", close_it), FUNCTION("poll", poll_it), FUNCTION("ref", ref),
    FUNCTION("unref", unref),    FUNCTION("watch", watch),
};

napi_value ej_binding_fs_watch(napi_env env) {
  return ej_binding_of(env, sizeof functions / sizeof *functions, functions);
}
