// SPDX-License-Identifier: Apache-2.0
//
// internalBinding('modules'): the engine's module records, by number. The algorithm of loading is
// JavaScript (loader/js/esm); here is what only the engine can do.
//
// The engine resolves a module's requests in the middle of compiling it, by calling back; a failure
// there would free the record while others may point at it. So the callback never fails: a request
// that cannot be met gets the record `unresolved`, and the compilation throws when it is complete.
// What was linked to `unresolved` is never evaluated: the loader remembers the error instead.
#include "code_cache.h"

#include <stdlib.h>

static const char unresolved_name[] = "edgejs:unresolved";
static const char gate_name[] = "edgejs:gate"; // see link_module()

typedef struct record {
  JSModuleDef
      *def;   // NULL while it is being compiled, and when that failed; lives as long as the heap
  char *name; // its URL, unique: import.meta and import() find their module by it
  bool knows_await, has_await; // a top-level one
} record;

// A compilation that is under way.
typedef struct compilation {
  struct compilation *outer;
  ej_modules *modules;
  int32_t id;          // whose
  bool has_attributes; // in one of its requests: bytecode holds none
  JSValue error;       // the first failed request, uninitialized when there is none
} compilation;

struct ej_modules {
  record *records;
  int32_t count, capacity;
  int32_t requested; // what the last normalization led to; the engine asks for it next
  int32_t linking;   // the record that link_module() is about, -1 outside of it
  compilation *current;
  JSModuleDef *unresolved, *gate;
  JSValue import_static, import_dynamic;
};

static ej_modules *modules_of(JSContext *ctx) { return ej_isolate_of(ctx)->modules; }

// A result that JavaScript may not see when the isolate has ended meanwhile: the engine turns every
// exception of a module's body into a rejection.
static bool ended(JSContext *ctx) {
  ej_isolate *isolate = ej_isolate_of(ctx);
  if (!isolate->terminating) return false;
  ej_isolate_terminate(isolate, isolate->exit_code);
  return true;
}

static record *record_of(JSContext *ctx, JSValueConst id) {
  ej_modules *modules = modules_of(ctx);
  int32_t index;
  if (JS_ToInt32(ctx, &index, id) < 0) return NULL;
  EJ_CHECK(index >= 0 && index < modules->count);
  return &modules->records[index];
}

static JSValue value_of(JSContext *ctx, const record *found) {
  EJ_CHECK(found->def != NULL);
  return JS_DupValue(ctx, JS_MKPTR(JS_TAG_MODULE, found->def));
}

// --- Requests ------------------------------------------------------------------------------------

// The number that the loader gives for a request, -1 with an exception pending.
static int32_t ask(JSContext *ctx, JSValueConst hook, JSValueConst parent, const char *specifier,
                   JSValueConst attributes) {
  int32_t id = -1;
  JSValue text = JS_NewString(ctx, specifier);
  JSValueConst args[] = {parent, text, attributes};
  JSValue found = JS_Call(ctx, hook, JS_UNDEFINED, 3, args);
  if (!JS_IsException(found) && JS_ToInt32(ctx, &id, found) < 0) id = -1;
  JS_FreeValue(ctx, found);
  JS_FreeValue(ctx, text);
  return id;
}

static char *static_request(JSContext *ctx, const char *specifier, JSValueConst attributes) {
  ej_modules *modules = modules_of(ctx);
  compilation *current = modules->current;
  if (!JS_IsUndefined(attributes)) current->has_attributes = true;
  if (!JS_IsUninitialized(current->error)) return js_strdup(ctx, unresolved_name);
  int32_t id =
      ask(ctx, modules->import_static, JS_NewInt32(ctx, current->id), specifier, attributes);
  if (id < 0) {
    current->error = JS_GetException(ctx);
    return js_strdup(ctx, unresolved_name);
  }
  modules->requested = id;
  return js_strdup(ctx, modules->records[id].name);
}

