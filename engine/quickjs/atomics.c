// SPDX-License-Identifier: Apache-2.0
//
// Atomics.wait that can be interrupted: a worker that is terminated, or a program at its time
// limit, may be waiting.

// Waits until somebody takes the waiter off the list (0), for `timeout` ms (-1), or until the
// runtime's interrupt handler asks to stop (-2). The mutex is held, and let go of while the handler
// runs.
static int ej_atomics_wait(JSContext *ctx, js_cond_t *cond, js_mutex_t *mutex, bool *linked,
                           int64_t timeout) {
  const uint64_t slice = 10 * 1000 * 1000; // ns between two looks at the handler
  JSRuntime *rt = ctx->rt;
  uint64_t start = js__hrtime_ns();
  uint64_t most = timeout < INT64_MAX / 1000000 ? (uint64_t)timeout * 1000000 : UINT64_MAX;

  while (*linked) {
    uint64_t waited = js__hrtime_ns() - start;
    if (waited >= most) return -1;
    js_cond_timedwait(cond, mutex, most - waited < slice ? most - waited : slice);
    if (*linked && rt->interrupt_handler) {
      js_mutex_unlock(mutex);
      int stop = rt->interrupt_handler(rt, rt->interrupt_opaque);
      js_mutex_lock(mutex);
      if (stop) return -2;
    }
  }
  return 0;
}
