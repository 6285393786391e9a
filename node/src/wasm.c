// SPDX-License-Identifier: Apache-2.0
#include "wasm.h"

#include "binding.h"
#include "wasm_internal.h"

napi_value ej_wasm_helper(napi_env env, napi_value items, uint32_t which) {
  napi_value helpers, helper;
  if (napi_get_element(env, items, 1, &helpers) != napi_ok ||
      napi_get_element(env, helpers, which, &helper) != napi_ok)
    return NULL;
  return helper;
}

// Throws a plain error, whose code says what JavaScript makes of it.
static void throw_plain(napi_env env, const char *kind, const char *message, size_t size) {
  napi_value code, text, error;
  if (napi_create_string_utf8(env, kind, NAPI_AUTO_LENGTH, &code) == napi_ok &&
      napi_create_string_utf8(env, message, size, &text) == napi_ok &&
      napi_create_error(env, code, text, &error) == napi_ok)
    napi_throw(env, error);
}

void ej_wasm_fail(napi_env env, napi_value items, const char *kind, const char *message,
                  size_t size, int code, double offset, napi_value source) {
  napi_value self, helper, args[5], error;
  if (items == NULL) {
    throw_plain(env, kind, message, size);
    return;
  }
  helper = ej_wasm_helper(env, items, HELPER_FAILURE);
  if (helper == NULL || napi_get_undefined(env, &self) != napi_ok ||
      napi_create_string_utf8(env, kind, NAPI_AUTO_LENGTH, &args[0]) != napi_ok ||
      napi_create_string_utf8(env, message, size, &args[1]) != napi_ok)
    return;
  args[2] = ej_number(env, code);
  args[3] = ej_number(env, offset);
  args[4] = source == NULL ? self : source;
  if (napi_call_function(env, self, helper, 5, args, &error) == napi_ok) napi_throw(env, error);
}

void ej_wasm_fail_with(napi_env env, napi_value items, const char *kind, wt_error *error) {
  wt_bytes message;
  ej_wasm()->wasmtime_error_message(error, &message);
  ej_wasm()->wasmtime_error_delete(error);
  ej_wasm_fail(env, items, kind, message.data, message.size, -1, -1, NULL);
  ej_wasm()->wasm_byte_vec_delete(&message);
}

napi_value ej_binding_wasm(napi_env env) {
  if (ej_wasm() == NULL) {
    napi_throw_error(env, NULL, "wasmtime is not loaded");
    return NULL;
  }
  napi_value binding = ej_binding_of(env, ej_wasm_module_function_count, ej_wasm_module_functions);
  if (binding == NULL ||
      napi_define_properties(env, binding, ej_wasm_store_function_count, ej_wasm_store_functions) !=
          napi_ok ||
      napi_define_properties(env, binding, ej_wasm_item_function_count, ej_wasm_item_functions) !=
          napi_ok)
    return NULL;
  return binding;
}
