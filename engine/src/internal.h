// SPDX-License-Identifier: Apache-2.0
//
// The QuickJS-NG adapter's private header: the isolate, handles, and what one file of engine/src
// offers the others. Nothing outside engine/ includes it.
#ifndef EJ_INTERNAL_H
#define EJ_INTERNAL_H

#include <stdatomic.h>
#include <string.h>

#include <quickjs.h>

#include "ej_engine.h"
#include "env.h"

// --- Handles -------------------------------------------------------------------------------------
// A napi_value points at a JSValue. Usually it is a slot of the isolate's arena, which owns the
// value until its scope closes; inside a callback it may be the engine's own argument slot.

enum { EJ_ARENA_CHUNK = 510 };

typedef struct ej_arena_chunk {
  struct ej_arena_chunk *previous;
  struct ej_arena_chunk *next; // kept for reuse once allocated
  JSValue slots[EJ_ARENA_CHUNK];
} ej_arena_chunk;

typedef struct ej_arena {
  JSValue *top;   // next free slot
  JSValue *limit; // end of the current chunk
  ej_arena_chunk *chunk;
  // What the scope that an addon closed last had, kept a little: see ej_arena_close.
  JSValue *kept; // owned; of EJ_ARENA_CHUNK, NULL before the first
  size_t kept_count;
  JSValue *kept_slots; // where they were, and still can be seen
  ej_arena_chunk *kept_chunk;
} ej_arena;

// A position in the arena. Closing frees every slot above it.
typedef struct ej_mark {
  JSValue *top;
  ej_arena_chunk *chunk;
} ej_mark;

// --- The isolate ---------------------------------------------------------------------------------

enum ej_hidden {            // properties that JavaScript cannot see: keys are private symbols
  EJ_HIDDEN_NODE_ERROR,     // the code shown in an error's stack header
  EJ_HIDDEN_PYTHON,         // the number of the Python exception that an Error stands for
  EJ_HIDDEN_TRANSFER_MODE,  // how an object may leave the isolate: ej_transfer_mode
  EJ_HIDDEN_UNTRANSFERABLE, // markAsUntransferable was called for it
  EJ_HIDDEN_COUNT
};

enum { EJ_PROMISE_HOOKS = JS_PROMISE_HOOK_RESOLVE + 1 };

typedef struct ej_deferred {
  struct ej_deferred *next;
  void (*run)(void *data);
  void *data;
} ej_deferred;

typedef struct ej_classes {
  JSClassID function; // functions made by napi_create_function and napi_define_class
  JSClassID instance; // objects made by the constructors of napi_define_class
  JSClassID external; // napi_create_external
  JSClassID meta;     // value in `metas`: carries wrap, type tag and weak references of any object
  JSClassID module_namespace; // `import * as x`; known once an ES module is about to load
  JSClassID plain;            // the engine's own class of `{}`
  JSClassID python;           // a Python object seen from JavaScript
  JSClassID python_function;  // the same, callable
  JSClassID serializer;       // of internalBinding('serdes'), once it is loaded
  JSClassID deserializer;
  JSClassID realm; // of vm: 0 until there is one, as the three below (realm.h)
  JSClassID realm_global;
  JSClassID script;
  JSClassID vm_module;
} ej_classes;

typedef struct ej_entry { // python.c; guarded by the GIL
  unsigned long owner;    // the only thread that may enter; 0 for any
  unsigned long thread;   // that is inside, while `depth` is not 0
  int depth;
  int generation; // of the process that made the isolate: forks count
} ej_entry;

