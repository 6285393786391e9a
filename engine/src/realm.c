// SPDX-License-Identifier: Apache-2.0
//
// Contexts of `vm`: realms with intrinsics of their own. The global object of a contextified one
// stands in front of two: the sandbox, an object of whoever made the context, and the realm's own.
// What Node does with V8's interceptors (ContextifyContext in src/node_contextify.cc): reads ask
// the sandbox first, writes go to both.
#include "realm.h"

#include <stdlib.h>

// --- The global object ---------------------------------------------------------------------------

typedef struct global_pair {
  JSValue sandbox;
  JSValue own; // the engine's global object of the realm
} global_pair;

static global_pair *pair_of(JSContext *ctx, JSValueConst global) {
  return JS_GetOpaque(global, ej_isolate_of(ctx)->classes.realm_global);
}

static void global_finalizer(JSRuntime *rt, JSValueConst global) {
  ej_isolate *isolate = JS_GetRuntimeOpaque(rt);
  global_pair *pair = JS_GetOpaque(global, isolate->classes.realm_global);
  if (pair == NULL) return;
  JS_FreeValueRT(rt, pair->sandbox);
  JS_FreeValueRT(rt, pair->own);
  free(pair);
}

static void global_mark(JSRuntime *rt, JSValueConst global, JS_MarkFunc *mark) {
  ej_isolate *isolate = JS_GetRuntimeOpaque(rt);
  const global_pair *pair = JS_GetOpaque(global, isolate->classes.realm_global);
  if (pair == NULL) return;
  JS_MarkValue(rt, pair->sandbox, mark);
  JS_MarkValue(rt, pair->own, mark);
}

// The value of a property found along the prototypes, JS_UNINITIALIZED when there is none.
static JSValue find(JSContext *ctx, JSValueConst object, JSAtom name) {
  JSValue value = JS_GetProperty(ctx, object, name);
  if (!JS_IsUndefined(value)) return value;
  int has = JS_HasProperty(ctx, object, name);
  return has < 0 ? JS_EXCEPTION : has ? JS_UNDEFINED : JS_UNINITIALIZED;
}

// The sandbox, seen from inside, is the global object.
static JSValue seen_from_inside(JSContext *ctx, JSValueConst global, JSValue value) {
  if (!JS_IsObject(value) || !JS_IsStrictEqual(ctx, value, pair_of(ctx, global)->sandbox))
    return value;
  JS_FreeValue(ctx, value);
  return JS_DupValue(ctx, global);
}

static JSValue global_get(JSContext *ctx, JSValueConst global, JSAtom name, JSValueConst receiver) {
  (void)receiver;
  const global_pair *pair = pair_of(ctx, global);
  JSValue value = find(ctx, pair->sandbox, name);
  if (JS_IsUninitialized(value)) return find(ctx, pair->own, name);
  return seen_from_inside(ctx, global, value);
}

static int global_get_own(JSContext *ctx, JSPropertyDescriptor *found, JSValueConst global,
                          JSAtom name) {
  const global_pair *pair = pair_of(ctx, global);
  int has = JS_GetOwnProperty(ctx, found, pair->sandbox, name);
  if (has == 0) has = JS_GetOwnProperty(ctx, found, pair->own, name);
  if (has > 0 && found != NULL) found->value = seen_from_inside(ctx, global, found->value);
  return has;
}

static int global_has(JSContext *ctx, JSValueConst global, JSAtom name) {
  const global_pair *pair = pair_of(ctx, global);
  int has = JS_GetOwnProperty(ctx, NULL, pair->sandbox, name);
  return has != 0 ? has : JS_HasProperty(ctx, pair->own, name);
}

