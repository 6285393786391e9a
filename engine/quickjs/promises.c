// SPDX-License-Identifier: Apache-2.0
//
// Promise hooks where V8 has them: `await` has a throwaway promise (its parent is the awaited one),
// every reaction runs between "before" and "after" of the promise that it settles. Part of
// quickjs.c.

// The promise that a resolving function belongs to, undefined for a function that is none.
static JSValueConst ej_promise_of(JSValueConst resolve) {
  JSPromiseFunctionData *s = JS_GetOpaque(resolve, JS_CLASS_PROMISE_RESOLVE_FUNCTION);
  return s ? s->promise : JS_UNDEFINED;
}

static int ej_await_under_hook(JSContext *ctx, JSValueConst promise, JSValueConst *resolve_reject) {
  JSRuntime *rt = ctx->rt;
  JSValueLink link = {rt->parent_promise, promise};
  JSValue resolving[2];
  rt->parent_promise = &link;
  JSValue throwaway = js_promise_new(ctx, JS_UNDEFINED, resolving);
  rt->parent_promise = link.next;
  if (JS_IsException(throwaway)) return -1;
  int result = perform_promise_then(ctx, promise, resolve_reject, vc(resolving));
  JS_FreeValue(ctx, throwaway); // the reaction holds it by its resolving functions
  JS_FreeValue(ctx, resolving[0]);
  JS_FreeValue(ctx, resolving[1]);
  return result;
}

static JSValue ej_await_value(JSContext *ctx, JSValueConst resolve, JSValueConst value) {
  JSRuntime *rt = ctx->rt;
  JSValueLink link = {rt->parent_promise, JS_UNDEFINED};
  if (unlikely(rt->promise_hook)) {
    link.value = ej_promise_of(resolve);
    rt->parent_promise = &link;
  }
  JSValue promise = js_promise_resolve(ctx, ctx->promise_ctor, 1, &value, 0);
  rt->parent_promise = link.next;
  return promise;
}

static void ej_reaction_hook(JSContext *ctx, JSPromiseHookType type, JSValueConst resolve) {
  JSRuntime *rt = ctx->rt;
  if (unlikely(rt->promise_hook)) {
    JSValueConst promise = ej_promise_of(resolve);
    if (!JS_IsUndefined(promise))
      rt->promise_hook(ctx, type, promise, JS_UNDEFINED, rt->promise_hook_opaque);
  }
}

static void ej_swap_continuation(JSRuntime *rt, JSValue *other) {
  JSValue now = rt->continuation;
  rt->continuation = *other;
  *other = now;
}

JSValue ej_quickjs_continuation(JSContext *ctx) { return js_dup(ctx->rt->continuation); }

void ej_quickjs_set_continuation(JSContext *ctx, JSValueConst value) {
  JSValue before = ctx->rt->continuation;
  ctx->rt->continuation = js_dup(value);
  JS_FreeValue(ctx, before);
}
