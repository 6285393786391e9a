// SPDX-License-Identifier: Apache-2.0
//
// Compiled modules. One is the process's: a worker that gets a clone of a WebAssembly.Module finds
// what its maker compiled, by number, as long as somebody has it.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "wasm_internal.h"

typedef struct wasm_module {
  struct wasm_module *next;
  double number; // never given again
  size_t holders;
  wt_module *module;
} wasm_module;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static wasm_module *modules; // guarded, as their holders are
static double last_number;

static const napi_type_tag module_tag = {0x8f3d1c5a77e24b10, 0xa4d96c02b51ee7f3};

static wasm_module *add_module(wt_module *compiled) {
  wasm_module *module = malloc(sizeof *module);
  EJ_CHECK(module != NULL);
  pthread_mutex_lock(&lock);
  *module = (wasm_module){modules, ++last_number, 1, compiled};
  modules = module;
  pthread_mutex_unlock(&lock);
  return module;
}

// NULL when nobody has it any more.
static wasm_module *find_module(double number) {
  pthread_mutex_lock(&lock);
  wasm_module *module = modules;
  while (module != NULL && module->number != number) module = module->next;
  if (module != NULL) module->holders++;
  pthread_mutex_unlock(&lock);
  return module;
}

static void let_go(wasm_module *module) {
  pthread_mutex_lock(&lock);
  bool last = --module->holders == 0;
  wasm_module **link = &modules;
  while (last && *link != module) link = &(*link)->next;
  if (last) *link = module->next;
  pthread_mutex_unlock(&lock);
  if (!last) return;
  ej_wasm()->wasmtime_module_delete(module->module);
  free(module);
}

static void finalize_module(napi_env env, void *data, void *hint) {
  (void)env, (void)hint;
  let_go(data);
}

static wasm_module *module_of(napi_env env, napi_value external) {
  bool is_module = false;
  void *data = NULL;
  if (napi_check_object_type_tag(env, external, &module_tag, &is_module) == napi_ok && is_module)
    napi_get_value_external(env, external, &data);
  if (data == NULL) napi_throw_type_error(env, NULL, "not a module");
  return data;
}

wt_module *ej_wasm_module_of(napi_env env, napi_value external) {
  wasm_module *module = module_of(env, external);
  return module == NULL ? NULL : module->module;
}

// --- What a module imports and exports -----------------------------------------------------------

static bool set_name(napi_env env, napi_value object, const char *key, const wt_bytes *name) {
  napi_value text;
  return napi_create_string_utf8(env, name->data == NULL ? "" : name->data, name->size, &text) ==
             napi_ok &&
         napi_set_named_property(env, object, key, text) == napi_ok;
}

static napi_value imports_of(napi_env env, const wt_module *module) {
  const ej_wasm_api *wasm = ej_wasm();
  wt_imports imports;
  napi_value list = NULL, each;
  wasm->wasmtime_module_imports(module, &imports);
  bool ok = napi_create_array_with_length(env, imports.size, &list) == napi_ok;
  for (size_t i = 0; ok && i < imports.size; i++) {
    const wt_importtype *type = imports.data[i];
    ok = napi_create_object(env, &each) == napi_ok &&
         set_name(env, each, "module", wasm->wasm_importtype_module(type)) &&
         set_name(env, each, "name", wasm->wasm_importtype_name(type)) &&
         ej_wasm_describe(env, wasm->wasm_importtype_type(type), each) &&
         napi_set_element(env, list, (uint32_t)i, each) == napi_ok;
  }
  wasm->wasm_importtype_vec_delete(&imports);
  return ok ? list : NULL;
}

static napi_value exports_of(napi_env env, const wt_module *module) {
  const ej_wasm_api *wasm = ej_wasm();
  wt_exports exports;
  napi_value list = NULL, each;
  wasm->wasmtime_module_exports(module, &exports);
  bool ok = napi_create_array_with_length(env, exports.size, &list) == napi_ok;
  for (size_t i = 0; ok && i < exports.size; i++) {
    const wt_exporttype *type = exports.data[i];
    ok = napi_create_object(env, &each) == napi_ok &&
         set_name(env, each, "name", wasm->wasm_exporttype_name(type)) &&
         ej_wasm_describe(env, wasm->wasm_exporttype_type(type), each) &&
         napi_set_element(env, list, (uint32_t)i, each) == napi_ok;
  }
  wasm->wasm_exporttype_vec_delete(&exports);
  return ok ? list : NULL;
}

// { handle, number, imports, exports }. Takes over a holder of `module`.
static napi_value describe_module(napi_env env, wasm_module *module) {
  napi_value described, handle;
  if (napi_create_external(env, module, finalize_module, NULL, &handle) != napi_ok) {
    let_go(module);
    return NULL;
  }
  napi_value imports = imports_of(env, module->module);
  napi_value exports = imports == NULL ? NULL : exports_of(env, module->module);
  if (exports == NULL || napi_type_tag_object(env, handle, &module_tag) != napi_ok ||
      napi_create_object(env, &described) != napi_ok ||
      napi_set_named_property(env, described, "handle", handle) != napi_ok ||
      napi_set_named_property(env, described, "number", ej_number(env, module->number)) !=
          napi_ok ||
      napi_set_named_property(env, described, "imports", imports) != napi_ok ||
      napi_set_named_property(env, described, "exports", exports) != napi_ok)
    return NULL;
  return described;
}

