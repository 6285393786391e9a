// SPDX-License-Identifier: Apache-2.0
//
// internalBinding('streams'): libuv's streams as objects. Written over Node-API.
#ifndef EJ_STREAMS_H
#define EJ_STREAMS_H

#include <node_api.h>

// A fresh object with the class `Pipe`. NULL with an exception pending when it cannot be made.
napi_value ej_binding_streams(napi_env env);

#endif
