// SPDX-License-Identifier: Apache-2.0
//
// `Pipe`: a pipe or Unix socket.
#include <stdlib.h>
#include <string.h>

#include "bytes_internal.h"
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

// --- Handles between processes -------------------------------------------------------------------

// pendingType(): of the handle that has arrived and was not accepted yet; '' when there is none.
static napi_value pending_type(napi_env env, napi_callback_info info) {
  napi_value result;
  ej_handle *self = ej_handle_this(env, info, EJ_PIPE, 0, NULL);
  if (self == NULL) return NULL;
  uv_handle_type type = UV_UNKNOWN_HANDLE;
  if (self->open && uv_pipe_pending_count(&self->uv.pipe) > 0)
    type = uv_pipe_pending_type(&self->uv.pipe);
  const char *name = type == UV_TCP          ? "TCP"
                     : type == UV_NAMED_PIPE ? "Pipe"
                     : type == UV_UDP        ? "UDP"
                                             : "";
  return napi_create_string_latin1(env, name, NAPI_AUTO_LENGTH, &result) == napi_ok ? result : NULL;
}

static void on_handle_written(uv_write_t *write, int status) {
  ej_request_finish((ej_request *)write, status);
}

static int send_handle(ej_handle *self, ej_handle *sent, ej_bytes bytes, napi_value callback) {
  bool can = self->open && self->uv.pipe.ipc && sent != NULL && sent->open;
  if (!can || sent->kind == EJ_PROCESS || bytes.size == 0) return UV_EBADF;
  ej_request *made = ej_request_new(self, callback, bytes.size);
  if (made == NULL) return UV_ENOMEM;
  memcpy(made->bytes, bytes.data, bytes.size);
  ej_request_hold(made, sent);
  uv_buf_t buffer = {made->bytes, bytes.size};
  int status =
      uv_write2(&made->uv.write, &self->uv.stream, &buffer, 1, &sent->uv.stream, on_handle_written);
  if (status == 0) return 1;
  ej_request_drop(made);
  return status;
}

// writeHandle(bytes, handle, callback): over a channel. 1, and `callback(status)` will tell, or a
// negative errno.
static napi_value write_handle(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  ej_bytes bytes;
  ej_handle *self = ej_handle_this(env, info, EJ_PIPE, 3, arguments);
  if (self == NULL || !ej_bytes_of(env, arguments[0], &bytes)) return NULL;
  ej_handle *sent = ej_handle_of(env, arguments[1], EJ_ANY_HANDLE);
  return ej_status(env, send_handle(self, sent, bytes, arguments[2]));
}

static const napi_property_descriptor members[] = {
    EJ_STREAM_METHODS,
    EJ_METHOD("bind", bind_),
    EJ_METHOD("connect", connect_),
    EJ_METHOD("fchmod", fchmod_),
    EJ_METHOD("open", open_fd),
    EJ_METHOD("pendingType", pending_type),
    EJ_METHOD("writeHandle", write_handle),
};

napi_value ej_pipe_class(napi_env env) {
  napi_value class = NULL;
  napi_define_class(env, "Pipe", NAPI_AUTO_LENGTH, new_pipe, NULL, sizeof members / sizeof *members,
                    members, &class);
  return class;
}
