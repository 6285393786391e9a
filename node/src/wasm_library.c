// SPDX-License-Identifier: Apache-2.0
//
// Loads wasmtime's library, once in a process.
#include "wasm_api.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "core.h"

// Recursion goes about as deep as in V8; a thread of a worker has 8 MB.
enum { WASM_STACK = 1 << 20 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static ej_wasm_api functions; // guarded until `api` points at it
static _Atomic(const ej_wasm_api *) api;

const ej_wasm_api *ej_wasm(void) { return atomic_load_explicit(&api, memory_order_acquire); }

static bool find_functions(void *library) {
#define FIND(result, name, parameters)                                                             \
  *(void **)&functions.name = dlsym(library, #name);                                               \
  if (functions.name == NULL) return false;
  EJ_WASM_FUNCTIONS(FIND)
#undef FIND
  return true;
}

static wt_engine *make_engine(void) {
  wt_config *config = functions.wasm_config_new();
  functions.wasmtime_config_memory_may_move_set(config, false); // ArrayBuffers show them
  functions.wasmtime_config_max_wasm_stack_set(config, WASM_STACK);
  functions.wasmtime_config_epoch_interruption_set(config, true);
  functions.wasmtime_config_wasm_function_references_set(config, true);
  functions.wasmtime_config_wasm_gc_set(config, true);
  functions.wasmtime_config_wasm_exceptions_set(config, true);
  functions.wasmtime_config_wasm_memory64_set(config, true);
  functions.wasmtime_config_wasm_multi_memory_set(config, true);
  functions.wasmtime_config_wasm_tail_call_set(config, true);
  functions.wasmtime_config_wasm_threads_set(config, true);
  functions.wasmtime_config_shared_memory_set(config, true);
  return functions.wasm_engine_new_with_config(config);
}

// The library stays loaded: compiled code belongs to it.
const char *ej_wasm_use(const char *path) {
  static char failure[512];
  const char *why = NULL;
  pthread_mutex_lock(&lock);
  if (ej_wasm() == NULL) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
      snprintf(failure, sizeof failure, "%s", dlerror());
      why = failure;
    } else if (!find_functions(library)) {
      why = "this version of wasmtime lacks functions that edgejs calls";
    } else {
      functions.engine = make_engine();
      atomic_store_explicit(&api, &functions, memory_order_release);
    }
  }
  pthread_mutex_unlock(&lock);
  return why;
}

// Sizes of what crosses, in the order of the test that compares them.
void ej_wasm_layouts(size_t *sizes) {
  const size_t ours[EJ_WASM_LAYOUTS] = {sizeof(wt_val),    sizeof(wt_raw),      sizeof(wt_extern),
                                        sizeof(wt_func),   sizeof(wt_place),    sizeof(wt_global),
                                        sizeof(wt_ref),    sizeof(wt_instance), sizeof(wt_kind),
                                        sizeof(wt_limits), sizeof(wt_bytes)};
  for (size_t i = 0; i < EJ_WASM_LAYOUTS; i++) sizes[i] = ours[i];
}
