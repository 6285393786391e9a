// SPDX-License-Identifier: Apache-2.0
//
// Several realms in one heap: a global object of an exotic class, jobs that hold their context or
// wait in a queue of their own, code that knows which host object it was compiled for, modules
// linked by their embedder. Part of quickjs.c.

// --- The global object ---------------------------------------------------------------------------

static JSObject *ej_declarations(JSContext *ctx) {
  return JS_VALUE_GET_OBJ(JS_IsObject(ctx->declarations) ? ctx->declarations : ctx->global_obj);
}

static int ej_define_function(JSContext *ctx, JSAtom prop, JSValueConst function, int flags) {
  JSValueConst target = JS_MKPTR(JS_TAG_OBJECT, ej_declarations(ctx));
  int result = JS_DefineProperty(ctx, target, prop, function, JS_UNDEFINED, JS_UNDEFINED, flags);
  if (result < 0 || !JS_IsObject(ctx->declarations)) return result;
  return JS_SetPropertyInternal(ctx, ctx->global_obj, prop, js_dup(function), JS_PROP_THROW_STRICT);
}

// For strict code: whether an exotic global finds what it does not own.
static bool ej_global_finds(JSContext *ctx, JSAtom prop) {
  JSObject *p = JS_VALUE_GET_OBJ(ctx->global_obj);
  const JSClassExoticMethods *em = ctx->rt->class_array[p->class_id].exotic;
  if (!JS_IsObject(ctx->declarations)) return false;
  JSValue found = em->get_property(ctx, ctx->global_obj, prop, ctx->global_obj);
  JS_FreeValue(ctx, found);
  return !JS_IsUninitialized(found);
}

void ej_quickjs_set_global(JSContext *ctx, JSValueConst global) {
  JSValue own = ctx->global_obj;
  ctx->global_obj = js_dup(global);
  ctx->declarations = own;
  JS_DefinePropertyValue(ctx, own, JS_ATOM_globalThis, js_dup(global),
                         JS_PROP_CONFIGURABLE | JS_PROP_WRITABLE);
}

int ej_quickjs_set_property(JSContext *ctx, JSValueConst object, JSAtom prop, JSValue value) {
  return JS_SetPropertyInternal(ctx, object, prop, value, JS_PROP_THROW_STRICT);
}

JSValueConst ej_quickjs_lexical_scope(JSContext *ctx) { return ctx->global_var_obj; }

bool ej_quickjs_is_strict(JSContext *ctx) { return is_strict_mode(ctx); }

// --- Jobs ----------------------------------------------------------------------------------------

// A job in the runtime's queue holds its context. One in the context's own queue ends with it.
static JSContext *ej_job_context(JSContext *ctx) {
  return ctx->own_jobs.next ? ctx : JS_DupContext(ctx);
}

// The realm whose queue a job goes to: that of the function it is about, which both kinds of
// promise jobs have third.
static JSContext *ej_job_realm(JSContext *ctx, int argc, JSValueConst *argv) {
  if (argc < 3 || !JS_IsObject(argv[2])) return ctx;
  JSObject *p = JS_VALUE_GET_OBJ(argv[2]);
  if (p->class_id == JS_CLASS_ASYNC_FUNCTION_RESOLVE ||
      p->class_id == JS_CLASS_ASYNC_FUNCTION_REJECT) {
    JSAsyncFunctionData *s = p->u.async_function_data;
    return s->is_active ? JS_GetFunctionRealm(ctx, s->func_state.frame.cur_func) : ctx;
  }
  return p->class_id == JS_CLASS_PROXY ? ctx : JS_GetFunctionRealm(ctx, argv[2]);
}

static struct list_head *ej_jobs(JSContext *ctx) {
  return ctx->own_jobs.next ? &ctx->own_jobs : &ctx->rt->job_list;
}

void ej_quickjs_own_jobs(JSContext *ctx) { init_list_head(&ctx->own_jobs); }

