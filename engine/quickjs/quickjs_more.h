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

// A source text that the functions compiled from it share, with the name of its file. It lives as
// long as they do, and until ej_text_free().
typedef struct ej_text ej_text;
ej_text *ej_text_new(JSContext *ctx, const char *filename, size_t size);
char *ej_text_bytes(ej_text *text); // to be filled
void ej_text_free(JSContext *ctx, ej_text *text);
JSValue ej_text_eval(JSContext *ctx, ej_text *text, JSEvalOptions *options);
// Bytecode of what was compiled from a text, without the text and its name: it can be read back for
// an equal text in another place. Freed by js_free().
uint8_t *ej_text_write(JSContext *ctx, size_t *size, JSValueConst code, ej_text *text);
JSValue ej_text_read(JSContext *ctx, ej_text *text, const uint8_t *bytes, size_t size);

#endif
