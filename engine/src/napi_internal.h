// SPDX-License-Identifier: Apache-2.0
//
// What the files napi_*.c and meta.c share: native data on objects, references, functions, and the
// uniform ways to fail. Nothing outside of these files includes it.
#ifndef EJ_NAPI_INTERNAL_H
#define EJ_NAPI_INTERNAL_H

#include "internal.h"

// --- Rings --------------------------------------------------------------------------------------
// An intrusive list: a ring of links with a sentinel that belongs to the list's owner.

typedef struct ej_link {
  struct ej_link *previous;
  struct ej_link *next;
} ej_link;

static inline void ej_ring_init(ej_link *ring) { ring->previous = ring->next = ring; }

static inline bool ej_ring_empty(const ej_link *ring) { return ring->next == ring; }

// Puts `link` before `position`; before the sentinel is the end of the list.
static inline void ej_ring_insert(ej_link *position, ej_link *link) {
  link->previous = position->previous;
  link->next = position;
  position->previous->next = link;
  position->previous = link;
}

// Leaves `link` as a ring of its own, so removing it twice is harmless.
static inline void ej_ring_remove(ej_link *link) {
  link->previous->next = link->next;
  link->next->previous = link->previous;
  ej_ring_init(link);
}

#define EJ_CONTAINER(link, type, member) ((type *)(void *)((char *)(link) - offsetof(type, member)))

// --- Native data on an object (meta.c) ----------------------------------------------------------

typedef struct ej_reference ej_reference;
typedef struct ej_class ej_class;

// What natives attached to one object. Dies with the object.
struct ej_meta {
  ej_link weak; // the weak references whose target this is, oldest first (ej_reference.in_target)
  ej_reference *wrap; // the reference that napi_wrap made, or NULL
  ej_class *klass;    // the class whose constructor made the object, or NULL; counted
  bool tagged;
  napi_type_tag tag;
};

// The meta of an object or symbol, made when absent and `create`. NULL when absent, or, with an
// exception pending, when it could not be made.
ej_meta *ej_meta_of(ej_isolate *isolate, JSValueConst target, bool create);

// An object of class `instance` with the prototype of `new_target`. JS_EXCEPTION if that throws.
JSValue ej_instance_new(ej_isolate *isolate, JSValueConst new_target, ej_class *klass);

// The class whose constructor made `value`; NULL for everything else.
ej_class *ej_instance_class(ej_isolate *isolate, JSValueConst value);

// A class made by napi_define_class: an identity, held by its constructor, methods and instances.
struct ej_class {
  uint32_t refcount;
};

void ej_class_unref(ej_class *klass);

void ej_meta_init(ej_isolate *isolate);
void ej_meta_free(ej_isolate *isolate);

// An external value's own data. `value` first: napi_get_value_external is a hot path.
typedef struct ej_external {
  void *value;
  ej_meta meta;
} ej_external;

// --- References and finalizers (napi_reference.c) -----------------------------------------------

typedef enum ej_ownership {
  EJ_OWNED_BY_RUNTIME, // deletes itself after its finalizer
  EJ_OWNED_BY_USER,    // lives until napi_delete_reference
} ej_ownership;

struct ej_reference {
  ej_link in_env;    // the isolate's list, or its list of what outlived its env
  ej_link in_target; // weak: the target's list; target dead: the isolate's queue of finalizers
  napi_env env;
  JSValue value; // owned when `holds`; borrowed when weak; JS_UNINITIALIZED when the target is gone
  bool holds;
  bool can_be_weak;
  bool is_registered; // a symbol of the global registry: never collected, always held
  bool is_memory;     // stands for an external buffer's memory: runs when the memory is released
  bool is_basic;      // its finalizer runs in the collection, whatever the env's version
  bool released;      // memory: the engine let go of it
  bool finalized;     // memory: the finalizer ran or is queued
  ej_ownership ownership;
  uint32_t count;
  ej_meta *wraps;         // the meta whose `wrap` this is, or NULL
  napi_finalize finalize; // may be NULL
  void *data;
  void *hint;
};

