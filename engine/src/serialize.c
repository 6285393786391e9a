// SPDX-License-Identifier: Apache-2.0
//
// The writer of V8's wire format; serialize.h says what it is for.
#include "serialize.h"

#include <math.h>
#include <stdlib.h>

#include "quickjs_more.h"

const char ej_wire_views[] = {
    [JS_TYPED_ARRAY_UINT8C] = 'C',     [JS_TYPED_ARRAY_INT8] = 'b',
    [JS_TYPED_ARRAY_UINT8] = 'B',      [JS_TYPED_ARRAY_INT16] = 'w',
    [JS_TYPED_ARRAY_UINT16] = 'W',     [JS_TYPED_ARRAY_INT32] = 'd',
    [JS_TYPED_ARRAY_UINT32] = 'D',     [JS_TYPED_ARRAY_BIG_INT64] = 'q',
    [JS_TYPED_ARRAY_BIG_UINT64] = 'Q', [JS_TYPED_ARRAY_FLOAT16] = 'h',
    [JS_TYPED_ARRAY_FLOAT32] = 'f',    [JS_TYPED_ARRAY_FLOAT64] = 'F',
};

const char ej_wire_regexp_flags[] = "gimyusldv";

bool ej_wire_too_deep(ej_isolate *isolate, const char *start) {
  ptrdiff_t most = (ptrdiff_t)isolate->stack_size / 4;
  ptrdiff_t used = start - (const char *)__builtin_frame_address(0);
  if (used < most && used > -most) return false;
  JS_ThrowRangeError(isolate->ctx, "Maximum call stack size exceeded");
  return true;
}

// --- Bytes --------------------------------------------------------------------------------------

static uint8_t *reserve(ej_encoder *encoder, size_t more) {
  if (encoder->capacity - encoder->size < more) {
    size_t capacity = encoder->capacity ? encoder->capacity * 2 : 64;
    while (capacity - encoder->size < more) capacity *= 2;
    encoder->bytes = realloc(encoder->bytes, capacity);
    EJ_CHECK(encoder->bytes != NULL);
    encoder->capacity = capacity;
  }
  uint8_t *at = encoder->bytes + encoder->size;
  encoder->size += more;
  return at;
}

void ej_encode_tag(ej_encoder *encoder, uint8_t tag) { *reserve(encoder, 1) = tag; }

void ej_encode_varint(ej_encoder *encoder, uint64_t number) {
  for (; number >= 0x80; number >>= 7) ej_encode_tag(encoder, (uint8_t)(number | 0x80));
  ej_encode_tag(encoder, (uint8_t)number);
}

void ej_encode_bytes(ej_encoder *encoder, const void *bytes, size_t size) {
  if (size != 0) memcpy(reserve(encoder, size), bytes, size);
}

void ej_encode_double(ej_encoder *encoder, double number) {
  ej_encode_bytes(encoder, &number, sizeof number);
}

void ej_encode_header(ej_encoder *encoder) {
  ej_encode_tag(encoder, WIRE_VERSION);
  ej_encode_varint(encoder, EJ_WIRE_VERSION);
}

// --- The objects written so far -----------------------------------------------------------------

static uint32_t slot_of(const ej_encoder *encoder, const void *address) {
  uint64_t hash = ((uintptr_t)address >> 4) * 0x9E3779B97F4A7C15u;
  uint32_t slot = (uint32_t)(hash >> 32) & (encoder->table_size - 1);
  while (encoder->table[slot] != 0 &&
         JS_VALUE_GET_PTR(encoder->objects[encoder->table[slot] - 1]) != address)
    slot = (slot + 1) & (encoder->table_size - 1);
  return slot;
}

static void grow_table(ej_encoder *encoder) {
  encoder->table_size = encoder->table_size ? encoder->table_size * 2 : 16;
  free(encoder->table);
  encoder->table = calloc(encoder->table_size, sizeof *encoder->table);
  encoder->objects = realloc(encoder->objects, encoder->table_size * sizeof *encoder->objects);
  EJ_CHECK(encoder->table != NULL && encoder->objects != NULL);
  for (uint32_t i = 0; i < encoder->count; i++)
    encoder->table[slot_of(encoder, JS_VALUE_GET_PTR(encoder->objects[i]))] = i + 1;
}

