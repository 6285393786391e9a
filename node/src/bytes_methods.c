// SPDX-License-Identifier: Apache-2.0
//
// Methods of Buffer.prototype that take a fraction of a microsecond: they are functions of ours, so
// that no JavaScript runs in between. Each does the usual case; for any other, wrong arguments
// among them, it calls the method in JavaScript that it was made with.
#include <stdlib.h>
#include <string.h>

#include "bytes_internal.h"

// `this`, then the arguments. NULL, without an exception, for a case that is not its own.
typedef napi_value (*quick_case)(napi_env env, napi_value self, size_t count,
                                 const napi_value *arguments);

typedef struct method {
  quick_case quick;
  napi_ref slow;
} method;

// --- Comparing -----------------------------------------------------------------------------------

static bool two_arrays(napi_env env, napi_value self, size_t count, const napi_value *arguments,
                       ej_bytes *a, ej_bytes *b) {
  return count == 1 && ej_uint8_array_of(env, self, a) && ej_uint8_array_of(env, arguments[0], b);
}

static napi_value quick_equals(napi_env env, napi_value self, size_t count,
                               const napi_value *arguments) {
  ej_bytes a, b;
  if (!two_arrays(env, self, count, arguments, &a, &b)) return NULL;
  return ej_boolean(env, a.size == b.size && ej_bytes_order(a, b) == 0);
}

static napi_value quick_compare(napi_env env, napi_value self, size_t count,
                                const napi_value *arguments) {
  ej_bytes a, b;
  if (!two_arrays(env, self, count, arguments, &a, &b)) return NULL;
  return ej_number(env, ej_bytes_order(a, b));
}

// --- Searching from the start --------------------------------------------------------------------

enum { NEEDLE = 256 };

// What is searched for: a byte, bytes, or a short text as UTF-8.
static bool needle_of(napi_env env, napi_value value, char *room, ej_bytes *needle) {
  napi_valuetype type;
  double number;
  if (napi_typeof(env, value, &type) != napi_ok) return false;
  needle->data = (uint8_t *)room;
  switch (type) {
  case napi_number:
    if (napi_get_value_double(env, value, &number) != napi_ok || !(number >= 0 && number <= 255))
      return false;
    room[0] = (char)(uint8_t)number;
    needle->size = 1;
    return true;
  case napi_string:
    if (napi_get_value_string_utf8(env, value, room, NEEDLE, &needle->size) != napi_ok)
      return false;
    return needle->size > 0 && needle->size + 4 < NEEDLE; // else it may have been cut
  case napi_object:
    return ej_uint8_array_of(env, value, needle) && needle->size > 0;
  default:
    return false;
  }
}

static bool search(napi_env env, napi_value self, size_t count, const napi_value *arguments,
                   ptrdiff_t *found) {
  char room[NEEDLE];
  ej_bytes hay, needle;
  if (count != 1 || !ej_uint8_array_of(env, self, &hay) || hay.size == 0 ||
      !needle_of(env, arguments[0], room, &needle))
    return false;
  if (needle.size == 1) {
    const uint8_t *at = memchr(hay.data, needle.data[0], hay.size);
    *found = at == NULL ? -1 : at - hay.data;
  } else {
    *found = ej_bytes_find(hay, needle, 0, 1);
  }
  return true;
}

static napi_value quick_index_of(napi_env env, napi_value self, size_t count,
                                 const napi_value *arguments) {
  ptrdiff_t found;
  return search(env, self, count, arguments, &found) ? ej_number(env, (double)found) : NULL;
}

static napi_value quick_includes(napi_env env, napi_value self, size_t count,
                                 const napi_value *arguments) {
  ptrdiff_t found;
  return search(env, self, count, arguments, &found) ? ej_boolean(env, found >= 0) : NULL;
}

// --- Making them ---------------------------------------------------------------------------------

static napi_value call(napi_env env, napi_callback_info info) {
  napi_value arguments[EJ_MAX_ARGS], self, slow, result = NULL;
  size_t count = EJ_MAX_ARGS;
  void *data;
  if (napi_get_cb_info(env, info, &count, arguments, &self, &data) != napi_ok) return NULL;
  const method *method = data;
  if (count < EJ_MAX_ARGS) result = method->quick(env, self, count, arguments);
  if (result != NULL) return result;
  if (napi_get_reference_value(env, method->slow, &slow) != napi_ok) return NULL;
  if (count > EJ_MAX_ARGS) count = EJ_MAX_ARGS; // none of them looks at more
  napi_call_function(env, self, slow, count, arguments, &result);
  return result;
}

static const struct {
  const char *name;
  quick_case quick;
} cases[] = {
    {"compare", quick_compare},
    {"equals", quick_equals},
    {"includes", quick_includes},
    {"indexOf", quick_index_of},
};

static void free_method(node_api_basic_env env, void *data, void *hint) {
  (void)env, (void)hint;
  free(data); // its reference goes with the env
}

// method(name, slow): Buffer.prototype[name], which calls `slow` when the case is not its own.
napi_value ej_bytes_method(napi_env env, napi_callback_info info) {
  ej_args args;
  char name[16];
  napi_value function;
  if (!ej_args_get(env, info, &args) ||
      napi_get_value_string_latin1(env, args.values[0], name, sizeof name, NULL) != napi_ok)
    return NULL;
  size_t i = 0, count = sizeof cases / sizeof *cases;
  while (i < count && strcmp(cases[i].name, name) != 0) i++;
  method *made = i < count ? calloc(1, sizeof *made) : NULL;
  if (made == NULL) {
    napi_throw_error(env, NULL, "no such method, or no memory for it");
    return NULL;
  }
  made->quick = cases[i].quick;
  if (napi_create_reference(env, args.values[1], 1, &made->slow) == napi_ok &&
      napi_create_function(env, name, NAPI_AUTO_LENGTH, call, made, &function) == napi_ok &&
      napi_add_finalizer(env, function, made, free_method, NULL, NULL) == napi_ok)
    return function;
  if (made->slow != NULL) napi_delete_reference(env, made->slow);
  free(made);
  return NULL;
}
