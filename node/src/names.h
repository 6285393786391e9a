// SPDX-License-Identifier: Apache-2.0
//
// internalBinding('names'): what dns.lookup() and dns.lookupService() ask the system. Written over
// Node-API.
#ifndef EJ_NAMES_H
#define EJ_NAMES_H

#include <node_api.h>

// A fresh object with the functions. NULL with an exception pending when it cannot be made.
napi_value ej_binding_names(napi_env env);

#endif
