// SPDX-License-Identifier: Apache-2.0
//
// Compiling, as seldom as possible: what was compiled is kept in a file that the next process maps.
//
// A large module would keep its user waiting. It is compiled in a hurry, runs like that until the
// process ends, and a thread makes better code for the next one. Both are code of one engine: only
// the way to it differs.
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "wasm_internal.h"

enum { BEST, HASTY }; // variants of a file: NAME.0 and NAME.1
enum {
  WORTHWHILE = 4096, // below, compiling takes about as long as reading a file
  LARGE = 128 * 1024 // from here on, optimising takes more than a tenth of a second
};

ej_code_file *ej_wasm_kept(napi_env env, const uint8_t *bytes, size_t size) {
  return size < WORTHWHILE ? NULL : ej_code_file_new(env, bytes, size);
}

// NULL as well for code of another version of wasmtime or for another processor, which wasmtime
// refuses: it is going to be replaced.
static wt_module *load(const ej_code_file *file, int variant) {
  char path[32];
  wt_module *module = NULL;
  int fd = ej_code_file_open(file, variant);
  if (fd < 0) return NULL;
  snprintf(path, sizeof path, "/dev/fd/%d", fd);
  wt_error *error = ej_wasm()->wasmtime_module_deserialize_file(ej_wasm()->engine, path, &module);
  close(fd);
  if (error != NULL) ej_wasm()->wasmtime_error_delete(error);
  return module;
}

// The code of a module, which the caller deletes.
static wt_error *compile_to_bytes(wt_engine *engine, const uint8_t *bytes, size_t size,
                                  wt_bytes *code) {
  const ej_wasm_api *wasm = ej_wasm();
  wt_module *module = NULL;
  wt_error *error = wasm->wasmtime_module_new(engine, bytes, size, &module);
  if (error != NULL) return error;
  error = wasm->wasmtime_module_serialize(module, code);
  wasm->wasmtime_module_delete(module);
  return error;
}

// --- Better code for the next process ------------------------------------------------------------

typedef struct improvement {
  ej_code_file *file; // owned, as the bytes are
  size_t size;
  uint8_t bytes[];
} improvement;

static void improve(const improvement *job) {
  wt_bytes code;
  int known = ej_code_file_open(job->file, BEST);
  if (known >= 0) { // another process was quicker
    close(known);
    return;
  }
  wt_error *error = compile_to_bytes(ej_wasm_compiler(WASM_PATIENT), job->bytes, job->size, &code);
  if (error != NULL) { // the hasty code stays
    ej_wasm()->wasmtime_error_delete(error);
    return;
  }
  ej_code_file_write(job->file, BEST, (const uint8_t *)code.data, code.size);
  ej_code_file_remove(job->file, HASTY);
  ej_wasm()->wasm_byte_vec_delete(&code);
}

static void *run_improvement(void *data) {
  static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
  improvement *job = data;
#ifdef __linux__
  setpriority(PRIO_PROCESS, (id_t)gettid(), 19); // of this thread
#endif
  pthread_mutex_lock(&one_at_a_time);
  improve(job);
  pthread_mutex_unlock(&one_at_a_time);
  ej_code_file_free(job->file);
  free(job);
  return NULL;
}

// Takes over the file. The process does not wait for the thread when it ends.
static void improve_later(ej_code_file *file, const uint8_t *bytes, size_t size) {
  improvement *job = malloc(sizeof *job + size);
  EJ_CHECK(job != NULL);
  job->file = file;
  job->size = size;
  memcpy(job->bytes, bytes, size);
  pthread_attr_t attributes;
  pthread_t thread;
  sigset_t all, before;
  sigfillset(&all);
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_sigmask(SIG_SETMASK, &all, &before); // signals are for other threads
  int status = pthread_create(&thread, &attributes, run_improvement, job);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  if (status == 0) return;
  ej_code_file_free(job->file);
  free(job);
}

// --- Compiling -----------------------------------------------------------------------------------

// NULL if that is not possible; whoever compiles well says why.
static wt_module *compile_in_haste(const ej_code_file *file, const uint8_t *bytes, size_t size) {
  const ej_wasm_api *wasm = ej_wasm();
  wt_bytes code;
  wt_module *module = NULL;
  wt_error *error = compile_to_bytes(ej_wasm_compiler(WASM_HASTY), bytes, size, &code);
  if (error == NULL) {
    const uint8_t *start = (const uint8_t *)code.data;
    error = wasm->wasmtime_module_deserialize(wasm->engine, start, code.size, &module);
    if (error == NULL) ej_code_file_write(file, HASTY, start, code.size);
    wasm->wasm_byte_vec_delete(&code);
  }
  if (error != NULL) wasm->wasmtime_error_delete(error);
  return module;
}

static wt_error *compile_well(const ej_code_file *file, const uint8_t *bytes, size_t size,
                              wt_module **module) {
  wt_error *error = ej_wasm()->wasmtime_module_new(ej_wasm()->engine, bytes, size, module);
  if (error != NULL || file == NULL) return error;
  wt_bytes code;
  wt_error *unkept = ej_wasm()->wasmtime_module_serialize(*module, &code);
  if (unkept != NULL) { // the module is good
    ej_wasm()->wasmtime_error_delete(unkept);
    return NULL;
  }
  ej_code_file_write(file, BEST, (const uint8_t *)code.data, code.size);
  ej_wasm()->wasm_byte_vec_delete(&code);
  return NULL;
}

wt_error *ej_wasm_compile(ej_code_file *file, const uint8_t *bytes, size_t size,
                          wt_module **module) {
  wt_error *error = NULL;
  *module = file == NULL ? NULL : load(file, BEST);
  if (*module == NULL && file != NULL && size >= LARGE) {
    *module = load(file, HASTY);
    if (*module == NULL) *module = compile_in_haste(file, bytes, size);
    if (*module != NULL) {
      improve_later(file, bytes, size);
      return NULL;
    }
  }
  if (*module == NULL) error = compile_well(file, bytes, size, module);
  ej_code_file_free(file);
  return error;
}
