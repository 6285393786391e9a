// SPDX-License-Identifier: Apache-2.0
//
// What the edits of quickjs.c.edits call. Included in the middle of quickjs.c, once its types are
// known.
#ifndef EJ_ADAPTATION_H
#define EJ_ADAPTATION_H

#include "quickjs_more.h"

// --- promises.c ---------------------------------------------------------------------------------
// perform_promise_then() for `await`: with a promise of its own, which the hooks are told of.
static int ej_await_under_hook(JSContext *ctx, JSValueConst promise, JSValueConst *resolve_reject);
// The promise that `await value` waits for. `resolve` is the resolving function of whoever waits.
static JSValue ej_await_value(JSContext *ctx, JSValueConst resolve, JSValueConst value);
// Calls the hooks "before" and "after" of the promise that a reaction settles by `resolve`.
static void ej_reaction_hook(JSContext *ctx, JSPromiseHookType type, JSValueConst resolve);
static void ej_swap_continuation(JSRuntime *rt, JSValue *other);

// --- texts.c ------------------------------------------------------------------------------------
// A function's source: a pointer into the text that is being compiled, a copy of anything else.
static char *ej_source_take(JSContext *ctx, const uint8_t *start, size_t size);
static void ej_source_drop(JSContext *ctx, char *source);
// A compiled function takes and gives back its part of the text.
static void ej_function_share(JSRuntime *rt, JSFunctionBytecode *b);
static void ej_function_free_source(JSRuntime *rt, JSFunctionBytecode *b);

// --- realms.c -----------------------------------------------------------------------------------
// What `var` and function declarations are made on: the global, or what stood there before an
// exotic one.
static JSObject *ej_declarations(JSContext *ctx);
static int ej_define_function(JSContext *ctx, JSAtom prop, JSValueConst function, int flags);
static bool ej_global_finds(JSContext *ctx, JSAtom prop);
static JSContext *ej_job_realm(JSContext *ctx, int argc, JSValueConst *argv);
// The context as a job keeps it, and the queue that its jobs wait in.
static JSContext *ej_job_context(JSContext *ctx);
static struct list_head *ej_jobs(JSContext *ctx);
static void ej_mark_realm(JSRuntime *rt, JSContext *ctx, JS_MarkFunc *mark_func);
static void ej_free_realm(JSContext *ctx);
// What the host answers for `import.meta` and `import()` in the function that runs, or
// JS_UNINITIALIZED.
static JSValue ej_import_meta(JSContext *ctx);
static JSAtom ej_import_base(JSContext *ctx);
static JSValue ej_import(JSContext *ctx, JSValueConst specifier, JSValueConst options);
// --- callsite.c, errors.c ------------------------------------------------------------------------
// Each throws; where flags say whether to throw, the result is -1 or false.
static void ej_put_quoted(JSContext *ctx, DynBuf *out, JSValueConst value);
static JSValue ej_make_error(JSContext *ctx, JSErrorEnum kind, bool add_backtrace, const char *fmt,
                             va_list ap);
static JSValue ej_throw_named(JSContext *ctx, const char *fmt, JSAtom atom);
static JSValue ej_throw_value(JSContext *ctx, const char *before, JSValueConst value,
                              const char *after);
static JSValue ej_throw_not_callable(JSContext *ctx, JSValueConst value);
static JSValue ej_throw_not_constructor(JSContext *ctx, JSValueConst value);
static JSValue ej_throw_class_call(JSContext *ctx, JSValueConst function);
static JSValue ej_throw_not_iterable(JSContext *ctx, JSValueConst value);
static JSValue ej_throw_nullish_object(JSContext *ctx, JSValueConst value);
static JSValue ej_throw_not_an_object(JSContext *ctx);
static JSValue ej_throw_receiver(JSContext *ctx, JSValueConst value, JSClassID class_id);
static JSValue ej_throw_in_operand(JSContext *ctx, JSValueConst key, JSValueConst object);
static void ej_throw_missing_key(JSContext *ctx, JSAtom name);
static JSValue ej_throw_revoked(JSContext *ctx, JSAtom trap);
static int ej_throw_read_only(JSContext *ctx, int flags, JSValueConst object, JSAtom name);
static int ej_throw_no_setter(JSContext *ctx, int flags, JSValueConst object, JSAtom name);
static int ej_throw_primitive(JSContext *ctx, int flags, JSValueConst value, JSAtom name);
static int ej_throw_not_extensible(JSContext *ctx, int flags, JSAtom name, bool defines);
static int ej_throw_not_configurable(JSContext *ctx, int flags, JSAtom name);
static int ej_throw_not_deletable(JSContext *ctx, int flags, JSValueConst object, JSAtom name);
static int ej_throw_falsish_trap(JSContext *ctx, int flags, const char *trap, JSAtom name);

// --- syntax.c -----------------------------------------------------------------------------------
struct JSParseState;

static void ej_throw_syntax_error(struct JSParseState *s, const char *fmt, va_list ap);
static int ej_parse_argument_end(struct JSParseState *s);
static void ej_throw_regexp(JSContext *ctx, const char *pattern, JSValueConst flags,
                            const char *reason);
static bool ej_is_empty(JSValueConst object);
static void ej_throw_json_token(struct JSParseState *s, const uint8_t *at);
static void ej_throw_circular(JSContext *ctx, JSValueConst stack, JSValueConst value);
static bool ej_store_plain_stack(JSContext *ctx, JSValueConst error, const char *filename, int line,
                                 int column, int flags);

// --- atomics.c ----------------------------------------------------------------------------------
// Atomics.wait's waiting: 0 when notified, -1 after `timeout` ms, -2 when it has to stop.
static int ej_atomics_wait(JSContext *ctx, js_cond_t *cond, js_mutex_t *mutex, bool *linked,
                           int64_t timeout);

// --- heap.c -------------------------------------------------------------------------------------
static void ej_tell_of_collection(JSRuntime *rt, bool begins);

// --- values.c -----------------------------------------------------------------------------------
static uint32_t ej_hash_number(uint32_t bits);

// --- lazy.c -------------------------------------------------------------------------------------
static bool ej_is_lazy(const JSProperty *pr);
static int ej_make_lazy(JSContext *ctx, JSObject *p, JSAtom name, JSProperty *pr);

// --- sorting.c ----------------------------------------------------------------------------------

typedef int ej_slot_order(const void *one, const void *other, void *opaque);
static void ej_sort_slots(void *slots, size_t count, ej_slot_order *order, void *opaque);

// --- dead_zones.c -------------------------------------------------------------------------------
struct JSFunctionDef;
static void ej_note_initialized(struct JSFunctionDef *s, int index);
static bool ej_use_is_checked(struct JSFunctionDef *s, int index);
static bool ej_has_dead_zone(const struct JSFunctionDef *s, int index);

// --- dates.c ------------------------------------------------------------------------------------
static void ej_throw_not_a_date(JSContext *ctx, JSValueConst value);
static JSValue ej_with_zone(JSContext *ctx, JSValueConst date, JSValue text);

// --- weak.c -------------------------------------------------------------------------------------
struct JSWeakRefData;
static bool ej_keep_during_job(JSContext *ctx, struct JSWeakRefData *ref);

#endif
