// SPDX-License-Identifier: Apache-2.0
#include "addresses.h"

#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "ej_engine.h"

int ej_address_read(napi_env env, napi_value text, napi_value port, ej_address *address) {
  size_t length;
  int32_t number;
  if (napi_get_value_string_utf8(env, text, address->text, sizeof address->text, &length) !=
          napi_ok ||
      length + 1 == sizeof address->text || napi_get_value_int32(env, port, &number) != napi_ok)
    return UV_EINVAL;
  memset(&address->storage, 0, sizeof address->storage);
  if (strchr(address->text, ':') == NULL)
    return uv_ip4_addr(address->text, number, (struct sockaddr_in *)&address->storage);
  return uv_ip6_addr(address->text, number, (struct sockaddr_in6 *)&address->storage);
}

// An IPv6 address that is good in one zone only names it.
static void add_zone(const struct sockaddr_in6 *from, char *text, size_t size) {
  char name[IF_NAMESIZE];
  size_t length = strlen(text);
  if (from->sin6_scope_id == 0 || !IN6_IS_ADDR_LINKLOCAL(&from->sin6_addr)) return;
  if (if_indextoname(from->sin6_scope_id, name) != NULL)
    snprintf(text + length, size - length, "%%%s", name);
}

static int port_of(const struct sockaddr *from) {
  return ntohs(from->sa_family == AF_INET6 ? ((const struct sockaddr_in6 *)from)->sin6_port
                                           : ((const struct sockaddr_in *)from)->sin_port);
}

napi_value ej_address_object(napi_env env, const struct sockaddr *from) {
  char text[EJ_ADDRESS_TEXT];
  napi_value object, address, family, port;
  bool is_six = from->sa_family == AF_INET6;
  if (uv_ip_name(from, text, sizeof text) != 0) text[0] = '\0';
  if (is_six) add_zone((const struct sockaddr_in6 *)from, text, sizeof text);
  if (napi_create_object(env, &object) != napi_ok ||
      napi_create_string_latin1(env, text, NAPI_AUTO_LENGTH, &address) != napi_ok ||
      napi_create_string_latin1(env, is_six ? "IPv6" : "IPv4", 4, &family) != napi_ok ||
      napi_create_int32(env, port_of(from), &port) != napi_ok ||
      napi_set_named_property(env, object, "address", address) != napi_ok ||
      napi_set_named_property(env, object, "family", family) != napi_ok ||
      napi_set_named_property(env, object, "port", port) != napi_ok)
    return NULL;
  return object;
}

bool ej_address_allowed(napi_env env, const ej_address *address) {
  return ej_env_require_permission(env, "net", address->text);
}

bool ej_socket_allowed(napi_env env, const uv_tcp_t *socket) {
  struct sockaddr_storage name = {0};
  int length = sizeof name;
  char text[EJ_ADDRESS_TEXT] = "0.0.0.0";
  if (uv_tcp_getsockname(socket, (struct sockaddr *)&name, &length) == 0)
    uv_ip_name((struct sockaddr *)&name, text, sizeof text);
  return ej_env_require_permission(env, "net", text);
}
