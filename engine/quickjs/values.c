// SPDX-License-Identifier: Apache-2.0
//
// Quick ways into strings, keys and arrays, for who reads or makes many of them
// (engine/src/serialize.c).

const uint8_t *ej_quickjs_latin1(JSValueConst string, size_t *length) {
  JSString *p;

  if (JS_VALUE_GET_TAG(string) != JS_TAG_STRING) return NULL; // a rope
  p = JS_VALUE_GET_STRING(string);
  if (p->is_wide_char) return NULL;
  *length = p->len;
  return str8(p);
}

const uint8_t *ej_quickjs_key_latin1(JSContext *ctx, JSAtom key, size_t *length) {
  JSString *p;

  if (__JS_AtomIsTaggedInt(key)) return NULL;
  p = ctx->rt->atom_array[key];
  if (p->is_wide_char) return NULL;
  *length = p->len;
  return str8(p);
}

bool ej_quickjs_key_index(JSAtom key, uint32_t *index) {
  if (!__JS_AtomIsTaggedInt(key)) return false;
  *index = __JS_AtomToUInt32(key);
  return true;
}

JSValue ej_quickjs_new_latin1(JSContext *ctx, const uint8_t *bytes, size_t length) {
  if (length > JS_STRING_LEN_MAX) return JS_ThrowRangeError(ctx, "Invalid string length");
  return length == 0 ? js_empty_string(ctx->rt)
                     : js_new_string8_len(ctx, (const char *)bytes, length);
}

bool ej_quickjs_is_simple_array(JSValueConst array, uint32_t *length) {
  JSObject *p = JS_VALUE_GET_OBJ(array);

  if (p->class_id != JS_CLASS_ARRAY || !p->fast_array || p->shape->prop_count != 1) return false;
  if (JS_VALUE_GET_TAG(p->prop[0].u.value) != JS_TAG_INT) return false;
  *length = JS_VALUE_GET_INT(p->prop[0].u.value);
  return *length == p->u.array.count;
}

bool ej_quickjs_element(JSValueConst array, uint32_t index, JSValue *element) {
  JSObject *p = JS_VALUE_GET_OBJ(array);

  if (p->class_id != JS_CLASS_ARRAY || !p->fast_array || index >= p->u.array.count) return false;
  *element = p->u.array.u.values[index];
  return true;
}

int ej_quickjs_append(JSContext *ctx, JSValueConst array, uint32_t index, JSValue value) {
  JSObject *p = JS_VALUE_GET_OBJ(array);

  if (p->class_id == JS_CLASS_ARRAY && p->fast_array && p->extensible && p->u.array.count == index)
    return add_fast_array_element(ctx, p, value, 0) < 0 ? -1 : 0;
  return JS_DefinePropertyValueUint32(ctx, array, index, value, JS_PROP_C_W_E) < 0 ? -1 : 0;
}

// The bits of small numbers are all at the upper end: they have to be mixed before the lower ones
// choose a chain.
static uint32_t ej_hash_number(uint32_t bits) {
  bits ^= bits >> 16;
  bits *= 0x85EBCA6Bu;
  bits ^= bits >> 13;
  bits *= 0xC2B2AE35u;
  return bits ^ (bits >> 16);
}

bool ej_quickjs_typed_array(JSValueConst array, size_t *length, uint8_t **data) {
  JSObject *p = JS_VALUE_GET_OBJ(array);
  JSTypedArray *ta = p->u.typed_array;

  if (typed_array_is_oob(p)) {
    *length = 0;
    *data = NULL;
    return false;
  }
  *length = typed_array_length(p);
  *data = ta->buffer->u.array_buffer->data + ta->offset;
  return true;
}

bool ej_quickjs_share_memory(JSContext *ctx, JSValueConst buffer, ej_memory_kind kind,
                             bool may_move, JSReallocArrayBufferDataFunc *owner, void *opaque,
                             void **block) {
  JSRuntime *rt = ctx->rt;
  JSArrayBuffer *abuf = JS_VALUE_GET_OBJ(buffer)->u.array_buffer;
  JSMallocBlockHeader *b;

  if (abuf->shared || abuf->detached || abuf->byte_length == 0) return false;
  if (abuf->realloc_func == js_array_buffer_realloc) kind = EJ_MEMORY_ENGINES;
  if (kind == EJ_MEMORY_OTHERS) return false;
  b = container_of(abuf->data, JSMallocBlockHeader, user_data);
  if (kind == EJ_MEMORY_MALLOC) {
    *block = abuf->data;
  } else if (b->u.block_idx == JS_ARENA_FREE_NIL) {
    rt->malloc_state.malloc_count--;
    rt->malloc_state.malloc_size -= js_arena_usable_size(rt, abuf->data) + MALLOC_OVERHEAD;
    *block = b;
  } else { // part of a page that ends with the runtime
    if (!may_move) return false;
    *block = rt->mf.js_malloc(rt->malloc_state.opaque, abuf->byte_length);
    if (!*block) return false;
    memcpy(*block, abuf->data, abuf->byte_length);
    js_free_rt(rt, abuf->data);
    abuf->data = *block;
    js_array_buffer_update_typed_arrays(abuf);
  }
  abuf->realloc_func = owner;
  abuf->opaque = opaque;
  return true;
}

void *ej_quickjs_memory_owner(JSValueConst buffer, JSReallocArrayBufferDataFunc **owner) {
  JSArrayBuffer *abuf = JS_VALUE_GET_OBJ(buffer)->u.array_buffer;

  *owner = abuf->realloc_func;
  return abuf->opaque;
}
