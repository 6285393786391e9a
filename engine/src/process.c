// SPDX-License-Identifier: Apache-2.0
//
// internalBinding('process_methods') and internalBinding('stdio'): clocks, memory, the end, and
// writing to the standard streams without anything loaded.
#include "internal.h"

#include "core.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

// --- process_methods -----------------------------------------------------------------------------

static JSValue really_exit(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  int32_t code;
  if (JS_ToInt32(ctx, &code, argv[0]) < 0) return JS_EXCEPTION;
  return ej_isolate_terminate(ej_isolate_of(ctx), code);
}

static JSValue hrtime(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc, (void)argv;
  return JS_NewBigInt64(ctx, (int64_t)uv_hrtime());
}

static JSValue hrtime_parts(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc, (void)argv;
  uint64_t now = uv_hrtime();
  JSValue parts = JS_NewArray(ctx);
  JS_DefinePropertyValueUint32(ctx, parts, 0, JS_NewInt64(ctx, (int64_t)(now / 1000000000)),
                               JS_PROP_C_W_E);
  JS_DefinePropertyValueUint32(ctx, parts, 1, JS_NewInt64(ctx, (int64_t)(now % 1000000000)),
                               JS_PROP_C_W_E);
  return parts;
}

static uv_once_t started = UV_ONCE_INIT;
static uint64_t start_time;        // of the first isolate: uv_hrtime, ns
static double start_time_of_clock; // the same by the clock on the wall, ms since 1970

static void note_start(void) {
  uv_timeval64_t clock = {0};
  start_time = uv_hrtime();
  uv_gettimeofday(&clock);
  start_time_of_clock = (double)clock.tv_sec * 1e3 + (double)clock.tv_usec / 1e3;
}

void ej_note_process_start(void) { uv_once(&started, note_start); }

// timeOrigin(): [ns of hrtime, ms since 1970] at which the process began, the same in every thread.
static JSValue time_origin(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc, (void)argv;
  JSValue parts = JS_NewArray(ctx);
  JS_DefinePropertyValueUint32(ctx, parts, 0, JS_NewBigInt64(ctx, (int64_t)start_time),
                               JS_PROP_C_W_E);
  JS_DefinePropertyValueUint32(ctx, parts, 1, JS_NewFloat64(ctx, start_time_of_clock),
                               JS_PROP_C_W_E);
  return parts;
}

// Seconds since this process started the isolate's library, at nanosecond resolution.
static JSValue uptime(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc, (void)argv;
  return JS_NewFloat64(ctx, (double)(uv_hrtime() - ej_isolate_of(ctx)->born) / 1e9);
}

static JSValue rss(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc, (void)argv;
  size_t bytes;
  int status = uv_resident_set_memory(&bytes);
  if (status != 0)
    return JS_ThrowInternalError(ctx, "uv_resident_set_memory: %s", uv_strerror(status));
  return JS_NewInt64(ctx, (int64_t)bytes);
}

static JSValue heap(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc, (void)argv;
  JSMemoryUsage usage;
  JS_ComputeMemoryUsage(JS_GetRuntime(ctx), &usage);
  JSValue pair = JS_NewArray(ctx);
  JS_DefinePropertyValueUint32(ctx, pair, 0, JS_NewInt64(ctx, usage.memory_used_size),
                               JS_PROP_C_W_E);
  JS_DefinePropertyValueUint32(ctx, pair, 1, JS_NewInt64(ctx, usage.malloc_size), JS_PROP_C_W_E);
  return pair;
}

// loopTimes(): ms since the loop began, and how many of them it waited.
static JSValue loop_times(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc, (void)argv;
  double times[2];
  ej_isolate_loop_times(ej_isolate_of(ctx), times);
  JSValue pair[] = {JS_NewFloat64(ctx, times[0]), JS_NewFloat64(ctx, times[1])};
  return JS_NewArrayFrom(ctx, 2, pair);
}

// milestones(): when the engine started, the isolate was ready, the loop began and ended, in ms
// since the process began; -1 for what has not happened.
static JSValue milestones(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc, (void)argv;
  ej_isolate *isolate = ej_isolate_of(ctx);
  uint64_t times[] = {isolate->engine_started, isolate->ready, 0, 0};
  ej_loop_milestones(isolate, &times[2], &times[3]);
  JSValue list[4];
  for (int i = 0; i < 4; i++) {
    list[i] = JS_NewFloat64(ctx, times[i] == 0 ? -1 : (double)(times[i] - start_time) / 1e6);
  }
  return JS_NewArrayFrom(ctx, 4, list);
}

// loopMetrics(): turns of the loop, events it handled, events that waited.
static JSValue loop_metrics(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc, (void)argv;
  uv_metrics_t metrics;
  uv_metrics_info(&ej_isolate_of(ctx)->loop, &metrics);
  JSValue list[] = {JS_NewInt64(ctx, (int64_t)metrics.loop_count),
                    JS_NewInt64(ctx, (int64_t)metrics.events),
                    JS_NewInt64(ctx, (int64_t)metrics.events_waiting)};
  return JS_NewArrayFrom(ctx, 3, list);
}

static JSValue abort_process(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)ctx, (void)this_val, (void)argc, (void)argv;
  abort();
}

static JSValue collect(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc, (void)argv;
  JS_RunGC(JS_GetRuntime(ctx));
  return JS_UNDEFINED;
}

// setStackSize(bytes): at most what a limit allows anyway.
static JSValue set_stack_size(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  int64_t bytes;
  if (JS_ToInt64(ctx, &bytes, argv[0]) < 0) return JS_EXCEPTION;
  if (bytes > 0) ej_isolate_set_limits(ej_isolate_of(ctx), 0, (size_t)bytes, 0);
  return JS_UNDEFINED;
}

