// SPDX-License-Identifier: Apache-2.0
//
// Values as bytes: the encoding in which arguments and results cross between JavaScript and Python,
// all of a call in one message. The tags are listed in bridge.h; engine/message.py is the other
// end.
#include "bridge.h"

#include <stdlib.h>

#include "napi_internal.h"
#include "quickjs_more.h"

enum { MAX_DEPTH = 200 }; // deeper nesting crosses as a reference; it also ends cycles

// --- Writing -------------------------------------------------------------------------------------

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
  if (number == (int32_t)number) {
    put_header(bridge, EJ_TAG_SMALL, (uint32_t)(int32_t)number);
    return;
  }
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
  if (JS_IsArrayBuffer(value) || JS_GetTypedArrayType(value) >= 0 || JS_IsDataView(value))
    return EJ_KIND_BYTES;
  if (JS_IsMap(value)) return EJ_KIND_MAP;
  if (JS_IsSet(value)) return EJ_KIND_SET;
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

// One value on its way, with the collections in it that were met so far: a copy has each once, and
// may contain itself.
typedef struct writing {
  ej_isolate *isolate;
  ej_crossing crossing;
  int most; // levels of collections
  JSValue *met;
  uint32_t *buckets; // number in `met` + 1, by address; 0 when empty
  uint32_t count, capacity;
} writing;

static bool write_value(writing *out, JSValueConst value, int depth);

static uint32_t *bucket_of(const writing *out, const void *address) {
  uint32_t mask = out->capacity * 2 - 1;
  uint32_t at = (uint32_t)(((uintptr_t)address >> 4) * 0x9E3779B97F4A7C15u >> 32) & mask;
  while (out->buckets[at] != 0 && JS_VALUE_GET_PTR(out->met[out->buckets[at] - 1]) != address)
    at = (at + 1) & mask;
  return &out->buckets[at];
}

static void make_room(writing *out) {
  out->capacity = out->capacity ? out->capacity * 2 : 16;
  out->met = realloc(out->met, out->capacity * sizeof *out->met);
  free(out->buckets);
  out->buckets = calloc(out->capacity * 2, sizeof *out->buckets);
  EJ_CHECK(out->met != NULL && out->buckets != NULL);
  for (uint32_t i = 0; i < out->count; i++) *bucket_of(out, JS_VALUE_GET_PTR(out->met[i])) = i + 1;
}

// True when a copied collection was met before: it is referred to by its number. Those met are
// held: a getter must not free one whose address would then be another's.
static bool write_back(writing *out, JSValueConst value) {
  if (out->crossing != EJ_BY_COPY) return false;
  if (out->count == out->capacity) make_room(out);
  uint32_t *bucket = bucket_of(out, JS_VALUE_GET_PTR(value));
  if (*bucket != 0) {
    put_header(out->isolate->bridge, EJ_TAG_BACK, *bucket - 1);
    return true;
  }
  out->met[out->count++] = JS_DupValue(out->isolate->ctx, value);
  *bucket = out->count;
  return false;
}

static bool write_array(writing *out, JSValueConst array, int depth) {
  JSContext *ctx = out->isolate->ctx;
  int64_t length;
  if (JS_GetLength(ctx, array, &length) < 0) return false;
  put_header(out->isolate->bridge, EJ_TAG_ARRAY, (uint32_t)length);
  for (int64_t i = 0; i < length; i++) {
    JSValue element;
    if (ej_quickjs_element(array, (uint32_t)i, &element)) {
      element = JS_DupValue(ctx, element);
    } else {
      element = JS_GetPropertyInt64(ctx, array, i);
    }
    bool ok = !JS_IsException(element) && write_value(out, element, depth + 1);
    JS_FreeValue(ctx, element);
    if (!ok) return false;
  }
  return true;
}

static bool write_object(writing *out, JSValueConst object, int depth) {
  JSContext *ctx = out->isolate->ctx;
  JSPropertyEnum *keys;
  uint32_t count;
  if (JS_GetOwnPropertyNames(ctx, &keys, &count, object, JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY) < 0)
    return false;
  put_header(out->isolate->bridge, EJ_TAG_OBJECT, count);
  bool ok = true;
  for (uint32_t i = 0; ok && i < count; i++) {
    JSValue key = JS_AtomToString(ctx, keys[i].atom);
    JSValue value = JS_GetProperty(ctx, object, keys[i].atom);
    ok = !JS_IsException(value) && put_text(out->isolate, EJ_TAG_STRING, key) &&
         write_value(out, value, depth + 1);
    JS_FreeValue(ctx, key);
    JS_FreeValue(ctx, value);
  }
  JS_FreePropertyEnum(ctx, keys, count);
  return ok;
}

