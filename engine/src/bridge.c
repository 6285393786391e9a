// SPDX-License-Identifier: Apache-2.0
//
// The bridge: Python calls JavaScript through ej_isolate_perform, JavaScript calls Python through
// ej_python_call, one crossing each way per call. Python holds JavaScript values by number, and the
// other way round; numbers that are let go of travel back with the next crossing.
#include "bridge.h"

#include <stdlib.h>

#include "quickjs_more.h"

// --- JavaScript values that Python holds ---------------------------------------------------------

uint32_t ej_bridge_hold(ej_isolate *isolate, JSValueConst value) {
  struct ej_bridge *bridge = isolate->bridge;
  if (bridge->free == 0) {
    uint32_t old = bridge->held_capacity, capacity = old ? old * 2 : 64;
    bridge->held = realloc(bridge->held, capacity * sizeof *bridge->held);
    bridge->next_free = realloc(bridge->next_free, capacity * sizeof *bridge->next_free);
    EJ_CHECK(bridge->held != NULL && bridge->next_free != NULL);
    for (uint32_t i = capacity; i-- > old;) {
      bridge->held[i] = JS_UNINITIALIZED;
      bridge->next_free[i] = bridge->free;
      bridge->free = i + 1;
    }
    bridge->held_capacity = capacity;
  }
  uint32_t number = bridge->free - 1;
  bridge->free = bridge->next_free[number];
  bridge->held[number] = JS_DupValue(isolate->ctx, value);
  return number;
}

JSValue ej_bridge_held(ej_isolate *isolate, uint32_t number) {
  EJ_CHECK(number < isolate->bridge->held_capacity);
  return JS_DupValue(isolate->ctx, isolate->bridge->held[number]);
}

void ej_isolate_release(ej_isolate *isolate, const uint32_t *references, size_t count) {
  struct ej_bridge *bridge = isolate->bridge;
  JS_UpdateStackTop(isolate->rt);
  for (size_t i = 0; i < count; i++) {
    uint32_t number = references[i];
    JSValue value = bridge->held[number];
    bridge->held[number] = JS_UNINITIALIZED;
    bridge->next_free[number] = bridge->free;
    bridge->free = number + 1;
    JS_FreeValue(isolate->ctx, value);
  }
}

// --- Python objects that JavaScript holds --------------------------------------------------------

typedef struct ej_python {
  uint32_t number;
  int form;
} ej_python;

void ej_bridge_drop(ej_isolate *isolate, uint32_t number) {
  struct ej_bridge *bridge = isolate->bridge;
  if (bridge == NULL) return; // the isolate ends, and its objects with it
  if (bridge->dropped_count == bridge->dropped_capacity) {
    bridge->dropped_capacity = bridge->dropped_capacity ? bridge->dropped_capacity * 2 : 64;
    bridge->dropped = realloc(bridge->dropped, bridge->dropped_capacity * sizeof *bridge->dropped);
    EJ_CHECK(bridge->dropped != NULL);
  }
  bridge->dropped[bridge->dropped_count++] = number;
}

static void python_finalizer(JSRuntime *rt, JSValueConst value) {
  ej_isolate *isolate = JS_GetRuntimeOpaque(rt);
  JSClassID class_id;
  ej_python *python = JS_GetAnyOpaque(value, &class_id);
  if (python == NULL) return;
  ej_bridge_drop(isolate, python->number);
  free(python);
}

size_t ej_isolate_take_dropped(ej_isolate *isolate, uint32_t *references, size_t capacity) {
  struct ej_bridge *bridge = isolate->bridge;
  size_t count = bridge->dropped_count < capacity ? bridge->dropped_count : capacity;
  bridge->dropped_count -= count;
  if (count != 0)
    memcpy(references, bridge->dropped + bridge->dropped_count, count * sizeof *references);
  return count;
}

