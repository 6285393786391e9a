// SPDX-License-Identifier: Apache-2.0
#include "urls.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "binding.h"
#include "bytes_internal.h"
#include "core.h"

// --- ada's functions -----------------------------------------------------------------------------

typedef void *ada_url;
typedef struct ada_string {
  const char *data;
  size_t length;
} ada_string;

// href, protocol, username, password, host, hostname, port, pathname, search, hash
enum { PARTS = 10, SEARCH = 8 };

// In the order of node/url_host.py.
typedef struct ada_functions {
  ada_url (*parse)(const char *text, size_t size);
  ada_url (*parse_with_base)(const char *text, size_t size, const char *base, size_t base_size);
  bool (*can_parse)(const char *text, size_t size);
  bool (*can_parse_with_base)(const char *text, size_t size, const char *base, size_t base_size);
  bool (*is_valid)(ada_url url);
  void (*free)(ada_url url);
  ada_string (*get[PARTS])(ada_url url);
  bool (*set[SEARCH])(ada_url url, const char *text, size_t size);
  void (*set_search)(ada_url url, const char *text, size_t size);
  void (*set_hash)(ada_url url, const char *text, size_t size);
} ada_functions;

static _Atomic(const ada_functions *) ada; // of the process; its memory is Python's, which keeps it

void ej_urls_use(const void *functions) { atomic_store(&ada, functions); }

static const ada_functions *functions_of(napi_env env) {
  const ada_functions *functions = atomic_load(&ada);
  if (functions == NULL) napi_throw_error(env, NULL, "the URL parser is not loaded");
  return functions;
}

// --- Arguments -----------------------------------------------------------------------------------

typedef struct input {
  char *text; // `room`, or memory of its own
  size_t size;
  char room[512];
} input;

static bool read_input(napi_env env, napi_value value, input *in) {
  in->text = in->room;
  if (napi_get_value_string_utf8(env, value, in->room, sizeof in->room, &in->size) != napi_ok)
    return false;
  if (in->size + 4 < sizeof in->room) return true; // a character may have been left out at the end
  if (napi_get_value_string_utf8(env, value, NULL, 0, &in->size) != napi_ok) return false;
  char *text = malloc(in->size + 1);
  if (text == NULL) {
    napi_throw_error(env, "ENOMEM", "no memory for a URL");
    return false;
  }
  in->text = text;
  if (napi_get_value_string_utf8(env, value, text, in->size + 1, &in->size) == napi_ok) return true;
  free(text);
  return false;
}

static void free_input(input *in) {
  if (in->text != in->room) free(in->text);
}

// --- Results -------------------------------------------------------------------------------------

// Every part as text, which is ASCII.
static napi_value parts_of(napi_env env, const ada_functions *functions, ada_url url) {
  napi_value list, part;
  if (napi_create_array_with_length(env, PARTS, &list) != napi_ok) return NULL;
  for (uint32_t i = 0; i < PARTS; i++) {
    ada_string text = functions->get[i](url);
    if (napi_create_string_latin1(env, text.length == 0 ? "" : text.data, text.length, &part) !=
            napi_ok ||
        napi_set_element(env, list, i, part) != napi_ok)
      return NULL;
  }
  return list;
}

// --- The functions -------------------------------------------------------------------------------

static bool is_given(napi_env env, napi_value value) {
  napi_valuetype type;
  return napi_typeof(env, value, &type) == napi_ok && type != napi_undefined;
}

// The text and, if there is one, the base. NULL with an exception pending.
static const ada_functions *read_pair(napi_env env, napi_callback_info info, input *text,
                                      input *base, bool *has_base) {
  ej_args args;
  const ada_functions *functions = functions_of(env);
  if (functions == NULL || !ej_args_get(env, info, &args) || !read_input(env, args.values[0], text))
    return NULL;
  *has_base = is_given(env, args.values[1]);
  if (!*has_base || read_input(env, args.values[1], base)) return functions;
  free_input(text);
  return NULL;
}

// parse(text, base): the parts, undefined when it is no URL.
static napi_value parse(napi_env env, napi_callback_info info) {
  input text, base;
  bool has_base;
  napi_value result = NULL;
  const ada_functions *functions = read_pair(env, info, &text, &base, &has_base);
  if (functions == NULL) return NULL;
  ada_url url = has_base ? functions->parse_with_base(text.text, text.size, base.text, base.size)
                         : functions->parse(text.text, text.size);
  if (functions->is_valid(url)) result = parts_of(env, functions, url);
  functions->free(url);
  free_input(&text);
  if (has_base) free_input(&base);
  return result;
}

// canParse(text, base)
static napi_value can_parse(napi_env env, napi_callback_info info) {
  input text, base;
  bool has_base;
  const ada_functions *functions = read_pair(env, info, &text, &base, &has_base);
  if (functions == NULL) return NULL;
  bool can = has_base ? functions->can_parse_with_base(text.text, text.size, base.text, base.size)
                      : functions->can_parse(text.text, text.size);
  free_input(&text);
  if (has_base) free_input(&base);
  return ej_boolean(env, can);
}

static bool set_part(const ada_functions *functions, ada_url url, size_t part, const input *value) {
  if (part < SEARCH) return functions->set[part](url, value->text, value->size);
  (part == SEARCH ? functions->set_search : functions->set_hash)(url, value->text, value->size);
  return true;
}

// update(href, part, value): the parts after one, given by its number, was set as the standard's
// setters do; undefined when the value does not fit there.
static napi_value update(napi_env env, napi_callback_info info) {
  ej_args args;
  input href, value;
  size_t part;
  napi_value result = NULL;
  const ada_functions *functions = functions_of(env);
  if (functions == NULL || !ej_args_get(env, info, &args) ||
      !ej_size_of(env, args.values[1], &part) || part >= PARTS ||
      !read_input(env, args.values[0], &href))
    return NULL;
  if (read_input(env, args.values[2], &value)) {
    ada_url url = functions->parse(href.text, href.size);
    if (functions->is_valid(url) && set_part(functions, url, part, &value))
      result = parts_of(env, functions, url);
    functions->free(url);
    free_input(&value);
  }
  free_input(&href);
  return result;
}

napi_value ej_binding_urls(napi_env env) {
  napi_property_descriptor functions[] = {
      {.utf8name = "canParse", .method = can_parse, .attributes = napi_enumerable},
      {.utf8name = "parse", .method = parse, .attributes = napi_enumerable},
      {.utf8name = "update", .method = update, .attributes = napi_enumerable},
  };
  return ej_binding_of(env, sizeof functions / sizeof *functions, functions);
}
