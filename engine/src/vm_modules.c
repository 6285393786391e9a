// SPDX-License-Identifier: Apache-2.0
//
// internalBinding('vm_modules'): SourceTextModule and SyntheticModule of vm. Their requests are met
// by whoever made them, so the engine's loader has no part in it: what a module requests is read,
// set, and then linked.
#include "realm.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct vm_module {
  JSModuleDef *def; // belongs to `ctx`
  JSContext *ctx;
  JSValue realm; // keeps `ctx`; undefined for the isolate's own
} vm_module;

static void module_finalizer(JSRuntime *rt, JSValueConst object) {
  ej_isolate *isolate = JS_GetRuntimeOpaque(rt);
  vm_module *self = JS_GetOpaque(object, isolate->classes.vm_module);
  if (self == NULL) return;
  JS_FreeValueRT(rt, self->realm);
  free(self);
}

static void module_mark(JSRuntime *rt, JSValueConst object, JS_MarkFunc *mark) {
  ej_isolate *isolate = JS_GetRuntimeOpaque(rt);
  const vm_module *self = JS_GetOpaque(object, isolate->classes.vm_module);
  if (self != NULL) JS_MarkValue(rt, self->realm, mark);
}

static const JSClassDef module_class = {
    .class_name = "VMModule", .finalizer = module_finalizer, .gc_mark = module_mark};

static vm_module *module_of(JSContext *ctx, JSValueConst value) {
  return JS_GetOpaque2(ctx, value, ej_isolate_of(ctx)->classes.vm_module);
}

static JSValue value_of(const vm_module *self) {
  return JS_DupValue(self->ctx, JS_MKPTR(JS_TAG_MODULE, self->def));
}

static JSValue new_module(JSContext *ctx, JSContext *owner, JSModuleDef *def, JSValueConst realm) {
  ej_isolate *isolate = ej_isolate_of(ctx);
  if (isolate->classes.vm_module == 0) {
    JS_NewClassID(isolate->rt, &isolate->classes.vm_module);
    EJ_CHECK(JS_NewClass(isolate->rt, isolate->classes.vm_module, &module_class) == 0);
  }
  vm_module *self = malloc(sizeof *self);
  EJ_CHECK(self != NULL);
  *self = (vm_module){def, owner, JS_DupValue(ctx, realm)};
  // Identifiers may repeat, and name files that the loader knows: the engine gets a name that
  // nobody asks for.
  char name[40];
  snprintf(name, sizeof name, "edgejs:vm/%p", (void *)def);
  ej_quickjs_adopt_module(owner, def, name);
  JSValue object = JS_NewObjectClass(ctx, isolate->classes.vm_module);
  JS_SetOpaque(object, self);
  return object;
}

// compile(source, identifier, firstLine, realm, host)
static JSValue compile(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  int32_t line;
  if (JS_ToInt32(ctx, &line, argv[2]) < 0) return JS_EXCEPTION;
  JSContext *owner = ej_realm_context(ctx, argv[3]);
  size_t size;
  const char *source = JS_ToCStringLen(ctx, &size, argv[0]);
  const char *name = source == NULL ? NULL : JS_ToCString(ctx, argv[1]);
  JSValue module = JS_EXCEPTION;
  if (name != NULL) {
    JSEvalOptions options = {
        JS_EVAL_OPTIONS_VERSION,
        JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY | EJ_EVAL_FLAG_UNRESOLVED, name, line};
    module = JS_Eval2(owner, source, size, &options);
  }
  JS_FreeCString(ctx, source);
  JS_FreeCString(ctx, name);
  if (JS_IsException(module)) return module;
  ej_quickjs_set_host(owner, module, argv[4]);
  JSModuleDef *def = JS_VALUE_GET_PTR(module);
  JS_FreeValue(ctx, module); // the context keeps the record
  return new_module(ctx, owner, def, argv[3]);
}

// write(module): the bytecode of a compiled module that is not linked, as an ArrayBuffer.
static JSValue write_module(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  const vm_module *self = module_of(ctx, argv[0]);
  if (self == NULL) return JS_EXCEPTION;
  JSValue module = value_of(self);
  JSValue buffer = ej_bytecode_of(ctx, module);
  JS_FreeValue(ctx, module);
  return buffer;
}

