// SPDX-License-Identifier: Apache-2.0
//
// References and finalizers. Node: Reference, ReferenceWithFinalizer and Finalizer in
// src/js_native_api_v8.{h,cc}.
//
// A reference is strong while its count is above zero. When a weak one's target dies, its finalizer
// is queued and runs as a task of the loop; only addons built for the experimental version, and
// ej_create_basic_external, get it during the collection, where they may call nothing but
// node_api_basic_* functions.
#include <stdlib.h>

#include "napi_internal.h"

// --- Making and deleting ------------------------------------------------------------------------

static ej_reference *reference_alloc(napi_env env, ej_ownership ownership, napi_finalize finalize,
                                     void *data, void *hint) {
  ej_reference *reference = calloc(1, sizeof(*reference));
  if (reference == NULL) return NULL;
  ej_ring_init(&reference->in_target);
  reference->env = env;
  reference->value = JS_UNINITIALIZED;
  reference->ownership = ownership;
  reference->finalize = finalize;
  reference->data = data;
  reference->hint = hint;
  ej_ring_insert(env->isolate->napi->references.next, &reference->in_env);
  return reference;
}

// Makes the reference weak without giving up a hold. False with an exception pending.
static bool link_weakly(ej_reference *reference) {
  ej_isolate *isolate = reference->env->isolate;
  ej_meta *meta = ej_meta_of(isolate, reference->value, true);
  if (meta == NULL) return false;
  ej_ring_insert(&meta->weak, &reference->in_target);
  return true;
}

// A symbol of the global registry is never collected and cannot be held weakly: it is kept.
static bool is_registered_symbol(ej_isolate *isolate, JSValueConst value) {
  if (!JS_IsSymbol(value)) return false;
  JSContext *ctx = isolate->ctx;
  JSValue pending = ej_set_aside(ctx);
  JSValueConst key_for = ej_lazy_intrinsic(isolate, EJ_SYMBOL_KEY_FOR);
  JSValue key = JS_UNDEFINED;
  if (!JS_IsException(key_for)) key = JS_Call(ctx, key_for, JS_UNDEFINED, 1, &value);
  ej_put_back(ctx, pending);
  bool registered = JS_IsString(key);
  JS_FreeValue(ctx, key);
  return registered;
}

ej_reference *ej_reference_new(napi_env env, JSValueConst value, uint32_t count,
                               ej_ownership ownership, napi_finalize finalize, void *data,
                               void *hint) {
  JSContext *ctx = env->isolate->ctx;
  ej_reference *reference = reference_alloc(env, ownership, finalize, data, hint);
  if (reference == NULL) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  reference->count = count;
  reference->can_be_weak = JS_IsObject(value) || JS_IsSymbol(value);
  reference->is_registered = is_registered_symbol(env->isolate, value);
  if (count > 0 || reference->is_registered) {
    reference->value = JS_DupValue(ctx, value);
    reference->holds = true;
  } else if (reference->can_be_weak) {
    reference->value = value;
    if (!link_weakly(reference)) {
      ej_ring_remove(&reference->in_env);
      free(reference);
      return NULL;
    }
  }
  return reference;
}

// Gives up the value. Does not touch it otherwise: the target may be dying.
static void drop_value(ej_reference *reference, JSContext *ctx) {
  JSValue value = reference->value;
  bool holds = reference->holds;
  reference->value = JS_UNINITIALIZED;
  reference->holds = false;
  ej_ring_remove(&reference->in_target);
  if (holds) JS_FreeValue(ctx, value);
}

static void forget_wrap(ej_reference *reference) {
  if (reference->wraps != NULL) reference->wraps->wrap = NULL;
  reference->wraps = NULL;
}

// --- The queue of finalizers --------------------------------------------------------------------

