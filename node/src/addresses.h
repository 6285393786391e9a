// SPDX-License-Identifier: Apache-2.0
//
// Socket addresses, as text of JavaScript and as libuv wants them. Written over Node-API.
#ifndef EJ_ADDRESSES_H
#define EJ_ADDRESSES_H

#include <stdbool.h>

#include <node_api.h>
#include <uv.h>

enum { EJ_ADDRESS_TEXT = INET6_ADDRSTRLEN + 20 }; // with a zone

typedef struct ej_address {
  struct sockaddr_storage storage;
  char text[EJ_ADDRESS_TEXT]; // what JavaScript said, for the permission model
} ej_address;

// Reads an address, IPv4 or IPv6 by its form, and a port. 0 or UV_EINVAL.
int ej_address_read(napi_env env, napi_value text, napi_value port, ej_address *address);

// { address, family: 'IPv4', port }. NULL when it cannot be made.
napi_value ej_address_object(napi_env env, const struct sockaddr *from);

// True when this isolate may talk to `address`; false leaves the error pending.
bool ej_address_allowed(napi_env env, const ej_address *address);

// The same for what a socket is bound to: any address when it is bound to none yet.
bool ej_socket_allowed(napi_env env, const uv_tcp_t *socket);

#endif