// import(): the loader has loaded and started the module when this returns.
static char *dynamic_request(JSContext *ctx, const char *base, const char *specifier,
                             JSValueConst attributes) {
  ej_modules *modules = modules_of(ctx);
  if (JS_IsUndefined(modules->import_dynamic)) { // the first import() brings the loader
    JSValue loader = ej_require_builtin(ej_isolate_of(ctx), "internal/modules/esm/loader");
    if (JS_IsException(loader)) return NULL;
    JS_FreeValue(ctx, loader);
  }
  JSValue parent = JS_NewString(ctx, base);
  int32_t id = ask(ctx, modules->import_dynamic, parent, specifier, attributes);
  JS_FreeValue(ctx, parent);
  if (id < 0) return NULL;
  modules->requested = id;
  return js_strdup(ctx, modules->records[id].name);
}

static char *normalize(JSContext *ctx, const char *base, const char *specifier,
                       JSValueConst attributes, void *opaque) {
  const ej_modules *modules = ((ej_isolate *)opaque)->modules;
  if (modules->linking >= 0)
    return js_strdup(ctx, strcmp(specifier, gate_name) == 0
                              ? gate_name
                              : modules->records[modules->linking].name);
  // Jobs, and import() is one, do not run while something compiles.
  if (modules->current != NULL) return static_request(ctx, specifier, attributes);
  return dynamic_request(ctx, base, specifier, attributes);
}

// Asked only when the engine does not find the record by name and attributes: it has been made
// without the latter.
static JSModuleDef *load(JSContext *ctx, const char *name, void *opaque, JSValueConst attributes) {
  (void)ctx, (void)attributes;
  const ej_modules *modules = ((ej_isolate *)opaque)->modules;
  if (strcmp(name, unresolved_name) == 0) return modules->unresolved;
  int32_t id = modules->linking >= 0 ? modules->linking : modules->requested;
  const record *found = &modules->records[id];
  EJ_CHECK(found->def != NULL);
  return found->def;
}

// --- Making records ------------------------------------------------------------------------------

// create(url): a number for a module to be.
static JSValue create(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  ej_modules *modules = modules_of(ctx);
  const char *url = JS_ToCString(ctx, argv[0]);
  if (url == NULL) return JS_EXCEPTION;
  if (modules->count == modules->capacity) {
    modules->capacity = modules->capacity * 2 + 64;
    modules->records = realloc(modules->records, (size_t)modules->capacity * sizeof(record));
    EJ_CHECK(modules->records != NULL);
  }
  record *made = &modules->records[modules->count];
  *made = (record){.name = strdup(url)};
  EJ_CHECK(made->name != NULL);
  JS_FreeCString(ctx, url);
  return JS_NewInt32(ctx, modules->count++);
}

static JSValue compile_text(JSContext *ctx, const char *name, const char *text, size_t size) {
  JSEvalOptions options = {JS_EVAL_OPTIONS_VERSION, JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY,
                           name, 1};
  return JS_Eval2(ctx, text, size, &options);
}

static bool read_has_await(const uint8_t *at);

// ej_code_inspector
static bool inspect(void *data, const uint8_t *code) {
  const compilation *current = data;
  record *compiled = &current->modules->records[current->id];
  compiled->knows_await = true;
  compiled->has_await = read_has_await(code);
  return !current->has_attributes;
}

static JSValue compile_or_read(JSContext *ctx, int32_t id, const char *source, size_t size) {
  ej_modules *modules = modules_of(ctx);
  // `records` may move meanwhile, but not the name.
  const char *name = modules->records[id].name;
  ej_text *text = ej_text_new(ctx, name, size);
  if (text == NULL) return JS_EXCEPTION;
  memcpy(ej_text_bytes(text), source, size);
  compilation current = {
      .outer = modules->current, .modules = modules, .id = id, .error = JS_UNINITIALIZED};
  ej_code_inspector inspector = {inspect, &current};
  JSEvalOptions options = {JS_EVAL_OPTIONS_VERSION, JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY,
                           name, 1};
  modules->current = &current;
  JSValue module =
      ej_code_cache_compile(ej_isolate_of(ctx), EJ_CODE_MODULE, text, size, &options, &inspector);
  modules->current = current.outer;
  ej_text_free(ctx, text);
  if (JS_IsException(module)) {
    JS_FreeValue(ctx, current.error);
    return module;
  }
  modules->records[id].def = JS_VALUE_GET_PTR(module);
  JS_FreeValue(ctx, module); // the context keeps the record
  return JS_IsUninitialized(current.error) ? JS_UNDEFINED : JS_Throw(ctx, current.error);
}

