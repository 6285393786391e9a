// SPDX-License-Identifier: Apache-2.0
//
// `Process`: a child process. Its end arrives at the object's method `onexit(code, signal)`,
// `signal` a number, 0 when none ended it.
#include "processes.h"

#include <stdlib.h>

#include "ej_engine.h"
#include "loop_handle.h"
#include "spawn_options.h"

enum { MOST_STREAMS = 256 };

// new Process()
static napi_value new_process(napi_env env, napi_callback_info info) {
  napi_value this;
  size_t count = 0;
  if (napi_get_cb_info(env, info, &count, NULL, &this, NULL) != napi_ok ||
      ej_handle_new(env, this, EJ_PROCESS) == NULL)
    return NULL;
  return this;
}

typedef struct ending {
  int64_t code;
  int signal;
} ending;

static size_t ending_arguments(napi_env env, napi_value *arguments, const void *data) {
  const ending *end = data;
  if (napi_create_int64(env, end->code, &arguments[0]) != napi_ok) return 0;
  arguments[1] = ej_status(env, end->signal);
  return 2;
}

static void on_exit_(uv_process_t *process, int64_t code, int signal) {
  ej_handle *self = process->data;
  ending end = {code, signal};
  if (!self->ending) ej_handle_call_method(self, "onexit", ending_arguments, &end);
}

// One of stdio: a Pipe whose other end the child gets, a descriptor it inherits, anything else for
// none.
static void read_stream(napi_env env, napi_value item, uv_stdio_container_t *stream) {
  int32_t fd;
  ej_handle *pipe = ej_handle_of(env, item, EJ_PIPE);
  stream->flags = UV_IGNORE;
  if (pipe != NULL && pipe->open) {
    stream->flags = UV_CREATE_PIPE | UV_READABLE_PIPE | UV_WRITABLE_PIPE;
    stream->data.stream = &pipe->uv.stream;
  } else if (napi_get_value_int32(env, item, &fd) == napi_ok) {
    stream->flags = UV_INHERIT_FD;
    stream->data.fd = fd;
  }
}

static bool read_streams(napi_env env, napi_value object, uv_process_options_t *options) {
  napi_value list, item;
  uint32_t count;
  if (!ej_member(env, object, "stdio", &list) ||
      napi_get_array_length(env, list, &count) != napi_ok || count > MOST_STREAMS) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_VALUE", "stdio must be an array of at most 256");
    return false;
  }
  for (uint32_t i = 0; i < count; i++) {
    if (napi_get_element(env, list, i, &item) != napi_ok) return false;
    read_stream(env, item, &options->stdio[i]);
  }
  options->stdio_count = (int)count;
  return true;
}

static int start(ej_handle *self, uv_process_options_t *options) {
  uv_loop_t *loop;
  if (self->open || napi_get_uv_event_loop(self->env, &loop) != napi_ok) return UV_EINVAL;
  int status = uv_spawn(loop, &self->uv.process, options);
  if (status == 0) {
    ej_handle_opened(self);
  } else {
    ej_handle_discard(self);
  }
  return status;
}

// spawn(options): those of ej_spawn_options_read, and stdio. 0 or a negative errno.
static napi_value spawn(napi_env env, napi_callback_info info) {
  napi_value argument, result = NULL;
  uv_stdio_container_t stdio[MOST_STREAMS] = {0};
  uv_process_options_t options = {.exit_cb = on_exit_, .stdio = stdio};
  ej_handle *self = ej_handle_this(env, info, EJ_PROCESS, 1, &argument);
  if (self == NULL) return NULL;
  if (ej_spawn_options_read(env, argument, &options) &&
      ej_env_require_permission(env, "child", options.file) &&
      read_streams(env, argument, &options))
    result = ej_status(env, start(self, &options));
  ej_spawn_options_free(&options);
  return result;
}

// kill(signal): 0 or a negative errno, UV_ESRCH after the end.
static napi_value kill_(napi_env env, napi_callback_info info) {
  napi_value argument;
  int32_t number;
  ej_handle *self = ej_handle_this(env, info, EJ_PROCESS, 1, &argument);
  if (self == NULL || napi_get_value_int32(env, argument, &number) != napi_ok) return NULL;
  return ej_status(env, self->open ? uv_process_kill(&self->uv.process, number) : UV_ESRCH);
}

static napi_value pid(napi_env env, napi_callback_info info) {
  ej_handle *self = ej_handle_this(env, info, EJ_PROCESS, 0, NULL);
  return self == NULL || !self->open ? NULL : ej_status(env, uv_process_get_pid(&self->uv.process));
}

static const napi_property_descriptor members[] = {
    EJ_HANDLE_METHODS,
    EJ_METHOD("spawn", spawn),
    EJ_METHOD("kill", kill_),
    {"pid", NULL, NULL, pid, NULL, NULL, napi_default, NULL},
};

napi_value ej_binding_processes(napi_env env) {
  napi_value binding, process, sync;
  if (napi_create_object(env, &binding) != napi_ok ||
      napi_define_class(env, "Process", NAPI_AUTO_LENGTH, new_process, NULL,
                        sizeof members / sizeof *members, members, &process) != napi_ok ||
      napi_set_named_property(env, binding, "Process", process) != napi_ok ||
      napi_create_function(env, "spawnSync", NAPI_AUTO_LENGTH, ej_spawn_sync, NULL, &sync) !=
          napi_ok ||
      napi_set_named_property(env, binding, "spawnSync", sync) != napi_ok)
    return NULL;
  return binding;
}
