// SPDX-License-Identifier: Apache-2.0
//
// What an isolate may do. Python decides (engine/permissions.py); a primitive in C asks here. An
// isolate without permissions is free, and asking costs nothing.
#include "internal.h"

#include "bridge.h"
#include "core.h"

void ej_isolate_restrict(ej_isolate *isolate, uint32_t decide) {
  JS_FreeValue(isolate->ctx, isolate->permits);
  isolate->permits = ej_bridge_wrap(isolate, decide, EJ_PYTHON_PRIMITIVE, "permits");
  EJ_CHECK(!JS_IsException(isolate->permits));
}

// `permits(scope, resource, must)`: whether it is allowed; throws when it must be and is not.
static bool ask(ej_isolate *isolate, const char *scope, const char *resource, bool must) {
  JSContext *ctx = isolate->ctx;
  if (JS_IsUndefined(isolate->permits)) return true;
  JSValue args[] = {JS_NewString(ctx, scope), JS_NewString(ctx, resource), JS_NewBool(ctx, must)};
  JSValue answer = JS_Call(ctx, isolate->permits, JS_UNDEFINED, 3, (JSValueConst *)args);
  JS_FreeValue(ctx, args[0]);
  JS_FreeValue(ctx, args[1]);
  bool allowed = !JS_IsException(answer) && JS_ToBool(ctx, answer);
  JS_FreeValue(ctx, answer);
  return allowed;
}

bool ej_env_permits(napi_env env, const char *scope, const char *resource) {
  return ask(env->isolate, scope, resource, false);
}

bool ej_env_require_permission(napi_env env, const char *scope, const char *resource) {
  return ask(env->isolate, scope, resource, true);
}
