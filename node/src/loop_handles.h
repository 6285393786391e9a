// SPDX-License-Identifier: Apache-2.0
//
// internalBinding('loop_handles'): what the event loop has, for reports and
// process.getActiveResourcesInfo().
#ifndef EJ_LOOP_HANDLES_H
#define EJ_LOOP_HANDLES_H

#include <node_api.h>

// A fresh object with the functions `list` and `objects`. NULL with an exception pending when it
// cannot be made.
napi_value ej_binding_loop_handles(napi_env env);

#endif