// compile(id, source): parses it and calls the static hook for each of its requests. True when the
// source may use import.meta.
static JSValue compile(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  const record *found = record_of(ctx, argv[0]);
  size_t size;
  const char *source = found == NULL ? NULL : JS_ToCStringLen(ctx, &size, argv[1]);
  if (source == NULL) return JS_EXCEPTION;
  int32_t id = (int32_t)(found - modules_of(ctx)->records);
  JSValue result = compile_or_read(ctx, id, source, size);
  if (!JS_IsException(result)) result = JS_NewBool(ctx, memmem(source, size, "meta", 4) != NULL);
  JS_FreeCString(ctx, source);
  return result;
}

static int evaluate_synthetic(JSContext *ctx, JSModuleDef *def) {
  JSValue evaluate = JS_GetModulePrivateValue(ctx, def);
  JSValue result = JS_Call(ctx, evaluate, JS_UNDEFINED, 0, NULL);
  JS_FreeValue(ctx, evaluate);
  bool failed = JS_IsException(result);
  JS_FreeValue(ctx, result);
  return failed ? -1 : 0;
}

JSModuleDef *ej_new_synthetic_module(JSContext *ctx, const char *name, JSValueConst names,
                                     JSValueConst evaluate) {
  int64_t count;
  JSModuleDef *def = NULL;
  if (JS_GetLength(ctx, names, &count) == 0) def = JS_NewCModule(ctx, name, evaluate_synthetic);
  if (def == NULL) return NULL;
  for (int64_t i = 0; i < count; i++) {
    JSValue export = JS_GetPropertyInt64(ctx, names, i);
    const char *text = JS_ToCString(ctx, export);
    int status = text == NULL ? -1 : JS_AddModuleExport(ctx, def, text);
    JS_FreeCString(ctx, text);
    JS_FreeValue(ctx, export);
    if (status < 0) return NULL;
  }
  JS_SetModulePrivateValue(ctx, def, JS_DupValue(ctx, evaluate));
  return def;
}

// createSynthetic(id, names, evaluate): a module whose exports are set from JavaScript.
static JSValue create_synthetic(JSContext *ctx, JSValueConst this_val, int argc,
                                JSValueConst *argv) {
  (void)this_val, (void)argc;
  record *found = record_of(ctx, argv[0]);
  if (found == NULL) return JS_EXCEPTION;
  found->def = ej_new_synthetic_module(ctx, found->name, argv[1], argv[2]);
  return found->def == NULL ? JS_EXCEPTION : JS_UNDEFINED;
}

// setExport(id, name, value): of a synthetic module that is linked.
static JSValue set_export(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  const record *found = record_of(ctx, argv[0]);
  const char *name = found == NULL ? NULL : JS_ToCString(ctx, argv[1]);
  if (name == NULL) return JS_EXCEPTION;
  EJ_CHECK(JS_SetModuleExport(ctx, found->def, name, JS_DupValue(ctx, argv[2])) == 0);
  JS_FreeCString(ctx, name);
  return JS_UNDEFINED;
}

// --- Linking and running -------------------------------------------------------------------------

