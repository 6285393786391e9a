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
static wt_engine *compilers[WASM_COMPILERS]; // guarded; made when one is wanted

const ej_wasm_api *ej_wasm(void) { return atomic_load_explicit(&api, memory_order_acquire); }

static bool find_functions(void *library) {
#define FIND(result, name, parameters)                                                             \
  *(void **)&functions.name = dlsym(library, #name);                                               \
  if (functions.name == NULL) return false;
  EJ_WASM_FUNCTIONS(FIND)
#undef FIND
  return true;
}

// What all engines agree about.
static wt_config *make_config(void) {
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
  return config;
}

static wt_engine *make_compiler(wasm_compiler which) {
  enum { NO_OPTIMISATION = 0, SINGLE_PASS = 1 };
  wt_config *config = make_config();
  if (which == WASM_PATIENT) {
    functions.wasmtime_config_parallel_compilation_set(config, false);
  } else {
    functions.wasmtime_config_cranelift_opt_level_set(config, NO_OPTIMISATION);
    functions.wasmtime_config_cranelift_regalloc_algorithm_set(config, SINGLE_PASS);
  }
  return functions.wasm_engine_new_with_config(config);
}

wt_engine *ej_wasm_compiler(wasm_compiler which) {
  pthread_mutex_lock(&lock);
  if (compilers[which] == NULL) compilers[which] = make_compiler(which);
  wt_engine *engine = compilers[which];
  pthread_mutex_unlock(&lock);
  return engine;
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
      functions.engine = functions.wasm_engine_new_with_config(make_config());
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
