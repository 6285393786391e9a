// SPDX-License-Identifier: Apache-2.0
#include "loop_handles.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <uv.h>

#include "binding.h"
#include "loop_handle.h"

typedef struct listing {
  napi_env env;
  napi_value list;
  uint32_t count;
} listing;

static void set(napi_env env, napi_value object, const char *name, napi_value value) {
  napi_set_named_property(env, object, name, value);
}

static void set_bool(napi_env env, napi_value object, const char *name, bool is) {
  napi_value value;
  if (napi_get_boolean(env, is, &value) == napi_ok) set(env, object, name, value);
}

static void set_number(napi_env env, napi_value object, const char *name, double number) {
  napi_value value;
  if (napi_create_double(env, number, &value) == napi_ok) set(env, object, name, value);
}

static void set_text(napi_env env, napi_value object, const char *name, const char *text) {
  napi_value value;
  if (napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value) == napi_ok)
    set(env, object, name, value);
}

static void set_address(napi_env env, napi_value object, const void *at) {
  char text[32];
  snprintf(text, sizeof text, "0x%016llx", (unsigned long long)(uintptr_t)at);
  set_text(env, object, "address", text);
}

static void describe_timer(napi_env env, napi_value object, const uv_timer_t *timer) {
  uint64_t due = uv_timer_get_due_in(timer);
  set_number(env, object, "repeat", (double)uv_timer_get_repeat(timer));
  set_number(env, object, "firesInMsFromNow", (double)due);
  set_bool(env, object, "expired", due == 0 && uv_is_active((const uv_handle_t *)timer));
}

// { host, ip4 or ip6, port }, or null. No name is looked up for the host.
static void set_endpoint(napi_env env, napi_value object, const char *name, int status,
                         const struct sockaddr_storage *from) {
  napi_value endpoint;
  char text[INET6_ADDRSTRLEN];
  const struct sockaddr *at = (const struct sockaddr *)from;
  bool is_six = from->ss_family == AF_INET6;
  if (status != 0 || (!is_six && from->ss_family != AF_INET) ||
      uv_ip_name(at, text, sizeof text) != 0) {
    if (napi_get_null(env, &endpoint) == napi_ok) set(env, object, name, endpoint);
    return;
  }
  if (napi_create_object(env, &endpoint) != napi_ok) return;
  set_text(env, endpoint, "host", text);
  set_text(env, endpoint, is_six ? "ip6" : "ip4", text);
  // Both kinds have their port at the same place.
  set_number(env, endpoint, "port", ntohs(((const struct sockaddr_in *)from)->sin_port));
  set(env, object, name, endpoint);
}

static void describe_endpoints(napi_env env, napi_value object, const uv_handle_t *handle) {
  struct sockaddr_storage local = {0}, remote = {0};
  struct sockaddr *here = (struct sockaddr *)&local, *there = (struct sockaddr *)&remote;
  int size = sizeof local, far_size = sizeof remote;
  bool is_tcp = uv_handle_get_type(handle) == UV_TCP;
  int status = is_tcp ? uv_tcp_getsockname((const uv_tcp_t *)handle, here, &size)
                      : uv_udp_getsockname((const uv_udp_t *)handle, here, &size);
  int far = is_tcp ? uv_tcp_getpeername((const uv_tcp_t *)handle, there, &far_size)
                   : uv_udp_getpeername((const uv_udp_t *)handle, there, &far_size);
  set_endpoint(env, object, "localEndpoint", status, &local);
  set_endpoint(env, object, "remoteEndpoint", far, &remote);
}

// A path that libuv gave, or null when it has none.
static void set_path(napi_env env, napi_value object, const char *name, int failed,
                     const char *text, size_t size) {
  napi_value value;
  bool has = failed == 0 && size > 0;
  napi_status status =
      has ? napi_create_string_utf8(env, text, size, &value) : napi_get_null(env, &value);
  if (status == napi_ok) set(env, object, name, value);
}

static void describe_pipe(napi_env env, napi_value object, const uv_pipe_t *pipe) {
  char text[256]; // more than the longest name of a socket
  size_t size = sizeof text;
  int failed = uv_pipe_getsockname(pipe, text, &size);
  set_path(env, object, "localEndpoint", failed, text, size);
  size = sizeof text;
  failed = uv_pipe_getpeername(pipe, text, &size);
  set_path(env, object, "remoteEndpoint", failed, text, size);
}

