// SPDX-License-Identifier: Apache-2.0
//
// Reading, writing and listening: what pipes and TCP sockets share.
#include "streams.h"

#include <stdlib.h>
#include <string.h>

#include "addresses.h"
#include "bytes_internal.h"
#include "stream_methods.h"

enum { READ_SIZE = 64 * 1024 };

// --- Reading -------------------------------------------------------------------------------------

// Where all reads of a thread go: each is copied before anything else happens.
static _Thread_local char arrived[READ_SIZE];

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
  (void)suggested;
  ej_handle *self = handle->data;
  bool is_limited = self->read_limit > 0 && self->read_limit < READ_SIZE;
  *buffer = uv_buf_init(arrived, is_limited ? (unsigned)self->read_limit : READ_SIZE);
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
  if (size == 0 || self->ending) return;
  if (size > 0) self->bytes_read += (uint64_t)size;
  if (size > 0 && self->reader.read != NULL) {
    self->reader.read(self->reader.data, buffer->base, (size_t)size);
    return;
  }
  ej_handle_call_method(self, "onread", arrival_arguments, &got);
}

napi_value ej_stream_read_start(napi_env env, napi_callback_info info) {
  ej_handle *self = ej_handle_this(env, info, EJ_STREAM, 0, NULL);
  if (self == NULL) return NULL;
  int status = self->open ? uv_read_start(&self->uv.stream, on_alloc, on_read) : UV_EBADF;
  return ej_status(env, status == UV_EALREADY ? 0 : status);
}

napi_value ej_stream_read_stop(napi_env env, napi_callback_info info) {
  ej_handle *self = ej_handle_this(env, info, EJ_STREAM, 0, NULL);
  if (self == NULL) return NULL;
  return ej_status(env, self->open ? uv_read_stop(&self->uv.stream) : UV_EBADF);
}

// limitReads(size): no arrival is larger.
napi_value ej_stream_limit_reads(napi_env env, napi_callback_info info) {
  napi_value size;
  ej_handle *self = ej_handle_this(env, info, EJ_STREAM, 1, &size);
  if (self != NULL) ej_size_of(env, size, &self->read_limit);
  return NULL;
}

// --- Writing -------------------------------------------------------------------------------------

static void on_written(uv_write_t *write, int status) {
  ej_request_finish((ej_request *)write, status);
}

// Takes what is written already off the front of `buffers`; returns how many are left.
static size_t skip(uv_buf_t **buffers, size_t count, size_t written) {
  while (count > 0 && written >= (*buffers)->len) {
    written -= (*buffers)->len;
    (*buffers)++;
    count--;
  }
  if (count > 0) {
    (*buffers)->base += written;
    (*buffers)->len -= written;
  }
  return count;
}

// What did not fit waits as a copy.
static int write_rest(ej_handle *self, const uv_buf_t *buffers, size_t count, napi_value callback) {
  size_t size = 0;
  for (size_t i = 0; i < count; i++) size += buffers[i].len;
  ej_request *made = ej_request_new(self, callback, size);
  if (made == NULL) return UV_ENOMEM;
  uv_buf_t all = {made->bytes, size};
  for (size_t i = 0, at = 0; i < count; at += buffers[i++].len)
    memcpy(made->bytes + at, buffers[i].base, buffers[i].len);
  int status = uv_write(&made->uv.write, &self->uv.stream, &all, 1, on_written);
  if (status == 0) return 1;
  ej_request_drop(made);
  return status;
}

// Writes what fits at once; the rest waits as a request. 1 when it does, 0 when all is written.
static int write_all(ej_handle *self, uv_buf_t *buffers, size_t count, napi_value callback) {
  if (!self->open) return UV_EBADF;
  count = skip(&buffers, count, 0);
  if (count == 0) return 0;
  int written = uv_try_write(&self->uv.stream, buffers, (unsigned)count);
  if (written == UV_EAGAIN) written = 0;
  if (written < 0) return written;
  self->bytes_written += (uint64_t)written;
  count = skip(&buffers, count, (size_t)written);
  if (count == 0) return 0;
  int status = write_rest(self, buffers, count, callback);
  for (size_t i = 0; status == 1 && i < count; i++) self->bytes_written += buffers[i].len;
  return status;
}

// Encodings of strings, by the number that JavaScript gives.
enum { UTF8, LATIN1 };

static napi_status read_text(napi_env env, napi_value string, int32_t encoding, char *out,
                             size_t room, size_t *length) {
  return encoding == LATIN1 ? napi_get_value_string_latin1(env, string, out, room, length)
                            : napi_get_value_string_utf8(env, string, out, room, length);
}

// What one call writes: views of bytes as they are, strings as bytes behind each other in `text`.
typedef struct gathering {
  uv_buf_t *buffers, few[16];
  char *text, small[4096];
  size_t count, text_size;
} gathering;

