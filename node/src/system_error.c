// SPDX-License-Identifier: Apache-2.0
#include "system_error.h"

#include <stdio.h>
#include <stdlib.h>

#include <uv.h>

static void set_text(napi_env env, napi_value object, const char *name, const char *text) {
  napi_value value;
  if (napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value) == napi_ok)
    napi_set_named_property(env, object, name, value);
}

// `ENOENT: no such file or directory, open '/x'`, to be freed; NULL without memory.
static char *message_of(int status, const char *syscall, const char *path) {
  const char *form = path == NULL ? "%s: %s, %s" : "%s: %s, %s '%s'";
  const char *name = uv_err_name(status), *reason = uv_strerror(status);
  int size = snprintf(NULL, 0, form, name, reason, syscall, path);
  char *text = malloc((size_t)size + 1);
  if (text != NULL) snprintf(text, (size_t)size + 1, form, name, reason, syscall, path);
  return text;
}

napi_value ej_system_error(napi_env env, int status, const char *syscall, const char *path) {
  napi_value message, error = NULL, value;
  char *text = message_of(status, syscall, path);
  if (text != NULL && napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &message) == napi_ok)
    napi_create_error(env, NULL, message, &error);
  free(text);
  if (error == NULL) return NULL;
  if (napi_create_int32(env, status, &value) == napi_ok)
    napi_set_named_property(env, error, "errno", value);
  set_text(env, error, "code", uv_err_name(status));
  set_text(env, error, "syscall", syscall);
  if (path != NULL) set_text(env, error, "path", path);
  return error;
}

void ej_throw_system_error(napi_env env, int status, const char *syscall, const char *path) {
  napi_value error = ej_system_error(env, status, syscall, path);
  if (error != NULL) napi_throw(env, error);
}
