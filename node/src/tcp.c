// SPDX-License-Identifier: Apache-2.0
//
// `TCP`: a socket that listens or is connected.
#include <errno.h>

#include "addresses.h"
#include "stream_methods.h"

// new TCP()
static napi_value new_tcp(napi_env env, napi_callback_info info) {
  napi_value this;
  size_t count = 0;
  uv_loop_t *loop;
  if (napi_get_cb_info(env, info, &count, NULL, &this, NULL) != napi_ok ||
      napi_get_uv_event_loop(env, &loop) != napi_ok)
    return NULL;
  ej_handle *self = ej_handle_new(env, this, EJ_TCP);
  if (self == NULL) return NULL;
  uv_tcp_init(loop, &self->uv.tcp); // makes no socket yet, so it cannot fail
  ej_handle_opened(self);
  return this;
}

// open(fd): takes the socket over.
static napi_value open_fd(napi_env env, napi_callback_info info) {
  napi_value argument;
  int32_t fd;
  ej_handle *self = ej_handle_this(env, info, EJ_TCP, 1, &argument);
  if (self == NULL || napi_get_value_int32(env, argument, &fd) != napi_ok) return NULL;
  return ej_status(env, self->open ? uv_tcp_open(&self->uv.tcp, fd) : UV_EBADF);
}

// bind(address, port, flags)
static napi_value bind_(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  ej_address address;
  uint32_t flags = 0;
  ej_handle *self = ej_handle_this(env, info, EJ_TCP, 3, arguments);
  if (self == NULL) return NULL;
  int status = ej_address_read(env, arguments[0], arguments[1], &address);
  if (status != 0) return ej_status(env, status);
  napi_get_value_uint32(env, arguments[2], &flags);
  if (!ej_address_allowed(env, &address)) return NULL;
  if (!self->open) return ej_status(env, UV_EBADF);
  return ej_status(env, uv_tcp_bind(&self->uv.tcp, (struct sockaddr *)&address.storage, flags));
}

static int start_connecting(ej_handle *self, const ej_address *address, napi_value callback) {
  if (!self->open) return UV_EBADF;
  ej_request *made = ej_request_new(self, callback, 0);
  if (made == NULL) return UV_ENOMEM;
  int status = uv_tcp_connect(&made->uv.connect, &self->uv.tcp,
                              (const struct sockaddr *)&address->storage, ej_on_connected);
  if (status != 0) ej_request_drop(made);
  return status;
}

// connect(address, port, callback)
static napi_value connect_(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  ej_address address;
  ej_handle *self = ej_handle_this(env, info, EJ_TCP, 3, arguments);
  if (self == NULL) return NULL;
  int status = ej_address_read(env, arguments[0], arguments[1], &address);
  if (status != 0) return ej_status(env, status);
  if (!ej_address_allowed(env, &address)) return NULL;
  return ej_status(env, start_connecting(self, &address, arguments[2]));
}

typedef int (*name_getter)(const uv_tcp_t *handle, struct sockaddr *name, int *length);

// An address, or a negative errno.
static napi_value get_name(napi_env env, napi_callback_info info, name_getter get) {
  struct sockaddr_storage name = {0};
  int length = sizeof name;
  ej_handle *self = ej_handle_this(env, info, EJ_TCP, 0, NULL);
  if (self == NULL) return NULL;
  int status = self->open ? get(&self->uv.tcp, (struct sockaddr *)&name, &length) : UV_EBADF;
  return status == 0 ? ej_address_object(env, (struct sockaddr *)&name) : ej_status(env, status);
}

static napi_value get_socket_name(napi_env env, napi_callback_info info) {
  return get_name(env, info, uv_tcp_getsockname);
}

static napi_value get_peer_name(napi_env env, napi_callback_info info) {
  return get_name(env, info, uv_tcp_getpeername);
}

