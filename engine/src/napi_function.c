// SPDX-License-Identifier: Apache-2.0
//
// Functions that call into natives, and calls out of natives. Node: FunctionCallbackWrapper in
// src/js_native_api_v8.cc; V8: FunctionTemplate.
#include <pthread.h>
#include <stdlib.h>

#include "napi_internal.h"

typedef struct ej_function {
  napi_env env; // borrowed: envs outlive the heap
  napi_callback callback;
  void *data;
  ej_class *makes; // a constructor's class, counted
  ej_class *asks;  // the class that a method wants of its receiver, counted
  // A function made by napi_create_function can be a constructor, so it has a `prototype`. Hardly
  // anybody looks: it is made on first use, and seen through the class's exotic methods.
  JSValue prototype; // JS_UNINITIALIZED until used
  JSValue keeps;     // held for ej_env_function's caller; JS_UNDEFINED for nothing
  bool has_lazy_prototype;
  bool prototype_is_fixed; // not writable any more
} ej_function;

// --- Calls into natives -------------------------------------------------------------------------

// The engine looks at the stack when it enters bytecode. Natives that call natives never do, so a
// deep chain of them looks for itself.
enum { SHALLOW_CALLS = 64, STACK_RESERVE = 192 * 1024 };

static bool stack_is_short(void) {
  static _Thread_local uintptr_t floor; // 0 until known
  if (floor == 0) {
    pthread_attr_t attributes;
    void *lowest;
    size_t size;
    EJ_CHECK(pthread_getattr_np(pthread_self(), &attributes) == 0);
    EJ_CHECK(pthread_attr_getstack(&attributes, &lowest, &size) == 0);
    pthread_attr_destroy(&attributes);
    floor = (uintptr_t)lowest + STACK_RESERVE;
  }
  return (uintptr_t)__builtin_frame_address(0) < floor;
}

// What the callback left: its result, duplicated before its handles go, or JS_EXCEPTION.
static inline JSValue invoke(JSContext *ctx, const ej_function *function,
                             struct napi_callback_info__ *info) {
  napi_env env = function->env;
  ej_isolate *isolate = info->isolate;
  if (++isolate->napi->depth > SHALLOW_CALLS && stack_is_short()) {
    isolate->napi->depth--;
    return JS_ThrowRangeError(ctx, "Maximum call stack size exceeded");
  }
  ej_mark mark = ej_arena_mark(isolate);
  int32_t open_scopes = env->open_handle_scopes;
  int32_t open_callback_scopes = env->open_callback_scopes;
  ej_clear_error(env);
  napi_value result = function->callback(env, info);
  isolate->napi->depth--;
  EJ_CHECK(env->open_handle_scopes == open_scopes);
  EJ_CHECK(env->open_callback_scopes == open_callback_scopes);
  JSValue value = JS_UNDEFINED;
  if (isolate->terminating) // even if the native cleared the exception that says so
    value = ej_isolate_terminate(isolate, isolate->exit_code);
  else if (JS_HasException(ctx))
    value = JS_EXCEPTION;
  else if (result != NULL)
    value = JS_DupValue(ctx, ej_value(result));
  ej_arena_release(isolate, mark);
  return value;
}

// `new F()`: what the callback returns counts if it is an object.
static JSValue construct(JSContext *ctx, ej_function *function, JSValueConst new_target, int argc,
                         JSValueConst *argv) {
  ej_isolate *isolate = function->env->isolate;
  JSValue object = ej_instance_new(isolate, new_target, function->makes);
  if (JS_IsException(object)) return object;
  struct napi_callback_info__ info = {isolate,    function->data,  argv, argc, object,
                                      new_target, &function->keeps};
  JSValue value = invoke(ctx, function, &info);
  if (JS_IsObject(value) || JS_IsException(value)) {
    JS_FreeValue(ctx, object);
    return value;
  }
  JS_FreeValue(ctx, value);
  return object;
}

