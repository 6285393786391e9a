// SPDX-License-Identifier: Apache-2.0
//
// The event loop in Node's order: timers, I/O (libuv's own), immediates in the check phase; after
// every callback from the loop next-ticks, then promise jobs, then unhandled rejections.
// The queues themselves are JavaScript's (node/js/internal/): this file calls them at the right
// moment.
#include "internal.h"

#include <stdlib.h>

#include "core.h"
#include "quickjs_more.h"

enum { TICK_SCHEDULED, TICK_REJECTIONS, TICK_FIELDS };
enum { IMMEDIATE_COUNT, IMMEDIATE_REFS, IMMEDIATE_OUTSTANDING, IMMEDIATE_FIELDS };

struct ej_loop {
  uv_timer_t timer;
  uv_timer_t watch; // runs while the loop waits under a limit
  uv_check_t check;
  uv_idle_t idle; // active while something waits for the check phase: keeps poll from blocking
  uint64_t start; // loop time at birth, ms
  uint64_t began; // uv_hrtime when it first ran, ns; 0 before
  uint64_t ended; // uv_hrtime when it last ran out of work; 0 before
  int32_t ticks[TICK_FIELDS];
  int32_t immediates[IMMEDIATE_FIELDS];
  bool immediates_hold; // the JavaScript side keeps the loop alive
  ej_deferred *deferred, **deferred_end;
  JSValue tick_callback, reject_callback, process_immediate, process_timers;
};

// --- Ticks and promise jobs ----------------------------------------------------------------------

static void run_jobs(ej_isolate *isolate) {
  JSContext *ctx;
  while (!isolate->terminating) {
    int status = JS_ExecutePendingJob(isolate->rt, &ctx);
    if (status < 0) ej_isolate_uncaught(isolate);
    if (status == 0) break;
  }
  ej_quickjs_end_job(isolate->rt);
}

void ej_loop_drain(ej_isolate *isolate) {
  struct ej_loop *loop = isolate->tasks;
  JSContext *ctx = isolate->ctx;
  if (loop->ticks[TICK_SCHEDULED] == 0) run_jobs(isolate);
  while (!isolate->terminating && (loop->ticks[TICK_SCHEDULED] || loop->ticks[TICK_REJECTIONS])) {
    JSValue result = JS_Call(ctx, loop->tick_callback, JS_UNDEFINED, 0, NULL);
    // An error in one tick does not lose the ones behind it.
    if (JS_IsException(result)) ej_isolate_uncaught(isolate);
    JS_FreeValue(ctx, result);
  }
}

static void on_rejection(JSContext *ctx, JSValueConst promise, JSValueConst reason, bool is_handled,
                         void *opaque) {
  ej_isolate *isolate = opaque;
  JSValueConst callback = isolate->tasks->reject_callback;
  if (JS_IsUndefined(callback) || isolate->terminating) return;
  JSValueConst args[] = {JS_NewInt32(ctx, is_handled), promise, reason};
  JSValue result = JS_Call(ctx, callback, JS_UNDEFINED, 3, args);
  if (JS_IsException(result) && !ej_drop_stack_overflow(ctx)) ej_isolate_uncaught(isolate);
  JS_FreeValue(ctx, result);
}

// --- Phases --------------------------------------------------------------------------------------

static void schedule(struct ej_loop *loop, uint64_t ms);

// A negative expiry: only unreferenced timers are left.
static void schedule_next(ej_isolate *isolate, double expiry) {
  struct ej_loop *loop = isolate->tasks;
  double due = expiry < 0 ? -expiry : expiry;
  double wait = due - (double)(uv_now(&isolate->loop) - loop->start);
  schedule(loop, wait < 1 ? 1 : (uint64_t)wait);
  if (expiry > 0) {
    uv_ref((uv_handle_t *)&loop->timer);
  } else {
    uv_unref((uv_handle_t *)&loop->timer);
  }
}

static void on_timer(uv_timer_t *timer) {
  ej_isolate *isolate = timer->data;
  struct ej_loop *loop = isolate->tasks;
  JSContext *ctx = isolate->ctx;
  double expiry = 0;
  JS_UpdateStackTop(isolate->rt);
  ej_callback_scope_open(isolate);
  for (bool again = true; again && !isolate->terminating;) {
    JSValueConst now = JS_NewInt64(ctx, (int64_t)(uv_now(&isolate->loop) - loop->start));
    JSValue result = JS_Call(ctx, loop->process_timers, JS_UNDEFINED, 1, &now);
    again = JS_IsException(result);
    if (again) {
      ej_isolate_uncaught(isolate);
    } else if (JS_ToFloat64(ctx, &expiry, result) < 0) {
      ej_isolate_uncaught(isolate);
    }
    JS_FreeValue(ctx, result);
  }
  if (expiry != 0 && !isolate->terminating) schedule_next(isolate, expiry);
  ej_callback_scope_close(isolate); // ticks and promise jobs may set and clear timers
}