// Makes a reference to `value`. NULL with an exception pending when out of memory.
ej_reference *ej_reference_new(napi_env env, JSValueConst value, uint32_t count,
                               ej_ownership ownership, napi_finalize finalize, void *data,
                               void *hint);

// Unlinks and frees; the finalizer, even a queued one, will not run.
void ej_reference_delete(ej_isolate *isolate, ej_reference *reference);

// Called by meta.c for each weak reference of a dying object, already unlinked from it.
void ej_reference_target_died(ej_reference *reference);

// Frees what outlived its env. The envs are gone, no finalizer runs.
void ej_references_free(ej_isolate *isolate);

// Makes the finalizer of an external buffer's memory. The caller links it to the buffer afterwards.
ej_reference *ej_memory_new(napi_env env, napi_finalize finalize, void *data, void *hint);

// Lets the finalizer run as soon as JavaScript may run. Callable during a collection.
void ej_memory_release(ej_reference *memory);

// Notes which ArrayBuffer shows the memory, so that tearing down the env detaches it. False with an
// exception pending.
bool ej_memory_shown_by(ej_reference *memory, JSValueConst buffer);

// --- Functions (napi_function.c) ----------------------------------------------------------------

// What a napi_callback_info points at; lives on the stack of the call.
struct napi_callback_info__ {
  ej_isolate *isolate;
  void *data;
  JSValueConst *argv;
  int argc;
  JSValue this_value; // borrowed
  JSValue new_target; // borrowed; JS_UNDEFINED when called without `new`
  JSValue *keeps;     // the function's own
};

enum ej_function_kind {
  EJ_FUNCTION_PLAIN,       // has a `prototype`, made on first use
  EJ_FUNCTION_BUILTIN,     // has none, and cannot construct
  EJ_FUNCTION_CONSTRUCTOR, // of napi_define_class: `prototype` is an own property from the start
};

void ej_function_init(ej_isolate *isolate);

// A handle that needs no slot and is never freed.
napi_value ej_undefined(void);

// A function object that calls `callback`. `name` is consumed; `klass` is the class that a
// constructor makes, or the one that a method asks of its receiver; counted up by the function.
JSValue ej_function_new(napi_env env, JSValue name, napi_callback callback, void *data,
                        enum ej_function_kind kind, ej_class *klass);

// --- What one isolate keeps for Node-API --------------------------------------------------------

enum ej_atom_index {
  EJ_ATOM_LENGTH,
  EJ_ATOM_NAME,
  EJ_ATOM_PROTOTYPE,
  EJ_ATOM_CONSTRUCTOR,
  EJ_ATOM_CODE,
  EJ_ATOM_COUNT
};

enum ej_intrinsic { // functions that scripts may replace on the global object, kept as they were
  EJ_ERROR,
  EJ_TYPE_ERROR,
  EJ_RANGE_ERROR,
  EJ_SYNTAX_ERROR,
  EJ_UINT8_ARRAY,
  EJ_INTRINSIC_COUNT
};

enum ej_lazy_intrinsic { // as above, but rarely needed: looked up on first use
  EJ_BIGINT,
  EJ_BIGINT_AS_INT_N,
  EJ_BIGINT_TO_STRING,
  EJ_DATA_VIEW,
  EJ_VIEW_BUFFER,
  EJ_VIEW_BYTE_LENGTH,
  EJ_VIEW_BYTE_OFFSET,
  EJ_ARRAY_BUFFER_OF,
  EJ_ARRAY_LENGTH_OF,
  EJ_DATE_GET_TIME,
  EJ_SHARED_ARRAY_BUFFER,
  EJ_SYMBOL,
  EJ_SYMBOL_FOR,
  EJ_SYMBOL_KEY_FOR,
  EJ_ARRAY_BUFFER,
  EJ_MAP,
  EJ_MAP_FOR_EACH,
  EJ_MAP_SET,
  EJ_SET,
  EJ_SET_FOR_EACH,
  EJ_SET_ADD,
  EJ_REGEXP,
  EJ_REGEXP_SOURCE,
  EJ_REGEXP_FLAGS,
  EJ_NUMBER_VALUE_OF,
  EJ_STRING_VALUE_OF,
  EJ_BOOLEAN_VALUE_OF,
  EJ_BIGINT_VALUE_OF,
  EJ_ERROR_CLASS,
  EJ_EVAL_ERROR_CLASS,
  EJ_RANGE_ERROR_CLASS,
  EJ_REFERENCE_ERROR_CLASS,
  EJ_SYNTAX_ERROR_CLASS,
  EJ_TYPE_ERROR_CLASS,
  EJ_URI_ERROR_CLASS,
  EJ_DOM_EXCEPTION,
  EJ_LAZY_COUNT
};

