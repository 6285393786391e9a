// SPDX-License-Identifier: Apache-2.0
//
// internalBinding('heap'): what `v8` tells of the heap. The engine has one, without generations.
#include "internal.h"

#include <stdlib.h>

#include "quickjs_more.h"

typedef struct ej_collection {
  uint64_t began, took; // uv_hrtime, ns
  size_t before, after; // bytes allocated
} ej_collection;

struct ej_heap {
  uint32_t recorders; // how many want collections to be noted
  ej_collection *collections;
  size_t count, capacity;
};

// In the middle of the engine's work: only notes.
static void on_collection(JSRuntime *rt, bool begins, size_t allocated) {
  ej_isolate *isolate = JS_GetRuntimeOpaque(rt);
  struct ej_heap *heap = isolate == NULL ? NULL : isolate->heap;
  if (heap == NULL || heap->recorders == 0) return;
  if (begins) {
    if (heap->count == heap->capacity) {
      heap->capacity = heap->capacity ? heap->capacity * 2 : 16;
      heap->collections = realloc(heap->collections, heap->capacity * sizeof *heap->collections);
      EJ_CHECK(heap->collections != NULL);
    }
    heap->collections[heap->count++] = (ej_collection){.began = uv_hrtime(), .before = allocated};
  } else if (heap->count > 0) {
    ej_collection *last = &heap->collections[heap->count - 1];
    last->took = uv_hrtime() - last->began;
    last->after = allocated;
  }
}

void ej_heap_free(ej_isolate *isolate) {
  if (isolate->heap == NULL) return;
  free(isolate->heap->collections);
  free(isolate->heap);
  isolate->heap = NULL;
}

// record(): the number of the next collection.
static JSValue record(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc, (void)argv;
  struct ej_heap *heap = ej_isolate_of(ctx)->heap;
  heap->recorders++;
  return JS_NewInt64(ctx, (int64_t)heap->count);
}

// collectionsSince(number): [us, bytes before, bytes after] of each; ends what record() began.
static JSValue collections_since(JSContext *ctx, JSValueConst this_val, int argc,
                                 JSValueConst *argv) {
  (void)this_val, (void)argc;
  struct ej_heap *heap = ej_isolate_of(ctx)->heap;
  int64_t first;
  if (JS_ToInt64(ctx, &first, argv[0]) < 0) return JS_EXCEPTION;
  size_t count = heap->count; // making the list may collect
  heap->recorders--;
  JSValue list = JS_NewArray(ctx);
  for (size_t i = (size_t)first; i < count && !JS_IsException(list); i++) {
    ej_collection *collection = &heap->collections[i];
    JSValue parts[] = {JS_NewFloat64(ctx, (double)collection->took / 1e3),
                       JS_NewInt64(ctx, (int64_t)collection->before),
                       JS_NewInt64(ctx, (int64_t)collection->after)};
    JS_DefinePropertyValueUint32(ctx, list, (uint32_t)(i - (size_t)first),
                                 JS_NewArrayFrom(ctx, 3, parts), JS_PROP_C_W_E);
  }
  if (heap->recorders == 0) heap->count = 0;
  return list;
}

// codeSizes(): bytes of functions, and of their bytecode alone.
static JSValue code_sizes(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc, (void)argv;
  JSMemoryUsage usage;
  JS_ComputeMemoryUsage(JS_GetRuntime(ctx), &usage);
  JSValue pair[] = {JS_NewInt64(ctx, usage.js_func_size + usage.js_func_pc2line_size),
                    JS_NewInt64(ctx, usage.js_func_code_size)};
  return JS_NewArrayFrom(ctx, 2, pair);
}

// queryObjects(prototype): the objects that inherit from it, after a collection.
static JSValue query_objects(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  JS_RunGC(JS_GetRuntime(ctx));
  return ej_quickjs_query_objects(ctx, argv[0]);
}

static const JSCFunctionListEntry functions[] = {
    JS_CFUNC_DEF("record", 0, record),
    JS_CFUNC_DEF("collectionsSince", 1, collections_since),
    JS_CFUNC_DEF("codeSizes", 0, code_sizes),
    JS_CFUNC_DEF("queryObjects", 1, query_objects),
};

JSValue ej_binding_heap(ej_isolate *isolate) {
  isolate->heap = calloc(1, sizeof *isolate->heap);
  EJ_CHECK(isolate->heap != NULL);
  ej_quickjs_set_collection_hook(on_collection);
  return EJ_BINDING_OBJECT(isolate->ctx, functions);
}
