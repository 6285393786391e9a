// SPDX-License-Identifier: Apache-2.0
//
// internalBinding('serdes'): the writer and the reader behind the module `v8`, as two kinds of
// native object. What is no plain data goes to methods of the JavaScript object they serve: its
// `_writeHostObject`, `_readHostObject`, `_getSharedArrayBufferId`, `_getDataCloneError`.
// Node: src/node_serdes.cc.
#include "serialize.h"

#include <stdlib.h>

typedef struct serializer {
  ej_encoder encoder; // its data is the object it serves, borrowed while a value is written
} serializer;

typedef struct deserializer {
  ej_decoder decoder;
  uint8_t *bytes; // a copy: a script may detach what it gave
} deserializer;

// --- Hooks --------------------------------------------------------------------------------------

// A method of the served object; JS_UNDEFINED when it has none.
static JSValue method_of(JSContext *ctx, JSValueConst object, const char *name) {
  JSValue method = JS_GetPropertyStr(ctx, object, name);
  if (JS_IsException(method) || JS_IsFunction(ctx, method)) return method;
  JS_FreeValue(ctx, method);
  return JS_UNDEFINED;
}

static void refuse(ej_encoder *encoder, const char *text) {
  JSContext *ctx = encoder->isolate->ctx;
  JSValueConst served = *(JSValue *)encoder->data;
  JSValue method = method_of(ctx, served, "_getDataCloneError");
  JSValue message = JS_NewString(ctx, text), error = JS_EXCEPTION;
  if (JS_IsUndefined(method))
    JS_ThrowPlainError(ctx, "%s", text);
  else if (!JS_IsException(method))
    error = JS_Call(ctx, method, served, 1, (JSValueConst *)&message);
  if (!JS_IsException(error)) JS_Throw(ctx, error);
  JS_FreeValue(ctx, message);
  JS_FreeValue(ctx, method);
}

// Objects of native code; and views, when DefaultSerializer wants to write them itself.
static bool is_host(ej_encoder *encoder, JSValueConst object, bool known) {
  ej_isolate *isolate = encoder->isolate;
  JSClassID class = JS_GetClassID(object);
  if (!known) return class == isolate->classes.external || class == isolate->classes.python;
  return encoder->views_are_hosts && (JS_GetTypedArrayType(object) >= 0 || JS_IsDataView(object));
}

static int write_host(ej_encoder *encoder, JSValueConst object, bool known) {
  JSContext *ctx = encoder->isolate->ctx;
  JSValueConst served = *(JSValue *)encoder->data;
  if (!is_host(encoder, object, known)) return 0;
  JSValue method = method_of(ctx, served, "_writeHostObject");
  if (JS_IsException(method)) return -1;
  if (JS_IsUndefined(method)) return 0;
  ej_encode_tag(encoder, WIRE_HOST_OBJECT);
  JSValue result = JS_Call(ctx, method, served, 1, &object);
  JS_FreeValue(ctx, method);
  int status = JS_IsException(result) ? -1 : 1;
  JS_FreeValue(ctx, result);
  return status;
}

static int64_t write_shared(ej_encoder *encoder, JSValueConst buffer) {
  JSContext *ctx = encoder->isolate->ctx;
  JSValueConst served = *(JSValue *)encoder->data;
  JSValue method = method_of(ctx, served, "_getSharedArrayBufferId");
  if (JS_IsUndefined(method)) return ej_encode_refuse(encoder, buffer);
  if (JS_IsException(method)) return -1;
  JSValue id = JS_Call(ctx, method, served, 1, &buffer);
  JS_FreeValue(ctx, method);
  uint32_t number;
  if (JS_IsException(id) || JS_ToUint32(ctx, &number, id) < 0) return -1;
  JS_FreeValue(ctx, id);
  return number;
}

static const ej_encoder_hooks encoder_hooks = {write_host, write_shared, refuse};

static JSValue read_host(ej_decoder *decoder) {
  JSContext *ctx = decoder->isolate->ctx;
  JSValueConst served = *(JSValue *)decoder->data;
  JSValue method = method_of(ctx, served, "_readHostObject");
  if (JS_IsException(method)) return method;
  if (JS_IsUndefined(method)) return JS_ThrowPlainError(ctx, "Unable to deserialize cloned data.");
  JSValue object = JS_Call(ctx, method, served, 0, NULL);
  JS_FreeValue(ctx, method);
  if (JS_IsException(object) || JS_IsObject(object)) return object;
  JS_FreeValue(ctx, object);
  return JS_ThrowTypeError(ctx, "readHostObject must return an object");
}