bool ej_bridge_unwrap(ej_isolate *isolate, JSValueConst value, uint32_t *number) {
  ej_python *python = JS_GetOpaque(value, isolate->classes.python);
  if (python == NULL) python = JS_GetOpaque(value, isolate->classes.python_function);
  if (python == NULL && JS_IsProxy(value)) {
    JSValue target = JS_GetProxyTarget(isolate->ctx, value);
    python = JS_GetOpaque(target, isolate->classes.python);
    JS_FreeValue(isolate->ctx, target); // the proxy has it
  }
  if (python == NULL) return false;
  *number = python->number;
  return true;
}

static JSValue finish_reply(ej_isolate *isolate, const ej_message *reply) {
  ej_reader reader = {reply->data, reply->data + reply->size};
  bool goes_on = !isolate->terminating;
  JSValue value = goes_on ? ej_message_read(isolate, &reader) : JS_UNDEFINED;
  free((void *)reply->data);
  if (!goes_on) return ej_isolate_terminate(isolate, isolate->exit_code);
  if (reply->status == EJ_STATUS_OK || JS_IsException(value)) return value;
  return JS_Throw(isolate->ctx, value);
}

// Python may enter the isolate again, and measures the stack from there then. Back here it counts
// from where it did: a recursion through Python must meet its end too.
static void call_host(ej_isolate *isolate, uint32_t callee, int form, ej_message *arguments,
                      ej_message *reply) {
  uintptr_t top = ej_quickjs_stack_top(isolate->rt);
  ej_python_call(isolate->host, callee, form, arguments, reply);
  ej_quickjs_set_stack_top(isolate->rt, top);
}

static JSValue call_python(JSContext *ctx, JSValueConst callee, JSValueConst this_val, int argc,
                           JSValueConst *argv, int flags) {
  (void)this_val, (void)flags;
  ej_isolate *isolate = ej_isolate_of(ctx);
  ej_python *python = JS_GetOpaque(callee, isolate->classes.python_function);
  if (!ej_isolate_may_run(isolate)) return ej_isolate_terminate(isolate, isolate->exit_code);
  ej_crossing crossing = python->form == EJ_PYTHON_PRIMITIVE ? EJ_BY_VALUE : EJ_BY_REFERENCE;
  ej_message arguments, reply = {0};
  size_t start = ej_message_begin(isolate);
  bool ok = true;
  for (int i = 0; ok && i < argc; i++) ok = ej_message_write(isolate, argv[i], crossing);
  ej_message_end(isolate, start, EJ_STATUS_OK, &arguments);
  if (!ok) return JS_EXCEPTION;
  call_host(isolate, python->number, python->form, &arguments, &reply);
  return finish_reply(isolate, &reply);
}

static const JSClassDef python_class = {"PythonObject", .finalizer = python_finalizer};
static const JSClassDef python_function_class = {"Function", .finalizer = python_finalizer,
                                                 .call = call_python};

// Consumes `handle`.
static JSValue share(ej_isolate *isolate, JSValue handle) {
  JSContext *ctx = isolate->ctx;
  JSValue module = ej_require_builtin(isolate, "internal/python_objects");
  JSValue wrap = JS_IsException(module) ? JS_EXCEPTION : JS_GetPropertyStr(ctx, module, "wrap");
  JSValue shared = JS_IsException(wrap)
                       ? JS_EXCEPTION
                       : JS_Call(ctx, wrap, JS_UNDEFINED, 1, (JSValueConst *)&handle);
  JS_FreeValue(ctx, wrap);
  JS_FreeValue(ctx, module);
  JS_FreeValue(ctx, handle);
  return shared;
}