// Runs the finalizer of a reference that is in no list but `in_env`.
static void run_finalizer(ej_reference *reference,
                          void (*call)(napi_env, napi_finalize, void *, void *)) {
  napi_env env = reference->env;
  napi_finalize finalize = reference->finalize;
  void *data = reference->data;
  void *hint = reference->hint;
  ej_ring_remove(&reference->in_env);
  if (reference->ownership == EJ_OWNED_BY_RUNTIME) {
    drop_value(reference, env->isolate->ctx);
    free(reference);
  } else { // the user's to delete, in the finalizer or later
    reference->finalize = NULL;
    ej_ring_insert(&env->isolate->napi->orphans, &reference->in_env);
  }
  if (finalize != NULL) call(env, finalize, data, hint);
}

static void run_finalizers(void *data) {
  ej_isolate *isolate = data;
  ej_link *queue = &isolate->napi->finalizers;
  isolate->napi->finalizers_scheduled = false;
  while (!ej_ring_empty(queue)) {
    ej_reference *reference = EJ_CONTAINER(queue->next, ej_reference, in_target);
    ej_ring_remove(&reference->in_target);
    run_finalizer(reference, ej_env_call_finalizer);
  }
}

static void enqueue(ej_reference *reference) {
  ej_isolate *isolate = reference->env->isolate;
  ej_ring_remove(&reference->in_target);
  ej_ring_insert(&isolate->napi->finalizers, &reference->in_target);
  if (isolate->napi->finalizers_scheduled) return;
  isolate->napi->finalizers_scheduled = true;
  ej_isolate_defer(isolate, run_finalizers, isolate);
}

static void call_in_collection(napi_env env, napi_finalize finalize, void *data, void *hint) {
  bool outer = env->in_gc_finalizer;
  env->in_gc_finalizer = true;
  finalize(env, data, hint);
  env->in_gc_finalizer = outer;
}

void ej_reference_target_died(ej_reference *reference) {
  napi_env env = reference->env;
  reference->value = JS_UNINITIALIZED;
  reference->wraps = NULL;
  if (reference->is_memory) return; // the memory may live on in another ArrayBuffer
  if (reference->finalize == NULL) {
    if (reference->ownership == EJ_OWNED_BY_USER) return;
    ej_ring_remove(&reference->in_env);
    free(reference);
  } else if (env->isolate->napi->finalizing == env) {
    return; // its turn comes in ej_env_finalize_references
  } else if (reference->is_basic || env->module_api_version == NAPI_VERSION_EXPERIMENTAL) {
    run_finalizer(reference, call_in_collection);
  } else {
    enqueue(reference);
  }
}

void ej_reference_delete(ej_isolate *isolate, ej_reference *reference) {
  forget_wrap(reference);
  if (reference->holds && reference->env->in_gc_finalizer) {
    // The engine must not free values during a collection: the queue does it.
    reference->finalize = NULL;
    reference->ownership = EJ_OWNED_BY_RUNTIME;
    enqueue(reference);
    return;
  }
  ej_ring_remove(&reference->in_env);
  drop_value(reference, isolate->ctx);
  free(reference);
}

// --- Memory of external buffers -----------------------------------------------------------------

ej_reference *ej_memory_new(napi_env env, napi_finalize finalize, void *data, void *hint) {
  ej_reference *memory = reference_alloc(env, EJ_OWNED_BY_RUNTIME, finalize, data, hint);
  if (memory == NULL)
    JS_ThrowOutOfMemory(env->isolate->ctx);
  else
    memory->is_memory = true;
  return memory;
}

bool ej_memory_shown_by(ej_reference *memory, JSValueConst buffer) {
  memory->value = buffer;
  return link_weakly(memory);
}

void ej_memory_release(ej_reference *memory) {
  if (memory->finalized) { // by the end of its env
    free(memory);
    return;
  }
  memory->finalized = true;
  memory->value = JS_UNINITIALIZED;
  enqueue(memory);
}

