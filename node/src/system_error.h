// SPDX-License-Identifier: Apache-2.0
//
// Node's form of a failed system call: `ENOENT: no such file or directory, open '/x'`, with its
// properties.
#ifndef EJ_SYSTEM_ERROR_H
#define EJ_SYSTEM_ERROR_H

#include <node_api.h>

// The error as a value. `status` is libuv's, which is negative; `path` may be NULL. NULL when it
// cannot be made.
napi_value ej_system_error(napi_env env, int status, const char *syscall, const char *path);

// Throws it.
void ej_throw_system_error(napi_env env, int status, const char *syscall, const char *path);

#endif
