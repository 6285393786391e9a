// SPDX-License-Identifier: Apache-2.0
//
// Typed arrays and DataView. Node: src/js_native_api_v8.cc.
#include "napi_internal.h"

#include "quickjs_more.h"

typedef struct ej_array_type {
  JSTypedArrayEnum engine;
  uint32_t element_size;
  const char *name;
} ej_array_type;

// Indexed by napi_typedarray_type.
static const ej_array_type array_types[] = {
    [napi_int8_array] = {JS_TYPED_ARRAY_INT8, 1, "Int8Array"},
    [napi_uint8_array] = {JS_TYPED_ARRAY_UINT8, 1, "Uint8Array"},
    [napi_uint8_clamped_array] = {JS_TYPED_ARRAY_UINT8C, 1, "Uint8ClampedArray"},
    [napi_int16_array] = {JS_TYPED_ARRAY_INT16, 2, "Int16Array"},
    [napi_uint16_array] = {JS_TYPED_ARRAY_UINT16, 2, "Uint16Array"},
    [napi_int32_array] = {JS_TYPED_ARRAY_INT32, 4, "Int32Array"},
    [napi_uint32_array] = {JS_TYPED_ARRAY_UINT32, 4, "Uint32Array"},
    [napi_float32_array] = {JS_TYPED_ARRAY_FLOAT32, 4, "Float32Array"},
    [napi_float64_array] = {JS_TYPED_ARRAY_FLOAT64, 8, "Float64Array"},
    [napi_bigint64_array] = {JS_TYPED_ARRAY_BIG_INT64, 8, "BigInt64Array"},
    [napi_biguint64_array] = {JS_TYPED_ARRAY_BIG_UINT64, 8, "BigUint64Array"},
    [napi_float16_array] = {JS_TYPED_ARRAY_FLOAT16, 2, "Float16Array"},
};
enum { ARRAY_TYPE_COUNT = sizeof(array_types) / sizeof(*array_types) };

static napi_typedarray_type array_type_of(int engine_type) {
  int type = 0;
  while ((int)array_types[type].engine != engine_type) type++;
  return (napi_typedarray_type)type;
}

// --- Looking inside -----------------------------------------------------------------------------

static bool get(ej_isolate *isolate, enum ej_lazy_intrinsic getter, JSValueConst object,
                JSValue *value) {
  JSValueConst function = ej_lazy_intrinsic(isolate, getter);
  *value =
      JS_IsException(function) ? JS_EXCEPTION : JS_Call(isolate->ctx, function, object, 0, NULL);
  return !JS_IsException(*value);
}

// A size that the engine keeps; 0 where it throws because the buffer is detached.
static size_t get_size(ej_isolate *isolate, enum ej_lazy_intrinsic getter, JSValueConst object) {
  JSValue value;
  int64_t size = 0;
  if (get(isolate, getter, object, &value)) JS_ToInt64(isolate->ctx, &size, value);
  return (size_t)size;
}

static void look_into_array(ej_isolate *isolate, JSValueConst array, ej_view *view) {
  JSContext *ctx = isolate->ctx;
  size_t element_size = 1;
  size_t byte_length = 0;
  view->offset = 0;
  view->buffer = JS_GetTypedArrayBuffer(ctx, array, &view->offset, &byte_length, &element_size);
  if (JS_IsException(view->buffer)) {
    view->length = view->byte_length = 0;
    get(isolate, EJ_ARRAY_BUFFER_OF, array, &view->buffer);
    return;
  }
  uint8_t *bytes;
  size_t available;
  ej_array_buffer_bytes(ctx, view->buffer, &bytes, &available);
  // What the engine says of an array that follows a resizable buffer is its length at birth.
  if (view->offset + byte_length != available)
    byte_length = get_size(isolate, EJ_ARRAY_LENGTH_OF, array) * element_size;
  view->byte_length = byte_length;
  view->length = byte_length / element_size;
}

static void look_into_data_view(ej_isolate *isolate, JSValueConst data_view, ej_view *view) {
  get(isolate, EJ_VIEW_BUFFER, data_view, &view->buffer);
  view->byte_length = view->length = get_size(isolate, EJ_VIEW_BYTE_LENGTH, data_view);
  view->offset = get_size(isolate, EJ_VIEW_BYTE_OFFSET, data_view);
}

bool ej_look_into_view(ej_isolate *isolate, JSValueConst value, ej_view *view) {
  JSContext *ctx = isolate->ctx;
  bool is_array = JS_GetTypedArrayType(value) >= 0;
  if (!is_array && !JS_IsDataView(value)) return false;
  JSValue pending = ej_set_aside(ctx);
  if (is_array)
    look_into_array(isolate, value, view);
  else
    look_into_data_view(isolate, value, view);
  ej_put_back(ctx, pending);
  if (JS_IsException(view->buffer)) view->buffer = JS_UNDEFINED; // out of memory
  uint8_t *bytes;
  size_t size;
  ej_array_buffer_bytes(ctx, view->buffer, &bytes, &size);
  view->data = bytes == NULL ? NULL : bytes + view->offset;
  return true;
}

static void give_view(napi_env env, ej_view *view, size_t length, size_t *length_result,
                      void **data, napi_value *arraybuffer, size_t *byte_offset) {
  if (length_result != NULL) *length_result = length;
  if (data != NULL) *data = ej_address(view->data);
  if (byte_offset != NULL) *byte_offset = view->offset;
  if (arraybuffer != NULL)
    *arraybuffer = ej_handle(env->isolate, view->buffer);
  else
    JS_FreeValue(env->isolate->ctx, view->buffer);
}

// --- Typed arrays -------------------------------------------------------------------------------

