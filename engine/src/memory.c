// SPDX-License-Identifier: Apache-2.0
//
// Memory that both sides see. Bytes of Python become an ArrayBuffer, and Python holds on to them
// until JavaScript collects or detaches it. Memory of an ArrayBuffer becomes a view in Python:
// then the two hold it together, and whoever lets go last frees it, be it after the isolate's end.
#include <malloc.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "bridge.h"
#include "napi_internal.h"
#include "quickjs_more.h"

// --- Python's memory -----------------------------------------------------------------------------

typedef struct lent {
  uint32_t number; // of the Python object that holds on to it
  uint8_t *data;
  size_t size;
} lent;

// Frees for size 0, also in the middle of a collection. A buffer that is resized on its way to
// another one gets memory of the engine's.
static void *return_lent(JSRuntime *rt, void *opaque, void *data, size_t size) {
  lent *memory = opaque;
  bool is_lent = data == memory->data;
  void *moved = NULL;
  if (size != 0) {
    if (!is_lent) return js_realloc_rt(rt, data, size);
    moved = js_malloc_rt(rt, size);
    if (moved == NULL) return NULL;
    memcpy(moved, data, size < memory->size ? size : memory->size);
  } else if (!is_lent) {
    js_free_rt(rt, data);
  }
  if (is_lent) {
    ej_bridge_drop(JS_GetRuntimeOpaque(rt), memory->number);
    memory->data = NULL;
  }
  if (size == 0) free(memory);
  return moved;
}

JSValue ej_memory_from_python(ej_isolate *isolate, uint32_t number, int type, bool read_only,
                              uint8_t *data, size_t size) {
  JSContext *ctx = isolate->ctx;
  lent *memory = malloc(sizeof *memory);
  EJ_CHECK(memory != NULL);
  *memory = (lent){number, data, size};
  JSValue buffer = JS_NewArrayBuffer(ctx, data, size, 0, return_lent, memory, false);
  if (JS_IsException(buffer)) {
    return_lent(isolate->rt, memory, data, 0);
    return buffer;
  }
  if (read_only) JS_SetImmutableArrayBuffer(buffer, true);
  if (type < 0) return buffer;
  JSValue array = JS_NewTypedArray(ctx, 1, (JSValueConst *)&buffer, (JSTypedArrayEnum)type);
  JS_FreeValue(ctx, buffer);
  return array;
}

// --- JavaScript's memory -------------------------------------------------------------------------

typedef struct hold {
  atomic_int holders; // the ArrayBuffer, and views in Python
  void *block;        // for free()
  uint8_t *data;
  size_t size;
} hold;

void ej_window_release(void *opaque) {
  hold *held = opaque;
  if (atomic_fetch_sub(&held->holders, 1) > 1) return;
  free(held->block);
  free(held);
}

// What a resizable buffer had before it was resized stays the views'.
static void *release_held(JSRuntime *rt, void *opaque, void *data, size_t size) {
  hold *held = opaque;
  if (size == 0) {
    if (data != held->data) js_free_rt(rt, data);
    ej_window_release(held);
    return NULL;
  }
  if (data != held->data) return js_realloc_rt(rt, data, size);
  void *moved = js_malloc_rt(rt, size);
  if (moved != NULL) memcpy(moved, data, size < held->size ? size : held->size);
  return moved;
}

static hold *hold_memory(ej_isolate *isolate, JSValueConst buffer, uint8_t *data, size_t size) {
  JSReallocArrayBufferDataFunc *owner;
  hold *held = ej_quickjs_memory_owner(buffer, &owner);
  if (owner == release_held && held->data == data) {
    atomic_fetch_add(&held->holders, 1);
    return held;
  }
  held = malloc(sizeof *held);
  EJ_CHECK(held != NULL);
  // An addon may know where a buffer's bytes are: they must not move then.
  bool may_move = isolate->envs == isolate->root_env;
  void *block;
  ej_memory_kind kind = owner == ej_engine_memory ? EJ_MEMORY_ENGINES
                        : owner == ej_raw_memory  ? EJ_MEMORY_MALLOC
                                                  : EJ_MEMORY_OTHERS;
  if (!ej_quickjs_share_memory(isolate->ctx, buffer, kind, may_move, release_held, held, &block)) {
    free(held);
    return NULL;
  }
  if (kind == EJ_MEMORY_MALLOC) ej_outside_give(isolate, malloc_usable_size(block));
  size_t length;
  *held = (hold){2, block, JS_GetArrayBuffer(isolate->ctx, &length, buffer), size};
  return held;
}

// The buffer behind a view, owned, and where the view begins in it.
static JSValue buffer_of(ej_isolate *isolate, JSValueConst value, size_t *offset, size_t *size) {
  JSContext *ctx = isolate->ctx;
  *offset = 0;
  if (JS_IsArrayBuffer(value)) {
    JS_GetArrayBuffer(ctx, size, value);
    return JS_DupValue(ctx, value);
  }
  if (JS_GetTypedArrayType(value) >= 0) {
    size_t width;
    return JS_GetTypedArrayBuffer(ctx, value, offset, size, &width);
  }
  napi_env env = isolate->root_env;
  napi_value buffer;
  JSValue copy = JS_DupValue(ctx, value);
  ej_mark mark = ej_arena_mark(isolate);
  JSValue found = JS_EXCEPTION;
  if (ej_napi_get_dataview_info(env, (napi_value)&copy, size, NULL, &buffer, offset) == napi_ok)
    found = JS_DupValue(ctx, ej_value(buffer));
  ej_arena_release(isolate, mark);
  JS_FreeValue(ctx, copy);
  return found;
}

bool ej_isolate_view(ej_isolate *isolate, uint32_t number, ej_window *view) {
  JSContext *ctx = isolate->ctx;
  JS_UpdateStackTop(isolate->rt);
  JSValue value = ej_bridge_held(isolate, number);
  size_t offset, size, whole;
  JSValue buffer = buffer_of(isolate, value, &offset, &size);
  *view = (ej_window){0, 0, JS_GetTypedArrayType(value), NULL};
  JS_FreeValue(ctx, value);
  bool ok = !JS_IsException(buffer);
  uint8_t *data = ok ? JS_GetArrayBuffer(ctx, &whole, buffer) : NULL;
  if (data != NULL && size != 0) {
    view->hold = hold_memory(isolate, buffer, data, whole);
    data = JS_GetArrayBuffer(ctx, &whole, buffer);
    view->address = (uintptr_t)data + offset;
    view->size = size;
  }
  JS_FreeValue(ctx, buffer);
  if (JS_HasException(ctx)) JS_FreeValue(ctx, JS_GetException(ctx)); // the memory is gone
  return ok;
}

bool ej_isolate_bytes(ej_isolate *isolate, uint32_t number, uint8_t **data, size_t *size) {
  JSContext *ctx = isolate->ctx;
  JS_UpdateStackTop(isolate->rt);
  JSValue value = ej_bridge_held(isolate, number);
  size_t offset, whole;
  JSValue buffer = buffer_of(isolate, value, &offset, size);
  JS_FreeValue(ctx, value);
  bool ok = !JS_IsException(buffer);
  *data = ok ? JS_GetArrayBuffer(ctx, &whole, buffer) : NULL;
  if (*data == NULL) {
    *size = 0;
  } else {
    *data += offset;
  }
  JS_FreeValue(ctx, buffer);
  if (JS_HasException(ctx)) JS_FreeValue(ctx, JS_GetException(ctx)); // the memory is gone
  return ok;
}
