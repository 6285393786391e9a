// SPDX-License-Identifier: Apache-2.0
//
// What our edits add to the engine's public functions.
#ifndef EJ_QUICKJS_MORE_H
#define EJ_QUICKJS_MORE_H

#include <quickjs.h>

// The continuation data: one value that follows the flow of control through promises and queued
// jobs, as V8's continuation-preserved embedder data does. Whoever calls back later on its own has
// to take and set it itself.
JSValue ej_quickjs_continuation(JSContext *ctx); // owned by the caller
void ej_quickjs_set_continuation(JSContext *ctx, JSValueConst value);

// What WeakRefs were made for or gave back is held until this is called, when a job and all jobs
// that it queued are done.
void ej_quickjs_end_job(JSRuntime *rt);

// What an iterator of a Map or a Set has left, as one array: keys and values in turn when
// `has_pairs`. Undefined for any other object.
JSValue ej_quickjs_iterator_rest(JSContext *ctx, JSValueConst iterator, bool *has_pairs);

// A data property of a plain object whose value `make`, the same function for every one, makes when
// it is first looked at. -1 with an exception pending.
typedef JSValue ej_quickjs_lazy(JSContext *ctx, JSAtom name);
int ej_quickjs_define_lazy(JSContext *ctx, JSValueConst object, JSAtom name, int flags,
                           ej_quickjs_lazy *make);

// What a text of a date with an offset ends with: the name of the time zone at `time`. Set once,
// the same for every runtime; owned by the caller.
typedef JSValue ej_quickjs_zone_namer(JSContext *ctx, double time);
void ej_quickjs_set_zone_namer(ej_quickjs_zone_namer *name);

// A source text that the functions compiled from it share, with the name of its file. It lives as
// long as they do, and until ej_text_free().
typedef struct ej_text ej_text;
ej_text *ej_text_new(JSContext *ctx, const char *filename, size_t size);
char *ej_text_bytes(ej_text *text); // to be filled
void ej_text_free(JSContext *ctx, ej_text *text);
// `options` have JS_EVAL_FLAG_COMPILE_ONLY.
JSValue ej_text_compile(JSContext *ctx, ej_text *text, JSEvalOptions *options);
// Bytecode of what was compiled from a text, without the text and its name: it can be read back for
// an equal text in another place. Freed by js_free().
uint8_t *ej_text_write(JSContext *ctx, size_t *size, JSValueConst code, ej_text *text);
JSValue ej_text_read(JSContext *ctx, ej_text *text, const uint8_t *bytes, size_t size,
                     bool is_module);
// --- Realms --------------------------------------------------------------------------------------

// Puts an object of an exotic class in the place of the context's global object. `var` and function
// declarations are still made on the one before it, which JS_GetGlobalObject() gave. The class's
// get_property answers JS_UNINITIALIZED for what it does not find.
void ej_quickjs_set_global(JSContext *ctx, JSValueConst global);
// An assignment: a property that cannot be set throws in strict code only. Takes `value`.
int ej_quickjs_set_property(JSContext *ctx, JSValueConst object, JSAtom prop, JSValue value);

// The object whose properties are the variables that `let`, `const` and `class` made at the top of
// scripts. Borrowed; only its names may be looked at.
JSValueConst ej_quickjs_lexical_scope(JSContext *ctx);

// Whether the function that runs is strict code.
bool ej_quickjs_is_strict(JSContext *ctx);

// From now on jobs of this context wait in a queue of its own, which only ej_quickjs_run_own_job()
// looks at; its result is JS_ExecutePendingJob()'s.
void ej_quickjs_own_jobs(JSContext *ctx);
int ej_quickjs_run_own_job(JSContext *ctx);

// Code may have a host object, which nested functions share. It decides what `import.meta` and
// `import()` mean in them.
typedef struct ej_quickjs_hooks {
  JSValue (*import_meta)(JSContext *ctx, JSValueConst host);
  JSValue (*import)(JSContext *ctx, JSValueConst host, JSValueConst specifier,
                    JSValueConst options); // a thenable
} ej_quickjs_hooks;
void ej_quickjs_set_hooks(ej_quickjs_hooks hooks); // once, the same for every runtime
// Of code in a context that has none of its own, as what eval() and Function make.
void ej_quickjs_set_realm_host(JSContext *ctx, JSValueConst host);
// `code` is a compiled script or module, or a function.
void ej_quickjs_set_host(JSContext *ctx, JSValueConst code, JSValueConst host);