// Classes of the engine that its C interface cannot ask for.
enum ej_wrapper {
  EJ_WRAPPER_NUMBER,
  EJ_WRAPPER_STRING,
  EJ_WRAPPER_BOOLEAN,
  EJ_WRAPPER_BIGINT,
  EJ_WRAPPER_ARGUMENTS,
  EJ_WRAPPER_MAPPED_ARGUMENTS,
  EJ_WRAPPER_COUNT
};

struct ej_napi {
  ej_link references; // all of the isolate (in_env): newest first
  JSAtom atoms[EJ_ATOM_COUNT];
  JSValue intrinsics[EJ_INTRINSIC_COUNT];
  JSValue lazy[EJ_LAZY_COUNT];
  JSValue buffer_target; // new.target for a Uint8Array with Buffer.prototype; undefined until known
  uint32_t depth;        // of calls into natives
  JSClassID shared_array_buffer; // class id of the engine
  JSClassID wrappers[EJ_WRAPPER_COUNT];
  ej_link finalizers; // references (in_target) whose finalizer shall run, in order
  bool finalizers_scheduled;
  ej_link orphans;          // references of the user's (in_env) whose env is torn down
  ej_link deferreds;        // promises not concluded yet
  napi_env finalizing;      // the env whose references are being torn down
  int64_t external_memory;  // bytes, as told by napi_adjust_external_memory
  int64_t collected_memory; // the same at the last collection it caused
  struct ej_key *keys;      // napi_key.c; NULL until needed
};

// Borrowed. JS_EXCEPTION, with the exception pending, when the engine cannot find it.
// A BigInt of `count` words, the least significant first.
JSValue ej_bigint_from_words(ej_isolate *isolate, bool negative, const uint64_t *words,
                             size_t count);
// What gives ArrayBuffers of Node-API their memory: the engine's own, by another name.
void *ej_engine_memory(JSRuntime *rt, void *opaque, void *data, size_t size);
// The same of memory that came from malloc().
void *ej_raw_memory(JSRuntime *rt, void *opaque, void *data, size_t size);
JSValueConst ej_lazy_intrinsic(ej_isolate *isolate, enum ej_lazy_intrinsic which);

// --- Failing ------------------------------------------------------------------------------------

// GET_RETURN_STATUS: for functions that began with NAPI_PREAMBLE.
static inline napi_status ej_status(napi_env env) {
  if (JS_HasException(env->isolate->ctx)) return ej_set_error(env, napi_pending_exception);
  return napi_ok;
}

// The status of a failed call after NAPI_PREAMBLE: pending_exception if it threw, else `status`.
static inline napi_status ej_status_or(napi_env env, napi_status status) {
  return ej_set_error(env, JS_HasException(env->isolate->ctx) ? napi_pending_exception : status);
}

// For functions that must not throw: drops what the engine just threw (out of memory).
static inline napi_status ej_fail_quietly(napi_env env, napi_status status) {
  JS_FreeValue(env->isolate->ctx, JS_GetException(env->isolate->ctx));
  return ej_set_error(env, status);
}

// For a look that may throw, in functions that may be called with an exception pending.
static inline JSValue ej_set_aside(JSContext *ctx) {
  return JS_GetException(ctx); // JS_UNINITIALIZED when there is none
}
static inline void ej_put_back(JSContext *ctx, JSValue pending) {
  JS_FreeValue(ctx, JS_GetException(ctx));
  if (!JS_IsUninitialized(pending)) JS_Throw(ctx, pending);
}