static int global_names(JSContext *ctx, JSPropertyEnum **names, uint32_t *count,
                        JSValueConst global) {
  const global_pair *pair = pair_of(ctx, global);
  const int all = JS_GPN_STRING_MASK | JS_GPN_SYMBOL_MASK;
  JSPropertyEnum *first, *second, *both;
  uint32_t first_count, second_count;
  if (JS_GetOwnPropertyNames(ctx, &first, &first_count, pair->sandbox, all) < 0) return -1;
  if (JS_GetOwnPropertyNames(ctx, &second, &second_count, pair->own, all) < 0) {
    JS_FreePropertyEnum(ctx, first, first_count);
    return -1;
  }
  both = js_realloc(ctx, first, (first_count + second_count + 1) * sizeof *first);
  if (both == NULL) {
    JS_FreePropertyEnum(ctx, first, first_count);
    JS_FreePropertyEnum(ctx, second, second_count);
    return -1;
  }
  *names = both;
  *count = first_count;
  for (uint32_t i = 0; i < second_count; i++) {
    uint32_t same = 0;
    while (same < first_count && both[same].atom != second[i].atom) same++;
    if (same == first_count) {
      both[(*count)++] = second[i];
    } else {
      JS_FreeAtom(ctx, second[i].atom);
    }
  }
  js_free(ctx, second);
  return 0;
}

static int global_delete(JSContext *ctx, JSValueConst global, JSAtom name) {
  const global_pair *pair = pair_of(ctx, global);
  int deleted = JS_DeleteProperty(ctx, pair->sandbox, name, 0);
  return deleted <= 0 ? deleted : JS_DeleteProperty(ctx, pair->own, name, 0);
}

// The attributes of a property along the prototypes: 1 when it is there, 0 when not, -1 when a
// proxy threw.
static int find_attributes(JSContext *ctx, JSValueConst start, JSAtom name, int *flags) {
  JSValue object = JS_DupValue(ctx, start);
  int has = 0;
  while (JS_IsObject(object)) {
    JSPropertyDescriptor found;
    has = JS_GetOwnProperty(ctx, &found, object, name);
    if (has > 0) {
      *flags = found.flags;
      JS_FreeValue(ctx, found.value);
      JS_FreeValue(ctx, found.getter);
      JS_FreeValue(ctx, found.setter);
    }
    if (has != 0) break;
    JSValue prototype = JS_GetPrototype(ctx, object);
    JS_FreeValue(ctx, object);
    object = prototype;
    if (JS_IsException(object)) return -1;
  }
  JS_FreeValue(ctx, object);
  return has;
}

static bool is_read_only(int flags) {
  return (flags & JS_PROP_GETSET) == 0 && (flags & JS_PROP_WRITABLE) == 0;
}

static int refuse(JSContext *ctx, const char *format, JSAtom name) {
  const char *text = JS_AtomToCString(ctx, name);
  if (text == NULL) return -1;
  JS_ThrowTypeError(ctx, format, text);
  JS_FreeCString(ctx, text);
  return -1;
}

static int global_define(JSContext *ctx, JSValueConst global, JSAtom name, JSValueConst value,
                         JSValueConst getter, JSValueConst setter, int flags) {
  const global_pair *pair = pair_of(ctx, global);
  int attributes = 0;
  int declared = find_attributes(ctx, pair->own, name, &attributes);
  if (declared < 0) return -1;
  if (!declared || !is_read_only(attributes) || (attributes & JS_PROP_CONFIGURABLE) != 0) {
    int defined = JS_DefineProperty(ctx, pair->sandbox, name, value, getter, setter,
                                    flags & ~(JS_PROP_THROW | JS_PROP_THROW_STRICT));
    if (defined < 0) return -1;
    int has = defined == 0 ? JS_GetOwnProperty(ctx, NULL, pair->sandbox, name) : 0;
    if (has < 0) return -1;
    if (has > 0) {
      if ((flags & JS_PROP_THROW) != 0) return refuse(ctx, "Cannot redefine property: %s", name);
      return 0;
    }
  }
  return JS_DefineProperty(ctx, pair->own, name, value, getter, setter, flags);
}

static bool is_symbol(JSContext *ctx, JSAtom name) {
  JSValue value = JS_AtomToValue(ctx, name);
  bool symbol = JS_IsSymbol(value);
  JS_FreeValue(ctx, value);
  return symbol;
}

