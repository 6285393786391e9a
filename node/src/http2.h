// SPDX-License-Identifier: Apache-2.0
//
// internalBinding('http2'): nghttp2's sessions as a class. Written over Node-API.
#ifndef EJ_HTTP2_H
#define EJ_HTTP2_H

#include <node_api.h>

// { Session, errorString }. NULL with an exception pending when it cannot be made.
napi_value ej_binding_http2(napi_env env);

#endif