napi_status ej_napi_is_typedarray(napi_env env, napi_value value, bool *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, result);
  *result = JS_GetTypedArrayType(ej_value(value)) >= 0;
  return ej_clear_error(env);
}

static napi_status throw_range(napi_env env, const char *code, const char *message,
                               napi_status status) {
  ej_napi_throw_range_error(env, code, message);
  return ej_set_error(env, status);
}

static bool fits(size_t offset, size_t size, size_t available) {
  return offset <= available && size <= available - offset;
}

napi_status ej_napi_create_typedarray(napi_env env, napi_typedarray_type type, size_t length,
                                      napi_value arraybuffer, size_t byte_offset,
                                      napi_value *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, arraybuffer);
  CHECK_ARG(env, result);
  JSContext *ctx = env->isolate->ctx;
  JSValueConst buffer = ej_value(arraybuffer);
  RETURN_STATUS_IF_FALSE(env, ej_is_any_array_buffer(env->isolate, buffer), napi_invalid_arg);
  RETURN_STATUS_IF_FALSE(env, (unsigned)type < ARRAY_TYPE_COUNT, napi_invalid_arg);
  const ej_array_type *kind = &array_types[type];
  if (byte_offset % kind->element_size != 0) {
    char message[80];
    snprintf(message, sizeof(message), "start offset of %s should be a multiple of %u", kind->name,
             kind->element_size);
    return throw_range(env, "ERR_NAPI_INVALID_TYPEDARRAY_ALIGNMENT", message, napi_generic_failure);
  }
  uint8_t *bytes;
  size_t available;
  ej_array_buffer_bytes(ctx, buffer, &bytes, &available);
  if (length > SIZE_MAX / kind->element_size ||
      !fits(byte_offset, length * kind->element_size, available))
    return throw_range(env, "ERR_NAPI_INVALID_TYPEDARRAY_LENGTH", "Invalid typed array length",
                       napi_generic_failure);
  JSValueConst arguments[] = {buffer, JS_NewInt64(ctx, (int64_t)byte_offset),
                              JS_NewInt64(ctx, (int64_t)length)};
  JSValue array = JS_NewTypedArray(ctx, 3, arguments, kind->engine);
  CHECK_VALUE_WITH_PREAMBLE(env, array, napi_generic_failure);
  *result = ej_handle(env->isolate, array);
  return napi_ok;
}

napi_status ej_napi_get_typedarray_info(napi_env env, napi_value typedarray,
                                        napi_typedarray_type *type, size_t *length, void **data,
                                        napi_value *arraybuffer, size_t *byte_offset) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, typedarray);
  int engine_type = JS_GetTypedArrayType(ej_value(typedarray));
  RETURN_STATUS_IF_FALSE(env, engine_type >= 0, napi_invalid_arg);
  if (type != NULL) *type = array_type_of(engine_type);
  if (arraybuffer == NULL && byte_offset == NULL) { // what nearly everybody asks
    size_t count;
    uint8_t *bytes;
    ej_quickjs_typed_array(ej_value(typedarray), &count, &bytes);
    if (length != NULL) *length = count;
    if (data != NULL) *data = ej_address(bytes);
    return ej_clear_error(env);
  }
  ej_view view;
  ej_look_into_view(env->isolate, ej_value(typedarray), &view);
  give_view(env, &view, view.length, length, data, arraybuffer, byte_offset);
  return ej_clear_error(env);
}

// --- DataView -----------------------------------------------------------------------------------

napi_status ej_napi_is_dataview(napi_env env, napi_value value, bool *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, result);
  *result = JS_IsDataView(ej_value(value));
  return ej_clear_error(env);
}

napi_status ej_napi_create_dataview(napi_env env, size_t length, napi_value arraybuffer,
                                    size_t byte_offset, napi_value *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, arraybuffer);
  CHECK_ARG(env, result);
  JSContext *ctx = env->isolate->ctx;
  JSValueConst buffer = ej_value(arraybuffer);
  RETURN_STATUS_IF_FALSE(env, ej_is_any_array_buffer(env->isolate, buffer), napi_invalid_arg);
  uint8_t *bytes;
  size_t available;
  ej_array_buffer_bytes(ctx, buffer, &bytes, &available);
  if (!fits(byte_offset, length, available))
    return throw_range(
        env, "ERR_NAPI_INVALID_DATAVIEW_ARGS",
        "byte_offset + byte_length should be less than or equal to the size in bytes "
        "of the array passed in",
        napi_pending_exception);
  JSValueConst constructor = ej_lazy_intrinsic(env->isolate, EJ_DATA_VIEW);
  CHECK_VALUE_WITH_PREAMBLE(env, constructor, napi_generic_failure);
  JSValueConst arguments[] = {buffer, JS_NewInt64(ctx, (int64_t)byte_offset),
                              JS_NewInt64(ctx, (int64_t)length)};
  JSValue view = JS_CallConstructor(ctx, constructor, 3, arguments);
  CHECK_VALUE_WITH_PREAMBLE(env, view, napi_generic_failure);
  *result = ej_handle(env->isolate, view);
  return napi_ok;
}

napi_status ej_napi_get_dataview_info(napi_env env, napi_value dataview, size_t *bytelength,
                                      void **data, napi_value *arraybuffer, size_t *byte_offset) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, dataview);
  RETURN_STATUS_IF_FALSE(env, JS_IsDataView(ej_value(dataview)), napi_invalid_arg);
  ej_view view;
  ej_look_into_view(env->isolate, ej_value(dataview), &view);
  give_view(env, &view, view.byte_length, bytelength, data, arraybuffer, byte_offset);
  return ej_clear_error(env);
}
