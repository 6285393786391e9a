// SPDX-License-Identifier: Apache-2.0
//
// The isolate: one heap, one realm, one event loop. Born by ej_isolate_new, started by
// ej_isolate_boot, ended by ej_isolate_free.
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core.h"

_Noreturn void ej_check_failed(const char *condition, const char *file, int line) {
  fprintf(stderr, "edgejs: check failed: %s (%s:%d)\n", condition, file, line);
  abort();
}

// The stack of a thread that is not the main one, whose own grows up to a limit of the process.
static size_t thread_stack(void) {
  pthread_attr_t attributes;
  void *address;
  size_t size = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return 0;
  pthread_attr_getstack(&attributes, &address, &size);
  pthread_attr_destroy(&attributes);
  return size;
}

// Half of what the thread has is left to Python and to natives.
static size_t stack_limit(void) {
  const size_t most = 4u << 20;
  struct rlimit limit;
  size_t size = SIZE_MAX;
  if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
    size = (size_t)limit.rlim_cur;
  size_t own = gettid() == getpid() ? 0 : thread_stack();
  if (own != 0 && own < size) size = own;
  return size / 2 < most ? size / 2 : most;
}

// Defined by cffi: writes the report that was asked for.
extern void ej_python_fatal(const char *message);

void ej_host_fatal(const char *message) { ej_python_fatal(message); }

enum { SIGNAL_INTERVAL = 50 * 1000 * 1000 }; // ns between two looks at Python's signals

static void stop(ej_isolate *isolate, int why) {
  isolate->terminating = true;
  isolate->stop = why;
  uv_stop(&isolate->loop);
}

bool ej_isolate_check(ej_isolate *isolate) {
  if (isolate->terminating || isolate->freeing) return isolate->terminating && !isolate->freeing;
  if (atomic_load_explicit(&isolate->stop_requested, memory_order_relaxed)) {
    isolate->exit_code = 1;
    stop(isolate, EJ_STATUS_EXITED);
    return true;
  }
  if (isolate->deadline == 0 && !isolate->watch_signals) return false;
  uint64_t now = uv_hrtime();
  if (isolate->deadline != 0 && now >= isolate->deadline) {
    stop(isolate, EJ_STATUS_TIMED_OUT);
  } else if (isolate->watch_signals && now - isolate->signals_checked > SIGNAL_INTERVAL) {
    isolate->signals_checked = now;
    if (ej_python_signals(isolate->host)) stop(isolate, EJ_STATUS_INTERRUPTED);
  }
  return isolate->terminating;
}

static int interrupt(JSRuntime *rt, void *opaque) {
  (void)rt;
  return ej_isolate_check(opaque) || ej_limits_reached(opaque);
}

void ej_isolate_enter(ej_isolate *isolate) {
  JS_UpdateStackTop(isolate->rt);
  if (isolate->entries++ == 0 && isolate->time_limit != 0)
    isolate->deadline = uv_hrtime() + isolate->time_limit;
}

int ej_isolate_leave(ej_isolate *isolate, int status) {
  int why = isolate->stop;
  if (--isolate->entries == 0) {
    isolate->deadline = 0;
    if (why != EJ_STATUS_EXITED && why != EJ_STATUS_OK) {
      isolate->terminating = false;
      isolate->stop = EJ_STATUS_OK;
    }
  }
  return why != EJ_STATUS_OK ? why : status;
}

void ej_isolate_set_limits(ej_isolate *isolate, size_t memory, size_t stack, uint64_t nanoseconds) {
  if (memory != 0) {
    JS_SetMemoryLimit(isolate->rt, memory);
    isolate->memory_limit = memory;
  }
  if (stack != 0) JS_SetMaxStackSize(isolate->rt, stack < stack_limit() ? stack : stack_limit());
  if (nanoseconds != 0) isolate->time_limit = nanoseconds;
}

void ej_isolate_stop(ej_isolate *isolate) {
  atomic_store(&isolate->stop_requested, true);
  ej_bridge_wake(isolate);
}

void ej_isolate_end_when_full(ej_isolate *isolate) { isolate->ends_when_full = true; }

bool ej_isolate_out_of_memory(const ej_isolate *isolate) { return isolate->out_of_memory; }

void ej_isolate_watch_signals(ej_isolate *isolate, bool watch) { isolate->watch_signals = watch; }

static const char *const hidden_names[EJ_HIDDEN_COUNT] = {"nodeError", "python", "transferMode",
                                                          "untransferable"};

static void make_hidden_keys(ej_isolate *isolate) {
  for (int i = 0; i < EJ_HIDDEN_COUNT; i++) {
    JSValue symbol = JS_NewPrivateSymbol(isolate->ctx, hidden_names[i]);
    isolate->hidden[i] = JS_ValueToAtom(isolate->ctx, symbol);
    JS_FreeValue(isolate->ctx, symbol);
  }
}

