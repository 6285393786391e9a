// SPDX-License-Identifier: Apache-2.0
//
// The reader of V8's wire format; serialize.h says what it is for. The bytes may come from
// anywhere: whatever they say is checked against what is there.
#include "serialize.h"

#include <stdlib.h>

#include "quickjs_more.h"

// --- Bytes --------------------------------------------------------------------------------------

bool ej_decode_varint(ej_decoder *decoder, uint64_t *number) {
  *number = 0;
  for (unsigned shift = 0; decoder->at < decoder->end; shift += 7) {
    uint8_t byte = *decoder->at++;
    if (shift < 64) *number |= (uint64_t)(byte & 0x7F) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

bool ej_decode_bytes(ej_decoder *decoder, size_t size, const uint8_t **bytes) {
  if ((size_t)(decoder->end - decoder->at) < size) return false;
  *bytes = decoder->at;
  decoder->at += size;
  return true;
}

bool ej_decode_double(ej_decoder *decoder, double *number) {
  const uint8_t *bytes;
  if (!ej_decode_bytes(decoder, sizeof *number, &bytes)) return false;
  memcpy(number, bytes, sizeof *number);
  return true;
}

bool ej_decode_header(ej_decoder *decoder) {
  uint64_t version;
  if (decoder->at == decoder->end || *decoder->at != WIRE_VERSION) return false;
  decoder->at++;
  if (!ej_decode_varint(decoder, &version) || version > EJ_WIRE_VERSION) return false;
  decoder->version = (uint32_t)version;
  return true;
}

static JSValue damaged(ej_decoder *decoder) {
  return JS_ThrowPlainError(decoder->isolate->ctx, "Unable to deserialize cloned data.");
}

// Padding may stand before any tag. 0 at the end.
static uint8_t peek_tag(ej_decoder *decoder) {
  while (decoder->at < decoder->end && *decoder->at == WIRE_PADDING) decoder->at++;
  return decoder->at < decoder->end ? *decoder->at : 0;
}

static uint8_t take_tag(ej_decoder *decoder) {
  uint8_t tag = peek_tag(decoder);
  if (decoder->at < decoder->end) decoder->at++;
  return tag;
}

// --- The objects read so far --------------------------------------------------------------------

static uint32_t next_number(ej_decoder *decoder) {
  if (decoder->count == decoder->capacity) {
    decoder->capacity = decoder->capacity ? decoder->capacity * 2 : 16;
    decoder->objects = realloc(decoder->objects, decoder->capacity * sizeof *decoder->objects);
    EJ_CHECK(decoder->objects != NULL);
  }
  decoder->objects[decoder->count] = JS_UNINITIALIZED;
  return decoder->count++;
}

// Notes `object` under its number, for references to it.
static JSValue note(ej_decoder *decoder, uint32_t number, JSValue object) {
  if (!JS_IsException(object))
    decoder->objects[number] = JS_DupValue(decoder->isolate->ctx, object);
  return object;
}

static JSValue read_reference(ej_decoder *decoder) {
  uint64_t number;
  if (!ej_decode_varint(decoder, &number) || number >= decoder->count ||
      JS_IsUninitialized(decoder->objects[number]))
    return damaged(decoder);
  return JS_DupValue(decoder->isolate->ctx, decoder->objects[number]);
}

void ej_decode_transfer(ej_decoder *decoder, uint32_t id, JSValueConst buffer) {
  uint32_t count = ++decoder->transferred_count;
  decoder->transferred = realloc(decoder->transferred, count * sizeof *decoder->transferred);
  decoder->transferred_ids =
      realloc(decoder->transferred_ids, count * sizeof *decoder->transferred_ids);
  EJ_CHECK(decoder->transferred != NULL && decoder->transferred_ids != NULL);
  decoder->transferred[count - 1] = JS_DupValue(decoder->isolate->ctx, buffer);
  decoder->transferred_ids[count - 1] = id;
}

JSValue ej_decode_transferred(ej_decoder *decoder, uint32_t id) {
  for (uint32_t i = 0; i < decoder->transferred_count; i++)
    if (decoder->transferred_ids[i] == id)
      return JS_DupValue(decoder->isolate->ctx, decoder->transferred[i]);
  return damaged(decoder);
}

// --- Primitives ---------------------------------------------------------------------------------

static JSValue read_number(ej_decoder *decoder) {
  double number;
  if (!ej_decode_double(decoder, &number)) return damaged(decoder);
  return JS_NewNumber(decoder->isolate->ctx, number);
}

static JSValue read_int(ej_decoder *decoder, bool is_signed) {
  uint64_t number;
  if (!ej_decode_varint(decoder, &number)) return damaged(decoder);
  uint32_t bits = (uint32_t)number;
  if (!is_signed) return JS_NewUint32(decoder->isolate->ctx, bits);
  return JS_NewInt32(decoder->isolate->ctx, (int32_t)((bits >> 1) ^ -(bits & 1)));
}

static JSValue read_string(ej_decoder *decoder, uint8_t tag) {
  uint64_t size;
  const uint8_t *bytes;
  if (!ej_decode_varint(decoder, &size) || !ej_decode_bytes(decoder, size, &bytes))
    return damaged(decoder);
  JSContext *ctx = decoder->isolate->ctx;
  if (tag == WIRE_UTF8_STRING) return ej_string_from_utf8(ctx, (const char *)bytes, size);
  if (tag == WIRE_ONE_BYTE_STRING) return ej_quickjs_new_latin1(ctx, bytes, size);
  if (size % sizeof(char16_t) != 0) return damaged(decoder);
  char16_t *units = malloc(size + 1); // the bytes need not be aligned
  EJ_CHECK(units != NULL);
  memcpy(units, bytes, size);
  JSValue string = ej_string_from_utf16(ctx, units, size / sizeof *units);
  free(units);
  return string;
}

static JSValue read_bigint(ej_decoder *decoder) {
  uint64_t head;
  const uint8_t *bytes;
  if (!ej_decode_varint(decoder, &head)) return damaged(decoder);
  size_t size = (size_t)(head >> 1), count = (size + 7) / 8;
  if (!ej_decode_bytes(decoder, size, &bytes)) return damaged(decoder);
  uint64_t *words = calloc(count + 1, sizeof *words);
  EJ_CHECK(words != NULL);
  memcpy(words, bytes, size);
  ej_isolate *isolate = decoder->isolate;
  ej_mark mark = ej_arena_mark(isolate);
  napi_value handle;
  napi_status status =
      ej_napi_create_bigint_words(isolate->root_env, (int)(head & 1), count, words, &handle);
  JSValue value = status == napi_ok ? JS_DupValue(isolate->ctx, ej_value(handle)) : JS_EXCEPTION;
  if (status != napi_ok && !JS_HasException(isolate->ctx)) damaged(decoder);
  ej_arena_release(isolate, mark);
  free(words);
  return value;
}

// --- Properties ---------------------------------------------------------------------------------

// The name of a property; JS_ATOM_NULL with an exception pending.
static JSAtom read_key(ej_decoder *decoder) {
  JSContext *ctx = decoder->isolate->ctx;
  JSValue name = ej_decode(decoder);
  if (JS_IsException(name)) return JS_ATOM_NULL;
  bool is_key = JS_IsString(name) || JS_IsNumber(name);
  if (!is_key) damaged(decoder);
  JSAtom key = is_key ? JS_ValueToAtom(ctx, name) : JS_ATOM_NULL;
  JS_FreeValue(ctx, name);
  return key;
}

// Key and value pairs up to `end`; how many in `count`.
static bool read_properties(ej_decoder *decoder, JSValueConst object, uint8_t end,
                            uint64_t *count) {
  JSContext *ctx = decoder->isolate->ctx;
  for (*count = 0; peek_tag(decoder) != end; ++*count) {
    JSAtom key = read_key(decoder);
    if (key == JS_ATOM_NULL) return false;
    JSValue value = ej_decode(decoder);
    bool ok = !JS_IsException(value) &&
              JS_DefinePropertyValue(ctx, object, key, value, JS_PROP_C_W_E) >= 0;
    JS_FreeAtom(ctx, key);
    if (!ok) return false;
  }
  decoder->at++;
  return true;
}

// Frees `object` and gives JS_EXCEPTION unless `ok`.
static JSValue complete(ej_decoder *decoder, JSValue object, bool ok) {
  if (ok) return object;
  JS_FreeValue(decoder->isolate->ctx, object);
  return JS_HasException(decoder->isolate->ctx) ? JS_EXCEPTION : damaged(decoder);
}

static JSValue read_object(ej_decoder *decoder) {
  uint32_t number = next_number(decoder);
  JSValue object = note(decoder, number, JS_NewObject(decoder->isolate->ctx));
  uint64_t count, told;
  bool ok = read_properties(decoder, object, WIRE_END_OBJECT, &count) &&
            ej_decode_varint(decoder, &told) && told == count;
  return complete(decoder, object, ok);
}

static bool end_array(ej_decoder *decoder, JSValueConst array, uint8_t end, uint64_t length) {
  uint64_t count, told, told_length;
  return read_properties(decoder, array, end, &count) && ej_decode_varint(decoder, &told) &&
         ej_decode_varint(decoder, &told_length) && told == count && told_length == length;
}

static JSValue read_dense_array(ej_decoder *decoder) {
  JSContext *ctx = decoder->isolate->ctx;
  uint64_t length;
  // An element takes a byte at least.
  if (!ej_decode_varint(decoder, &length) || length > (size_t)(decoder->end - decoder->at))
    return damaged(decoder);
  uint32_t number = next_number(decoder);
  JSValue array = note(decoder, number, JS_NewArray(ctx));
  bool ok = !JS_IsException(array);
  for (uint32_t i = 0; ok && i < length; i++) {
    if (peek_tag(decoder) == WIRE_HOLE) {
      decoder->at++;
      continue;
    }
    JSValue element = ej_decode(decoder);
    ok = !JS_IsException(element) && ej_quickjs_append(ctx, array, i, element) >= 0;
  }
  ok = ok && JS_SetLength(ctx, array, (int64_t)length) >= 0 &&
       end_array(decoder, array, WIRE_END_DENSE_ARRAY, length);
  return complete(decoder, array, ok);
}

static JSValue read_sparse_array(ej_decoder *decoder) {
  JSContext *ctx = decoder->isolate->ctx;
  uint64_t length;
  if (!ej_decode_varint(decoder, &length) || length > UINT32_MAX) return damaged(decoder);
  uint32_t number = next_number(decoder);
  JSValue array = note(decoder, number, JS_NewArray(ctx));
  bool ok = !JS_IsException(array) && JS_SetLength(ctx, array, (int64_t)length) >= 0 &&
            end_array(decoder, array, WIRE_END_SPARSE_ARRAY, length);
  return complete(decoder, array, ok);
}

// --- Collections and other objects of the language ----------------------------------------------

static JSValue construct(ej_decoder *decoder, enum ej_lazy_intrinsic which, int argc,
                         JSValueConst *argv) {
  JSValueConst constructor = ej_lazy_intrinsic(decoder->isolate, which);
  if (JS_IsException(constructor)) return JS_EXCEPTION;
  return JS_CallConstructor(decoder->isolate->ctx, constructor, argc, argv);
}

// One entry, of `size` values, into a collection.
static bool read_entry(ej_decoder *decoder, JSValueConst collection, JSValueConst add, int size) {
  JSContext *ctx = decoder->isolate->ctx;
  JSValue values[2] = {JS_UNDEFINED, JS_UNDEFINED};
  bool ok = true;
  for (int i = 0; ok && i < size; i++) {
    values[i] = ej_decode(decoder);
    ok = !JS_IsException(values[i]);
  }
  if (ok) {
    JSValue result = JS_Call(ctx, add, collection, size, (JSValueConst *)values);
    ok = !JS_IsException(result);
    JS_FreeValue(ctx, result);
  }
  JS_FreeValue(ctx, values[0]);
  JS_FreeValue(ctx, values[1]);
  return ok;
}

static JSValue read_collection(ej_decoder *decoder, bool is_map) {
  uint32_t number = next_number(decoder);
  JSValue collection = note(decoder, number, construct(decoder, is_map ? EJ_MAP : EJ_SET, 0, NULL));
  JSValueConst add = ej_lazy_intrinsic(decoder->isolate, is_map ? EJ_MAP_SET : EJ_SET_ADD);
  bool ok = !JS_IsException(collection) && !JS_IsException(add);
  uint8_t end = is_map ? WIRE_END_MAP : WIRE_END_SET;
  uint64_t count = 0, told;
  int size = is_map ? 2 : 1;
  while (ok && peek_tag(decoder) != end) {
    ok = read_entry(decoder, collection, add, size);
    count += (uint64_t)size;
  }
  if (ok) decoder->at++;
  ok = ok && ej_decode_varint(decoder, &told) && told == count;
  return complete(decoder, collection, ok);
}

static JSValue read_date(ej_decoder *decoder) {
  double time;
  if (!ej_decode_double(decoder, &time)) return damaged(decoder);
  return note(decoder, next_number(decoder), JS_NewDate(decoder->isolate->ctx, time));
}

static JSValue read_regexp(ej_decoder *decoder) {
  JSContext *ctx = decoder->isolate->ctx;
  uint32_t number = next_number(decoder);
  JSValue source = ej_decode(decoder);
  uint64_t bits;
  if (JS_IsException(source)) return source;
  if (!JS_IsString(source) || !ej_decode_varint(decoder, &bits) || bits >= 1u << 9)
    return complete(decoder, source, false);
  char flags[10];
  size_t length = 0;
  for (int i = 0; ej_wire_regexp_flags[i] != '\0'; i++)
    if (bits >> i & 1) flags[length++] = ej_wire_regexp_flags[i];
  JSValue text = JS_NewStringLen(ctx, flags, length);
  JSValueConst arguments[] = {source, text};
  JSValue regexp = note(decoder, number, construct(decoder, EJ_REGEXP, 2, arguments));
  JS_FreeValue(ctx, source);
  JS_FreeValue(ctx, text);
  return regexp;
}

// The object of a primitive. Consumes `value`.
static JSValue wrap(ej_decoder *decoder, uint32_t number, JSValue value) {
  JSContext *ctx = decoder->isolate->ctx;
  if (JS_IsException(value)) return value;
  JSValue object = note(decoder, number, JS_ToObject(ctx, value));
  JS_FreeValue(ctx, value);
  return object;
}

static JSValue read_wrapper(ej_decoder *decoder, uint8_t tag) {
  uint32_t number = next_number(decoder);
  switch (tag) {
  case WIRE_TRUE_OBJECT:
    return wrap(decoder, number, JS_TRUE);
  case WIRE_FALSE_OBJECT:
    return wrap(decoder, number, JS_FALSE);
  case WIRE_NUMBER_OBJECT:
    return wrap(decoder, number, read_number(decoder));
  case WIRE_BIGINT_OBJECT:
    return wrap(decoder, number, read_bigint(decoder));
  default: { // WIRE_STRING_OBJECT
    JSValue string = ej_decode(decoder);
    if (!JS_IsException(string) && !JS_IsString(string)) return complete(decoder, string, false);
    return wrap(decoder, number, string);
  }
  }
}

// --- Errors -------------------------------------------------------------------------------------

static JSValue new_error(ej_decoder *decoder, uint8_t tag) {
  static const enum ej_lazy_intrinsic classes[] = {EJ_EVAL_ERROR_CLASS,      EJ_RANGE_ERROR_CLASS,
                                                   EJ_REFERENCE_ERROR_CLASS, EJ_SYNTAX_ERROR_CLASS,
                                                   EJ_TYPE_ERROR_CLASS,      EJ_URI_ERROR_CLASS};
  const char *kind = tag == 0 ? NULL : strchr("ERFSTU", tag);
  JSValue error =
      construct(decoder, kind == NULL ? EJ_ERROR_CLASS : classes[kind - "ERFSTU"], 0, NULL);
  return error;
}

static JSValue read_error(ej_decoder *decoder) {
  JSContext *ctx = decoder->isolate->ctx;
  uint32_t number = next_number(decoder);
  uint8_t tag = peek_tag(decoder);
  bool has_class = tag != 0 && strchr("ERFSTU", tag) != NULL;
  if (has_class) decoder->at++;
  JSValue error = note(decoder, number, new_error(decoder, has_class ? tag : 0));
  if (JS_IsException(error)) return error;
  bool ok = true;
  while (ok && (tag = take_tag(decoder)) != WIRE_ERROR_END) {
    const char *name = tag == WIRE_ERROR_MESSAGE ? "message"
                       : tag == WIRE_ERROR_STACK ? "stack"
                       : tag == WIRE_ERROR_CAUSE ? "cause"
                                                 : NULL;
    JSValue value = name == NULL ? damaged(decoder) : ej_decode(decoder);
    ok = !JS_IsException(value) &&
         JS_DefinePropertyValueStr(ctx, error, name, value,
                                   JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE) >= 0;
  }
  return complete(decoder, error, ok);
}

// --- Buffers and views --------------------------------------------------------------------------

static JSValue read_view(ej_decoder *decoder, JSValueConst buffer) {
  JSContext *ctx = decoder->isolate->ctx;
  uint32_t number = next_number(decoder);
  const uint8_t *kind;
  uint64_t offset, size, flags = 0;
  if (!ej_decode_bytes(decoder, 1, &kind) || !ej_decode_varint(decoder, &offset) ||
      !ej_decode_varint(decoder, &size) ||
      (decoder->version >= 14 && !ej_decode_varint(decoder, &flags)))
    return damaged(decoder);
  uint8_t *bytes;
  size_t available;
  if (!ej_array_buffer_bytes(ctx, buffer, &bytes, &available) || offset > available ||
      size > available - offset)
    return damaged(decoder);
  JSValueConst arguments[] = {buffer, JS_NewInt64(ctx, (int64_t)offset), JS_UNDEFINED};
  int count = (flags & WIRE_VIEW_TRACKS_LENGTH) ? 2 : 3;
  if (*kind == WIRE_DATA_VIEW) {
    arguments[2] = JS_NewInt64(ctx, (int64_t)size);
    return note(decoder, number, construct(decoder, EJ_DATA_VIEW, count, arguments));
  }
  int type = 0;
  while (type < EJ_TYPED_ARRAY_COUNT && (uint8_t)ej_wire_views[type] != *kind) type++;
  if (type == EJ_TYPED_ARRAY_COUNT) return damaged(decoder);
  static const uint8_t sizes[] = {1, 1, 1, 2, 2, 4, 4, 8, 8, 2, 4, 8}; // by JSTypedArrayEnum
  if (offset % sizes[type] != 0 || size % sizes[type] != 0) return damaged(decoder);
  arguments[2] = JS_NewInt64(ctx, (int64_t)(size / sizes[type]));
  return note(decoder, number, JS_NewTypedArray(ctx, count, arguments, (JSTypedArrayEnum)type));
}

// A buffer is followed by the view that it was written for. Consumes `buffer`.
static JSValue with_view(ej_decoder *decoder, JSValue buffer) {
  if (JS_IsException(buffer) || peek_tag(decoder) != WIRE_VIEW) return buffer;
  decoder->at++;
  JSValue view = read_view(decoder, buffer);
  JS_FreeValue(decoder->isolate->ctx, buffer);
  return view;
}

static JSValue read_array_buffer(ej_decoder *decoder, bool resizable) {
  JSContext *ctx = decoder->isolate->ctx;
  uint32_t number = next_number(decoder);
  uint64_t size, most = 0;
  const uint8_t *bytes;
  if (!ej_decode_varint(decoder, &size) || (resizable && !ej_decode_varint(decoder, &most)) ||
      (resizable && most < size) || !ej_decode_bytes(decoder, size, &bytes))
    return damaged(decoder);
  if (!resizable)
    return with_view(decoder, note(decoder, number, JS_NewArrayBufferCopy(ctx, bytes, size)));
  JSValue options = JS_NewObject(ctx);
  JS_DefinePropertyValueStr(ctx, options, "maxByteLength", JS_NewInt64(ctx, (int64_t)most),
                            JS_PROP_C_W_E);
  JSValueConst arguments[] = {JS_NewInt64(ctx, (int64_t)size), options};
  JSValue buffer = note(decoder, number, construct(decoder, EJ_ARRAY_BUFFER, 2, arguments));
  JS_FreeValue(ctx, options);
  uint8_t *memory;
  size_t length;
  if (!JS_IsException(buffer) && ej_array_buffer_bytes(ctx, buffer, &memory, &length) && size != 0)
    memcpy(memory, bytes, size);
  return with_view(decoder, buffer);
}

static JSValue read_transferred(ej_decoder *decoder) {
  uint64_t id;
  if (!ej_decode_varint(decoder, &id) || id > UINT32_MAX) return damaged(decoder);
  uint32_t number = next_number(decoder);
  return with_view(decoder, note(decoder, number, ej_decode_transferred(decoder, (uint32_t)id)));
}

static JSValue read_shared(ej_decoder *decoder) {
  uint64_t id;
  if (!ej_decode_varint(decoder, &id) || id > UINT32_MAX) return damaged(decoder);
  uint32_t number = next_number(decoder);
  return with_view(decoder, note(decoder, number, decoder->hooks->shared(decoder, (uint32_t)id)));
}

static JSValue read_host(ej_decoder *decoder) {
  uint32_t number = next_number(decoder);
  return note(decoder, number, decoder->hooks->host(decoder));
}

// --- Every value --------------------------------------------------------------------------------

static JSValue read_kind(ej_decoder *decoder, uint8_t tag) {
  switch (tag) {
  case WIRE_OBJECT:
    return read_object(decoder);
  case WIRE_DENSE_ARRAY:
    return read_dense_array(decoder);
  case WIRE_SPARSE_ARRAY:
    return read_sparse_array(decoder);
  case WIRE_DATE:
    return read_date(decoder);
  case WIRE_REGEXP:
    return read_regexp(decoder);
  case WIRE_MAP:
    return read_collection(decoder, true);
  case WIRE_SET:
    return read_collection(decoder, false);
  case WIRE_ERROR:
    return read_error(decoder);
  case WIRE_ARRAY_BUFFER:
    return read_array_buffer(decoder, false);
  case WIRE_RESIZABLE_ARRAY_BUFFER:
    return read_array_buffer(decoder, true);
  case WIRE_TRANSFERRED_ARRAY_BUFFER:
    return read_transferred(decoder);
  case WIRE_SHARED_ARRAY_BUFFER:
    return read_shared(decoder);
  case WIRE_HOST_OBJECT:
    return read_host(decoder);
  case WIRE_TRUE_OBJECT:
  case WIRE_FALSE_OBJECT:
  case WIRE_NUMBER_OBJECT:
  case WIRE_BIGINT_OBJECT:
  case WIRE_STRING_OBJECT:
    return read_wrapper(decoder, tag);
  default:
    return damaged(decoder);
  }
}

JSValue ej_decode(ej_decoder *decoder) {
  uint8_t tag = take_tag(decoder);
  switch (tag) {
  case WIRE_UNDEFINED:
    return JS_UNDEFINED;
  case WIRE_NULL:
    return JS_NULL;
  case WIRE_TRUE:
    return JS_TRUE;
  case WIRE_FALSE:
    return JS_FALSE;
  case WIRE_INT32:
    return read_int(decoder, true);
  case WIRE_UINT32:
    return read_int(decoder, false);
  case WIRE_DOUBLE:
    return read_number(decoder);
  case WIRE_BIGINT:
    return read_bigint(decoder);
  case WIRE_UTF8_STRING:
  case WIRE_ONE_BYTE_STRING:
  case WIRE_TWO_BYTE_STRING:
    return read_string(decoder, tag);
  case WIRE_REFERENCE:
    // A buffer that is there already may be followed by one more view of it.
    return with_view(decoder, read_reference(decoder));
  default:
    if (ej_wire_too_deep(decoder->isolate, decoder->stack)) return JS_EXCEPTION;
    return read_kind(decoder, tag);
  }
}

// --- Life ---------------------------------------------------------------------------------------

void ej_decoder_init(ej_decoder *decoder, ej_isolate *isolate, const ej_decoder_hooks *hooks,
                     void *data, const uint8_t *bytes, size_t size) {
  *decoder = (ej_decoder){.isolate = isolate, .hooks = hooks, .data = data};
  decoder->at = decoder->start = bytes;
  decoder->end = bytes + size;
  decoder->stack = __builtin_frame_address(0);
}

void ej_decoder_free(ej_decoder *decoder) {
  JSRuntime *rt = decoder->isolate->rt; // the context may have gone
  for (uint32_t i = 0; i < decoder->count; i++) JS_FreeValueRT(rt, decoder->objects[i]);
  for (uint32_t i = 0; i < decoder->transferred_count; i++)
    JS_FreeValueRT(rt, decoder->transferred[i]);
  free(decoder->objects);
  free(decoder->transferred);
  free(decoder->transferred_ids);
}
