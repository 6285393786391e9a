// SPDX-License-Identifier: Apache-2.0
//
// internalBinding('udp'): libuv's UDP sockets as objects. Written over Node-API.
#ifndef EJ_UDP_H
#define EJ_UDP_H

#include <node_api.h>

// A fresh object with the class `UDP`. NULL with an exception pending when it cannot be made.
napi_value ej_binding_udp(napi_env env);

#endif