static bool is_known(const ej_encoder *encoder, JSValueConst object) {
  return encoder->table_size != 0 &&
         encoder->table[slot_of(encoder, JS_VALUE_GET_PTR(object))] != 0;
}

// Writes a reference to an object that was there before; else gives it the next number.
static bool write_known(ej_encoder *encoder, JSValueConst object) {
  if (encoder->count * 2 >= encoder->table_size) grow_table(encoder);
  uint32_t slot = slot_of(encoder, JS_VALUE_GET_PTR(object));
  if (encoder->table[slot] != 0) {
    ej_encode_tag(encoder, WIRE_REFERENCE);
    ej_encode_varint(encoder, encoder->table[slot] - 1);
    return true;
  }
  encoder->objects[encoder->count] = JS_DupValue(encoder->isolate->ctx, object);
  encoder->table[slot] = ++encoder->count;
  return false;
}

void ej_encode_transfer(ej_encoder *encoder, JSValueConst buffer, uint32_t id) {
  uint32_t count = ++encoder->transferred_count;
  encoder->transferred = realloc(encoder->transferred, count * sizeof *encoder->transferred);
  encoder->transferred_ids =
      realloc(encoder->transferred_ids, count * sizeof *encoder->transferred_ids);
  EJ_CHECK(encoder->transferred != NULL && encoder->transferred_ids != NULL);
  encoder->transferred[count - 1] = JS_DupValue(encoder->isolate->ctx, buffer);
  encoder->transferred_ids[count - 1] = id;
}

// --- Refusals -----------------------------------------------------------------------------------

// What V8 calls a value in messages: the text of a function, else the class of an object.
static JSValue describe(ej_encoder *encoder, JSValueConst value) {
  JSContext *ctx = encoder->isolate->ctx;
  if (JS_IsFunction(ctx, value) && !JS_IsProxy(value)) return JS_ToString(ctx, value);
  if (JS_IsSymbol(value)) {
    JSValue description = JS_GetPropertyStr(ctx, value, "description");
    const char *text = JS_IsString(description) ? JS_ToCString(ctx, description) : NULL;
    char name[256];
    snprintf(name, sizeof name, "Symbol(%s)", text ? text : "");
    JS_FreeCString(ctx, text);
    JS_FreeValue(ctx, description);
    return JS_NewString(ctx, name);
  }
  JSValue constructor =
      JS_IsProxy(value) ? JS_UNDEFINED : JS_GetPropertyStr(ctx, value, "constructor");
  JSValue name =
      JS_IsObject(constructor) ? JS_GetPropertyStr(ctx, constructor, "name") : JS_UNDEFINED;
  if (JS_HasException(ctx))
    JS_FreeValue(ctx, JS_GetException(ctx)); // a getter: then it has no name
  const char *text = JS_IsString(name) ? JS_ToCString(ctx, name) : NULL;
  char shown[256];
  snprintf(shown, sizeof shown, "#<%s>", text && *text ? text : "Object");
  JS_FreeCString(ctx, text);
  JS_FreeValue(ctx, name);
  JS_FreeValue(ctx, constructor);
  return JS_NewString(ctx, shown);
}

int ej_encode_refuse(ej_encoder *encoder, JSValueConst value) {
  JSContext *ctx = encoder->isolate->ctx;
  JSValue described = describe(encoder, value);
  const char *text = JS_IsException(described) ? NULL : JS_ToCString(ctx, described);
  JS_FreeValue(ctx, described);
  if (text == NULL) return -1;
  static const char rest[] = " could not be cloned.";
  char *message = malloc(strlen(text) + sizeof rest);
  EJ_CHECK(message != NULL);
  strcpy(stpcpy(message, text), rest);
  JS_FreeCString(ctx, text);
  encoder->hooks->refuse(encoder, message);
  free(message);
  return -1;
}

static bool refuse(ej_encoder *encoder, JSValueConst value) {
  ej_encode_refuse(encoder, value);
  return false;
}

// --- Primitives ---------------------------------------------------------------------------------

static void write_number(ej_encoder *encoder, double number) {
  bool is_int = number >= INT32_MIN && number <= INT32_MAX && number == (double)(int32_t)number &&
                !(number == 0 && signbit(number));
  if (is_int) {
    int32_t integer = (int32_t)number;
    ej_encode_tag(encoder, WIRE_INT32);
    ej_encode_varint(encoder, ((uint32_t)integer << 1) ^ (uint32_t)(integer >> 31));
  } else {
    ej_encode_tag(encoder, WIRE_DOUBLE);
    ej_encode_double(encoder, number);
  }
}

