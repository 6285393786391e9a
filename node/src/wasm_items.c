// SPDX-License-Identifier: Apache-2.0
//
// Memories, tables and globals. All functions take the store's items and, but those that make one,
// its number.
#include <stdio.h>
#include <stdlib.h>

#include "wasm_internal.h"

enum { NAME = 32 };

// A call with the items of a store.
typedef struct item_call {
  ej_args args;
  wasm_store *store;
  wasm_item *item; // NULL for functions that make one
  napi_value outer;
} item_call;

enum { NO_ITEM = 255 };

static bool begin(napi_env env, napi_callback_info info, uint8_t kind, item_call *call) {
  *call = (item_call){.item = NULL};
  if (!ej_args_get(env, info, &call->args)) return false;
  call->store = ej_wasm_store_of(env, call->args.values[0]);
  if (call->store == NULL) return false;
  if (kind != NO_ITEM) {
    call->item = ej_wasm_item(env, call->store, call->args.values[1], kind);
    if (call->item == NULL) return false;
  }
  call->outer = call->store->items;
  call->store->items = call->args.values[0];
  return true;
}

static napi_value end(item_call *call, napi_value result) {
  call->store->items = call->outer;
  return result;
}

static bool read_name(napi_env env, napi_value value, char name[NAME]) {
  size_t size;
  return napi_get_value_string_utf8(env, value, name, NAME, &size) == napi_ok;
}

static bool read_type(napi_env env, napi_value value, wt_valtype **type) {
  char name[NAME];
  if (!read_name(env, value, name)) return false;
  *type = ej_wasm_type_named(name);
  if (*type == NULL) napi_throw_type_error(env, NULL, "no such type");
  return *type != NULL;
}

// --- Memories ------------------------------------------------------------------------------------

// Counts what a memory has come to have. False when the isolate may not have so much.
static bool count_bytes(napi_env env, wasm_item *item, size_t size) {
  if (size > item->counted && !ej_env_take_memory(env, size - item->counted)) return false;
  item->counted = size > item->counted ? size : item->counted;
  return true;
}

// newMemory(items, initial, maximum or null)
static napi_value new_memory(napi_env env, napi_callback_info info) {
  const ej_wasm_api *wasm = ej_wasm();
  item_call call;
  double initial, maximum = 0;
  wt_memorytype *type;
  wt_extern made = {.kind = WT_MEMORY};
  if (!begin(env, info, NO_ITEM, &call)) return NULL;
  if (napi_get_value_double(env, call.args.values[1], &initial) != napi_ok) return end(&call, NULL);
  bool bounded = napi_get_value_double(env, call.args.values[2], &maximum) == napi_ok;
  if (!ej_env_take_memory(env, (size_t)initial << 16)) {
    ej_wasm_fail(env, call.store->items, "range", "could not allocate memory", NAPI_AUTO_LENGTH, -1,
                 -1, NULL);
    return end(&call, NULL);
  }
  wt_error *error = wasm->wasmtime_memorytype_new((uint64_t)initial, bounded, (uint64_t)maximum,
                                                  false, false, 16, &type);
  if (error == NULL) {
    error = wasm->wasmtime_memory_new(call.store->context, type, &made.of.place);
    wasm->wasm_memorytype_delete(type);
  }
  if (error != NULL) {
    ej_env_give_memory(env, (size_t)initial << 16);
    ej_wasm_fail_with(env, call.store->items, "range", error);
    return end(&call, NULL);
  }
  uint32_t number = ej_wasm_item_add(call.store, &made);
  call.store->list[number].counted = (size_t)initial << 16;
  return end(&call, ej_number(env, number));
}

static void hide_bytes(napi_env env, void *data, void *hint) {
  (void)env, (void)data;
  ej_wasm_store_unref(hint);
}

// memoryBytes(items, number): an ArrayBuffer over the bytes themselves, which holds the store.
static napi_value memory_bytes(napi_env env, napi_callback_info info) {
  const ej_wasm_api *wasm = ej_wasm();
  static uint8_t nothing; // an external buffer has an address
  item_call call;
  napi_value buffer;
  if (!begin(env, info, WT_MEMORY, &call)) return NULL;
  wasm_item *item = call.item;
  size_t size = wasm->wasmtime_memory_data_size(call.store->context, &item->item.of.place);
  uint8_t *data =
      size == 0 ? &nothing : wasm->wasmtime_memory_data(call.store->context, &item->item.of.place);
  call.store->holders++;
  if (napi_create_external_arraybuffer(env, data, size, hide_bytes, call.store, &buffer) !=
      napi_ok) {
    call.store->holders--;
    return end(&call, NULL);
  }
  if (item->shown != NULL) {
    napi_delete_reference(env, item->shown);
    item->shown = NULL;
    call.store->memories--;
  }
  if (napi_create_reference(env, buffer, 0, &item->shown) != napi_ok) return end(&call, NULL);
  item->shown_size = size;
  call.store->memories++;
  return end(&call, buffer);
}

