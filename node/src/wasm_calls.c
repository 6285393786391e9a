// SPDX-License-Identifier: Apache-2.0
//
// Calls: of Wasm's functions by JavaScript, of JavaScript's by Wasm.
#include <stdio.h>
#include <stdlib.h>

#include "wasm_internal.h"

enum { FEW = 16 };

// --- JavaScript calls Wasm -----------------------------------------------------------------------

typedef struct invocation {
  wasm_function *function;
  napi_value items, outer;
  size_t argc;
  napi_value args[FEW];
} invocation;

static napi_value finish(napi_env env, invocation *call, wt_error *error, wt_trap *trap) {
  wasm_store *store = call->function->store;
  bool failed = error != NULL || trap != NULL;
  if (failed) ej_wasm_throw(env, store, error, trap, call->function);
  return NULL;
}

// An array of `count` results.
static napi_value pack(napi_env env, const napi_value *values, size_t count) {
  napi_value list;
  if (napi_create_array_with_length(env, count, &list) != napi_ok) return NULL;
  for (size_t i = 0; i < count; i++) {
    if (values[i] == NULL || napi_set_element(env, list, (uint32_t)i, values[i]) != napi_ok)
      return NULL;
  }
  return list;
}

static napi_value call_plain(napi_env env, invocation *call) {
  const wasm_signature *signature = call->function->signature;
  wasm_store *store = call->function->store;
  wt_raw values[FEW];
  wt_trap *trap = NULL;
  for (size_t i = 0; i < signature->params; i++) {
    if (!ej_wasm_to_raw(env, call->items, signature->types[i], call->args[i], &values[i]))
      return NULL;
  }
  ej_wasm_enter();
  wt_error *error = ej_wasm()->wasmtime_func_call_unchecked(store->context, &call->function->func,
                                                            values, FEW, &trap);
  ej_wasm_leave();
  if (error != NULL || trap != NULL) return finish(env, call, error, trap);
  if (store->memories > 0) ej_wasm_tell_growth(env, store);
  if (signature->results == 0) return NULL;
  const wasm_type *types = signature->types + signature->params;
  if (signature->results == 1) return ej_wasm_raw_to_js(env, types[0], &values[0]);
  napi_value made[FEW];
  for (size_t i = 0; i < signature->results; i++)
    made[i] = ej_wasm_raw_to_js(env, types[i], &values[i]);
  return pack(env, made, signature->results);
}

static void unroot(wt_val *values, size_t count) {
  for (size_t i = 0; i < count; i++) ej_wasm()->wasmtime_val_unroot(&values[i]);
}

static napi_value results_of(napi_env env, wasm_store *store, const wt_val *values, size_t count) {
  if (count == 0) return NULL;
  if (count == 1) return ej_wasm_to_js(env, store, &values[0]);
  napi_value *made = calloc(count, sizeof *made);
  EJ_CHECK(made != NULL);
  for (size_t i = 0; i < count && (i == 0 || made[i - 1] != NULL); i++)
    made[i] = ej_wasm_to_js(env, store, &values[i]);
  napi_value list = made[count - 1] == NULL ? NULL : pack(env, made, count);
  free(made);
  return list;
}

// Through values that wasmtime checks. `args` has as many as there are parameters.
static napi_value call_checked(napi_env env, invocation *call, const napi_value *args) {
  const wasm_signature *signature = call->function->signature;
  wasm_store *store = call->function->store;
  napi_value result = NULL;
  wt_trap *trap = NULL;
  size_t count = signature->params + signature->results, given = 0;
  wt_val *values = calloc(count + 1, sizeof *values);
  EJ_CHECK(values != NULL);
  while (given < signature->params &&
         ej_wasm_to_val(env, store, signature->types[given], args[given], &values[given]))
    given++;
  if (given == signature->params) {
    wt_val *results = values + signature->params;
    ej_wasm_enter();
    wt_error *error =
        ej_wasm()->wasmtime_func_call(store->context, &call->function->func, values,
                                      signature->params, results, signature->results, &trap);
    ej_wasm_leave();
    if (error != NULL || trap != NULL) {
      finish(env, call, error, trap);
    } else {
      ej_wasm_tell_growth(env, store);
      result = results_of(env, store, results, signature->results);
      unroot(results, signature->results);
    }
  }
  unroot(values, given);
  free(values);
  return result;
}