static void schedule(struct ej_loop *loop, uint64_t ms) {
  uv_timer_start(&loop->timer, on_timer, ms, 0);
}

static void on_idle(uv_idle_t *idle) { (void)idle; }

static void update_idle(struct ej_loop *loop) {
  if (uv_is_closing((uv_handle_t *)&loop->idle)) return;
  if (loop->immediates_hold || loop->deferred != NULL) {
    uv_idle_start(&loop->idle, on_idle);
  } else {
    uv_idle_stop(&loop->idle);
  }
}

static void run_deferred(ej_isolate *isolate) {
  struct ej_loop *loop = isolate->tasks;
  ej_deferred *next = loop->deferred; // what is added from now on waits for the next turn
  loop->deferred = NULL;
  loop->deferred_end = &loop->deferred;
  while (next != NULL) {
    ej_deferred *current = next;
    next = current->next;
    current->run(current->data);
    free(current);
  }
  update_idle(loop);
}

static void on_check(uv_check_t *check) {
  ej_isolate *isolate = check->data;
  struct ej_loop *loop = isolate->tasks;
  JSContext *ctx = isolate->ctx;
  JS_UpdateStackTop(isolate->rt);
  if (loop->deferred != NULL) run_deferred(isolate);
  if (loop->immediates[IMMEDIATE_COUNT] == 0) return;
  do {
    if (isolate->terminating) return;
    ej_callback_scope_open(isolate);
    JSValue result = JS_Call(ctx, loop->process_immediate, JS_UNDEFINED, 0, NULL);
    if (JS_IsException(result)) ej_isolate_uncaught(isolate);
    JS_FreeValue(ctx, result);
    ej_callback_scope_close(isolate);
  } while (loop->immediates[IMMEDIATE_OUTSTANDING]);
  if (loop->immediates[IMMEDIATE_REFS] == 0) {
    loop->immediates_hold = false;
    update_idle(loop);
  }
}

void ej_isolate_defer(ej_isolate *isolate, void (*run)(void *data), void *data) {
  struct ej_loop *loop = isolate->tasks;
  ej_deferred *task = malloc(sizeof *task);
  EJ_CHECK(task != NULL);
  *task = (ej_deferred){NULL, run, data};
  *loop->deferred_end = task;
  loop->deferred_end = &task->next;
  update_idle(loop);
}

// --- internalBinding('task_queue') ---------------------------------------------------------------

static JSValue keep(JSContext *ctx, JSValue *slot, JSValueConst value) {
  JS_FreeValue(ctx, *slot);
  *slot = JS_DupValue(ctx, value);
  return JS_UNDEFINED;
}

static JSValue set_tick_callback(JSContext *ctx, JSValueConst this_val, int argc,
                                 JSValueConst *argv) {
  (void)this_val, (void)argc;
  return keep(ctx, &ej_isolate_of(ctx)->tasks->tick_callback, argv[0]);
}

static JSValue set_reject_callback(JSContext *ctx, JSValueConst this_val, int argc,
                                   JSValueConst *argv) {
  (void)this_val, (void)argc;
  return keep(ctx, &ej_isolate_of(ctx)->tasks->reject_callback, argv[0]);
}

static JSValue run_microtasks(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc, (void)argv;
  ej_isolate *isolate = ej_isolate_of(ctx);
  run_jobs(isolate);
  return isolate->terminating ? ej_isolate_terminate(isolate, isolate->exit_code) : JS_UNDEFINED;
}

static JSValue job_call(JSContext *ctx, int argc, JSValueConst *argv) {
  (void)argc;
  return JS_Call(ctx, argv[0], JS_UNDEFINED, 0, NULL);
}

static JSValue enqueue_microtask(JSContext *ctx, JSValueConst this_val, int argc,
                                 JSValueConst *argv) {
  (void)this_val, (void)argc;
  return JS_EnqueueJob(ctx, job_call, 1, argv) < 0 ? JS_EXCEPTION : JS_UNDEFINED;
}

// The fields live in the isolate and end with it, after the heap: the array needs no finalizer.
static JSValue shared_fields(JSContext *ctx, int32_t *fields, size_t count) {
  JSValue buffer =
      JS_NewArrayBuffer(ctx, (uint8_t *)fields, count * sizeof *fields, 0, NULL, NULL, false);
  if (JS_IsException(buffer)) return buffer;
  JSValue array = JS_NewTypedArray(ctx, 1, (JSValueConst *)&buffer, JS_TYPED_ARRAY_INT32);
  JS_FreeValue(ctx, buffer);
  return array;
}