struct ej_isolate {
  JSRuntime *rt;
  JSContext *ctx;
  ej_arena arena;
  ej_classes classes;
  JSAtom hidden[EJ_HIDDEN_COUNT];
  JSValue metas;     // WeakMap object -> object of class `meta`
  JSValue metas_get; // the intrinsic WeakMap.prototype.get and .set, unreachable for scripts
  JSValue metas_set;
  napi_env root_env;
  napi_env envs;           // newest first
  uint64_t born;           // uv_hrtime at birth, ns
  uint64_t engine_started; // uv_hrtime when the engine was asked for
  uint64_t ready;          // uv_hrtime when all but JavaScript was there
  void *host;              // the Python object that stands for it, borrowed
  ej_entry python;
  JSValue internal_require; // exported by the bootstrap: the builtins' own require
  JSValue lazy_globals;     // makes the values of lazy globals
  JSValue zone_namer;       // names the time zone of a date
  JSValue stack_mapper;     // frames of a stack to what they are by source maps, else undefined
  JSValue fatal_handler;    // what the bootstrap registered for errors that nobody caught
  JSValue permits;          // what primitives ask (permissions.c); undefined when all is allowed
  JSValue buffer_prototype; // Buffer.prototype once `buffer` has loaded, else undefined
  JSValue promise_hooks[EJ_PROMISE_HOOKS]; // by JSPromiseHookType; undefined for none

  // termination
  bool terminating; // no JavaScript may start; set by process.exit and by limits
  int stop;         // why: EJ_STATUS_EXITED, _TIMED_OUT or _INTERRUPTED; EJ_STATUS_OK while it runs
  size_t stack_size;          // that JavaScript may use at most
  atomic_bool stop_requested; // by another thread
  bool ends_when_full, out_of_memory;
  size_t memory_limit;           // of the heap, and once more of `outside`; 0 for none
  size_t outside;                // bytes of Buffers and SharedArrayBuffers that are not the heap's
  int entries;                   // calls from outside that have not returned
  uint64_t time_limit, deadline; // ns; 0 for none
  bool watch_signals;
  uint64_t signals_checked; // uv_hrtime of the last look, ns
  bool freeing;
  int exit_code;
  JSValue async_listeners[EJ_ASYNC_EVENTS]; // undefined before
  JSValue host_hooks[2]; // importMeta and importDynamically of internal/vm/hosts; undefined before
  struct ej_limits *limits; // of the evaluations that are under way, innermost first (limits.c)

  // loop.c
  uv_loop_t loop;
  struct ej_loop *tasks; // timers, immediates, ticks, deferred natives
  int callback_depth;

  struct ej_napi *napi;       // napi_internal.h
  struct ej_modules *modules; // modules.c
  struct ej_code_cache *code_cache;

  // bridge.c
  struct ej_bridge *bridge;

  struct ej_heap *heap; // heap.c; NULL until somebody asks

  struct ej_messaging *messaging; // messaging.h; NULL until a script needs it
};

static inline ej_isolate *ej_isolate_of(JSContext *ctx) { return JS_GetContextOpaque(ctx); }

// arena.c
void ej_arena_init(ej_arena *arena);
void ej_arena_free(ej_isolate *isolate);
// Cold: making a handle is quicker where they are not compiled in.
__attribute__((cold, noinline)) void ej_arena_grow(ej_arena *arena);
__attribute__((cold, noinline)) void ej_arena_release_slow(ej_isolate *isolate, ej_mark mark);
// The chunk that holds `slot`; NULL when its scope is closed already.
ej_arena_chunk *ej_arena_chunk_of(const ej_arena *arena, const JSValue *slot);

static inline ej_mark ej_arena_mark(const ej_isolate *isolate) {
  return (ej_mark){isolate->arena.top, isolate->arena.chunk};
}

// Empties the newest slot. A native that still has its handle reads undefined.
static inline void ej_arena_pop(ej_isolate *isolate) {
  JSValue *slot = --isolate->arena.top, value = *slot;
  *slot = JS_UNDEFINED;
  JS_FreeValue(isolate->ctx, value);
}

// Ends a scope that the addon closed. Addons return handles of scopes that they have closed, and
// get away with it in Node, where a closed scope's slots are as they were until other handles take
// their places. So the values of the newest closed scope live until the next one is closed or the
// callback has returned.
void ej_arena_close(ej_isolate *isolate, ej_mark mark);
void ej_arena_drop_kept(ej_isolate *isolate);

static inline void ej_arena_release(ej_isolate *isolate, ej_mark mark) {
  if (isolate->arena.kept_count != 0) ej_arena_drop_kept(isolate);
  if (mark.chunk != isolate->arena.chunk) {
    ej_arena_release_slow(isolate, mark);
    return;
  }
  while (isolate->arena.top > mark.top) ej_arena_pop(isolate);
}

