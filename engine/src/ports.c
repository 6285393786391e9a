// SPDX-License-Identifier: Apache-2.0
//
// Message ports: queues of parcels, one end in each of two isolates (or many ends that share a
// name: BroadcastChannel), with a libuv handle that wakes the loop of whoever has the end. And
// internalBinding('messaging'). Node: src/node_messaging.cc.
//
// One lock of the process guards all queues, groups and owners. It is held for a few instructions;
// nothing is packed or opened under it.
#include "messaging.h"

#include <pthread.h>
#include <stdlib.h>

#include "core.h"

typedef struct ej_letter { // a parcel in a queue
  struct ej_letter *next;
  ej_parcel *parcel;
} ej_letter;

typedef struct ej_group { // the ends that hear each other
  struct ej_group *next;  // of those with a name
  char *name;             // NULL for a channel of two
  size_t name_size;
  ej_port_data *members;
} ej_group;

struct ej_port_data {
  ej_letter *first, **last;
  ej_port *owner; // NULL while it is on its way between isolates
  ej_group *group;
  ej_port_data *next_member;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static ej_group *named_groups;
static ej_parcel close_notice = {.holders = 1, .closes = true}; // never freed

static void *must(void *memory) {
  EJ_CHECK(memory != NULL);
  return memory;
}

// --- Under the lock -----------------------------------------------------------------------------

static void enqueue(ej_port_data *data, ej_parcel *parcel) {
  ej_letter *letter = must(malloc(sizeof *letter));
  *letter = (ej_letter){NULL, ej_parcel_hold(parcel)};
  *data->last = letter;
  data->last = &letter->next;
  if (data->owner != NULL) uv_async_send(&data->owner->wake);
}

static void join(ej_group *group, ej_port_data *data) {
  data->group = group;
  data->next_member = group->members;
  group->members = data;
}

// Takes `data` out of its group; the group when nobody is left in it, to be freed.
static ej_group *part(ej_port_data *data) {
  ej_group *group = data->group;
  ej_port_data **link = &group->members;
  while (*link != data) link = &(*link)->next_member;
  *link = data->next_member;
  data->group = NULL;
  if (group->members != NULL) return NULL;
  if (group->name != NULL) {
    ej_group **at = &named_groups;
    while (*at != group) at = &(*at)->next;
    *at = group->next;
  }
  return group;
}

static ej_group *find_group(const char *name, size_t size) {
  ej_group *group = named_groups;
  while (group != NULL && (group->name_size != size || memcmp(group->name, name, size) != 0))
    group = group->next;
  return group;
}

// To every member but `sender`; what was transferred can go to one only.
static void enqueue_all(ej_group *group, const ej_port_data *sender, ej_parcel *parcel) {
  bool only_one = parcel->port_count != 0 || parcel->moved_count != 0;
  for (ej_port_data *each = group->members; each != NULL; each = each->next_member) {
    if (each == sender) continue;
    enqueue(each, parcel);
    if (only_one) return;
  }
}

// --- Ends of channels ---------------------------------------------------------------------------

static ej_port_data *new_data(void) {
  ej_port_data *data = must(calloc(1, sizeof *data));
  data->last = &data->first;
  return data;
}

void ej_port_data_drop(ej_port_data *data) {
  pthread_mutex_lock(&lock);
  ej_group *group = data->group;
  ej_group *empty = part(data);
  if (empty == NULL && group->name == NULL) enqueue(group->members, &close_notice);
  pthread_mutex_unlock(&lock);
  if (empty != NULL) {
    free(empty->name);
    free(empty);
  }
  while (data->first != NULL) {
    ej_letter *letter = data->first;
    data->first = letter->next;
    ej_parcel_release(letter->parcel);
    free(letter);
  }
  free(data);
}

bool ej_port_is_entangled(const ej_port *port, const ej_port_data *data) {
  pthread_mutex_lock(&lock);
  bool entangled = port->data != NULL && data->group == port->data->group;
  pthread_mutex_unlock(&lock);
  return entangled;
}

// Gives the parcel, which stays the caller's, to every other end.
static void post(const ej_port_data *data, ej_parcel *parcel) {
  pthread_mutex_lock(&lock);
  enqueue_all(data->group, data, parcel);
  pthread_mutex_unlock(&lock);
}

// The next parcel, now the caller's; NULL when there is none that may be taken now. That the other
// end was closed is told also to a port that was not started, or was stopped.
static ej_parcel *take(ej_port_data *data, bool wants_messages) {
  pthread_mutex_lock(&lock);
  ej_letter *letter = data->first;
  if (letter != NULL && !wants_messages && !letter->parcel->closes) letter = NULL;
  if (letter != NULL) {
    data->first = letter->next;
    if (data->first == NULL) data->last = &data->first;
  }
  pthread_mutex_unlock(&lock);
  ej_parcel *parcel = letter == NULL ? NULL : letter->parcel;
  free(letter);
  return parcel;
}

static size_t queued(const ej_port_data *data) {
  size_t count = 0;
  pthread_mutex_lock(&lock);
  for (const ej_letter *letter = data->first; letter != NULL; letter = letter->next) count++;
  pthread_mutex_unlock(&lock);
  return count;
}

// --- Ports --------------------------------------------------------------------------------------

bool ej_is_port(ej_isolate *isolate, JSValueConst value) {
  return isolate->messaging != NULL && JS_GetClassID(value) == isolate->messaging->port;
}

ej_port *ej_port_of(ej_isolate *isolate, JSValueConst value) {
  return ej_is_port(isolate, value) ? JS_GetOpaque(value, isolate->messaging->port) : NULL;
}

static JSValue call_hook(ej_port *port, enum ej_messaging_hook hook, int argc, JSValueConst *argv) {
  ej_isolate *isolate = port->isolate;
  return JS_Call(isolate->ctx, isolate->messaging->hooks[hook], port->object, argc, argv);
}

static void on_closed(uv_handle_t *handle) {
  ej_port *port = handle->data;
  ej_isolate *isolate = port->isolate;
  JS_UpdateStackTop(isolate->rt);
  ej_port_data *data = port->data;
  port->data = NULL;
  if (data != NULL) ej_port_data_drop(data);
  JS_SetOpaque(port->object, NULL);
  if (ej_isolate_may_run(isolate)) {
    ej_callback_scope_open(isolate);
    JSValue result = call_hook(port, EJ_HOOK_CLOSE, 0, NULL);
    if (JS_IsException(result)) ej_isolate_uncaught(isolate);
    JS_FreeValue(isolate->ctx, result);
    ej_callback_scope_close(isolate);
  }
  ej_ring_remove(&port->in_isolate);
  JS_FreeValue(isolate->ctx, port->object);
  free(port);
}

// As in Node, what was queued when a message's listener closes the port is still delivered, in the
// same turn; the data goes with the handle.
static void close_port(ej_port *port) {
  if (port->closing) return;
  port->closing = true;
  pthread_mutex_lock(&lock);
  if (port->data != NULL) port->data->owner = NULL; // from here on nobody wakes the handle
  pthread_mutex_unlock(&lock);
  uv_close((uv_handle_t *)&port->wake, on_closed);
}

ej_port_data *ej_port_detach(ej_port *port) {
  ej_port_data *data = port->data;
  close_port(port);
  port->data = NULL;
  return data;
}

// One message as 'message', or, when it cannot be opened, as 'messageerror'. False when JavaScript
// threw.
static bool deliver(ej_port *port, ej_parcel *parcel) {
  ej_isolate *isolate = port->isolate;
  JSContext *ctx = isolate->ctx;
  JSValue ports, keep = JS_DupValue(ctx, port->object);
  ej_callback_scope_open(isolate);
  JSValue value = ej_parcel_open(isolate, parcel, &ports);
  bool failed = JS_IsException(value);
  if (failed) value = JS_GetException(ctx);
  JSValue arguments[] = {value, ports, JS_NewString(ctx, failed ? "messageerror" : "message")};
  JSValue result = ej_isolate_may_run(isolate)
                       ? call_hook(port, EJ_HOOK_MESSAGE, 3, (JSValueConst *)arguments)
                       : JS_UNDEFINED;
  bool ok = !JS_IsException(result);
  if (!ok) ej_isolate_uncaught(isolate);
  JS_FreeValue(ctx, result);
  for (int i = 0; i < 3; i++) JS_FreeValue(ctx, arguments[i]);
  ej_callback_scope_close(isolate);
  JS_FreeValue(ctx, keep);
  return ok;
}

static void wake_again(ej_port *port) {
  if (!port->closing) uv_async_send(&port->wake);
}

// Delivers what is queued: as much as there was at the start, and some more; `drain` for all. The
// port may go away in the middle, when JavaScript closes or transfers it.
static void process(ej_port *port, bool drain) {
  const size_t least = 1000;
  ej_isolate *isolate = port->isolate;
  if (port->data == NULL) return;
  size_t left = queued(port->data);
  if (left < least) left = least;
  while (port->data != NULL && ej_isolate_may_run(isolate)) {
    if (!drain && left-- == 0) {
      wake_again(port);
      return;
    }
    ej_parcel *parcel = take(port->data, port->receiving || drain);
    if (parcel == NULL) return;
    bool ok = true;
    if (parcel->closes) {
      close_port(port);
    } else {
      ok = deliver(port, parcel);
    }
    ej_parcel_release(parcel);
    if (!ok) {
      wake_again(port);
      return;
    }
  }
}

static void on_wake(uv_async_t *wake) {
  ej_port *port = wake->data;
  JS_UpdateStackTop(port->isolate->rt);
  process(port, false);
}

JSValue ej_port_attach(ej_isolate *isolate, ej_port_data *data) {
  struct ej_messaging *messaging = isolate->messaging;
  JSValue object = JS_NewObjectProtoClass(isolate->ctx, messaging->prototype, messaging->port);
  if (JS_IsException(object)) {
    ej_port_data_drop(data);
    return object;
  }
  ej_port *port = must(calloc(1, sizeof *port));
  *port = (ej_port){.isolate = isolate, .data = data, .object = JS_DupValue(isolate->ctx, object)};
  JS_SetOpaque(object, port);
  ej_ring_insert(&messaging->ports, &port->in_isolate);
  EJ_CHECK(uv_async_init(&isolate->loop, &port->wake, on_wake) == 0);
  port->wake.data = port;
  pthread_mutex_lock(&lock);
  data->owner = port;
  if (data->first != NULL) uv_async_send(&port->wake);
  pthread_mutex_unlock(&lock);
  JSValue result = call_hook(port, EJ_HOOK_INIT, 0, NULL);
  bool ok = !JS_IsException(result);
  JS_FreeValue(isolate->ctx, result);
  if (ok) return object;
  close_port(port);
  JS_FreeValue(isolate->ctx, object);
  return JS_EXCEPTION;
}

// --- internalBinding('messaging'): methods of ports ---------------------------------------------

// The port of `this`; NULL with an exception pending when it is none. It may be closed: ->data.
static ej_port *this_port(JSContext *ctx, JSValueConst this_val, bool *closed) {
  ej_isolate *isolate = ej_isolate_of(ctx);
  ej_port *port = ej_port_of(isolate, this_val);
  *closed = port == NULL || port->closing;
  if (!ej_is_port(isolate, this_val)) JS_ThrowTypeError(ctx, "Illegal invocation");
  return port;
}

// True when the parcel carries an end of the channel that it is to go through.
static bool carries_own_end(const ej_port *port, const ej_parcel *parcel) {
  for (uint32_t i = 0; i < parcel->port_count; i++)
    if (parcel->ports[i] != NULL && ej_port_is_entangled(port, parcel->ports[i])) return true;
  return false;
}

// postMessage(value[, transfer]): false when the target itself was in the list, so that the channel
// is lost; undefined when the port is closed.
static JSValue port_post(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  bool closed;
  ej_port *port = this_port(ctx, this_val, &closed);
  if (JS_HasException(ctx)) return JS_EXCEPTION;
  ej_parcel *parcel =
      ej_parcel_pack(ej_isolate_of(ctx), argv[0], argc > 1 ? argv[1] : JS_UNDEFINED, port);
  if (parcel == NULL) return JS_EXCEPTION;
  JSValue result = JS_UNDEFINED;
  if (!closed && !port->closing) { // packing may have closed it
    bool lost = carries_own_end(port, parcel);
    if (!lost) post(port->data, parcel);
    result = JS_NewBool(ctx, !lost);
  }
  ej_parcel_release(parcel);
  return result;
}

enum {
  PORT_START,
  PORT_STOP,
  PORT_DRAIN,
  PORT_CLOSE,
  PORT_REF,
  PORT_UNREF,
  PORT_HAS_REF,
  PORT_IS_OPEN
};

static JSValue port_act(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv,
                        int action) {
  (void)argc, (void)argv;
  bool closed;
  ej_port *port = this_port(ctx, this_val, &closed);
  if (JS_HasException(ctx)) return JS_EXCEPTION;
  // Until its handle is closed a port may still hold the loop.
  if (action == PORT_HAS_REF)
    return JS_NewBool(ctx, port != NULL && uv_has_ref((uv_handle_t *)&port->wake));
  if (closed) return action == PORT_IS_OPEN ? JS_FALSE : JS_UNDEFINED;
  uv_handle_t *handle = (uv_handle_t *)&port->wake;
  switch (action) {
  case PORT_START:
    port->receiving = true;
    if (queued(port->data) != 0) uv_async_send(&port->wake);
    return JS_UNDEFINED;
  case PORT_STOP:
    port->receiving = false;
    return JS_UNDEFINED;
  case PORT_DRAIN:
    process(port, true);
    return JS_UNDEFINED;
  case PORT_CLOSE:
    close_port(port);
    return JS_UNDEFINED;
  case PORT_REF:
    uv_ref(handle);
    return JS_UNDEFINED;
  case PORT_UNREF:
    uv_unref(handle);
    return JS_UNDEFINED;
  default: // PORT_IS_OPEN
    return JS_TRUE;
  }
}

// receive(): [message], undefined when there is none.
static JSValue port_receive(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)argc, (void)argv;
  bool closed;
  ej_port *port = this_port(ctx, this_val, &closed);
  if (JS_HasException(ctx)) return JS_EXCEPTION;
  ej_parcel *parcel = closed ? NULL : take(port->data, true);
  if (parcel == NULL) return JS_UNDEFINED;
  JSValue result = JS_UNDEFINED;
  if (parcel->closes) {
    close_port(port);
  } else {
    JSValue value = ej_parcel_open(port->isolate, parcel, NULL);
    result = JS_IsException(value) ? value : JS_NewArrayFrom(ctx, 1, &value);
  }
  ej_parcel_release(parcel);
  return result;
}