ej_isolate *ej_isolate_new(uintptr_t host, int *error) {
  ej_isolate *isolate = calloc(1, sizeof *isolate);
  EJ_CHECK(isolate != NULL);
  *error = -uv_loop_init(&isolate->loop);
  if (*error != 0) { // no descriptors are left
    free(isolate);
    return NULL;
  }
  isolate->host = (void *)host;
  isolate->python.generation = ej_python_generation();
  isolate->born = uv_hrtime();
  ej_note_process_start();
  isolate->engine_started = uv_hrtime();
  isolate->rt = JS_NewRuntime();
  EJ_CHECK(isolate->rt != NULL);
  JS_SetRuntimeOpaque(isolate->rt, isolate);
  isolate->stack_size = stack_limit();
  JS_SetMaxStackSize(isolate->rt, isolate->stack_size);
  JS_SetInterruptHandler(isolate->rt, interrupt, isolate);
  JS_SetCanBlock(isolate->rt, true); // Atomics.wait: as in Node, on the main thread too
#ifdef EJ_DEBUG
  JS_SetDumpFlags(isolate->rt, JS_ABORT_ON_LEAKS);
#endif
  isolate->ctx = JS_NewContext(isolate->rt);
  EJ_CHECK(isolate->ctx != NULL);
  JS_SetContextOpaque(isolate->ctx, isolate);
  isolate->host_hooks[0] = isolate->host_hooks[1] = JS_UNDEFINED;
  isolate->fatal_handler = isolate->buffer_prototype = isolate->internal_require =
      isolate->stack_mapper = isolate->lazy_globals = isolate->zone_namer = JS_UNDEFINED;
  isolate->permits = JS_UNDEFINED;
  JSValue plain = JS_NewObject(isolate->ctx);
  isolate->classes.plain = JS_GetClassID(plain);
  JS_FreeValue(isolate->ctx, plain);
  ej_arena_init(&isolate->arena);
  make_hidden_keys(isolate);
  ej_loop_init(isolate);
  ej_bridge_init(isolate);
  isolate->root_env = ej_env_new(isolate, "", 10);
  ej_napi_init(isolate);
  ej_stack_init(isolate->ctx);
  ej_promise_hooks_init(isolate);
  ej_modules_init(isolate);
  ej_code_cache_init(isolate);
  isolate->ready = uv_hrtime();
  return isolate;
}

// True when nothing but memory would be gained by freeing the heap of a process that ends: native
// code that has no addon is told of nothing. Builds that look for leaks free it.
static bool may_leave_heap(const ej_isolate *isolate) {
#if defined(EJ_DEBUG) || defined(__SANITIZE_ADDRESS__)
  (void)isolate;
  return false;
#else
  return isolate->envs == isolate->root_env;
#endif
}

void ej_isolate_free(ej_isolate *isolate, bool process_ends) {
  bool leaves_heap = process_ends && may_leave_heap(isolate);
  JS_UpdateStackTop(isolate->rt);
  // Addons' cleanup may still use the loop and, through finalizers, the heap; JavaScript functions
  // may not run.
  isolate->terminating = true;
  ej_envs_teardown(isolate);
  ej_ports_close(isolate);
  ej_bridge_close(isolate);
  ej_loop_close_tasks(isolate);
  isolate->freeing = true;
  if (leaves_heap) return;
  ej_messaging_free(isolate);
  ej_bridge_free(isolate);
  ej_napi_free(isolate);
  ej_promise_hooks_free(isolate);
  ej_modules_free(isolate);
  ej_code_cache_free(isolate);
  JS_FreeValue(isolate->ctx, isolate->stack_mapper);
  JS_FreeValue(isolate->ctx, isolate->fatal_handler);
  JS_FreeValue(isolate->ctx, isolate->permits);
  JS_FreeValue(isolate->ctx, isolate->host_hooks[0]);
  JS_FreeValue(isolate->ctx, isolate->host_hooks[1]);
  JS_FreeValue(isolate->ctx, isolate->buffer_prototype);
  JS_FreeValue(isolate->ctx, isolate->internal_require);
  JS_FreeValue(isolate->ctx, isolate->lazy_globals);
  JS_FreeValue(isolate->ctx, isolate->zone_namer);
  ej_arena_free(isolate);
  for (int i = 0; i < EJ_HIDDEN_COUNT; i++) JS_FreeAtom(isolate->ctx, isolate->hidden[i]);
  JS_FreeContext(isolate->ctx);
  JS_FreeRuntime(isolate->rt);
  ej_heap_free(isolate);
  ej_envs_free(isolate);
  if (ej_loop_free(isolate)) free(isolate);
}

uv_loop_t *ej_isolate_loop(ej_isolate *isolate) { return &isolate->loop; }

bool ej_isolate_may_run(const ej_isolate *isolate) {
  return !isolate->terminating && !isolate->freeing;
}

napi_env *ej_isolate_envs(ej_isolate *isolate) { return &isolate->envs; }

napi_env ej_isolate_root_env(ej_isolate *isolate) { return isolate->root_env; }

