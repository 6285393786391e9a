// SPDX-License-Identifier: Apache-2.0
//
// Error stacks as Node's users know them. The engine's own `stack` is only the list of frames; V8's
// begins with a header line, `Name: message`, or `Name [CODE]: message` for errors of Node's own
// modules. An accessor in front of the engine's adds it.
#include "internal.h"

#include "quickjs_more.h"

// The header of `error`, as a C string to free, or NULL with nothing pending when it cannot be had.
static char *header_of(ej_isolate *isolate, JSValueConst error) {
  JSContext *ctx = isolate->ctx;
  char *header = NULL;
  JSValue name = JS_GetPropertyStr(ctx, error, "name");
  JSValue message = JS_GetPropertyStr(ctx, error, "message");
  JSValue code = JS_GetProperty(ctx, error, isolate->hidden[EJ_HIDDEN_NODE_ERROR]);
  const char *name_text =
      JS_IsUndefined(name) ? JS_ToCString(ctx, JS_UNDEFINED) : JS_ToCString(ctx, name);
  const char *message_text = JS_IsUndefined(message) ? NULL : JS_ToCString(ctx, message);
  const char *code_text = JS_IsString(code) ? JS_ToCString(ctx, code) : NULL;
  if (name_text != NULL) {
    const char *shown = JS_IsUndefined(name) ? "Error" : name_text;
    const char *text = message_text ? message_text : "";
    size_t size = strlen(shown) + strlen(text) + (code_text ? strlen(code_text) : 0) + 8;
    header = js_malloc(ctx, size);
    if (header != NULL) {
      const char *colon = *shown && *text ? ": " : "";
      if (code_text) {
        snprintf(header, size, "%s [%s]%s%s", shown, code_text, colon, text);
      } else {
        snprintf(header, size, "%s%s%s", shown, colon, text);
      }
    }
  }
  if (JS_HasException(ctx))
    JS_FreeValue(ctx, JS_GetException(ctx)); // a getter or a conversion threw: no header
  JS_FreeCString(ctx, name_text);
  JS_FreeCString(ctx, message_text);
  JS_FreeCString(ctx, code_text);
  JS_FreeValue(ctx, name);
  JS_FreeValue(ctx, message);
  JS_FreeValue(ctx, code);
  return header;
}

// Takes `frames`, the engine's bare list; returns it with the places that source maps know.
static JSValue with_maps(ej_isolate *isolate, JSValue frames) {
  JSContext *ctx = isolate->ctx;
  if (JS_IsUndefined(isolate->stack_mapper)) return frames;
  JSValue mapper = JS_DupValue(ctx, isolate->stack_mapper);
  isolate->stack_mapper = JS_UNDEFINED; // errors of its own are not mapped
  JSValue mapped = JS_Call(ctx, mapper, JS_UNDEFINED, 1, (JSValueConst *)&frames);
  if (JS_IsUndefined(isolate->stack_mapper)) {
    isolate->stack_mapper = mapper;
  } else {
    JS_FreeValue(ctx, mapper);
  }
  if (!JS_IsString(mapped)) {
    if (JS_IsException(mapped)) JS_FreeValue(ctx, JS_GetException(ctx));
    JS_FreeValue(ctx, mapped);
    return frames;
  }
  JS_FreeValue(ctx, frames);
  return mapped;
}

// Takes `frames`; returns it with the header in front if it is the engine's bare list.
static JSValue with_header(ej_isolate *isolate, JSValueConst error, JSValue frames) {
  JSContext *ctx = isolate->ctx;
  if (!JS_IsString(frames)) return frames;
  size_t size;
  const char *text = JS_ToCStringLen(ctx, &size, frames);
  if (text == NULL || (size != 0 && strncmp(text, "    at ", 7) != 0)) {
    JS_FreeCString(ctx, text);
    return frames;
  }
  if (!JS_IsUndefined(isolate->stack_mapper)) {
    JS_FreeCString(ctx, text);
    frames = with_maps(isolate, frames);
    text = JS_ToCStringLen(ctx, &size, frames);
    if (text == NULL) return frames;
  }
  char *header = header_of(isolate, error);
  if (header != NULL) {
    size_t header_size = strlen(header);
    if (size != 0 && text[size - 1] == '\n') size--;
    char *whole = js_malloc(ctx, header_size + 1 + size);
    if (whole != NULL) {
      memcpy(whole, header, header_size);
      whole[header_size] = '\n';
      memcpy(whole + header_size + 1, text, size);
      JS_FreeValue(ctx, frames);
      frames = JS_NewStringLen(ctx, whole, size ? header_size + 1 + size : header_size);
      js_free(ctx, whole);
    }
    js_free(ctx, header);
  }
  JS_FreeCString(ctx, text);
  return frames;
}