static size_t varint_size(uint64_t number) {
  size_t size = 1;
  while (number >>= 7) size++;
  return size;
}

static void write_latin1(ej_encoder *encoder, const uint8_t *bytes, size_t length) {
  ej_encode_tag(encoder, WIRE_ONE_BYTE_STRING);
  ej_encode_varint(encoder, length);
  ej_encode_bytes(encoder, bytes, length);
}

static bool write_string(ej_encoder *encoder, JSValueConst string) {
  JSContext *ctx = encoder->isolate->ctx;
  size_t length;
  const uint8_t *bytes = ej_quickjs_latin1(string, &length);
  if (bytes != NULL) {
    write_latin1(encoder, bytes, length);
    return true;
  }
  const uint16_t *units = JS_ToCStringLenUTF16(ctx, &length, string);
  if (units == NULL) return false;
  uint16_t seen = 0;
  for (size_t i = 0; i < length; i++) seen |= units[i];
  if (seen < 0x100) {
    ej_encode_tag(encoder, WIRE_ONE_BYTE_STRING);
    ej_encode_varint(encoder, length);
    uint8_t *out = reserve(encoder, length);
    for (size_t i = 0; i < length; i++) out[i] = (uint8_t)units[i];
  } else {
    size_t size = length * sizeof *units;
    if ((encoder->size + 1 + varint_size(size)) & 1) ej_encode_tag(encoder, WIRE_PADDING);
    ej_encode_tag(encoder, WIRE_TWO_BYTE_STRING);
    ej_encode_varint(encoder, size);
    ej_encode_bytes(encoder, units, size);
  }
  JS_FreeCStringUTF16(ctx, units);
  return true;
}

static bool write_bigint(ej_encoder *encoder, JSValueConst value) {
  napi_env env = encoder->isolate->root_env;
  napi_value handle = (napi_value)&value;
  int sign = 0;
  size_t count = 0;
  if (ej_napi_get_value_bigint_words(env, handle, NULL, &count, NULL) != napi_ok) {
    JS_ThrowOutOfMemory(encoder->isolate->ctx);
    return false;
  }
  uint64_t *words = malloc((count + 1) * sizeof *words);
  EJ_CHECK(words != NULL);
  ej_napi_get_value_bigint_words(env, handle, &sign, &count, words);
  ej_encode_varint(encoder, count * sizeof *words << 1 | (unsigned)sign);
  ej_encode_bytes(encoder, words, count * sizeof *words);
  free(words);
  return true;
}

// --- Properties ---------------------------------------------------------------------------------

// V8 keeps indices as numbers.
static bool write_key(ej_encoder *encoder, JSAtom key) {
  JSContext *ctx = encoder->isolate->ctx;
  size_t length;
  uint32_t index;
  if (ej_quickjs_key_index(key, &index)) {
    write_number(encoder, index);
    return true;
  }
  const uint8_t *bytes = ej_quickjs_key_latin1(ctx, key, &length);
  if (bytes != NULL) {
    write_latin1(encoder, bytes, length);
    return true;
  }
  JSValue name = JS_AtomToValue(ctx, key);
  bool ok = !JS_IsException(name) && write_string(encoder, name);
  JS_FreeValue(ctx, name);
  return ok;
}

// One own property, unless it has gone meanwhile; `written` counts.
static bool write_property(ej_encoder *encoder, JSValueConst object, JSAtom key,
                           uint32_t *written) {
  JSContext *ctx = encoder->isolate->ctx;
  JSPropertyDescriptor own;
  int there = JS_GetOwnProperty(ctx, &own, object, key);
  if (there <= 0) return there == 0;
  JSValue value = own.value;
  if (own.flags & JS_PROP_GETSET) {
    value = JS_GetProperty(ctx, object, key);
    JS_FreeValue(ctx, own.value);
    JS_FreeValue(ctx, own.getter);
    JS_FreeValue(ctx, own.setter);
  }
  bool ok = !JS_IsException(value) && write_key(encoder, key) && ej_encode(encoder, value);
  JS_FreeValue(ctx, value);
  *written += ok;
  return ok;
}

