// SPDX-License-Identifier: Apache-2.0
//
// What the files behind internalBinding('wasm') share.
//
// A *store* is one of wasmtime's, with everything that is made in it. JavaScript holds it through
// an external, which is the first element of an array, the store's *items*; then come helpers,
// functions that Wasm imports, its exported functions, values of externrefs. Exported functions
// keep the array, so all that hangs together is one graph that the engine collects. C never holds a
// value of JavaScript for longer than a call.
#ifndef EJ_WASM_INTERNAL_H
#define EJ_WASM_INTERNAL_H

#include "bytes_internal.h"
#include "ej_engine.h"
#include "wasm_api.h"

// --- Types (wasm_types.c) ------------------------------------------------------------------------

// How a value crosses. The first four go as they are, the others are checked by wasmtime.
typedef enum wasm_kind {
  KIND_I32,
  KIND_I64,
  KIND_F32,
  KIND_F64,
  KIND_V128,
  KIND_FUNC,
  KIND_EXTERN,
  KIND_ANY,
  KIND_EXN
} wasm_kind;

typedef struct wasm_type {
  uint8_t kind; // wasm_kind
  bool nullable;
  bool exact; // a subtype: JavaScript's value may be of a wrong one
} wasm_type;

typedef struct wasm_signature {
  size_t params, results;
  bool plain;        // only numbers
  bool crosses;      // has no type that JavaScript knows no values of
  wasm_type types[]; // of the parameters, then of the results
} wasm_signature;

wasm_type ej_wasm_type_of(const wt_valtype *type);
// malloc()ed.
wasm_signature *ej_wasm_signature_of(const wt_functype *type);
// "i32", "externref", "(ref extern)", …
const char *ej_wasm_type_name(const wt_valtype *type, char room[32]);
// What `type` says of an import or export, as properties of `object`. False with an exception
// pending.
bool ej_wasm_describe(napi_env env, const wt_externtype *type, napi_value object);
// The type of that name, owned; NULL for a name that no type has.
wt_valtype *ej_wasm_type_named(const char *name);

// --- Failing (wasm.c) ----------------------------------------------------------------------------

// Functions of JavaScript that C calls, in an array that is the second of a store's items;
// internal/webassembly/store says what each does.
enum { HELPER_FAILURE, HELPER_TO_BIGINT, HELPER_RESULTS };

// NULL with an exception pending.
napi_value ej_wasm_helper(napi_env env, napi_value items, uint32_t which);
// Throws what the helper makes of a failure: kind is "link", "trap" or "type". Without items, as
// for "compile", the kind is the error's code.
void ej_wasm_fail(napi_env env, napi_value items, const char *kind, const char *message,
                  size_t size, int code, double offset, napi_value source);
// The same for an error of wasmtime, which is consumed.
void ej_wasm_fail_with(napi_env env, napi_value items, const char *kind, wt_error *error);

// --- Compiling (wasm_compile.c) ------------------------------------------------------------------

// Where the code of that module is kept; NULL for nowhere.
ej_code_file *ej_wasm_kept(napi_env env, const uint8_t *bytes, size_t size);
// Compiles a module, or finds what was compiled. On any thread; takes over the file.
wt_error *ej_wasm_compile(ej_code_file *file, const uint8_t *bytes, size_t size,
                          wt_module **module);

// --- Modules (wasm_module.c) ---------------------------------------------------------------------

wt_module *ej_wasm_module_of(napi_env env, napi_value external);
extern const napi_property_descriptor ej_wasm_module_functions[];
extern const size_t ej_wasm_module_function_count;

// --- Stores (wasm_store.c) -----------------------------------------------------------------------

// A memory, table, global or tag.
typedef struct wasm_item {
  wt_extern item;
  napi_ref shown;    // weak: the ArrayBuffer that shows a memory; NULL for none
  size_t shown_size; // of it
  size_t counted;    // bytes of a memory that the isolate's limit knows
} wasm_item;

typedef struct wasm_store wasm_store;

// An exported function; or one of another store, which this one reaches through JavaScript.
typedef struct wasm_function {
  wasm_store *store;
  struct wasm_function *next; // with the same hash
  wt_func func;
  uint32_t index;            // of the function object in the items
  uint32_t source;           // of the module's bytes in the items; 0 for none
  wasm_signature *signature; // NULL for one of another store
  struct wasm_function *next_foreign;
  const struct wasm_function
      *origin; // what it stands for: alive, because the items hold its object
} wasm_function;

