// SPDX-License-Identifier: Apache-2.0
//
// internalBinding('scripts'): what vm compiles and runs, in whichever realm.
#include <stdio.h>

#include "realm.h"
#include "text.h"

// What stands before the user's text, whose first line then has the number `*line`: the engine
// reads 0 as "not given", so 0 becomes -1 and a line more. Columns are moved by spaces; none can be
// taken away.
static void append_offsets(text *out, int *line, int column_offset) {
  append(out, "", 0);
  if (*line == 0) {
    append(out, "\n", 1);
    *line = -1;
  }
  while (column_offset-- > 0) append(out, " ", 1);
}

static JSValue evaluate(JSContext *ctx, const text *source, JSValueConst filename, int first_line,
                        int flags) {
  const char *name = JS_ToCString(ctx, filename);
  if (name == NULL) return JS_EXCEPTION;
  JSEvalOptions options = {JS_EVAL_OPTIONS_VERSION, JS_EVAL_TYPE_GLOBAL | flags, name, first_line};
  JSValue result = JS_Eval2(ctx, source->bytes, source->size, &options);
  JS_FreeCString(ctx, name);
  return result;
}

// --- Functions -----------------------------------------------------------------------------------

// The function in a function whose parameters are the objects that it finds variables in: `with`.
static void append_extensions(text *out, int64_t count) {
  char part[32];
  append(out, "(function (", 11);
  for (int64_t i = 0; i < count; i++)
    append(out, part, (size_t)snprintf(part, sizeof part, "%s$%d", i > 0 ? ", " : "", (int)i));
  append(out, ") { ", 4);
  for (int64_t i = 0; i < count; i++)
    append(out, part, (size_t)snprintf(part, sizeof part, "with ($%d) ", (int)i));
  append(out, "return ", 7);
}

static JSValue apply_extensions(JSContext *ctx, JSValue outer, JSValueConst extensions,
                                int64_t count) {
  if (JS_IsException(outer)) return outer;
  JSValue *objects = js_malloc(ctx, (size_t)count * sizeof *objects);
  if (objects == NULL) return JS_EXCEPTION;
  for (int64_t i = 0; i < count; i++) objects[i] = JS_GetPropertyInt64(ctx, extensions, i);
  JSValue function = JS_Call(ctx, outer, JS_UNDEFINED, (int)count, (JSValueConst *)objects);
  for (int64_t i = 0; i < count; i++) JS_FreeValue(ctx, objects[i]);
  js_free(ctx, objects);
  JS_FreeValue(ctx, outer);
  return function;
}

// compileFunction(source, filename, parameters, lineOffset, columnOffset, realm, extensions, host):
// the source is the body; all but the first three may be undefined. The function's own text has the
// parameters in a line of their own, and a line before it keeps the count from 0, which the engine
// reads as "not given": the user's first line has the number `lineOffset` + 1.
static JSValue compile_function(JSContext *ctx, JSValueConst this_val, int argc,
                                JSValueConst *argv) {
  (void)this_val, (void)argc;
  int32_t line = 0, column = 0;
  int64_t extensions = 0;
  if (JS_ToInt32(ctx, &line, argv[3]) < 0 || JS_ToInt32(ctx, &column, argv[4]) < 0 ||
      (JS_IsObject(argv[6]) && JS_GetLength(ctx, argv[6], &extensions) < 0))
    return JS_EXCEPTION;
  JSContext *target = ej_realm_context(ctx, argv[5]);
  text source = {0};
  JSValue function = JS_EXCEPTION;
  int before = line == 1 ? 2 : 1; // lines
  append(&source, "\n\n", (size_t)before);
  if (extensions > 0) append_extensions(&source, extensions);
  append(&source, "(", 1);
  size_t start = source.size;
  append(&source, "function (", 10);
  if (append_parameters(ctx, &source, argv[2])) {
    append(&source, ") {\n", 4);
    for (int32_t i = 0; i < column; i++) append(&source, " ", 1);
    if (append_value(ctx, &source, argv[0])) {
      append(&source, "\n}", 2);
      size_t size = source.size - start;
      append(&source, ") })", extensions > 0 ? 4 : 1);
      JSValue code = evaluate(target, &source, argv[1], line - before, JS_EVAL_FLAG_COMPILE_ONLY);
      // A body that ends the function and goes on behind it is no body.
      if (!JS_IsException(code) && ej_quickjs_only_function(code, extensions > 0 ? 2 : 1) != size) {
        JS_FreeValue(target, code);
        code = JS_ThrowSyntaxError(target, "Unexpected token '}'");
      }
      function = JS_IsException(code) ? code : JS_EvalFunction(target, code);
      if (extensions > 0) function = apply_extensions(target, function, argv[6], extensions);
    }
  }
  free(source.bytes);
  if (!JS_IsException(function) && JS_IsObject(argv[7]))
    ej_quickjs_set_host(ctx, function, argv[7]);
  return function;
}