// --- internalBinding('messaging'): functions ----------------------------------------------------

// createChannel(): two ports.
static JSValue create_channel(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc, (void)argv;
  ej_isolate *isolate = ej_isolate_of(ctx);
  ej_group *group = must(calloc(1, sizeof *group));
  ej_port_data *one = new_data(), *other = new_data();
  join(group, one);
  join(group, other);
  JSValue ports[2] = {ej_port_attach(isolate, one), JS_UNDEFINED};
  if (JS_IsException(ports[0])) {
    ej_port_data_drop(other);
    return JS_EXCEPTION;
  }
  ports[1] = ej_port_attach(isolate, other);
  if (!JS_IsException(ports[1])) return JS_NewArrayFrom(ctx, 2, ports);
  JS_FreeValue(ctx, ports[0]);
  return JS_EXCEPTION;
}

// createBroadcastPort(name): an end of what has this name, in the whole process.
static JSValue create_broadcast_port(JSContext *ctx, JSValueConst this_val, int argc,
                                     JSValueConst *argv) {
  (void)this_val, (void)argc;
  size_t size;
  const char *name = JS_ToCStringLen(ctx, &size, argv[0]);
  if (name == NULL) return JS_EXCEPTION;
  ej_group *fresh = must(calloc(1, sizeof *fresh));
  fresh->name_size = size;
  fresh->name = must(malloc(size + 1));
  memcpy(fresh->name, name, size);
  ej_port_data *data = new_data();
  pthread_mutex_lock(&lock);
  ej_group *group = find_group(name, size);
  if (group == NULL) {
    fresh->next = named_groups;
    named_groups = group = fresh;
    fresh = NULL;
  }
  join(group, data);
  pthread_mutex_unlock(&lock);
  JS_FreeCString(ctx, name);
  if (fresh != NULL) {
    free(fresh->name);
    free(fresh);
  }
  return ej_port_attach(ej_isolate_of(ctx), data);
}

