// SPDX-License-Identifier: Apache-2.0
//
// Compiled code looks at the engine's epoch in every loop; when it has moved on it asks its store
// whether to go on (wasm_store.c). One thread of the process moves it while any Wasm runs, and
// sleeps otherwise.
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "wasm_internal.h"

enum { TICK = 10 * 1000 * 1000 }; // ns

static atomic_uint running;  // calls into Wasm that have not returned
static atomic_uint started;  // calls so far
static atomic_bool sleeping; // the thread waits to be woken
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void *tick(void *unused) {
  const struct timespec pause = {0, TICK};
  unsigned last = atomic_load(&started);
  for (;;) {
    nanosleep(&pause, NULL);
    unsigned now = atomic_load(&started);
    if (atomic_load(&running) > 0) {
      ej_wasm()->wasmtime_engine_increment_epoch(ej_wasm()->engine);
    } else if (now == last) { // nobody has called since the last look
      pthread_mutex_lock(&lock);
      atomic_store(&sleeping, true);
      while (atomic_load(&running) == 0) pthread_cond_wait(&wake, &lock);
      atomic_store(&sleeping, false);
      pthread_mutex_unlock(&lock);
    }
    last = now;
  }
  return unused;
}

static void start(void) {
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, 64 * 1024);
  EJ_CHECK(pthread_create(&thread, &attributes, tick, NULL) == 0);
  pthread_attr_destroy(&attributes);
}

void ej_wasm_enter(void) {
  pthread_once(&once, start);
  atomic_fetch_add(&running, 1);
  atomic_fetch_add_explicit(&started, 1, memory_order_relaxed);
  if (!atomic_load(&sleeping)) return;
  pthread_mutex_lock(&lock);
  pthread_cond_signal(&wake);
  pthread_mutex_unlock(&lock);
}

void ej_wasm_leave(void) { atomic_fetch_sub(&running, 1); }