#define CHECK_VALUE_WITH_PREAMBLE(env, value, status)                                              \
  do {                                                                                             \
    if (JS_IsException(value)) return ej_status_or((env), (status));                               \
  } while (0)
#define STATUS_CALL(call)                                                                          \
  do {                                                                                             \
    napi_status status_ = (call);                                                                  \
    if (status_ != napi_ok) return status_;                                                        \
  } while (0)

// ToObject. Objects are borrowed from their handle, wrappers of primitives get one.
bool ej_box(napi_env env, JSValueConst *value);
#define CHECK_TO_OBJECT(env, result, source, status)                                               \
  do {                                                                                             \
    CHECK_ARG((env), (source));                                                                    \
    (result) = ej_value(source);                                                                   \
    if (!JS_IsObject(result) && !ej_box((env), &(result))) return ej_set_error((env), (status));   \
  } while (0)

// --- Strings (napi_string.c) --------------------------------------------------------------------

// Invalid UTF-8 becomes U+FFFD as in WHATWG's decoder. JS_EXCEPTION: too long, or out of memory.
JSValue ej_string_from_utf8(JSContext *ctx, const char *string, size_t length);

JSValue ej_string_from_latin1(JSContext *ctx, const char *string, size_t length);
JSValue ej_string_from_utf16(JSContext *ctx, const char16_t *string, size_t length);

// The same as a property key; JS_ATOM_NULL for JS_EXCEPTION.
JSAtom ej_atom_from_utf8(JSContext *ctx, const char *string, size_t length);

// --- Keys out of C strings (napi_key.c) ---------------------------------------------------------

// The property that `name` names; owned. JS_ATOM_NULL or JS_EXCEPTION: too long, or out of memory.
JSAtom ej_key_atom(ej_isolate *isolate, const char *name);
JSValue ej_key_value(ej_isolate *isolate, const char *name);

void ej_keys_free(ej_isolate *isolate);

// CHECK_NEW_FROM_UTF8_LEN: the argument checks for a name.
static inline bool ej_name_valid(const char *name, size_t length) {
  return name != NULL && (length == NAPI_AUTO_LENGTH || length <= INT32_MAX);
}

// --- Buffers (napi_arraybuffer.c, napi_shared.c, napi_view.c) -----------------------------------

void ej_shared_init(ej_isolate *isolate);
// One more and one less holder of the bytes of a SharedArrayBuffer. From any thread.
void ej_shared_hold(void *data);
void ej_shared_release(void *data);
bool ej_is_shared_array_buffer(ej_isolate *isolate, JSValueConst value);
bool ej_is_any_array_buffer(ej_isolate *isolate, JSValueConst value);

// False, with NULL and 0, when the buffer is detached. Throws nothing.
bool ej_array_buffer_bytes(JSContext *ctx, JSValueConst buffer, uint8_t **data, size_t *size);

// An ArrayBuffer over the native's memory. JS_EXCEPTION when out of memory.
JSValue ej_external_array_buffer(napi_env env, void *data, size_t length,
                                 node_api_basic_finalize finalize_cb, void *hint);

// What a typed array or DataView shows; all zero when its buffer is detached.
typedef struct ej_view {
  JSValue buffer; // owned by the receiver
  uint8_t *data;
  size_t offset;
  size_t length; // elements
  size_t byte_length;
} ej_view;

// Stands for NULL, which the engine has no buffer of.
extern uint8_t ej_no_memory;
static inline void *ej_address(uint8_t *data) { return data == &ej_no_memory ? NULL : data; }

// False when `value` is neither. Throws nothing.
bool ej_look_into_view(ej_isolate *isolate, JSValueConst value, ej_view *view);

// --- Promises (napi_promise.c) ------------------------------------------------------------------

void ej_deferreds_free(ej_isolate *isolate);

// --- Objects (napi_define.c) --------------------------------------------------------------------

// Defines what `property` describes on `object`, as napi_define_properties does (methods without a
// receiver check when `klass` is NULL).
napi_status ej_define_property(napi_env env, JSValueConst object,
                               const napi_property_descriptor *property, ej_class *klass);

#endif