// Takes ownership of `value`.
static inline napi_value ej_handle(ej_isolate *isolate, JSValue value) {
  ej_arena *arena = &isolate->arena;
  if (__builtin_expect(arena->top == arena->limit, 0)) ej_arena_grow(arena);
  *arena->top = value;
  return (napi_value)arena->top++;
}

// Borrowed: valid as long as the handle is.
static inline JSValueConst ej_value(napi_value handle) { return *(const JSValue *)handle; }

// --- Exceptions ----------------------------------------------------------------------------------
// The pending exception of Node-API is the engine's own: JS_HasException(ctx).

// NAPI_PREAMBLE's condition: may this call run JavaScript now?
#define NAPI_PREAMBLE(env)                                                                         \
  do {                                                                                             \
    CHECK_ENV_NOT_IN_GC(env);                                                                      \
    if (JS_HasException((env)->isolate->ctx)) return ej_set_error((env), napi_pending_exception);  \
    if ((env)->isolate->terminating || (env)->isolate->freeing || (env)->torn_down)                \
      return ej_set_error((env), (env)->module_api_version >= 10 ? napi_cannot_run_js              \
                                                                 : napi_pending_exception);        \
    ej_clear_error(env);                                                                           \
  } while (0)

// --- Native data on JavaScript objects (meta.c) --------------------------------------------------

// What natives attached to one object: wrap, type tag, weak references (napi_internal.h).
typedef struct ej_meta ej_meta;

// Registers the classes and intrinsics that Node-API needs; called once per isolate.
void ej_napi_init(ej_isolate *isolate);
// After the envs are torn down, before the context is freed.
void ej_napi_free(ej_isolate *isolate);

// --- Running (isolate.c, loop.c) -----------------------------------------------------------------

void ej_loop_init(ej_isolate *isolate);
void ej_loop_milestones(ej_isolate *isolate, uint64_t *began, uint64_t *ended);
void ej_loop_close_tasks(ej_isolate *isolate);
bool ej_loop_free(ej_isolate *isolate);
// Ticks, promise jobs and rejections.
void ej_loop_drain(ej_isolate *isolate);
// Takes the pending exception to 'uncaughtException'.
void ej_isolate_uncaught(ej_isolate *isolate);
// For a hook that threw in the middle of the engine's work: true, and the exception is gone, if it
// found no room on the stack. The code that went too deep will find none either, and gets the error
// where it can catch it.
bool ej_drop_stack_overflow(JSContext *ctx);
void ej_isolate_report(ej_isolate *isolate, JSValueConst error, bool from_promise);
// An entry from outside. The outermost one starts the clock, and makes an isolate usable again that
// was stopped but has not ended. Leaving gives `status`, or why the isolate was stopped.
void ej_isolate_enter(ej_isolate *isolate);
int ej_isolate_leave(ej_isolate *isolate, int status);
// Looks at the limits and at Python's signals; true when the isolate has to stop now.
bool ej_isolate_check(ej_isolate *isolate);
// Whether a limit of an evaluation that is under way is reached: it has to stop now (limits.c).
bool ej_limits_reached(ej_isolate *isolate);
// Counts memory outside of the heap. False, and nothing is counted, when it is too much.
static inline bool ej_outside_take(ej_isolate *isolate, size_t size) {
  size_t most = isolate->memory_limit;
  if (most != 0 && (isolate->outside > most || size > most - isolate->outside)) return false;
  isolate->outside += size;
  return true;
}
static inline void ej_outside_give(ej_isolate *isolate, size_t size) { isolate->outside -= size; }
// Ends execution: every JavaScript frame unwinds, no handler sees it. Returns JS_EXCEPTION.
JSValue ej_isolate_terminate(ej_isolate *isolate, int exit_code);

// --- The bridge to Python (bridge.c, message.c) --------------------------------------------------

void ej_bridge_init(ej_isolate *isolate);
// Makes the loop look at what other threads want. From any thread.
void ej_bridge_wake(ej_isolate *isolate);
// No more results are taken from other threads.
void ej_bridge_close(ej_isolate *isolate);
void ej_bridge_free(ej_isolate *isolate);
// internalBinding(name) for a name that C does not know: asks Python.
JSValue ej_bridge_binding(ej_isolate *isolate, JSValueConst name);

