// SPDX-License-Identifier: Apache-2.0
//
// Values as parcels: StructuredSerializeWithTransfer and StructuredDeserializeWithTransfer of the
// HTML standard, with Node's additions. An object with a form of its own (a port, a Blob, a
// FileHandle) travels as its number in a table; JavaScript takes it apart and makes it anew.
// Node: src/node_messaging.cc.
#include "messaging.h"

#include <stdlib.h>

enum { HOST_PORT = 'P', HOST_OBJECT = 'H' };

// --- Life ---------------------------------------------------------------------------------------

ej_parcel *ej_parcel_hold(ej_parcel *parcel) {
  atomic_fetch_add(&parcel->holders, 1);
  return parcel;
}

void ej_parcel_release(ej_parcel *parcel) {
  if (atomic_fetch_sub(&parcel->holders, 1) != 1) return;
  free(parcel->value.data);
  for (uint32_t i = 0; i < parcel->host_count; i++) free(parcel->hosts[i].data);
  for (uint32_t i = 0; i < parcel->moved_count; i++) free(parcel->moved[i].data);
  for (uint32_t i = 0; i < parcel->shown_count; i++) ej_shared_release(parcel->shown[i].data);
  for (uint32_t i = 0; i < parcel->port_count; i++)
    if (parcel->ports[i] != NULL) ej_port_data_drop(parcel->ports[i]);
  free(parcel->hosts);
  free(parcel->moved);
  free(parcel->shown);
  free(parcel->ports);
  free(parcel);
}

JSValue ej_throw_data_clone(ej_isolate *isolate, const char *text) {
  JSContext *ctx = isolate->ctx;
  JSValueConst constructor = ej_lazy_intrinsic(isolate, EJ_DOM_EXCEPTION);
  if (JS_IsException(constructor)) return JS_EXCEPTION;
  JSValue arguments[] = {JS_NewString(ctx, text), JS_NewString(ctx, "DataCloneError")};
  JSValue error = JS_CallConstructor(ctx, constructor, 2, (JSValueConst *)arguments);
  JS_FreeValue(ctx, arguments[0]);
  JS_FreeValue(ctx, arguments[1]);
  return JS_IsException(error) ? error : JS_Throw(ctx, error);
}

// --- Packing ------------------------------------------------------------------------------------

typedef struct list {
  JSValue *items;
  uint32_t count, capacity;
} list;

typedef struct packing {
  ej_isolate *isolate;
  ej_parcel *parcel;
  list buffers, ports, hosts;
  uint32_t moving; // so many of `hosts` are transferred, the others cloned
  bool in_host;    // what a host object consists of is written: ports in it are transferred
} packing;

static uint32_t list_add(JSContext *ctx, list *list, JSValueConst value) {
  if (list->count == list->capacity) {
    list->capacity = list->capacity ? list->capacity * 2 : 4;
    list->items = realloc(list->items, list->capacity * sizeof *list->items);
    EJ_CHECK(list->items != NULL);
  }
  list->items[list->count] = JS_DupValue(ctx, value);
  return list->count++;
}

// The place of an object in a list; -1 when it is not there.
static int64_t list_find(const list *list, JSValueConst value) {
  for (uint32_t i = 0; i < list->count; i++)
    if (JS_VALUE_GET_PTR(list->items[i]) == JS_VALUE_GET_PTR(value)) return i;
  return -1;
}

static void list_free(JSContext *ctx, list *list) {
  for (uint32_t i = 0; i < list->count; i++) JS_FreeValue(ctx, list->items[i]);
  free(list->items);
}

// An own hidden number of an object; -1 when it has none.
static int32_t hidden(ej_isolate *isolate, JSValueConst object, enum ej_hidden which) {
  JSPropertyDescriptor own;
  int32_t number = -1;
  if (JS_GetOwnProperty(isolate->ctx, &own, object, isolate->hidden[which]) <= 0) return -1;
  JS_ToInt32(isolate->ctx, &number, own.value);
  JS_FreeValue(isolate->ctx, own.value);
  JS_FreeValue(isolate->ctx, own.getter);
  JS_FreeValue(isolate->ctx, own.setter);
  return number;
}

