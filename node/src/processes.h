// SPDX-License-Identifier: Apache-2.0
//
// internalBinding('processes'): child processes, beside this one or waited for. Written over
// Node-API.
#ifndef EJ_PROCESSES_H
#define EJ_PROCESSES_H

#include <node_api.h>

// A fresh object with the class `Process` and the function `spawnSync`. NULL with an exception
// pending.
napi_value ej_binding_processes(napi_env env);

// spawnSync(options), in spawn_sync.c.
napi_value ej_spawn_sync(napi_env env, napi_callback_info info);

#endif
