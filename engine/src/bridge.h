// SPDX-License-Identifier: Apache-2.0
//
// The bridge's own header: what bridge.c and message.c share.
#ifndef EJ_BRIDGE_H
#define EJ_BRIDGE_H

#include "core.h"
#include "internal.h"

// How objects cross to Python. Primitives of the standard library take copies of plain data, and
// views of bytes that are valid during the call; the public API and its callbacks take references
// that stay JavaScript's; a result asked for as data outlives its source, so its bytes are copied
// too.
typedef enum ej_crossing { EJ_BY_VALUE, EJ_BY_REFERENCE, EJ_BY_COPY } ej_crossing;

typedef struct ej_promise {
  uint32_t id;
  JSValue resolve, reject;
} ej_promise;

typedef struct ej_settlement {
  struct ej_settlement *next;
  uint32_t promise;
  int status;
  size_t size;
  char data[];
} ej_settlement;

struct ej_bridge {
  // JavaScript values that Python holds, by number; free slots are JS_UNINITIALIZED and linked by
  // `free`.
  JSValue *held;
  uint32_t *next_free;
  uint32_t held_capacity, free; // free: number + 1, 0 when none
  // Python references whose JavaScript holder died.
  uint32_t *dropped;
  size_t dropped_count, dropped_capacity;
  int copy_depth; // how deep the copy that is being made goes; -1: all the way
  // The message being written.
  char *out;
  size_t out_size, out_capacity;
  // Promises that a Python future will settle, and results that arrived for them from any thread.
  ej_promise *promises;
  size_t promise_count, promise_capacity;
  uv_mutex_t settled_lock;
  ej_settlement *settled, **settled_end;
  uv_async_t settled_signal;
  bool closed;
};

// --- message.c: the encoding ---------------------------------------------------------------------
// A value is a header of two 32-bit numbers, tag and size, and then what the tag says:
enum ej_tag {
  EJ_TAG_UNDEFINED,
  EJ_TAG_NULL,
  EJ_TAG_FALSE,
  EJ_TAG_TRUE,
  EJ_TAG_INT,       // 8 bytes, signed
  EJ_TAG_DOUBLE,    // 8 bytes
  EJ_TAG_STRING,    // `size` bytes of UTF-8
  EJ_TAG_BYTES,     // `size` bytes; to JavaScript, becomes a Uint8Array
  EJ_TAG_BIGINT,    // to Python, `size` hexadecimal digits behind a sign; to JavaScript, `size`
                    // words behind 4 bytes for the sign and 4 of nothing
  EJ_TAG_ARRAY,     // `size` values
  EJ_TAG_OBJECT,    // `size` pairs of a string and a value
  EJ_TAG_REFERENCE, // `size` is the number of a held JavaScript value; to Python, 4 bytes of
                    // ej_kind follow
  EJ_TAG_VIEW,      // 8 bytes of address, 8 of length; in Python it is valid during the call
  EJ_TAG_DATE,      // 8 bytes, double, ms since the epoch
  EJ_TAG_PYTHON,  // `size` is the number of a Python object; to JavaScript, an ej_python_form and a
                  // name string follow
  EJ_TAG_ERROR,   // to JavaScript: `size` is the number of the Python exception, 0 for none; an
                  // OBJECT of properties follows
  EJ_TAG_PROMISE, // to JavaScript: `size` is the number under which a future will settle
  EJ_TAG_SMALL,   // `size` is the number, of 32 bits, signed
  EJ_TAG_SET,     // `size` values
  EJ_TAG_MAP,     // `size` pairs of values
  EJ_TAG_BACK,    // to Python: the collection that was the `size`th to begin in this value
  EJ_TAG_MEMORY,  // to JavaScript: `size` is the number of a Python object that holds on to the
                  // memory; then, 4 bytes each, the type of elements and whether it may not be
                  // written, and 8 bytes each, address and length
};

enum ej_kind {
  EJ_KIND_OBJECT,
  EJ_KIND_FUNCTION,
  EJ_KIND_ARRAY,
  EJ_KIND_PROMISE,
  EJ_KIND_ERROR,
  EJ_KIND_BYTES,
  EJ_KIND_SYMBOL,
  EJ_KIND_MAP,
  EJ_KIND_SET
};

enum ej_operation { EJ_DO_GET, EJ_DO_SET, EJ_DO_CALL, EJ_DO_NEW, EJ_DO_COPY, EJ_DO_RUN };

enum ej_python_form {
  EJ_PYTHON_OBJECT,    // a thing that can be handed back
  EJ_PYTHON_PRIMITIVE, // a function that takes copies
  EJ_PYTHON_CALLABLE,  // a function that takes references
  EJ_PYTHON_SHARED     // an object with Python's properties
};

typedef struct ej_reader {
  const char *at, *end;
} ej_reader;

// Starts a message and returns its place. Messages nest: writing one may run a getter that calls
// Python.
size_t ej_message_begin(ej_isolate *isolate);
// Appends `value`. False with an exception pending when it cannot cross.
bool ej_message_write(ej_isolate *isolate, JSValueConst value, ej_crossing crossing);
// Appends what Python needs to raise `error`: the value, then name, message, stack and code.
void ej_message_write_thrown(ej_isolate *isolate, JSValueConst error);
// Completes the message that began at `start`. Its bytes stay until the next one begins.
void ej_message_end(ej_isolate *isolate, size_t start, int status, ej_message *message);

// Reads the next value; JS_EXCEPTION when the engine ran out of memory.
JSValue ej_message_read(ej_isolate *isolate, ej_reader *reader);

// --- memory.c ------------------------------------------------------------------------------------
// A typed array, or an ArrayBuffer when `type` is -1, over memory that Python object `number`
// keeps.
JSValue ej_memory_from_python(ej_isolate *isolate, uint32_t number, int type, bool read_only,
                              uint8_t *data, size_t size);

// --- python.c, with the GIL taken ----------------------------------------------------------------
// Calls Python object `callee`, or for 0 the loader of bindings. The reply's data is the caller's
// to free.
void ej_python_call(void *host, uint32_t callee, int form, ej_message *arguments,
                    ej_message *reply);

// --- bridge.c ------------------------------------------------------------------------------------
uint32_t ej_bridge_hold(ej_isolate *isolate, JSValueConst value);
JSValue ej_bridge_held(ej_isolate *isolate, uint32_t number);
// Python object `number` is JavaScript's no more. May be called in the middle of a collection.
void ej_bridge_drop(ej_isolate *isolate, uint32_t number);
// A JavaScript object or function that stands for Python object `number`.
JSValue ej_bridge_wrap(ej_isolate *isolate, uint32_t number, int form, const char *name);
// The number of the Python object behind `value`, if it is such a one.
bool ej_bridge_unwrap(ej_isolate *isolate, JSValueConst value, uint32_t *number);
JSValue ej_bridge_promise(ej_isolate *isolate, uint32_t id);
JSValue ej_bridge_error(ej_isolate *isolate, uint32_t number, JSValue properties);

#endif