JSValue ej_isolate_terminate(ej_isolate *isolate, int exit_code) {
  if (!isolate->terminating) {
    stop(isolate, EJ_STATUS_EXITED);
    isolate->exit_code = exit_code;
  }
  JSValue error = JS_NewInternalError(isolate->ctx, "the isolate has terminated");
  JS_SetUncatchableError(isolate->ctx, error);
  return JS_Throw(isolate->ctx, error);
}

bool ej_isolate_exited(const ej_isolate *isolate, int *exit_code) {
  *exit_code = isolate->exit_code;
  return isolate->stop == EJ_STATUS_EXITED;
}

// Takes the pending exception to the fatal handler that the bootstrap registered. The handler
// reports and decides; when it says "not handled" the isolate ends.
void ej_isolate_uncaught(ej_isolate *isolate) {
  JSContext *ctx = isolate->ctx;
  JSValue error = JS_GetException(ctx);
  if (isolate->terminating) {
    JS_FreeValue(ctx, error);
    return;
  }
  ej_isolate_report(isolate, error, false);
  JS_FreeValue(ctx, error);
}

// The last resort, for an error that the JavaScript library cannot report: its own.
static void print_error(JSContext *ctx, JSValueConst error) {
  const char *text = JS_ToCString(ctx, error);
  JSValue stack = JS_IsObject(error) ? JS_GetPropertyStr(ctx, error, "stack") : JS_UNDEFINED;
  const char *where = JS_IsString(stack) ? JS_ToCString(ctx, stack) : NULL;
  fprintf(stderr, "%s\n", where ? where : text ? text : "an error that cannot be shown");
  JS_FreeCString(ctx, text);
  JS_FreeCString(ctx, where);
  JS_FreeValue(ctx, stack);
}

static void end_with(ej_isolate *isolate, int exit_code) {
  ej_isolate_terminate(isolate, exit_code);
  JS_FreeValue(isolate->ctx, JS_GetException(isolate->ctx));
}

static bool text_is(JSContext *ctx, JSValueConst object, const char *name, const char *expected) {
  JSValue value = JS_GetPropertyStr(ctx, object, name);
  const char *text = JS_IsString(value) ? JS_ToCString(ctx, value) : NULL;
  bool is = text != NULL && strcmp(text, expected) == 0;
  JS_FreeCString(ctx, text);
  JS_FreeValue(ctx, value);
  if (JS_HasException(ctx)) { // not even the look fits
    JS_FreeValue(ctx, JS_GetException(ctx));
    return true;
  }
  return is;
}

// The engine's error for a full heap: without its message when that did not fit, null when not even
// the error did.
static bool is_out_of_memory(JSContext *ctx, JSValueConst error) {
  if (JS_IsNull(error)) return true;
  if (!JS_IsError(error)) return false;
  return text_is(ctx, error, "message", "out of memory") ||
         (text_is(ctx, error, "name", "InternalError") && text_is(ctx, error, "message", ""));
}

// Exit codes as Node's: 1 for an error that nobody caught, 7 when the handler of such errors
// throws.
void ej_isolate_report(ej_isolate *isolate, JSValueConst error, bool from_promise) {
  JSContext *ctx = isolate->ctx;
  if (isolate->ends_when_full && is_out_of_memory(ctx, error)) {
    isolate->out_of_memory = true;
    end_with(isolate, 1);
    return;
  }
  JSValueConst args[] = {error, JS_NewBool(ctx, from_promise)};
  JSValue handled = JS_Call(ctx, isolate->fatal_handler, JS_UNDEFINED, 2, args);
  if (JS_IsException(handled)) {
    JSValue second = JS_GetException(ctx);
    if (!isolate->terminating) {
      print_error(ctx, second);
      end_with(isolate, 7);
    }
    JS_FreeValue(ctx, second);
  } else if (!JS_ToBool(ctx, handled) && !isolate->terminating) {
    end_with(isolate, 1);
  }
  JS_FreeValue(ctx, handled);
}

void ej_env_uncaught(napi_env env, napi_value error) {
  ej_isolate *isolate = env->isolate;
  ej_isolate_report(isolate, ej_value(error), false);
  // When that ended the isolate, the JavaScript that called the addon must not go on.
  if (isolate->terminating) ej_isolate_terminate(isolate, isolate->exit_code);
}

void ej_env_call(napi_env env, void (*run)(napi_env env, void *data), void *data) {
  ej_isolate *isolate = env->isolate;
  JS_UpdateStackTop(isolate->rt);
  ej_mark mark = ej_arena_mark(isolate);
  ej_callback_scope_open(isolate);
  run(env, data);
  if (JS_HasException(isolate->ctx)) ej_isolate_uncaught(isolate);
  ej_arena_release(isolate, mark);
  ej_callback_scope_close(isolate);
}

void ej_callback_scope_open(ej_isolate *isolate) { isolate->callback_depth++; }

void ej_callback_scope_close(ej_isolate *isolate) {
  EJ_CHECK(isolate->callback_depth > 0);
  if (isolate->callback_depth == 1 && !JS_HasException(isolate->ctx)) ej_loop_drain(isolate);
  isolate->callback_depth--;
}
