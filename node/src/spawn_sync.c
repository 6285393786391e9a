// SPDX-License-Identifier: Apache-2.0
//
// spawnSync: a child process on an event loop of its own, which ends with it. Nothing of JavaScript
// runs meanwhile.
#include "processes.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "bytes_internal.h"
#include "ej_engine.h"
#include "spawn_options.h"

enum { MOST_STREAMS = 256, READ_SIZE = 64 * 1024 };

struct run;

// One of stdio. A pipe writes `input` to the child or collects its output.
typedef struct stream {
  struct run *run;
  uv_pipe_t pipe;
  uv_write_t write;
  uv_shutdown_t shutdown;
  bool is_pipe, is_readable, is_writable; // as the child sees it
  ej_bytes input;                         // JavaScript's, which waits
  char *output;
  size_t size, capacity;
} stream;

typedef struct run {
  uv_loop_t loop;
  uv_process_t process;
  uv_timer_t timer;
  uv_process_options_t options;
  uv_stdio_container_t stdio[MOST_STREAMS];
  stream *streams;
  int64_t timeout, most_output, kill_signal; // most_output: negative for no limit
  int64_t exit_code;
  int exit_signal;
  int fault, pipe_fault; // the first errno of a limit or of starting; of a pipe
  bool exited, killed;
} run;

// --- The end of it -------------------------------------------------------------------------------

static void close_handle(uv_handle_t *handle, void *argument) {
  (void)argument;
  if (!uv_is_closing(handle)) uv_close(handle, NULL);
}

// Kills the child, once, and lets go of its pipes: a grandchild may hold them for ever.
static void kill_child(run *self, int fault) {
  if (self->fault == 0) self->fault = fault;
  if (self->killed) return;
  self->killed = true;
  if (!self->exited && uv_process_kill(&self->process, (int)self->kill_signal) != 0)
    uv_process_kill(&self->process, SIGKILL);
  for (int i = 0; i < self->options.stdio_count; i++)
    if (self->streams[i].is_pipe) close_handle((uv_handle_t *)&self->streams[i].pipe, NULL);
  close_handle((uv_handle_t *)&self->timer, NULL);
}

static void on_timeout(uv_timer_t *timer) { kill_child(timer->data, UV_ETIMEDOUT); }

static void on_exit_(uv_process_t *process, int64_t code, int signal) {
  run *self = process->data;
  self->exited = true;
  self->exit_code = code;
  self->exit_signal = signal;
  close_handle((uv_handle_t *)process, NULL);
  close_handle((uv_handle_t *)&self->timer, NULL); // who inherited the pipes may hold them longer
}

// --- Pipes ---------------------------------------------------------------------------------------

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
  (void)suggested;
  stream *self = handle->data;
  if (self->capacity - self->size < READ_SIZE) {
    size_t capacity = self->capacity == 0 ? READ_SIZE : self->capacity * 2;
    char *larger = realloc(self->output, capacity);
    if (larger != NULL) {
      self->output = larger;
      self->capacity = capacity;
    }
  }
  *buffer = uv_buf_init(self->output + self->size, (unsigned)(self->capacity - self->size));
}

static void on_read(uv_stream_t *source, ssize_t got, const uv_buf_t *buffer) {
  (void)buffer;
  stream *self = source->data;
  run *whole = self->run;
  if (got < 0) {
    if (got != UV_EOF && whole->pipe_fault == 0) whole->pipe_fault = (int)got;
    close_handle((uv_handle_t *)source, NULL);
    return;
  }
  self->size += (size_t)got; // what came beyond the limit is kept, as in Node
  if (whole->most_output >= 0 && self->size > (size_t)whole->most_output)
    kill_child(whole, UV_ENOBUFS);
}

static void on_written(uv_write_t *write, int status) {
  stream *self = write->handle->data;
  // A child that reads no further than it wants is in its right.
  if (status != 0 && status != UV_EPIPE && status != UV_ECANCELED && self->run->pipe_fault == 0)
    self->run->pipe_fault = status;
}

static void on_shut_down(uv_shutdown_t *shutdown, int status) {
  (void)status; // the child may have closed its end already
  stream *self = shutdown->data;
  if (!self->is_writable) close_handle((uv_handle_t *)&self->pipe, NULL);
}

static int start_stream(stream *self) {
  int status = 0;
  uv_stream_t *pipe = (uv_stream_t *)&self->pipe;
  if (!self->is_pipe) return 0;
  if (self->is_readable) {
    uv_buf_t buffer = uv_buf_init((char *)self->input.data, (unsigned)self->input.size);
    if (self->input.size > 0) status = uv_write(&self->write, pipe, &buffer, 1, on_written);
    self->shutdown.data = self;
    if (status == 0) status = uv_shutdown(&self->shutdown, pipe, on_shut_down);
  }
  if (status == 0 && self->is_writable) status = uv_read_start(pipe, on_alloc, on_read);
  return status;
}

// --- Running -------------------------------------------------------------------------------------

static void start(run *self) {
  self->process.data = self->timer.data = self;
  uv_timer_init(&self->loop, &self->timer);
  self->fault = uv_spawn(&self->loop, &self->process, &self->options);
  if (self->fault != 0) {
    close_handle((uv_handle_t *)&self->process, NULL);
    self->exited = true;
  }
  for (int i = 0; self->fault == 0 && i < self->options.stdio_count; i++) {
    int status = start_stream(&self->streams[i]);
    if (status != 0) kill_child(self, status);
  }
  if (self->fault == 0 && self->timeout > 0)
    uv_timer_start(&self->timer, on_timeout, (uint64_t)self->timeout, 0);
}