JSValue ej_bridge_wrap(ej_isolate *isolate, uint32_t number, int form, const char *name) {
  JSContext *ctx = isolate->ctx;
  bool callable = form == EJ_PYTHON_PRIMITIVE || form == EJ_PYTHON_CALLABLE;
  ej_python *python = malloc(sizeof *python);
  EJ_CHECK(python != NULL);
  *python = (ej_python){number, form};
  JSValue proto =
      callable ? JS_GetFunctionProto(ctx) : JS_GetClassProto(ctx, isolate->classes.plain);
  JSValue object = JS_NewObjectProtoClass(
      ctx, proto, callable ? isolate->classes.python_function : isolate->classes.python);
  JS_FreeValue(ctx, proto);
  if (JS_IsException(object)) {
    free(python);
    return object;
  }
  JS_SetOpaque(object, python);
  if (callable)
    JS_DefinePropertyValueStr(ctx, object, "name", JS_NewString(ctx, name), JS_PROP_CONFIGURABLE);
  if (form == EJ_PYTHON_SHARED) return share(isolate, object);
  return object;
}

// --- Python exceptions as JavaScript errors ------------------------------------------------------

static JSValue make_error(JSContext *ctx, const char *name, JSValueConst message) {
  static const char *const classes[] = {"TypeError", "RangeError", "SyntaxError", "ReferenceError",
                                        "EvalError", "URIError",   "Error"};
  size_t i = 0;
  while (i < 6 && strcmp(classes[i], name) != 0) i++;
  JSValue global = JS_GetGlobalObject(ctx);
  JSValue constructor = JS_GetPropertyStr(ctx, global, classes[i]);
  JSValue error = JS_CallConstructor(ctx, constructor, 1, &message);
  JS_FreeValue(ctx, constructor);
  JS_FreeValue(ctx, global);
  if (!JS_IsException(error) && strcmp(classes[i], name) != 0)
    JS_DefinePropertyValueStr(ctx, error, "name", JS_NewString(ctx, name),
                              JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
  return error;
}

// Takes `properties`: `name` and `message` choose and make the error, the others are copied onto
// it.
JSValue ej_bridge_error(ej_isolate *isolate, uint32_t number, JSValue properties) {
  JSContext *ctx = isolate->ctx;
  if (JS_IsException(properties)) return properties;
  JSValue name = JS_GetPropertyStr(ctx, properties, "name");
  JSValue message = JS_GetPropertyStr(ctx, properties, "message");
  const char *name_text = JS_ToCString(ctx, name);
  JSValue error = name_text ? make_error(ctx, name_text, message) : JS_EXCEPTION;
  JS_FreeCString(ctx, name_text);
  JS_FreeValue(ctx, name);
  JS_FreeValue(ctx, message);
  JSPropertyEnum *keys = NULL;
  uint32_t count = 0;
  if (!JS_IsException(error) &&
      JS_GetOwnPropertyNames(ctx, &keys, &count, properties, JS_GPN_STRING_MASK) == 0) {
    for (uint32_t i = 2; i < count; i++) // after name and message
      JS_SetProperty(ctx, error, keys[i].atom, JS_GetProperty(ctx, properties, keys[i].atom));
    JS_FreePropertyEnum(ctx, keys, count);
    if (number != 0) {
      JSValue holder = ej_bridge_wrap(isolate, number, EJ_PYTHON_OBJECT, "");
      JS_DefinePropertyValue(ctx, error, isolate->hidden[EJ_HIDDEN_PYTHON], holder, 0);
    }
    ej_stack_mark_node_error(isolate, error);
  }
  JS_FreeValue(ctx, properties);
  return error;
}

// --- Futures as promises -------------------------------------------------------------------------

JSValue ej_bridge_promise(ej_isolate *isolate, uint32_t id) {
  struct ej_bridge *bridge = isolate->bridge;
  JSValue functions[2];
  JSValue promise = JS_NewPromiseCapability(isolate->ctx, functions);
  if (JS_IsException(promise)) return promise;
  if (bridge->promise_count == bridge->promise_capacity) {
    bridge->promise_capacity = bridge->promise_capacity ? bridge->promise_capacity * 2 : 16;
    bridge->promises =
        realloc(bridge->promises, bridge->promise_capacity * sizeof *bridge->promises);
    EJ_CHECK(bridge->promises != NULL);
  }
  bridge->promises[bridge->promise_count++] = (ej_promise){id, functions[0], functions[1]};
  uv_ref((uv_handle_t *)&bridge->settled_signal);
  return promise;
}

static void settle(ej_isolate *isolate, ej_settlement *settlement) {
  struct ej_bridge *bridge = isolate->bridge;
  JSContext *ctx = isolate->ctx;
  size_t i = 0;
  while (i < bridge->promise_count && bridge->promises[i].id != settlement->promise) i++;
  if (i == bridge->promise_count) return; // what it was part of never arrived: the heap was full
  ej_promise promise = bridge->promises[i];
  bridge->promises[i] = bridge->promises[--bridge->promise_count];
  if (bridge->promise_count == 0) uv_unref((uv_handle_t *)&bridge->settled_signal);
  ej_callback_scope_open(isolate);
  ej_reader reader = {settlement->data, settlement->data + settlement->size};
  JSValue value = ej_message_read(isolate, &reader);
  if (!JS_IsException(value)) {
    JSValueConst function = settlement->status == EJ_STATUS_OK ? promise.resolve : promise.reject;
    JSValue result = JS_Call(ctx, function, JS_UNDEFINED, 1, (JSValueConst *)&value);
    if (JS_IsException(result)) ej_isolate_uncaught(isolate);
    JS_FreeValue(ctx, result);
  } else {
    ej_isolate_uncaught(isolate);
  }
  JS_FreeValue(ctx, value);
  JS_FreeValue(ctx, promise.resolve);
  JS_FreeValue(ctx, promise.reject);
  ej_callback_scope_close(isolate);
}

static ej_settlement *take_settled(struct ej_bridge *bridge) {
  uv_mutex_lock(&bridge->settled_lock);
  ej_settlement *first = bridge->settled;
  bridge->settled = NULL;
  bridge->settled_end = &bridge->settled;
  uv_mutex_unlock(&bridge->settled_lock);
  return first;
}

static void on_settled(uv_async_t *signal) {
  ej_isolate *isolate = signal->data;
  JS_UpdateStackTop(isolate->rt);
  ej_isolate_check(isolate);
  ej_isolate_check(isolate);
  for (ej_settlement *next = take_settled(isolate->bridge); next != NULL;) {
    ej_settlement *current = next;
    next = current->next;
    if (!isolate->terminating) settle(isolate, current);
    free(current);
  }
}

void ej_bridge_wake(ej_isolate *isolate) { uv_async_send(&isolate->bridge->settled_signal); }

void ej_isolate_settle(ej_isolate *isolate, uint32_t promise, int status, const char *data,
                       size_t size) {
  struct ej_bridge *bridge = isolate->bridge;
  ej_settlement *settlement = malloc(sizeof *settlement + size);
  EJ_CHECK(settlement != NULL);
  *settlement = (ej_settlement){NULL, promise, status, size};
  memcpy(settlement->data, data, size);
  uv_mutex_lock(&bridge->settled_lock);
  *bridge->settled_end = settlement;
  bridge->settled_end = &settlement->next;
  uv_mutex_unlock(&bridge->settled_lock);
  uv_async_send(&bridge->settled_signal);
}

// --- Operations ----------------------------------------------------------------------------------

typedef struct operands {
  JSValue *values;
  int count;
} operands;

static bool read_operands(ej_isolate *isolate, const char *data, size_t size, operands *out) {
  ej_reader reader = {data, data + size};
  int capacity = 8;
  out->values = malloc((size_t)capacity * sizeof *out->values);
  out->count = 0;
  EJ_CHECK(out->values != NULL);
  while (reader.at < reader.end) {
    if (out->count == capacity) {
      capacity *= 2;
      out->values = realloc(out->values, (size_t)capacity * sizeof *out->values);
      EJ_CHECK(out->values != NULL);
    }
    JSValue value = ej_message_read(isolate, &reader);
    if (JS_IsException(value)) return false;
    out->values[out->count++] = value;
  }
  return true;
}

static JSValue get_or_set(JSContext *ctx, int operation, const operands *in) {
  JSAtom key = JS_ValueToAtom(ctx, in->values[1]);
  if (key == JS_ATOM_NULL) return JS_EXCEPTION;
  JSValue result = JS_UNDEFINED;
  if (operation == EJ_DO_GET) {
    result = JS_GetProperty(ctx, in->values[0], key);
  } else if (JS_SetProperty(ctx, in->values[0], key, JS_DupValue(ctx, in->values[2])) < 0) {
    result = JS_EXCEPTION;
  }
  JS_FreeAtom(ctx, key);
  return result;
}

static JSValue perform(ej_isolate *isolate, int operation, const operands *in) {
  JSContext *ctx = isolate->ctx;
  JSValue *values = in->values;
  switch (operation) {
  case EJ_DO_GET:
  case EJ_DO_SET:
    return get_or_set(ctx, operation, in);
  case EJ_DO_CALL:
    return JS_Call(ctx, values[0], values[1], in->count - 2, (JSValueConst *)values + 2);
  case EJ_DO_NEW:
    return JS_CallConstructor(ctx, values[0], in->count - 1, (JSValueConst *)values + 1);
  case EJ_DO_COPY:
    isolate->bridge->copy_depth = JS_VALUE_GET_INT(values[1]);
    return JS_DupValue(ctx, values[0]);
  case EJ_DO_RUN: { // a macrotask of its own: what it throws is nobody's to catch
    JSValue result =
        JS_Call(ctx, values[0], JS_UNDEFINED, in->count - 1, (JSValueConst *)values + 1);
    if (JS_IsException(result)) ej_isolate_uncaught(isolate);
    JS_FreeValue(ctx, result);
    return JS_UNDEFINED;
  }
  default:
    EJ_CHECK(!"an operation that engine/isolate.py does not know");
  }
}

static JSValue take_note(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)ctx, (void)this_val, (void)argc, (void)argv;
  return JS_UNDEFINED;
}