enum { FUNCTION_BUCKETS = 64 };

struct wasm_store {
  size_t holders; // the external, and the ArrayBuffers that show memories
  napi_env env;
  wt_store *store;
  wt_context *context;
  napi_value items; // while a call is under way, else NULL
  wasm_item *list;
  uint32_t count, capacity;
  uint32_t memories; // of the list, that an ArrayBuffer shows
  wasm_function *functions[FUNCTION_BUCKETS];
  wasm_function *foreign;
  // Elements of the items that Wasm holds as externrefs, and which of them it has let go of.
  uint32_t used; // elements of the items
  uint32_t held, held_limit;
  uint32_t *released;
  size_t released_count, released_capacity;
  wt_place js_tag; // of exceptions that JavaScript threw
  bool has_js_tag;
};

wasm_store *ej_wasm_store_of(napi_env env, napi_value external);
// Borrowed by a finalizer until it calls ej_wasm_store_unref.
void ej_wasm_store_unref(wasm_store *store);
// A number for `item`; the one that it has if it is known.
uint32_t ej_wasm_item_add(wasm_store *store, const wt_extern *item);
// Item `number` of that kind. NULL with an exception pending.
wasm_item *ej_wasm_item(napi_env env, wasm_store *store, napi_value number, uint8_t kind);
// Where a value of JavaScript went among the items. 0 with an exception pending.
uint32_t ej_wasm_keep(napi_env env, wasm_store *store, napi_value value);
// The same for an externref; puts values where others have been.
uint32_t ej_wasm_hold(napi_env env, wasm_store *store, napi_value value);
// Ends ArrayBuffers of memories that have grown. JavaScript must not have a pending exception.
void ej_wasm_tell_growth(napi_env env, wasm_store *store);
// Throws after wasmtime said no: takes the error or trap.
void ej_wasm_throw(napi_env env, wasm_store *store, wt_error *error, wt_trap *trap,
                   const wasm_function *function);
extern const napi_property_descriptor ej_wasm_store_functions[];
extern const size_t ej_wasm_store_function_count;

// --- Values (wasm_values.c) ----------------------------------------------------------------------

// ToWebAssemblyValue and ToJSValue. A value that they made has to be unrooted. False and NULL with
// an exception pending.
bool ej_wasm_to_val(napi_env env, wasm_store *store, wasm_type type, napi_value value, wt_val *out);
napi_value ej_wasm_to_js(napi_env env, wasm_store *store, const wt_val *value);
bool ej_wasm_to_raw(napi_env env, napi_value items, wasm_type type, napi_value value, wt_raw *out);
napi_value ej_wasm_raw_to_js(napi_env env, wasm_type type, const wt_raw *value);

// --- Calls (wasm_calls.c) ------------------------------------------------------------------------

// The one function object for a function of the store.
napi_value ej_wasm_function_object(napi_env env, wasm_store *store, const wt_func *func,
                                   uint32_t source, double name);
// The function of the store that `value` is; NULL for anything else.
wasm_function *ej_wasm_function_of(napi_env env, napi_value value);
// `callee` as a function of the store. False with an exception pending.
bool ej_wasm_import(napi_env env, wasm_store *store, const wt_functype *type, napi_value callee,
                    wt_func *out);
// The function of the store that exported function `known` is, whose object is `value`. False with
// an exception pending.
bool ej_wasm_refer(napi_env env, wasm_store *store, const wasm_function *known, napi_value value,
                   wt_func *out);
void ej_wasm_functions_free(wasm_store *store);

// Makes the exception of wasmtime's that JavaScript's pending one is, or leaves it pending if
// nobody may catch it. Always a trap.
wt_trap *ej_wasm_exception_from_js(napi_env env, wasm_store *store);
// The reverse.
void ej_wasm_exception_to_js(napi_env env, wasm_store *store, const wt_ref *exception);

// --- Memories, tables, globals, tags (wasm_items.c) ----------------------------------------------

extern const napi_property_descriptor ej_wasm_item_functions[];
extern const size_t ej_wasm_item_function_count;

// --- Interruption (wasm_ticker.c) ----------------------------------------------------------------

// Around each outermost call into Wasm: while one is under way, it looks now and then whether to
// stop.
void ej_wasm_enter(void);
void ej_wasm_leave(void);

#endif
