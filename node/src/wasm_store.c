// SPDX-License-Identifier: Apache-2.0
//
// Stores and instances.
#include <stdlib.h>
#include <string.h>

#include "wasm_internal.h"

static const napi_type_tag store_tag = {0x5b1de90c4f6a4c8e, 0x9c03a1f7d2587be1};

enum { ITEM_FIRST = 2, HELD_AT_FIRST = 1000 };

// --- Life ----------------------------------------------------------------------------------------

// A call that has used up its ticks: whether it goes on.
static wt_error *on_tick(wt_context *context, void *data, uint64_t *delta, uint8_t *kind) {
  (void)context;
  const wasm_store *store = data;
  if (ej_env_must_stop(store->env)) return ej_wasm()->wasmtime_error_new("interrupted");
  *delta = 1;
  *kind = 0; // continue
  return NULL;
}

void ej_wasm_store_unref(wasm_store *store) {
  if (--store->holders > 0) return;
  for (uint32_t i = 0; i < store->count; i++) {
    if (store->list[i].item.kind == WT_SHARED)
      ej_wasm()->wasmtime_sharedmemory_delete(store->list[i].item.of.shared);
    ej_env_give_memory(store->env, store->list[i].counted);
  }
  ej_wasm()->wasmtime_store_delete(store->store); // and with it what Wasm holds of `released`
  ej_wasm_functions_free(store);
  free(store->released);
  free(store->list);
  free(store);
}

static void finalize_store(napi_env env, void *data, void *hint) {
  (void)env, (void)hint;
  ej_wasm_store_unref(data);
}

// newStore(): an external.
static napi_value new_store(napi_env env, napi_callback_info info) {
  (void)info;
  const ej_wasm_api *wasm = ej_wasm();
  napi_value external;
  wasm_store *store = calloc(1, sizeof *store);
  EJ_CHECK(store != NULL);
  store->env = env;
  store->holders = 1;
  store->used = ITEM_FIRST;
  store->held_limit = HELD_AT_FIRST;
  store->store = wasm->wasmtime_store_new(wasm->engine, NULL, NULL);
  store->context = wasm->wasmtime_store_context(store->store);
  size_t most = ej_env_memory_limit(env); // of each memory, which Wasm itself may grow
  if (most != 0) wasm->wasmtime_store_limiter(store->store, (int64_t)most, -1, -1, -1, -1);
  wasm->wasmtime_store_epoch_deadline_callback(store->store, on_tick, store, NULL);
  wasm->wasmtime_context_set_epoch_deadline(store->context, 1);
  if (napi_create_external(env, store, finalize_store, NULL, &external) != napi_ok) {
    ej_wasm_store_unref(store);
    return NULL;
  }
  return napi_type_tag_object(env, external, &store_tag) == napi_ok ? external : NULL;
}

wasm_store *ej_wasm_store_of(napi_env env, napi_value items) {
  napi_value external;
  bool is_store = false;
  void *data = NULL;
  if (napi_get_element(env, items, 0, &external) == napi_ok &&
      napi_check_object_type_tag(env, external, &store_tag, &is_store) == napi_ok && is_store)
    napi_get_value_external(env, external, &data);
  if (data == NULL) napi_throw_type_error(env, NULL, "not a store");
  return data;
}

// --- Items ---------------------------------------------------------------------------------------

static bool same_item(const wt_extern *a, const wt_extern *b) {
  if (a->kind != b->kind) return false;
  if (a->kind == WT_SHARED)
    return ej_wasm()->wasmtime_sharedmemory_data(a->of.shared) ==
           ej_wasm()->wasmtime_sharedmemory_data(b->of.shared);
  if (a->kind == WT_GLOBAL)
    return a->of.global.first == b->of.global.first && a->of.global.second == b->of.global.second &&
           a->of.global.third == b->of.global.third;
  return a->of.place.of.first == b->of.place.of.first && a->of.place.second == b->of.place.second;
}

uint32_t ej_wasm_item_add(wasm_store *store, const wt_extern *item) {
  for (uint32_t i = 0; i < store->count; i++) {
    if (!same_item(&store->list[i].item, item)) continue;
    if (item->kind == WT_SHARED) ej_wasm()->wasmtime_sharedmemory_delete(item->of.shared);
    return i;
  }
  if (store->count == store->capacity) {
    store->capacity = store->capacity == 0 ? 8 : 2 * store->capacity;
    store->list = realloc(store->list, store->capacity * sizeof *store->list);
    EJ_CHECK(store->list != NULL);
  }
  store->list[store->count] = (wasm_item){*item, NULL, 0, 0};
  return store->count++;
}