static const JSCFunctionListEntry process_functions[] = {
    JS_CFUNC_DEF("reallyExit", 1, really_exit),
    JS_CFUNC_DEF("hrtime", 0, hrtime),
    JS_CFUNC_DEF("hrtimeParts", 0, hrtime_parts),
    JS_CFUNC_DEF("uptime", 0, uptime),
    JS_CFUNC_DEF("timeOrigin", 0, time_origin),
    JS_CFUNC_DEF("rss", 0, rss),
    JS_CFUNC_DEF("heap", 0, heap),
    JS_CFUNC_DEF("loopTimes", 0, loop_times),
    JS_CFUNC_DEF("setStackSize", 1, set_stack_size),
    JS_CFUNC_DEF("milestones", 0, milestones),
    JS_CFUNC_DEF("loopMetrics", 0, loop_metrics),
    JS_CFUNC_DEF("abort", 0, abort_process),
    JS_CFUNC_DEF("collectGarbage", 0, collect),
};

JSValue ej_binding_process_methods(ej_isolate *isolate) {
  return EJ_BINDING_OBJECT(isolate->ctx, process_functions);
}

// --- stdio ---------------------------------------------------------------------------------------

static JSValue throw_system_error(JSContext *ctx, int error, const char *syscall) {
  JSValue exception =
      JS_NewPlainError(ctx, "%s: %s, %s", uv_err_name(-error), uv_strerror(-error), syscall);
  JS_DefinePropertyValueStr(ctx, exception, "errno", JS_NewInt32(ctx, -error), JS_PROP_C_W_E);
  JS_DefinePropertyValueStr(ctx, exception, "code", JS_NewString(ctx, uv_err_name(-error)),
                            JS_PROP_C_W_E);
  JS_DefinePropertyValueStr(ctx, exception, "syscall", JS_NewString(ctx, syscall), JS_PROP_C_W_E);
  return JS_Throw(ctx, exception);
}

// Writes everything; waits when a non-blocking pipe is full. 0 or an errno.
static int write_all(int fd, const char *bytes, size_t size) {
  while (size > 0) {
    ssize_t written = write(fd, bytes, size);
    if (written >= 0) {
      bytes += written;
      size -= (size_t)written;
    } else if (errno == EAGAIN) {
      struct pollfd wait = {.fd = fd, .events = POLLOUT};
      poll(&wait, 1, -1);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

static JSValue stdio_write(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  int32_t fd;
  size_t size;
  int error;
  if (JS_ToInt32(ctx, &fd, argv[0]) < 0) return JS_EXCEPTION;
  if (JS_IsString(argv[1])) {
    const char *text = JS_ToCStringLen(ctx, &size, argv[1]);
    if (text == NULL) return JS_EXCEPTION;
    error = write_all(fd, text, size);
    JS_FreeCString(ctx, text);
  } else {
    uint8_t *bytes = JS_GetUint8Array(ctx, &size, argv[1]);
    if (bytes == NULL) return JS_EXCEPTION;
    error = write_all(fd, (const char *)bytes, size);
  }
  return error ? throw_system_error(ctx, error, "write") : JS_NewInt64(ctx, (int64_t)size);
}

static JSValue stdio_isatty(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  int32_t fd;
  if (JS_ToInt32(ctx, &fd, argv[0]) < 0) return JS_EXCEPTION;
  return JS_NewBool(ctx, uv_guess_handle(fd) == UV_TTY);
}

static JSValue guess_handle_type(JSContext *ctx, JSValueConst this_val, int argc,
                                 JSValueConst *argv) {
  (void)this_val, (void)argc;
  int32_t fd;
  if (JS_ToInt32(ctx, &fd, argv[0]) < 0) return JS_EXCEPTION;
  switch (uv_guess_handle(fd)) {
  case UV_TTY:
    return JS_NewString(ctx, "TTY");
  case UV_FILE:
    return JS_NewString(ctx, "FILE");
  case UV_NAMED_PIPE:
    return JS_NewString(ctx, "PIPE");
  case UV_TCP:
    return JS_NewString(ctx, "TCP");
  case UV_UDP:
    return JS_NewString(ctx, "UDP");
  default:
    return JS_NewString(ctx, "UNKNOWN");
  }
}

static JSValue get_window_size(JSContext *ctx, JSValueConst this_val, int argc,
                               JSValueConst *argv) {
  (void)this_val, (void)argc;
  int32_t fd;
  struct winsize size;
  if (JS_ToInt32(ctx, &fd, argv[0]) < 0) return JS_EXCEPTION;
  if (ioctl(fd, TIOCGWINSZ, &size) != 0) return JS_NULL; // not a terminal
  JSValue pair = JS_NewArray(ctx);
  JS_DefinePropertyValueUint32(ctx, pair, 0, JS_NewInt32(ctx, size.ws_col), JS_PROP_C_W_E);
  JS_DefinePropertyValueUint32(ctx, pair, 1, JS_NewInt32(ctx, size.ws_row), JS_PROP_C_W_E);
  return pair;
}

static const JSCFunctionListEntry stdio_functions[] = {
    JS_CFUNC_DEF("write", 2, stdio_write),
    JS_CFUNC_DEF("isatty", 1, stdio_isatty),
    JS_CFUNC_DEF("guessHandleType", 1, guess_handle_type),
    JS_CFUNC_DEF("getWindowSize", 1, get_window_size),
};

JSValue ej_binding_stdio(ej_isolate *isolate) {
  return EJ_BINDING_OBJECT(isolate->ctx, stdio_functions);
}