// A promise that goes to Python is Python's to await: its rejection is not an unhandled one.
static void hand_over(JSContext *ctx, JSValueConst value) {
  if (!JS_IsPromise(value)) return;
  JSValue handler = JS_NewCFunction(ctx, take_note, "", 1);
  JS_FreeValue(ctx, JS_PromiseThen(ctx, value, JS_UNDEFINED, handler));
  JS_FreeValue(ctx, handler);
}

// Writes the outcome of an entry from Python: a value, the pending exception, or the news that the
// isolate ended.
static void reply_with(ej_isolate *isolate, JSValue value, ej_crossing crossing,
                       ej_message *reply) {
  JSContext *ctx = isolate->ctx;
  int status = EJ_STATUS_OK;
  size_t start = ej_message_begin(isolate);
  if (JS_IsException(value) || !ej_message_write(isolate, value, crossing)) {
    JSValue error = JS_GetException(ctx);
    status = EJ_STATUS_THROWN;
    isolate->bridge->out_size = start;
    if (!isolate->terminating) ej_message_write_thrown(isolate, error);
    JS_FreeValue(ctx, error);
  }
  JS_FreeValue(ctx, value);
  ej_message_end(isolate, start, status, reply);
}

void ej_isolate_perform(ej_isolate *isolate, int operation, const char *data, size_t size,
                        ej_message *reply) {
  JSContext *ctx = isolate->ctx;
  operands in;
  ej_isolate_enter(isolate);
  ej_callback_scope_open(isolate);
  JSValue value = read_operands(isolate, data, size, &in) && ej_isolate_may_run(isolate)
                      ? perform(isolate, operation, &in)
                      : JS_EXCEPTION;
  for (int i = 0; i < in.count; i++) JS_FreeValue(ctx, in.values[i]);
  free(in.values);
  hand_over(ctx, value);
  // Ticks and jobs belong to this entry, also when it failed; their own errors are uncaught ones.
  JSValue error = JS_IsException(value) ? JS_GetException(ctx) : JS_UNINITIALIZED;
  ej_callback_scope_close(isolate);
  if (JS_IsException(value)) JS_Throw(ctx, error);
  reply_with(isolate, value, operation == EJ_DO_COPY ? EJ_BY_COPY : EJ_BY_REFERENCE, reply);
  reply->status = ej_isolate_leave(isolate, reply->status);
}