static const JSCFunctionListEntry task_queue_functions[] = {
    JS_CFUNC_DEF("setTickCallback", 1, set_tick_callback),
    JS_CFUNC_DEF("setPromiseRejectCallback", 1, set_reject_callback),
    JS_CFUNC_DEF("runMicrotasks", 0, run_microtasks),
    JS_CFUNC_DEF("enqueueMicrotask", 1, enqueue_microtask),
};

JSValue ej_binding_task_queue(ej_isolate *isolate) {
  JSContext *ctx = isolate->ctx;
  JSValue binding = EJ_BINDING_OBJECT(ctx, task_queue_functions);
  JS_DefinePropertyValueStr(ctx, binding, "tickInfo",
                            shared_fields(ctx, isolate->tasks->ticks, TICK_FIELDS), JS_PROP_C_W_E);
  return binding;
}

// --- internalBinding('timers') -------------------------------------------------------------------

static JSValue setup_timers(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  struct ej_loop *loop = ej_isolate_of(ctx)->tasks;
  keep(ctx, &loop->process_immediate, argv[0]);
  return keep(ctx, &loop->process_timers, argv[1]);
}

static JSValue schedule_timer(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  double ms;
  if (JS_ToFloat64(ctx, &ms, argv[0]) < 0) return JS_EXCEPTION;
  schedule(ej_isolate_of(ctx)->tasks, ms < 1 ? 1 : (uint64_t)ms);
  return JS_UNDEFINED;
}

static JSValue toggle_timer_ref(JSContext *ctx, JSValueConst this_val, int argc,
                                JSValueConst *argv) {
  (void)this_val, (void)argc;
  uv_handle_t *timer = (uv_handle_t *)&ej_isolate_of(ctx)->tasks->timer;
  if (JS_ToBool(ctx, argv[0])) {
    uv_ref(timer);
  } else {
    uv_unref(timer);
  }
  return JS_UNDEFINED;
}

static JSValue toggle_immediate_ref(JSContext *ctx, JSValueConst this_val, int argc,
                                    JSValueConst *argv) {
  (void)this_val, (void)argc;
  struct ej_loop *loop = ej_isolate_of(ctx)->tasks;
  loop->immediates_hold = JS_ToBool(ctx, argv[0]);
  update_idle(loop);
  return JS_UNDEFINED;
}

static JSValue get_libuv_now(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc, (void)argv;
  ej_isolate *isolate = ej_isolate_of(ctx);
  uv_update_time(&isolate->loop);
  return JS_NewInt64(ctx, (int64_t)(uv_now(&isolate->loop) - isolate->tasks->start));
}

static const JSCFunctionListEntry timers_functions[] = {
    JS_CFUNC_DEF("setupTimers", 2, setup_timers),
    JS_CFUNC_DEF("scheduleTimer", 1, schedule_timer),
    JS_CFUNC_DEF("toggleTimerRef", 1, toggle_timer_ref),
    JS_CFUNC_DEF("toggleImmediateRef", 1, toggle_immediate_ref),
    JS_CFUNC_DEF("getLibuvNow", 0, get_libuv_now),
};

JSValue ej_binding_timers(ej_isolate *isolate) {
  JSContext *ctx = isolate->ctx;
  JSValue binding = EJ_BINDING_OBJECT(ctx, timers_functions);
  JS_DefinePropertyValueStr(ctx, binding, "immediateInfo",
                            shared_fields(ctx, isolate->tasks->immediates, IMMEDIATE_FIELDS),
                            JS_PROP_C_W_E);
  return binding;
}

// --- Birth, turns, death -------------------------------------------------------------------------

void ej_loop_init(ej_isolate *isolate) {
  struct ej_loop *loop = calloc(1, sizeof *loop);
  EJ_CHECK(loop != NULL);
  isolate->tasks = loop;
  isolate->loop.data = isolate;
  uv_loop_configure(&isolate->loop, UV_METRICS_IDLE_TIME);
  loop->start = uv_now(&isolate->loop);
  loop->deferred_end = &loop->deferred;
  loop->tick_callback = loop->reject_callback = JS_UNDEFINED;
  loop->process_immediate = loop->process_timers = JS_UNDEFINED;
  uv_timer_init(&isolate->loop, &loop->timer);
  uv_unref((uv_handle_t *)&loop->timer); // until a timer is set that keeps the loop alive
  uv_timer_init(&isolate->loop, &loop->watch);
  uv_unref((uv_handle_t *)&loop->watch);
  uv_check_init(&isolate->loop, &loop->check);
  uv_idle_init(&isolate->loop, &loop->idle);
  loop->timer.data = loop->watch.data = loop->check.data = loop->idle.data = isolate;
  uv_check_start(&loop->check, on_check);
  uv_unref((uv_handle_t *)&loop->check);
  JS_SetHostPromiseRejectionTracker(isolate->rt, on_rejection, isolate);
}