static void run_to_end(run *self) {
  start(self);
  if (!self->exited) uv_run(&self->loop, UV_RUN_DEFAULT);
  uv_walk(&self->loop, close_handle, NULL);
  uv_run(&self->loop, UV_RUN_DEFAULT);
  uv_loop_close(&self->loop);
}

// --- What JavaScript says and gets ---------------------------------------------------------------

// One of stdio: { readable, writable, input } for a pipe, a descriptor, anything else for none.
static bool read_stream(napi_env env, napi_value item, run *whole, uint32_t i) {
  stream *self = &whole->streams[i];
  uv_stdio_container_t *container = &whole->stdio[i];
  napi_valuetype type;
  napi_value input;
  int32_t fd;
  self->run = whole;
  self->pipe.data = self;
  container->flags = UV_IGNORE;
  if (napi_typeof(env, item, &type) != napi_ok) return false;
  if (type == napi_number) {
    if (napi_get_value_int32(env, item, &fd) != napi_ok) return false;
    container->flags = UV_INHERIT_FD;
    container->data.fd = fd;
  }
  if (type != napi_object) return true;
  self->is_pipe = true;
  self->is_readable = ej_member_bool(env, item, "readable");
  self->is_writable = ej_member_bool(env, item, "writable");
  uv_pipe_init(&whole->loop, &self->pipe, 0);
  container->flags = UV_CREATE_PIPE | (self->is_readable ? UV_READABLE_PIPE : 0) |
                     (self->is_writable ? UV_WRITABLE_PIPE : 0);
  container->data.stream = (uv_stream_t *)&self->pipe;
  if (!ej_member(env, item, "input", &input) || napi_typeof(env, input, &type) != napi_ok)
    return false;
  return type == napi_undefined || ej_bytes_of(env, input, &self->input);
}

static bool read_streams(napi_env env, napi_value object, run *self) {
  napi_value list, item;
  uint32_t count;
  if (!ej_member(env, object, "stdio", &list) ||
      napi_get_array_length(env, list, &count) != napi_ok || count > MOST_STREAMS) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_VALUE", "stdio must be an array of at most 256");
    return false;
  }
  self->streams = calloc(count + 1, sizeof *self->streams);
  if (self->streams == NULL) return false;
  self->options.stdio_count = (int)count;
  for (uint32_t i = 0; i < count; i++) {
    if (napi_get_element(env, list, i, &item) != napi_ok || !read_stream(env, item, self, i))
      return false;
  }
  return true;
}

static napi_value outputs(napi_env env, const run *self) {
  napi_value list, bytes;
  void *copy;
  if (napi_create_array(env, &list) != napi_ok) return NULL;
  for (int i = 0; i < self->options.stdio_count; i++) {
    const stream *from = &self->streams[i];
    napi_status status = from->is_pipe && from->is_writable
                             ? napi_create_buffer_copy(env, from->size, from->output, &copy, &bytes)
                             : napi_get_null(env, &bytes);
    if (status != napi_ok || napi_set_element(env, list, (uint32_t)i, bytes) != napi_ok)
      return NULL;
  }
  return list;
}

// { pid, status, signal (a number, 0 for none), output: one Buffer or null for each of stdio,
// error: an errno or 0 }
static napi_value outcome(napi_env env, const run *self) {
  napi_value result, output = outputs(env, self);
  if (output == NULL || napi_create_object(env, &result) != napi_ok) return NULL;
  ej_set_int(env, result, "pid", self->process.pid);
  ej_set_int(env, result, "status", self->exit_code);
  ej_set_int(env, result, "signal", self->exit_signal);
  ej_set_int(env, result, "error", self->fault != 0 ? self->fault : self->pipe_fault);
  napi_set_named_property(env, result, "output", output);
  return result;
}

// spawnSync(options): those of ej_spawn_options_read, and stdio, timeout (ms, 0 for none),
// maxBuffer (bytes, negative for no limit), killSignal.
napi_value ej_spawn_sync(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument, result = NULL;
  run *self = calloc(1, sizeof *self);
  if (self == NULL || napi_get_cb_info(env, info, &count, &argument, NULL, NULL) != napi_ok ||
      uv_loop_init(&self->loop) != 0) {
    free(self);
    napi_throw_error(env, "ENOMEM", "no memory for an event loop");
    return NULL;
  }
  self->options.exit_cb = on_exit_;
  self->options.stdio = self->stdio;
  bool is_right = ej_spawn_options_read(env, argument, &self->options) &&
                  ej_env_require_permission(env, "child", self->options.file) &&
                  read_streams(env, argument, self) &&
                  ej_member_int(env, argument, "timeout", &self->timeout) &&
                  ej_member_int(env, argument, "maxBuffer", &self->most_output) &&
                  ej_member_int(env, argument, "killSignal", &self->kill_signal);
  if (is_right) {
    run_to_end(self);
    result = outcome(env, self);
  } else {
    uv_walk(&self->loop, close_handle, NULL);
    uv_run(&self->loop, UV_RUN_DEFAULT);
    uv_loop_close(&self->loop);
  }
  ej_spawn_options_free(&self->options);
  for (int i = 0; i < self->options.stdio_count; i++) free(self->streams[i].output);
  free(self->streams);
  free(self);
  return result;
}