// postByName(name, value[, transfer]): to the ends of that name, without having one. False when
// there is none.
static JSValue post_by_name(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val;
  ej_isolate *isolate = ej_isolate_of(ctx);
  size_t size;
  const char *name = JS_ToCStringLen(ctx, &size, argv[0]);
  if (name == NULL) return JS_EXCEPTION;
  ej_parcel *parcel = ej_parcel_pack(isolate, argv[1], argc > 2 ? argv[2] : JS_UNDEFINED, NULL);
  bool found = false;
  if (parcel != NULL) {
    pthread_mutex_lock(&lock);
    ej_group *group = find_group(name, size);
    found = group != NULL;
    if (found) enqueue_all(group, NULL, parcel);
    pthread_mutex_unlock(&lock);
    ej_parcel_release(parcel);
  }
  JS_FreeCString(ctx, name);
  return parcel == NULL ? JS_EXCEPTION : JS_NewBool(ctx, found);
}

// detach(port): its end of the channel, as a number that one adopt(number), in any isolate, takes.
static JSValue detach_port(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  bool closed;
  ej_port *port = this_port(ctx, argv[0], &closed);
  if (JS_HasException(ctx)) return JS_EXCEPTION;
  if (closed) return JS_ThrowTypeError(ctx, "the port is closed");
  return JS_NewInt64(ctx, (int64_t)(uintptr_t)ej_port_detach(port));
}