void ej_isolate_boot(ej_isolate *isolate, ej_message *reply) {
  ej_isolate_enter(isolate);
  reply_with(isolate, ej_bootstrap(isolate), EJ_BY_REFERENCE, reply);
  reply->status = ej_isolate_leave(isolate, reply->status);
}

JSValue ej_bridge_binding(ej_isolate *isolate, JSValueConst name) {
  ej_message arguments, reply = {0};
  size_t start = ej_message_begin(isolate);
  bool ok = ej_message_write(isolate, name, EJ_BY_VALUE);
  ej_message_end(isolate, start, EJ_STATUS_OK, &arguments);
  if (!ok) return JS_EXCEPTION;
  call_host(isolate, 0, EJ_PYTHON_PRIMITIVE, &arguments, &reply);
  return finish_reply(isolate, &reply);
}

bool ej_isolate_alive(ej_isolate *isolate) {
  return !isolate->terminating && uv_loop_alive(&isolate->loop);
}

const char *ej_error_name(int number) { return uv_err_name(-number); }

const char *ej_error_message(int number) { return uv_strerror(-number); }

#define TEXT(number) #number
#define DOTTED(major, minor, patch) TEXT(major) "." TEXT(minor) "." TEXT(patch)

const char *ej_version_node(void) {
  return DOTTED(EJ_NODE_VERSION_MAJOR, EJ_NODE_VERSION_MINOR, EJ_NODE_VERSION_PATCH);
}

