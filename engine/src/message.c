// SPDX-License-Identifier: Apache-2.0
//
// Values as bytes: the encoding in which arguments and results cross between JavaScript and Python,
// all of a call in one message. The tags are listed in bridge.h; engine/message.py is the other
// end.
#include "bridge.h"

#include <stdlib.h>

enum { MAX_DEPTH = 200 }; // deeper nesting crosses as a reference; it also ends cycles

// --- Writing
// ---------------------------------------------------------------------------------------------

static void reserve(struct ej_bridge *bridge, size_t more) {
  if (bridge->out_capacity - bridge->out_size >= more) return;
  size_t capacity = bridge->out_capacity ? bridge->out_capacity * 2 : 512;
  while (capacity - bridge->out_size < more) capacity *= 2;
  bridge->out = realloc(bridge->out, capacity);
  EJ_CHECK(bridge->out != NULL);
  bridge->out_capacity = capacity;
}

static void put(struct ej_bridge *bridge, const void *bytes, size_t size) {
  reserve(bridge, size);
  if (size != 0) memcpy(bridge->out + bridge->out_size, bytes, size);
  bridge->out_size += size;
}

static void put_header(struct ej_bridge *bridge, uint32_t tag, uint32_t size) {
  uint32_t header[2] = {tag, size};
  put(bridge, header, sizeof header);
}

static void put_double(struct ej_bridge *bridge, uint32_t tag, double number) {
  put_header(bridge, tag, 8);
  put(bridge, &number, 8);
}

static void put_int(struct ej_bridge *bridge, int64_t number) {
  put_header(bridge, EJ_TAG_INT, 8);
  put(bridge, &number, 8);
}

static bool put_text(ej_isolate *isolate, uint32_t tag, JSValueConst value) {
  size_t size;
  const char *text = JS_ToCStringLen(isolate->ctx, &size, value);
  if (text == NULL) return false;
  put_header(isolate->bridge, tag, (uint32_t)size);
  put(isolate->bridge, text, size);
  JS_FreeCString(isolate->ctx, text);
  return true;
}

static void put_number(struct ej_bridge *bridge, double number) {
  const double safe = 9007199254740991.0;
  bool integral = number >= -safe && number <= safe && number == (double)(int64_t)number;
  bool minus_zero = number == 0 && 1 / number < 0;
  if (integral && !minus_zero) {
    put_int(bridge, (int64_t)number);
  } else {
    put_double(bridge, EJ_TAG_DOUBLE, number);
  }
}

static uint32_t kind_of(ej_isolate *isolate, JSValueConst value) {
  if (JS_IsSymbol(value)) return EJ_KIND_SYMBOL;
  if (JS_IsFunction(isolate->ctx, value)) return EJ_KIND_FUNCTION;
  if (JS_IsArray(value)) return EJ_KIND_ARRAY;
  if (JS_IsPromise(value)) return EJ_KIND_PROMISE;
  if (JS_IsError(value)) return EJ_KIND_ERROR;
  if (JS_IsArrayBuffer(value) || JS_GetTypedArrayType(value) >= 0) return EJ_KIND_BYTES;
  return EJ_KIND_OBJECT;
}

static bool put_reference(ej_isolate *isolate, JSValueConst value) {
  uint32_t kind = kind_of(isolate, value);
  put_header(isolate->bridge, EJ_TAG_REFERENCE, ej_bridge_hold(isolate, value));
  put(isolate->bridge, &kind, sizeof kind);
  return true;
}

// The bytes behind an ArrayBuffer, a typed array or a DataView. False (nothing pending) for
// anything else.
static bool bytes_of(ej_isolate *isolate, JSValueConst value, uint8_t **bytes, size_t *size) {
  JSContext *ctx = isolate->ctx;
  size_t whole;
  if (JS_IsArrayBuffer(value)) {
    *bytes = JS_GetArrayBuffer(ctx, size, value);
  } else if (JS_GetTypedArrayType(value) >= 0 || JS_IsDataView(value)) {
    JSValue buffer = JS_GetPropertyStr(ctx, value, "buffer");
    JSValue offset = JS_GetPropertyStr(ctx, value, "byteOffset");
    JSValue length = JS_GetPropertyStr(ctx, value, "byteLength");
    int64_t start = 0, count = 0;
    *bytes = JS_GetArrayBuffer(ctx, &whole, buffer);
    if (*bytes != NULL && JS_ToInt64(ctx, &start, offset) == 0 &&
        JS_ToInt64(ctx, &count, length) == 0)
      *bytes += start;
    *size = (size_t)count;
    JS_FreeValue(ctx, buffer);
    JS_FreeValue(ctx, offset);
    JS_FreeValue(ctx, length);
  } else {
    return false;
  }
  // A detached or empty buffer has no address: it crosses as no bytes.
  if (*bytes == NULL) {
    JS_FreeValue(ctx, JS_GetException(ctx));
    *size = 0;
  }
  return true;
}