static JSValue call_function(JSContext *ctx, JSValueConst callee, JSValueConst this_value, int argc,
                             JSValueConst *argv, int flags) {
  JSClassID id;
  ej_function *function = JS_GetAnyOpaque(callee, &id);
  ej_isolate *isolate = function->env->isolate;
  if (isolate->freeing) return JS_ThrowTypeError(ctx, "The addon of this function is unloaded");
  if ((flags & JS_CALL_FLAG_CONSTRUCTOR) != 0)
    return construct(ctx, function, this_value, argc, argv);
  if (function->asks != NULL && ej_instance_class(isolate, this_value) != function->asks)
    return JS_ThrowTypeError(ctx, "Illegal invocation");
  struct napi_callback_info__ info = {isolate,      function->data,  argv, argc, this_value,
                                      JS_UNDEFINED, &function->keeps};
  return invoke(ctx, function, &info);
}

// --- The class `function` -----------------------------------------------------------------------

static ej_function *function_of(JSContext *ctx, JSValueConst value) {
  return JS_GetOpaque(value, ej_isolate_of(ctx)->classes.function);
}

static void function_finalizer(JSRuntime *rt, JSValueConst value) {
  ej_isolate *isolate = JS_GetRuntimeOpaque(rt);
  ej_function *function = JS_GetOpaque(value, isolate->classes.function);
  if (function == NULL) return;
  JS_FreeValueRT(rt, function->prototype);
  JS_FreeValueRT(rt, function->keeps);
  ej_class_unref(function->makes);
  ej_class_unref(function->asks);
  free(function);
}

static void function_mark(JSRuntime *rt, JSValueConst value, JS_MarkFunc *mark) {
  ej_isolate *isolate = JS_GetRuntimeOpaque(rt);
  ej_function *function = JS_GetOpaque(value, isolate->classes.function);
  if (function == NULL) return;
  JS_MarkValue(rt, function->prototype, mark);
  JS_MarkValue(rt, function->keeps, mark);
}

static bool is_lazy_prototype(JSContext *ctx, const ej_function *function, JSAtom name) {
  return function->has_lazy_prototype && name == ej_isolate_of(ctx)->napi->atoms[EJ_ATOM_PROTOTYPE];
}

static int make_prototype(JSContext *ctx, JSValueConst value, ej_function *function) {
  if (!JS_IsUninitialized(function->prototype)) return 0;
  JSValue prototype = JS_NewObject(ctx);
  if (JS_IsException(prototype)) return -1;
  JSAtom constructor = ej_isolate_of(ctx)->napi->atoms[EJ_ATOM_CONSTRUCTOR];
  if (JS_DefinePropertyValue(ctx, prototype, constructor, JS_DupValue(ctx, value),
                             JS_PROP_CONFIGURABLE | JS_PROP_WRITABLE) < 0) {
    JS_FreeValue(ctx, prototype);
    return -1;
  }
  function->prototype = prototype;
  return 0;
}

static int function_get_own(JSContext *ctx, JSPropertyDescriptor *property, JSValueConst value,
                            JSAtom name) {
  ej_function *function = function_of(ctx, value);
  if (!is_lazy_prototype(ctx, function, name)) return 0;
  if (property == NULL) return 1;
  if (make_prototype(ctx, value, function) < 0) return -1;
  *property = (JSPropertyDescriptor){
      .flags = function->prototype_is_fixed ? 0 : JS_PROP_WRITABLE,
      .value = JS_DupValue(ctx, function->prototype),
      .getter = JS_UNDEFINED,
      .setter = JS_UNDEFINED,
  };
  return 1;
}