int ej_quickjs_run_own_job(JSContext *ctx) {
  JSContext *ran;
  if (list_empty(&ctx->own_jobs)) return 0;
  JSJobEntry *e = list_entry(ctx->own_jobs.next, JSJobEntry, link);
  list_del(&e->link);
  JS_DupContext(ctx);
  list_add(&e->link, &ctx->rt->job_list);
  return JS_ExecutePendingJob(ctx->rt, &ran);
}

static void ej_mark_realm(JSRuntime *rt, JSContext *ctx, JS_MarkFunc *mark_func) {
  struct list_head *el;
  JS_MarkValue(rt, ctx->declarations, mark_func);
  JS_MarkValue(rt, ctx->host, mark_func);
  if (ctx->own_jobs.next == NULL) return;
  list_for_each(el, &ctx->own_jobs) {
    JSJobEntry *e = list_entry(el, JSJobEntry, link);
    JS_MarkValue(rt, e->continuation, mark_func);
    for (int i = 0; i < e->argc; i++) JS_MarkValue(rt, e->argv[i], mark_func);
  }
}

static void ej_free_realm(JSContext *ctx) {
  struct list_head *el, *next;
  JS_FreeValue(ctx, ctx->declarations);
  JS_FreeValue(ctx, ctx->host);
  if (ctx->own_jobs.next == NULL) return;
  list_for_each_safe(el, next, &ctx->own_jobs) {
    JSJobEntry *e = list_entry(el, JSJobEntry, link);
    JS_FreeValue(ctx, e->continuation);
    for (int i = 0; i < e->argc; i++) JS_FreeValue(ctx, e->argv[i]);
    js_free(ctx, e);
  }
}

// --- Code and its host object --------------------------------------------------------------------

static ej_quickjs_hooks ej_hooks;

void ej_quickjs_set_hooks(ej_quickjs_hooks hooks) { ej_hooks = hooks; }

static void ej_set_host(JSContext *ctx, JSFunctionBytecode *b, JSValueConst host) {
  JS_FreeValue(ctx, b->host);
  b->host = js_dup(host);
  for (int i = 0; i < b->cpool_count; i++)
    if (JS_VALUE_GET_TAG(b->cpool[i]) == JS_TAG_FUNCTION_BYTECODE)
      ej_set_host(ctx, JS_VALUE_GET_PTR(b->cpool[i]), host);
}

void ej_quickjs_set_realm_host(JSContext *ctx, JSValueConst host) {
  JS_FreeValue(ctx, ctx->host);
  ctx->host = js_dup(host);
}

void ej_quickjs_set_host(JSContext *ctx, JSValueConst code, JSValueConst host) {
  if (JS_VALUE_GET_TAG(code) == JS_TAG_OBJECT) { // a closure
    ej_set_host(ctx, JS_VALUE_GET_OBJ(code)->u.func.function_bytecode, host);
    return;
  }
  if (JS_VALUE_GET_TAG(code) == JS_TAG_MODULE)
    code = ((JSModuleDef *)JS_VALUE_GET_PTR(code))->func_obj;
  ej_set_host(ctx, JS_VALUE_GET_PTR(code), host);
}

size_t ej_quickjs_only_function(JSValueConst code, int depth) {
  JSFunctionBytecode *b = JS_VALUE_GET_PTR(code), *only = b;
  for (; depth > 0; depth--, b = only) {
    only = NULL;
    for (int i = 0; i < b->cpool_count; i++) {
      if (JS_VALUE_GET_TAG(b->cpool[i]) != JS_TAG_FUNCTION_BYTECODE) continue;
      if (only != NULL) return 0;
      only = JS_VALUE_GET_PTR(b->cpool[i]);
    }
    if (only == NULL) return 0;
  }
  return only->source_len;
}

JSValueConst ej_quickjs_running(JSContext *ctx) { return ctx->rt->current_stack_frame->cur_func; }

