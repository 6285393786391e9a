// SPDX-License-Identifier: Apache-2.0
//
// internalBinding('util'): looking inside values, for util.inspect, util.types and their like.
#include "internal.h"
#include "quickjs_more.h"

static JSValue pair_of(JSContext *ctx, JSValue first, JSValue second) {
  JSValue pair = JS_NewArray(ctx);
  JS_DefinePropertyValueUint32(ctx, pair, 0, first, JS_PROP_C_W_E);
  JS_DefinePropertyValueUint32(ctx, pair, 1, second, JS_PROP_C_W_E);
  return pair;
}

static JSValue get_promise_details(JSContext *ctx, JSValueConst this_val, int argc,
                                   JSValueConst *argv) {
  (void)this_val, (void)argc;
  JSPromiseStateEnum state = JS_PromiseState(ctx, argv[0]);
  if (state == JS_PROMISE_NOT_A_PROMISE) return JS_UNDEFINED;
  JSValue result = state == JS_PROMISE_PENDING ? JS_UNDEFINED : JS_PromiseResult(ctx, argv[0]);
  return pair_of(ctx, JS_NewInt32(ctx, state), result);
}

static JSValue get_proxy_details(JSContext *ctx, JSValueConst this_val, int argc,
                                 JSValueConst *argv) {
  (void)this_val, (void)argc;
  if (!JS_IsProxy(argv[0])) return JS_UNDEFINED;
  JSValue target = JS_GetProxyTarget(ctx, argv[0]);
  if (JS_IsException(target)) { // revoked, which is no error of who looks
    JS_FreeValue(ctx, JS_GetException(ctx));
    return pair_of(ctx, JS_NULL, JS_NULL);
  }
  return pair_of(ctx, target, JS_GetProxyHandler(ctx, argv[0]));
}

// previewEntries(iterator) -> [entries, whether they are keys and values in turn], or undefined
static JSValue preview_entries(JSContext *ctx, JSValueConst this_val, int argc,
                               JSValueConst *argv) {
  (void)this_val, (void)argc;
  bool has_pairs;
  if (!JS_IsObject(argv[0])) return JS_UNDEFINED;
  JSValue rest = ej_quickjs_iterator_rest(ctx, argv[0], &has_pairs);
  if (!JS_IsObject(rest)) return rest;
  return pair_of(ctx, rest, JS_NewBool(ctx, has_pairs));
}

// An array index per ECMAScript: a canonical decimal below 2^32 - 1.
static bool is_index(const char *key) {
  uint64_t number = 0;
  if (key[0] == '0') return key[1] == '\0';
  size_t i = 0;
  for (; key[i] >= '0' && key[i] <= '9' && i < 10; i++)
    number = number * 10 + (uint64_t)(key[i] - '0');
  return i > 0 && key[i] == '\0' && number < UINT32_MAX;
}

// getOwnNonIndexProperties(object, onlyEnumerable)
static JSValue get_own_non_index(JSContext *ctx, JSValueConst this_val, int argc,
                                 JSValueConst *argv) {
  (void)this_val, (void)argc;
  JSPropertyEnum *keys;
  uint32_t count, found = 0;
  int flags = JS_GPN_STRING_MASK | JS_GPN_SYMBOL_MASK;
  if (JS_ToBool(ctx, argv[1])) flags |= JS_GPN_ENUM_ONLY;
  if (JS_GetOwnPropertyNames(ctx, &keys, &count, argv[0], flags) < 0) return JS_EXCEPTION;
  JSValue names = JS_NewArray(ctx);
  for (uint32_t i = 0; i < count; i++) {
    JSValue name = JS_AtomToValue(ctx, keys[i].atom);
    const char *text = JS_IsSymbol(name) ? NULL : JS_AtomToCString(ctx, keys[i].atom);
    if (text != NULL && is_index(text)) {
      JS_FreeValue(ctx, name);
    } else {
      JS_DefinePropertyValueUint32(ctx, names, found++, name, JS_PROP_C_W_E);
    }
    JS_FreeCString(ctx, text);
  }
  JS_FreePropertyEnum(ctx, keys, count);
  return names;
}

