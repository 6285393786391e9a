// SPDX-License-Identifier: Apache-2.0
#include "spawn_options.h"

#include <stdlib.h>

bool ej_member(napi_env env, napi_value object, const char *name, napi_value *value) {
  return napi_get_named_property(env, object, name, value) == napi_ok;
}

bool ej_member_int(napi_env env, napi_value object, const char *name, int64_t *value) {
  napi_value member;
  return ej_member(env, object, name, &member) &&
         napi_get_value_int64(env, member, value) == napi_ok;
}

bool ej_member_bool(napi_env env, napi_value object, const char *name) {
  napi_value member;
  bool value = false;
  return ej_member(env, object, name, &member) &&
         napi_get_value_bool(env, member, &value) == napi_ok && value;
}

void ej_set_int(napi_env env, napi_value object, const char *name, int64_t number) {
  napi_value value;
  if (napi_create_int64(env, number, &value) == napi_ok)
    napi_set_named_property(env, object, name, value);
}

// A string as C text to free; NULL when it is none.
static char *text_of(napi_env env, napi_value value) {
  size_t length;
  if (napi_get_value_string_utf8(env, value, NULL, 0, &length) != napi_ok) return NULL;
  char *text = malloc(length + 1);
  if (text != NULL) napi_get_value_string_utf8(env, value, text, length + 1, &length);
  return text;
}

static char *text_member(napi_env env, napi_value object, const char *name) {
  napi_value value;
  return ej_member(env, object, name, &value) ? text_of(env, value) : NULL;
}

// An array of strings, NULL at its end. NULL when it is none.
static char **texts_member(napi_env env, napi_value object, const char *name) {
  napi_value array, element;
  uint32_t count;
  if (!ej_member(env, object, name, &array) || napi_get_array_length(env, array, &count) != napi_ok)
    return NULL;
  char **texts = calloc((size_t)count + 1, sizeof *texts);
  for (uint32_t i = 0; texts != NULL && i < count; i++) {
    napi_handle_scope scope;
    if (napi_open_handle_scope(env, &scope) != napi_ok) break;
    if (napi_get_element(env, array, i, &element) == napi_ok) texts[i] = text_of(env, element);
    napi_close_handle_scope(env, scope);
    if (texts[i] == NULL) break;
  }
  return texts;
}

static void free_texts(char **texts) {
  for (char **text = texts; texts != NULL && *text != NULL; text++) free(*text);
  free(texts);
}

bool ej_spawn_options_read(napi_env env, napi_value object, uv_process_options_t *options) {
  int64_t id;
  options->file = text_member(env, object, "file");
  options->args = texts_member(env, object, "args");
  options->env = texts_member(env, object, "env");
  options->cwd = text_member(env, object, "cwd");
  if (ej_member_bool(env, object, "detached")) options->flags |= UV_PROCESS_DETACHED;
  if (ej_member_int(env, object, "uid", &id)) {
    options->flags |= UV_PROCESS_SETUID;
    options->uid = (uv_uid_t)id;
  }
  if (ej_member_int(env, object, "gid", &id)) {
    options->flags |= UV_PROCESS_SETGID;
    options->gid = (uv_gid_t)id;
  }
  if (options->file != NULL && options->args != NULL && options->env != NULL) return true;
  napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "spawn options need file, args and env");
  return false;
}

void ej_spawn_options_free(uv_process_options_t *options) {
  free((char *)options->file);
  free((char *)options->cwd);
  free_texts(options->args);
  free_texts(options->env);
}