// growMemory(items, number, pages): how many it had, -1 when it cannot grow.
static napi_value grow_memory(napi_env env, napi_callback_info info) {
  const ej_wasm_api *wasm = ej_wasm();
  item_call call;
  double pages;
  uint64_t before = 0;
  if (!begin(env, info, WT_MEMORY, &call)) return NULL;
  if (napi_get_value_double(env, call.args.values[2], &pages) != napi_ok) return end(&call, NULL);
  size_t size = wasm->wasmtime_memory_data_size(call.store->context, &call.item->item.of.place);
  if (!count_bytes(env, call.item, size + ((size_t)pages << 16)))
    return end(&call, ej_number(env, -1));
  wt_error *error = wasm->wasmtime_memory_grow(call.store->context, &call.item->item.of.place,
                                               (uint64_t)pages, &before);
  if (error != NULL) {
    wasm->wasmtime_error_delete(error);
    return end(&call, ej_number(env, -1));
  }
  ej_wasm_tell_growth(env, call.store);
  return end(&call, ej_number(env, (double)before));
}

// --- Tables --------------------------------------------------------------------------------------

// newTable(items, type, initial, maximum or null, value)
static napi_value new_table(napi_env env, napi_callback_info info) {
  const ej_wasm_api *wasm = ej_wasm();
  item_call call;
  wt_valtype *element;
  wt_val value;
  double initial, maximum = UINT32_MAX;
  wt_extern made = {.kind = WT_TABLE};
  if (!begin(env, info, NO_ITEM, &call)) return NULL;
  const napi_value *args = call.args.values;
  if (!read_type(env, args[1], &element)) return end(&call, NULL);
  wasm_type type = ej_wasm_type_of(element);
  if (napi_get_value_double(env, args[2], &initial) != napi_ok) return end(&call, NULL);
  napi_get_value_double(env, args[3], &maximum); // null: there is none
  const wt_limits limits = {(uint32_t)initial, (uint32_t)maximum};
  wt_tabletype *table = wasm->wasm_tabletype_new(element, &limits); // takes `element`
  if (!ej_wasm_to_val(env, call.store, type, args[4], &value)) {
    wasm->wasm_tabletype_delete(table);
    return end(&call, NULL);
  }
  wt_error *error = wasm->wasmtime_table_new(call.store->context, table, &value, &made.of.place);
  wasm->wasmtime_val_unroot(&value);
  wasm->wasm_tabletype_delete(table);
  if (error != NULL) {
    ej_wasm_fail_with(env, call.store->items, "range", error);
    return end(&call, NULL);
  }
  return end(&call, ej_number(env, ej_wasm_item_add(call.store, &made)));
}

static wasm_type element_type(const item_call *call) {
  wt_externtype *type = ej_wasm()->wasmtime_extern_type(call->store->context, &call->item->item);
  wasm_type found = ej_wasm_type_of(
      ej_wasm()->wasm_tabletype_element(ej_wasm()->wasm_externtype_as_tabletype_const(type)));
  ej_wasm()->wasm_externtype_delete(type);
  return found;
}

// tableSize(items, number)
static napi_value table_size(napi_env env, napi_callback_info info) {
  item_call call;
  if (!begin(env, info, WT_TABLE, &call)) return NULL;
  uint64_t size = ej_wasm()->wasmtime_table_size(call.store->context, &call.item->item.of.place);
  return end(&call, ej_number(env, (double)size));
}

// tableGet(items, number, index): of an element that is there.
static napi_value table_get(napi_env env, napi_callback_info info) {
  item_call call;
  double index;
  wt_val value;
  if (!begin(env, info, WT_TABLE, &call)) return NULL;
  if (napi_get_value_double(env, call.args.values[2], &index) != napi_ok ||
      !ej_wasm()->wasmtime_table_get(call.store->context, &call.item->item.of.place,
                                     (uint64_t)index, &value))
    return end(&call, NULL);
  napi_value made = ej_wasm_to_js(env, call.store, &value);
  ej_wasm()->wasmtime_val_unroot(&value);
  return end(&call, made);
}

// tableSet(items, number, index, value)
static napi_value table_set(napi_env env, napi_callback_info info) {
  item_call call;
  double index;
  wt_val value;
  if (!begin(env, info, WT_TABLE, &call)) return NULL;
  if (napi_get_value_double(env, call.args.values[2], &index) != napi_ok ||
      !ej_wasm_to_val(env, call.store, element_type(&call), call.args.values[3], &value))
    return end(&call, NULL);
  wt_error *error = ej_wasm()->wasmtime_table_set(call.store->context, &call.item->item.of.place,
                                                  (uint64_t)index, &value);
  ej_wasm()->wasmtime_val_unroot(&value);
  if (error != NULL) ej_wasm_fail_with(env, call.store->items, "type", error);
  return end(&call, NULL);
}