// link(id): throws the engine's SyntaxError when an import finds no export. The engine links only
// in order to evaluate, so a throw-away module imports first the gate, which throws when it is
// evaluated, and then the one to link.
static JSValue link_module(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  static const char source[] = "import 'edgejs:gate'; import 'edgejs:target'";
  (void)this_val, (void)argc;
  ej_modules *modules = modules_of(ctx);
  const record *found = record_of(ctx, argv[0]);
  if (found == NULL) return JS_EXCEPTION;
  int32_t outer = modules->linking;
  modules->linking = (int32_t)(found - modules->records);
  JSValue linker = compile_text(ctx, "edgejs:link", source, sizeof source - 1);
  modules->linking = outer;
  JSValue promise = JS_IsException(linker) ? linker : JS_EvalFunction(ctx, linker);
  if (JS_IsException(promise)) return promise;
  JS_PromiseMarkAsHandled(ctx, promise); // the gate's
  JS_FreeValue(ctx, promise);
  return JS_UNDEFINED;
}

static int shut_gate(JSContext *ctx, JSModuleDef *def) {
  (void)def;
  JS_Throw(ctx, JS_UNDEFINED);
  return -1;
}

// evaluate(id): undefined when the module has run, a promise while a top-level await is pending.
// Throws what the module threw, the same each time.
static JSValue evaluate(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  const record *found = record_of(ctx, argv[0]);
  if (found == NULL) return JS_EXCEPTION;
  JSValue promise = JS_EvalFunction(ctx, value_of(ctx, found));
  if (JS_IsException(promise)) return promise;
  JSValue result = JS_UNDEFINED;
  switch (JS_PromiseState(ctx, promise)) {
  case JS_PROMISE_PENDING:
    return ended(ctx) ? (JS_FreeValue(ctx, promise), JS_EXCEPTION) : promise;
  case JS_PROMISE_REJECTED:
    JS_PromiseMarkAsHandled(ctx, promise);
    result = JS_PromiseResult(ctx, promise);
    if (!ended(ctx)) JS_Throw(ctx, JS_DupValue(ctx, result));
    JS_FreeValue(ctx, result);
    result = JS_EXCEPTION;
    break;
  default:
    if (ended(ctx)) result = JS_EXCEPTION;
  }
  JS_FreeValue(ctx, promise);
  return result;
}

static JSValue get_namespace(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  const record *found = record_of(ctx, argv[0]);
  return found == NULL ? JS_EXCEPTION : JS_GetModuleNamespace(ctx, found->def);
}

// The object `import.meta` of a compiled module, empty at first.
static JSValue get_meta(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  const record *found = record_of(ctx, argv[0]);
  return found == NULL ? JS_EXCEPTION : JS_GetImportMeta(ctx, found->def);
}

// --- Top-level await -----------------------------------------------------------------------------
// The engine keeps "has a top-level await" to itself, but writes it into the module's bytecode:
// after the table of strings come the module's name, requests, exports, stars and imports, then
// this byte.

static uint32_t read_number(const uint8_t **at) {
  uint32_t number = 0;
  for (int shift = 0;; shift += 7) {
    uint8_t byte = *(*at)++;
    number |= (uint32_t)(byte & 0x7F) << shift;
    if ((byte & 0x80) == 0) return number;
  }
}

static void skip_numbers(const uint8_t **at, uint32_t count) {
  while (count-- > 0) read_number(at);
}

static bool read_has_await(const uint8_t *at) {
  at += 5; // version and checksum
  for (uint32_t strings = read_number(&at); strings > 0; strings--) {
    uint8_t type = *at++;
    if (type & 0x80) { // one of the engine's own
      if (type & 0x40) read_number(&at);
      continue;
    }
    uint32_t length = read_number(&at); // twice the length, plus one when two bytes wide
    at += (size_t)(length >> 1) << (length & 1);
  }
  at++;             // the tag
  read_number(&at); // the name
  skip_numbers(&at, read_number(&at));
  for (uint32_t exports = read_number(&at); exports > 0; exports--) {
    bool is_local = *at++ == 0;
    skip_numbers(&at, is_local ? 2 : 3);
  }
  skip_numbers(&at, read_number(&at));
  skip_numbers(&at, 3 * read_number(&at));
  return *at != 0;
}