// The engine's own name for the kind of object: cannot be forged by Symbol.toStringTag.
static JSValue class_name(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  if (!JS_IsObject(argv[0])) return JS_UNDEFINED;
  JSClassID class = JS_GetClassID(argv[0]);
  if (class == ej_isolate_of(ctx)->classes.module_namespace) return JS_NewString(ctx, "Module");
  JSAtom name = JS_GetClassName(JS_GetRuntime(ctx), class);
  JSValue text = JS_AtomToString(ctx, name);
  JS_FreeAtom(ctx, name);
  return text;
}

// The name of the nearest constructor on the prototype chain, or ''.
static JSValue get_constructor_name(JSContext *ctx, JSValueConst this_val, int argc,
                                    JSValueConst *argv) {
  (void)this_val, (void)argc;
  JSValue object = JS_DupValue(ctx, argv[0]);
  JSAtom key = JS_NewAtom(ctx, "constructor");
  JSValue name = JS_UNDEFINED;
  while (JS_IsObject(object) && JS_IsUndefined(name)) {
    JSPropertyDescriptor own;
    int found = JS_GetOwnProperty(ctx, &own, object, key);
    if (found < 0) break;
    if (found) {
      if (JS_IsFunction(ctx, own.value)) name = JS_GetPropertyStr(ctx, own.value, "name");
      JS_FreeValue(ctx, own.value);
      JS_FreeValue(ctx, own.getter);
      JS_FreeValue(ctx, own.setter);
    }
    JSValue parent = JS_GetPrototype(ctx, object);
    JS_FreeValue(ctx, object);
    object = parent;
  }
  JS_FreeAtom(ctx, key);
  JS_FreeValue(ctx, object);
  if (JS_HasException(ctx)) return JS_EXCEPTION;
  return JS_IsUndefined(name) ? JS_NewString(ctx, "") : name;
}

static JSValue is_external(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  return JS_NewBool(ctx, JS_IsObject(argv[0]) &&
                             JS_GetClassID(argv[0]) == ej_isolate_of(ctx)->classes.external);
}

static JSValue external_address(JSContext *ctx, JSValueConst this_val, int argc,
                                JSValueConst *argv) {
  (void)this_val, (void)argc;
  ej_isolate *isolate = ej_isolate_of(ctx);
  void *data;
  napi_value handle = (napi_value)&argv[0];
  if (napi_get_value_external(isolate->root_env, handle, &data) != napi_ok)
    return JS_ThrowTypeError(ctx, "not an external value");
  return JS_NewBigInt64(ctx, (int64_t)(intptr_t)data);
}

static JSValue set_buffer_prototype(JSContext *ctx, JSValueConst this_val, int argc,
                                    JSValueConst *argv) {
  (void)this_val, (void)argc;
  ej_isolate *isolate = ej_isolate_of(ctx);
  JS_FreeValue(ctx, isolate->buffer_prototype);
  isolate->buffer_prototype = JS_DupValue(ctx, argv[0]);
  return JS_UNDEFINED;
}

static const JSCFunctionListEntry functions[] = {
    JS_CFUNC_DEF("getPromiseDetails", 1, get_promise_details),
    JS_CFUNC_DEF("getProxyDetails", 1, get_proxy_details),
    JS_CFUNC_DEF("previewEntries", 1, preview_entries),
    JS_CFUNC_DEF("getOwnNonIndexProperties", 2, get_own_non_index),
    JS_CFUNC_DEF("className", 1, class_name),
    JS_CFUNC_DEF("getConstructorName", 1, get_constructor_name),
    JS_CFUNC_DEF("isExternal", 1, is_external),
    JS_CFUNC_DEF("externalAddress", 1, external_address),
    JS_CFUNC_DEF("setBufferPrototype", 1, set_buffer_prototype),
};

JSValue ej_binding_util(ej_isolate *isolate) { return EJ_BINDING_OBJECT(isolate->ctx, functions); }
