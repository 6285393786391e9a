// SPDX-License-Identifier: Apache-2.0
//
// What Node-API keeps per isolate: classes, interned names, and intrinsics as they were before any
// script could replace them.
#include <stdlib.h>

#include "napi_internal.h"

static const char *const atom_names[EJ_ATOM_COUNT] = {
    [EJ_ATOM_LENGTH] = "length",       [EJ_ATOM_NAME] = "name",
    [EJ_ATOM_PROTOTYPE] = "prototype", [EJ_ATOM_CONSTRUCTOR] = "constructor",
    [EJ_ATOM_CODE] = "code",
};

static const char *const intrinsic_names[EJ_INTRINSIC_COUNT] = {
    [EJ_ERROR] = "Error",
    [EJ_TYPE_ERROR] = "TypeError",
    [EJ_RANGE_ERROR] = "RangeError",
    [EJ_SYNTAX_ERROR] = "SyntaxError",
    [EJ_UINT8_ARRAY] = "Uint8Array",
};

// Steps from the global object: a property's value, `^` the prototype, `#name` a property's getter.
static const char *const lazy_paths[EJ_LAZY_COUNT] = {
    [EJ_BIGINT] = "BigInt",
    [EJ_BIGINT_AS_INT_N] = "BigInt.asIntN",
    [EJ_BIGINT_TO_STRING] = "BigInt.prototype.toString",
    [EJ_DATA_VIEW] = "DataView",
    [EJ_VIEW_BUFFER] = "DataView.prototype.#buffer",
    [EJ_VIEW_BYTE_LENGTH] = "DataView.prototype.#byteLength",
    [EJ_VIEW_BYTE_OFFSET] = "DataView.prototype.#byteOffset",
    [EJ_ARRAY_BUFFER_OF] = "Uint8Array.prototype.^.#buffer",
    [EJ_ARRAY_LENGTH_OF] = "Uint8Array.prototype.^.#length",
    [EJ_DATE_GET_TIME] = "Date.prototype.getTime",
    [EJ_SHARED_ARRAY_BUFFER] = "SharedArrayBuffer",
    [EJ_SYMBOL] = "Symbol",
    [EJ_SYMBOL_FOR] = "Symbol.for",
    [EJ_SYMBOL_KEY_FOR] = "Symbol.keyFor",
    [EJ_ARRAY_BUFFER] = "ArrayBuffer",
    [EJ_MAP] = "Map",
    [EJ_MAP_FOR_EACH] = "Map.prototype.forEach",
    [EJ_MAP_SET] = "Map.prototype.set",
    [EJ_SET] = "Set",
    [EJ_SET_FOR_EACH] = "Set.prototype.forEach",
    [EJ_SET_ADD] = "Set.prototype.add",
    [EJ_REGEXP] = "RegExp",
    [EJ_REGEXP_SOURCE] = "RegExp.prototype.#source",
    [EJ_REGEXP_FLAGS] = "RegExp.prototype.#flags",
    [EJ_NUMBER_VALUE_OF] = "Number.prototype.valueOf",
    [EJ_STRING_VALUE_OF] = "String.prototype.valueOf",
    [EJ_BOOLEAN_VALUE_OF] = "Boolean.prototype.valueOf",
    [EJ_BIGINT_VALUE_OF] = "BigInt.prototype.valueOf",
    [EJ_ERROR_CLASS] = "Error",
    [EJ_EVAL_ERROR_CLASS] = "EvalError",
    [EJ_RANGE_ERROR_CLASS] = "RangeError",
    [EJ_REFERENCE_ERROR_CLASS] = "ReferenceError",
    [EJ_SYNTAX_ERROR_CLASS] = "SyntaxError",
    [EJ_TYPE_ERROR_CLASS] = "TypeError",
    [EJ_URI_ERROR_CLASS] = "URIError",
    [EJ_DOM_EXCEPTION] = "DOMException",
};

static JSValue getter_of(JSContext *ctx, JSValueConst object, const char *name) {
  JSAtom atom = JS_NewAtom(ctx, name);
  JSPropertyDescriptor property;
  int found = JS_GetOwnProperty(ctx, &property, object, atom);
  JS_FreeAtom(ctx, atom);
  if (found < 0) return JS_EXCEPTION;
  if (found == 0) return JS_ThrowReferenceError(ctx, "the engine has no %s", name);
  JS_FreeValue(ctx, property.value);
  JS_FreeValue(ctx, property.setter);
  return property.getter;
}

// Consumes `object`.
static JSValue step(JSContext *ctx, JSValue object, const char *name) {
  JSValue next;
  if (JS_IsException(object)) return object;
  if (strcmp(name, "^") == 0)
    next = JS_GetPrototype(ctx, object);
  else if (name[0] == '#')
    next = getter_of(ctx, object, name + 1);
  else
    next = JS_GetPropertyStr(ctx, object, name);
  JS_FreeValue(ctx, object);
  return next;
}