static int32_t mode_of(ej_isolate *isolate, JSValueConst object) {
  if (JS_GetClassID(object) == isolate->messaging->dom_exception) return EJ_MAY_CLONE;
  return hidden(isolate, object, EJ_HIDDEN_TRANSFER_MODE);
}

static int put_host(ej_encoder *encoder, uint8_t kind, uint32_t number) {
  ej_encode_tag(encoder, WIRE_HOST_OBJECT);
  ej_encode_tag(encoder, kind);
  ej_encode_varint(encoder, number);
  return 1;
}

static int fail(ej_encoder *encoder, const char *text) {
  ej_throw_data_clone(encoder->isolate, text);
  return -1;
}

static const char needs_transfer[] =
    "Object that needs transfer was found in message but not listed in transferList";

static int pack_port(ej_encoder *encoder, packing *packing, JSValueConst object) {
  int64_t at = list_find(&packing->ports, object);
  if (at < 0 && !packing->in_host) return fail(encoder, needs_transfer);
  if (at < 0) at = list_add(packing->isolate->ctx, &packing->ports, object);
  return put_host(encoder, HOST_PORT, (uint32_t)at);
}

static int pack_host(ej_encoder *encoder, JSValueConst object, bool known) {
  (void)known;
  packing *packing = encoder->data;
  if (ej_is_port(packing->isolate, object)) return pack_port(encoder, packing, object);
  int32_t mode = mode_of(packing->isolate, object);
  if (mode < 0) return 0;
  int64_t at = list_find(&packing->hosts, object);
  if (at < 0) {
    if (mode == 0) return fail(encoder, "Cannot clone object of unsupported type.");
    if (!(mode & EJ_MAY_CLONE)) return fail(encoder, needs_transfer);
    at = list_add(packing->isolate->ctx, &packing->hosts, object);
  }
  return put_host(encoder, HOST_OBJECT, (uint32_t)at);
}

static int64_t pack_shared(ej_encoder *encoder, JSValueConst buffer) {
  packing *packing = encoder->data;
  ej_parcel *parcel = packing->parcel;
  uint8_t *data;
  size_t size;
  ej_array_buffer_bytes(packing->isolate->ctx, buffer, &data, &size);
  for (uint32_t i = 0; i < parcel->shown_count; i++)
    if (parcel->shown[i].data == data && parcel->shown[i].size == size) return i;
  parcel->shown = realloc(parcel->shown, (parcel->shown_count + 1) * sizeof *parcel->shown);
  EJ_CHECK(parcel->shown != NULL);
  ej_shared_hold(data);
  parcel->shown[parcel->shown_count] = (ej_shown){data, size};
  return parcel->shown_count++;
}

static void pack_refuse(ej_encoder *encoder, const char *text) {
  ej_throw_data_clone(encoder->isolate, text);
}

static const ej_encoder_hooks packing_hooks = {pack_host, pack_shared, pack_refuse};

static bool pack_bytes(packing *packing, JSValueConst value, ej_bytes *bytes) {
  ej_encoder encoder;
  ej_encoder_init(&encoder, packing->isolate, &packing_hooks, packing);
  for (uint32_t i = 0; i < packing->buffers.count; i++)
    ej_encode_transfer(&encoder, packing->buffers.items[i], i);
  ej_encode_header(&encoder);
  bool ok = ej_encode(&encoder, value);
  if (ok) bytes->data = ej_encoder_take(&encoder, &bytes->size);
  ej_encoder_free(&encoder);
  return ok;
}

// --- The transfer list --------------------------------------------------------------------------

static bool list_buffer(packing *packing, JSValueConst item) {
  ej_isolate *isolate = packing->isolate;
  uint8_t *data;
  size_t size;
  if (hidden(isolate, item, EJ_HIDDEN_UNTRANSFERABLE) >= 0 ||
      JS_IsImmutableArrayBuffer(item) != 0 ||
      !ej_array_buffer_bytes(isolate->ctx, item, &data, &size)) {
    ej_throw_data_clone(isolate, "Cannot transfer object of unsupported type.");
    return false;
  }
  if (list_find(&packing->buffers, item) >= 0) {
    ej_throw_data_clone(isolate, "Transfer list contains duplicate ArrayBuffer");
    return false;
  }
  list_add(isolate->ctx, &packing->buffers, item);
  return true;
}