// --- Scripts -------------------------------------------------------------------------------------

// Compiled for one realm. For another it is written as bytecode and read there; the last such
// reading is kept.
typedef struct script {
  JSValue code;
  JSContext *realm;  // of `code`, which keeps it alive
  JSValue elsewhere; // undefined until it ran in another realm
  JSContext *elsewhere_realm;
  JSValue host;
} script;

static void script_finalizer(JSRuntime *rt, JSValueConst object) {
  ej_isolate *isolate = JS_GetRuntimeOpaque(rt);
  script *self = JS_GetOpaque(object, isolate->classes.script);
  if (self == NULL) return;
  JS_FreeValueRT(rt, self->code);
  JS_FreeValueRT(rt, self->elsewhere);
  JS_FreeValueRT(rt, self->host);
  free(self);
}

static void script_mark(JSRuntime *rt, JSValueConst object, JS_MarkFunc *mark) {
  ej_isolate *isolate = JS_GetRuntimeOpaque(rt);
  const script *self = JS_GetOpaque(object, isolate->classes.script);
  if (self == NULL) return;
  JS_MarkValue(rt, self->code, mark);
  JS_MarkValue(rt, self->elsewhere, mark);
  JS_MarkValue(rt, self->host, mark);
}

static const JSClassDef script_class = {
    .class_name = "Script", .finalizer = script_finalizer, .gc_mark = script_mark};

// Takes `code`.
static JSValue new_script(JSContext *ctx, JSContext *realm, JSValue code, JSValueConst host) {
  ej_isolate *isolate = ej_isolate_of(ctx);
  if (isolate->classes.script == 0) {
    JS_NewClassID(isolate->rt, &isolate->classes.script);
    EJ_CHECK(JS_NewClass(isolate->rt, isolate->classes.script, &script_class) == 0);
  }
  script *self = malloc(sizeof *self);
  EJ_CHECK(self != NULL);
  *self = (script){code, realm, JS_UNDEFINED, NULL, JS_DupValue(ctx, host)};
  if (JS_IsObject(host)) ej_quickjs_set_host(ctx, code, host);
  JSValue object = JS_NewObjectClass(ctx, isolate->classes.script);
  JS_SetOpaque(object, self);
  return object;
}

// compileScript(source, filename, lineOffset, columnOffset, realm, host, async): an async one may
// await at its top, and gives a promise of { value }.
static JSValue compile_script(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  int32_t line, column;
  if (JS_ToInt32(ctx, &line, argv[2]) < 0 || JS_ToInt32(ctx, &column, argv[3]) < 0)
    return JS_EXCEPTION;
  JSContext *realm = ej_realm_context(ctx, argv[4]);
  text source = {0};
  JSValue code = JS_EXCEPTION;
  line++;
  append_offsets(&source, &line, column);
  if (append_value(ctx, &source, argv[0]))
    code = evaluate(realm, &source, argv[1], line,
                    JS_EVAL_FLAG_COMPILE_ONLY | (JS_ToBool(ctx, argv[6]) ? JS_EVAL_FLAG_ASYNC : 0));
  free(source.bytes);
  return JS_IsException(code) ? code : new_script(ctx, realm, code, argv[5]);
}

JSValue ej_bytecode_of(JSContext *ctx, JSValueConst code) {
  size_t size;
  uint8_t *bytes = JS_WriteObject(ctx, &size, code, JS_WRITE_OBJ_BYTECODE);
  if (bytes == NULL) return JS_EXCEPTION;
  JSValue buffer = JS_NewArrayBufferCopy(ctx, bytes, size);
  js_free(ctx, bytes);
  return buffer;
}

// writeScript(script): its bytecode as an ArrayBuffer.
static JSValue write_script(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  const script *self = JS_GetOpaque2(ctx, argv[0], ej_isolate_of(ctx)->classes.script);
  return self == NULL ? JS_EXCEPTION : ej_bytecode_of(ctx, self->code);
}

