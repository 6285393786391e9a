// SPDX-License-Identifier: Apache-2.0
//
// Types of values, functions, memories, tables and globals, as C and JavaScript need them.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wasm_internal.h"

// --- Types of values -----------------------------------------------------------------------------

static wasm_type reference_type(bool nullable, uint8_t heap) {
  switch (heap) {
  case WT_HEAP_EXTERN:
    return (wasm_type){KIND_EXTERN, nullable, false};
  case WT_HEAP_NOEXTERN:
    return (wasm_type){KIND_EXTERN, nullable, true};
  case WT_HEAP_FUNC:
    return (wasm_type){KIND_FUNC, nullable, false};
  case WT_HEAP_CONCRETE_FUNC:
  case WT_HEAP_NOFUNC:
    return (wasm_type){KIND_FUNC, nullable, true};
  case WT_HEAP_EXN:
  case WT_HEAP_CONCRETE_EXN:
  case WT_HEAP_NOEXN:
    return (wasm_type){KIND_EXN, nullable, heap != WT_HEAP_EXN};
  default:
    return (wasm_type){KIND_ANY, nullable, heap != WT_HEAP_ANY};
  }
}

wasm_type ej_wasm_type_of(const wt_valtype *type) {
  wt_kind kind;
  ej_wasm()->wasmtime_valtype_new(type, &kind);
  wasm_type found = kind.kind == WT_REF ? reference_type(kind.ref.nullable, kind.ref.heap.kind)
                                        : (wasm_type){kind.kind, false, false};
  ej_wasm()->wasmtime_valtype_delete(&kind);
  return found;
}

wasm_signature *ej_wasm_signature_of(const wt_functype *type) {
  const wt_valtypes *params = ej_wasm()->wasm_functype_params(type);
  const wt_valtypes *results = ej_wasm()->wasm_functype_results(type);
  size_t count = params->size + results->size;
  wasm_signature *signature = malloc(sizeof *signature + count * sizeof(wasm_type));
  EJ_CHECK(signature != NULL);
  *signature = (wasm_signature){params->size, results->size, true, true};
  for (size_t i = 0; i < count; i++) {
    const wt_valtype *each = i < params->size ? params->data[i] : results->data[i - params->size];
    wasm_type found = ej_wasm_type_of(each);
    signature->types[i] = found;
    if (found.kind > KIND_F64) signature->plain = false;
    if (found.kind == KIND_V128 || found.kind == KIND_EXN) signature->crosses = false;
  }
  return signature;
}

static const char *const numbers[] = {"i32", "i64", "f32", "f64", "v128"};

// By WT_HEAP_…; concrete types have no name.
static const char *const heaps[] = {"extern", "noextern", "func", "func",  "nofunc", "any",
                                    "none",   "eq",       "i31",  "array", "array",  "struct",
                                    "struct", "exn",      "exn",  "noexn"};
static const char *const short_names[] = {"externref",   "nullexternref", "funcref", NULL,
                                          "nullfuncref", "anyref",        "nullref", "eqref",
                                          "i31ref",      "arrayref",      NULL,      "structref",
                                          NULL,          "exnref",        NULL,      "nullexnref"};
enum { HEAPS = sizeof heaps / sizeof *heaps };

const char *ej_wasm_type_name(const wt_valtype *type, char room[32]) {
  wt_kind kind;
  ej_wasm()->wasmtime_valtype_new(type, &kind);
  const char *name = room;
  if (kind.kind != WT_REF) {
    name = numbers[kind.kind];
  } else if (kind.ref.nullable && short_names[kind.ref.heap.kind] != NULL) {
    name = short_names[kind.ref.heap.kind];
  } else {
    bool concrete = short_names[kind.ref.heap.kind] == NULL;
    snprintf(room, 32, "(ref %s%s%s)", kind.ref.nullable ? "null " : "", concrete ? "$" : "",
             heaps[kind.ref.heap.kind]);
  }
  ej_wasm()->wasmtime_valtype_delete(&kind);
  return name;
}

