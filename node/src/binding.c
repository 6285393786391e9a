// SPDX-License-Identifier: Apache-2.0
#include "binding.h"

napi_value ej_binding_of(napi_env env, size_t count, const napi_property_descriptor *functions) {
  napi_value binding;
  if (napi_create_object(env, &binding) != napi_ok ||
      napi_define_properties(env, binding, count, functions) != napi_ok)
    return NULL;
  return binding;
}