// The size of the text of the one function in compiled code, `depth` functions deep; 0 when there
// is not just one.
size_t ej_quickjs_only_function(JSValueConst code, int depth);

// The function that runs, borrowed.
JSValueConst ej_quickjs_running(JSContext *ctx);

// --- The heap ------------------------------------------------------------------------------------

// Called when a collection begins and when it has ended, with the bytes that are allocated. It must
// not touch the heap. Set once, the same for every runtime.
typedef void ej_quickjs_collection_hook(JSRuntime *rt, bool begins, size_t allocated);
void ej_quickjs_set_collection_hook(ej_quickjs_collection_hook *hook);
// An array of the objects of the heap that inherit from `proto`, an object.
JSValue ej_quickjs_query_objects(JSContext *ctx, JSValueConst proto);

// --- Values from the inside ----------------------------------------------------------------------

// The text of a string, or of a key that is one, when the engine has it in one piece and in bytes;
// NULL when not. Borrowed.
const uint8_t *ej_quickjs_latin1(JSValueConst string, size_t *length);
const uint8_t *ej_quickjs_key_latin1(JSContext *ctx, JSAtom key, size_t *length);
// Where the stack begins that is measured for its limit: what JS_UpdateStackTop() noted.
uintptr_t ej_quickjs_stack_top(JSRuntime *rt);
void ej_quickjs_set_stack_top(JSRuntime *rt, uintptr_t top);

// Whether a key is an index that the engine keeps as a number.
bool ej_quickjs_key_index(JSAtom key, uint32_t *index);
// Elements and memory of what JS_GetTypedArrayType() knows. False, and nothing, when its memory is
// gone.
bool ej_quickjs_typed_array(JSValueConst array, size_t *length, uint8_t **data);
JSValue ej_quickjs_new_latin1(JSContext *ctx, const uint8_t *bytes, size_t length);
// True for an array of elements only, without a hole.
bool ej_quickjs_is_simple_array(JSValueConst array, uint32_t *length);
// An element of an array that still has its elements in one piece. Borrowed.
bool ej_quickjs_element(JSValueConst array, uint32_t index, JSValue *element);
// CreateDataProperty(array, index, value), quick for the next index. Takes `value`. -1 when it
// threw.
int ej_quickjs_append(JSContext *ctx, JSValueConst array, uint32_t index, JSValue value);

// Who frees and resizes the memory of an ArrayBuffer, and what it is given.
void *ej_quickjs_memory_owner(JSValueConst buffer, JSReallocArrayBufferDataFunc **owner);
// Gives the memory of an ArrayBuffer a new owner, which frees `block` by free() when nobody needs
// it any more. False when the memory is another's, or too small to stay where it is and `may_move`
// is false. The engine knows by itself what it gave.
typedef enum ej_memory_kind {
  EJ_MEMORY_OTHERS,
  EJ_MEMORY_ENGINES,
  EJ_MEMORY_MALLOC
} ej_memory_kind;
bool ej_quickjs_share_memory(JSContext *ctx, JSValueConst buffer, ej_memory_kind kind,
                             bool may_move, JSReallocArrayBufferDataFunc *owner, void *opaque,
                             void **block);

// --- Modules that the embedder links -------------------------------------------------------------

// For JS_Eval2() with JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY: requests are not resolved,
// the loader not asked.
enum { EJ_EVAL_FLAG_UNRESOLVED = 1 << 4 };
int ej_quickjs_requests(JSModuleDef *module);
JSValue ej_quickjs_request(JSContext *ctx, JSModuleDef *module, int index,
                           JSValue *attributes); // both owned
void ej_quickjs_set_request(JSModuleDef *module, int index, JSModuleDef *target);
bool ej_quickjs_has_await(JSModuleDef *module);
// How far the engine is: 0 unlinked, 1 linking, 2 linked, 3 evaluating, 4 waiting for a promise, 5
// evaluated.
int ej_quickjs_module_status(JSModuleDef *module);
// What evaluation threw, owned; JS_UNINITIALIZED when it did not.
JSValue ej_quickjs_module_error(JSModuleDef *module);
// Takes a module that was compiled unresolved, or read from bytecode, away from the engine's
// loader, under a name that nobody asks for; its functions keep theirs.
void ej_quickjs_adopt_module(JSContext *ctx, JSModuleDef *module, const char *name);
// Once every request of the graph is set; -1 with an exception pending.
int ej_quickjs_link(JSContext *ctx, JSModuleDef *module);

#endif