static napi_value call_many(napi_env env, napi_callback_info info, invocation *call) {
  size_t count = call->function->signature->params;
  napi_value *args = calloc(count + 1, sizeof *args), result = NULL;
  EJ_CHECK(args != NULL);
  size_t argc = count;
  if (napi_get_cb_info(env, info, &argc, args, NULL, NULL) == napi_ok)
    result = call_checked(env, call, args);
  free(args);
  return result;
}

static napi_value call_export(napi_env env, napi_callback_info info) {
  invocation call = {.argc = FEW};
  void *data;
  if (napi_get_cb_info(env, info, &call.argc, call.args, NULL, &data) != napi_ok) return NULL;
  call.function = data;
  const wasm_signature *signature = call.function->signature;
  if (!signature->crosses) {
    napi_throw_type_error(env, NULL, "type incompatibility when transforming from/to JS");
    return NULL;
  }
  wasm_store *store = call.function->store;
  call.items = ej_callback_keeps(info);
  call.outer = store->items;
  store->items = call.items;
  bool few = signature->params <= FEW && signature->results <= FEW;
  napi_value result = few && signature->plain ? call_plain(env, &call)
                      : few                   ? call_checked(env, &call, call.args)
                                              : call_many(env, info, &call);
  store->items = call.outer;
  return result;
}

// --- Function objects ----------------------------------------------------------------------------

static wasm_function **bucket_of(wasm_store *store, const void *pointer) {
  return &store->functions[((uintptr_t)pointer >> 4) * 2654435761u % FUNCTION_BUCKETS];
}

napi_value ej_wasm_function_object(napi_env env, wasm_store *store, const wt_func *func,
                                   uint32_t source, double number) {
  napi_value object, name;
  char text[32] = "";
  wasm_function **bucket = bucket_of(store, func->pointer);
  for (wasm_function *known = *bucket; known != NULL; known = known->next) {
    if (known->func.pointer != func->pointer) continue;
    return napi_get_element(env, store->items, known->index, &object) == napi_ok ? object : NULL;
  }
  wt_functype *type = ej_wasm()->wasmtime_func_type(store->context, func);
  wasm_function *function = calloc(1, sizeof *function);
  EJ_CHECK(function != NULL);
  *function = (wasm_function){.store = store,
                              .next = *bucket,
                              .func = *func,
                              .source = source,
                              .signature = ej_wasm_signature_of(type)};
  ej_wasm()->wasm_functype_delete(type);
  *bucket = function;
  if (number >= 0) snprintf(text, sizeof text, "%.0f", number);
  if (napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &name) != napi_ok) return NULL;
  object = ej_env_function(env, name, (uint32_t)function->signature->params, call_export, function,
                           store->items);
  if (object != NULL) function->index = ej_wasm_keep(env, store, object);
  return object;
}

wasm_function *ej_wasm_function_of(napi_env env, napi_value value) {
  return ej_env_function_data(env, value, call_export);
}

void ej_wasm_functions_free(wasm_store *store) {
  for (size_t i = 0; i < FUNCTION_BUCKETS; i++) {
    for (wasm_function *function = store->functions[i], *next; function != NULL; function = next) {
      next = function->next;
      free(function->signature);
      free(function);
    }
  }
}

// --- Wasm calls JavaScript -----------------------------------------------------------------------

typedef struct imported_function {
  wasm_store *store;
  uint32_t place; // of the callee among the items
  wasm_signature *signature;
} imported_function;

static void free_imported(void *data) {
  imported_function *imported = data;
  free(imported->signature);
  free(imported);
}

// Calls `imported` with `args`; NULL with an exception pending.
static napi_value call_out(napi_env env, const imported_function *imported, napi_value *args) {
  wasm_store *store = imported->store;
  napi_value callee, self, result = NULL, items = store->items;
  ej_wasm_tell_growth(env, store);
  if (napi_get_element(env, items, imported->place, &callee) != napi_ok ||
      napi_get_undefined(env, &self) != napi_ok)
    return NULL;
  napi_call_function(env, self, callee, imported->signature->params, args, &result);
  store->items = items;
  return result;
}