wasm_item *ej_wasm_item(napi_env env, wasm_store *store, napi_value number, uint8_t kind) {
  uint32_t index;
  if (napi_get_value_uint32(env, number, &index) == napi_ok && index < store->count &&
      store->list[index].item.kind == kind)
    return &store->list[index];
  napi_throw_type_error(env, NULL, "no such item of the store");
  return NULL;
}

uint32_t ej_wasm_keep(napi_env env, wasm_store *store, napi_value value) {
  if (napi_set_element(env, store->items, store->used, value) != napi_ok) return 0;
  return store->used++;
}

uint32_t ej_wasm_hold(napi_env env, wasm_store *store, napi_value value) {
  if (store->released_count == 0 && store->held >= store->held_limit) {
    ej_wasm()->wasmtime_context_gc(store->context);
    uint32_t left = store->held - (uint32_t)store->released_count;
    store->held_limit = left < HELD_AT_FIRST / 2 ? HELD_AT_FIRST : 2 * left;
  }
  if (store->released_count > 0) {
    uint32_t place = store->released[store->released_count - 1];
    if (napi_set_element(env, store->items, place, value) != napi_ok) return 0;
    store->released_count--;
    return place;
  }
  uint32_t place = ej_wasm_keep(env, store, value);
  if (place != 0) store->held++;
  return place;
}

// --- Memories that grow --------------------------------------------------------------------------

static void end_buffer(napi_env env, wasm_store *store, wasm_item *item) {
  napi_value buffer = NULL;
  if (napi_get_reference_value(env, item->shown, &buffer) == napi_ok && buffer != NULL)
    napi_detach_arraybuffer(env, buffer);
  napi_delete_reference(env, item->shown);
  item->shown = NULL;
  store->memories--;
}

void ej_wasm_tell_growth(napi_env env, wasm_store *store) {
  for (uint32_t i = 0; store->memories > 0 && i < store->count; i++) {
    wasm_item *item = &store->list[i];
    if (item->shown != NULL && ej_wasm()->wasmtime_memory_data_size(
                                   store->context, &item->item.of.place) != item->shown_size)
      end_buffer(env, store, item);
  }
}

// --- Failures ------------------------------------------------------------------------------------

// What a trap says, and where it was in its module.
static void throw_trap(napi_env env, wasm_store *store, wt_trap *trap,
                       const wasm_function *function) {
  const ej_wasm_api *wasm = ej_wasm();
  wt_bytes message;
  uint8_t code = 0;
  napi_value source = NULL;
  bool coded = wasm->wasmtime_trap_code(trap, &code);
  wt_frame *frame = wasm->wasm_trap_origin(trap);
  double offset = frame == NULL ? -1 : (double)wasm->wasm_frame_module_offset(frame);
  if (frame != NULL) wasm->wasm_frame_delete(frame);
  wasm->wasm_trap_message(trap, &message);
  wasm->wasm_trap_delete(trap);
  if (function != NULL && function->source != 0)
    napi_get_element(env, store->items, function->source, &source);
  size_t size = message.size; // with a NUL at its end
  if (size > 0 && message.data[size - 1] == 0) size--;
  ej_wasm_fail(env, store->items, "trap", message.data, size, coded ? code : -1, offset, source);
  wasm->wasm_byte_vec_delete(&message);
}

void ej_wasm_throw(napi_env env, wasm_store *store, wt_error *error, wt_trap *trap,
                   const wasm_function *function) {
  const ej_wasm_api *wasm = ej_wasm();
  bool pending = false;
  wt_ref exception;
  napi_is_exception_pending(env, &pending); // one that nobody may catch
  bool thrown = wasm->wasmtime_context_take_exception(store->context, &exception);
  if (!pending && !thrown && !ej_env_must_stop(env)) {
    if (trap != NULL) {
      throw_trap(env, store, trap, function);
    } else {
      ej_wasm_fail_with(env, store->items, "type", error);
    }
    return;
  }
  if (thrown && !pending) ej_wasm_exception_to_js(env, store, &exception);
  if (thrown) wasm->wasmtime_exnref_unroot(&exception);
  if (!thrown && !pending) ej_env_throw_stop(env);
  if (trap != NULL) wasm->wasm_trap_delete(trap);
  if (error != NULL) wasm->wasmtime_error_delete(error);
}

// --- Instances -----------------------------------------------------------------------------------

// An import: the number of an item, or a function.
static bool read_import(napi_env env, wasm_store *store, const wt_externtype *type,
                        napi_value given, wt_extern *out) {
  const wt_functype *function = ej_wasm()->wasm_externtype_as_functype_const(type);
  if (function != NULL) {
    *out = (wt_extern){.kind = WT_FUNC};
    const wasm_function *known = ej_wasm_function_of(env, given);
    return known == NULL ? ej_wasm_import(env, store, function, given, &out->of.func)
                         : ej_wasm_refer(env, store, known, given, &out->of.func);
  }
  uint32_t index;
  if (napi_get_value_uint32(env, given, &index) != napi_ok || index >= store->count) {
    napi_throw_type_error(env, NULL, "no such item of the store");
    return false;
  }
  *out = store->list[index].item;
  return true;
}

