// SPDX-License-Identifier: Apache-2.0
//
// `Pipe`: a pipe or Unix socket.
#include <stdlib.h>

#include "ej_engine.h"
#include "stream_methods.h"

// new Pipe(ipc): a pipe that nothing is connected to yet.
static napi_value new_pipe(napi_env env, napi_callback_info info) {
  napi_value this, ipc;
  size_t count = 1;
  bool is_ipc = false;
  uv_loop_t *loop;
  if (napi_get_cb_info(env, info, &count, &ipc, &this, NULL) != napi_ok ||
      napi_get_uv_event_loop(env, &loop) != napi_ok)
    return NULL;
  napi_get_value_bool(env, ipc, &is_ipc);
  ej_handle *self = ej_handle_new(env, this, EJ_PIPE);
  if (self == NULL) return NULL;
  uv_pipe_init(loop, &self->uv.pipe, is_ipc); // cannot fail on Unix
  ej_handle_opened(self);
  return this;
}

// open(fd): takes the descriptor over.
static napi_value open_fd(napi_env env, napi_callback_info info) {
  napi_value argument;
  int32_t fd;
  ej_handle *self = ej_handle_this(env, info, EJ_PIPE, 1, &argument);
  if (self == NULL || napi_get_value_int32(env, argument, &fd) != napi_ok) return NULL;
  return ej_status(env, self->open ? uv_pipe_open(&self->uv.pipe, fd) : UV_EBADF);
}

// The name of a socket, in the file system or, when it begins with NUL, not. To be freed; NULL with
// an exception pending when there is no memory, or this isolate may not use sockets.
static char *socket_name(napi_env env, napi_value value, size_t *length) {
  if (napi_get_value_string_utf8(env, value, NULL, 0, length) != napi_ok) return NULL;
  char *name = malloc(*length + 1);
  if (name == NULL ||
      napi_get_value_string_utf8(env, value, name, *length + 1, length) != napi_ok ||
      !ej_env_require_permission(env, "net", name)) {
    free(name);
    return NULL;
  }
  return name;
}

// bind(name)
static napi_value bind_(napi_env env, napi_callback_info info) {
  napi_value argument;
  size_t length;
  ej_handle *self = ej_handle_this(env, info, EJ_PIPE, 1, &argument);
  char *name = self == NULL ? NULL : socket_name(env, argument, &length);
  if (name == NULL) return NULL;
  int status =
      self->open ? uv_pipe_bind2(&self->uv.pipe, name, length, UV_PIPE_NO_TRUNCATE) : UV_EBADF;
  free(name);
  return ej_status(env, status);
}

// connect(name, callback)
static napi_value connect_(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  size_t length;
  ej_handle *self = ej_handle_this(env, info, EJ_PIPE, 2, arguments);
  char *name = self == NULL ? NULL : socket_name(env, arguments[0], &length);
  if (name == NULL) return NULL;
  ej_request *made = self->open ? ej_request_new(self, arguments[1], 0) : NULL;
  int status = self->open ? UV_ENOMEM : UV_EBADF;
  if (made != NULL) {
    status = uv_pipe_connect2(&made->uv.connect, &self->uv.pipe, name, length, UV_PIPE_NO_TRUNCATE,
                              ej_on_connected);
    if (status != 0) ej_request_drop(made);
  }
  free(name);
  return ej_status(env, status);
}

// fchmod(mode): UV_READABLE, UV_WRITABLE or both, for everybody.
static napi_value fchmod_(napi_env env, napi_callback_info info) {
  napi_value argument;
  int32_t mode;
  ej_handle *self = ej_handle_this(env, info, EJ_PIPE, 1, &argument);
  if (self == NULL || napi_get_value_int32(env, argument, &mode) != napi_ok) return NULL;
  return ej_status(env, self->open ? uv_pipe_chmod(&self->uv.pipe, mode) : UV_EBADF);
}

static const napi_property_descriptor members[] = {
    EJ_STREAM_METHODS,
    EJ_METHOD("bind", bind_),
    EJ_METHOD("connect", connect_),
    EJ_METHOD("fchmod", fchmod_),
    EJ_METHOD("open", open_fd),
};

napi_value ej_pipe_class(napi_env env) {
  napi_value class = NULL;
  napi_define_class(env, "Pipe", NAPI_AUTO_LENGTH, new_pipe, NULL, sizeof members / sizeof *members,
                    members, &class);
  return class;
}