static void put_bytes(struct ej_bridge *bridge, const uint8_t *bytes, size_t size,
                      ej_crossing crossing) {
  if (crossing == EJ_BY_COPY) {
    put_header(bridge, EJ_TAG_BYTES, (uint32_t)size);
    put(bridge, bytes, size);
  } else {
    uint64_t view[] = {(uintptr_t)bytes, size};
    put_header(bridge, EJ_TAG_VIEW, sizeof view);
    put(bridge, view, sizeof view);
  }
}

static bool write_value(ej_isolate *isolate, JSValueConst value, ej_crossing crossing, int depth);

static bool write_array(ej_isolate *isolate, JSValueConst array, ej_crossing crossing, int depth) {
  int64_t length;
  if (JS_GetLength(isolate->ctx, array, &length) < 0) return false;
  put_header(isolate->bridge, EJ_TAG_ARRAY, (uint32_t)length);
  for (int64_t i = 0; i < length; i++) {
    JSValue element = JS_GetPropertyInt64(isolate->ctx, array, i);
    bool ok = !JS_IsException(element) && write_value(isolate, element, crossing, depth + 1);
    JS_FreeValue(isolate->ctx, element);
    if (!ok) return false;
  }
  return true;
}

static bool write_object(ej_isolate *isolate, JSValueConst object, ej_crossing crossing,
                         int depth) {
  JSContext *ctx = isolate->ctx;
  JSPropertyEnum *keys;
  uint32_t count;
  if (JS_GetOwnPropertyNames(ctx, &keys, &count, object, JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY) < 0)
    return false;
  put_header(isolate->bridge, EJ_TAG_OBJECT, count);
  bool ok = true;
  for (uint32_t i = 0; ok && i < count; i++) {
    JSValue key = JS_AtomToString(ctx, keys[i].atom);
    JSValue value = JS_GetProperty(ctx, object, keys[i].atom);
    ok = !JS_IsException(value) && put_text(isolate, EJ_TAG_STRING, key) &&
         write_value(isolate, value, crossing, depth + 1);
    JS_FreeValue(ctx, key);
    JS_FreeValue(ctx, value);
  }
  JS_FreePropertyEnum(ctx, keys, count);
  return ok;
}

static bool is_plain_object(ej_isolate *isolate, JSValueConst value) {
  return JS_GetClassID(value) == isolate->classes.plain && !JS_IsFunction(isolate->ctx, value);
}

static bool write_object_like(ej_isolate *isolate, JSValueConst value, ej_crossing crossing,
                              int depth) {
  struct ej_bridge *bridge = isolate->bridge;
  uint32_t number;
  if (ej_bridge_unwrap(isolate, value, &number)) {
    put_header(bridge, EJ_TAG_PYTHON, number);
    return true;
  }
  if (JS_IsDate(value)) {
    double ms;
    JSValue time = JS_GetPropertyStr(isolate->ctx, value, "getTime");
    JSValue result = JS_Call(isolate->ctx, time, value, 0, NULL);
    bool ok = JS_ToFloat64(isolate->ctx, &ms, result) == 0;
    JS_FreeValue(isolate->ctx, time);
    JS_FreeValue(isolate->ctx, result);
    if (ok) put_double(bridge, EJ_TAG_DATE, ms);
    return ok;
  }
  if (crossing != EJ_BY_REFERENCE && depth < MAX_DEPTH) {
    uint8_t *bytes;
    size_t size;
    if (JS_IsArray(value)) return write_array(isolate, value, crossing, depth);
    if (is_plain_object(isolate, value)) return write_object(isolate, value, crossing, depth);
    if (bytes_of(isolate, value, &bytes, &size)) {
      put_bytes(bridge, bytes, size, crossing);
      return true;
    }
  }
  return put_reference(isolate, value);
}