void ej_port_drop(uintptr_t port) { ej_port_data_drop((ej_port_data *)port); }

static JSValue adopt_port(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  int64_t number;
  if (JS_ToInt64(ctx, &number, argv[0]) < 0) return JS_EXCEPTION;
  return ej_port_attach(ej_isolate_of(ctx), (ej_port_data *)(uintptr_t)number);
}

static JSValue is_port(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  return JS_NewBool(ctx, ej_is_port(ej_isolate_of(ctx), argv[0]));
}

// clone(value[, transfer]): structuredClone.
static JSValue clone_value(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val;
  ej_isolate *isolate = ej_isolate_of(ctx);
  ej_parcel *parcel = ej_parcel_pack(isolate, argv[0], argc > 1 ? argv[1] : JS_UNDEFINED, NULL);
  if (parcel == NULL) return JS_EXCEPTION;
  JSValue copy = ej_parcel_open(isolate, parcel, NULL);
  ej_parcel_release(parcel);
  return copy;
}

// setTransferMode(object, mode), an ej_transfer_mode, and markUntransferable(object).
static JSValue mark(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv,
                    int which) {
  (void)this_val;
  JSAtom key = ej_isolate_of(ctx)->hidden[which];
  JSValue value = argc > 1 ? JS_DupValue(ctx, argv[1]) : JS_NewInt32(ctx, 1);
  int status = JS_DefinePropertyValue(ctx, argv[0], key, value, JS_PROP_C_W_E);
  return status < 0 ? JS_EXCEPTION : JS_UNDEFINED;
}