static int function_get_own_names(JSContext *ctx, JSPropertyEnum **names, uint32_t *count,
                                  JSValueConst value) {
  *names = NULL;
  *count = 0;
  if (!function_of(ctx, value)->has_lazy_prototype) return 0;
  *names = js_malloc(ctx, sizeof(**names));
  if (*names == NULL) return -1;
  (*names)->is_enumerable = false;
  (*names)->atom = JS_DupAtom(ctx, ej_isolate_of(ctx)->napi->atoms[EJ_ATOM_PROTOTYPE]);
  *count = 1;
  return 0;
}

static int function_delete(JSContext *ctx, JSValueConst value, JSAtom name) {
  return !is_lazy_prototype(ctx, function_of(ctx, value), name);
}

// ValidateAndApplyPropertyDescriptor for a property neither enumerable nor configurable.
static bool redefine_prototype(JSContext *ctx, ej_function *function, JSValueConst value,
                               int flags) {
  int asked = flags & (flags >> JS_PROP_HAS_SHIFT);
  if ((asked & (JS_PROP_CONFIGURABLE | JS_PROP_ENUMERABLE)) != 0) return false;
  if ((flags & (JS_PROP_HAS_GET | JS_PROP_HAS_SET)) != 0) return false;
  bool has_value = (flags & JS_PROP_HAS_VALUE) != 0;
  if (function->prototype_is_fixed) {
    if ((asked & JS_PROP_WRITABLE) != 0) return false;
    return !has_value || JS_IsSameValue(ctx, value, function->prototype);
  }
  if (has_value) {
    JSValue old = function->prototype;
    function->prototype = JS_DupValue(ctx, value);
    JS_FreeValue(ctx, old);
  }
  if ((flags & JS_PROP_HAS_WRITABLE) != 0)
    function->prototype_is_fixed = (flags & JS_PROP_WRITABLE) == 0;
  return true;
}

static int function_define_own(JSContext *ctx, JSValueConst object, JSAtom name, JSValueConst value,
                               JSValueConst getter, JSValueConst setter, int flags) {
  ej_function *function = function_of(ctx, object);
  if (!is_lazy_prototype(ctx, function, name))
    return JS_DefineProperty(ctx, object, name, value, getter, setter, flags | JS_PROP_NO_EXOTIC);
  if (make_prototype(ctx, object, function) < 0) return -1;
  if (redefine_prototype(ctx, function, value, flags)) return 1;
  if ((flags & JS_PROP_THROW) == 0) return 0;
  JS_ThrowTypeError(ctx, "Cannot redefine property: prototype");
  return -1;
}

static JSClassExoticMethods function_methods = {
    .get_own_property = function_get_own,
    .get_own_property_names = function_get_own_names,
    .delete_property = function_delete,
    .define_own_property = function_define_own,
};

static const JSClassDef function_class = {
    .class_name = "Function",
    .finalizer = function_finalizer,
    .gc_mark = function_mark,
    .call = call_function,
    .exotic = &function_methods,
};

void ej_function_init(ej_isolate *isolate) {
  JS_NewClassID(isolate->rt, &isolate->classes.function);
  EJ_CHECK(JS_NewClass(isolate->rt, isolate->classes.function, &function_class) == 0);
  JS_SetClassProto(isolate->ctx, isolate->classes.function, JS_GetFunctionProto(isolate->ctx));
}

// --- Making functions ---------------------------------------------------------------------------

static int define_fixed(JSContext *ctx, JSValueConst object, JSAtom name, JSValue value) {
  return JS_DefinePropertyValue(ctx, object, name, value, JS_PROP_CONFIGURABLE);
}

