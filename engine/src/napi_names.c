// SPDX-License-Identifier: Apache-2.0
//
// The names of an object's properties. V8: KeyAccumulator.
#include "napi_internal.h"

// A walk up the prototypes that collects names.
typedef struct ej_names {
  JSContext *ctx;
  JSValue found; // array
  uint32_t count;
  JSValue seen; // null-prototype object: names met on the way; undefined when nothing can repeat
  napi_key_filter filter;
  bool keep_numbers;
} ej_names;

static bool shown(const ej_names *names, int flags) {
  if ((names->filter & napi_key_writable) != 0 &&
      (flags & (JS_PROP_WRITABLE | JS_PROP_GETSET)) == 0)
    return false;
  if ((names->filter & napi_key_enumerable) != 0 && (flags & JS_PROP_ENUMERABLE) == 0) return false;
  return (names->filter & napi_key_configurable) == 0 || (flags & JS_PROP_CONFIGURABLE) != 0;
}

// 1 if the property passes the filter, 0 if not, -1 with an exception pending.
static int examine(ej_names *names, JSValueConst object, JSAtom name) {
  const int detailed = napi_key_writable | napi_key_enumerable | napi_key_configurable;
  if ((names->filter & detailed) == 0) return 1;
  JSPropertyDescriptor property;
  int found = JS_GetOwnProperty(names->ctx, &property, object, name);
  if (found <= 0) return found;
  JS_FreeValue(names->ctx, property.value);
  JS_FreeValue(names->ctx, property.getter);
  JS_FreeValue(names->ctx, property.setter);
  return shown(names, property.flags);
}

// An array index as a number: canonical decimal below 2^32 - 1.
static bool as_index(JSContext *ctx, JSValueConst name, uint32_t *index) {
  size_t length;
  const char *digits = JS_ToCStringLen(ctx, &length, name);
  if (digits == NULL) return false;
  uint64_t value = 0;
  bool is_index = length > 0 && length <= 10 && (digits[0] != '0' || length == 1);
  for (size_t i = 0; i < length && is_index; i++) {
    is_index = digits[i] >= '0' && digits[i] <= '9';
    value = value * 10 + (uint64_t)(digits[i] - '0');
  }
  JS_FreeCString(ctx, digits);
  *index = (uint32_t)value;
  return is_index && value < UINT32_MAX;
}

static int append(ej_names *names, JSAtom name) {
  JSValue value = JS_AtomToValue(names->ctx, name);
  if (JS_IsException(value)) return -1;
  uint32_t index;
  if (names->keep_numbers && JS_IsString(value) && as_index(names->ctx, value, &index)) {
    JS_FreeValue(names->ctx, value);
    value = JS_NewUint32(names->ctx, index);
  }
  return JS_DefinePropertyValueUint32(names->ctx, names->found, names->count++, value,
                                      JS_PROP_C_W_E);
}

// A name that was met below hides this one, even if it was filtered out there.
static int is_hidden(ej_names *names, JSAtom name) {
  if (JS_IsUndefined(names->seen)) return 0;
  int hidden = JS_GetOwnProperty(names->ctx, NULL, names->seen, name);
  if (hidden != 0) return hidden;
  return JS_DefinePropertyValue(names->ctx, names->seen, name, JS_TRUE, JS_PROP_C_W_E) < 0 ? -1 : 0;
}

static int collect_own(ej_names *names, JSValueConst object) {
  int kinds = 0;
  if ((names->filter & napi_key_skip_strings) == 0) kinds |= JS_GPN_STRING_MASK;
  if ((names->filter & napi_key_skip_symbols) == 0) kinds |= JS_GPN_SYMBOL_MASK;
  JSPropertyEnum *own;
  uint32_t count;
  if (JS_GetOwnPropertyNames(names->ctx, &own, &count, object, kinds) < 0) return -1;
  int status = 0;
  for (uint32_t i = 0; i < count && status >= 0; i++) {
    status = is_hidden(names, own[i].atom);
    if (status != 0) continue;
    status = examine(names, object, own[i].atom);
    if (status > 0) status = append(names, own[i].atom);
  }
  JS_FreePropertyEnum(names->ctx, own, count);
  return status < 0 ? -1 : 0;
}

static int collect(ej_names *names, JSValueConst object, bool with_prototypes) {
  if (collect_own(names, object) < 0) return -1;
  JSValue current = with_prototypes ? JS_GetPrototype(names->ctx, object) : JS_NULL;
  while (JS_IsObject(current)) {
    if (collect_own(names, current) < 0) {
      JS_FreeValue(names->ctx, current);
      return -1;
    }
    JSValue next = JS_GetPrototype(names->ctx, current);
    JS_FreeValue(names->ctx, current);
    current = next;
  }
  return JS_IsException(current) ? -1 : 0;
}

napi_status ej_napi_get_all_property_names(napi_env env, napi_value object,
                                           napi_key_collection_mode key_mode,
                                           napi_key_filter key_filter,
                                           napi_key_conversion key_conversion, napi_value *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, result);
  JSValueConst target;
  CHECK_TO_OBJECT(env, target, object, napi_object_expected);
  RETURN_STATUS_IF_FALSE(env,
                         key_mode == napi_key_include_prototypes || key_mode == napi_key_own_only,
                         napi_invalid_arg);
  RETURN_STATUS_IF_FALSE(
      env, key_conversion == napi_key_keep_numbers || key_conversion == napi_key_numbers_to_strings,
      napi_invalid_arg);
  JSContext *ctx = env->isolate->ctx;
  bool with_prototypes = key_mode == napi_key_include_prototypes;
  ej_names names = {
      .ctx = ctx,
      .found = JS_NewArray(ctx),
      .seen = with_prototypes ? JS_NewObjectProto(ctx, JS_NULL) : JS_UNDEFINED,
      .filter = key_filter,
      .keep_numbers = key_conversion == napi_key_keep_numbers,
  };
  bool failed = JS_IsException(names.found) || JS_IsException(names.seen) ||
                collect(&names, target, with_prototypes) < 0;
  JS_FreeValue(ctx, names.seen);
  if (failed) {
    JS_FreeValue(ctx, names.found);
    return ej_status_or(env, napi_generic_failure);
  }
  *result = ej_handle(env->isolate, names.found);
  return napi_ok;
}

napi_status ej_napi_get_property_names(napi_env env, napi_value object, napi_value *result) {
  return ej_napi_get_all_property_names(
      env, object, napi_key_include_prototypes,
      (napi_key_filter)(napi_key_enumerable | napi_key_skip_symbols), napi_key_numbers_to_strings,
      result);
}