// --- Compiling -----------------------------------------------------------------------------------

// compile(bytes)
static napi_value compile(napi_env env, napi_callback_info info) {
  ej_args args;
  ej_bytes bytes;
  wt_module *module = NULL;
  if (!ej_args_get(env, info, &args) || !ej_bytes_of(env, args.values[0], &bytes)) return NULL;
  ej_code_file *file = ej_wasm_kept(env, bytes.data, bytes.size);
  wt_error *error = ej_wasm_compile(file, bytes.data, bytes.size, &module);
  if (error == NULL) return describe_module(env, add_module(module));
  ej_wasm_fail_with(env, NULL, "compile", error);
  return NULL;
}

typedef struct compilation {
  napi_async_work work;
  napi_deferred deferred;
  uint8_t *bytes; // owned
  size_t size;
  ej_code_file *file; // owned until it runs
  wt_module *module;
  wt_error *error;
} compilation;

static void run_compilation(napi_env env, void *data) {
  (void)env;
  compilation *job = data;
  job->error = ej_wasm_compile(job->file, job->bytes, job->size, &job->module);
  job->file = NULL;
}

static void free_compilation(napi_env env, compilation *job) {
  if (job->work != NULL) napi_delete_async_work(env, job->work);
  ej_code_file_free(job->file);
  free(job->bytes);
  free(job);
}

static void end_compilation(napi_env env, napi_status status, void *data) {
  compilation *job = data;
  napi_value result = NULL, reason;
  if (status != napi_ok) { // cancelled: the isolate ends
    free_compilation(env, job);
    return;
  }
  if (job->error == NULL) {
    result = describe_module(env, add_module(job->module));
  } else {
    ej_wasm_fail_with(env, NULL, "compile", job->error);
  }
  if (result != NULL) {
    napi_resolve_deferred(env, job->deferred, result);
  } else if (napi_get_and_clear_last_exception(env, &reason) == napi_ok) {
    napi_reject_deferred(env, job->deferred, reason);
  }
  free_compilation(env, job);
}

// compileLater(bytes): a promise of the same, made on another thread.
static napi_value compile_later(napi_env env, napi_callback_info info) {
  ej_args args;
  ej_bytes bytes;
  napi_value promise, name;
  if (!ej_args_get(env, info, &args) || !ej_bytes_of(env, args.values[0], &bytes)) return NULL;
  compilation *job = calloc(1, sizeof *job);
  EJ_CHECK(job != NULL);
  job->size = bytes.size;
  job->bytes = malloc(bytes.size + 1);
  EJ_CHECK(job->bytes != NULL);
  memcpy(job->bytes, bytes.data, bytes.size);
  job->file = ej_wasm_kept(env, job->bytes, job->size);
  if (napi_create_string_utf8(env, "WebAssembly.compile", NAPI_AUTO_LENGTH, &name) != napi_ok ||
      napi_create_async_work(env, NULL, name, run_compilation, end_compilation, job, &job->work) !=
          napi_ok ||
      napi_create_promise(env, &job->deferred, &promise) != napi_ok ||
      napi_queue_async_work(env, job->work) != napi_ok) {
    free_compilation(env, job);
    return NULL;
  }
  return promise;
}

// validate(bytes)
static napi_value validate(napi_env env, napi_callback_info info) {
  ej_args args;
  ej_bytes bytes;
  if (!ej_args_get(env, info, &args) || !ej_bytes_of(env, args.values[0], &bytes)) return NULL;
  wt_error *error = ej_wasm()->wasmtime_module_validate(ej_wasm()->engine, bytes.data, bytes.size);
  if (error != NULL) ej_wasm()->wasmtime_error_delete(error);
  return ej_boolean(env, error == NULL);
}

// moduleOf(number): what compile() gives, for a module that is somewhere in the process; else
// undefined.
static napi_value module_by_number(napi_env env, napi_callback_info info) {
  ej_args args;
  double number;
  if (!ej_args_get(env, info, &args) ||
      napi_get_value_double(env, args.values[0], &number) != napi_ok)
    return NULL;
  wasm_module *module = find_module(number);
  return module == NULL ? NULL : describe_module(env, module);
}

const napi_property_descriptor ej_wasm_module_functions[] = {
    {.utf8name = "compile", .method = compile, .attributes = napi_enumerable},
    {.utf8name = "compileLater", .method = compile_later, .attributes = napi_enumerable},
    {.utf8name = "moduleOf", .method = module_by_number, .attributes = napi_enumerable},
    {.utf8name = "validate", .method = validate, .attributes = napi_enumerable},
};
const size_t ej_wasm_module_function_count =
    sizeof ej_wasm_module_functions / sizeof *ej_wasm_module_functions;