static bool list_keys(JSContext *ctx, JSValueConst object, JSPropertyEnum **keys, uint32_t *count) {
  return JS_GetOwnPropertyNames(ctx, keys, count, object, JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY) ==
         0;
}

static bool write_object(ej_encoder *encoder, JSValueConst object) {
  JSContext *ctx = encoder->isolate->ctx;
  JSPropertyEnum *keys;
  uint32_t count, written = 0;
  if (!list_keys(ctx, object, &keys, &count)) return false;
  ej_encode_tag(encoder, WIRE_OBJECT);
  bool ok = true;
  for (uint32_t i = 0; ok && i < count; i++)
    ok = write_property(encoder, object, keys[i].atom, &written);
  JS_FreePropertyEnum(ctx, keys, count);
  ej_encode_tag(encoder, WIRE_END_OBJECT);
  ej_encode_varint(encoder, written);
  return ok;
}

// Keys come sorted, indices first: when the one at length - 1 is that index, there is no hole.
static bool is_dense(JSContext *ctx, const JSPropertyEnum *keys, uint32_t count, int64_t length) {
  if (length == 0) return true;
  if (length > count) return false;
  JSValue last = JS_AtomToValue(ctx, keys[length - 1].atom);
  const char *text = JS_ToCString(ctx, last);
  char expected[24];
  snprintf(expected, sizeof expected, "%lld", (long long)length - 1);
  bool dense = text != NULL && strcmp(text, expected) == 0;
  JS_FreeCString(ctx, text);
  JS_FreeValue(ctx, last);
  return dense;
}

// Writing an element may change the array: then the rest is read as any program would.
static bool write_element(ej_encoder *encoder, JSValueConst array, uint32_t index) {
  JSContext *ctx = encoder->isolate->ctx;
  JSValue element;
  if (ej_quickjs_element(array, index, &element))
    element = JS_DupValue(ctx, element);
  else
    element = JS_GetPropertyInt64(ctx, array, index);
  bool ok = !JS_IsException(element) && ej_encode(encoder, element);
  JS_FreeValue(ctx, element);
  return ok;
}

static bool write_simple_array(ej_encoder *encoder, JSValueConst array, uint32_t length) {
  ej_encode_tag(encoder, WIRE_DENSE_ARRAY);
  ej_encode_varint(encoder, length);
  for (uint32_t i = 0; i < length; i++)
    if (!write_element(encoder, array, i)) return false;
  ej_encode_tag(encoder, WIRE_END_DENSE_ARRAY);
  ej_encode_varint(encoder, 0);
  ej_encode_varint(encoder, length);
  return true;
}

static bool write_array(ej_encoder *encoder, JSValueConst array) {
  uint32_t simple_length;
  if (ej_quickjs_is_simple_array(array, &simple_length))
    return write_simple_array(encoder, array, simple_length);
  JSContext *ctx = encoder->isolate->ctx;
  JSPropertyEnum *keys;
  uint32_t count, written = 0, first = 0;
  int64_t length;
  if (JS_GetLength(ctx, array, &length) < 0 || !list_keys(ctx, array, &keys, &count)) return false;
  bool dense = is_dense(ctx, keys, count, length), ok = true;
  ej_encode_tag(encoder, dense ? WIRE_DENSE_ARRAY : WIRE_SPARSE_ARRAY);
  ej_encode_varint(encoder, (uint64_t)length);
  if (dense) {
    first = (uint32_t)length;
    for (uint32_t i = 0; ok && i < length; i++) ok = write_element(encoder, array, i);
  }
  for (uint32_t i = first; ok && i < count; i++)
    ok = write_property(encoder, array, keys[i].atom, &written);
  JS_FreePropertyEnum(ctx, keys, count);
  ej_encode_tag(encoder, dense ? WIRE_END_DENSE_ARRAY : WIRE_END_SPARSE_ARRAY);
  ej_encode_varint(encoder, written);
  ej_encode_varint(encoder, (uint64_t)length);
  return ok;
}

// --- Collections --------------------------------------------------------------------------------

typedef struct gathered {
  JSValue *values;
  size_t count, capacity;
} gathered;