static const ej_decoder_hooks decoder_hooks = {read_host, ej_decode_transferred};

// --- Native objects -----------------------------------------------------------------------------

static void serializer_finalizer(JSRuntime *rt, JSValueConst object) {
  ej_isolate *isolate = JS_GetRuntimeOpaque(rt);
  serializer *self = JS_GetOpaque(object, isolate->classes.serializer);
  if (self == NULL) return;
  ej_encoder_free(&self->encoder);
  free(self);
}

static void mark_all(JSRuntime *rt, const JSValue *values, uint32_t count, JS_MarkFunc *mark) {
  for (uint32_t i = 0; i < count; i++) JS_MarkValue(rt, values[i], mark);
}

static void serializer_mark(JSRuntime *rt, JSValueConst object, JS_MarkFunc *mark) {
  ej_isolate *isolate = JS_GetRuntimeOpaque(rt);
  const serializer *self = JS_GetOpaque(object, isolate->classes.serializer);
  if (self == NULL) return;
  mark_all(rt, self->encoder.objects, self->encoder.count, mark);
  mark_all(rt, self->encoder.transferred, self->encoder.transferred_count, mark);
}

static void deserializer_finalizer(JSRuntime *rt, JSValueConst object) {
  ej_isolate *isolate = JS_GetRuntimeOpaque(rt);
  deserializer *self = JS_GetOpaque(object, isolate->classes.deserializer);
  if (self == NULL) return;
  ej_decoder_free(&self->decoder);
  free(self->bytes);
  free(self);
}

static void deserializer_mark(JSRuntime *rt, JSValueConst object, JS_MarkFunc *mark) {
  ej_isolate *isolate = JS_GetRuntimeOpaque(rt);
  const deserializer *self = JS_GetOpaque(object, isolate->classes.deserializer);
  if (self == NULL) return;
  mark_all(rt, self->decoder.objects, self->decoder.count, mark);
  mark_all(rt, self->decoder.transferred, self->decoder.transferred_count, mark);
}

static const JSClassDef serializer_class = {"Serializer", .finalizer = serializer_finalizer,
                                            .gc_mark = serializer_mark};
static const JSClassDef deserializer_class = {"Deserializer", .finalizer = deserializer_finalizer,
                                              .gc_mark = deserializer_mark};

// --- Writing ------------------------------------------------------------------------------------

static JSValue create_serializer(JSContext *ctx, JSValueConst this_val, int argc,
                                 JSValueConst *argv) {
  (void)this_val, (void)argc, (void)argv;
  ej_isolate *isolate = ej_isolate_of(ctx);
  JSValue object = JS_NewObjectClass(ctx, isolate->classes.serializer);
  if (JS_IsException(object)) return object;
  serializer *self = calloc(1, sizeof *self);
  EJ_CHECK(self != NULL);
  ej_encoder_init(&self->encoder, isolate, &encoder_hooks, NULL);
  JS_SetOpaque(object, self);
  return object;
}

// Only internal/serdes calls these functions, always with a native object first.
static ej_encoder *encoder_of(JSContext *ctx, JSValueConst object) {
  serializer *self = JS_GetOpaque(object, ej_isolate_of(ctx)->classes.serializer);
  EJ_CHECK(self != NULL);
  return &self->encoder;
}

static JSValue write_header(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  ej_encode_header(encoder_of(ctx, argv[0]));
  return JS_UNDEFINED;
}

// writeValue(serializer, served, value)
static JSValue write_value(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  ej_encoder *encoder = encoder_of(ctx, argv[0]);
  JSValue served = JS_DupValue(ctx, argv[1]);
  void *outer = encoder->data; // a host object may write values in the middle of one
  encoder->data = &served;
  if (outer == NULL) encoder->stack = __builtin_frame_address(0);
  bool ok = ej_encode(encoder, argv[2]);
  encoder->data = outer;
  JS_FreeValue(ctx, served);
  return ok ? JS_TRUE : JS_EXCEPTION;
}