// Several results are what an iterable gives: as an array of so many, by a helper.
static bool iterate(napi_env env, const imported_function *imported, napi_value given,
                    napi_value *list) {
  napi_value self, args[2], helper = ej_wasm_helper(env, imported->store->items, HELPER_RESULTS);
  args[0] = given;
  args[1] = ej_number(env, (double)imported->signature->results);
  return helper != NULL && napi_get_undefined(env, &self) == napi_ok &&
         napi_call_function(env, self, helper, 2, args, list) == napi_ok;
}

static bool give_plain(napi_env env, const imported_function *imported, napi_value result,
                       wt_raw *values) {
  const wasm_signature *signature = imported->signature;
  const wasm_type *types = signature->types + signature->params;
  napi_value items = imported->store->items, list, each;
  if (signature->results == 0) return true;
  if (signature->results == 1) return ej_wasm_to_raw(env, items, types[0], result, &values[0]);
  if (!iterate(env, imported, result, &list)) return false;
  for (uint32_t i = 0; i < signature->results; i++) {
    if (napi_get_element(env, list, i, &each) != napi_ok ||
        !ej_wasm_to_raw(env, items, types[i], each, &values[i]))
      return false;
  }
  return true;
}

static wt_trap *import_plain(void *data, wt_caller *caller, wt_raw *values, size_t count) {
  (void)caller, (void)count;
  const imported_function *imported = data;
  const wasm_signature *signature = imported->signature;
  napi_env env = imported->store->env;
  napi_handle_scope scope;
  napi_value args[FEW], result;
  wt_trap *trap = NULL;
  EJ_CHECK(napi_open_handle_scope(env, &scope) == napi_ok);
  for (size_t i = 0; i < signature->params; i++)
    args[i] = ej_wasm_raw_to_js(env, signature->types[i], &values[i]);
  result = call_out(env, imported, args);
  if (result == NULL || !give_plain(env, imported, result, values))
    trap = ej_wasm_exception_from_js(env, imported->store);
  napi_close_handle_scope(env, scope);
  return trap;
}

static bool give_checked(napi_env env, const imported_function *imported, napi_value result,
                         wt_val *values) {
  const wasm_signature *signature = imported->signature;
  const wasm_type *types = signature->types + signature->params;
  napi_value list, each;
  if (signature->results == 0) return true;
  if (signature->results == 1)
    return ej_wasm_to_val(env, imported->store, types[0], result, &values[0]);
  if (!iterate(env, imported, result, &list)) return false;
  for (uint32_t i = 0; i < signature->results; i++) {
    if (napi_get_element(env, list, i, &each) != napi_ok ||
        !ej_wasm_to_val(env, imported->store, types[i], each, &values[i]))
      return false;
  }
  return true;
}

static wt_trap *import_checked(void *data, wt_caller *caller, const wt_val *given, size_t count,
                               wt_val *results, size_t result_count) {
  (void)caller, (void)result_count;
  const imported_function *imported = data;
  napi_env env = imported->store->env;
  napi_handle_scope scope;
  napi_value result = NULL;
  size_t ready = 0;
  wt_trap *trap = NULL;
  EJ_CHECK(napi_open_handle_scope(env, &scope) == napi_ok);
  napi_value *args = calloc(count + 1, sizeof *args);
  EJ_CHECK(args != NULL);
  if (!imported->signature->crosses)
    napi_throw_type_error(env, NULL, "type incompatibility when transforming from/to JS");
  while (imported->signature->crosses && ready < count &&
         (args[ready] = ej_wasm_to_js(env, imported->store, &given[ready])) != NULL)
    ready++;
  if (imported->signature->crosses && ready == count) result = call_out(env, imported, args);
  if (result == NULL || !give_checked(env, imported, result, results))
    trap = ej_wasm_exception_from_js(env, imported->store);
  free(args);
  napi_close_handle_scope(env, scope);
  return trap;
}

bool ej_wasm_import(napi_env env, wasm_store *store, const wt_functype *type, napi_value callee,
                    wt_func *out) {
  uint32_t place = ej_wasm_keep(env, store, callee);
  if (place == 0) return false;
  imported_function *imported = malloc(sizeof *imported);
  EJ_CHECK(imported != NULL);
  *imported = (imported_function){store, place, ej_wasm_signature_of(type)};
  const wasm_signature *signature = imported->signature;
  if (signature->plain && signature->params <= FEW && signature->results <= FEW) {
    ej_wasm()->wasmtime_func_new_unchecked(store->context, type, import_plain, imported,
                                           free_imported, out);
  } else {
    ej_wasm()->wasmtime_func_new(store->context, type, import_checked, imported, free_imported,
                                 out);
  }
  return true;
}