// Of the innermost function that is not text given to eval(). Borrowed; not an object when it has
// none.
static JSValueConst ej_host(JSContext *ctx) {
  for (JSStackFrame *sf = ctx->rt->current_stack_frame; sf != NULL; sf = sf->prev_frame) {
    if (JS_VALUE_GET_TAG(sf->cur_func) != JS_TAG_OBJECT) continue;
    JSObject *p = JS_VALUE_GET_OBJ(sf->cur_func);
    if (!js_class_has_bytecode(p->class_id)) continue;
    JSFunctionBytecode *b = p->u.func.function_bytecode;
    char text[ATOM_GET_STR_BUF_SIZE];
    if (JS_IsObject(b->host)) return b->host;
    if (JS_IsObject(b->realm->host)) return b->realm->host;
    if (strcmp(JS_AtomGetStr(ctx, text, sizeof(text), b->filename), "<input>") != 0) return b->host;
  }
  return JS_UNDEFINED;
}

// The file of the innermost function that is not text given to eval(). Owned; the empty string when
// the library called eval(), which then is in no file.
static JSAtom ej_import_base(JSContext *ctx) {
  bool in_eval = false;
  for (JSStackFrame *sf = ctx->rt->current_stack_frame; sf != NULL; sf = sf->prev_frame) {
    if (JS_VALUE_GET_TAG(sf->cur_func) != JS_TAG_OBJECT) continue;
    JSObject *p = JS_VALUE_GET_OBJ(sf->cur_func);
    if (!js_class_has_bytecode(p->class_id)) continue;
    JSAtom filename = p->u.func.function_bytecode->filename;
    char text[ATOM_GET_STR_BUF_SIZE];
    const char *name = JS_AtomGetStr(ctx, text, sizeof(text), filename);
    if (strcmp(name, "<input>") != 0)
      return in_eval && strncmp(name, "node:", 5) == 0 ? JS_ATOM_empty_string
                                                       : JS_DupAtom(ctx, filename);
    in_eval = true;
  }
  return JS_ATOM_empty_string;
}

static JSValue ej_import_meta(JSContext *ctx) {
  JSValueConst host = ej_host(ctx);
  return JS_IsObject(host) ? ej_hooks.import_meta(ctx, host) : JS_UNINITIALIZED;
}

static JSValue ej_import(JSContext *ctx, JSValueConst specifier, JSValueConst options) {
  JSValueConst host = ej_host(ctx);
  if (!JS_IsObject(host)) return JS_UNINITIALIZED;
  JSValue result = ej_hooks.import(ctx, host, specifier, options);
  if (JS_IsException(result) || JS_IsUninitialized(result)) return result;
  JSValue promise = js_promise_resolve(ctx, ctx->promise_ctor, 1, vc(&result), 0);
  JS_FreeValue(ctx, result);
  return promise;
}

// --- Modules linked by the embedder --------------------------------------------------------------

int ej_quickjs_requests(JSModuleDef *module) { return module->req_module_entries_count; }

JSValue ej_quickjs_request(JSContext *ctx, JSModuleDef *module, int index, JSValue *attributes) {
  JSReqModuleEntry *request = &module->req_module_entries[index];
  *attributes = js_dup(request->attributes);
  return JS_AtomToString(ctx, request->module_name);
}

void ej_quickjs_set_request(JSModuleDef *module, int index, JSModuleDef *target) {
  module->req_module_entries[index].module = target;
}

bool ej_quickjs_has_await(JSModuleDef *module) { return module->has_tla; }

int ej_quickjs_module_status(JSModuleDef *module) { return module->status; }

JSValue ej_quickjs_module_error(JSModuleDef *module) {
  return module->eval_has_exception ? js_dup(module->eval_exception) : JS_UNINITIALIZED;
}

void ej_quickjs_adopt_module(JSContext *ctx, JSModuleDef *module, const char *name) {
  module->resolved = true;
  JS_FreeAtom(ctx, module->module_name);
  module->module_name = JS_NewAtom(ctx, name);
}

int ej_quickjs_link(JSContext *ctx, JSModuleDef *module) {
  return js_create_module_function(ctx, module) < 0 || js_link_module(ctx, module) < 0 ? -1 : 0;
}