static void gather(JSContext *ctx, gathered *all, JSValueConst value) {
  if (all->count == all->capacity) {
    all->capacity = all->capacity ? all->capacity * 2 : 16;
    all->values = realloc(all->values, all->capacity * sizeof *all->values);
    EJ_CHECK(all->values != NULL);
  }
  all->values[all->count++] = JS_DupValue(ctx, value);
}

// forEach calls with (value, key); `magic` is how many of the two are wanted.
static JSValue on_entry(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv,
                        int magic, void *opaque) {
  (void)this_val, (void)argc;
  if (magic == 2) gather(ctx, opaque, argv[1]);
  gather(ctx, opaque, argv[0]);
  return JS_UNDEFINED;
}

// The entries as they are now: writing them may run getters that change the collection.
static bool write_collection(ej_encoder *encoder, JSValueConst collection, bool is_map) {
  JSContext *ctx = encoder->isolate->ctx;
  JSValueConst for_each =
      ej_lazy_intrinsic(encoder->isolate, is_map ? EJ_MAP_FOR_EACH : EJ_SET_FOR_EACH);
  if (JS_IsException(for_each)) return false;
  gathered all = {0};
  JSValue callback = JS_NewCClosure(ctx, on_entry, "", NULL, 2, is_map ? 2 : 1, &all);
  JSValue result = JS_Call(ctx, for_each, collection, 1, (JSValueConst *)&callback);
  bool ok = !JS_IsException(result);
  JS_FreeValue(ctx, result);
  JS_FreeValue(ctx, callback);
  ej_encode_tag(encoder, is_map ? WIRE_MAP : WIRE_SET);
  for (size_t i = 0; i < all.count; i++) {
    ok = ok && ej_encode(encoder, all.values[i]);
    JS_FreeValue(ctx, all.values[i]);
  }
  free(all.values);
  ej_encode_tag(encoder, is_map ? WIRE_END_MAP : WIRE_END_SET);
  ej_encode_varint(encoder, all.count);
  return ok;
}

// --- Other objects of the language --------------------------------------------------------------

static JSValue call_intrinsic(ej_encoder *encoder, enum ej_lazy_intrinsic which,
                              JSValueConst this_val) {
  JSValueConst function = ej_lazy_intrinsic(encoder->isolate, which);
  if (JS_IsException(function)) return JS_EXCEPTION;
  return JS_Call(encoder->isolate->ctx, function, this_val, 0, NULL);
}

static bool write_date(ej_encoder *encoder, JSValueConst date) {
  double time;
  JSValue value = call_intrinsic(encoder, EJ_DATE_GET_TIME, date);
  if (JS_ToFloat64(encoder->isolate->ctx, &time, value) < 0) return false;
  ej_encode_tag(encoder, WIRE_DATE);
  ej_encode_double(encoder, time);
  return true;
}

static bool write_regexp(ej_encoder *encoder, JSValueConst regexp) {
  JSContext *ctx = encoder->isolate->ctx;
  JSValue source = call_intrinsic(encoder, EJ_REGEXP_SOURCE, regexp);
  JSValue flags =
      JS_IsException(source) ? JS_EXCEPTION : call_intrinsic(encoder, EJ_REGEXP_FLAGS, regexp);
  const char *text = JS_IsException(flags) ? NULL : JS_ToCString(ctx, flags);
  bool ok = text != NULL;
  if (ok) {
    uint32_t bits = 0;
    for (const char *flag = text; *flag; flag++)
      bits |= 1u << (strchr(ej_wire_regexp_flags, *flag) - ej_wire_regexp_flags);
    ej_encode_tag(encoder, WIRE_REGEXP);
    ok = write_string(encoder, source);
    ej_encode_varint(encoder, bits);
  }
  JS_FreeCString(ctx, text);
  JS_FreeValue(ctx, source);
  JS_FreeValue(ctx, flags);
  return ok;
}

// Boolean, Number, String and BigInt objects: `value` is what they stand for.
static bool write_wrapper(ej_encoder *encoder, JSValue value) {
  JSContext *ctx = encoder->isolate->ctx;
  bool ok = true;
  double number;
  if (JS_IsBool(value)) {
    ej_encode_tag(encoder, JS_VALUE_GET_BOOL(value) ? WIRE_TRUE_OBJECT : WIRE_FALSE_OBJECT);
  } else if (JS_IsBigInt(value)) {
    ej_encode_tag(encoder, WIRE_BIGINT_OBJECT);
    ok = write_bigint(encoder, value);
  } else if (JS_IsString(value)) {
    ej_encode_tag(encoder, WIRE_STRING_OBJECT);
    ok = write_string(encoder, value);
  } else {
    ok = JS_ToFloat64(ctx, &number, value) == 0;
    ej_encode_tag(encoder, WIRE_NUMBER_OBJECT);
    ej_encode_double(encoder, number);
  }
  JS_FreeValue(ctx, value);
  return ok;
}