// readScript(bytes, realm, host): of bytes that writeScript gave, no other.
static JSValue read_script(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  size_t size;
  JSContext *realm = ej_realm_context(ctx, argv[1]);
  const uint8_t *bytes = JS_GetUint8Array(ctx, &size, argv[0]);
  if (bytes == NULL) return JS_EXCEPTION;
  JSValue code = JS_ReadObject(realm, bytes, size, JS_READ_OBJ_BYTECODE);
  return JS_IsException(code) ? code : new_script(ctx, realm, code, argv[2]);
}

// The script's code in a realm, owned by the caller.
static JSValue code_for(JSContext *realm, script *self) {
  if (realm == self->realm) return JS_DupValue(realm, self->code);
  if (realm != self->elsewhere_realm) {
    size_t size;
    uint8_t *bytes = JS_WriteObject(realm, &size, self->code, JS_WRITE_OBJ_BYTECODE);
    if (bytes == NULL) return JS_EXCEPTION;
    JSValue code = JS_ReadObject(realm, bytes, size, JS_READ_OBJ_BYTECODE);
    js_free(realm, bytes);
    if (JS_IsException(code)) return code;
    if (JS_IsObject(self->host)) ej_quickjs_set_host(realm, code, self->host);
    JS_FreeValue(realm, self->elsewhere);
    self->elsewhere = code;
    self->elsewhere_realm = realm;
  }
  return JS_DupValue(realm, self->elsewhere);
}

// runScript(script, realm, timeout in ms or 0, breakOnSigint)
static JSValue run_script(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  ej_isolate *isolate = ej_isolate_of(ctx);
  script *self = JS_GetOpaque2(ctx, argv[0], isolate->classes.script);
  double timeout;
  if (self == NULL || JS_ToFloat64(ctx, &timeout, argv[2]) < 0) return JS_EXCEPTION;
  JSContext *target = ej_realm_context(ctx, argv[1]);
  JSValue code = code_for(target, self);
  if (JS_IsException(code)) return code;
  ej_limits limits;
  ej_limits_begin(isolate, &limits, timeout, JS_ToBool(ctx, argv[3]));
  JSValue result = JS_EvalFunction(target, code);
  if (!JS_IsUndefined(argv[1]) && !JS_IsException(result) &&
      !ej_realm_run_jobs(isolate, ej_realm_of(isolate, argv[1]))) {
    JS_FreeValue(ctx, result);
    result = JS_EXCEPTION;
  }
  return ej_limits_end(isolate, &limits, result);
}

// --- What import.meta and import() mean in code with a host object -------------------------------

static JSValue import_meta(JSContext *ctx, JSValueConst host) {
  JSValueConst hook = ej_isolate_of(ctx)->host_hooks[0];
  return JS_Call(ctx, hook, JS_UNDEFINED, 1, &host);
}

static JSValue import_dynamically(JSContext *ctx, JSValueConst host, JSValueConst specifier,
                                  JSValueConst options) {
  JSValueConst hook = ej_isolate_of(ctx)->host_hooks[1];
  JSValueConst args[] = {host, specifier, options};
  return JS_Call(ctx, hook, JS_UNDEFINED, 3, args);
}

// setHostHooks(importMeta, importDynamically): once.
static JSValue set_host_hooks(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  ej_isolate *isolate = ej_isolate_of(ctx);
  EJ_CHECK(JS_IsUndefined(isolate->host_hooks[0]));
  isolate->host_hooks[0] = JS_DupValue(ctx, argv[0]);
  isolate->host_hooks[1] = JS_DupValue(ctx, argv[1]);
  ej_quickjs_set_hooks((ej_quickjs_hooks){import_meta, import_dynamically});
  return JS_UNDEFINED;
}

static const JSCFunctionListEntry functions[] = {
    JS_CFUNC_DEF("compileFunction", 8, compile_function),
    JS_CFUNC_DEF("compileScript", 7, compile_script),
    JS_CFUNC_DEF("readScript", 3, read_script),
    JS_CFUNC_DEF("runScript", 4, run_script),
    JS_CFUNC_DEF("setHostHooks", 2, set_host_hooks),
    JS_CFUNC_DEF("writeScript", 1, write_script),
};

JSValue ej_binding_scripts(ej_isolate *isolate) {
  return EJ_BINDING_OBJECT(isolate->ctx, functions);
}
