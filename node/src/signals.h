// SPDX-License-Identifier: Apache-2.0
//
// internalBinding('signals'): signals of the operating system as callbacks of the event loop, which
// they do not keep alive. Written over Node-API.
#ifndef EJ_SIGNALS_H
#define EJ_SIGNALS_H

#include <node_api.h>

// A fresh object with the functions. NULL with an exception pending when it cannot be made.
napi_value ej_binding_signals(napi_env env);

#endif