// An own property that is plain data, without asking a getter; JS_UNINITIALIZED when it is not.
static JSValue own_data(JSContext *ctx, JSValueConst object, const char *name) {
  JSPropertyDescriptor own;
  JSAtom key = JS_NewAtom(ctx, name);
  int found = JS_GetOwnProperty(ctx, &own, object, key);
  JS_FreeAtom(ctx, key);
  if (found < 0) return JS_EXCEPTION;
  if (found == 0) return JS_UNINITIALIZED;
  bool is_data = (own.flags & JS_PROP_GETSET) == 0;
  JS_FreeValue(ctx, own.getter);
  JS_FreeValue(ctx, own.setter);
  if (is_data) return own.value;
  JS_FreeValue(ctx, own.value);
  return JS_UNINITIALIZED;
}

static void write_error_class(ej_encoder *encoder, const char *name) {
  static const char *const names[] = {"EvalError",   "RangeError", "ReferenceError",
                                      "SyntaxError", "TypeError",  "URIError"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(name, names[i]) == 0) ej_encode_tag(encoder, (uint8_t)"ERFSTU"[i]);
}

// A text under `tag`; nothing when it is none. Consumes `value`.
static bool write_error_text(ej_encoder *encoder, uint8_t tag, JSValue value) {
  bool ok = !JS_IsException(value);
  if (JS_IsString(value)) {
    ej_encode_tag(encoder, tag);
    ok = write_string(encoder, value);
  }
  JS_FreeValue(encoder->isolate->ctx, value);
  return ok;
}

static bool write_error(ej_encoder *encoder, JSValueConst error) {
  JSContext *ctx = encoder->isolate->ctx;
  JSValue name = JS_GetPropertyStr(ctx, error, "name");
  JSValue name_text = JS_IsException(name) ? name : JS_ToString(ctx, name);
  JS_FreeValue(ctx, name);
  const char *text = JS_IsException(name_text) ? NULL : JS_ToCString(ctx, name_text);
  JS_FreeValue(ctx, name_text);
  if (text == NULL) return false;
  ej_encode_tag(encoder, WIRE_ERROR);
  write_error_class(encoder, text);
  JS_FreeCString(ctx, text);
  JSValue message = own_data(ctx, error, "message");
  if (JS_IsException(message)) return false;
  if (!JS_IsUninitialized(message)) {
    JSValue string = JS_ToString(ctx, message);
    JS_FreeValue(ctx, message);
    if (!write_error_text(encoder, WIRE_ERROR_MESSAGE, string)) return false;
  }
  if (!write_error_text(encoder, WIRE_ERROR_STACK, JS_GetPropertyStr(ctx, error, "stack")))
    return false;
  JSValue cause = own_data(ctx, error, "cause");
  bool ok = !JS_IsException(cause);
  if (ok && !JS_IsUninitialized(cause)) {
    ej_encode_tag(encoder, WIRE_ERROR_CAUSE);
    ok = ej_encode(encoder, cause);
  }
  JS_FreeValue(ctx, cause);
  ej_encode_tag(encoder, WIRE_ERROR_END);
  return ok;
}

// --- Buffers and views --------------------------------------------------------------------------

// What a number property of a buffer says; 0 where there is none.
static size_t size_property(JSContext *ctx, JSValueConst object, const char *name) {
  int64_t size = 0;
  JSValue value = JS_GetPropertyStr(ctx, object, name);
  if (!JS_IsException(value)) JS_ToInt64(ctx, &size, value);
  JS_FreeValue(ctx, value);
  return (size_t)size;
}

static bool flag_property(JSContext *ctx, JSValueConst object, const char *name) {
  JSValue value = JS_GetPropertyStr(ctx, object, name);
  bool flag = JS_IsBool(value) && JS_VALUE_GET_BOOL(value);
  JS_FreeValue(ctx, value);
  return flag;
}

