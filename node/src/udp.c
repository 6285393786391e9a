// SPDX-License-Identifier: Apache-2.0
//
// `UDP`: methods return 0 or a negative errno. What arrives goes to the object's method
// `ondatagram(bytes, from, status)`, `bytes` undefined at an error.
#include "udp.h"

#include <stdlib.h>
#include <string.h>

#include "addresses.h"
#include "bytes_internal.h"
#include "ej_engine.h"
#include "loop_handle.h"

enum { DATAGRAM_SIZE = 64 * 1024 };

// --- Opening -------------------------------------------------------------------------------------

// new UDP()
static napi_value new_udp(napi_env env, napi_callback_info info) {
  napi_value this;
  size_t count = 0;
  uv_loop_t *loop;
  if (napi_get_cb_info(env, info, &count, NULL, &this, NULL) != napi_ok ||
      napi_get_uv_event_loop(env, &loop) != napi_ok)
    return NULL;
  ej_handle *self = ej_handle_new(env, this, EJ_UDP);
  if (self == NULL) return NULL;
  uv_udp_init(loop, &self->uv.udp); // makes no socket yet, so it cannot fail
  ej_handle_opened(self);
  return this;
}

// open(fd): takes the socket over.
static napi_value open_fd(napi_env env, napi_callback_info info) {
  napi_value argument;
  int32_t fd;
  ej_handle *self = ej_handle_this(env, info, EJ_UDP, 1, &argument);
  if (self == NULL || napi_get_value_int32(env, argument, &fd) != napi_ok) return NULL;
  return ej_status(env, self->open ? uv_udp_open(&self->uv.udp, fd) : UV_EBADF);
}

// bind(address, port, flags)
static napi_value bind_(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  ej_address address;
  uint32_t flags = 0;
  ej_handle *self = ej_handle_this(env, info, EJ_UDP, 3, arguments);
  if (self == NULL) return NULL;
  int status = ej_address_read(env, arguments[0], arguments[1], &address);
  if (status != 0) return ej_status(env, status);
  napi_get_value_uint32(env, arguments[2], &flags);
  if (!ej_address_allowed(env, &address)) return NULL;
  if (!self->open) return ej_status(env, UV_EBADF);
  return ej_status(env, uv_udp_bind(&self->uv.udp, (struct sockaddr *)&address.storage, flags));
}

// connect(address, port)
static napi_value connect_(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  ej_address address;
  ej_handle *self = ej_handle_this(env, info, EJ_UDP, 2, arguments);
  if (self == NULL) return NULL;
  int status = ej_address_read(env, arguments[0], arguments[1], &address);
  if (status != 0) return ej_status(env, status);
  if (!ej_address_allowed(env, &address)) return NULL;
  if (!self->open) return ej_status(env, UV_EBADF);
  return ej_status(env, uv_udp_connect(&self->uv.udp, (struct sockaddr *)&address.storage));
}

static napi_value disconnect(napi_env env, napi_callback_info info) {
  ej_handle *self = ej_handle_this(env, info, EJ_UDP, 0, NULL);
  if (self == NULL) return NULL;
  return ej_status(env, self->open ? uv_udp_connect(&self->uv.udp, NULL) : UV_EBADF);
}

// --- Receiving -----------------------------------------------------------------------------------

// Where all datagrams of a thread go: each is copied before anything else happens.
static _Thread_local char arrived[DATAGRAM_SIZE];

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
  (void)handle, (void)suggested;
  *buffer = uv_buf_init(arrived, DATAGRAM_SIZE);
}

typedef struct datagram {
  ssize_t size; // negative: an errno
  const char *bytes;
  const struct sockaddr *from;
} datagram;

static size_t datagram_arguments(napi_env env, napi_value *arguments, const void *data) {
  const datagram *got = data;
  void *copy;
  int status = got->size < 0 ? (int)got->size : 0;
  napi_get_undefined(env, &arguments[0]);
  napi_get_undefined(env, &arguments[1]);
  if (status == 0) {
    napi_value from = ej_address_object(env, got->from);
    if (from == NULL || napi_create_buffer_copy(env, (size_t)got->size, got->bytes, &copy,
                                                &arguments[0]) != napi_ok)
      status = UV_ENOMEM;
    else
      arguments[1] = from;
  }
  arguments[2] = ej_status(env, status);
  return 3;
}