JSValue ej_function_new(napi_env env, JSValue name, napi_callback callback, void *data,
                        enum ej_function_kind kind, ej_class *klass) {
  ej_isolate *isolate = env->isolate;
  JSContext *ctx = isolate->ctx;
  ej_function *function = calloc(1, sizeof(*function));
  JSValue value = JS_IsException(name) ? name : JS_NewObjectClass(ctx, isolate->classes.function);
  if (function == NULL || JS_IsException(value)) {
    free(function);
    JS_FreeValue(ctx, value);
    JS_FreeValue(ctx, name);
    return function == NULL ? JS_ThrowOutOfMemory(ctx) : JS_EXCEPTION;
  }
  *function = (ej_function){
      .env = env,
      .callback = callback,
      .data = data,
      .makes = kind == EJ_FUNCTION_CONSTRUCTOR ? klass : NULL,
      .asks = kind == EJ_FUNCTION_PLAIN ? klass : NULL,
      .prototype = JS_UNINITIALIZED,
      .keeps = JS_UNDEFINED,
  };
  if (klass != NULL) klass->refcount++;
  JS_SetOpaque(value, function);
  JS_SetConstructorBit(ctx, value, kind != EJ_FUNCTION_BUILTIN);
  if (define_fixed(ctx, value, isolate->napi->atoms[EJ_ATOM_LENGTH], JS_MKVAL(JS_TAG_INT, 0)) < 0) {
    JS_FreeValue(ctx, name);
    JS_FreeValue(ctx, value);
    return JS_EXCEPTION;
  }
  if (define_fixed(ctx, value, isolate->napi->atoms[EJ_ATOM_NAME], name) < 0) {
    JS_FreeValue(ctx, value);
    return JS_EXCEPTION;
  }
  function->has_lazy_prototype = kind == EJ_FUNCTION_PLAIN;
  return value;
}

napi_status ej_napi_create_function(napi_env env, const char *utf8name, size_t length,
                                    napi_callback cb, void *data, napi_value *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, result);
  CHECK_ARG(env, cb);
  JSContext *ctx = env->isolate->ctx;
  if (utf8name == NULL) {
    utf8name = "";
    length = 0;
  }
  RETURN_STATUS_IF_FALSE(env, ej_name_valid(utf8name, length), napi_invalid_arg);
  JSValue name = ej_string_from_utf8(ctx, utf8name, length);
  JSValue function = ej_function_new(env, name, cb, data, EJ_FUNCTION_PLAIN, NULL);
  if (JS_IsException(function)) return ej_fail_quietly(env, napi_generic_failure);
  *result = ej_handle(env->isolate, function);
  return napi_ok;
}

napi_value ej_env_function(napi_env env, napi_value name, uint32_t length, napi_callback callback,
                           void *data, napi_value keeps) {
  ej_isolate *isolate = env->isolate;
  JSContext *ctx = isolate->ctx;
  JSValue value = ej_function_new(env, JS_DupValue(ctx, ej_value(name)), callback, data,
                                  EJ_FUNCTION_BUILTIN, NULL);
  if (JS_IsException(value)) return NULL;
  function_of(ctx, value)->keeps = JS_DupValue(ctx, ej_value(keeps));
  if (define_fixed(ctx, value, isolate->napi->atoms[EJ_ATOM_LENGTH], JS_NewUint32(ctx, length)) <
      0) {
    JS_FreeValue(ctx, value);
    return NULL;
  }
  return ej_handle(isolate, value);
}

napi_value ej_callback_keeps(napi_callback_info info) { return (napi_value)(void *)info->keeps; }

void *ej_env_function_data(napi_env env, napi_value value, napi_callback callback) {
  const ej_function *function = function_of(env->isolate->ctx, ej_value(value));
  return function != NULL && function->callback == callback ? function->data : NULL;
}

// --- Callback info ------------------------------------------------------------------------------

// Natives are called like sloppy functions: `this` is always an object, the global one if need be.
static napi_value receiver(napi_env env, struct napi_callback_info__ *info) {
  JSContext *ctx = env->isolate->ctx;
  if (JS_IsObject(info->this_value)) return (napi_value)(void *)&info->this_value;
  if (JS_IsUndefined(info->this_value) || JS_IsNull(info->this_value))
    return ej_handle(env->isolate, JS_GetGlobalObject(ctx));
  JSValue object = JS_ToObject(ctx, info->this_value);
  EJ_CHECK(!JS_IsException(object));
  return ej_handle(env->isolate, object);
}