static void describe_udp(napi_env env, napi_value object, const uv_udp_t *udp) {
  uv_os_fd_t fd;
  if (uv_fileno((const uv_handle_t *)udp, &fd) == 0) set_number(env, object, "fd", fd);
  set_number(env, object, "writeQueueSize", (double)uv_udp_get_send_queue_size(udp));
  set_number(env, object, "writeQueueCount", (double)uv_udp_get_send_queue_count(udp));
}

static void describe_watcher(napi_env env, napi_value object, uv_handle_t *handle) {
  char path[PATH_MAX];
  size_t size = sizeof path;
  int failed = uv_handle_get_type(handle) == UV_FS_EVENT
                   ? uv_fs_event_getpath((uv_fs_event_t *)handle, path, &size)
                   : uv_fs_poll_getpath((uv_fs_poll_t *)handle, path, &size);
  set_path(env, object, "filename", failed, path, size);
}

static void describe_stream(napi_env env, napi_value object, const uv_stream_t *stream) {
  uv_os_fd_t fd;
  if (uv_fileno((const uv_handle_t *)stream, &fd) == 0) set_number(env, object, "fd", fd);
  set_number(env, object, "writeQueueSize", (double)uv_stream_get_write_queue_size(stream));
  set_bool(env, object, "readable", uv_is_readable(stream));
  set_bool(env, object, "writable", uv_is_writable(stream));
  set_bool(env, object, "listening", stream->connection_cb != NULL);
}

static void describe(uv_handle_t *handle, void *data) {
  listing *all = data;
  napi_env env = all->env;
  napi_value object;
  if (uv_is_closing(handle) || napi_create_object(env, &object) != napi_ok) return;
  set_text(env, object, "type", uv_handle_type_name(uv_handle_get_type(handle)));
  set_bool(env, object, "is_active", uv_is_active(handle));
  set_bool(env, object, "is_referenced", uv_has_ref(handle));
  set_address(env, object, handle);
  switch (uv_handle_get_type(handle)) {
  case UV_TIMER:
    describe_timer(env, object, (uv_timer_t *)handle);
    break;
  case UV_UDP:
    describe_endpoints(env, object, handle);
    describe_udp(env, object, (uv_udp_t *)handle);
    break;
  case UV_FS_EVENT:
  case UV_FS_POLL:
    describe_watcher(env, object, handle);
    break;
  case UV_NAMED_PIPE:
    describe_pipe(env, object, (uv_pipe_t *)handle);
    describe_stream(env, object, (uv_stream_t *)handle);
    break;
  case UV_TCP:
    describe_endpoints(env, object, handle);
    describe_stream(env, object, (uv_stream_t *)handle);
    break;
  case UV_TTY:
    describe_stream(env, object, (uv_stream_t *)handle);
    break;
  case UV_PROCESS:
    set_number(env, object, "pid", uv_process_get_pid((uv_process_t *)handle));
    break;
  case UV_SIGNAL:
    set_number(env, object, "signum", ((uv_signal_t *)handle)->signum);
    break;
  default:
    break;
  }
  napi_set_element(env, all->list, all->count++, object);
}

// list(): of every handle its type, whether it is active and keeps the loop alive, and what there
// is to know of its kind; the loop itself is the last.
static napi_value list(napi_env env, napi_callback_info info) {
  (void)info;
  uv_loop_t *loop;
  napi_value itself;
  listing all = {env, NULL, 0};
  if (napi_get_uv_event_loop(env, &loop) != napi_ok ||
      napi_create_array(env, &all.list) != napi_ok || napi_create_object(env, &itself) != napi_ok)
    return NULL;
  uv_walk(loop, describe, &all);
  set_text(env, itself, "type", "loop");
  set_bool(env, itself, "is_active", uv_loop_alive(loop));
  set_address(env, itself, loop);
  set_number(env, itself, "loopIdleTimeSeconds", (double)uv_metrics_idle_time(loop) / 1e9);
  napi_set_element(env, all.list, all.count, itself);
  return all.list;
}

// objects(): the JavaScript objects of handles that may keep the loop alive.
static napi_value objects(napi_env env, napi_callback_info info) {
  (void)info;
  return ej_handle_objects(env);
}

static const napi_property_descriptor functions[] = {
    EJ_METHOD("list", list),
    EJ_METHOD("objects", objects),
};

napi_value ej_binding_loop_handles(napi_env env) {
  return ej_binding_of(env, sizeof functions / sizeof *functions, functions);
}