static int global_set(JSContext *ctx, JSValueConst global, JSAtom name, JSValueConst value,
                      JSValueConst receiver, int flags) {
  (void)flags;
  const global_pair *pair = pair_of(ctx, global);
  if (!JS_IsStrictEqual(ctx, global, receiver)) // an object that inherits from the global
    return JS_DefinePropertyValue(ctx, receiver, name, JS_DupValue(ctx, value), JS_PROP_C_W_E);
  int own_flags = 0, sandbox_flags = 0;
  int on_own = find_attributes(ctx, pair->own, name, &own_flags);
  int on_sandbox = on_own < 0 ? -1 : find_attributes(ctx, pair->sandbox, name, &sandbox_flags);
  if (on_sandbox < 0) return -1;
  bool own_read_only = on_own && is_read_only(own_flags);
  if (own_read_only || (on_sandbox && is_read_only(sandbox_flags))) {
    if (!ej_quickjs_is_strict(ctx)) return 0;
    return refuse(ctx,
                  own_read_only ? "Cannot assign to read only property '%s' of object '#<Object>'"
                                : "Cannot redefine property: %s",
                  name);
  }
  if (on_own || on_sandbox || !is_symbol(ctx, name)) {
    if (ej_quickjs_set_property(ctx, pair->sandbox, name, JS_DupValue(ctx, value)) < 0) return -1;
    JSPropertyDescriptor found;
    int has = JS_GetOwnProperty(ctx, &found, pair->sandbox, name);
    if (has < 0) return -1;
    if (has > 0) {
      JS_FreeValue(ctx, found.value);
      JS_FreeValue(ctx, found.getter);
      JS_FreeValue(ctx, found.setter);
      if (on_sandbox && (found.flags & JS_PROP_GETSET) != 0) return 1; // its setter has it
    }
  }
  return ej_quickjs_set_property(ctx, pair->own, name, JS_DupValue(ctx, value));
}

static JSClassExoticMethods global_methods = {
    .get_own_property = global_get_own,
    .get_own_property_names = global_names,
    .delete_property = global_delete,
    .define_own_property = global_define,
    .has_property = global_has,
    .get_property = global_get,
    .set_property = global_set,
};

static const JSClassDef global_class = {.class_name = "Object",
                                        .finalizer = global_finalizer,
                                        .gc_mark = global_mark,
                                        .exotic = &global_methods};

// --- The realm -----------------------------------------------------------------------------------

static void realm_finalizer(JSRuntime *rt, JSValueConst object) {
  ej_isolate *isolate = JS_GetRuntimeOpaque(rt);
  ej_realm *realm = JS_GetOpaque(object, isolate->classes.realm);
  if (realm == NULL) return;
  JS_FreeValueRT(rt, realm->keeper);
  free(realm);
}

static void realm_mark(JSRuntime *rt, JSValueConst object, JS_MarkFunc *mark) {
  ej_isolate *isolate = JS_GetRuntimeOpaque(rt);
  const ej_realm *realm = JS_GetOpaque(object, isolate->classes.realm);
  if (realm != NULL) JS_MarkValue(rt, realm->keeper, mark);
}

static const JSClassDef realm_class = {
    .class_name = "Realm", .finalizer = realm_finalizer, .gc_mark = realm_mark};

static void make_classes(ej_isolate *isolate) {
  if (isolate->classes.realm != 0) return;
  JS_NewClassID(isolate->rt, &isolate->classes.realm_global);
  JS_NewClassID(isolate->rt, &isolate->classes.realm);
  EJ_CHECK(JS_NewClass(isolate->rt, isolate->classes.realm_global, &global_class) == 0);
  EJ_CHECK(JS_NewClass(isolate->rt, isolate->classes.realm, &realm_class) == 0);
}

static JSValue keep(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)ctx, (void)this_val, (void)argc, (void)argv;
  return JS_UNDEFINED;
}