// The env ends while JavaScript can still see the memory: take it away, as Node does.
static void end_memory(ej_reference *memory) {
  napi_env env = memory->env;
  napi_finalize finalize = memory->finalize;
  void *data = memory->data;
  void *hint = memory->hint;
  JSValueConst buffer = memory->value;
  memory->finalized = true;
  memory->value = JS_UNINITIALIZED;
  ej_ring_remove(&memory->in_env);
  ej_ring_remove(&memory->in_target);
  if (JS_IsObject(buffer)) JS_DetachArrayBuffer(env->isolate->ctx, buffer); // frees `memory`
  if (finalize != NULL) ej_env_call_finalizer(env, finalize, data, hint);
}

// --- The end of an env --------------------------------------------------------------------------

static void end_reference(ej_reference *reference) {
  if (reference->is_memory && !reference->finalized) {
    end_memory(reference);
    return;
  }
  forget_wrap(reference);
  drop_value(reference, reference->env->isolate->ctx);
  run_finalizer(reference, ej_env_call_finalizer);
}

static void run_queued_of(napi_env env) {
  ej_link *queue = &env->isolate->napi->finalizers;
  ej_link *link = queue->next;
  while (link != queue) {
    ej_reference *reference = EJ_CONTAINER(link, ej_reference, in_target);
    if (reference->env == env) {
      ej_ring_remove(link);
      run_finalizer(reference, ej_env_call_finalizer);
      link = queue->next; // the finalizer may have changed the queue
    } else {
      link = link->next;
    }
  }
}

// Moves the env's matching references out of the isolate's list, in order. False if there is none.
static bool take(napi_env env, bool with_finalizer, ej_link *taken) {
  ej_link *all = &env->isolate->napi->references;
  ej_ring_init(taken);
  for (ej_link *link = all->next, *next; link != all; link = next) {
    next = link->next;
    ej_reference *reference = EJ_CONTAINER(link, ej_reference, in_env);
    if (reference->env != env || (reference->finalize != NULL) != with_finalizer) continue;
    ej_ring_remove(link);
    ej_ring_insert(taken, link);
  }
  return !ej_ring_empty(taken);
}

static void end_all(ej_link *taken) {
  while (!ej_ring_empty(taken)) end_reference(EJ_CONTAINER(taken->next, ej_reference, in_env));
}

void ej_env_finalize_references(napi_env env) {
  struct ej_napi *napi = env->isolate->napi;
  run_queued_of(env);
  napi_env outer = napi->finalizing;
  napi->finalizing = env;
  // Finalizers first: they may delete the plain references that their data holds.
  ej_link taken;
  while (take(env, true, &taken) || take(env, false, &taken)) end_all(&taken);
  napi->finalizing = outer;
  run_queued_of(env);
}

static void free_all(ej_isolate *isolate, ej_link *references) {
  while (!ej_ring_empty(references)) {
    ej_reference *reference = EJ_CONTAINER(references->next, ej_reference, in_env);
    ej_ring_remove(&reference->in_env);
    forget_wrap(reference);
    drop_value(reference, isolate->ctx);
    free(reference);
  }
}

void ej_references_free(ej_isolate *isolate) {
  free_all(isolate, &isolate->napi->orphans);
  free_all(isolate, &isolate->napi->references);
}

// --- Functions ----------------------------------------------------------------------------------

static ej_reference *reference_of(napi_ref ref) { return (ej_reference *)(void *)ref; }

napi_status ej_napi_create_reference(napi_env env, napi_value value, uint32_t initial_refcount,
                                     napi_ref *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, result);
  JSValueConst target = ej_value(value);
  if (env->module_api_version < 10 && !JS_IsObject(target) && !JS_IsSymbol(target))
    return ej_set_error(env, napi_invalid_arg);
  ej_reference *reference =
      ej_reference_new(env, target, initial_refcount, EJ_OWNED_BY_USER, NULL, NULL, NULL);
  if (reference == NULL) return ej_fail_quietly(env, napi_generic_failure);
  *result = (napi_ref)(void *)reference;
  return ej_clear_error(env);
}