JSValueConst ej_lazy_intrinsic(ej_isolate *isolate, enum ej_lazy_intrinsic which) {
  JSValue *cached = &isolate->napi->lazy[which];
  if (!JS_IsUndefined(*cached)) return *cached;
  JSContext *ctx = isolate->ctx;
  JSValue value = JS_GetGlobalObject(ctx);
  for (const char *at = lazy_paths[which]; *at != '\0';) {
    char name[32];
    size_t length = strcspn(at, ".");
    EJ_CHECK(length < sizeof(name));
    memcpy(name, at, length);
    name[length] = '\0';
    value = step(ctx, value, name);
    at += length;
    if (*at == '.') at++;
  }
  if (JS_IsException(value)) return value;
  if (!JS_IsObject(value)) {
    JS_FreeValue(ctx, value);
    return JS_ThrowTypeError(ctx, "%s was removed", lazy_paths[which]);
  }
  *cached = value;
  return *cached;
}

// The engine has no call that tells this class: look its name up.
static JSClassID find_class(JSRuntime *rt, JSContext *ctx, const char *class_name) {
  JSAtom wanted = JS_NewAtom(ctx, class_name);
  JSClassID found = JS_INVALID_CLASS_ID;
  for (JSClassID id = 1; found == JS_INVALID_CLASS_ID && JS_IsRegisteredClass(rt, id); id++) {
    JSAtom name = JS_GetClassName(rt, id);
    if (name == wanted) found = id;
    JS_FreeAtom(ctx, name);
  }
  JS_FreeAtom(ctx, wanted);
  EJ_CHECK(found != JS_INVALID_CLASS_ID);
  return found;
}

static void find_wrappers(ej_isolate *isolate) {
  static const char *const names[] = {"Number", "String", "Boolean", "BigInt", "Arguments"};
  JSClassID *wrappers = isolate->napi->wrappers;
  for (int i = 0; i < EJ_WRAPPER_MAPPED_ARGUMENTS; i++)
    wrappers[i] = find_class(isolate->rt, isolate->ctx, names[i]);
  // Those of sloppy functions are a class of the same name, the next one.
  wrappers[EJ_WRAPPER_MAPPED_ARGUMENTS] = wrappers[EJ_WRAPPER_ARGUMENTS] + 1;
}

void ej_napi_init(ej_isolate *isolate) {
  JSContext *ctx = isolate->ctx;
  struct ej_napi *napi = calloc(1, sizeof(*napi));
  EJ_CHECK(napi != NULL);
  isolate->napi = napi;
  ej_ring_init(&napi->references);
  ej_ring_init(&napi->finalizers);
  ej_ring_init(&napi->orphans);
  ej_ring_init(&napi->deferreds);
  napi->buffer_target = JS_UNDEFINED;
  for (int i = 0; i < EJ_ATOM_COUNT; i++) napi->atoms[i] = JS_NewAtom(ctx, atom_names[i]);
  for (int i = 0; i < EJ_LAZY_COUNT; i++) napi->lazy[i] = JS_UNDEFINED;
  JSValue global = JS_GetGlobalObject(ctx);
  for (int i = 0; i < EJ_INTRINSIC_COUNT; i++) {
    napi->intrinsics[i] = JS_GetPropertyStr(ctx, global, intrinsic_names[i]);
    EJ_CHECK(JS_IsObject(napi->intrinsics[i]));
  }
  JS_FreeValue(ctx, global);
  napi->shared_array_buffer = find_class(isolate->rt, ctx, "SharedArrayBuffer");
  find_wrappers(isolate);
  ej_meta_init(isolate);
  ej_function_init(isolate);
  ej_shared_init(isolate);
}

void ej_napi_free(ej_isolate *isolate) {
  JSContext *ctx = isolate->ctx;
  struct ej_napi *napi = isolate->napi;
  ej_references_free(isolate);
  ej_deferreds_free(isolate);
  ej_meta_free(isolate);
  ej_keys_free(isolate);
  for (int i = 0; i < EJ_ATOM_COUNT; i++) JS_FreeAtom(ctx, napi->atoms[i]);
  for (int i = 0; i < EJ_INTRINSIC_COUNT; i++) JS_FreeValue(ctx, napi->intrinsics[i]);
  for (int i = 0; i < EJ_LAZY_COUNT; i++) JS_FreeValue(ctx, napi->lazy[i]);
  JS_FreeValue(ctx, napi->buffer_target);
  isolate->napi = NULL;
  free(napi);
}