typedef struct gathered {
  JSValue *values;
  uint32_t count, capacity;
} gathered;

// forEach calls with (value, key).
static JSValue gather(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv,
                      int is_map, void *opaque) {
  (void)this_val, (void)argc;
  gathered *all = opaque;
  if (all->count + 2 > all->capacity) {
    all->capacity = all->capacity ? all->capacity * 2 : 16;
    all->values = realloc(all->values, all->capacity * sizeof *all->values);
    EJ_CHECK(all->values != NULL);
  }
  if (is_map) all->values[all->count++] = JS_DupValue(ctx, argv[1]);
  all->values[all->count++] = JS_DupValue(ctx, argv[0]);
  return JS_UNDEFINED;
}

// Keys of a Map and members of a Set have to be hashable in Python: objects stay references.
static bool write_entries(writing *out, JSValueConst collection, bool is_map, int depth) {
  ej_isolate *isolate = out->isolate;
  JSContext *ctx = isolate->ctx;
  JSValueConst for_each = ej_lazy_intrinsic(isolate, is_map ? EJ_MAP_FOR_EACH : EJ_SET_FOR_EACH);
  if (JS_IsException(for_each)) return false;
  gathered all = {0};
  JSValue callback = JS_NewCClosure(ctx, gather, "", NULL, 2, is_map, &all);
  JSValue result = JS_Call(ctx, for_each, collection, 1, (JSValueConst *)&callback);
  bool ok = !JS_IsException(result);
  JS_FreeValue(ctx, result);
  JS_FreeValue(ctx, callback);
  put_header(isolate->bridge, is_map ? EJ_TAG_MAP : EJ_TAG_SET, is_map ? all.count / 2 : all.count);
  for (uint32_t i = 0; i < all.count; i++) {
    bool hashed = !is_map || i % 2 == 0;
    ok = ok && write_value(out, all.values[i], hashed ? out->most : depth + 1);
    JS_FreeValue(ctx, all.values[i]);
  }
  free(all.values);
  return ok;
}

static bool is_plain_object(ej_isolate *isolate, JSValueConst value) {
  return JS_GetClassID(value) == isolate->classes.plain && !JS_IsFunction(isolate->ctx, value);
}

// False (nothing pending) when it is none, or no date that Python has.
static bool put_date(ej_isolate *isolate, JSValueConst value) {
  const double earliest = -62135596800000.0, latest = 253402300799999.0; // years 1 to 9999
  if (!JS_IsDate(value)) return false;
  double ms;
  JSValueConst get_time = ej_lazy_intrinsic(isolate, EJ_DATE_GET_TIME);
  JSValue time =
      JS_IsException(get_time) ? JS_EXCEPTION : JS_Call(isolate->ctx, get_time, value, 0, NULL);
  if (JS_IsException(time)) JS_FreeValue(isolate->ctx, JS_GetException(isolate->ctx));
  bool ok = JS_IsNumber(time) && JS_ToFloat64(isolate->ctx, &ms, time) == 0 && ms >= earliest &&
            ms <= latest;
  if (ok) put_double(isolate->bridge, EJ_TAG_DATE, ms);
  JS_FreeValue(isolate->ctx, time);
  return ok;
}

static bool write_collection(writing *out, JSValueConst value, int depth, bool *is_one) {
  bool is_array = JS_IsArray(value), is_map = JS_IsMap(value), is_set = JS_IsSet(value);
  bool by_copy = out->crossing == EJ_BY_COPY;
  *is_one = is_array || is_plain_object(out->isolate, value) || (by_copy && (is_map || is_set));
  if (!*is_one) return true;
  if (write_back(out, value)) return true;
  if (is_array) return write_array(out, value, depth);
  if (is_map || is_set) return write_entries(out, value, is_map, depth);
  return write_object(out, value, depth);
}

static bool write_object_like(writing *out, JSValueConst value, int depth) {
  ej_isolate *isolate = out->isolate;
  uint32_t number;
  if (ej_bridge_unwrap(isolate, value, &number)) {
    put_header(isolate->bridge, EJ_TAG_PYTHON, number);
    return true;
  }
  if (put_date(isolate, value)) return true;
  if (out->crossing != EJ_BY_REFERENCE && depth < out->most) {
    uint8_t *bytes;
    size_t size;
    bool is_collection;
    bool ok = write_collection(out, value, depth, &is_collection);
    if (is_collection) return ok;
    if (bytes_of(isolate, value, &bytes, &size)) {
      put_bytes(isolate->bridge, bytes, size, out->crossing);
      return true;
    }
  }
  return put_reference(isolate, value);
}