// Lets Python's signal handlers run; true when one raised (python.c).
bool ej_python_signals(void *host);
// How often this process was forked off another one: what an isolate's `python.generation` begins
// as.
int ej_python_generation(void);

// promise_hooks.c
void ej_promise_hooks_init(ej_isolate *isolate);
void ej_promise_hooks_free(ej_isolate *isolate);

// --- Errors and their stacks (stack.c) -----------------------------------------------------------

// Gives Error.prototype.stack and Error.captureStackTrace V8's header line.
void ej_stack_init(JSContext *ctx);
// Shows `code` of an error made by Node's own modules or primitives in its header: `TypeError
// [ERR_X]: message`.
void ej_stack_mark_node_error(ej_isolate *isolate, JSValueConst error);

// --- ES modules (modules.c) ----------------------------------------------------------------------

typedef struct ej_modules ej_modules;
void ej_modules_init(ej_isolate *isolate);
void ej_modules_free(ej_isolate *isolate);
// A module whose exports, an array of names, are set by JavaScript when `evaluate` is called. NULL
// with an exception pending.
JSModuleDef *ej_new_synthetic_module(JSContext *ctx, const char *name, JSValueConst names,
                                     JSValueConst evaluate);

// --- Scripts (scripts.c) -------------------------------------------------------------------------

// The bytecode of a script or of a module that is not linked, as an ArrayBuffer of `ctx`.
JSValue ej_bytecode_of(JSContext *ctx, JSValueConst code);

// --- Messages between isolates (parcel.c, ports.c) -----------------------------------------------

// Closes every port, so that those at the other ends learn of it; then frees what is kept.
void ej_ports_close(ej_isolate *isolate);
void ej_messaging_free(ej_isolate *isolate);

// What heap.c noted. After the heap is gone.
void ej_heap_free(ej_isolate *isolate);

// --- The cache of compiled code (code_cache.c, code_cache.h) -------------------------------------

typedef struct ej_code_cache ej_code_cache;
void ej_code_cache_init(ej_isolate *isolate);
void ej_code_cache_free(ej_isolate *isolate);

// --- Builtins and bindings -----------------------------------------------------------------------

// Runs the first builtin, internal/bootstrap; the embedder's functions that it exports, or
// JS_EXCEPTION.
JSValue ej_bootstrap(ej_isolate *isolate);
// Evaluates builtin `id` (node/js/, loader/js/) through the internal require; exports or
// JS_EXCEPTION.
JSValue ej_require_builtin(ej_isolate *isolate, const char *id);
// The internalBinding function itself.
JSValue ej_bindings_function(ej_isolate *isolate);

// Each returns a fresh object or JS_EXCEPTION.
JSValue ej_binding_async_wrap(ej_isolate *isolate);
JSValue ej_binding_builtins(ej_isolate *isolate);
JSValue ej_binding_code_cache(ej_isolate *isolate);
JSValue ej_binding_contextify(ej_isolate *isolate);
JSValue ej_binding_errors(ej_isolate *isolate);
JSValue ej_binding_heap(ej_isolate *isolate);
JSValue ej_binding_messaging(ej_isolate *isolate);
JSValue ej_binding_modules(ej_isolate *isolate);
void ej_note_process_start(void); // once; what is later counts from the first call
JSValue ej_binding_process_methods(ej_isolate *isolate);
JSValue ej_binding_realms(ej_isolate *isolate);
JSValue ej_binding_scripts(ej_isolate *isolate);
JSValue ej_binding_serdes(ej_isolate *isolate);
JSValue ej_binding_stdio(ej_isolate *isolate);
JSValue ej_binding_task_queue(ej_isolate *isolate);
JSValue ej_binding_timers(ej_isolate *isolate);
JSValue ej_binding_util(ej_isolate *isolate);
JSValue ej_binding_vm_modules(ej_isolate *isolate);

JSValue ej_binding_object(JSContext *ctx, const JSCFunctionListEntry *functions, int count);
#define EJ_BINDING_OBJECT(ctx, functions)                                                          \
  ej_binding_object((ctx), (functions), (int)(sizeof(functions) / sizeof(*(functions))))

#endif
