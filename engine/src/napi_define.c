// SPDX-License-Identifier: Apache-2.0
//
// napi_define_properties and napi_define_class. Node: src/js_native_api_v8.cc.
#include <stdlib.h>

#include "napi_internal.h"

static int flags_of(const napi_property_descriptor *property) {
  int flags = JS_PROP_HAS_ENUMERABLE | JS_PROP_HAS_CONFIGURABLE;
  if ((property->attributes & napi_enumerable) != 0) flags |= JS_PROP_ENUMERABLE;
  if ((property->attributes & napi_configurable) != 0) flags |= JS_PROP_CONFIGURABLE;
  return flags;
}

static napi_status key_of(napi_env env, const napi_property_descriptor *property, JSAtom *key) {
  JSContext *ctx = env->isolate->ctx;
  if (property->utf8name != NULL) {
    *key = ej_atom_from_utf8(ctx, property->utf8name, NAPI_AUTO_LENGTH);
  } else {
    CHECK_ARG(env, property->name);
    JSValueConst name = ej_value(property->name);
    RETURN_STATUS_IF_FALSE(env, JS_IsString(name) || JS_IsSymbol(name), napi_name_expected);
    *key = JS_ValueToAtom(ctx, name);
  }
  if (*key == JS_ATOM_NULL) return ej_fail_quietly(env, napi_generic_failure);
  return napi_ok;
}

static JSValue nameless(napi_env env, napi_callback callback, void *data, ej_class *klass) {
  if (callback == NULL) return JS_UNDEFINED;
  JSValue name = JS_NewStringLen(env->isolate->ctx, "", 0);
  return ej_function_new(env, name, callback, data, EJ_FUNCTION_PLAIN, klass);
}

// Each gives 1 if defined, 0 if refused, -1 with an exception pending.

static int define_accessor(napi_env env, JSValueConst object, JSAtom key,
                           const napi_property_descriptor *property) {
  JSContext *ctx = env->isolate->ctx;
  JSValue getter = nameless(env, property->getter, property->data, NULL);
  JSValue setter = nameless(env, property->setter, property->data, NULL);
  int flags = flags_of(property);
  if (property->getter != NULL) flags |= JS_PROP_HAS_GET;
  if (property->setter != NULL) flags |= JS_PROP_HAS_SET;
  int defined = -1;
  if (!JS_IsException(getter) && !JS_IsException(setter))
    defined = JS_DefineProperty(ctx, object, key, JS_UNDEFINED, getter, setter, flags);
  JS_FreeValue(ctx, getter);
  JS_FreeValue(ctx, setter);
  return defined;
}

static int define_value(napi_env env, JSValueConst object, JSAtom key,
                        const napi_property_descriptor *property, JSValueConst value) {
  int flags = flags_of(property) | JS_PROP_HAS_VALUE | JS_PROP_HAS_WRITABLE;
  if ((property->attributes & napi_writable) != 0) flags |= JS_PROP_WRITABLE;
  return JS_DefineProperty(env->isolate->ctx, object, key, value, JS_UNDEFINED, JS_UNDEFINED,
                           flags);
}

static int define_method(napi_env env, JSValueConst object, JSAtom key,
                         const napi_property_descriptor *property, ej_class *klass) {
  JSValue method = nameless(env, property->method, property->data, klass);
  if (JS_IsException(method)) return -1;
  int defined = define_value(env, object, key, property, method);
  JS_FreeValue(env->isolate->ctx, method);
  return defined;
}

napi_status ej_define_property(napi_env env, JSValueConst object,
                               const napi_property_descriptor *property, ej_class *klass) {
  JSAtom key;
  STATUS_CALL(key_of(env, property, &key));
  int defined;
  napi_status refused = napi_invalid_arg;
  if (property->getter != NULL || property->setter != NULL) {
    defined = define_accessor(env, object, key, property);
  } else if (property->method != NULL) {
    defined = define_method(env, object, key, property, klass);
    refused = napi_generic_failure;
  } else if (property->value != NULL) {
    defined = define_value(env, object, key, property, ej_value(property->value));
  } else {
    defined = 0;
  }
  JS_FreeAtom(env->isolate->ctx, key);
  return defined > 0 ? napi_ok : ej_status_or(env, refused);
}

