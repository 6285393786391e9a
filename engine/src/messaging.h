// SPDX-License-Identifier: Apache-2.0
//
// Values on their way from one isolate to another, and the ports that they go through. A parcel
// belongs to no isolate: any thread may hold, open or drop it.
#ifndef EJ_MESSAGING_H
#define EJ_MESSAGING_H

#include <stdatomic.h>

#include "serialize.h"

// --- Parcels (parcel.c) -------------------------------------------------------------------------

typedef struct ej_port_data ej_port_data;

typedef struct ej_moved { // the memory of an ArrayBuffer that was transferred
  uint8_t *data;          // NULL once a receiver has it
  size_t size, most;      // `most` is 0 unless it is resizable
} ej_moved;

typedef struct ej_shown { // the memory of a SharedArrayBuffer, which the parcel holds too
  void *data;
  size_t size;
} ej_shown;

typedef struct ej_bytes {
  uint8_t *data;
  size_t size;
} ej_bytes;

typedef struct ej_parcel {
  atomic_uint holders;
  ej_bytes value;
  ej_bytes *hosts; // objects with a form of their own, each as [what makes it, data]
  ej_moved *moved;
  ej_shown *shown;
  ej_port_data **ports; // owned; NULL once a receiver has it
  uint32_t host_count, moved_count, shown_count, port_count;
  uint32_t listed_count; // ports that the sender's list has; the others belong to hosts
  bool closes;           // not a message: the other end was closed
} ej_parcel;

enum ej_transfer_mode { EJ_MAY_TRANSFER = 1, EJ_MAY_CLONE = 2 };

typedef struct ej_port ej_port;

// `value` as a parcel with one holder. `transfer` is an array or undefined; what is in it leaves
// the isolate. `source` is the port it will go through, or NULL. NULL with an exception pending:
// then nothing was transferred.
ej_parcel *ej_parcel_pack(ej_isolate *isolate, JSValueConst value, JSValueConst transfer,
                          const ej_port *source);

// The value. With `ports`, an array of the ports that came along too. Transferred memory and ports
// go to the first who opens it.
JSValue ej_parcel_open(ej_isolate *isolate, ej_parcel *parcel, JSValue *ports);

ej_parcel *ej_parcel_hold(ej_parcel *parcel);
void ej_parcel_release(ej_parcel *parcel);

// --- Ports (ports.c) ----------------------------------------------------------------------------

struct ej_port { // a MessagePort of one isolate; lives until its handle is closed
  ej_link in_isolate;
  uv_async_t wake;
  ej_isolate *isolate;
  ej_port_data *data; // NULL once the handle is closed, or it has gone elsewhere
  JSValue object;     // the port keeps it alive
  bool receiving, closing;
};

// The port behind an object of class `port`; NULL for anything else. Its `data` may be NULL.
ej_port *ej_port_of(ej_isolate *isolate, JSValueConst value);
bool ej_is_port(ej_isolate *isolate, JSValueConst value);

// Takes the port out of its isolate: its object is closed, the data the caller's.
ej_port_data *ej_port_detach(ej_port *port);

// A port of this isolate for `data`, which it takes. JS_EXCEPTION drops it.
JSValue ej_port_attach(ej_isolate *isolate, ej_port_data *data);

// Closes what is in no isolate: the other end learns of it.
void ej_port_data_drop(ej_port_data *data);

// True when `data` and `port` are ends of one channel, or the same.
bool ej_port_is_entangled(const ej_port *port, const ej_port_data *data);

// --- What an isolate keeps ----------------------------------------------------------------------

enum ej_messaging_hook {
  EJ_HOOK_CLONE,   // (object) -> [what makes it, data]
  EJ_HOOK_MOVE,    // the same for an object that leaves the isolate
  EJ_HOOK_MAKE,    // (what makes it, data) -> object
  EJ_HOOK_INIT,    // called on a new port
  EJ_HOOK_MESSAGE, // called on a port with (data, ports, type)
  EJ_HOOK_CLOSE,   // called on a port that was closed
  EJ_HOOK_COUNT
};

struct ej_messaging {
  ej_link ports;
  JSClassID port; // class
  JSClassID dom_exception;
  JSValue prototype; // of ports
  JSValue hooks[EJ_HOOK_COUNT];
};

// Throws `new DOMException(text, 'DataCloneError')`; gives JS_EXCEPTION.
JSValue ej_throw_data_clone(ej_isolate *isolate, const char *text);

#endif