static bool list_port(packing *packing, JSValueConst item, const ej_port *source) {
  ej_isolate *isolate = packing->isolate;
  const ej_port *port = ej_port_of(isolate, item);
  const char *wrong = NULL;
  if (hidden(isolate, item, EJ_HIDDEN_UNTRANSFERABLE) >= 0)
    wrong = "Cannot transfer object of unsupported type.";
  else if (port != NULL && port == source)
    wrong = "Transfer list contains source port";
  else if (list_find(&packing->ports, item) >= 0)
    wrong = "Transfer list contains duplicate MessagePort";
  else if (port == NULL || port->closing)
    wrong = "MessagePort in transfer list is already detached";
  if (wrong == NULL)
    list_add(isolate->ctx, &packing->ports, item);
  else
    ej_throw_data_clone(isolate, wrong);
  return wrong == NULL;
}

static bool list_host(packing *packing, JSValueConst item) {
  ej_isolate *isolate = packing->isolate;
  int32_t mode = JS_IsObject(item) ? mode_of(isolate, item) : -1;
  const char *wrong = NULL;
  if (mode < 0)
    wrong = "Found invalid value in transferList.";
  else if (!(mode & EJ_MAY_TRANSFER) || hidden(isolate, item, EJ_HIDDEN_UNTRANSFERABLE) >= 0)
    wrong = "Cannot transfer object of unsupported type.";
  else if (list_find(&packing->hosts, item) >= 0)
    wrong = "Transfer list contains duplicate host object";
  if (wrong == NULL)
    packing->moving = list_add(isolate->ctx, &packing->hosts, item) + 1;
  else
    ej_throw_data_clone(isolate, wrong);
  return wrong == NULL;
}

static bool list_transfer(packing *packing, JSValueConst transfer, const ej_port *source) {
  JSContext *ctx = packing->isolate->ctx;
  int64_t count;
  if (JS_IsUndefined(transfer)) return true;
  if (JS_GetLength(ctx, transfer, &count) < 0) return false;
  bool ok = true;
  for (int64_t i = 0; ok && i < count; i++) {
    JSValue item = JS_GetPropertyInt64(ctx, transfer, i);
    if (JS_IsException(item))
      ok = false;
    else if (JS_IsArrayBuffer(item))
      ok = list_buffer(packing, item);
    else if (ej_is_port(packing->isolate, item))
      ok = list_port(packing, item, source);
    else
      ok = list_host(packing, item);
    JS_FreeValue(ctx, item);
  }
  return ok;
}

// --- What leaves the isolate --------------------------------------------------------------------

// Objects with a form of their own, also those that are found on the way.
static bool pack_hosts(packing *packing) {
  ej_isolate *isolate = packing->isolate;
  ej_parcel *parcel = packing->parcel;
  packing->in_host = true;
  for (uint32_t i = 0; i < packing->hosts.count; i++) {
    JSValueConst hook =
        isolate->messaging->hooks[i < packing->moving ? EJ_HOOK_MOVE : EJ_HOOK_CLONE];
    JSValueConst object = packing->hosts.items[i];
    JSValue parts = JS_Call(isolate->ctx, hook, JS_UNDEFINED, 1, &object);
    if (JS_IsException(parts)) return false;
    parcel->hosts = realloc(parcel->hosts, (i + 1) * sizeof *parcel->hosts);
    EJ_CHECK(parcel->hosts != NULL);
    bool ok = pack_bytes(packing, parts, &parcel->hosts[i]);
    JS_FreeValue(isolate->ctx, parts);
    if (!ok) return false;
    parcel->host_count = i + 1;
  }
  return true;
}

static size_t most_of(JSContext *ctx, JSValueConst buffer) {
  int64_t most = 0;
  JSValue resizable = JS_GetPropertyStr(ctx, buffer, "resizable");
  if (JS_IsBool(resizable) && JS_VALUE_GET_BOOL(resizable)) {
    JSValue value = JS_GetPropertyStr(ctx, buffer, "maxByteLength");
    JS_ToInt64(ctx, &most, value);
    JS_FreeValue(ctx, value);
  }
  JS_FreeValue(ctx, resizable);
  return (size_t)most;
}