napi_status ej_napi_define_properties(napi_env env, napi_value object, size_t property_count,
                                      const napi_property_descriptor *properties) {
  NAPI_PREAMBLE(env);
  if (property_count > 0) CHECK_ARG(env, properties);
  JSValueConst target;
  CHECK_TO_OBJECT(env, target, object, napi_object_expected);
  for (size_t i = 0; i < property_count; i++)
    STATUS_CALL(ej_define_property(env, target, &properties[i], NULL));
  return napi_ok;
}

// --- Classes ------------------------------------------------------------------------------------

// Makes the constructor and its `prototype`, both linked. JS_EXCEPTION when out of memory.
static JSValue new_constructor(napi_env env, JSValue name, napi_callback callback, void *data,
                               ej_class *klass, JSValue *prototype) {
  JSContext *ctx = env->isolate->ctx;
  const JSAtom *atoms = env->isolate->napi->atoms;
  *prototype = JS_UNDEFINED;
  JSValue constructor = ej_function_new(env, name, callback, data, EJ_FUNCTION_CONSTRUCTOR, klass);
  if (JS_IsException(constructor)) return constructor;
  *prototype = JS_NewObject(ctx);
  if (JS_IsException(*prototype) ||
      JS_DefinePropertyValue(ctx, constructor, atoms[EJ_ATOM_PROTOTYPE],
                             JS_DupValue(ctx, *prototype), JS_PROP_WRITABLE) < 0) {
    JS_FreeValue(ctx, *prototype);
    JS_FreeValue(ctx, constructor);
    *prototype = JS_UNDEFINED;
    return JS_EXCEPTION;
  }
  return constructor;
}

// Static ones go on the constructor; methods of the prototype ask for a receiver of the class.
static napi_status define_members(napi_env env, JSValueConst constructor, JSValueConst prototype,
                                  ej_class *klass, size_t count,
                                  const napi_property_descriptor *properties) {
  for (size_t i = 0; i < count; i++)
    if ((properties[i].attributes & napi_static) == 0)
      STATUS_CALL(ej_define_property(env, prototype, &properties[i], klass));
  JSContext *ctx = env->isolate->ctx;
  if (JS_DefinePropertyValue(ctx, prototype, env->isolate->napi->atoms[EJ_ATOM_CONSTRUCTOR],
                             JS_DupValue(ctx, constructor),
                             JS_PROP_CONFIGURABLE | JS_PROP_WRITABLE) < 0)
    return ej_status_or(env, napi_generic_failure);
  for (size_t i = 0; i < count; i++)
    if ((properties[i].attributes & napi_static) != 0)
      STATUS_CALL(ej_define_property(env, constructor, &properties[i], NULL));
  return napi_ok;
}

napi_status ej_napi_define_class(napi_env env, const char *utf8name, size_t length,
                                 napi_callback constructor, void *data, size_t property_count,
                                 const napi_property_descriptor *properties, napi_value *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, result);
  CHECK_ARG(env, constructor);
  if (property_count > 0) CHECK_ARG(env, properties);
  RETURN_STATUS_IF_FALSE(env, ej_name_valid(utf8name, length), napi_invalid_arg);

  JSContext *ctx = env->isolate->ctx;
  ej_class *klass = calloc(1, sizeof(*klass));
  if (klass == NULL) return ej_set_error(env, napi_generic_failure);
  klass->refcount = 1;
  JSValue name = ej_string_from_utf8(ctx, utf8name, length);
  JSValue prototype;
  JSValue function = new_constructor(env, name, constructor, data, klass, &prototype);
  napi_status status;
  if (JS_IsException(function))
    status = ej_fail_quietly(env, napi_generic_failure);
  else
    status = define_members(env, function, prototype, klass, property_count, properties);
  JS_FreeValue(ctx, prototype);
  ej_class_unref(klass);
  if (status != napi_ok) {
    JS_FreeValue(ctx, function);
    return status;
  }
  *result = ej_handle(env->isolate, function);
  return napi_ok;
}
