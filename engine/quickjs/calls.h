// SPDX-License-Identifier: Apache-2.0
//
// Included in quickjs.c before the interpreter, into which it is compiled.

// A call from bytecode. A function of C goes straight to its handler instead of through the start
// of the interpreter.
static inline __attribute__((always_inline)) JSValue ej_call(JSContext *ctx, JSValueConst function,
                                                             JSValueConst this_value, int argc,
                                                             JSValueConst *argv) {
  if (likely(JS_VALUE_GET_TAG(function) == JS_TAG_OBJECT)) {
    JSObject *p = JS_VALUE_GET_OBJ(function);
    JSClassCall *call = ctx->rt->class_array[p->class_id].call;
    if (p->class_id != JS_CLASS_BYTECODE_FUNCTION && likely(call != NULL)) {
      if (js_poll_interrupts(ctx)) return JS_EXCEPTION;
      return call(ctx, function, this_value, argc, argv, 0);
    }
  }
  return JS_CallInternal(ctx, function, this_value, JS_UNDEFINED, argc, argv, 0);
}