static void on_datagram(uv_udp_t *socket, ssize_t size, const uv_buf_t *buffer,
                        const struct sockaddr *from, unsigned flags) {
  (void)flags;
  ej_handle *self = socket->data;
  datagram got = {size, buffer->base, from};
  // Without an address nothing was there to be read.
  if ((size == 0 && from == NULL) || self->ending) return;
  ej_handle_call_method(self, "ondatagram", datagram_arguments, &got);
}

static napi_value receive_start(napi_env env, napi_callback_info info) {
  ej_handle *self = ej_handle_this(env, info, EJ_UDP, 0, NULL);
  if (self == NULL) return NULL;
  int status = self->open ? uv_udp_recv_start(&self->uv.udp, on_alloc, on_datagram) : UV_EBADF;
  return ej_status(env, status == UV_EALREADY ? 0 : status);
}

static napi_value receive_stop(napi_env env, napi_callback_info info) {
  ej_handle *self = ej_handle_this(env, info, EJ_UDP, 0, NULL);
  if (self == NULL) return NULL;
  return ej_status(env, self->open ? uv_udp_recv_stop(&self->uv.udp) : UV_EBADF);
}

// --- Sending -------------------------------------------------------------------------------------

static void on_sent(uv_udp_send_t *send, int status) {
  ej_request_finish((ej_request *)send, status);
}

// The parts of a datagram behind each other. NULL with an exception pending.
static ej_request *gather(ej_handle *self, napi_value list, napi_value callback, size_t *size) {
  napi_env env = self->env;
  uint32_t count;
  napi_value item;
  ej_bytes bytes;
  *size = 0;
  if (napi_get_array_length(env, list, &count) != napi_ok) return NULL;
  for (uint32_t i = 0; i < count; i++) {
    if (napi_get_element(env, list, i, &item) != napi_ok || !ej_bytes_of(env, item, &bytes))
      return NULL;
    *size += bytes.size;
  }
  ej_request *made = ej_request_new(self, callback, *size);
  if (made == NULL) {
    napi_throw_error(env, "ENOMEM", "no memory for a datagram");
    return NULL;
  }
  size_t at = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (napi_get_element(env, list, i, &item) != napi_ok || !ej_bytes_of(env, item, &bytes) ||
        bytes.size > *size - at) {
      ej_request_drop(made);
      return NULL;
    }
    if (bytes.size > 0) memcpy(made->bytes + at, bytes.data, bytes.size);
    at += bytes.size;
  }
  return made;
}

// 1 when `callback(status)` will tell, 0 when it is sent, or a negative errno.
static int send_now(ej_handle *self, ej_request *made, size_t size, const struct sockaddr *to) {
  uv_buf_t all = {made->bytes, size};
  if (!self->open) return UV_EBADF;
  int status = uv_udp_try_send(&self->uv.udp, &all, 1, to);
  if (status >= 0) return 0;
  if (status != UV_EAGAIN && status != UV_ENOSYS) return status;
  status = uv_udp_send(&made->uv.send, &self->uv.udp, &all, 1, to, on_sent);
  return status == 0 ? 1 : status;
}

// send(list, address, port, callback): `address` undefined on a connected socket.
static napi_value send_(napi_env env, napi_callback_info info) {
  napi_value arguments[4];
  napi_valuetype type;
  ej_address address;
  size_t size;
  ej_handle *self = ej_handle_this(env, info, EJ_UDP, 4, arguments);
  if (self == NULL || napi_typeof(env, arguments[1], &type) != napi_ok) return NULL;
  const struct sockaddr *to = NULL;
  if (type != napi_undefined) {
    int status = ej_address_read(env, arguments[1], arguments[2], &address);
    if (status != 0) return ej_status(env, status);
    if (!ej_address_allowed(env, &address)) return NULL;
    to = (struct sockaddr *)&address.storage;
  }
  ej_request *made = gather(self, arguments[0], arguments[3], &size);
  if (made == NULL) return NULL;
  int status = send_now(self, made, size, to);
  if (status != 1) ej_request_drop(made);
  return ej_status(env, status);
}

// --- Groups --------------------------------------------------------------------------------------

