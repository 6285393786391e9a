// SPDX-License-Identifier: Apache-2.0
//
// internalBinding('contextify'): source text to functions, with file names and the user's own line
// numbers.
#include "code_cache.h"
#include "text.h"

static JSValue evaluate(JSContext *ctx, const text *source, JSValueConst filename, int first_line) {
  const char *name = JS_ToCString(ctx, filename);
  if (name == NULL) return JS_EXCEPTION;
  JSEvalOptions options = {JS_EVAL_OPTIONS_VERSION, JS_EVAL_TYPE_GLOBAL, name, first_line};
  JSValue result = JS_Eval2(ctx, source->bytes, source->size, &options);
  JS_FreeCString(ctx, name);
  return result;
}

// What is to be compiled: the text that goes before a body, and the body. The wrapper takes two
// lines of its own and the count starts two lower (the engine reads 0 as "not given"), so line 1,
// column 1 is the user's.
static ej_text *wrap(JSContext *ctx, JSValueConst body, const char *filename, JSValueConst names,
                     size_t *size) {
  static const char end[] = "\n})";
  text before = {0};
  ej_text *whole = NULL;
  size_t body_size;
  const char *body_text = JS_ToCStringLen(ctx, &body_size, body);
  append(&before, "(function (", 11);
  if (body_text != NULL && append_parameters(ctx, &before, names)) {
    append(&before, ") {\n\n", 5);
    *size = before.size + body_size + sizeof end - 1;
    whole = ej_text_new(ctx, filename, *size);
  }
  if (whole != NULL) {
    char *bytes = ej_text_bytes(whole);
    memcpy(bytes, before.bytes, before.size);
    memcpy(bytes + before.size, body_text, body_size);
    memcpy(bytes + before.size + body_size, end, sizeof end - 1);
  }
  JS_FreeCString(ctx, body_text);
  free(before.bytes);
  return whole;
}

// compileFunction(source, filename, parameters): the source is the body.
static JSValue compile_function(JSContext *ctx, JSValueConst this_val, int argc,
                                JSValueConst *argv) {
  (void)this_val, (void)argc;
  JSValue code = JS_EXCEPTION;
  size_t size;
  const char *filename = JS_ToCString(ctx, argv[1]);
  ej_text *source = filename == NULL ? NULL : wrap(ctx, argv[0], filename, argv[2], &size);
  if (source != NULL) {
    JSEvalOptions options = {JS_EVAL_OPTIONS_VERSION,
                             JS_EVAL_TYPE_GLOBAL | JS_EVAL_FLAG_COMPILE_ONLY, filename, -1};
    code =
        ej_code_cache_compile(ej_isolate_of(ctx), EJ_CODE_COMMONJS, source, size, &options, NULL);
    ej_text_free(ctx, source);
  }
  JS_FreeCString(ctx, filename);
  return JS_IsException(code) ? code : JS_EvalFunction(ctx, code);
}

static JSValue run_in_this_context(JSContext *ctx, JSValueConst this_val, int argc,
                                   JSValueConst *argv) {
  (void)this_val, (void)argc;
  int32_t line_offset;
  if (JS_ToInt32(ctx, &line_offset, argv[2]) < 0) return JS_EXCEPTION;
  text source = {0};
  JSValue result = JS_EXCEPTION;
  append(&source, "", 0);
  if (append_value(ctx, &source, argv[0]))
    result = evaluate(ctx, &source, argv[1], line_offset + 1);
  free(source.bytes);
  return result;
}

static JSValue contains_module_syntax(JSContext *ctx, JSValueConst this_val, int argc,
                                      JSValueConst *argv) {
  (void)this_val, (void)argc;
  size_t size;
  const char *source = JS_ToCStringLen(ctx, &size, argv[0]);
  if (source == NULL) return JS_EXCEPTION;
  bool is_module = JS_DetectModule(source, size);
  JS_FreeCString(ctx, source);
  return JS_NewBool(ctx, is_module);
}

static const JSCFunctionListEntry functions[] = {
    JS_CFUNC_DEF("compileFunction", 3, compile_function),
    JS_CFUNC_DEF("runInThisContext", 3, run_in_this_context),
    JS_CFUNC_DEF("containsModuleSyntax", 1, contains_module_syntax),
};

JSValue ej_binding_contextify(ej_isolate *isolate) {
  return EJ_BINDING_OBJECT(isolate->ctx, functions);
}