static bool write_array_buffer(ej_encoder *encoder, JSValueConst buffer) {
  JSContext *ctx = encoder->isolate->ctx;
  for (uint32_t i = 0; i < encoder->transferred_count; i++) {
    if (JS_VALUE_GET_PTR(encoder->transferred[i]) != JS_VALUE_GET_PTR(buffer)) continue;
    ej_encode_tag(encoder, WIRE_TRANSFERRED_ARRAY_BUFFER);
    ej_encode_varint(encoder, encoder->transferred_ids[i]);
    return true;
  }
  uint8_t *bytes;
  size_t size;
  if (!ej_array_buffer_bytes(ctx, buffer, &bytes, &size)) {
    encoder->hooks->refuse(encoder, "An ArrayBuffer is detached and could not be cloned.");
    return false;
  }
  bool resizable = flag_property(ctx, buffer, "resizable");
  ej_encode_tag(encoder, resizable ? WIRE_RESIZABLE_ARRAY_BUFFER : WIRE_ARRAY_BUFFER);
  ej_encode_varint(encoder, size);
  if (resizable) ej_encode_varint(encoder, size_property(ctx, buffer, "maxByteLength"));
  ej_encode_bytes(encoder, bytes, size);
  return true;
}

static bool write_shared(ej_encoder *encoder, JSValueConst buffer) {
  int64_t id = encoder->hooks->shared(encoder, buffer);
  if (id < 0) return false;
  ej_encode_tag(encoder, WIRE_SHARED_ARRAY_BUFFER);
  ej_encode_varint(encoder, (uint64_t)id);
  return true;
}

static bool write_view(ej_encoder *encoder, JSValueConst value, const ej_view *view) {
  JSContext *ctx = encoder->isolate->ctx;
  int type = JS_GetTypedArrayType(value);
  bool resizable =
      flag_property(ctx, view->buffer, "resizable") || flag_property(ctx, view->buffer, "growable");
  ej_encode_tag(encoder, WIRE_VIEW);
  ej_encode_tag(encoder, type < 0 ? WIRE_DATA_VIEW : (uint8_t)ej_wire_views[type]);
  ej_encode_varint(encoder, view->offset);
  ej_encode_varint(encoder, view->byte_length);
  ej_encode_varint(encoder, resizable ? WIRE_VIEW_IS_RESIZABLE : 0);
  return true;
}

// A view is preceded by its buffer, unless that was written before.
static bool write_view_with_buffer(ej_encoder *encoder, JSValueConst value) {
  ej_view view;
  if (is_known(encoder, value)) return write_known(encoder, value);
  ej_look_into_view(encoder->isolate, value, &view);
  bool ok = ej_encode(encoder, view.buffer);
  if (ok && !write_known(encoder, value)) ok = write_view(encoder, value, &view);
  JS_FreeValue(encoder->isolate->ctx, view.buffer);
  return ok;
}

// --- Every object -------------------------------------------------------------------------------

// The primitive that a wrapper object stands for; JS_UNINITIALIZED for any other object.
static JSValue wrapped(ej_encoder *encoder, JSValueConst object) {
  static const enum ej_lazy_intrinsic value_of[] = {EJ_NUMBER_VALUE_OF, EJ_STRING_VALUE_OF,
                                                    EJ_BOOLEAN_VALUE_OF, EJ_BIGINT_VALUE_OF};
  JSClassID class = JS_GetClassID(object);
  const JSClassID *wrappers = encoder->isolate->napi->wrappers;
  for (size_t i = 0; i < sizeof value_of / sizeof *value_of; i++)
    if (class == wrappers[i]) return call_intrinsic(encoder, value_of[i], object);
  return JS_UNINITIALIZED;
}

// Objects that the format knows as they are: of the language, or made by natives without anything
// that only they understand.
static bool is_plain(ej_isolate *isolate, JSValueConst object) {
  JSClassID class = JS_GetClassID(object);
  return class == isolate->classes.plain || class == isolate->classes.instance ||
         class == isolate->napi->wrappers[EJ_WRAPPER_ARGUMENTS] ||
         class == isolate->napi->wrappers[EJ_WRAPPER_MAPPED_ARGUMENTS];
}