// An optional address as text: NULL when it is undefined.
static const char *text_of(napi_env env, napi_value value, char *text, size_t size) {
  size_t length;
  return napi_get_value_string_utf8(env, value, text, size, &length) == napi_ok ? text : NULL;
}

static napi_value set_membership(napi_env env, napi_callback_info info, uv_membership membership) {
  napi_value arguments[2];
  char group[EJ_ADDRESS_TEXT], interface[EJ_ADDRESS_TEXT];
  ej_handle *self = ej_handle_this(env, info, EJ_UDP, 2, arguments);
  if (self == NULL) return NULL;
  if (!self->open) return ej_status(env, UV_EBADF);
  if (text_of(env, arguments[0], group, sizeof group) == NULL) return ej_status(env, UV_EINVAL);
  const char *through = text_of(env, arguments[1], interface, sizeof interface);
  return ej_status(env, uv_udp_set_membership(&self->uv.udp, group, through, membership));
}

// addMembership(group, interface)
static napi_value add_membership(napi_env env, napi_callback_info info) {
  return set_membership(env, info, UV_JOIN_GROUP);
}

static napi_value drop_membership(napi_env env, napi_callback_info info) {
  return set_membership(env, info, UV_LEAVE_GROUP);
}

static napi_value set_source_membership(napi_env env, napi_callback_info info,
                                        uv_membership membership) {
  napi_value arguments[3];
  char source[EJ_ADDRESS_TEXT], group[EJ_ADDRESS_TEXT], interface[EJ_ADDRESS_TEXT];
  ej_handle *self = ej_handle_this(env, info, EJ_UDP, 3, arguments);
  if (self == NULL) return NULL;
  if (!self->open) return ej_status(env, UV_EBADF);
  if (text_of(env, arguments[0], source, sizeof source) == NULL ||
      text_of(env, arguments[1], group, sizeof group) == NULL)
    return ej_status(env, UV_EINVAL);
  const char *through = text_of(env, arguments[2], interface, sizeof interface);
  return ej_status(env,
                   uv_udp_set_source_membership(&self->uv.udp, group, through, source, membership));
}

// addSourceSpecificMembership(source, group, interface)
static napi_value add_source_membership(napi_env env, napi_callback_info info) {
  return set_source_membership(env, info, UV_JOIN_GROUP);
}

static napi_value drop_source_membership(napi_env env, napi_callback_info info) {
  return set_source_membership(env, info, UV_LEAVE_GROUP);
}

// --- Settings ------------------------------------------------------------------------------------

static napi_value set_number(napi_env env, napi_callback_info info, int (*set)(uv_udp_t *, int)) {
  napi_value argument;
  int32_t number;
  ej_handle *self = ej_handle_this(env, info, EJ_UDP, 1, &argument);
  if (self == NULL || napi_get_value_int32(env, argument, &number) != napi_ok) return NULL;
  return ej_status(env, self->open ? set(&self->uv.udp, number) : UV_EBADF);
}

static napi_value set_broadcast(napi_env env, napi_callback_info info) {
  return set_number(env, info, uv_udp_set_broadcast);
}

static napi_value set_ttl(napi_env env, napi_callback_info info) {
  return set_number(env, info, uv_udp_set_ttl);
}

static napi_value set_multicast_ttl(napi_env env, napi_callback_info info) {
  return set_number(env, info, uv_udp_set_multicast_ttl);
}

static napi_value set_multicast_loopback(napi_env env, napi_callback_info info) {
  return set_number(env, info, uv_udp_set_multicast_loop);
}

// setMulticastInterface(address)
static napi_value set_multicast_interface(napi_env env, napi_callback_info info) {
  napi_value argument;
  char interface[EJ_ADDRESS_TEXT];
  ej_handle *self = ej_handle_this(env, info, EJ_UDP, 1, &argument);
  if (self == NULL) return NULL;
  if (!self->open) return ej_status(env, UV_EBADF);
  const char *through = text_of(env, argument, interface, sizeof interface);
  return ej_status(env, uv_udp_set_multicast_interface(&self->uv.udp, through));
}

