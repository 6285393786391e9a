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

#endif
