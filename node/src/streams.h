// SPDX-License-Identifier: Apache-2.0
//
// internalBinding('streams'): libuv's streams as objects, the classes `Pipe` and `TCP`. Written
// over Node-API.
//
// Methods return 0 or a negative errno. What is read arrives at the object's method
// `onread(bytes, status)`, `bytes` undefined and `status` negative at the end (UV_EOF) or at an
// error. A connection that waits to be accepted is told to `onincoming(status)`.
#ifndef EJ_STREAMS_H
#define EJ_STREAMS_H

#include <node_api.h>

// A fresh object with the classes. NULL with an exception pending when it cannot be made.
napi_value ej_binding_streams(napi_env env);

#endif