static bool write_value(ej_isolate *isolate, JSValueConst value, ej_crossing crossing, int depth) {
  struct ej_bridge *bridge = isolate->bridge;
  switch (JS_VALUE_GET_NORM_TAG(value)) {
  case JS_TAG_UNDEFINED:
    put_header(bridge, EJ_TAG_UNDEFINED, 0);
    return true;
  case JS_TAG_NULL:
    put_header(bridge, EJ_TAG_NULL, 0);
    return true;
  case JS_TAG_BOOL:
    put_header(bridge, JS_VALUE_GET_BOOL(value) ? EJ_TAG_TRUE : EJ_TAG_FALSE, 0);
    return true;
  case JS_TAG_INT:
    put_int(bridge, JS_VALUE_GET_INT(value));
    return true;
  case JS_TAG_FLOAT64:
    put_number(bridge, JS_VALUE_GET_FLOAT64(value));
    return true;
  case JS_TAG_STRING:
  case JS_TAG_STRING_ROPE:
    return put_text(isolate, EJ_TAG_STRING, value);
  case JS_TAG_BIG_INT:
  case JS_TAG_SHORT_BIG_INT:
    return put_text(isolate, EJ_TAG_BIGINT, value);
  case JS_TAG_SYMBOL:
    return put_reference(isolate, value);
  default:
    EJ_CHECK(JS_IsObject(value));
    return write_object_like(isolate, value, crossing, depth);
  }
}

size_t ej_message_begin(ej_isolate *isolate) { return isolate->bridge->out_size; }

bool ej_message_write(ej_isolate *isolate, JSValueConst value, ej_crossing crossing) {
  return write_value(isolate, value, crossing, 0);
}

// A property for the Python exception. Reading it may run a getter that throws: the exception being
// reported matters more, so such a property crosses as undefined.
static void write_property(ej_isolate *isolate, JSValueConst error, const char *name) {
  JSContext *ctx = isolate->ctx;
  JSValue value = JS_IsObject(error) ? JS_GetPropertyStr(ctx, error, name) : JS_UNDEFINED;
  if (JS_IsException(value)) JS_FreeValue(ctx, JS_GetException(ctx));
  if (!JS_IsString(value) || !put_text(isolate, EJ_TAG_STRING, value))
    put_header(isolate->bridge, EJ_TAG_UNDEFINED, 0);
  JS_FreeValue(ctx, value);
}

void ej_message_write_thrown(ej_isolate *isolate, JSValueConst error) {
  JSValue python = JS_IsObject(error)
                       ? JS_GetProperty(isolate->ctx, error, isolate->hidden[EJ_HIDDEN_PYTHON])
                       : JS_UNDEFINED;
  bool from_python = JS_IsObject(python);
  if (JS_IsException(python))
    JS_FreeValue(isolate->ctx, JS_GetException(isolate->ctx)); // a proxy's trap
  write_value(isolate, from_python ? python : error, EJ_BY_REFERENCE, 0);
  JS_FreeValue(isolate->ctx, python);
  write_property(isolate, error, "name");
  write_property(isolate, error, "message");
  write_property(isolate, error, "stack");
  write_property(isolate, error, "code");
}

void ej_message_end(ej_isolate *isolate, size_t start, int status, ej_message *message) {
  struct ej_bridge *bridge = isolate->bridge;
  *message = (ej_message){bridge->out + start, bridge->out_size - start, status,
                          bridge->dropped_count != 0};
  bridge->out_size = start;
}

// --- Reading
// ---------------------------------------------------------------------------------------------

static const char *take(ej_reader *reader, size_t size) {
  EJ_CHECK((size_t)(reader->end - reader->at) >= size); // our own Python wrote it
  const char *bytes = reader->at;
  reader->at += size;
  return bytes;
}

static double take_double(ej_reader *reader) {
  double number;
  memcpy(&number, take(reader, 8), 8);
  return number;
}

static JSValue read_int(ej_isolate *isolate, ej_reader *reader) {
  int64_t number;
  memcpy(&number, take(reader, 8), 8);
  return JS_NewInt64(isolate->ctx, number);
}

static JSValue read_bigint(ej_isolate *isolate, ej_reader *reader, uint32_t size) {
  JSContext *ctx = isolate->ctx;
  JSValue text = JS_NewStringLen(ctx, take(reader, size), size);
  JSValue global = JS_GetGlobalObject(ctx);
  JSValue convert = JS_GetPropertyStr(ctx, global, "BigInt");
  JSValue result = JS_Call(ctx, convert, JS_UNDEFINED, 1, (JSValueConst *)&text);
  JS_FreeValue(ctx, convert);
  JS_FreeValue(ctx, global);
  JS_FreeValue(ctx, text);
  return result;
}

