// SPDX-License-Identifier: Apache-2.0
//
// What JavaScript says about a child process, as libuv wants it.
#ifndef EJ_SPAWN_OPTIONS_H
#define EJ_SPAWN_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include <node_api.h>
#include <uv.h>

// Reads { file, args, env, cwd, detached, uid, gid }: `args` with argv[0], `env` as 'NAME=value'
// strings; cwd, uid and gid may be missing. False with an exception pending; ej_spawn_options_free
// either way. `stdio` stays the caller's.
bool ej_spawn_options_read(napi_env env, napi_value object, uv_process_options_t *options);
void ej_spawn_options_free(uv_process_options_t *options);

// Members of an object. Each returns false, maybe with an exception pending, when it is not of that
// type.
bool ej_member(napi_env env, napi_value object, const char *name, napi_value *value);
bool ej_member_int(napi_env env, napi_value object, const char *name, int64_t *value);
bool ej_member_bool(napi_env env, napi_value object, const char *name);

void ej_set_int(napi_env env, napi_value object, const char *name, int64_t number);

#endif