// tableGrow(items, number, count, value): how many it had, -1 when it cannot grow.
static napi_value table_grow(napi_env env, napi_callback_info info) {
  item_call call;
  double count;
  wt_val value;
  uint64_t before = 0;
  if (!begin(env, info, WT_TABLE, &call)) return NULL;
  if (napi_get_value_double(env, call.args.values[2], &count) != napi_ok ||
      !ej_wasm_to_val(env, call.store, element_type(&call), call.args.values[3], &value))
    return end(&call, NULL);
  wt_error *error = ej_wasm()->wasmtime_table_grow(call.store->context, &call.item->item.of.place,
                                                   (uint64_t)count, &value, &before);
  ej_wasm()->wasmtime_val_unroot(&value);
  if (error != NULL) ej_wasm()->wasmtime_error_delete(error);
  return end(&call, ej_number(env, error == NULL ? (double)before : -1));
}

// --- Globals -------------------------------------------------------------------------------------

// newGlobal(items, type, mutable, value)
static napi_value new_global(napi_env env, napi_callback_info info) {
  const ej_wasm_api *wasm = ej_wasm();
  item_call call;
  wt_valtype *content;
  wt_val value = {.kind = WT_V128};
  bool changes = false;
  char name[NAME];
  wt_extern made = {.kind = WT_GLOBAL};
  if (!begin(env, info, NO_ITEM, &call)) return NULL;
  const napi_value *args = call.args.values;
  if (!read_name(env, args[1], name) || !read_type(env, args[1], &content)) return end(&call, NULL);
  wasm_type type = ej_wasm_type_of(content);
  napi_get_value_bool(env, args[2], &changes);
  wt_globaltype *global = wasm->wasm_globaltype_new(content, changes); // takes `content`
  if (type.kind != KIND_V128 && !ej_wasm_to_val(env, call.store, type, args[3], &value)) {
    wasm->wasm_globaltype_delete(global);
    return end(&call, NULL);
  }
  wt_error *error = wasm->wasmtime_global_new(call.store->context, global, &value, &made.of.global);
  wasm->wasmtime_val_unroot(&value);
  wasm->wasm_globaltype_delete(global);
  if (error != NULL) {
    ej_wasm_fail_with(env, call.store->items, "type", error);
    return end(&call, NULL);
  }
  return end(&call, ej_number(env, ej_wasm_item_add(call.store, &made)));
}

// globalGet(items, number)
static napi_value global_get(napi_env env, napi_callback_info info) {
  item_call call;
  wt_val value;
  if (!begin(env, info, WT_GLOBAL, &call)) return NULL;
  ej_wasm()->wasmtime_global_get(call.store->context, &call.item->item.of.global, &value);
  napi_value made = ej_wasm_to_js(env, call.store, &value);
  ej_wasm()->wasmtime_val_unroot(&value);
  return end(&call, made);
}

// globalSet(items, number, value): of one that may change.
static napi_value global_set(napi_env env, napi_callback_info info) {
  item_call call;
  wt_val value;
  if (!begin(env, info, WT_GLOBAL, &call)) return NULL;
  wt_externtype *type = ej_wasm()->wasmtime_extern_type(call.store->context, &call.item->item);
  wasm_type content = ej_wasm_type_of(
      ej_wasm()->wasm_globaltype_content(ej_wasm()->wasm_externtype_as_globaltype_const(type)));
  ej_wasm()->wasm_externtype_delete(type);
  if (!ej_wasm_to_val(env, call.store, content, call.args.values[2], &value))
    return end(&call, NULL);
  wt_error *error =
      ej_wasm()->wasmtime_global_set(call.store->context, &call.item->item.of.global, &value);
  ej_wasm()->wasmtime_val_unroot(&value);
  if (error != NULL) ej_wasm_fail_with(env, call.store->items, "type", error);
  return end(&call, NULL);
}

const napi_property_descriptor ej_wasm_item_functions[] = {
    {.utf8name = "globalGet", .method = global_get, .attributes = napi_enumerable},
    {.utf8name = "globalSet", .method = global_set, .attributes = napi_enumerable},
    {.utf8name = "growMemory", .method = grow_memory, .attributes = napi_enumerable},
    {.utf8name = "memoryBytes", .method = memory_bytes, .attributes = napi_enumerable},
    {.utf8name = "newGlobal", .method = new_global, .attributes = napi_enumerable},
    {.utf8name = "newMemory", .method = new_memory, .attributes = napi_enumerable},
    {.utf8name = "newTable", .method = new_table, .attributes = napi_enumerable},
    {.utf8name = "tableGet", .method = table_get, .attributes = napi_enumerable},
    {.utf8name = "tableGrow", .method = table_grow, .attributes = napi_enumerable},
    {.utf8name = "tableSet", .method = table_set, .attributes = napi_enumerable},
    {.utf8name = "tableSize", .method = table_size, .attributes = napi_enumerable},
};
const size_t ej_wasm_item_function_count =
    sizeof ej_wasm_item_functions / sizeof *ej_wasm_item_functions;