static bool put_bigint(ej_isolate *isolate, JSValueConst value) {
  JSValueConst to_string = ej_lazy_intrinsic(isolate, EJ_BIGINT_TO_STRING);
  if (JS_IsException(to_string)) return false;
  JSValueConst radix = JS_MKVAL(JS_TAG_INT, 16);
  JSValue digits = JS_Call(isolate->ctx, to_string, value, 1, &radix);
  bool ok = !JS_IsException(digits) && put_text(isolate, EJ_TAG_BIGINT, digits);
  JS_FreeValue(isolate->ctx, digits);
  return ok;
}

static bool write_value(writing *out, JSValueConst value, int depth) {
  ej_isolate *isolate = out->isolate;
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
    return put_bigint(isolate, value);
  case JS_TAG_SYMBOL:
    return put_reference(isolate, value);
  default:
    EJ_CHECK(JS_IsObject(value));
    return write_object_like(out, value, depth);
  }
}

size_t ej_message_begin(ej_isolate *isolate) { return isolate->bridge->out_size; }

bool ej_message_write(ej_isolate *isolate, JSValueConst value, ej_crossing crossing) {
  int asked = crossing == EJ_BY_COPY ? isolate->bridge->copy_depth : -1;
  writing out = {.isolate = isolate,
                 .crossing = crossing,
                 .most = asked >= 0 && asked < MAX_DEPTH ? asked : MAX_DEPTH};
  bool ok = write_value(&out, value, 0);
  for (uint32_t i = 0; i < out.count; i++) JS_FreeValue(isolate->ctx, out.met[i]);
  free(out.met);
  free(out.buckets);
  return ok;
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
  ej_message_write(isolate, from_python ? python : error, EJ_BY_REFERENCE);
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

// --- Reading -------------------------------------------------------------------------------------

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

static JSValue read_bigint(ej_isolate *isolate, ej_reader *reader, uint32_t count) {
  uint32_t negative;
  memcpy(&negative, take(reader, 8), sizeof negative);
  const char *bytes = take(reader, (size_t)count * 8);
  uint64_t *words = malloc((size_t)count * 8 + 8); // the message has them at any address
  EJ_CHECK(words != NULL);
  memcpy(words, bytes, (size_t)count * 8);
  JSValue value = ej_bigint_from_words(isolate, negative != 0, words, count);
  free(words);
  return value;
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
    if (JS_IsException(element) || ej_quickjs_append(isolate->ctx, array, i, element) < 0) {
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

static JSValue read_set(ej_isolate *isolate, ej_reader *reader, uint32_t count) {
  JSContext *ctx = isolate->ctx;
  JSValueConst constructor = ej_lazy_intrinsic(isolate, EJ_SET);
  JSValueConst add = ej_lazy_intrinsic(isolate, EJ_SET_ADD);
  JSValue set = JS_IsException(constructor) || JS_IsException(add)
                    ? JS_EXCEPTION
                    : JS_CallConstructor(ctx, constructor, 0, NULL);
  for (uint32_t i = 0; i < count && !JS_IsException(set); i++) {
    JSValue element = ej_message_read(isolate, reader);
    JSValue result = JS_EXCEPTION;
    if (!JS_IsException(element)) result = JS_Call(ctx, add, set, 1, (JSValueConst *)&element);
    JS_FreeValue(ctx, element);
    if (JS_IsException(result)) {
      JS_FreeValue(ctx, set);
      set = JS_EXCEPTION;
    }
    JS_FreeValue(ctx, result);
  }
  return set;
}

static JSValue read_memory(ej_isolate *isolate, ej_reader *reader, uint32_t number) {
  int32_t what[2];
  uint64_t where[2];
  memcpy(what, take(reader, sizeof what), sizeof what);
  memcpy(where, take(reader, sizeof where), sizeof where);
  return ej_memory_from_python(isolate, number, what[0], what[1] != 0,
                               (uint8_t *)(uintptr_t)where[0], where[1]);
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
  case EJ_TAG_SMALL:
    return JS_NewInt32(ctx, (int32_t)size);
  case EJ_TAG_SET:
    return read_set(isolate, reader, size);
  case EJ_TAG_MEMORY:
    return read_memory(isolate, reader, size);
  default:
    EJ_CHECK(!"a tag that engine/message.py does not write");
  }
}