// bufferSize(size, isReceiving): sets it, or gets it when `size` is 0; a negative errno.
static napi_value buffer_size(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  int32_t size;
  bool is_receiving;
  ej_handle *self = ej_handle_this(env, info, EJ_UDP, 2, arguments);
  if (self == NULL || napi_get_value_int32(env, arguments[0], &size) != napi_ok ||
      napi_get_value_bool(env, arguments[1], &is_receiving) != napi_ok)
    return NULL;
  if (!self->open) return ej_status(env, UV_EBADF);
  int status = is_receiving ? uv_recv_buffer_size(&self->uv.handle, &size)
                            : uv_send_buffer_size(&self->uv.handle, &size);
  return ej_status(env, status == 0 ? size : status);
}

// --- What there is to know -----------------------------------------------------------------------

typedef int (*name_getter)(const uv_udp_t *handle, struct sockaddr *name, int *length);

// An address, or a negative errno.
static napi_value get_name(napi_env env, napi_callback_info info, name_getter get) {
  struct sockaddr_storage name = {0};
  int length = sizeof name;
  ej_handle *self = ej_handle_this(env, info, EJ_UDP, 0, NULL);
  if (self == NULL) return NULL;
  int status = self->open ? get(&self->uv.udp, (struct sockaddr *)&name, &length) : UV_EBADF;
  return status == 0 ? ej_address_object(env, (struct sockaddr *)&name) : ej_status(env, status);
}

static napi_value get_socket_name(napi_env env, napi_callback_info info) {
  return get_name(env, info, uv_udp_getsockname);
}

static napi_value get_peer_name(napi_env env, napi_callback_info info) {
  return get_name(env, info, uv_udp_getpeername);
}

static napi_value send_queue_size(napi_env env, napi_callback_info info) {
  ej_handle *self = ej_handle_this(env, info, EJ_UDP, 0, NULL);
  if (self == NULL) return NULL;
  return ej_number(env, self->open ? (double)uv_udp_get_send_queue_size(&self->uv.udp) : 0);
}

static napi_value send_queue_count(napi_env env, napi_callback_info info) {
  ej_handle *self = ej_handle_this(env, info, EJ_UDP, 0, NULL);
  if (self == NULL) return NULL;
  return ej_number(env, self->open ? (double)uv_udp_get_send_queue_count(&self->uv.udp) : 0);
}

// A negative errno when there is none.
static napi_value fd_of(napi_env env, napi_callback_info info) {
  uv_os_fd_t fd = UV_EBADF;
  ej_handle *self = ej_handle_this(env, info, EJ_UDP, 0, NULL);
  if (self == NULL) return NULL;
  if (self->open && uv_fileno(&self->uv.handle, &fd) != 0) fd = UV_EBADF;
  return ej_status(env, fd);
}

static const napi_property_descriptor members[] = {
    EJ_HANDLE_METHODS,
    EJ_METHOD("addMembership", add_membership),
    EJ_METHOD("addSourceSpecificMembership", add_source_membership),
    EJ_METHOD("bind", bind_),
    EJ_METHOD("bufferSize", buffer_size),
    EJ_METHOD("connect", connect_),
    EJ_METHOD("disconnect", disconnect),
    EJ_METHOD("dropMembership", drop_membership),
    EJ_METHOD("dropSourceSpecificMembership", drop_source_membership),
    EJ_METHOD("getpeername", get_peer_name),
    EJ_METHOD("getSendQueueCount", send_queue_count),
    EJ_METHOD("getSendQueueSize", send_queue_size),
    EJ_METHOD("getsockname", get_socket_name),
    EJ_METHOD("open", open_fd),
    EJ_METHOD("recvStart", receive_start),
    EJ_METHOD("recvStop", receive_stop),
    EJ_METHOD("send", send_),
    EJ_METHOD("setBroadcast", set_broadcast),
    EJ_METHOD("setMulticastInterface", set_multicast_interface),
    EJ_METHOD("setMulticastLoopback", set_multicast_loopback),
    EJ_METHOD("setMulticastTTL", set_multicast_ttl),
    EJ_METHOD("setTTL", set_ttl),
    EJ_GETTER("fd", fd_of),
};

napi_value ej_binding_udp(napi_env env) {
  napi_value binding, udp;
  if (napi_create_object(env, &binding) != napi_ok ||
      napi_define_class(env, "UDP", NAPI_AUTO_LENGTH, new_udp, NULL,
                        sizeof members / sizeof *members, members, &udp) != napi_ok ||
      napi_set_named_property(env, binding, "UDP", udp) != napi_ok)
    return NULL;
  return binding;
}
