// SPDX-License-Identifier: Apache-2.0
//
// Native data on JavaScript objects. Objects made by native constructors and externals carry it
// themselves; for any other object or symbol a WeakMap leads to it, which works for frozen objects
// and proxies. In both cases an engine finalizer tells when the object dies.
#include <stdlib.h>

#include "napi_internal.h"

static ej_meta *meta_alloc(ej_class *klass) {
  ej_meta *meta = calloc(1, sizeof(*meta));
  if (meta == NULL) return NULL;
  ej_ring_init(&meta->weak);
  meta->klass = klass;
  return meta;
}

void ej_class_unref(ej_class *klass) {
  if (klass != NULL && --klass->refcount == 0) free(klass);
}

// The target dies. A basic finalizer that runs now may delete any reference: take one at a time.
static void meta_dispose(ej_meta *meta) {
  if (meta->wrap != NULL) meta->wrap->wraps = NULL;
  while (!ej_ring_empty(&meta->weak)) {
    ej_reference *reference = EJ_CONTAINER(meta->weak.next, ej_reference, in_target);
    ej_ring_remove(&reference->in_target);
    ej_reference_target_died(reference);
  }
  ej_class_unref(meta->klass);
}

// --- Class `meta`: the value in the WeakMap -----------------------------------------------------

static void meta_finalizer(JSRuntime *rt, JSValueConst object) {
  ej_isolate *isolate = JS_GetRuntimeOpaque(rt);
  ej_meta *meta = JS_GetOpaque(object, isolate->classes.meta);
  if (meta == NULL) return;
  meta_dispose(meta);
  free(meta);
}

static const JSClassDef meta_class = {.class_name = "NativeData", .finalizer = meta_finalizer};

// --- Class `instance`: `this` in a native constructor -------------------------------------------

// The opaque pointer of an instance is its ej_class with the low bit set, or NULL, until something
// needs an ej_meta: most objects never do.
static bool is_class(const void *opaque) { return ((uintptr_t)opaque & 1) != 0; }

static ej_class *as_class(void *opaque) { return (ej_class *)(void *)((char *)opaque - 1); }

static void instance_finalizer(JSRuntime *rt, JSValueConst object) {
  ej_isolate *isolate = JS_GetRuntimeOpaque(rt);
  void *opaque = JS_GetOpaque(object, isolate->classes.instance);
  if (opaque == NULL) return;
  if (is_class(opaque)) {
    ej_class_unref(as_class(opaque));
    return;
  }
  meta_dispose(opaque);
  free(opaque);
}

// Named as the engine names plain objects: nothing tells them apart.
static const JSClassDef instance_class = {.class_name = "Object", .finalizer = instance_finalizer};

JSValue ej_instance_new(ej_isolate *isolate, JSValueConst new_target, ej_class *klass) {
  JSContext *ctx = isolate->ctx;
  JSValue prototype = JS_GetProperty(ctx, new_target, isolate->napi->atoms[EJ_ATOM_PROTOTYPE]);
  if (JS_IsException(prototype)) return prototype;
  if (!JS_IsObject(prototype)) {
    JS_FreeValue(ctx, prototype);
    prototype = JS_GetClassProto(ctx, isolate->classes.plain);
  }
  JSValue object = JS_NewObjectProtoClass(ctx, prototype, isolate->classes.instance);
  JS_FreeValue(ctx, prototype);
  if (!JS_IsException(object) && klass != NULL) {
    klass->refcount++;
    JS_SetOpaque(object, (char *)klass + 1);
  }
  return object;
}

static ej_meta *instance_meta(JSContext *ctx, JSValueConst object, void *opaque, bool create) {
  if (opaque != NULL && !is_class(opaque)) return opaque;
  if (!create) return NULL;
  ej_meta *meta = meta_alloc(opaque == NULL ? NULL : as_class(opaque));
  if (meta == NULL) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  JS_SetOpaque(object, meta);
  return meta;
}

ej_class *ej_instance_class(ej_isolate *isolate, JSValueConst value) {
  JSClassID id;
  void *opaque = JS_GetAnyOpaque(value, &id);
  if (id != isolate->classes.instance || opaque == NULL) return NULL;
  return is_class(opaque) ? as_class(opaque) : ((ej_meta *)opaque)->klass;
}

