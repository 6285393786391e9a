// SPDX-License-Identifier: Apache-2.0
//
// internalBinding('environment'): reading the process's environment variables. In C because every
// start asks for a few of them; they are set through Python, whose os.environ must know. Written
// over Node-API.
#ifndef EJ_ENVIRONMENT_H
#define EJ_ENVIRONMENT_H

#include <node_api.h>

// A fresh object with the functions. NULL with an exception pending when it cannot be made.
napi_value ej_binding_environment(napi_env env);

#endif