// read(bytes, realm, host): of bytes that write() gave, no other.
static JSValue read_module(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  size_t size;
  JSContext *owner = ej_realm_context(ctx, argv[1]);
  const uint8_t *bytes = JS_GetUint8Array(ctx, &size, argv[0]);
  if (bytes == NULL) return JS_EXCEPTION;
  JSValue module = JS_ReadObject(owner, bytes, size, JS_READ_OBJ_BYTECODE);
  if (JS_IsException(module)) return module;
  ej_quickjs_set_host(owner, module, argv[2]);
  JSModuleDef *def = JS_VALUE_GET_PTR(module);
  JS_FreeValue(ctx, module);
  return new_module(ctx, owner, def, argv[1]);
}

// createSynthetic(identifier, names, evaluate, realm)
static JSValue create_synthetic(JSContext *ctx, JSValueConst this_val, int argc,
                                JSValueConst *argv) {
  (void)this_val, (void)argc;
  JSContext *owner = ej_realm_context(ctx, argv[3]);
  const char *name = JS_ToCString(ctx, argv[0]);
  if (name == NULL) return JS_EXCEPTION;
  JSModuleDef *def = ej_new_synthetic_module(owner, name, argv[1], argv[2]);
  JS_FreeCString(ctx, name);
  return def == NULL ? JS_EXCEPTION : new_module(ctx, owner, def, argv[3]);
}

// requests(module): [specifier, attributes or undefined] of each, in order.
static JSValue requests(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  const vm_module *self = module_of(ctx, argv[0]);
  if (self == NULL) return JS_EXCEPTION;
  JSValue list = JS_NewArray(ctx);
  for (int i = 0; i < ej_quickjs_requests(self->def); i++) {
    JSValue attributes, pair = JS_NewArray(ctx);
    JSValue specifier = ej_quickjs_request(ctx, self->def, i, &attributes);
    JS_DefinePropertyValueUint32(ctx, pair, 0, specifier, JS_PROP_C_W_E);
    JS_DefinePropertyValueUint32(ctx, pair, 1, attributes, JS_PROP_C_W_E);
    JS_DefinePropertyValueUint32(ctx, list, (uint32_t)i, pair, JS_PROP_C_W_E);
  }
  return list;
}

// setRequests(module, modules): as many as it has requests.
static JSValue set_requests(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  const vm_module *self = module_of(ctx, argv[0]);
  if (self == NULL) return JS_EXCEPTION;
  for (int i = 0; i < ej_quickjs_requests(self->def); i++) {
    JSValue target = JS_GetPropertyUint32(ctx, argv[1], (uint32_t)i);
    const vm_module *found = module_of(ctx, target);
    JS_FreeValue(ctx, target);
    EJ_CHECK(found != NULL && found->ctx == self->ctx);
    ej_quickjs_set_request(self->def, i, found->def);
  }
  return JS_UNDEFINED;
}

// link(module): every request of its graph must have been set.
static JSValue link_module(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  const vm_module *self = module_of(ctx, argv[0]);
  if (self == NULL) return JS_EXCEPTION;
  return ej_quickjs_link(self->ctx, self->def) < 0 ? JS_EXCEPTION : JS_UNDEFINED;
}

// A promise whose jobs wait in a queue of its realm would not tell anybody outside: one that is
// settled is replaced. Takes `promise`.
static JSValue seen_from_outside(JSContext *ctx, JSValue promise) {
  JSPromiseStateEnum state = JS_PromiseState(ctx, promise);
  if (state == JS_PROMISE_PENDING) return promise;
  JSValue result = JS_PromiseResult(ctx, promise);
  JS_PromiseMarkAsHandled(ctx, promise);
  JS_FreeValue(ctx, promise);
  promise = JS_NewSettledPromise(ctx, state == JS_PROMISE_REJECTED, result);
  JS_FreeValue(ctx, result);
  return promise;
}