// hasTopLevelAwait(id): of a module that is compiled and not linked yet.
static JSValue has_top_level_await(JSContext *ctx, JSValueConst this_val, int argc,
                                   JSValueConst *argv) {
  (void)this_val, (void)argc;
  record *found = record_of(ctx, argv[0]);
  if (found == NULL) return JS_EXCEPTION;
  if (found->knows_await) return JS_NewBool(ctx, found->has_await);
  size_t size;
  JSValue module = value_of(ctx, found);
  uint8_t *code =
      JS_WriteObject(ctx, &size, module, JS_WRITE_OBJ_BYTECODE | JS_WRITE_OBJ_STRIP_SOURCE);
  JS_FreeValue(ctx, module);
  if (code == NULL) return JS_EXCEPTION;
  found->knows_await = true;
  found->has_await = read_has_await(code);
  js_free(ctx, code);
  return JS_NewBool(ctx, found->has_await);
}

// --- Life ----------------------------------------------------------------------------------------

// setHooks(importStatic, importDynamic): (parent's number, or the URL or path that import() was
// called in; specifier; attributes or undefined) => number.
static JSValue set_hooks(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  ej_modules *modules = modules_of(ctx);
  bool is_first = JS_IsUndefined(modules->import_static);
  JS_FreeValue(ctx, modules->import_static);
  JS_FreeValue(ctx, modules->import_dynamic);
  modules->import_static = JS_DupValue(ctx, argv[0]);
  modules->import_dynamic = JS_DupValue(ctx, argv[1]);
  if (!is_first) return JS_UNDEFINED;
  modules->unresolved = JS_NewCModule(ctx, unresolved_name, shut_gate);
  modules->gate = JS_NewCModule(ctx, gate_name, shut_gate);
  if (!modules->unresolved || !modules->gate) return JS_EXCEPTION;
  JSValue namespace = JS_GetModuleNamespace(ctx, modules->gate); // it exports nothing
  ej_isolate_of(ctx)->classes.module_namespace = JS_GetClassID(namespace);
  JS_FreeValue(ctx, namespace);
  return JS_UNDEFINED;
}

void ej_modules_init(ej_isolate *isolate) {
  isolate->modules = calloc(1, sizeof *isolate->modules);
  EJ_CHECK(isolate->modules != NULL);
  isolate->modules->linking = -1;
  isolate->modules->import_static = isolate->modules->import_dynamic = JS_UNDEFINED;
  JS_SetModuleLoaderFunc2(isolate->rt, NULL, load, NULL, isolate);
  JS_SetModuleNormalizeFunc2(isolate->rt, normalize);
}

void ej_modules_free(ej_isolate *isolate) {
  ej_modules *modules = isolate->modules;
  JS_FreeValue(isolate->ctx, modules->import_static);
  JS_FreeValue(isolate->ctx, modules->import_dynamic);
  for (int32_t i = 0; i < modules->count; i++) free(modules->records[i].name);
  free(modules->records);
  free(modules);
}

static const JSCFunctionListEntry functions[] = {
    JS_CFUNC_DEF("compile", 2, compile),
    JS_CFUNC_DEF("create", 1, create),
    JS_CFUNC_DEF("createSynthetic", 3, create_synthetic),
    JS_CFUNC_DEF("evaluate", 1, evaluate),
    JS_CFUNC_DEF("getMeta", 1, get_meta),
    JS_CFUNC_DEF("getNamespace", 1, get_namespace),
    JS_CFUNC_DEF("hasTopLevelAwait", 1, has_top_level_await),
    JS_CFUNC_DEF("link", 1, link_module),
    JS_CFUNC_DEF("setExport", 3, set_export),
    JS_CFUNC_DEF("setHooks", 2, set_hooks),
};

JSValue ej_binding_modules(ej_isolate *isolate) {
  return EJ_BINDING_OBJECT(isolate->ctx, functions);
}
