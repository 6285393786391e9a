// SPDX-License-Identifier: Apache-2.0
//
// What `internalBinding(name)` gives: an object of functions.
#ifndef EJ_BINDING_H
#define EJ_BINDING_H

#include <node_api.h>

// NULL with an exception pending.
napi_value ej_binding_of(napi_env env, size_t count, const napi_property_descriptor *functions);

#endif