napi_status ej_napi_delete_reference(node_api_basic_env env, napi_ref ref) {
  CHECK_ENV(env);
  CHECK_ARG(env, ref);
  ej_reference_delete(env->isolate, reference_of(ref));
  return ej_clear_error(env);
}

napi_status ej_napi_reference_ref(napi_env env, napi_ref ref, uint32_t *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, ref);
  ej_reference *reference = reference_of(ref);
  uint32_t count = 0;
  if (!JS_IsUninitialized(reference->value)) {
    count = ++reference->count;
    if (!reference->holds) {
      JS_DupValue(env->isolate->ctx, reference->value);
      reference->holds = true;
      ej_ring_remove(&reference->in_target);
    }
  }
  if (result != NULL) *result = count;
  return ej_clear_error(env);
}

napi_status ej_napi_reference_unref(napi_env env, napi_ref ref, uint32_t *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, ref);
  ej_reference *reference = reference_of(ref);
  RETURN_STATUS_IF_FALSE(env, reference->count > 0, napi_generic_failure);
  uint32_t count = 0;
  if (!JS_IsUninitialized(reference->value)) count = --reference->count;
  if (count == 0 && reference->holds && !reference->is_registered) {
    if (!reference->can_be_weak) {
      drop_value(reference, env->isolate->ctx);
    } else if (link_weakly(reference)) {
      reference->holds = false;
      JS_FreeValue(env->isolate->ctx, reference->value); // may be its end
    } else {
      reference->count = 1;
      return ej_fail_quietly(env, napi_generic_failure);
    }
  }
  if (result != NULL) *result = count;
  return ej_clear_error(env);
}

napi_status ej_napi_get_reference_value(napi_env env, napi_ref ref, napi_value *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, ref);
  CHECK_ARG(env, result);
  ej_isolate *isolate = env->isolate;
  JSValueConst value = reference_of(ref)->value;
  *result = JS_IsUninitialized(value) ? NULL : ej_handle(isolate, JS_DupValue(isolate->ctx, value));
  return ej_clear_error(env);
}

napi_status ej_napi_add_finalizer(napi_env env, napi_value js_object, void *finalize_data,
                                  node_api_basic_finalize finalize_cb, void *finalize_hint,
                                  napi_ref *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, js_object);
  CHECK_ARG(env, finalize_cb);
  JSValueConst object = ej_value(js_object);
  RETURN_STATUS_IF_FALSE(env, JS_IsObject(object), napi_invalid_arg);
  ej_reference *reference =
      ej_reference_new(env, object, 0, result == NULL ? EJ_OWNED_BY_RUNTIME : EJ_OWNED_BY_USER,
                       finalize_cb, finalize_data, finalize_hint);
  if (reference == NULL) return ej_fail_quietly(env, napi_generic_failure);
  if (result != NULL) *result = (napi_ref)(void *)reference;
  return ej_clear_error(env);
}

// V8 collects when natives report this much more than at the last collection.
enum { EXTERNAL_MEMORY_STEP = 64 * 1024 * 1024 };

napi_status ej_napi_adjust_external_memory(node_api_basic_env env, int64_t change_in_bytes,
                                           int64_t *adjusted_value) {
  CHECK_ENV(env);
  CHECK_ARG(env, adjusted_value);
  struct ej_napi *napi = env->isolate->napi;
  napi->external_memory += change_in_bytes;
  if (napi->external_memory < napi->collected_memory)
    napi->collected_memory = napi->external_memory;
  if (napi->external_memory - napi->collected_memory > EXTERNAL_MEMORY_STEP &&
      !env->in_gc_finalizer) {
    napi->collected_memory = napi->external_memory;
    JS_RunGC(env->isolate->rt);
  }
  *adjusted_value = napi->external_memory;
  return ej_clear_error(env);
}
