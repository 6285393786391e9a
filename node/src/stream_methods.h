// SPDX-License-Identifier: Apache-2.0
//
// What the classes behind streams.h share.
#ifndef EJ_STREAM_METHODS_H
#define EJ_STREAM_METHODS_H

#include <node_api.h>

#include "loop_handle.h"

// pipes.c, tcp.c
napi_value ej_pipe_class(napi_env env);
napi_value ej_tcp_class(napi_env env);

// What both classes have. `open(fd)` and the ways to bind and connect are their own.
napi_value ej_stream_accept(napi_env env, napi_callback_info info);
napi_value ej_stream_bytes_read(napi_env env, napi_callback_info info);
napi_value ej_stream_bytes_written(napi_env env, napi_callback_info info);
napi_value ej_stream_fd(napi_env env, napi_callback_info info);
napi_value ej_stream_limit_reads(napi_env env, napi_callback_info info);
napi_value ej_stream_listen(napi_env env, napi_callback_info info);
napi_value ej_stream_read_start(napi_env env, napi_callback_info info);
napi_value ej_stream_read_stop(napi_env env, napi_callback_info info);
napi_value ej_stream_set_blocking(napi_env env, napi_callback_info info);
napi_value ej_stream_shutdown(napi_env env, napi_callback_info info);
napi_value ej_stream_write(napi_env env, napi_callback_info info);
napi_value ej_stream_write_queue_size(napi_env env, napi_callback_info info);
napi_value ej_stream_writev(napi_env env, napi_callback_info info);

#define EJ_STREAM_METHODS                                                                          \
  EJ_HANDLE_METHODS, EJ_METHOD("accept", ej_stream_accept),                                        \
      EJ_METHOD("limitReads", ej_stream_limit_reads), EJ_METHOD("listen", ej_stream_listen),       \
      EJ_METHOD("readStart", ej_stream_read_start), EJ_METHOD("readStop", ej_stream_read_stop),    \
      EJ_METHOD("setBlocking", ej_stream_set_blocking), EJ_METHOD("shutdown", ej_stream_shutdown), \
      EJ_METHOD("write", ej_stream_write), EJ_METHOD("writev", ej_stream_writev),                  \
      EJ_GETTER("bytesRead", ej_stream_bytes_read),                                                \
      EJ_GETTER("bytesWritten", ej_stream_bytes_written), EJ_GETTER("fd", ej_stream_fd),           \
      EJ_GETTER("writeQueueSize", ej_stream_write_queue_size)

// For uv_connect: calls back with its status.
void ej_on_connected(uv_connect_t *connect, int status);

#endif
