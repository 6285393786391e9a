// SPDX-License-Identifier: Apache-2.0
//
// Values on their way between JavaScript and Wasm: the standard's ToWebAssemblyValue and ToJSValue.
#include <stdlib.h>
#include <string.h>

#include "wasm_internal.h"

static void throw_type(napi_env env, const char *message) {
  napi_throw_type_error(env, NULL, message);
}

// --- Numbers -------------------------------------------------------------------------------------

// ToNumber; most values are numbers.
static bool number_of(napi_env env, napi_value value, double *number) {
  if (napi_get_value_double(env, value, number) == napi_ok) return true;
  napi_value made;
  return napi_coerce_to_number(env, value, &made) == napi_ok &&
         napi_get_value_double(env, made, number) == napi_ok;
}

static bool int32_of(napi_env env, napi_value value, int32_t *number) {
  if (napi_get_value_int32(env, value, number) == napi_ok) return true;
  napi_value made;
  return napi_coerce_to_number(env, value, &made) == napi_ok &&
         napi_get_value_int32(env, made, number) == napi_ok;
}

static bool int64_of(napi_env env, napi_value items, napi_value value, int64_t *number) {
  bool lossless;
  if (napi_get_value_bigint_int64(env, value, number, &lossless) == napi_ok) return true;
  napi_value self, made, helper = ej_wasm_helper(env, items, HELPER_TO_BIGINT);
  return helper != NULL && napi_get_undefined(env, &self) == napi_ok &&
         napi_call_function(env, self, helper, 1, &value, &made) == napi_ok &&
         napi_get_value_bigint_int64(env, made, number, &lossless) == napi_ok;
}

bool ej_wasm_to_raw(napi_env env, napi_value items, wasm_type type, napi_value value, wt_raw *out) {
  double number;
  switch (type.kind) {
  case KIND_I32:
    return int32_of(env, value, &out->i32);
  case KIND_I64:
    return int64_of(env, items, value, &out->i64);
  case KIND_F32:
    if (!number_of(env, value, &number)) return false;
    out->f32 = (float)number;
    return true;
  default:
    return number_of(env, value, &out->f64);
  }
}

napi_value ej_wasm_raw_to_js(napi_env env, wasm_type type, const wt_raw *value) {
  napi_value made = NULL;
  switch (type.kind) {
  case KIND_I32:
    napi_create_int32(env, value->i32, &made);
    break;
  case KIND_I64:
    napi_create_bigint_int64(env, value->i64, &made);
    break;
  case KIND_F32:
    napi_create_double(env, (double)value->f32, &made);
    break;
  default:
    napi_create_double(env, value->f64, &made);
  }
  return made;
}

// --- References ----------------------------------------------------------------------------------

// What an externref carries: where the value is among the items of its store.
typedef struct held_value {
  wasm_store *store;
  uint32_t place;
} held_value;

// In the middle of a collection of wasmtime's, or when the store goes.
static void release_held(void *data) {
  held_value *held = data;
  wasm_store *store = held->store;
  if (store->released_count == store->released_capacity) {
    store->released_capacity = store->released_capacity == 0 ? 64 : 2 * store->released_capacity;
    store->released = realloc(store->released, store->released_capacity * sizeof(uint32_t));
    EJ_CHECK(store->released != NULL);
  }
  store->released[store->released_count++] = held->place;
  free(held);
}

static bool make_externref(napi_env env, wasm_store *store, napi_value value, wt_ref *out) {
  held_value *held = malloc(sizeof *held);
  EJ_CHECK(held != NULL);
  *held = (held_value){store, ej_wasm_hold(env, store, value)};
  if (held->place == 0) {
    free(held);
    return false;
  }
  if (ej_wasm()->wasmtime_externref_new(store->context, held, release_held, out)) return true;
  release_held(held);
  napi_throw_range_error(env, NULL, "WebAssembly: out of memory for references");
  return false;
}

static bool is_null(napi_env env, napi_value value) {
  napi_valuetype type;
  return napi_typeof(env, value, &type) == napi_ok && type == napi_null;
}