static JSValue write_uint32(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  uint32_t number;
  if (JS_ToUint32(ctx, &number, argv[1]) < 0) return JS_EXCEPTION;
  ej_encode_varint(encoder_of(ctx, argv[0]), number);
  return JS_UNDEFINED;
}

// writeUint64(serializer, high, low)
static JSValue write_uint64(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  uint32_t high, low;
  if (JS_ToUint32(ctx, &high, argv[1]) < 0 || JS_ToUint32(ctx, &low, argv[2]) < 0)
    return JS_EXCEPTION;
  ej_encode_varint(encoder_of(ctx, argv[0]), (uint64_t)high << 32 | low);
  return JS_UNDEFINED;
}

static JSValue write_double(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  double number;
  if (JS_ToFloat64(ctx, &number, argv[1]) < 0) return JS_EXCEPTION;
  ej_encode_double(encoder_of(ctx, argv[0]), number);
  return JS_UNDEFINED;
}

static JSValue write_raw_bytes(JSContext *ctx, JSValueConst this_val, int argc,
                               JSValueConst *argv) {
  (void)this_val, (void)argc;
  ej_view view;
  if (!ej_look_into_view(ej_isolate_of(ctx), argv[1], &view))
    return JS_ThrowTypeError(ctx, "source must be a TypedArray or a DataView");
  ej_encode_bytes(encoder_of(ctx, argv[0]), view.data, view.byte_length);
  JS_FreeValue(ctx, view.buffer);
  return JS_UNDEFINED;
}

static JSValue set_views_as_hosts(JSContext *ctx, JSValueConst this_val, int argc,
                                  JSValueConst *argv) {
  (void)this_val, (void)argc;
  encoder_of(ctx, argv[0])->views_are_hosts = JS_ToBool(ctx, argv[1]) > 0;
  return JS_UNDEFINED;
}

// writeTransfer(serializer, id, buffer)
static JSValue write_transfer(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  uint32_t id;
  if (JS_ToUint32(ctx, &id, argv[1]) < 0) return JS_EXCEPTION;
  ej_encode_transfer(encoder_of(ctx, argv[0]), argv[2], id);
  return JS_UNDEFINED;
}

// release(serializer): what was written, as a Uint8Array.
static JSValue release(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  size_t size;
  uint8_t *bytes = ej_encoder_take(encoder_of(ctx, argv[0]), &size);
  JSValue array = JS_NewUint8ArrayCopy(ctx, bytes, size);
  free(bytes);
  return array;
}

// --- Reading ------------------------------------------------------------------------------------

static JSValue create_deserializer(JSContext *ctx, JSValueConst this_val, int argc,
                                   JSValueConst *argv) {
  (void)this_val, (void)argc;
  ej_isolate *isolate = ej_isolate_of(ctx);
  ej_view view;
  if (!ej_look_into_view(isolate, argv[0], &view))
    return JS_ThrowTypeError(ctx, "buffer must be a TypedArray or a DataView");
  JSValue object = JS_NewObjectClass(ctx, isolate->classes.deserializer);
  if (!JS_IsException(object)) {
    deserializer *self = calloc(1, sizeof *self);
    EJ_CHECK(self != NULL);
    self->bytes = malloc(view.byte_length + 1);
    EJ_CHECK(self->bytes != NULL);
    if (view.byte_length != 0) memcpy(self->bytes, view.data, view.byte_length);
    ej_decoder_init(&self->decoder, isolate, &decoder_hooks, NULL, self->bytes, view.byte_length);
    JS_SetOpaque(object, self);
  }
  JS_FreeValue(ctx, view.buffer);
  return object;
}

static ej_decoder *decoder_of(JSContext *ctx, JSValueConst object) {
  deserializer *self = JS_GetOpaque(object, ej_isolate_of(ctx)->classes.deserializer);
  EJ_CHECK(self != NULL);
  return &self->decoder;
}

static JSValue read_header(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  if (ej_decode_header(decoder_of(ctx, argv[0]))) return JS_TRUE;
  return JS_ThrowPlainError(
      ctx, "Unable to deserialize cloned data due to invalid or unsupported version.");
}

