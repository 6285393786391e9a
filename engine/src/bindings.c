// SPDX-License-Identifier: Apache-2.0
//
// internalBinding(name): how the JavaScript library reaches the primitives below it. C answers for
// the names in the table, Python (edgejs.node.<name>) for every other.
#include "internal.h"

#include "env.h"          // napi/: loading addons
#include "bytes.h"        // node/: what Buffer needs
#include "environment.h"  // node/: process.env
#include "files.h"        // node/: the calls of fs that programs make most
#include "fs_watch.h"     // node/: fs.watch and fs.watchFile
#include "http2.h"        // node/: nghttp2
#include "http_parser.h"  // node/: llhttp
#include "icu.h"          // node/: the library behind Intl
#include "loop_handles.h" // node/: what the event loop has
#include "module_files.h" // node/: what the module loader asks the file system
#include "names.h"        // node/: dns.lookup
#include "processes.h"    // node/: child processes
#include "signals.h"      // node/: process.on('SIGTERM')
#include "streams.h"      // node/: pipes and TCP sockets
#include "udp.h"          // node/: UDP sockets
#include "urls.h"         // node/: the URL parser
#include "wasm.h"         // node/: WebAssembly

typedef struct ej_native_binding {
  const char *name;
  JSValue (*engine)(ej_isolate *isolate); // written against the engine
  napi_value (*neutral)(napi_env env);    // or against Node-API
} ej_native_binding;

static const ej_native_binding bindings[] = {
    {"addons", NULL, ej_binding_addons},
    {"async_wrap", ej_binding_async_wrap, NULL},
    {"builtins", ej_binding_builtins, NULL},
    {"bytes", NULL, ej_binding_bytes},
    {"code_cache", ej_binding_code_cache, NULL},
    {"contextify", ej_binding_contextify, NULL},
    {"environment", NULL, ej_binding_environment},
    {"errors", ej_binding_errors, NULL},
    {"files", NULL, ej_binding_files},
    {"fs_watch", NULL, ej_binding_fs_watch},
    {"heap", ej_binding_heap, NULL},
    {"http2", NULL, ej_binding_http2},
    {"http_parser", NULL, ej_binding_http_parser},
    {"icu", NULL, ej_binding_icu},
    {"loop_handles", NULL, ej_binding_loop_handles},
    {"messaging", ej_binding_messaging, NULL},
    {"module_files", NULL, ej_binding_module_files},
    {"modules", ej_binding_modules, NULL},
    {"names", NULL, ej_binding_names},
    {"process_methods", ej_binding_process_methods, NULL},
    {"realms", ej_binding_realms, NULL},
    {"scripts", ej_binding_scripts, NULL},
    {"serdes", ej_binding_serdes, NULL},
    {"processes", NULL, ej_binding_processes},
    {"signals", NULL, ej_binding_signals},
    {"stdio", ej_binding_stdio, NULL},
    {"streams", NULL, ej_binding_streams},
    {"task_queue", ej_binding_task_queue, NULL},
    {"timers", ej_binding_timers, NULL},
    {"udp", NULL, ej_binding_udp},
    {"urls", NULL, ej_binding_urls},
    {"util", ej_binding_util, NULL},
    {"vm_modules", ej_binding_vm_modules, NULL},
    {"wasm", NULL, ej_binding_wasm},
};

JSValue ej_binding_object(JSContext *ctx, const JSCFunctionListEntry *functions, int count) {
  JSValue object = JS_NewObject(ctx);
  if (!JS_IsException(object)) JS_SetPropertyFunctionList(ctx, object, functions, count);
  return object;
}

static JSValue neutral_binding(ej_isolate *isolate, napi_value (*make)(napi_env env)) {
  ej_mark mark = ej_arena_mark(isolate);
  napi_value made = make(isolate->root_env);
  JSValue binding =
      JS_HasException(isolate->ctx) ? JS_EXCEPTION : JS_DupValue(isolate->ctx, ej_value(made));
  ej_arena_release(isolate, mark);
  return binding;
}

static JSValue make_binding(ej_isolate *isolate, JSValueConst name) {
  const char *text = JS_ToCString(isolate->ctx, name);
  if (text == NULL) return JS_EXCEPTION;
  size_t count = sizeof bindings / sizeof *bindings, i = 0;
  while (i < count && strcmp(bindings[i].name, text) != 0) i++;
  JS_FreeCString(isolate->ctx, text);
  if (i == count) return ej_bridge_binding(isolate, name);
  if (bindings[i].engine != NULL) return bindings[i].engine(isolate);
  return neutral_binding(isolate, bindings[i].neutral);
}

// Made once per isolate, then kept in the function's own table.
static JSValue internal_binding(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv,
                                int magic, JSValueConst *data) {
  (void)this_val, (void)argc, (void)magic;
  JSAtom key = JS_ValueToAtom(ctx, argv[0]);
  if (key == JS_ATOM_NULL) return JS_EXCEPTION;
  JSValue binding = JS_GetProperty(ctx, data[0], key);
  if (JS_IsUndefined(binding)) {
    binding = make_binding(ej_isolate_of(ctx), argv[0]);
    if (!JS_IsException(binding)) JS_SetProperty(ctx, data[0], key, JS_DupValue(ctx, binding));
  }
  JS_FreeAtom(ctx, key);
  return binding;
}

JSValue ej_bindings_function(ej_isolate *isolate) {
  JSValue made = JS_NewObjectProto(isolate->ctx, JS_NULL);
  JSValue function = JS_NewCFunctionData2(isolate->ctx, internal_binding, "internalBinding", 1, 0,
                                          1, (JSValueConst *)&made);
  JS_FreeValue(isolate->ctx, made);
  return function;
}