static bool make_funcref(napi_env env, wasm_store *store, napi_value value, wt_func *out) {
  const wasm_function *function = ej_wasm_function_of(env, value);
  if (function == NULL) {
    throw_type(env, "function-typed object must be null (if nullable) or a Wasm function object");
    return false;
  }
  return ej_wasm_refer(env, store, function, value, out);
}

// Numbers of 31 bits are the only values of JavaScript that are of type anyref here.
static bool make_anyref(napi_env env, const wasm_store *store, napi_value value, wt_ref *out) {
  double number;
  if (napi_get_value_double(env, value, &number) != napi_ok || number < -0x40000000 ||
      number > 0x3fffffff || number != (double)(int32_t)number) {
    throw_type(env, "type incompatibility when transforming from/to JS");
    return false;
  }
  ej_wasm()->wasmtime_anyref_from_i31(store->context, (uint32_t)(int32_t)number, out);
  return true;
}

static const uint8_t val_kinds[] = {WT_I32,     WT_I64,       WT_F32,    WT_F64,   WT_V128,
                                    WT_FUNCREF, WT_EXTERNREF, WT_ANYREF, WT_EXNREF};

bool ej_wasm_to_val(napi_env env, wasm_store *store, wasm_type type, napi_value value,
                    wt_val *out) {
  *out = (wt_val){.kind = val_kinds[type.kind]};
  if (type.kind <= KIND_F64) {
    wt_raw raw;
    if (!ej_wasm_to_raw(env, store->items, type, value, &raw)) return false;
    memcpy(&out->of, &raw, sizeof raw);
    return true;
  }
  if (type.kind == KIND_V128 || type.kind == KIND_EXN) {
    throw_type(env, "type incompatibility when transforming from/to JS");
    return false;
  }
  if (is_null(env, value)) {
    if (type.nullable) return true;
    throw_type(env, "type incompatibility when transforming from/to JS");
    return false;
  }
  if (type.kind == KIND_FUNC) return make_funcref(env, store, value, &out->of.func);
  if (type.kind == KIND_ANY) return make_anyref(env, store, value, &out->of.ref);
  return make_externref(env, store, value, &out->of.ref);
}

static napi_value null_value(napi_env env) {
  napi_value made;
  return napi_get_null(env, &made) == napi_ok ? made : NULL;
}

static napi_value extern_to_js(napi_env env, const wasm_store *store, const wt_ref *ref) {
  napi_value made;
  if (ref->store == 0) return null_value(env);
  const held_value *held = ej_wasm()->wasmtime_externref_data(store->context, ref);
  if (held == NULL) { // a reference of Wasm's own
    throw_type(env, "type incompatibility when transforming from/to JS");
    return NULL;
  }
  return napi_get_element(env, store->items, held->place, &made) == napi_ok ? made : NULL;
}

static napi_value any_to_js(napi_env env, const wasm_store *store, const wt_ref *ref) {
  int32_t number;
  if (ref->store == 0) return null_value(env);
  if (ej_wasm()->wasmtime_anyref_i31_get_s(store->context, ref, &number))
    return ej_number(env, number);
  throw_type(env, "structures and arrays of Wasm cannot be given to JavaScript");
  return NULL;
}

napi_value ej_wasm_to_js(napi_env env, wasm_store *store, const wt_val *value) {
  wt_raw raw;
  switch (value->kind) {
  case WT_FUNCREF:
    if (value->of.func.store == 0) return null_value(env);
    return ej_wasm_function_object(env, store, &value->of.func, 0, -1);
  case WT_EXTERNREF:
    return extern_to_js(env, store, &value->of.ref);
  case WT_ANYREF:
    return any_to_js(env, store, &value->of.ref);
  case WT_V128:
  case WT_EXNREF:
    throw_type(env, "type incompatibility when transforming from/to JS");
    return NULL;
  default:
    memcpy(&raw, &value->of, sizeof raw);
    return ej_wasm_raw_to_js(env, (wasm_type){value->kind, false, false}, &raw);
  }
}
