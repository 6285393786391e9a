// SPDX-License-Identifier: Apache-2.0
//
// Node's Buffer: a Uint8Array whose prototype is Buffer.prototype. Node: src/node_api.cc.
#include "napi_internal.h"

// The new.target that makes the engine's Uint8Array constructor give Buffers. Loads `buffer` if
// nothing has yet. JS_EXCEPTION if that fails. Borrowed.
static JSValueConst buffer_target(ej_isolate *isolate) {
  struct ej_napi *napi = isolate->napi;
  if (!JS_IsUndefined(napi->buffer_target)) return napi->buffer_target;
  JSContext *ctx = isolate->ctx;
  if (JS_IsUndefined(isolate->buffer_prototype)) {
    JSValue exports = ej_require_builtin(isolate, "buffer");
    if (JS_IsException(exports)) return exports;
    JS_FreeValue(ctx, exports);
    EJ_CHECK(JS_IsObject(isolate->buffer_prototype));
  }
  JSValue target = JS_NewObject(ctx);
  if (JS_IsException(target)) return target;
  if (JS_DefinePropertyValue(ctx, target, napi->atoms[EJ_ATOM_PROTOTYPE],
                             JS_DupValue(ctx, isolate->buffer_prototype), 0) < 0) {
    JS_FreeValue(ctx, target);
    return JS_EXCEPTION;
  }
  napi->buffer_target = target;
  return napi->buffer_target;
}

// A Buffer over part of `array_buffer`, which is consumed and may be JS_EXCEPTION.
static JSValue new_buffer(ej_isolate *isolate, JSValue array_buffer, size_t offset, size_t length) {
  JSContext *ctx = isolate->ctx;
  if (JS_IsException(array_buffer)) return array_buffer;
  JSValueConst target = buffer_target(isolate);
  JSValue buffer = JS_EXCEPTION;
  if (!JS_IsException(target)) {
    JSValueConst arguments[] = {array_buffer, JS_NewInt64(ctx, (int64_t)offset),
                                JS_NewInt64(ctx, (int64_t)length)};
    buffer =
        JS_CallConstructor2(ctx, isolate->napi->intrinsics[EJ_UINT8_ARRAY], target, 3, arguments);
  }
  JS_FreeValue(ctx, array_buffer);
  return buffer;
}

void *ej_engine_memory(JSRuntime *rt, void *opaque, void *data, size_t size) {
  (void)opaque;
  return js_realloc_rt(rt, data, size);
}

// Without initial content, as Node's. `data` receives its address.
static JSValue uninitialized_array_buffer(JSContext *ctx, size_t length, void **data) {
  // The engine's limit, told before the memory is asked for.
  if (length > INT32_MAX) return JS_ThrowRangeError(ctx, "Array buffer allocation failed");
  *data = js_malloc(ctx, length > 0 ? length : 1);
  if (*data == NULL) return JS_EXCEPTION;
  JSValue buffer = JS_NewArrayBuffer(ctx, *data, length, 0, ej_engine_memory, NULL, false);
  if (JS_IsException(buffer)) js_free(ctx, *data);
  return buffer;
}

static napi_status give_buffer(napi_env env, JSValue buffer, napi_value *result) {
  // As in Node, the status does not tell that an exception is pending.
  if (JS_IsException(buffer)) return ej_set_error(env, napi_generic_failure);
  *result = ej_handle(env->isolate, buffer);
  return napi_ok;
}

napi_status ej_napi_create_buffer(napi_env env, size_t length, void **data, napi_value *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, result);
  void *memory;
  JSValue array_buffer = uninitialized_array_buffer(env->isolate->ctx, length, &memory);
  STATUS_CALL(give_buffer(env, new_buffer(env->isolate, array_buffer, 0, length), result));
  if (data != NULL) *data = memory;
  return napi_ok;
}

napi_status ej_napi_create_buffer_copy(napi_env env, size_t length, const void *data,
                                       void **result_data, napi_value *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, result);
  void *memory;
  JSValue array_buffer = uninitialized_array_buffer(env->isolate->ctx, length, &memory);
  STATUS_CALL(give_buffer(env, new_buffer(env->isolate, array_buffer, 0, length), result));
  if (length > 0) memcpy(memory, data, length);
  if (result_data != NULL) *result_data = memory;
  return napi_ok;
}

uint8_t ej_no_memory;

static void *beyond_no_memory(JSRuntime *rt, void *opaque, void *data, size_t size) {
  if (data != &ej_no_memory) return ej_engine_memory(rt, opaque, data, size);
  return size == 0 ? NULL
                   : js_mallocz_rt(rt, size); // ArrayBuffer.prototype.transfer makes it larger
}

napi_status ej_napi_create_external_buffer(napi_env env, size_t length, void *data,
                                           node_api_basic_finalize finalize_cb, void *finalize_hint,
                                           napi_value *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, result);
  // First of all: nothing may fail once the finalizer is tied to the buffer.
  if (JS_IsException(buffer_target(env->isolate))) return ej_set_error(env, napi_generic_failure);
  JSValue array_buffer = ej_external_array_buffer(env, data, length, finalize_cb, finalize_hint);
  if (data == NULL && !JS_IsException(array_buffer)) {
    JS_FreeValue(env->isolate->ctx, array_buffer);
    // Empty. The NULL is given back, as in Node: addons have pointers in buffers.
    array_buffer =
        JS_NewArrayBuffer(env->isolate->ctx, &ej_no_memory, 0, 0, beyond_no_memory, NULL, false);
    length = 0;
  }
  return give_buffer(env, new_buffer(env->isolate, array_buffer, 0, length), result);
}

napi_status ej_node_api_create_buffer_from_arraybuffer(napi_env env, napi_value arraybuffer,
                                                       size_t byte_offset, size_t byte_length,
                                                       napi_value *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, arraybuffer);
  CHECK_ARG(env, result);
  JSContext *ctx = env->isolate->ctx;
  JSValueConst buffer = ej_value(arraybuffer);
  if (!JS_IsArrayBuffer(buffer)) return napi_invalid_arg; // Node notes no error here
  uint8_t *bytes;
  size_t available;
  ej_array_buffer_bytes(ctx, buffer, &bytes, &available);
  if (byte_offset > available || byte_length > available - byte_offset)
    return ej_napi_throw_range_error(env, "ERR_OUT_OF_RANGE",
                                     "The byte offset + length is out of range");
  return give_buffer(
      env, new_buffer(env->isolate, JS_DupValue(ctx, buffer), byte_offset, byte_length), result);
}

// Any view will do, as in Node.
napi_status ej_napi_is_buffer(napi_env env, napi_value value, bool *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, result);
  *result = JS_GetTypedArrayType(ej_value(value)) >= 0 || JS_IsDataView(ej_value(value));
  return ej_clear_error(env);
}

napi_status ej_napi_get_buffer_info(napi_env env, napi_value value, void **data, size_t *length) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, value);
  ej_view view;
  RETURN_STATUS_IF_FALSE(env, ej_look_into_view(env->isolate, ej_value(value), &view),
                         napi_invalid_arg);
  JS_FreeValue(env->isolate->ctx, view.buffer); // the view holds it
  if (data != NULL) *data = ej_address(view.data);
  if (length != NULL) *length = view.byte_length;
  return ej_clear_error(env);
}