// --- Class `external` ---------------------------------------------------------------------------

static void external_finalizer(JSRuntime *rt, JSValueConst object) {
  ej_isolate *isolate = JS_GetRuntimeOpaque(rt);
  ej_external *external = JS_GetOpaque(object, isolate->classes.external);
  if (external == NULL) return;
  meta_dispose(&external->meta);
  free(external);
}

static const JSClassDef external_class = {.class_name = "Object", .finalizer = external_finalizer};

// --- Lookup -------------------------------------------------------------------------------------

static ej_meta *mapped_meta(ej_isolate *isolate, JSValueConst target, bool create) {
  JSContext *ctx = isolate->ctx;
  JSValue found = JS_Call(ctx, isolate->metas_get, isolate->metas, 1, &target);
  if (JS_IsException(found)) return NULL;
  if (!JS_IsUndefined(found)) {
    ej_meta *meta = JS_GetOpaque(found, isolate->classes.meta);
    JS_FreeValue(ctx, found); // the map still holds it
    return meta;
  }
  if (!create) return NULL;

  JSValue carrier = JS_NewObjectProtoClass(ctx, JS_NULL, isolate->classes.meta);
  if (JS_IsException(carrier)) return NULL;
  ej_meta *meta = meta_alloc(NULL);
  if (meta == NULL) {
    JS_FreeValue(ctx, carrier);
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  JS_SetOpaque(carrier, meta);
  JSValueConst pair[] = {target, carrier};
  JSValue done = JS_Call(ctx, isolate->metas_set, isolate->metas, 2, pair);
  JS_FreeValue(ctx, carrier); // frees `meta` too if the map refused it
  if (JS_IsException(done)) return NULL;
  JS_FreeValue(ctx, done);
  return meta;
}

ej_meta *ej_meta_of(ej_isolate *isolate, JSValueConst target, bool create) {
  JSClassID id;
  void *opaque = JS_GetAnyOpaque(target, &id);
  if (id == isolate->classes.instance) return instance_meta(isolate->ctx, target, opaque, create);
  if (id == isolate->classes.external) return &((ej_external *)opaque)->meta;
  return mapped_meta(isolate, target, create);
}

// --- Set-up -------------------------------------------------------------------------------------

static JSValue method_of(JSContext *ctx, JSValueConst object, const char *name) {
  JSValue method = JS_GetPropertyStr(ctx, object, name);
  EJ_CHECK(JS_IsFunction(ctx, method));
  return method;
}

void ej_meta_init(ej_isolate *isolate) {
  JSContext *ctx = isolate->ctx;
  JS_NewClassID(isolate->rt, &isolate->classes.meta);
  JS_NewClassID(isolate->rt, &isolate->classes.instance);
  JS_NewClassID(isolate->rt, &isolate->classes.external);
  EJ_CHECK(JS_NewClass(isolate->rt, isolate->classes.meta, &meta_class) == 0);
  EJ_CHECK(JS_NewClass(isolate->rt, isolate->classes.instance, &instance_class) == 0);
  EJ_CHECK(JS_NewClass(isolate->rt, isolate->classes.external, &external_class) == 0);

  JSValue global = JS_GetGlobalObject(ctx);
  JSValue constructor = method_of(ctx, global, "WeakMap");
  isolate->metas = JS_CallConstructor(ctx, constructor, 0, NULL);
  EJ_CHECK(JS_IsObject(isolate->metas));
  isolate->metas_get = method_of(ctx, isolate->metas, "get");
  isolate->metas_set = method_of(ctx, isolate->metas, "set");
  JS_FreeValue(ctx, constructor);
  JS_FreeValue(ctx, global);
}

void ej_meta_free(ej_isolate *isolate) {
  JS_FreeValue(isolate->ctx, isolate->metas_get);
  JS_FreeValue(isolate->ctx, isolate->metas_set);
  JS_FreeValue(isolate->ctx, isolate->metas);
  isolate->metas = isolate->metas_get = isolate->metas_set = JS_UNDEFINED;
}