// evaluate(module, timeout in ms or 0, breakOnSigint): a promise.
static JSValue evaluate(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  ej_isolate *isolate = ej_isolate_of(ctx);
  const vm_module *self = module_of(ctx, argv[0]);
  double timeout;
  if (self == NULL || JS_ToFloat64(ctx, &timeout, argv[1]) < 0) return JS_EXCEPTION;
  ej_limits limits;
  ej_limits_begin(isolate, &limits, timeout, JS_ToBool(ctx, argv[2]));
  JSValue promise = JS_EvalFunction(self->ctx, value_of(self));
  if (!JS_IsException(promise)) {
    bool stopped = limits.fired || isolate->terminating; // the engine made a rejection of that
    if (stopped) JS_PromiseMarkAsHandled(ctx, promise);
    if (!stopped && JS_IsObject(self->realm))
      stopped = !ej_realm_run_jobs(isolate, ej_realm_of(isolate, self->realm));
    if (stopped) {
      JS_FreeValue(ctx, promise);
      promise = isolate->terminating ? ej_isolate_terminate(isolate, isolate->exit_code)
                                     : JS_Throw(ctx, JS_UNDEFINED);
    }
  }
  if (!JS_IsException(promise) && JS_IsObject(self->realm) &&
      ej_realm_of(isolate, self->realm)->own_jobs)
    promise = seen_from_outside(ctx, promise);
  return ej_limits_end(isolate, &limits, promise);
}

// status(module): the engine's number.
static JSValue status(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  const vm_module *self = module_of(ctx, argv[0]);
  if (self == NULL) return JS_EXCEPTION;
  return JS_NewInt32(ctx, ej_quickjs_module_status(self->def));
}

// error(module): [what evaluation threw], or undefined.
static JSValue error(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  const vm_module *self = module_of(ctx, argv[0]);
  if (self == NULL) return JS_EXCEPTION;
  JSValue thrown = ej_quickjs_module_error(self->def);
  if (JS_IsUninitialized(thrown)) return JS_UNDEFINED;
  JSValue box = JS_NewArray(ctx);
  JS_DefinePropertyValueUint32(ctx, box, 0, thrown, JS_PROP_C_W_E);
  return box;
}

static JSValue get_namespace(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  const vm_module *self = module_of(ctx, argv[0]);
  if (self == NULL) return JS_EXCEPTION;
  JSValue namespace = JS_GetModuleNamespace(self->ctx, self->def);
  if (JS_IsObject(namespace))
    ej_isolate_of(ctx)->classes.module_namespace = JS_GetClassID(namespace);
  return namespace;
}

// nameOf(module): what the engine's messages call it.
static JSValue name_of(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  const vm_module *self = module_of(ctx, argv[0]);
  if (self == NULL) return JS_EXCEPTION;
  JSAtom name = JS_GetModuleName(ctx, self->def);
  JSValue text = JS_AtomToString(ctx, name);
  JS_FreeAtom(ctx, name);
  return text;
}

static JSValue has_top_level_await(JSContext *ctx, JSValueConst this_val, int argc,
                                   JSValueConst *argv) {
  (void)this_val, (void)argc;
  const vm_module *self = module_of(ctx, argv[0]);
  return self == NULL ? JS_EXCEPTION : JS_NewBool(ctx, ej_quickjs_has_await(self->def));
}

// setExport(module, name, value): false when a synthetic module has no such export.
static JSValue set_export(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  const vm_module *self = module_of(ctx, argv[0]);
  const char *name = self == NULL ? NULL : JS_ToCString(ctx, argv[1]);
  if (name == NULL) return JS_EXCEPTION;
  int failed = JS_SetModuleExport(self->ctx, self->def, name, JS_DupValue(ctx, argv[2]));
  JS_FreeCString(ctx, name);
  return JS_NewBool(ctx, failed == 0);
}

static const JSCFunctionListEntry functions[] = {
    JS_CFUNC_DEF("compile", 5, compile),
    JS_CFUNC_DEF("createSynthetic", 4, create_synthetic),
    JS_CFUNC_DEF("error", 1, error),
    JS_CFUNC_DEF("evaluate", 3, evaluate),
    JS_CFUNC_DEF("getNamespace", 1, get_namespace),
    JS_CFUNC_DEF("hasTopLevelAwait", 1, has_top_level_await),
    JS_CFUNC_DEF("link", 1, link_module),
    JS_CFUNC_DEF("nameOf", 1, name_of),
    JS_CFUNC_DEF("read", 3, read_module),
    JS_CFUNC_DEF("requests", 1, requests),
    JS_CFUNC_DEF("setExport", 3, set_export),
    JS_CFUNC_DEF("setRequests", 2, set_requests),
    JS_CFUNC_DEF("status", 1, status),
    JS_CFUNC_DEF("write", 1, write_module),
};

JSValue ej_binding_vm_modules(ej_isolate *isolate) {
  return EJ_BINDING_OBJECT(isolate->ctx, functions);
}