static void gathering_free(gathering *all) {
  if (all->buffers != all->few) free(all->buffers);
  if (all->text != all->small) free(all->text);
}

// Room for `count` buffers and `size` bytes of text, each string with a NUL behind it.
static bool gathering_make(napi_env env, gathering *all, size_t count, size_t size) {
  all->count = all->text_size = 0;
  all->buffers =
      count <= sizeof all->few / sizeof *all->few ? all->few : malloc(count * sizeof *all->buffers);
  all->text = size <= sizeof all->small ? all->small : malloc(size);
  if (all->buffers != NULL && all->text != NULL) return true;
  gathering_free(all);
  napi_throw_error(env, "ENOMEM", "no memory for what is to be written");
  return false;
}

static bool is_string(napi_env env, napi_value value) {
  napi_valuetype type;
  return napi_typeof(env, value, &type) == napi_ok && type == napi_string;
}

static bool gather(napi_env env, gathering *all, size_t room, napi_value chunk, int32_t encoding) {
  uv_buf_t *buffer = &all->buffers[all->count++];
  ej_bytes bytes;
  size_t length;
  if (is_string(env, chunk)) {
    char *at = all->text + all->text_size;
    if (read_text(env, chunk, encoding, at, room - all->text_size, &length) != napi_ok)
      return false;
    all->text_size += length + 1;
    *buffer = uv_buf_init(at, (unsigned)length);
    return true;
  }
  if (!ej_bytes_of(env, chunk, &bytes)) return false;
  *buffer = uv_buf_init((char *)bytes.data, (unsigned)bytes.size);
  return true;
}

// How much room `chunk` needs in the text.
static size_t text_size(napi_env env, napi_value chunk, int32_t encoding) {
  size_t length = 0;
  if (!is_string(env, chunk)) return 0;
  return read_text(env, chunk, encoding, NULL, 0, &length) == napi_ok ? length + 1 : 0;
}

static int32_t encoding_of(napi_env env, napi_value value) {
  int32_t encoding = UTF8;
  napi_get_value_int32(env, value, &encoding);
  return encoding;
}

// write(chunk, encoding, callback): bytes, or a string with the number of its encoding. 0 when all
// is written, 1 when `callback(status)` will tell.
napi_value ej_stream_write(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  gathering all;
  ej_handle *self = ej_handle_this(env, info, EJ_STREAM, 3, arguments);
  if (self == NULL) return NULL;
  int32_t encoding = encoding_of(env, arguments[1]);
  size_t size = text_size(env, arguments[0], encoding);
  if (!gathering_make(env, &all, 1, size)) return NULL;
  napi_value result = NULL;
  if (gather(env, &all, size, arguments[0], encoding))
    result = ej_status(env, write_all(self, all.buffers, all.count, arguments[2]));
  gathering_free(&all);
  return result;
}

// The chunk at `index` of [chunk, encoding, chunk, encoding, …].
static bool chunk_at(napi_env env, napi_value list, uint32_t index, napi_value *chunk,
                     int32_t *encoding) {
  napi_value number;
  if (napi_get_element(env, list, 2 * index, chunk) != napi_ok ||
      napi_get_element(env, list, 2 * index + 1, &number) != napi_ok)
    return false;
  *encoding = encoding_of(env, number);
  return true;
}

static bool gather_list(napi_env env, gathering *all, napi_value list, uint32_t count) {
  napi_value chunk;
  int32_t encoding;
  size_t room = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (!chunk_at(env, list, i, &chunk, &encoding)) return false;
    room += text_size(env, chunk, encoding);
  }
  if (!gathering_make(env, all, count, room)) return false;
  for (uint32_t i = 0; i < count; i++) {
    if (chunk_at(env, list, i, &chunk, &encoding) && gather(env, all, room, chunk, encoding))
      continue;
    gathering_free(all);
    return false;
  }
  return true;
}

// writev(list, callback): the same for many, `list` being [chunk, encoding, chunk, encoding, …].
napi_value ej_stream_writev(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  uint32_t length;
  gathering all;
  ej_handle *self = ej_handle_this(env, info, EJ_STREAM, 2, arguments);
  if (self == NULL || napi_get_array_length(env, arguments[0], &length) != napi_ok ||
      !gather_list(env, &all, arguments[0], length / 2))
    return NULL;
  napi_value result = ej_status(env, write_all(self, all.buffers, all.count, arguments[1]));
  gathering_free(&all);
  return result;
}

static void on_shut_down(uv_shutdown_t *shutdown, int status) {
  ej_request_finish((ej_request *)shutdown, status);
}

// shutdown(callback): no more is written; `callback(status)` when the other side knows.
napi_value ej_stream_shutdown(napi_env env, napi_callback_info info) {
  napi_value callback;
  ej_handle *self = ej_handle_this(env, info, EJ_STREAM, 1, &callback);
  if (self == NULL) return NULL;
  if (!self->open) return ej_status(env, UV_ENOTCONN);
  ej_request *made = ej_request_new(self, callback, 0);
  if (made == NULL) return ej_status(env, UV_ENOMEM);
  int status = uv_shutdown(&made->uv.shutdown, &self->uv.stream, on_shut_down);
  if (status != 0) ej_request_drop(made);
  return ej_status(env, status);
}