// The engine's memory belongs to its runtime: the bytes move by a copy.
static void move_buffers(packing *packing) {
  JSContext *ctx = packing->isolate->ctx;
  ej_parcel *parcel = packing->parcel;
  uint32_t count = packing->buffers.count;
  parcel->moved = calloc(count ? count : 1, sizeof *parcel->moved);
  EJ_CHECK(parcel->moved != NULL);
  parcel->moved_count = count;
  for (uint32_t i = 0; i < count; i++) {
    JSValueConst buffer = packing->buffers.items[i];
    ej_moved *moved = &parcel->moved[i];
    uint8_t *bytes;
    ej_array_buffer_bytes(ctx, buffer, &bytes, &moved->size);
    moved->most = most_of(ctx, buffer);
    moved->data = calloc(1, moved->size > moved->most ? moved->size + 1 : moved->most + 1);
    EJ_CHECK(moved->data != NULL);
    if (moved->size != 0) memcpy(moved->data, bytes, moved->size);
    JS_DetachArrayBuffer(ctx, buffer);
  }
}

static void move_ports(packing *packing) {
  ej_parcel *parcel = packing->parcel;
  uint32_t count = packing->ports.count;
  parcel->ports = calloc(count ? count : 1, sizeof(ej_port_data *));
  EJ_CHECK(parcel->ports != NULL);
  parcel->port_count = count;
  for (uint32_t i = 0; i < count; i++) {
    ej_port *port = ej_port_of(packing->isolate, packing->ports.items[i]);
    // A getter in the message may have closed it meanwhile.
    if (port != NULL && !port->closing) parcel->ports[i] = ej_port_detach(port);
  }
}

ej_parcel *ej_parcel_pack(ej_isolate *isolate, JSValueConst value, JSValueConst transfer,
                          const ej_port *source) {
  packing packing = {.isolate = isolate, .parcel = calloc(1, sizeof(ej_parcel))};
  ej_parcel *parcel = packing.parcel;
  EJ_CHECK(parcel != NULL);
  atomic_init(&parcel->holders, 1);
  bool ok = list_transfer(&packing, transfer, source);
  parcel->listed_count = packing.ports.count;
  ok = ok && pack_bytes(&packing, value, &parcel->value) && pack_hosts(&packing);
  if (ok) {
    move_buffers(&packing);
    move_ports(&packing);
  } else {
    ej_parcel_release(parcel);
  }
  list_free(isolate->ctx, &packing.buffers);
  list_free(isolate->ctx, &packing.ports);
  list_free(isolate->ctx, &packing.hosts);
  return ok ? parcel : NULL;
}

// --- Opening ------------------------------------------------------------------------------------

typedef struct opening {
  ej_isolate *isolate;
  ej_parcel *parcel;
  JSValue *ports, *hosts; // JS_UNINITIALIZED until made
  JSValue *buffers;
} opening;

static JSValue open_bytes(opening *opening, const ej_bytes *bytes);

static JSValue open_host(opening *opening, uint32_t number) {
  JSContext *ctx = opening->isolate->ctx;
  JSValue *made = &opening->hosts[number];
  if (!JS_IsUninitialized(*made)) return JS_DupValue(ctx, *made);
  JSValue parts = open_bytes(opening, &opening->parcel->hosts[number]);
  if (JS_IsException(parts)) return parts;
  JSValue arguments[] = {JS_GetPropertyUint32(ctx, parts, 0), JS_GetPropertyUint32(ctx, parts, 1)};
  JSValue object = JS_Call(ctx, opening->isolate->messaging->hooks[EJ_HOOK_MAKE], JS_UNDEFINED, 2,
                           (JSValueConst *)arguments);
  JS_FreeValue(ctx, arguments[0]);
  JS_FreeValue(ctx, arguments[1]);
  JS_FreeValue(ctx, parts);
  if (!JS_IsException(object)) *made = JS_DupValue(ctx, object);
  return object;
}

static JSValue open_any_host(ej_decoder *decoder) {
  opening *opening = decoder->data;
  const uint8_t *kind;
  uint64_t number;
  // Parcels are our own: nobody can have changed the bytes.
  EJ_CHECK(ej_decode_bytes(decoder, 1, &kind) && ej_decode_varint(decoder, &number));
  if (*kind == HOST_OBJECT) return open_host(opening, (uint32_t)number);
  JSValue port = opening->ports[number];
  if (JS_IsUninitialized(port))
    return ej_throw_data_clone(opening->isolate,
                               "MessagePort in transfer list is already detached");
  return JS_DupValue(opening->isolate->ctx, port);
}

