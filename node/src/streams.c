// SPDX-License-Identifier: Apache-2.0
//
// `Pipe`: a pipe or Unix socket. Methods return 0 or a negative errno; what is read arrives at the
// object's method `onread(bytes, status)`, `bytes` undefined and `status` negative at the end
// (UV_EOF) or at an error.
#include "streams.h"

#include <stdlib.h>
#include <string.h>

#include "bytes_internal.h"
#include "loop_handle.h"

enum { READ_SIZE = 64 * 1024 };

// --- Opening
// --------------------------------------------------------------------------------------------

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

static napi_value fd_of(napi_env env, napi_callback_info info) {
  uv_os_fd_t fd = -1;
  ej_handle *self = ej_handle_this(env, info, EJ_PIPE, 0, NULL);
  if (self == NULL) return NULL;
  if (self->open && uv_fileno(&self->uv.handle, &fd) != 0) fd = -1;
  return ej_status(env, fd);
}

// --- Reading
// --------------------------------------------------------------------------------------------

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
  (void)suggested;
  ej_handle *self = handle->data;
  if (self->scratch == NULL) self->scratch = malloc(READ_SIZE);
  *buffer = uv_buf_init(self->scratch, self->scratch == NULL ? 0 : READ_SIZE);
}

typedef struct arrival {
  ssize_t size; // negative: an errno
  const char *bytes;
} arrival;

static size_t arrival_arguments(napi_env env, napi_value *arguments, const void *data) {
  const arrival *got = data;
  void *copy;
  int status = got->size < 0 ? (int)got->size : 0;
  napi_get_undefined(env, &arguments[0]);
  if (got->size >= 0 &&
      napi_create_buffer_copy(env, (size_t)got->size, got->bytes, &copy, &arguments[0]) != napi_ok)
    status = UV_ENOMEM;
  arguments[1] = ej_status(env, status);
  return 2;
}

static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer) {
  ej_handle *self = stream->data;
  arrival got = {size, buffer->base};
  if (size != 0 && !self->ending) ej_handle_call_method(self, "onread", arrival_arguments, &got);
}

static napi_value read_start(napi_env env, napi_callback_info info) {
  ej_handle *self = ej_handle_this(env, info, EJ_PIPE, 0, NULL);
  if (self == NULL) return NULL;
  int status = self->open ? uv_read_start(&self->uv.stream, on_alloc, on_read) : UV_EBADF;
  return ej_status(env, status == UV_EALREADY ? 0 : status);
}

static napi_value read_stop(napi_env env, napi_callback_info info) {
  ej_handle *self = ej_handle_this(env, info, EJ_PIPE, 0, NULL);
  if (self == NULL) return NULL;
  return ej_status(env, self->open ? uv_read_stop(&self->uv.stream) : UV_EBADF);
}

// --- Writing
// --------------------------------------------------------------------------------------------

// A write or shutdown under way. Owned by the loop until its callback.
typedef struct request {
  union {
    uv_write_t write;
    uv_shutdown_t shutdown;
  } uv;
  ej_handle *handle;
  napi_ref callback;
  char bytes[];
} request;

static request *new_request(ej_handle *self, napi_value callback, const void *bytes, size_t size) {
  request *made = malloc(sizeof *made + size);
  if (made == NULL) return NULL;
  made->handle = self;
  if (size > 0) memcpy(made->bytes, bytes, size);
  if (napi_create_reference(self->env, callback, 1, &made->callback) == napi_ok) return made;
  free(made);
  return NULL;
}

static void finish(request *done, int status) {
  ej_handle *self = done->handle;
  napi_env env = self->env;
  napi_handle_scope scope;
  napi_value callback, argument;
  if (!self->ending && napi_open_handle_scope(env, &scope) == napi_ok) {
    if (napi_get_reference_value(env, done->callback, &callback) == napi_ok) {
      argument = ej_status(env, status);
      napi_delete_reference(env, done->callback);
      ej_handle_call(self, callback, 1, &argument);
    }
    napi_close_handle_scope(env, scope);
  }
  free(done);
}

static void on_written(uv_write_t *write, int status) { finish((request *)write, status); }

