// SPDX-License-Identifier: Apache-2.0
//
// ArrayBuffer, with memory of its own or of the native's, and what SharedArrayBuffer shares with
// it. Node: src/js_native_api_v8.cc; the fate of external memory as in src/node_buffer.cc
// (CallbackInfo).
#include "napi_internal.h"

#include <malloc.h>
#include <stdatomic.h>
#include <stdlib.h>

// --- Reading ------------------------------------------------------------------------------------

bool ej_is_shared_array_buffer(ej_isolate *isolate, JSValueConst value) {
  return JS_GetClassID(value) == isolate->napi->shared_array_buffer;
}

bool ej_is_any_array_buffer(ej_isolate *isolate, JSValueConst value) {
  return JS_IsArrayBuffer(value) || ej_is_shared_array_buffer(isolate, value);
}

bool ej_array_buffer_bytes(JSContext *ctx, JSValueConst buffer, uint8_t **data, size_t *size) {
  JSValue pending = ej_set_aside(ctx);
  *data = JS_GetArrayBuffer(ctx, size, buffer);
  bool attached = !JS_HasException(ctx);
  ej_put_back(ctx, pending);
  return attached;
}

napi_status ej_napi_is_arraybuffer(napi_env env, napi_value value, bool *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, result);
  *result = JS_IsArrayBuffer(ej_value(value));
  return ej_clear_error(env);
}

napi_status ej_node_api_is_sharedarraybuffer(napi_env env, napi_value value, bool *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, result);
  *result = ej_is_shared_array_buffer(env->isolate, ej_value(value));
  return ej_clear_error(env);
}

napi_status ej_napi_get_arraybuffer_info(napi_env env, napi_value arraybuffer, void **data,
                                         size_t *byte_length) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, arraybuffer);
  JSValueConst buffer = ej_value(arraybuffer);
  RETURN_STATUS_IF_FALSE(env, ej_is_any_array_buffer(env->isolate, buffer), napi_invalid_arg);
  uint8_t *bytes;
  size_t size;
  ej_array_buffer_bytes(env->isolate->ctx, buffer, &bytes, &size);
  if (data != NULL) *data = bytes;
  if (byte_length != NULL) *byte_length = size;
  return ej_clear_error(env);
}

napi_status ej_napi_is_detached_arraybuffer(napi_env env, napi_value value, bool *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, result);
  uint8_t *data;
  size_t size;
  *result = JS_IsArrayBuffer(ej_value(value)) &&
            !ej_array_buffer_bytes(env->isolate->ctx, ej_value(value), &data, &size);
  return ej_clear_error(env);
}

napi_status ej_napi_detach_arraybuffer(napi_env env, napi_value arraybuffer) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, arraybuffer);
  JSValueConst buffer = ej_value(arraybuffer);
  RETURN_STATUS_IF_FALSE(env, JS_IsArrayBuffer(buffer), napi_arraybuffer_expected);
  RETURN_STATUS_IF_FALSE(env, JS_IsImmutableArrayBuffer(buffer) == 0,
                         napi_detachable_arraybuffer_expected);
  JS_DetachArrayBuffer(env->isolate->ctx, buffer);
  return ej_clear_error(env);
}

// --- Making -------------------------------------------------------------------------------------

napi_status ej_napi_create_arraybuffer(napi_env env, size_t byte_length, void **data,
                                       napi_value *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, result);
  JSContext *ctx = env->isolate->ctx;
  JSValue buffer = JS_NewArrayBufferCopy(ctx, NULL, byte_length); // nothing to copy: zeros
  CHECK_VALUE_WITH_PREAMBLE(env, buffer, napi_generic_failure);
  if (data != NULL) *data = JS_GetArrayBuffer(ctx, &byte_length, buffer);
  *result = ej_handle(env->isolate, buffer);
  return napi_ok;
}

// The engine lets go of the memory (size 0), or asks for another size, which natives cannot give.
static void *release_external(JSRuntime *rt, void *memory, void *data, size_t size) {
  (void)rt;
  (void)data;
  if (size == 0) ej_memory_release(memory);
  return NULL;
}

// No memory to show: V8 makes a detached buffer, and Node calls the finalizer soon.
static JSValue detached_buffer(JSContext *ctx, ej_reference *memory) {
  JSValue buffer = JS_NewArrayBufferCopy(ctx, NULL, 0);
  if (JS_IsException(buffer)) return buffer;
  JS_DetachArrayBuffer(ctx, buffer);
  if (memory != NULL) ej_memory_release(memory);
  return buffer;
}