// An ArrayBuffer over memory that Python keeps until the isolate is gone. It goes to no other one.
static JSValue read_view(ej_isolate *isolate, ej_reader *reader) {
  uint64_t view[2];
  memcpy(view, take(reader, sizeof view), sizeof view);
  JSContext *ctx = isolate->ctx;
  JSValue buffer =
      JS_NewArrayBuffer(ctx, (uint8_t *)(uintptr_t)view[0], view[1], 0, NULL, NULL, false);
  if (!JS_IsException(buffer))
    JS_DefinePropertyValue(ctx, buffer, isolate->hidden[EJ_HIDDEN_UNTRANSFERABLE], JS_TRUE, 0);
  return buffer;
}

static JSValue read_array(ej_isolate *isolate, ej_reader *reader, uint32_t count) {
  JSValue array = JS_NewArray(isolate->ctx);
  for (uint32_t i = 0; i < count; i++) {
    JSValue element = ej_message_read(isolate, reader);
    if (JS_IsException(element) ||
        JS_DefinePropertyValueUint32(isolate->ctx, array, i, element, JS_PROP_C_W_E) < 0) {
      JS_FreeValue(isolate->ctx, array);
      return JS_EXCEPTION;
    }
  }
  return array;
}

static JSValue read_object(ej_isolate *isolate, ej_reader *reader, uint32_t count) {
  JSContext *ctx = isolate->ctx;
  JSValue object = JS_NewObject(ctx);
  for (uint32_t i = 0; i < count; i++) {
    uint32_t header[2];
    memcpy(header, take(reader, sizeof header), sizeof header);
    EJ_CHECK(header[0] == EJ_TAG_STRING);
    JSAtom key = JS_NewAtomLen(ctx, take(reader, header[1]), header[1]);
    JSValue value = ej_message_read(isolate, reader);
    bool failed =
        JS_IsException(value) || JS_DefinePropertyValue(ctx, object, key, value, JS_PROP_C_W_E) < 0;
    JS_FreeAtom(ctx, key);
    if (failed) {
      JS_FreeValue(ctx, object);
      return JS_EXCEPTION;
    }
  }
  return object;
}

static JSValue read_python(ej_isolate *isolate, ej_reader *reader, uint32_t number) {
  uint32_t form, size;
  memcpy(&form, take(reader, sizeof form), sizeof form);
  memcpy(&size, take(reader, sizeof size), sizeof size);
  char name[128];
  const char *text = take(reader, size);
  size_t length = size < sizeof name ? size : sizeof name - 1;
  memcpy(name, text, length);
  name[length] = '\0';
  return ej_bridge_wrap(isolate, number, (int)form, name);
}

JSValue ej_message_read(ej_isolate *isolate, ej_reader *reader) {
  JSContext *ctx = isolate->ctx;
  uint32_t header[2];
  memcpy(header, take(reader, sizeof header), sizeof header);
  uint32_t size = header[1];
  switch (header[0]) {
  case EJ_TAG_UNDEFINED:
    return JS_UNDEFINED;
  case EJ_TAG_NULL:
    return JS_NULL;
  case EJ_TAG_FALSE:
    return JS_FALSE;
  case EJ_TAG_TRUE:
    return JS_TRUE;
  case EJ_TAG_INT:
    return read_int(isolate, reader);
  case EJ_TAG_DOUBLE:
    return JS_NewFloat64(ctx, take_double(reader));
  case EJ_TAG_STRING:
    return JS_NewStringLen(ctx, take(reader, size), size);
  case EJ_TAG_BYTES:
    return JS_NewUint8ArrayCopy(ctx, (const uint8_t *)take(reader, size), size);
  case EJ_TAG_BIGINT:
    return read_bigint(isolate, reader, size);
  case EJ_TAG_VIEW:
    return read_view(isolate, reader);
  case EJ_TAG_ARRAY:
    return read_array(isolate, reader, size);
  case EJ_TAG_OBJECT:
    return read_object(isolate, reader, size);
  case EJ_TAG_REFERENCE:
    return ej_bridge_held(isolate, size);
  case EJ_TAG_DATE:
    return JS_NewDate(ctx, take_double(reader));
  case EJ_TAG_PYTHON:
    return read_python(isolate, reader, size);
  case EJ_TAG_ERROR:
    return ej_bridge_error(isolate, size, ej_message_read(isolate, reader));
  case EJ_TAG_PROMISE:
    return ej_bridge_promise(isolate, size);
  default:
    EJ_CHECK(!"a tag that engine/message.py does not write");
  }
}