const char *ej_version_quickjs(void) { return JS_GetVersion(); }

const char *ej_version_uv(void) { return uv_version_string(); }

void ej_isolate_collect(ej_isolate *isolate) {
  JS_UpdateStackTop(isolate->rt);
  JS_RunGC(isolate->rt);
}

// --- Birth and death -----------------------------------------------------------------------------

void ej_bridge_init(ej_isolate *isolate) {
  struct ej_bridge *bridge = calloc(1, sizeof *bridge);
  EJ_CHECK(bridge != NULL);
  isolate->bridge = bridge;
  bridge->settled_end = &bridge->settled;
  EJ_CHECK(uv_mutex_init(&bridge->settled_lock) == 0);
  EJ_CHECK(uv_async_init(&isolate->loop, &bridge->settled_signal, on_settled) == 0);
  bridge->settled_signal.data = isolate;
  uv_unref((uv_handle_t *)&bridge->settled_signal);
  JS_NewClassID(isolate->rt, &isolate->classes.python);
  JS_NewClassID(isolate->rt, &isolate->classes.python_function);
  JS_NewClass(isolate->rt, isolate->classes.python, &python_class);
  JS_NewClass(isolate->rt, isolate->classes.python_function, &python_function_class);
}

void ej_bridge_close(ej_isolate *isolate) {
  uv_close((uv_handle_t *)&isolate->bridge->settled_signal, NULL);
}

void ej_bridge_free(ej_isolate *isolate) {
  struct ej_bridge *bridge = isolate->bridge;
  JSContext *ctx = isolate->ctx;
  isolate->bridge = NULL; // finalizers from here on only free
  for (uint32_t i = 0; i < bridge->held_capacity; i++) JS_FreeValue(ctx, bridge->held[i]);
  for (size_t i = 0; i < bridge->promise_count; i++) {
    JS_FreeValue(ctx, bridge->promises[i].resolve);
    JS_FreeValue(ctx, bridge->promises[i].reject);
  }
  for (ej_settlement *next = take_settled(bridge); next != NULL;) {
    ej_settlement *current = next;
    next = current->next;
    free(current);
  }
  uv_mutex_destroy(&bridge->settled_lock);
  free(bridge->held);
  free(bridge->next_free);
  free(bridge->dropped);
  free(bridge->promises);
  free(bridge->out);
  free(bridge);
}
