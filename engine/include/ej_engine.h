// SPDX-License-Identifier: Apache-2.0
//
// The second table: what an embedder needs and Node-API lacks. Everything outside engine/ sees an
// engine through Node-API and this header only.
#ifndef EJ_ENGINE_H
#define EJ_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <node_api.h>
#include <uv.h>

typedef struct ej_isolate ej_isolate;

// A broken invariant: says where and aborts. Never a fallback.
#define EJ_CHECK(condition)                                                                        \
  do {                                                                                             \
    if (!(condition)) ej_check_failed(#condition, __FILE__, __LINE__);                             \
  } while (0)
_Noreturn void ej_check_failed(const char *condition, const char *file, int line);

// The isolate's event loop. Owned by the isolate.
uv_loop_t *ej_isolate_loop(ej_isolate *isolate);

// False once the isolate terminates (process.exit, a limit) or is being freed: JavaScript must not
// be called.
bool ej_isolate_may_run(const ej_isolate *isolate);

// Head of the list of envs, newest first; the isolate owns one reference to each.
napi_env *ej_isolate_envs(ej_isolate *isolate);

// The env through which the project's own C code speaks Node-API on this isolate. Borrowed.
napi_env ej_isolate_root_env(ej_isolate *isolate);

// Runs `run(data)` once on the loop, after the current macrotask, in order; keeps the loop alive
// until then. At teardown what is left runs before the isolate is freed. Owner thread only.
void ej_isolate_defer(ej_isolate *isolate, void (*run)(void *data), void *data);

// Calls `run(env, data)` as the body of a macrotask: inside a handle scope, an exception left
// pending goes to 'uncaughtException', then ticks and promise jobs drain. Owner thread, from the
// loop.
void ej_env_call(napi_env env, void (*run)(napi_env env, void *data), void *data);

// True when the isolate may do `scope` ("fs.read", "child", …) with `resource`. Never throws.
bool ej_env_permits(napi_env env, const char *scope, const char *resource);

// The same; false leaves Node's ERR_ACCESS_DENIED pending.
bool ej_env_require_permission(napi_env env, const char *scope, const char *resource);

// An ArrayBuffer of `size` bytes whose contents are whatever the memory held. `may_move`: it can be
// transferred to another isolate. NULL with an exception pending.
napi_value ej_env_raw_arraybuffer(napi_env env, size_t size, bool may_move);

// The same over `memory` of malloc(), which is its from now on, even when it cannot be made. The
// memory goes with the object: finalizers of napi_create_external_arraybuffer wait for the loop.
napi_value ej_env_own_arraybuffer(napi_env env, void *memory, size_t size, bool may_move);

// napi_create_external whose finalizer runs when the value dies, not on the loop: it may call
// nothing but node_api_basic_* functions.
napi_status ej_create_basic_external(napi_env env, void *data, node_api_basic_finalize finalize,
                                     napi_value *result);

// A function as builtins are: no constructor, without `prototype`, and with `length`. It holds
// `keeps` as an object holds the value of a property. NULL with an exception pending.
napi_value ej_env_function(napi_env env, napi_value name, uint32_t length, napi_callback callback,
                           void *data, napi_value keeps);
// What the function of a call, made by ej_env_function, keeps.
napi_value ej_callback_keeps(napi_callback_info info);
// The data of such a function with that callback; NULL for every other value.
void *ej_env_function_data(napi_env env, napi_value value, napi_callback callback);

// True when what runs has to end: a limit is reached, or somebody stopped the isolate. For natives
// that run for long.
bool ej_env_must_stop(napi_env env);
// Leaves an exception pending that no JavaScript catches, after ej_env_must_stop.
void ej_env_throw_stop(napi_env env);
// True when the pending exception is of that kind.
bool ej_env_is_stopping(napi_env env);

// Counts memory that JavaScript uses outside of its heap. False, and nothing is counted, when it is
// more than the isolate may have.
bool ej_env_take_memory(napi_env env, size_t size);
void ej_env_give_memory(napi_env env, size_t size);
// The most that it may be; 0 for no limit.
size_t ej_env_memory_limit(napi_env env);

// Code that was compiled out of some bytes, kept in files of the user's own
// (engine/src/code_files.c). One for each `variant` of it. Made on the isolate's thread, NULL when
// nothing is kept; then any one thread may have it.
typedef struct ej_code_file ej_code_file;
ej_code_file *ej_code_file_new(napi_env env, const uint8_t *source, size_t size);
void ej_code_file_free(ej_code_file *file);
// A file that this user's edgejs wrote and nobody altered, with 16 bytes more than were given: the
// caller closes it. -1 when there is none.
int ej_code_file_open(const ej_code_file *file, int variant);
// A folder that cannot be written to is no error.
void ej_code_file_write(const ej_code_file *file, int variant, const uint8_t *bytes, size_t size);
void ej_code_file_remove(const ej_code_file *file, int variant);

// The runtime is about to abort, on whatever thread: whoever made the isolates may still say why.
void ej_host_fatal(const char *message);

// Hands `error` to 'uncaughtException' (or ends the program as Node does).
void ej_env_uncaught(napi_env env, napi_value error);

// A callback scope: the outermost one drains ticks and promise jobs when it closes. Closing with
// an exception pending leaves it pending and drains nothing.
void ej_callback_scope_open(ej_isolate *isolate);
void ej_callback_scope_close(ej_isolate *isolate);

// What internal/async_hooks registered to hear of natives' resources (its last lines say how each
// is called); NULL until somebody loads it.
typedef enum ej_async_event {
  EJ_ASYNC_INIT,
  EJ_ASYNC_ENTER,
  EJ_ASYNC_LEAVE,
  EJ_ASYNC_DESTROY,
  EJ_ASYNC_EVENTS
} ej_async_event;
napi_value ej_async_listener(ej_isolate *isolate, ej_async_event event);

// Enters a frame of AsyncLocalStorage and returns the one before; NULL stands for none.
napi_value ej_exchange_frame(ej_isolate *isolate, napi_value frame);

// References and finalizers that are still alive when `env` is torn down: strong ones first lose
// their hold, then every finalizer runs once, newest first. Called by ej_env_teardown.
void ej_env_finalize_references(napi_env env);

#endif