// setBlocking(blocking)
napi_value ej_stream_set_blocking(napi_env env, napi_callback_info info) {
  napi_value argument;
  bool blocking;
  ej_handle *self = ej_handle_this(env, info, EJ_STREAM, 1, &argument);
  if (self == NULL || napi_get_value_bool(env, argument, &blocking) != napi_ok) return NULL;
  return ej_status(env, self->open ? uv_stream_set_blocking(&self->uv.stream, blocking) : UV_EBADF);
}

// --- Connections ---------------------------------------------------------------------------------

void ej_on_connected(uv_connect_t *connect, int status) {
  ej_request_finish((ej_request *)connect, status);
}

static size_t status_argument(napi_env env, napi_value *arguments, const void *data) {
  arguments[0] = ej_status(env, *(const int *)data);
  return 1;
}

static void on_connection(uv_stream_t *stream, int status) {
  ej_handle *self = stream->data;
  if (!self->ending) ej_handle_call_method(self, "onincoming", status_argument, &status);
}

// listen(backlog): a pipe was allowed when it was bound.
napi_value ej_stream_listen(napi_env env, napi_callback_info info) {
  napi_value argument;
  int32_t backlog;
  ej_handle *self = ej_handle_this(env, info, EJ_STREAM, 1, &argument);
  if (self == NULL || napi_get_value_int32(env, argument, &backlog) != napi_ok) return NULL;
  if (!self->open) return ej_status(env, UV_EBADF);
  if (self->kind == EJ_TCP && !ej_socket_allowed(env, &self->uv.tcp)) return NULL;
  return ej_status(env, uv_listen(&self->uv.stream, backlog, on_connection));
}

// A listening stream gives connections of its own kind, a channel between processes what was sent.
static bool can_accept(const ej_handle *self, const ej_handle *other) {
  if (other == NULL || other == self || !self->open || !other->open) return false;
  bool is_channel = self->kind == EJ_PIPE && self->uv.pipe.ipc;
  if (!is_channel) return other->kind == self->kind;
  uv_pipe_t *pipe = (uv_pipe_t *)&self->uv.pipe;
  return uv_pipe_pending_count(pipe) > 0 &&
         uv_pipe_pending_type(pipe) == uv_handle_get_type(&other->uv.handle);
}

// accept(handle): the connection that waits becomes that of `handle`, which is fresh.
napi_value ej_stream_accept(napi_env env, napi_callback_info info) {
  napi_value argument;
  ej_handle *self = ej_handle_this(env, info, EJ_STREAM, 1, &argument);
  if (self == NULL) return NULL;
  ej_handle *other = ej_handle_of(env, argument, EJ_ANY_HANDLE);
  bool can = can_accept(self, other);
  return ej_status(env, can ? uv_accept(&self->uv.stream, &other->uv.stream) : UV_EBADF);
}

// --- What there is to know -----------------------------------------------------------------------

// -1 once it is closed.
napi_value ej_stream_fd(napi_env env, napi_callback_info info) {
  uv_os_fd_t fd = -1;
  ej_handle *self = ej_handle_this(env, info, EJ_STREAM, 0, NULL);
  if (self == NULL) return NULL;
  if (self->open && uv_fileno(&self->uv.handle, &fd) != 0) fd = -1;
  return ej_status(env, fd);
}

napi_value ej_stream_write_queue_size(napi_env env, napi_callback_info info) {
  ej_handle *self = ej_handle_this(env, info, EJ_STREAM, 0, NULL);
  if (self == NULL) return NULL;
  return ej_number(env, self->open ? (double)uv_stream_get_write_queue_size(&self->uv.stream) : 0);
}

napi_value ej_stream_bytes_read(napi_env env, napi_callback_info info) {
  ej_handle *self = ej_handle_this(env, info, EJ_STREAM, 0, NULL);
  return self == NULL ? NULL : ej_number(env, (double)self->bytes_read);
}

napi_value ej_stream_bytes_written(napi_env env, napi_callback_info info) {
  ej_handle *self = ej_handle_this(env, info, EJ_STREAM, 0, NULL);
  return self == NULL ? NULL : ej_number(env, (double)self->bytes_written);
}

napi_value ej_binding_streams(napi_env env) {
  napi_value binding, pipe = ej_pipe_class(env), tcp = ej_tcp_class(env);
  if (pipe == NULL || tcp == NULL || napi_create_object(env, &binding) != napi_ok ||
      napi_set_named_property(env, binding, "Pipe", pipe) != napi_ok ||
      napi_set_named_property(env, binding, "TCP", tcp) != napi_ok)
    return NULL;
  return binding;
}
