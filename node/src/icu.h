// SPDX-License-Identifier: Apache-2.0
//
// The C API of ICU, whose shared libraries are loaded when the first program asks for Intl.
#ifndef EJ_ICU_H
#define EJ_ICU_H

#include <node_api.h>

// load(path, version) opens the library with ICU's services; after it each function of
// icu_functions.h works, under its own name.
napi_value ej_binding_icu(napi_env env);

#endif