bool ej_wasm_refer(napi_env env, wasm_store *store, const wasm_function *known, napi_value value,
                   wt_func *out) {
  if (known->store == store) {
    *out = known->func;
    return true;
  }
  wasm_function *foreign = store->foreign;
  while (foreign != NULL && foreign->origin != known) foreign = foreign->next_foreign;
  if (foreign == NULL) {
    uint32_t place = store->used; // where the import puts the function
    wt_functype *type = ej_wasm()->wasmtime_func_type(known->store->context, &known->func);
    bool ok = ej_wasm_import(env, store, type, value, out);
    ej_wasm()->wasm_functype_delete(type);
    if (!ok) return false;
    foreign = calloc(1, sizeof *foreign);
    EJ_CHECK(foreign != NULL);
    wasm_function **bucket = bucket_of(store, out->pointer);
    *foreign = (wasm_function){.store = store,
                               .next = *bucket,
                               .func = *out,
                               .index = place,
                               .next_foreign = store->foreign,
                               .origin = known};
    *bucket = store->foreign = foreign;
  }
  *out = foreign->func;
  return true;
}

// --- Exceptions ----------------------------------------------------------------------------------

static wt_trap *plain_trap(void) { return ej_wasm()->wasmtime_trap_new("thrown", 6); }

static const wt_place *js_tag(wasm_store *store) {
  const ej_wasm_api *wasm = ej_wasm();
  if (store->has_js_tag) return &store->js_tag;
  wt_valtype *payload = ej_wasm_type_named("externref");
  wt_valtypes params, results = {0, NULL};
  wasm->wasm_valtype_vec_new(&params, 1, &payload);
  wt_tagtype *type = wasm->wasm_tagtype_new(wasm->wasm_functype_new(&params, &results));
  wt_error *error = wasm->wasmtime_tag_new(store->context, type, &store->js_tag);
  wasm->wasm_tagtype_delete(type);
  EJ_CHECK(error == NULL);
  store->has_js_tag = true;
  return &store->js_tag;
}

wt_trap *ej_wasm_exception_from_js(napi_env env, wasm_store *store) {
  const ej_wasm_api *wasm = ej_wasm();
  napi_value value;
  wt_val payload;
  wt_ref exception;
  if (ej_env_is_stopping(env) || napi_get_and_clear_last_exception(env, &value) != napi_ok)
    return plain_trap();
  if (!ej_wasm_to_val(env, store, (wasm_type){KIND_EXTERN, true, false}, value, &payload))
    return plain_trap();
  wt_error *error =
      wasm->wasmtime_exnref_new(store->context, js_tag(store), &payload, 1, &exception);
  wasm->wasmtime_val_unroot(&payload);
  if (error != NULL) { // no room: nobody in Wasm sees it
    wasm->wasmtime_error_delete(error);
    napi_throw(env, value);
    return plain_trap();
  }
  wt_trap *trap = wasm->wasmtime_context_set_exception(store->context, &exception);
  wasm->wasmtime_exnref_unroot(&exception);
  return trap;
}

void ej_wasm_exception_to_js(napi_env env, wasm_store *store, const wt_ref *exception) {
  const ej_wasm_api *wasm = ej_wasm();
  wt_val field;
  wt_place tag;
  napi_value value;
  wt_error *error = wasm->wasmtime_exnref_tag(store->context, exception, &tag);
  bool is_js = error == NULL && store->has_js_tag && tag.of.first == store->js_tag.of.first &&
               tag.second == store->js_tag.second;
  if (error == NULL && is_js)
    error = wasm->wasmtime_exnref_field(store->context, exception, 0, &field);
  if (error != NULL) {
    ej_wasm_fail_with(env, store->items, "trap", error);
    return;
  }
  if (!is_js) {
    ej_wasm_fail(env, store->items, "exception", "wasm exception", 14, -1, -1, NULL);
    return;
  }
  value = ej_wasm_to_js(env, store, &field);
  wasm->wasmtime_val_unroot(&field);
  if (value != NULL) napi_throw(env, value);
}