// While the loop waits, no JavaScript runs that would notice a limit or a signal: a timer looks.
static void on_watch(uv_timer_t *watch) { ej_isolate_check(watch->data); }

static void start_watch(ej_isolate *isolate) {
  const uint64_t interval = 50; // ms
  uint64_t first = interval;
  if (isolate->deadline == 0 && !isolate->watch_signals) return;
  if (isolate->deadline != 0) {
    uint64_t now = uv_hrtime();
    uint64_t left = isolate->deadline > now ? (isolate->deadline - now) / 1000000 + 1 : 0;
    if (left < first) first = left;
  }
  uv_update_time(&isolate->loop);
  uv_timer_start(&isolate->tasks->watch, on_watch, first, interval);
}

static void note_begin(ej_isolate *isolate) {
  if (isolate->tasks->began == 0) isolate->tasks->began = uv_hrtime();
}

int ej_isolate_spin(ej_isolate *isolate) {
  ej_isolate_enter(isolate);
  note_begin(isolate);
  start_watch(isolate);
  while (!isolate->terminating && uv_run(&isolate->loop, UV_RUN_DEFAULT) != 0) continue;
  isolate->tasks->ended = uv_hrtime();
  uv_timer_stop(&isolate->tasks->watch);
  return ej_isolate_leave(isolate, EJ_STATUS_OK);
}

int ej_isolate_step(ej_isolate *isolate) {
  ej_isolate_enter(isolate);
  note_begin(isolate);
  start_watch(isolate);
  if (!isolate->terminating) uv_run(&isolate->loop, UV_RUN_ONCE);
  uv_timer_stop(&isolate->tasks->watch);
  return ej_isolate_leave(isolate, EJ_STATUS_OK);
}

int ej_isolate_turn(ej_isolate *isolate) {
  ej_isolate_enter(isolate);
  note_begin(isolate);
  if (!isolate->terminating) uv_run(&isolate->loop, UV_RUN_NOWAIT);
  return ej_isolate_leave(isolate, EJ_STATUS_OK);
}

void ej_isolate_loop_times(ej_isolate *isolate, double *times) {
  uint64_t began = isolate->tasks->began;
  times[0] = began == 0 ? 0 : (double)(uv_hrtime() - began) / 1e6;
  times[1] = (double)uv_metrics_idle_time(&isolate->loop) / 1e6;
}

void ej_loop_milestones(ej_isolate *isolate, uint64_t *began, uint64_t *ended) {
  *began = isolate->tasks->began;
  *ended = isolate->tasks->ended;
}

int ej_isolate_backend_fd(ej_isolate *isolate) { return uv_backend_fd(&isolate->loop); }

int ej_isolate_backend_timeout(ej_isolate *isolate) {
  uv_update_time(&isolate->loop);
  return uv_loop_alive(&isolate->loop) ? uv_backend_timeout(&isolate->loop) : -1;
}

// Ends JavaScript's part of the loop, then gives handles that are being closed their last turn.
// What addons left open stays open.
void ej_loop_close_tasks(ej_isolate *isolate) {
  struct ej_loop *loop = isolate->tasks;
  JSContext *ctx = isolate->ctx;
  uv_close((uv_handle_t *)&loop->timer, NULL);
  uv_close((uv_handle_t *)&loop->watch, NULL);
  uv_close((uv_handle_t *)&loop->check, NULL);
  uv_close((uv_handle_t *)&loop->idle, NULL);
  // The first run only takes back the request to stop that a termination left behind.
  uv_run(&isolate->loop, UV_RUN_NOWAIT);
  uv_run(&isolate->loop, UV_RUN_NOWAIT);
  while (loop->deferred != NULL) run_deferred(isolate);
  JS_SetHostPromiseRejectionTracker(isolate->rt, NULL, NULL);
  JS_FreeValue(ctx, loop->tick_callback);
  JS_FreeValue(ctx, loop->reject_callback);
  JS_FreeValue(ctx, loop->process_immediate);
  JS_FreeValue(ctx, loop->process_timers);
}

// After the heap is gone. False when an addon left a handle open: its thread may still signal the
// loop, whose memory, the isolate's, then has to stay.
bool ej_loop_free(ej_isolate *isolate) {
  if (uv_loop_close(&isolate->loop) != 0) return false;
  free(isolate->tasks);
  return true;
}