static JSValue get_stack(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv,
                         int magic, JSValueConst *data) {
  (void)argc, (void)argv, (void)magic;
  JSValue frames = JS_Call(ctx, data[0], this_val, 0, NULL);
  return with_header(ej_isolate_of(ctx), this_val, frames);
}

// V8's `stack` is an own, hidden-from-loops property; assigning makes it one here too.
static JSValue set_stack(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)argc;
  if (!JS_IsObject(this_val)) return JS_ThrowTypeError(ctx, "not an object");
  int status = JS_DefinePropertyValueStr(ctx, this_val, "stack", JS_DupValue(ctx, argv[0]),
                                         JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE | JS_PROP_THROW);
  return status < 0 ? JS_EXCEPTION : JS_UNDEFINED;
}

static JSValue capture_stack(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv,
                             int magic, JSValueConst *data) {
  (void)magic;
  ej_isolate *isolate = ej_isolate_of(ctx);
  // Without a function to start below, start below this one.
  JSValueConst from = argc > 1 && JS_IsFunction(ctx, argv[1]) ? argv[1] : ej_quickjs_running(ctx);
  JSValueConst args[] = {argc > 0 ? argv[0] : JS_UNDEFINED, from};
  JSValue result = JS_Call(ctx, data[0], this_val, 2, args);
  if (JS_IsException(result)) return result;
  JSValue frames = JS_GetPropertyStr(ctx, args[0], "stack");
  if (JS_IsException(frames)) return frames;
  JSValue stack = with_header(isolate, args[0], frames);
  JS_DefinePropertyValueStr(ctx, args[0], "stack", stack, JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
  return result;
}

void ej_stack_mark_node_error(ej_isolate *isolate, JSValueConst error) {
  JSContext *ctx = isolate->ctx;
  JSValue code = JS_GetPropertyStr(ctx, error, "code");
  const char *text = JS_IsString(code) ? JS_ToCString(ctx, code) : NULL;
  // ERR_ACCESS_DENIED is one of C++ in Node, whose errors do not show their code.
  if (text != NULL && strncmp(text, "ERR_", 4) == 0 && strcmp(text, "ERR_ACCESS_DENIED") != 0)
    JS_DefinePropertyValue(ctx, error, isolate->hidden[EJ_HIDDEN_NODE_ERROR],
                           JS_DupValue(ctx, code), 0);
  JS_FreeCString(ctx, text);
  JS_FreeValue(ctx, code);
}

void ej_stack_init(JSContext *ctx) {
  JSValue global = JS_GetGlobalObject(ctx);
  JSValue constructor = JS_GetPropertyStr(ctx, global, "Error");
  JSValue proto = JS_GetPropertyStr(ctx, constructor, "prototype");
  JSValue capture = JS_GetPropertyStr(ctx, constructor, "captureStackTrace");
  JSAtom stack = JS_NewAtom(ctx, "stack");
  JSPropertyDescriptor own;
  EJ_CHECK(JS_GetOwnProperty(ctx, &own, proto, stack) == 1 && JS_IsFunction(ctx, own.getter));
  JS_DefinePropertyGetSet(
      ctx, proto, stack,
      JS_NewCFunctionData2(ctx, get_stack, "get stack", 0, 0, 1, (JSValueConst *)&own.getter),
      JS_NewCFunction(ctx, set_stack, "set stack", 1), JS_PROP_CONFIGURABLE);
  JS_DefinePropertyValueStr(ctx, constructor, "captureStackTrace",
                            JS_NewCFunctionData2(ctx, capture_stack, "captureStackTrace", 2, 0, 1,
                                                 (JSValueConst *)&capture),
                            JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
  JS_FreeValue(ctx, own.getter);
  JS_FreeValue(ctx, own.setter);
  JS_FreeValue(ctx, own.value);
  JS_FreeAtom(ctx, stack);
  JS_FreeValue(ctx, capture);
  JS_FreeValue(ctx, proto);
  JS_FreeValue(ctx, constructor);
  JS_FreeValue(ctx, global);
}

// --- internalBinding('errors') -------------------------------------------------------------------

static JSValue trigger_uncaught(JSContext *ctx, JSValueConst this_val, int argc,
                                JSValueConst *argv) {
  (void)this_val, (void)argc;
  ej_isolate *isolate = ej_isolate_of(ctx);
  ej_isolate_report(isolate, argv[0], JS_ToBool(ctx, argv[1]));
  return isolate->terminating ? ej_isolate_terminate(isolate, isolate->exit_code) : JS_UNDEFINED;
}

static JSValue set_node_error_mark(JSContext *ctx, JSValueConst this_val, int argc,
                                   JSValueConst *argv) {
  (void)this_val, (void)argc;
  JSAtom key = ej_isolate_of(ctx)->hidden[EJ_HIDDEN_NODE_ERROR];
  int status = JS_DefinePropertyValue(ctx, argv[0], key, JS_DupValue(ctx, argv[1]), 0);
  return status < 0 ? JS_EXCEPTION : JS_UNDEFINED;
}

static JSValue return_sites(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  return JS_DupValue(ctx, argv[1]);
}

static JSValue describe_site(JSContext *ctx, JSValueConst site) {
  static const char *const fields[][2] = {{"functionName", "getFunctionName"},
                                          {"scriptName", "getFileName"},
                                          {"lineNumber", "getLineNumber"},
                                          {"column", "getColumnNumber"}};
  JSValue described = JS_NewObject(ctx);
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    JSAtom method = JS_NewAtom(ctx, fields[i][1]);
    JSValue value = JS_Invoke(ctx, site, method, 0, NULL);
    JS_FreeAtom(ctx, method);
    if (JS_IsException(value) ||
        JS_DefinePropertyValueStr(ctx, described, fields[i][0], value, JS_PROP_C_W_E) < 0) {
      JS_FreeValue(ctx, described);
      return JS_EXCEPTION;
    }
  }
  return described;
}

// captureSites(n): the frames below the caller's, as data.
static JSValue capture_sites(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  uint32_t limit;
  if (JS_ToUint32(ctx, &limit, argv[0]) < 0) return JS_EXCEPTION;
  JSValue global = JS_GetGlobalObject(ctx);
  JSValue constructor = JS_GetPropertyStr(ctx, global, "Error");
  JSValue prepare = JS_GetPropertyStr(ctx, constructor, "prepareStackTrace");
  JSValue old_limit = JS_GetPropertyStr(ctx, constructor, "stackTraceLimit");
  JS_SetPropertyStr(ctx, constructor, "prepareStackTrace",
                    JS_NewCFunction(ctx, return_sites, "", 2));
  JS_SetPropertyStr(ctx, constructor, "stackTraceLimit",
                    JS_NewUint32(ctx, limit + 1)); // this function's own
  JSValue error = JS_NewError(ctx);
  JSValue sites = JS_GetPropertyStr(ctx, error, "stack");
  JS_SetPropertyStr(ctx, constructor, "prepareStackTrace", prepare);
  JS_SetPropertyStr(ctx, constructor, "stackTraceLimit", old_limit);
  JSValue result = JS_NewArray(ctx);
  int64_t count = 0;
  JS_GetLength(ctx, sites, &count);
  for (int64_t i = 1; i < count && !JS_IsException(result); i++) {
    JSValue site = JS_GetPropertyInt64(ctx, sites, i);
    JSValue described = describe_site(ctx, site);
    JS_FreeValue(ctx, site);
    if (JS_IsException(described) ||
        JS_DefinePropertyValueUint32(ctx, result, (uint32_t)i - 1, described, JS_PROP_C_W_E) < 0) {
      JS_FreeValue(ctx, result);
      result = JS_EXCEPTION;
    }
  }
  JS_FreeValue(ctx, sites);
  JS_FreeValue(ctx, error);
  JS_FreeValue(ctx, constructor);
  JS_FreeValue(ctx, global);
  return result;
}

// setStackMapper(function or undefined): text of frames => text of frames.
static JSValue set_stack_mapper(JSContext *ctx, JSValueConst this_val, int argc,
                                JSValueConst *argv) {
  (void)this_val, (void)argc;
  ej_isolate *isolate = ej_isolate_of(ctx);
  JS_FreeValue(ctx, isolate->stack_mapper);
  isolate->stack_mapper = JS_DupValue(ctx, argv[0]);
  return JS_UNDEFINED;
}

static const JSCFunctionListEntry functions[] = {
    JS_CFUNC_DEF("setStackMapper", 1, set_stack_mapper),
    JS_CFUNC_DEF("triggerUncaughtException", 2, trigger_uncaught),
    JS_CFUNC_DEF("setNodeErrorMark", 2, set_node_error_mark),
    JS_CFUNC_DEF("captureSites", 1, capture_sites),
};

JSValue ej_binding_errors(ej_isolate *isolate) {
  return EJ_BINDING_OBJECT(isolate->ctx, functions);
}