static void on_shut_down(uv_shutdown_t *shutdown, int status) {
  finish((request *)shutdown, status);
}

// Writes what fits at once; the rest waits as a request. 1 when it does, 0 when all is written.
static int write_bytes(ej_handle *self, ej_bytes bytes, napi_value callback) {
  uv_buf_t buffer = uv_buf_init((char *)bytes.data, (unsigned)bytes.size);
  int written = bytes.size == 0 ? 0 : uv_try_write(&self->uv.stream, &buffer, 1);
  if (written == UV_EAGAIN) written = 0;
  if (written < 0) return written;
  if ((size_t)written == bytes.size) return 0;
  size_t left = bytes.size - (size_t)written;
  request *made = new_request(self, callback, bytes.data + written, left);
  if (made == NULL) return UV_ENOMEM;
  buffer = uv_buf_init(made->bytes, (unsigned)left);
  int status = uv_write(&made->uv.write, &self->uv.stream, &buffer, 1, on_written);
  if (status == 0) return 1;
  napi_delete_reference(self->env, made->callback);
  free(made);
  return status;
}

// write(bytes, callback): 0 when all is written, 1 when `callback(status)` will tell.
static napi_value write_(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  ej_bytes bytes;
  ej_handle *self = ej_handle_this(env, info, EJ_PIPE, 2, arguments);
  if (self == NULL || !ej_bytes_of(env, arguments[0], &bytes)) return NULL;
  return ej_status(env, self->open ? write_bytes(self, bytes, arguments[1]) : UV_EBADF);
}

// shutdown(callback): no more is written; `callback(status)` when the other side knows.
static napi_value shutdown_(napi_env env, napi_callback_info info) {
  napi_value callback;
  ej_handle *self = ej_handle_this(env, info, EJ_PIPE, 1, &callback);
  if (self == NULL) return NULL;
  if (!self->open) return ej_status(env, UV_ENOTCONN);
  request *made = new_request(self, callback, NULL, 0);
  if (made == NULL) return ej_status(env, UV_ENOMEM);
  int status = uv_shutdown(&made->uv.shutdown, &self->uv.stream, on_shut_down);
  if (status != 0) {
    napi_delete_reference(env, made->callback);
    free(made);
  }
  return ej_status(env, status);
}

// setBlocking(blocking)
static napi_value set_blocking(napi_env env, napi_callback_info info) {
  napi_value argument;
  bool blocking;
  ej_handle *self = ej_handle_this(env, info, EJ_PIPE, 1, &argument);
  if (self == NULL || napi_get_value_bool(env, argument, &blocking) != napi_ok) return NULL;
  return ej_status(env, self->open ? uv_stream_set_blocking(&self->uv.stream, blocking) : UV_EBADF);
}

static napi_value write_queue_size(napi_env env, napi_callback_info info) {
  ej_handle *self = ej_handle_this(env, info, EJ_PIPE, 0, NULL);
  if (self == NULL) return NULL;
  return ej_number(env, self->open ? (double)uv_stream_get_write_queue_size(&self->uv.stream) : 0);
}

static const napi_property_descriptor members[] = {
    EJ_HANDLE_METHODS,
    EJ_METHOD("open", open_fd),
    EJ_METHOD("readStart", read_start),
    EJ_METHOD("readStop", read_stop),
    EJ_METHOD("write", write_),
    EJ_METHOD("shutdown", shutdown_),
    EJ_METHOD("setBlocking", set_blocking),
    {"fd", NULL, NULL, fd_of, NULL, NULL, napi_default, NULL},
    {"writeQueueSize", NULL, NULL, write_queue_size, NULL, NULL, napi_default, NULL},
};

napi_value ej_binding_streams(napi_env env) {
  napi_value binding, pipe;
  if (napi_create_object(env, &binding) != napi_ok ||
      napi_define_class(env, "Pipe", NAPI_AUTO_LENGTH, new_pipe, NULL,
                        sizeof members / sizeof *members, members, &pipe) != napi_ok ||
      napi_set_named_property(env, binding, "Pipe", pipe) != napi_ok)
    return NULL;
  return binding;
}
