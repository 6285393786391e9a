// SPDX-License-Identifier: Apache-2.0
//
// Natives behind objects: wrap, external values, type tags. Node: src/js_native_api_v8.cc.
#include <stdlib.h>

#include "napi_internal.h"

// --- Wrap ---------------------------------------------------------------------------------------

napi_status ej_napi_wrap(napi_env env, napi_value js_object, void *native_object,
                         node_api_basic_finalize finalize_cb, void *finalize_hint,
                         napi_ref *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, js_object);
  JSValueConst object = ej_value(js_object);
  RETURN_STATUS_IF_FALSE(env, JS_IsObject(object), napi_invalid_arg);
  ej_meta *meta = ej_meta_of(env->isolate, object, true);
  if (meta == NULL) return ej_status_or(env, napi_generic_failure);
  RETURN_STATUS_IF_FALSE(env, meta->wrap == NULL, napi_invalid_arg);
  // The reference is the user's to delete, and only when the finalizer says that the object is
  // gone.
  if (result != NULL) CHECK_ARG(env, finalize_cb);
  ej_ownership ownership = result != NULL ? EJ_OWNED_BY_USER : EJ_OWNED_BY_RUNTIME;
  ej_reference *reference =
      ej_reference_new(env, object, 0, ownership, finalize_cb, native_object, finalize_hint);
  if (reference == NULL) return ej_status_or(env, napi_generic_failure);
  meta->wrap = reference;
  reference->wraps = meta;
  if (result != NULL) *result = (napi_ref)(void *)reference;
  return napi_ok;
}

// The meta of a wrapped object; NULL for everything else.
static ej_meta *wrapped(napi_env env, napi_value object) {
  if (!JS_IsObject(ej_value(object))) return NULL;
  ej_meta *meta = ej_meta_of(env->isolate, ej_value(object), false);
  return meta != NULL && meta->wrap != NULL ? meta : NULL;
}

napi_status ej_napi_unwrap(napi_env env, napi_value js_object, void **result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, js_object);
  CHECK_ARG(env, result);
  const ej_meta *meta = wrapped(env, js_object);
  RETURN_STATUS_IF_FALSE(env, meta != NULL, napi_invalid_arg);
  *result = meta->wrap->data;
  return napi_ok;
}

napi_status ej_napi_remove_wrap(napi_env env, napi_value js_object, void **result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, js_object);
  ej_meta *meta = wrapped(env, js_object);
  RETURN_STATUS_IF_FALSE(env, meta != NULL, napi_invalid_arg);
  ej_reference *reference = meta->wrap;
  if (result != NULL) *result = reference->data;
  meta->wrap = NULL;
  reference->wraps = NULL;
  if (reference->ownership == EJ_OWNED_BY_USER) {
    reference->finalize = NULL;
    reference->data = reference->hint = NULL;
  } else {
    ej_reference_delete(env->isolate, reference);
  }
  return napi_ok;
}

// --- External values ----------------------------------------------------------------------------

static napi_status create_external(napi_env env, void *data, node_api_basic_finalize finalize_cb,
                                   void *finalize_hint, bool is_basic, napi_value *result) {
  NAPI_PREAMBLE(env);
  CHECK_ARG(env, result);
  JSContext *ctx = env->isolate->ctx;
  ej_external *external = calloc(1, sizeof(*external));
  if (external == NULL) return ej_set_error(env, napi_generic_failure);
  JSValue value = JS_NewObjectProtoClass(ctx, JS_NULL, env->isolate->classes.external);
  if (JS_IsException(value)) {
    free(external);
    return ej_status_or(env, napi_generic_failure);
  }
  external->value = data;
  ej_ring_init(&external->meta.weak);
  JS_SetOpaque(value, external);
  bool failed = JS_PreventExtensions(ctx, value) < 0; // as V8's externals
  if (!failed && finalize_cb != NULL) {
    ej_reference *reference =
        ej_reference_new(env, value, 0, EJ_OWNED_BY_RUNTIME, finalize_cb, data, finalize_hint);
    failed = reference == NULL;
    if (!failed) reference->is_basic = is_basic;
  }
  if (failed) {
    JS_FreeValue(ctx, value);
    return ej_status_or(env, napi_generic_failure);
  }
  *result = ej_handle(env->isolate, value);
  return ej_clear_error(env);
}

napi_status ej_napi_create_external(napi_env env, void *data, node_api_basic_finalize finalize_cb,
                                    void *finalize_hint, napi_value *result) {
  return create_external(env, data, finalize_cb, finalize_hint, false, result);
}

napi_status ej_create_basic_external(napi_env env, void *data, node_api_basic_finalize finalize,
                                     napi_value *result) {
  return create_external(env, data, finalize, NULL, true, result);
}

napi_status ej_napi_get_value_external(napi_env env, napi_value value, void **result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, value);
  CHECK_ARG(env, result);
  const ej_external *external = JS_GetOpaque(ej_value(value), env->isolate->classes.external);
  RETURN_STATUS_IF_FALSE(env, external != NULL, napi_invalid_arg);
  *result = external->value;
  return ej_clear_error(env);
}

// --- Type tags ----------------------------------------------------------------------------------

napi_status ej_napi_type_tag_object(napi_env env, napi_value value, const napi_type_tag *type_tag) {
  NAPI_PREAMBLE(env);
  JSValueConst object;
  CHECK_TO_OBJECT(env, object, value, napi_pending_exception);
  CHECK_ARG(env, type_tag);
  ej_meta *meta = ej_meta_of(env->isolate, object, true);
  if (meta == NULL) return ej_status_or(env, napi_generic_failure);
  RETURN_STATUS_IF_FALSE(env, !meta->tagged, napi_invalid_arg);
  meta->tagged = true;
  meta->tag = *type_tag;
  return napi_ok;
}

napi_status ej_napi_check_object_type_tag(napi_env env, napi_value value,
                                          const napi_type_tag *type_tag, bool *result) {
  NAPI_PREAMBLE(env);
  JSValueConst object;
  CHECK_TO_OBJECT(env, object, value, napi_pending_exception);
  CHECK_ARG(env, type_tag);
  CHECK_ARG(env, result);
  const ej_meta *meta = ej_meta_of(env->isolate, object, false);
  *result = meta != NULL && meta->tagged && meta->tag.lower == type_tag->lower &&
            meta->tag.upper == type_tag->upper;
  return ej_status(env);
}