// setNoDelay(on)
static napi_value set_no_delay(napi_env env, napi_callback_info info) {
  napi_value argument;
  bool on = false;
  ej_handle *self = ej_handle_this(env, info, EJ_TCP, 1, &argument);
  if (self == NULL) return NULL;
  napi_get_value_bool(env, argument, &on);
  return ej_status(env, self->open ? uv_tcp_nodelay(&self->uv.tcp, on) : UV_EBADF);
}

// setKeepAlive(on, seconds)
static napi_value set_keep_alive(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  bool on = false;
  uint32_t seconds = 0;
  ej_handle *self = ej_handle_this(env, info, EJ_TCP, 2, arguments);
  if (self == NULL) return NULL;
  napi_get_value_bool(env, arguments[0], &on);
  napi_get_value_uint32(env, arguments[1], &seconds);
  return ej_status(env, self->open ? uv_tcp_keepalive(&self->uv.tcp, on, seconds) : UV_EBADF);
}

// Of the packets' headers: IPv4's type of service, IPv6's traffic class. 0 or a negative errno.
static int type_of_service(ej_handle *self, int *value, bool set) {
  struct sockaddr_storage name = {0};
  int length = sizeof name, fd;
  socklen_t size = sizeof *value;
  if (!self->open) return UV_EBADF;
  int status = uv_tcp_getsockname(&self->uv.tcp, (struct sockaddr *)&name, &length);
  if (status == 0) status = uv_fileno(&self->uv.handle, &fd);
  if (status != 0) return status;
  int level = name.ss_family == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP;
  int option = name.ss_family == AF_INET6 ? IPV6_TCLASS : IP_TOS;
  int failed = set ? setsockopt(fd, level, option, value, size)
                   : getsockopt(fd, level, option, value, &size);
  return failed == 0 ? 0 : uv_translate_sys_error(errno);
}

// setTypeOfService(value)
static napi_value set_type_of_service(napi_env env, napi_callback_info info) {
  napi_value argument;
  int32_t value;
  ej_handle *self = ej_handle_this(env, info, EJ_TCP, 1, &argument);
  if (self == NULL || napi_get_value_int32(env, argument, &value) != napi_ok) return NULL;
  return ej_status(env, type_of_service(self, &value, true));
}

// getTypeOfService(): the value, or a negative errno.
static napi_value get_type_of_service(napi_env env, napi_callback_info info) {
  int value = 0;
  ej_handle *self = ej_handle_this(env, info, EJ_TCP, 0, NULL);
  if (self == NULL) return NULL;
  int status = type_of_service(self, &value, false);
  return ej_status(env, status == 0 ? value : status);
}

// reset(callback): closes with RST.
static napi_value reset(napi_env env, napi_callback_info info) {
  napi_value callback;
  ej_handle *self = ej_handle_this(env, info, EJ_TCP, 1, &callback);
  if (self == NULL) return NULL;
  int status = self->open ? uv_tcp_close_reset(&self->uv.tcp, ej_handle_on_closed) : UV_EBADF;
  if (status == 0) ej_handle_closing(self, callback);
  return ej_status(env, status);
}

static const napi_property_descriptor members[] = {
    EJ_STREAM_METHODS,
    EJ_METHOD("bind", bind_),
    EJ_METHOD("connect", connect_),
    EJ_METHOD("getpeername", get_peer_name),
    EJ_METHOD("getsockname", get_socket_name),
    EJ_METHOD("getTypeOfService", get_type_of_service),
    EJ_METHOD("open", open_fd),
    EJ_METHOD("reset", reset),
    EJ_METHOD("setKeepAlive", set_keep_alive),
    EJ_METHOD("setNoDelay", set_no_delay),
    EJ_METHOD("setTypeOfService", set_type_of_service),
};

napi_value ej_tcp_class(napi_env env) {
  napi_value class = NULL;
  napi_define_class(env, "TCP", NAPI_AUTO_LENGTH, new_tcp, NULL, sizeof members / sizeof *members,
                    members, &class);
  return class;
}