// readValue(deserializer, served)
static JSValue read_value(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  ej_decoder *decoder = decoder_of(ctx, argv[0]);
  JSValue served = JS_DupValue(ctx, argv[1]);
  void *outer = decoder->data;
  decoder->data = &served;
  if (outer == NULL) decoder->stack = __builtin_frame_address(0);
  JSValue value = ej_decode(decoder);
  decoder->data = outer;
  JS_FreeValue(ctx, served);
  return value;
}

static JSValue read_uint32(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  uint64_t number;
  if (!ej_decode_varint(decoder_of(ctx, argv[0]), &number))
    return JS_ThrowPlainError(ctx, "ReadUint32() failed");
  return JS_NewUint32(ctx, (uint32_t)number);
}

// readUint64(deserializer): [high, low]
static JSValue read_uint64(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  uint64_t number;
  if (!ej_decode_varint(decoder_of(ctx, argv[0]), &number))
    return JS_ThrowPlainError(ctx, "ReadUint64() failed");
  JSValue halves[] = {JS_NewUint32(ctx, (uint32_t)(number >> 32)),
                      JS_NewUint32(ctx, (uint32_t)number)};
  return JS_NewArrayFrom(ctx, 2, halves);
}

static JSValue read_double(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  double number;
  if (!ej_decode_double(decoder_of(ctx, argv[0]), &number))
    return JS_ThrowPlainError(ctx, "ReadDouble() failed");
  return JS_NewFloat64(ctx, number);
}

// readRawBytes(deserializer, size): where they begin in what it was made of.
static JSValue read_raw_bytes(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  ej_decoder *decoder = decoder_of(ctx, argv[0]);
  int64_t size;
  const uint8_t *bytes;
  if (JS_ToInt64(ctx, &size, argv[1]) < 0) return JS_EXCEPTION;
  if (size < 0 || !ej_decode_bytes(decoder, (size_t)size, &bytes))
    return JS_ThrowPlainError(ctx, "ReadRawBytes() failed");
  return JS_NewInt64(ctx, bytes - decoder->start);
}

static JSValue wire_version(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  return JS_NewUint32(ctx, decoder_of(ctx, argv[0])->version);
}

// readTransfer(deserializer, id, buffer)
static JSValue read_transfer(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  uint32_t id;
  if (JS_ToUint32(ctx, &id, argv[1]) < 0) return JS_EXCEPTION;
  ej_decode_transfer(decoder_of(ctx, argv[0]), id, argv[2]);
  return JS_UNDEFINED;
}

// --- The binding --------------------------------------------------------------------------------

static const JSCFunctionListEntry functions[] = {
    JS_CFUNC_DEF("createSerializer", 0, create_serializer),
    JS_CFUNC_DEF("writeHeader", 1, write_header),
    JS_CFUNC_DEF("writeValue", 3, write_value),
    JS_CFUNC_DEF("writeUint32", 2, write_uint32),
    JS_CFUNC_DEF("writeUint64", 3, write_uint64),
    JS_CFUNC_DEF("writeDouble", 2, write_double),
    JS_CFUNC_DEF("writeRawBytes", 2, write_raw_bytes),
    JS_CFUNC_DEF("writeTransfer", 3, write_transfer),
    JS_CFUNC_DEF("setViewsAsHosts", 2, set_views_as_hosts),
    JS_CFUNC_DEF("release", 1, release),
    JS_CFUNC_DEF("createDeserializer", 1, create_deserializer),
    JS_CFUNC_DEF("readHeader", 1, read_header),
    JS_CFUNC_DEF("readValue", 2, read_value),
    JS_CFUNC_DEF("readUint32", 1, read_uint32),
    JS_CFUNC_DEF("readUint64", 1, read_uint64),
    JS_CFUNC_DEF("readDouble", 1, read_double),
    JS_CFUNC_DEF("readRawBytes", 2, read_raw_bytes),
    JS_CFUNC_DEF("readTransfer", 3, read_transfer),
    JS_CFUNC_DEF("wireVersion", 1, wire_version),
};

JSValue ej_binding_serdes(ej_isolate *isolate) {
  ej_classes *classes = &isolate->classes;
  JS_NewClassID(isolate->rt, &classes->serializer);
  JS_NewClassID(isolate->rt, &classes->deserializer);
  JS_NewClass(isolate->rt, classes->serializer, &serializer_class);
  JS_NewClass(isolate->rt, classes->deserializer, &deserializer_class);
  return EJ_BINDING_OBJECT(isolate->ctx, functions);
}
