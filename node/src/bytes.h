// SPDX-License-Identifier: Apache-2.0
//
// internalBinding('bytes'): what Buffer, TextEncoder and TextDecoder need of bytes. Written over
// Node-API, so it knows no engine.
#ifndef EJ_BYTES_H
#define EJ_BYTES_H

#include <node_api.h>

// A fresh object with the functions. NULL with an exception pending when it cannot be made.
napi_value ej_binding_bytes(napi_env env);

#endif
