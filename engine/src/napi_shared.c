// SPDX-License-Identifier: Apache-2.0
//
// The memory of SharedArrayBuffers. Several isolates, on several threads, may show the same bytes,
// so the count of its holders belongs to the process: in a header before the bytes that the engine
// asks for, in a list for those that a native brings.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "napi_internal.h"

// --- The engine's own ---------------------------------------------------------------------------

typedef union ej_shared_header {
  struct {
    atomic_size_t holders;
    size_t size;
  };
  max_align_t alignment;
} ej_shared_header;

static ej_shared_header *header_of(void *data) { return (ej_shared_header *)data - 1; }

// Whoever holds a memory counts it whole. The engine expects an exception with a NULL.
static void *shared_alloc(void *opaque, size_t size) {
  ej_isolate *isolate = opaque;
  bool fits = size <= SIZE_MAX - sizeof(ej_shared_header) && ej_outside_take(isolate, size);
  ej_shared_header *header = fits ? malloc(sizeof(*header) + size) : NULL;
  if (header == NULL) {
    if (fits) ej_outside_give(isolate, size);
    JS_ThrowRangeError(isolate->ctx, "Array buffer allocation failed");
    return NULL;
  }
  atomic_init(&header->holders, 1);
  header->size = size;
  return header + 1;
}

// --- A native's ---------------------------------------------------------------------------------

typedef struct ej_shared_external {
  struct ej_shared_external *next;
  void *data;
  size_t holders;
  node_api_noenv_finalize finalize;
  void *hint;
} ej_shared_external;

static pthread_mutex_t externals_lock = PTHREAD_MUTEX_INITIALIZER;
static ej_shared_external *externals; // guarded; usually empty

// Where the list points at the external of `data`, or at its end. The lock is held.
static ej_shared_external **find_external(const void *data) {
  ej_shared_external **link = &externals;
  while (*link != NULL && (*link)->data != data) link = &(*link)->next;
  return link;
}

static void external_add(ej_shared_external *external) {
  pthread_mutex_lock(&externals_lock);
  external->next = externals;
  externals = external;
  pthread_mutex_unlock(&externals_lock);
}

// False when `data` is not a native's.
static bool external_hold(const void *data) {
  pthread_mutex_lock(&externals_lock);
  ej_shared_external *external = *find_external(data);
  if (external != NULL) external->holders++;
  pthread_mutex_unlock(&externals_lock);
  return external != NULL;
}

static bool external_release(const void *data) {
  pthread_mutex_lock(&externals_lock);
  ej_shared_external **link = find_external(data);
  ej_shared_external *external = *link;
  bool last = external != NULL && --external->holders == 0;
  if (last) *link = external->next;
  pthread_mutex_unlock(&externals_lock);
  if (last) {
    // By contract callable on any thread at any time, and without an env.
    if (external->finalize != NULL) external->finalize(external->data, external->hint);
    free(external);
  }
  return external != NULL;
}

// --- What the engine calls ----------------------------------------------------------------------

void ej_shared_hold(void *data) {
  if (!external_hold(data)) atomic_fetch_add(&header_of(data)->holders, 1);
}

void ej_shared_release(void *data) {
  if (external_release(data)) return;
  if (atomic_fetch_sub(&header_of(data)->holders, 1) == 1) free(header_of(data));
}

// An isolate that is given memory of another's cannot refuse it.
static void shared_hold(void *isolate, void *data) {
  if (external_hold(data)) return;
  atomic_fetch_add(&header_of(data)->holders, 1);
  ((ej_isolate *)isolate)->outside += header_of(data)->size;
}

static void shared_release(void *isolate, void *data) {
  if (external_release(data)) return;
  ej_outside_give(isolate, header_of(data)->size);
  ej_shared_release(data);
}

void ej_shared_init(ej_isolate *isolate) {
  const JSSharedArrayBufferFunctions functions = {
      .sab_alloc = shared_alloc,
      .sab_free = shared_release,
      .sab_dup = shared_hold,
      .sab_opaque = isolate,
  };
  JS_SetSharedArrayBufferFunctions(isolate->rt, &functions);
}

// --- Functions ----------------------------------------------------------------------------------

static JSValue new_shared_array_buffer(ej_isolate *isolate, size_t byte_length) {
  JSContext *ctx = isolate->ctx;
  JSValueConst constructor = ej_lazy_intrinsic(isolate, EJ_SHARED_ARRAY_BUFFER);
  if (JS_IsException(constructor)) return JS_EXCEPTION;
  JSValueConst length = JS_NewFloat64(ctx, (double)byte_length);
  return JS_CallConstructor(ctx, constructor, 1, &length);
}

napi_status ej_node_api_create_sharedarraybuffer(napi_env env, size_t byte_length, void **data,
                                                 napi_value *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, result);
  JSValue buffer = new_shared_array_buffer(env->isolate, byte_length);
  CHECK_VALUE_WITH_PREAMBLE(env, buffer, napi_generic_failure);
  if (data != NULL) *data = JS_GetArrayBuffer(env->isolate->ctx, &byte_length, buffer);
  *result = ej_handle(env->isolate, buffer);
  return napi_ok;
}

// A SharedArrayBuffer over `data`, which is not NULL. JS_EXCEPTION without a call to the finalizer.
static JSValue external_shared(JSContext *ctx, void *data, size_t byte_length,
                               node_api_noenv_finalize finalize_cb, void *finalize_hint) {
  ej_shared_external *external = calloc(1, sizeof(*external));
  if (external == NULL) return JS_ThrowOutOfMemory(ctx);
  external->data = data;
  external->holders = 1; // ours, until the buffer has its own
  external_add(external);
  JSValue buffer = JS_NewArrayBuffer(ctx, data, byte_length, 0, NULL, NULL, true);
  if (!JS_IsException(buffer)) {
    external->finalize = finalize_cb;
    external->hint = finalize_hint;
  }
  external_release(data);
  return buffer;
}

napi_status ej_node_api_create_external_sharedarraybuffer(napi_env env, void *external_data,
                                                          size_t byte_length,
                                                          node_api_noenv_finalize finalize_cb,
                                                          void *finalize_hint, napi_value *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, result);
  JSValue buffer;
  if (external_data == NULL) { // nothing to show, and nothing to wait for
    buffer = new_shared_array_buffer(env->isolate, 0);
    if (!JS_IsException(buffer) && finalize_cb != NULL) finalize_cb(NULL, finalize_hint);
  } else {
    buffer =
        external_shared(env->isolate->ctx, external_data, byte_length, finalize_cb, finalize_hint);
  }
  CHECK_VALUE_WITH_PREAMBLE(env, buffer, napi_generic_failure);
  *result = ej_handle(env->isolate, buffer);
  return napi_ok;
}
