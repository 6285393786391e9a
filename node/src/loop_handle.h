// SPDX-License-Identifier: Apache-2.0
//
// JavaScript objects that own a handle of the event loop: what pipes, sockets and child processes
// share. Written over Node-API.
//
// Two owners share the memory: the JavaScript object, until it is collected, and the loop, from
// ej_handle_opened to the close callback. While the loop has it the object is held, so that
// callbacks always find it.
#ifndef EJ_LOOP_HANDLE_H
#define EJ_LOOP_HANDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <node_api.h>
#include <uv.h>

// EJ_ANY_HANDLE asks for any, EJ_STREAM for a pipe or a TCP socket.
typedef enum ej_handle_kind {
  EJ_ANY_HANDLE,
  EJ_STREAM,
  EJ_PIPE,
  EJ_TCP,
  EJ_UDP,
  EJ_PROCESS
} ej_handle_kind;

// Who takes what is read instead of the object's `onread`, in C. `gone`: the handle is being freed.
typedef struct ej_reader {
  void (*read)(void *data, const char *bytes, size_t size);
  void (*gone)(void *data);
  void *data;
} ej_reader;

typedef struct ej_handle {
  ej_handle_kind kind;
  union {
    uv_handle_t handle;
    uv_stream_t stream;
    uv_pipe_t pipe;
    uv_tcp_t tcp;
    uv_udp_t udp;
    uv_process_t process;
  } uv;
  napi_env env;
  napi_ref object;    // held while the loop has the handle
  napi_ref on_closed; // what close() was given
  bool open;          // the loop has it and it is not being closed
  bool ending;        // the isolate ends: no JavaScript from here on
  int owners;
  ej_reader reader;
  struct ej_handle *previous, *next; // of the open handles of the env
  size_t read_limit;                 // streams: most bytes of one read; 0 for what there is
  uint64_t bytes_read, bytes_written;
} ej_handle;

// Makes `object` own a handle that is not opened yet. NULL with an exception pending.
ej_handle *ej_handle_new(napi_env env, napi_value object, ej_handle_kind kind);

// The loop has the handle from now on. uv_*_init has succeeded.
void ej_handle_opened(ej_handle *self);

// Closes what ej_handle_opened was not called for, but a uv_*_init was.
void ej_handle_discard(ej_handle *self);

// For what closes a handle in a way of its own, with the callback below: it is being closed, and
// `callback`, if it is a function, runs when it is gone.
void ej_handle_closing(ej_handle *self, napi_value callback);
void ej_handle_on_closed(uv_handle_t *handle);

// The handle of the `this` of a call whose arguments go to `arguments`, missing ones as undefined.
// NULL with an exception pending when `this` owns none.
ej_handle *ej_handle_this(napi_env env, napi_callback_info info, ej_handle_kind kind, size_t count,
                          napi_value *arguments);

// The handle behind `object`; NULL without an exception when it owns none of that kind. Users can
// call our methods on any object: one that an addon wrapped is told by its tag.
ej_handle *ej_handle_of(napi_env env, napi_value object, ej_handle_kind kind);

// Something that is under way, owned by the loop until its callback: begins every struct of one.
typedef struct ej_request {
  union {
    uv_req_t any;
    uv_write_t write;
    uv_shutdown_t shutdown;
    uv_connect_t connect;
    uv_udp_send_t send;
  } uv;
  ej_handle *handle; // alive until the callback
  ej_handle *other;  // kept alive too, or NULL: see ej_request_hold
  napi_ref callback; // NULL for none
  char bytes[];
} ej_request;

// `size` bytes of room for what it carries. NULL without memory.
ej_request *ej_request_new(ej_handle *self, napi_value callback, size_t size);
// `other` stays in memory as long as the request.
void ej_request_hold(ej_request *request, ej_handle *other);
// What could not be begun.
void ej_request_drop(ej_request *request);
// Calls back with `status` and frees it.
void ej_request_finish(ej_request *request, int status);

// Calls `function` from the loop, with ticks and promise jobs after it; an error in it is an
// uncaught one.
void ej_handle_call(ej_handle *self, napi_value function, size_t count,
                    const napi_value *arguments);

enum { EJ_MOST_ARGUMENTS = 4 };

// The same for method `name` of the object. Opens the scope that `arguments` would need: `make`
// fills them in.
void ej_handle_call_method(ej_handle *self, const char *name,
                           size_t (*make)(napi_env env, napi_value *arguments, const void *data),
                           const void *data);

// close(callback), ref(), unref(), hasRef(): for the tables of classes.
napi_value ej_handle_close(napi_env env, napi_callback_info info);
napi_value ej_handle_ref(napi_env env, napi_callback_info info);
napi_value ej_handle_unref(napi_env env, napi_callback_info info);
napi_value ej_handle_has_ref(napi_env env, napi_callback_info info);

napi_value ej_status(napi_env env, int status);

// An array of the objects whose handles may keep the loop alive. NULL with an exception pending.
napi_value ej_handle_objects(napi_env env);

#define EJ_METHOD(name, function)                                                                  \
  {name, NULL, function, NULL, NULL, NULL, napi_default_method, NULL}
#define EJ_GETTER(name, function) {name, NULL, NULL, function, NULL, NULL, napi_default, NULL}
#define EJ_HANDLE_METHODS                                                                          \
  EJ_METHOD("close", ej_handle_close), EJ_METHOD("ref", ej_handle_ref),                            \
      EJ_METHOD("unref", ej_handle_unref), EJ_METHOD("hasRef", ej_handle_has_ref)

#endif
