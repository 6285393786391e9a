// SPDX-License-Identifier: Apache-2.0
#ifndef EJ_CONDENSE_H
#define EJ_CONDENSE_H

#include <node_api.h>

// A function of internalBinding('module_files'): see condense.c.
napi_value ej_condense(napi_env env, napi_callback_info info);

#endif