static JSValue is_untransferable(JSContext *ctx, JSValueConst this_val, int argc,
                                 JSValueConst *argv) {
  (void)this_val, (void)argc;
  JSAtom key = ej_isolate_of(ctx)->hidden[EJ_HIDDEN_UNTRANSFERABLE];
  int own = JS_GetOwnProperty(ctx, NULL, argv[0], key);
  return own < 0 ? JS_EXCEPTION : JS_NewBool(ctx, own);
}

// setUp(prototype, clone, move, make, init, message, close): the prototype of ports, and the hooks.
static JSValue set_up(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv) {
  (void)this_val, (void)argc;
  struct ej_messaging *messaging = ej_isolate_of(ctx)->messaging;
  messaging->prototype = JS_DupValue(ctx, argv[0]);
  for (int i = 0; i < EJ_HOOK_COUNT; i++) messaging->hooks[i] = JS_DupValue(ctx, argv[i + 1]);
  return JS_UNDEFINED;
}

static const JSCFunctionListEntry functions[] = {
    JS_CFUNC_DEF("setUp", 1 + EJ_HOOK_COUNT, set_up),
    JS_CFUNC_DEF("createChannel", 0, create_channel),
    JS_CFUNC_DEF("createBroadcastPort", 1, create_broadcast_port),
    JS_CFUNC_DEF("postByName", 2, post_by_name),
    JS_CFUNC_DEF("detach", 1, detach_port),
    JS_CFUNC_DEF("adopt", 1, adopt_port),
    JS_CFUNC_DEF("isPort", 1, is_port),
    JS_CFUNC_DEF("clone", 2, clone_value),
    JS_CFUNC_MAGIC_DEF("setTransferMode", 2, mark, EJ_HIDDEN_TRANSFER_MODE),
    JS_CFUNC_MAGIC_DEF("markUntransferable", 1, mark, EJ_HIDDEN_UNTRANSFERABLE),
    JS_CFUNC_DEF("isUntransferable", 1, is_untransferable),
};

