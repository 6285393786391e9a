// SPDX-License-Identifier: Apache-2.0
#include "environment.h"

#include <stdlib.h>

#include <uv.h>

#include "binding.h"
#include "ej_engine.h"

// The first argument as a C string to free. NULL with an exception pending when it is none.
static char *name_argument(napi_env env, napi_callback_info info) {
  napi_value argument;
  size_t count = 1, length;
  char *name = NULL;
  if (napi_get_cb_info(env, info, &count, &argument, NULL, NULL) == napi_ok &&
      napi_get_value_string_utf8(env, argument, NULL, 0, &length) == napi_ok)
    name = malloc(length + 1);
  if (name != NULL &&
      napi_get_value_string_utf8(env, argument, name, length + 1, &length) == napi_ok)
    return name;
  free(name);
  napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "argument must be a string");
  return NULL;
}

static napi_value string_of(napi_env env, const char *text, size_t length) {
  napi_value string;
  return napi_create_string_utf8(env, text, length, &string) == napi_ok ? string : NULL;
}

// get(name): the value, undefined when there is none.
static napi_value get(napi_env env, napi_callback_info info) {
  char near[256], *name = name_argument(env, info);
  if (name == NULL) return NULL;
  size_t size = sizeof near;
  napi_value value = NULL;
  int status = ej_env_permits(env, "env", name) ? uv_os_getenv(name, near, &size) : UV_ENOENT;
  if (status == 0) {
    value = string_of(env, near, size);
  } else if (status == UV_ENOBUFS) { // `size` is now what it takes
    char *far = malloc(size);
    if (far != NULL && uv_os_getenv(name, far, &size) == 0) value = string_of(env, far, size);
    free(far);
  }
  free(name);
  return value;
}

// list(): the names.
static napi_value list(napi_env env, napi_callback_info info) {
  (void)info;
  uv_env_item_t *items;
  int count;
  napi_value names;
  int status = uv_os_environ(&items, &count);
  if (status != 0) {
    napi_throw_error(env, uv_err_name(status), uv_strerror(status));
    return NULL;
  }
  if (napi_create_array(env, &names) != napi_ok) names = NULL;
  for (int i = 0, at = 0; i < count && names != NULL; i++) {
    if (!ej_env_permits(env, "env", items[i].name)) continue;
    napi_value name = string_of(env, items[i].name, NAPI_AUTO_LENGTH);
    if (name == NULL || napi_set_element(env, names, (uint32_t)at++, name) != napi_ok) names = NULL;
  }
  uv_os_free_environ(items, count);
  return names;
}

#define FUNCTION(name) {#name, NULL, name, NULL, NULL, NULL, napi_default_jsproperty, NULL}

static const napi_property_descriptor functions[] = {FUNCTION(get), FUNCTION(list)};

napi_value ej_binding_environment(napi_env env) {
  return ej_binding_of(env, sizeof functions / sizeof *functions, functions);
}