static JSValue open_shared(ej_decoder *decoder, uint32_t id) {
  opening *opening = decoder->data;
  const ej_shown *shown = &opening->parcel->shown[id];
  return JS_NewArrayBuffer(opening->isolate->ctx, shown->data, shown->size, 0, NULL, NULL, true);
}

static const ej_decoder_hooks opening_hooks = {open_any_host, open_shared};

static JSValue open_bytes(opening *opening, const ej_bytes *bytes) {
  ej_decoder decoder;
  ej_decoder_init(&decoder, opening->isolate, &opening_hooks, opening, bytes->data, bytes->size);
  for (uint32_t i = 0; i < opening->parcel->moved_count; i++)
    ej_decode_transfer(&decoder, i, opening->buffers[i]);
  EJ_CHECK(ej_decode_header(&decoder));
  JSValue value = ej_decode(&decoder);
  ej_decoder_free(&decoder);
  return value;
}

// Memory that came with a parcel; the engine asks for another size, or lets go of it (size 0).
static void *resize_moved(JSRuntime *rt, void *opaque, void *data, size_t size) {
  (void)rt, (void)opaque;
  if (size != 0) return realloc(data, size);
  free(data);
  return NULL;
}

static JSValue open_moved(opening *opening, ej_moved *moved) {
  JSContext *ctx = opening->isolate->ctx;
  if (moved->data == NULL) return JS_UNDEFINED;
  JSValue buffer =
      JS_NewArrayBuffer(ctx, moved->data, moved->size, moved->most, resize_moved, NULL, false);
  if (!JS_IsException(buffer)) moved->data = NULL;
  return buffer;
}

// Makes everything that came along. False with an exception pending.
static bool open_luggage(opening *opening) {
  ej_parcel *parcel = opening->parcel;
  bool ok = true;
  for (uint32_t i = 0; i < parcel->moved_count; i++) {
    opening->buffers[i] = ok ? open_moved(opening, &parcel->moved[i]) : JS_UNDEFINED;
    ok = ok && !JS_IsException(opening->buffers[i]);
  }
  for (uint32_t i = 0; i < parcel->port_count; i++) {
    opening->ports[i] = JS_UNINITIALIZED;
    ej_port_data *data = parcel->ports[i];
    if (!ok || data == NULL) continue;
    parcel->ports[i] = NULL;
    opening->ports[i] = ej_port_attach(opening->isolate, data);
    ok = !JS_IsException(opening->ports[i]);
  }
  for (uint32_t i = 0; i < parcel->host_count; i++) opening->hosts[i] = JS_UNINITIALIZED;
  return ok;
}

static JSValue list_ports(const opening *opening) {
  JSContext *ctx = opening->isolate->ctx;
  JSValue ports = JS_NewArray(ctx);
  uint32_t count = 0;
  for (uint32_t i = 0; i < opening->parcel->listed_count; i++) {
    if (!JS_IsObject(opening->ports[i])) continue;
    JS_DefinePropertyValueUint32(ctx, ports, count++, JS_DupValue(ctx, opening->ports[i]),
                                 JS_PROP_C_W_E);
  }
  return ports;
}

JSValue ej_parcel_open(ej_isolate *isolate, ej_parcel *parcel, JSValue *ports) {
  JSContext *ctx = isolate->ctx;
  size_t count = (size_t)parcel->moved_count + parcel->port_count + parcel->host_count;
  JSValue *luggage = calloc(count + 1, sizeof *luggage);
  EJ_CHECK(luggage != NULL);
  opening opening = {isolate, parcel, .buffers = luggage};
  opening.ports = luggage + parcel->moved_count;
  opening.hosts = opening.ports + parcel->port_count;
  JSValue value = open_luggage(&opening) ? open_bytes(&opening, &parcel->value) : JS_EXCEPTION;
  if (ports != NULL) *ports = list_ports(&opening);
  for (size_t i = 0; i < count; i++) JS_FreeValue(ctx, luggage[i]);
  free(luggage);
  return value;
}