JSValue ej_external_array_buffer(napi_env env, void *data, size_t length,
                                 node_api_basic_finalize finalize_cb, void *hint) {
  ej_isolate *isolate = env->isolate;
  JSContext *ctx = isolate->ctx;
  ej_reference *memory = NULL;
  if (finalize_cb != NULL) {
    memory = ej_memory_new(env, finalize_cb, data, hint);
    if (memory == NULL) return JS_EXCEPTION;
  }
  JSValue buffer;
  if (data == NULL)
    buffer = detached_buffer(ctx, memory);
  else
    buffer = JS_NewArrayBuffer(ctx, data, length, 0, memory == NULL ? NULL : release_external,
                               memory, false);
  // As in Node: the native's memory does not go to another isolate.
  if (!JS_IsException(buffer))
    JS_DefinePropertyValue(ctx, buffer, isolate->hidden[EJ_HIDDEN_UNTRANSFERABLE], JS_TRUE, 0);
  if (memory == NULL || data == NULL) return buffer;
  if (JS_IsException(buffer)) {
    ej_reference_delete(isolate, memory);
  } else if (!ej_memory_shown_by(memory, buffer)) {
    JS_FreeValue(ctx, buffer); // gives the memory back through its finalizer
    return JS_EXCEPTION;
  }
  return buffer;
}

// One freed piece of the size that Buffer's pools have waits for the next: programs that make many
// small buffers would have the system map and clear its pages again and again. Of the process.
enum { POOL_SIZE = 64 * 1024 };
static _Atomic(void *) spare_pool;
static char is_pool;

void *ej_raw_memory(JSRuntime *rt, void *kind, void *memory, size_t size) {
  ej_isolate *isolate = JS_GetRuntimeOpaque(rt);
  size_t before = malloc_usable_size(memory);
  if (size != 0) { // on its way to another buffer, as a pool of Buffer's never is
    void *moved = kind == &is_pool ? NULL : realloc(memory, size);
    if (moved == NULL) return NULL;
    isolate->outside += malloc_usable_size(moved) - before;
    return moved;
  }
  ej_outside_give(isolate, before);
  free(kind == &is_pool ? atomic_exchange(&spare_pool, memory) : memory);
  return NULL;
}

napi_value ej_env_raw_arraybuffer(napi_env env, size_t size, bool may_move) {
  void *memory = size == POOL_SIZE ? atomic_exchange(&spare_pool, NULL) : NULL;
  if (memory == NULL) memory = malloc(size == 0 ? 1 : size);
  return ej_env_own_arraybuffer(env, memory, size, may_move);
}

napi_value ej_env_own_arraybuffer(napi_env env, void *memory, size_t size, bool may_move) {
  ej_isolate *isolate = env->isolate;
  JSContext *ctx = isolate->ctx;
  void *kind = size == POOL_SIZE && !may_move ? &is_pool : NULL;
  size_t usable = malloc_usable_size(memory);
  bool fits = memory != NULL && ej_outside_take(isolate, usable);
  JSValue buffer = fits ? JS_NewArrayBuffer(ctx, memory, size, 0, ej_raw_memory, kind, false)
                        : JS_ThrowRangeError(ctx, "Array buffer allocation failed");
  if (JS_IsException(buffer)) {
    if (fits) ej_outside_give(isolate, usable);
    free(memory);
    return NULL;
  }
  if (!may_move)
    JS_DefinePropertyValue(ctx, buffer, isolate->hidden[EJ_HIDDEN_UNTRANSFERABLE], JS_TRUE, 0);
  return ej_handle(isolate, buffer);
}

napi_status ej_napi_create_external_arraybuffer(napi_env env, void *external_data,
                                                size_t byte_length,
                                                node_api_basic_finalize finalize_cb,
                                                void *finalize_hint, napi_value *result) {
  NAPI_PREAMBLE(env);
  JSValue buffer =
      ej_external_array_buffer(env, external_data, byte_length, finalize_cb, finalize_hint);
  if (JS_IsException(buffer)) return ej_set_error(env, napi_generic_failure);
  napi_value handle = ej_handle(env->isolate, buffer);
  if (result != NULL) *result = handle; // Node does not insist on it
  return napi_ok;
}