napi_status ej_napi_get_cb_info(napi_env env, napi_callback_info cbinfo, size_t *argc,
                                napi_value *argv, napi_value *this_arg, void **data) {
  CHECK_ENV(env);
  CHECK_ARG(env, cbinfo);
  if (argv != NULL) {
    CHECK_ARG(env, argc);
    size_t wanted = *argc;
    size_t given = (size_t)cbinfo->argc;
    size_t i = 0;
    for (; i < wanted && i < given; i++) argv[i] = (napi_value)(void *)&cbinfo->argv[i];
    for (; i < wanted; i++) argv[i] = ej_undefined();
  }
  if (argc != NULL) *argc = (size_t)cbinfo->argc;
  if (this_arg != NULL) *this_arg = receiver(env, cbinfo);
  if (data != NULL) *data = cbinfo->data;
  return ej_clear_error(env);
}

napi_status ej_napi_get_new_target(napi_env env, napi_callback_info cbinfo, napi_value *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, cbinfo);
  CHECK_ARG(env, result);
  *result = JS_IsUndefined(cbinfo->new_target) ? NULL : (napi_value)(void *)&cbinfo->new_target;
  return ej_clear_error(env);
}

// --- Calls out of natives -----------------------------------------------------------------------

enum { FEW_ARGUMENTS = 8 };

// The arguments' values, in `few` when they fit. NULL with an exception pending when out of memory.
static JSValueConst *values_of(JSContext *ctx, size_t argc, const napi_value *argv,
                               JSValueConst *few) {
  JSValueConst *values = few;
  if (argc > FEW_ARGUMENTS) values = js_malloc(ctx, argc * sizeof(*values));
  for (size_t i = 0; values != NULL && i < argc; i++)
    values[i] = argv[i] == NULL ? JS_UNDEFINED : ej_value(argv[i]);
  return values;
}

napi_status ej_napi_call_function(napi_env env, napi_value recv, napi_value func, size_t argc,
                                  const napi_value *argv, napi_value *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, recv);
  if (argc > 0) CHECK_ARG(env, argv);
  CHECK_ARG(env, func);
  JSContext *ctx = env->isolate->ctx;
  RETURN_STATUS_IF_FALSE(env, JS_IsFunction(ctx, ej_value(func)), napi_invalid_arg);
  JSValueConst few[FEW_ARGUMENTS];
  JSValueConst *values = values_of(ctx, argc, argv, few);
  JSValue value = JS_EXCEPTION;
  if (values != NULL) value = JS_Call(ctx, ej_value(func), ej_value(recv), (int)argc, values);
  if (values != few) js_free(ctx, values);
  CHECK_VALUE_WITH_PREAMBLE(env, value, napi_generic_failure);
  if (result != NULL)
    *result = ej_handle(env->isolate, value);
  else
    JS_FreeValue(ctx, value);
  return ej_clear_error(env);
}

napi_status ej_napi_new_instance(napi_env env, napi_value constructor, size_t argc,
                                 const napi_value *argv, napi_value *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, constructor);
  if (argc > 0) CHECK_ARG(env, argv);
  CHECK_ARG(env, result);
  JSContext *ctx = env->isolate->ctx;
  RETURN_STATUS_IF_FALSE(env, JS_IsFunction(ctx, ej_value(constructor)), napi_invalid_arg);
  JSValueConst few[FEW_ARGUMENTS];
  JSValueConst *values = values_of(ctx, argc, argv, few);
  JSValue value = JS_EXCEPTION;
  if (values != NULL) value = JS_CallConstructor(ctx, ej_value(constructor), (int)argc, values);
  if (values != few) js_free(ctx, values);
  CHECK_VALUE_WITH_PREAMBLE(env, value, napi_pending_exception);
  *result = ej_handle(env->isolate, value);
  return napi_ok;
}
