// SPDX-License-Identifier: Apache-2.0
//
// Checks of arguments that functions of this half share. Node: the CHECK_TO_* and NAPI_PREAMBLE
// macros of src/js_native_api_v8.h.
#include "natives.h"

napi_status ej_to_object(napi_env env, napi_value value, napi_value *result) {
  CHECK_ARG(env, value);
  napi_valuetype type;
  napi_status status = napi_typeof(env, value, &type);
  if (status != napi_ok) return status;
  if (type == napi_object || type == napi_function || type == napi_external) {
    *result = value;
    return ej_clear_error(env);
  }
  status = napi_coerce_to_object(env, value, result);
  return ej_set_error(env, status == napi_ok ? napi_ok : napi_object_expected);
}

napi_status ej_to_string(napi_env env, napi_value value, napi_value *result) {
  CHECK_ARG(env, value);
  napi_valuetype type;
  napi_status status = napi_typeof(env, value, &type);
  if (status != napi_ok) return status;
  if (type == napi_string) {
    *result = value;
    return ej_clear_error(env);
  }
  status = napi_coerce_to_string(env, value, result);
  return ej_set_error(env, status == napi_ok ? napi_ok : napi_string_expected);
}

napi_status ej_check_function(napi_env env, napi_value value) {
  CHECK_ARG(env, value);
  napi_valuetype type;
  napi_status status = napi_typeof(env, value, &type);
  if (status != napi_ok) return status;
  RETURN_STATUS_IF_FALSE(env, type == napi_function, napi_invalid_arg);
  return ej_clear_error(env);
}

napi_status ej_preamble(napi_env env) {
  CHECK_ENV_NOT_IN_GC(env);
  bool pending;
  napi_status status = napi_is_exception_pending(env, &pending);
  if (status != napi_ok) return status;
  RETURN_STATUS_IF_FALSE(env, !pending, napi_pending_exception);
  bool may_run = ej_isolate_may_run(env->isolate) && !env->torn_down;
  RETURN_STATUS_IF_FALSE(
      env, may_run, env->module_api_version >= 10 ? napi_cannot_run_js : napi_pending_exception);
  return ej_clear_error(env);
}