static bool write_kind(ej_encoder *encoder, JSValueConst object) {
  ej_isolate *isolate = encoder->isolate;
  if (JS_IsArray(object)) return write_array(encoder, object);
  if (JS_IsDate(object)) return write_date(encoder, object);
  if (JS_IsRegExp(object)) return write_regexp(encoder, object);
  if (JS_IsMap(object)) return write_collection(encoder, object, true);
  if (JS_IsSet(object)) return write_collection(encoder, object, false);
  if (JS_IsArrayBuffer(object)) return write_array_buffer(encoder, object);
  if (ej_is_shared_array_buffer(isolate, object)) return write_shared(encoder, object);
  if (JS_IsError(object)) return write_error(encoder, object);
  JSValue primitive = wrapped(encoder, object);
  if (JS_IsException(primitive)) return false;
  if (!JS_IsUninitialized(primitive)) return write_wrapper(encoder, primitive);
  int host = encoder->hooks->host(encoder, object, false);
  if (host != 0) return host > 0;
  return refuse(encoder, object);
}

static bool write_new(ej_encoder *encoder, JSValueConst object) {
  if (JS_IsProxy(object) || JS_IsFunction(encoder->isolate->ctx, object))
    return refuse(encoder, object);
  int host = encoder->hooks->host(encoder, object, true);
  if (host != 0) return host > 0;
  if (is_plain(encoder->isolate, object)) return write_object(encoder, object);
  return write_kind(encoder, object);
}

static bool write_object_value(ej_encoder *encoder, JSValueConst object) {
  bool is_view = JS_GetTypedArrayType(object) >= 0 || JS_IsDataView(object);
  if (is_view && !encoder->views_are_hosts) return write_view_with_buffer(encoder, object);
  if (ej_wire_too_deep(encoder->isolate, encoder->stack)) return false;
  if (write_known(encoder, object)) return true;
  return write_new(encoder, object);
}

bool ej_encode(ej_encoder *encoder, JSValueConst value) {
  switch (JS_VALUE_GET_NORM_TAG(value)) {
  case JS_TAG_UNDEFINED:
    ej_encode_tag(encoder, WIRE_UNDEFINED);
    return true;
  case JS_TAG_NULL:
    ej_encode_tag(encoder, WIRE_NULL);
    return true;
  case JS_TAG_BOOL:
    ej_encode_tag(encoder, JS_VALUE_GET_BOOL(value) ? WIRE_TRUE : WIRE_FALSE);
    return true;
  case JS_TAG_INT:
    write_number(encoder, JS_VALUE_GET_INT(value));
    return true;
  case JS_TAG_FLOAT64:
    write_number(encoder, JS_VALUE_GET_FLOAT64(value));
    return true;
  case JS_TAG_STRING:
  case JS_TAG_STRING_ROPE:
    return write_string(encoder, value);
  case JS_TAG_BIG_INT:
  case JS_TAG_SHORT_BIG_INT:
    ej_encode_tag(encoder, WIRE_BIGINT);
    return write_bigint(encoder, value);
  case JS_TAG_OBJECT:
    return write_object_value(encoder, value);
  default:
    return refuse(encoder, value);
  }
}

// --- Life ---------------------------------------------------------------------------------------

void ej_encoder_init(ej_encoder *encoder, ej_isolate *isolate, const ej_encoder_hooks *hooks,
                     void *data) {
  *encoder = (ej_encoder){.isolate = isolate, .hooks = hooks, .data = data};
  encoder->stack = __builtin_frame_address(0);
}

void ej_encoder_free(ej_encoder *encoder) {
  JSRuntime *rt = encoder->isolate->rt; // the context may have gone
  for (uint32_t i = 0; i < encoder->count; i++) JS_FreeValueRT(rt, encoder->objects[i]);
  for (uint32_t i = 0; i < encoder->transferred_count; i++)
    JS_FreeValueRT(rt, encoder->transferred[i]);
  free(encoder->bytes);
  free(encoder->objects);
  free(encoder->table);
  free(encoder->transferred);
  free(encoder->transferred_ids);
}

uint8_t *ej_encoder_take(ej_encoder *encoder, size_t *size) {
  uint8_t *bytes = encoder->bytes;
  *size = encoder->size;
  encoder->bytes = NULL;
  encoder->size = encoder->capacity = 0;
  return bytes;
}
