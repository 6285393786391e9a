// SPDX-License-Identifier: Apache-2.0
//
// internalBinding('files'): the calls of `fs` that programs make most, each at once or on libuv's
// thread pool. Written over Node-API.
#ifndef EJ_FILES_H
#define EJ_FILES_H

#include <node_api.h>

// A fresh object with the functions. NULL with an exception pending when it cannot be made.
napi_value ej_binding_files(napi_env env);

#endif
