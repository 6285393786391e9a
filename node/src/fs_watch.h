// SPDX-License-Identifier: Apache-2.0
//
// internalBinding('fs_watch'): changes of files as callbacks of the event loop, by libuv's events
// and by its polling. Written over Node-API.
#ifndef EJ_FS_WATCH_H
#define EJ_FS_WATCH_H

#include <node_api.h>

// A fresh object with the functions. NULL with an exception pending when it cannot be made.
napi_value ej_binding_fs_watch(napi_env env);

#endif