static JSValue new_global(JSContext *ctx, JSValueConst sandbox) {
  JSValue own = JS_GetGlobalObject(ctx);
  JSValue prototype = JS_GetPrototype(ctx, own);
  JSValue global = JS_NewObjectProtoClass(ctx, prototype, ej_isolate_of(ctx)->classes.realm_global);
  JS_FreeValue(ctx, prototype);
  global_pair *pair = JS_IsException(global) ? NULL : malloc(sizeof *pair);
  if (pair == NULL) {
    JS_FreeValue(ctx, own);
    JS_FreeValue(ctx, global);
    return JS_ThrowOutOfMemory(ctx);
  }
  *pair = (global_pair){JS_DupValue(ctx, sandbox), own};
  JS_SetOpaque(global, pair);
  return global;
}

// makeRealm(sandbox or undefined, ownJobs, host): [realm, its own global object].
static JSValue make_realm(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  ej_isolate *isolate = ej_isolate_of(ctx);
  make_classes(isolate);
  JSContext *made = JS_NewContext(isolate->rt);
  ej_realm *realm = malloc(sizeof *realm);
  if (made == NULL || realm == NULL) return JS_ThrowOutOfMemory(ctx);
  JS_SetContextOpaque(made, isolate);
  ej_stack_init(made);
  JSValue own = JS_GetGlobalObject(made);
  if (JS_IsObject(argv[0])) {
    JSValue global = new_global(made, argv[0]);
    if (!JS_IsException(global)) ej_quickjs_set_global(made, global);
    JS_FreeValue(made, global);
  }
  ej_quickjs_set_realm_host(made, argv[2]);
  bool own_jobs = JS_ToBool(ctx, argv[1]);
  if (own_jobs) ej_quickjs_own_jobs(made);
  *realm = (ej_realm){made, JS_NewCFunction(made, keep, "", 0), own_jobs};
  JS_FreeContext(made); // the function holds it
  JSValue object = JS_NewObjectClass(ctx, isolate->classes.realm);
  JS_SetOpaque(object, realm);
  JSValue result = JS_NewArray(ctx);
  JS_DefinePropertyValueUint32(ctx, result, 0, object, JS_PROP_C_W_E);
  JS_DefinePropertyValueUint32(ctx, result, 1, own, JS_PROP_C_W_E);
  return result;
}

const ej_realm *ej_realm_of(ej_isolate *isolate, JSValueConst value) {
  return JS_GetOpaque(value, isolate->classes.realm);
}

JSContext *ej_realm_context(JSContext *ctx, JSValueConst value) {
  if (JS_IsUndefined(value)) return ej_isolate_of(ctx)->ctx;
  const ej_realm *realm = ej_realm_of(ej_isolate_of(ctx), value);
  EJ_CHECK(realm != NULL);
  return realm->ctx;
}

// globalOf(realm)
static JSValue global_of(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  return JS_GetGlobalObject(ej_realm_context(ctx, argv[0]));
}

// lexicalNames(realm): of the variables that are no properties of the global object.
static JSValue lexical_names(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  JSContext *realm = ej_realm_context(ctx, argv[0]);
  JSPropertyEnum *names;
  uint32_t count;
  if (JS_GetOwnPropertyNames(ctx, &names, &count, ej_quickjs_lexical_scope(realm),
                             JS_GPN_STRING_MASK) < 0)
    return JS_EXCEPTION;
  JSValue list = JS_NewArray(ctx);
  for (uint32_t i = 0; i < count; i++)
    JS_DefinePropertyValueUint32(ctx, list, i, JS_AtomToString(ctx, names[i].atom), JS_PROP_C_W_E);
  JS_FreePropertyEnum(ctx, names, count);
  return list;
}

static const JSCFunctionListEntry functions[] = {
    JS_CFUNC_DEF("globalOf", 1, global_of),
    JS_CFUNC_DEF("lexicalNames", 1, lexical_names),
    JS_CFUNC_DEF("makeRealm", 3, make_realm),
};

JSValue ej_binding_realms(ej_isolate *isolate) {
  return EJ_BINDING_OBJECT(isolate->ctx, functions);
}