wt_valtype *ej_wasm_type_named(const char *name) {
  wt_kind kind = {.kind = WT_REF, .ref = {.nullable = true}};
  for (uint8_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    if (strcmp(name, numbers[i]) == 0) kind.kind = i;
  }
  uint8_t heap = 0;
  while (heap < HEAPS && (short_names[heap] == NULL || strcmp(name, short_names[heap]) != 0))
    heap++;
  if (kind.kind == WT_REF && heap == HEAPS) return NULL;
  kind.ref.heap.kind = heap;
  return ej_wasm()->wasmtime_valtype_to_wasm(ej_wasm()->engine, &kind);
}

// --- Descriptions --------------------------------------------------------------------------------

static bool set_text(napi_env env, napi_value object, const char *name, const char *text) {
  napi_value value;
  return napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value) == napi_ok &&
         napi_set_named_property(env, object, name, value) == napi_ok;
}

static bool set_type(napi_env env, napi_value object, const char *name, const wt_valtype *type) {
  char room[32];
  return set_text(env, object, name, ej_wasm_type_name(type, room));
}

static bool set_flag(napi_env env, napi_value object, const char *name, bool flag) {
  return napi_set_named_property(env, object, name, ej_boolean(env, flag)) == napi_ok;
}

static bool set_types(napi_env env, napi_value object, const char *name, const wt_valtypes *types) {
  napi_value list, text;
  char room[32];
  if (napi_create_array_with_length(env, types->size, &list) != napi_ok) return false;
  for (size_t i = 0; i < types->size; i++) {
    if (napi_create_string_utf8(env, ej_wasm_type_name(types->data[i], room), NAPI_AUTO_LENGTH,
                                &text) != napi_ok ||
        napi_set_element(env, list, (uint32_t)i, text) != napi_ok)
      return false;
  }
  return napi_set_named_property(env, object, name, list) == napi_ok;
}

static bool describe_memory(napi_env env, const wt_memorytype *type, napi_value object) {
  const ej_wasm_api *wasm = ej_wasm();
  uint64_t most;
  napi_value maximum;
  if (wasm->wasmtime_memorytype_maximum(type, &most)) {
    maximum = ej_number(env, (double)most);
  } else if (napi_get_null(env, &maximum) != napi_ok) {
    return false;
  }
  return set_text(env, object, "kind", "memory") &&
         set_flag(env, object, "shared", wasm->wasmtime_memorytype_isshared(type)) &&
         set_flag(env, object, "wide", wasm->wasmtime_memorytype_is64(type)) &&
         napi_set_named_property(env, object, "maximum", maximum) == napi_ok;
}

bool ej_wasm_describe(napi_env env, const wt_externtype *type, napi_value object) {
  const ej_wasm_api *wasm = ej_wasm();
  const wt_functype *function = wasm->wasm_externtype_as_functype_const(type);
  if (function != NULL)
    return set_text(env, object, "kind", "function") &&
           set_types(env, object, "params", wasm->wasm_functype_params(function));
  const wt_globaltype *global = wasm->wasm_externtype_as_globaltype_const(type);
  if (global != NULL)
    return set_text(env, object, "kind", "global") &&
           set_type(env, object, "value", wasm->wasm_globaltype_content(global)) &&
           set_flag(env, object, "mutable", wasm->wasm_globaltype_mutability(global) == 1);
  const wt_tabletype *table = wasm->wasm_externtype_as_tabletype_const(type);
  if (table != NULL)
    return set_text(env, object, "kind", "table") &&
           set_type(env, object, "element", wasm->wasm_tabletype_element(table));
  const wt_memorytype *memory = wasm->wasm_externtype_as_memorytype_const(type);
  if (memory != NULL) return describe_memory(env, memory, object);
  const wt_functype *payload =
      wasm->wasm_tagtype_functype(wasm->wasm_externtype_as_tagtype_const(type));
  return set_text(env, object, "kind", "tag") &&
         set_types(env, object, "params", wasm->wasm_functype_params(payload));
}
