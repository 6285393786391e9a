// SPDX-License-Identifier: Apache-2.0
//
// internalBinding('async_wrap'): what tells JavaScript of promises (hooks, as in V8), and the frame
// that follows the flow of control through them without any hook.
#include "internal.h"

#include "quickjs_more.h"

bool ej_drop_stack_overflow(JSContext *ctx) {
  JSValue error = JS_GetException(ctx);
  JSValue message = JS_IsError(error) ? JS_GetPropertyStr(ctx, error, "message") : JS_UNDEFINED;
  const char *text = JS_IsString(message) ? JS_ToCString(ctx, message) : NULL;
  bool is_overflow = text != NULL && strcmp(text, "Maximum call stack size exceeded") == 0;
  JS_FreeCString(ctx, text);
  JS_FreeValue(ctx, message);
  if (is_overflow) {
    JS_FreeValue(ctx, error);
  } else {
    JS_Throw(ctx, error);
  }
  return is_overflow;
}

// The engine calls this in the middle of its work: an exception may not stay, it is uncaught.
static void on_promise(JSContext *ctx, JSPromiseHookType type, JSValueConst promise,
                       JSValueConst parent, void *opaque) {
  ej_isolate *isolate = opaque;
  if (JS_IsUndefined(isolate->promise_hooks[type]) || isolate->terminating) return;
  JSValue hook = JS_DupValue(ctx, isolate->promise_hooks[type]); // it may replace itself
  JSValueConst args[] = {promise, parent};
  JSValue result = JS_Call(ctx, hook, JS_UNDEFINED, type == JS_PROMISE_HOOK_INIT ? 2 : 1, args);
  if (JS_IsException(result) && !ej_drop_stack_overflow(ctx)) ej_isolate_uncaught(isolate);
  JS_FreeValue(ctx, result);
  JS_FreeValue(ctx, hook);
}

// setPromiseHooks(init, before, after, settled): each a function or undefined. Without any the
// engine asks nothing.
static JSValue set_promise_hooks(JSContext *ctx, JSValueConst this_val, int argc,
                                 JSValueConst *argv) {
  (void)this_val, (void)argc;
  ej_isolate *isolate = ej_isolate_of(ctx);
  bool any = false;
  for (int i = 0; i < EJ_PROMISE_HOOKS; i++) {
    JSValue before = isolate->promise_hooks[i];
    isolate->promise_hooks[i] = JS_DupValue(ctx, argv[i]);
    JS_FreeValue(ctx, before);
    any = any || !JS_IsUndefined(argv[i]);
  }
  JS_SetPromiseHook(isolate->rt, any ? on_promise : NULL, isolate);
  return JS_UNDEFINED;
}

static JSValue current_frame(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc, (void)argv;
  return ej_quickjs_continuation(ctx);
}

// exchangeFrame(next) returns the one before.
static JSValue exchange_frame(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  JSValue before = ej_quickjs_continuation(ctx);
  ej_quickjs_set_continuation(ctx, argv[0]);
  return before;
}

napi_value ej_exchange_frame(ej_isolate *isolate, napi_value frame) {
  JSContext *ctx = isolate->ctx;
  JSValue before = ej_quickjs_continuation(ctx);
  ej_quickjs_set_continuation(ctx, frame == NULL ? JS_UNDEFINED : ej_value(frame));
  return JS_IsUndefined(before) ? NULL : ej_handle(isolate, before);
}

// --- Natives' resources --------------------------------------------------------------------------

// setNativeListeners(init, enter, leave, destroy): once.
static JSValue set_native_listeners(JSContext *ctx, JSValueConst this_val, int argc,
                                    JSValueConst *argv) {
  (void)this_val, (void)argc;
  ej_isolate *isolate = ej_isolate_of(ctx);
  EJ_CHECK(JS_IsUndefined(isolate->async_listeners[0]));
  for (int i = 0; i < EJ_ASYNC_EVENTS; i++) isolate->async_listeners[i] = JS_DupValue(ctx, argv[i]);
  return JS_UNDEFINED;
}

napi_value ej_async_listener(ej_isolate *isolate, ej_async_event event) {
  JSValueConst listener = isolate->async_listeners[event];
  if (JS_IsUndefined(listener)) return NULL;
  return ej_handle(isolate, JS_DupValue(isolate->ctx, listener));
}

void ej_promise_hooks_init(ej_isolate *isolate) {
  for (int i = 0; i < EJ_ASYNC_EVENTS; i++) isolate->async_listeners[i] = JS_UNDEFINED;
  for (int i = 0; i < EJ_PROMISE_HOOKS; i++) isolate->promise_hooks[i] = JS_UNDEFINED;
}

void ej_promise_hooks_free(ej_isolate *isolate) {
  JS_SetPromiseHook(isolate->rt, NULL, NULL);
  for (int i = 0; i < EJ_PROMISE_HOOKS; i++) JS_FreeValue(isolate->ctx, isolate->promise_hooks[i]);
  for (int i = 0; i < EJ_ASYNC_EVENTS; i++) JS_FreeValue(isolate->ctx, isolate->async_listeners[i]);
}

JSValue ej_binding_async_wrap(ej_isolate *isolate) {
  static const JSCFunctionListEntry functions[] = {
      JS_CFUNC_DEF("setNativeListeners", EJ_ASYNC_EVENTS, set_native_listeners),
      JS_CFUNC_DEF("setPromiseHooks", EJ_PROMISE_HOOKS, set_promise_hooks),
      JS_CFUNC_DEF("currentFrame", 0, current_frame),
      JS_CFUNC_DEF("exchangeFrame", 1, exchange_frame),
  };
  return EJ_BINDING_OBJECT(isolate->ctx, functions);
}