static const JSCFunctionListEntry methods[] = {
    JS_CFUNC_DEF("postMessage", 1, port_post),
    JS_CFUNC_DEF("receive", 0, port_receive),
    JS_CFUNC_MAGIC_DEF("start", 0, port_act, PORT_START),
    JS_CFUNC_MAGIC_DEF("stop", 0, port_act, PORT_STOP),
    JS_CFUNC_MAGIC_DEF("drain", 0, port_act, PORT_DRAIN),
    JS_CFUNC_MAGIC_DEF("close", 0, port_act, PORT_CLOSE),
    JS_CFUNC_MAGIC_DEF("ref", 0, port_act, PORT_REF),
    JS_CFUNC_MAGIC_DEF("unref", 0, port_act, PORT_UNREF),
    JS_CFUNC_MAGIC_DEF("hasRef", 0, port_act, PORT_HAS_REF),
    JS_CFUNC_MAGIC_DEF("isOpen", 0, port_act, PORT_IS_OPEN),
};

// --- Birth and death ----------------------------------------------------------------------------

static const JSClassDef port_class = {.class_name = "MessagePort"};

static JSClassID dom_exception_class(ej_isolate *isolate) {
  JSValueConst constructor = ej_lazy_intrinsic(isolate, EJ_DOM_EXCEPTION);
  JSValue sample = JS_IsException(constructor)
                       ? JS_EXCEPTION
                       : JS_CallConstructor(isolate->ctx, constructor, 0, NULL);
  EJ_CHECK(!JS_IsException(sample));
  JSClassID class = JS_GetClassID(sample);
  JS_FreeValue(isolate->ctx, sample);
  // A DOMException that is a class of JavaScript marks its objects by itself.
  return class == isolate->classes.plain ? JS_INVALID_CLASS_ID : class;
}

JSValue ej_binding_messaging(ej_isolate *isolate) {
  struct ej_messaging *messaging = must(calloc(1, sizeof *messaging));
  isolate->messaging = messaging;
  ej_ring_init(&messaging->ports);
  messaging->prototype = JS_UNDEFINED;
  for (int i = 0; i < EJ_HOOK_COUNT; i++) messaging->hooks[i] = JS_UNDEFINED;
  JS_NewClassID(isolate->rt, &messaging->port);
  JS_NewClass(isolate->rt, messaging->port, &port_class);
  messaging->dom_exception = dom_exception_class(isolate);
  JSValue binding = EJ_BINDING_OBJECT(isolate->ctx, functions);
  JS_DefinePropertyValueStr(isolate->ctx, binding, "methods",
                            EJ_BINDING_OBJECT(isolate->ctx, methods), JS_PROP_C_W_E);
  return binding;
}

void ej_ports_close(ej_isolate *isolate) {
  struct ej_messaging *messaging = isolate->messaging;
  if (messaging == NULL) return;
  for (ej_link *link = messaging->ports.next; link != &messaging->ports; link = link->next)
    close_port(EJ_CONTAINER(link, ej_port, in_isolate));
}

void ej_messaging_free(ej_isolate *isolate) {
  struct ej_messaging *messaging = isolate->messaging;
  if (messaging == NULL) return;
  EJ_CHECK(ej_ring_empty(&messaging->ports));
  JS_FreeValue(isolate->ctx, messaging->prototype);
  for (int i = 0; i < EJ_HOOK_COUNT; i++) JS_FreeValue(isolate->ctx, messaging->hooks[i]);
  isolate->messaging = NULL;
  free(messaging);
}
