// SPDX-License-Identifier: Apache-2.0
//
// Contexts of `vm` and what runs in them. Shared by realm.c, contextify.c and vm_modules.c.
#ifndef EJ_REALM_H
#define EJ_REALM_H

#include "internal.h"

#include "quickjs_more.h"

typedef struct ej_realm {
  JSContext *ctx; // alive as long as `keeper`, one of its functions
  JSValue keeper;
  bool own_jobs; // promise jobs run at the end of each evaluation, not with everybody's
} ej_realm;

// NULL when `value` is none.
const ej_realm *ej_realm_of(ej_isolate *isolate, JSValueConst value);

// Of a realm, or of the isolate for undefined.
JSContext *ej_realm_context(JSContext *ctx, JSValueConst value);

// What an evaluation is bound by; lives on the stack of whoever evaluates. limits.c
typedef struct ej_limits {
  struct ej_limits *outer;
  uint64_t deadline; // uv_hrtime; 0 for none
  double timeout;    // ms
  bool on_sigint;
  bool fired;
} ej_limits;

// `timeout` in ms, 0 for none.
void ej_limits_begin(ej_isolate *isolate, ej_limits *limits, double timeout, bool on_sigint);
// When the limits were what stopped the evaluation, ERR_SCRIPT_EXECUTION_TIMEOUT or _INTERRUPTED is
// thrown instead. Takes `result`.
JSValue ej_limits_end(ej_isolate *isolate, ej_limits *limits, JSValue result);

// Runs the jobs of a realm that has its own; false with an exception pending when one was stopped.
bool ej_realm_run_jobs(ej_isolate *isolate, const ej_realm *realm);

#endif