static bool read_imports(napi_env env, wasm_store *store, const wt_imports *wanted,
                         napi_value given, wt_extern *out) {
  napi_value each;
  for (size_t i = 0; i < wanted->size; i++) {
    if (napi_get_element(env, given, (uint32_t)i, &each) != napi_ok ||
        !read_import(env, store, ej_wasm()->wasm_importtype_type(wanted->data[i]), each, &out[i]))
      return false;
  }
  return true;
}

// The exports in order: function objects, and numbers of items. `names` are those of functions.
static napi_value list_exports(napi_env env, wasm_store *store, wt_instance *instance,
                               napi_value names, uint32_t source) {
  napi_value list, each, name;
  wt_extern item;
  char *text;
  size_t size;
  if (napi_create_array(env, &list) != napi_ok) return NULL;
  for (uint32_t i = 0;
       ej_wasm()->wasmtime_instance_export_nth(store->context, instance, i, &text, &size, &item);
       i++) {
    double index = 0;
    if (napi_get_element(env, names, i, &name) != napi_ok ||
        napi_get_value_double(env, name, &index) != napi_ok)
      return NULL;
    each = item.kind == WT_FUNC ? ej_wasm_function_object(env, store, &item.of.func, source, index)
                                : ej_number(env, ej_wasm_item_add(store, &item));
    if (each == NULL || napi_set_element(env, list, i, each) != napi_ok) return NULL;
  }
  return list;
}

// instantiate(items, module, imports, indices of exported functions, bytes of the module)
static napi_value instantiate(napi_env env, napi_callback_info info) {
  const ej_wasm_api *wasm = ej_wasm();
  ej_args args;
  wasm_store *store;
  wt_module *module;
  wt_imports wanted;
  wt_instance instance;
  wt_trap *trap = NULL;
  if (!ej_args_get(env, info, &args) || (store = ej_wasm_store_of(env, args.values[0])) == NULL ||
      (module = ej_wasm_module_of(env, args.values[1])) == NULL)
    return NULL;
  napi_value outer = store->items, exports = NULL;
  store->items = args.values[0];
  wasm->wasmtime_module_imports(module, &wanted);
  wt_extern *imports = calloc(wanted.size + 1, sizeof *imports);
  EJ_CHECK(imports != NULL);
  uint32_t source = ej_wasm_keep(env, store, args.values[4]);
  if (source != 0 && read_imports(env, store, &wanted, args.values[2], imports)) {
    ej_wasm_enter();
    wt_error *error =
        wasm->wasmtime_instance_new(store->context, module, imports, wanted.size, &instance, &trap);
    ej_wasm_leave();
    bool pending = false;
    napi_is_exception_pending(env, &pending);
    if (!pending) ej_wasm_tell_growth(env, store);
    const wasm_function start = {.store = store, .source = source};
    if (error != NULL && !pending) {
      ej_wasm_fail_with(env, store->items, "link", error);
    } else if (error != NULL || trap != NULL) {
      ej_wasm_throw(env, store, error, trap, &start);
    } else {
      exports = list_exports(env, store, &instance, args.values[3], source);
    }
  }
  free(imports);
  wasm->wasm_importtype_vec_delete(&wanted);
  store->items = outer;
  return exports;
}

// isFunctionOf(items, value): whether it is an exported function, of this store; without items of
// any.
static napi_value is_function_of(napi_env env, napi_callback_info info) {
  ej_args args;
  if (!ej_args_get(env, info, &args)) return NULL;
  const wasm_function *function = ej_wasm_function_of(env, args.values[1]);
  napi_valuetype type;
  if (napi_typeof(env, args.values[0], &type) != napi_ok) return NULL;
  if (function == NULL || type == napi_undefined) return ej_boolean(env, function != NULL);
  return ej_boolean(env, function->store == ej_wasm_store_of(env, args.values[0]));
}

const napi_property_descriptor ej_wasm_store_functions[] = {
    {.utf8name = "instantiate", .method = instantiate, .attributes = napi_enumerable},
    {.utf8name = "isFunctionOf", .method = is_function_of, .attributes = napi_enumerable},
    {.utf8name = "newStore", .method = new_store, .attributes = napi_enumerable},
};
const size_t ej_wasm_store_function_count =
    sizeof ej_wasm_store_functions / sizeof *ej_wasm_store_functions;
