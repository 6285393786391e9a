// SPDX-License-Identifier: Apache-2.0
//
// internalBinding('addons'), what process.dlopen is made of:
//
//   dlopen(module, filename[, flags])    loads an addon, fills module.exports
//   forceUncaughtExceptionsPolicy(force) --force-node-api-uncaught-exceptions-policy
//
// Node: DLOpen in src/node_binding.cc, napi_module_register_by_symbol in src/node_api.cc. Addons
// are never closed: many start threads of their own.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE // vasprintf
#endif
#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registration.h"
#include "trace.h"

#define V8_ADDON_ADVICE                                                                            \
  "This addon is built for the V8 API of Node.js and not for Node-API, so it can only be loaded "  \
  "by Node.js itself. Look for a release of the package, or another package, that is built on "    \
  "Node-API: one that uses node_api.h, node-addon-api, napi-rs or neon"

static const char ERR_DLOPEN_FAILED[] = "ERR_DLOPEN_FAILED";

// --- Strings -----------------------------------------------------------------------------------

// The text of a string value, to be freed. NULL when out of memory.
static char *copy_string(napi_env env, napi_value value) {
  size_t length;
  napi_status status = napi_get_value_string_utf8(env, value, NULL, 0, &length);
  EJ_CHECK(status == napi_ok);
  char *text = malloc(length + 1);
  if (text == NULL) return NULL;
  status = napi_get_value_string_utf8(env, value, text, length + 1, &length);
  EJ_CHECK(status == napi_ok);
  return text;
}

// The file: URL of an absolute path, to be freed. NULL when out of memory.
static char *file_url(const char *path) {
  static const char scheme[] = "file://";
  char *url = malloc(sizeof(scheme) + 3 * strlen(path));
  if (url == NULL) return NULL;
  char *end = stpcpy(url, scheme);
  for (const unsigned char *byte = (const unsigned char *)path; *byte != 0; byte++) {
    // WHATWG URL: the path percent-encode set, and what would change the meaning of the path.
    if (*byte <= ' ' || *byte > '~' || strchr("\"#%<>?\\^`{}", *byte) != NULL) {
      end += sprintf(end, "%%%02X", *byte);
    } else {
      *end++ = (char)*byte;
    }
  }
  *end = 0;
  return url;
}

__attribute__((format(printf, 3, 4))) static void throw_format(napi_env env, const char *code,
                                                               const char *format, ...) {
  char *message;
  va_list arguments;
  va_start(arguments, format);
  int length = vasprintf(&message, format, arguments);
  va_end(arguments);
  EJ_CHECK(length >= 0);
  napi_throw_error(env, code, message);
  free(message);
}

// --- Opening -----------------------------------------------------------------------------------

// The handle, or NULL with an exception pending. `flags` are dlopen's.
static void *open_object(napi_env env, const char *filename, int flags) {
  void *handle = dlopen(filename, flags);
  if (handle != NULL) return handle;
  const char *message = dlerror();
  if (ej_misses_v8(message)) {
    throw_format(env, ERR_DLOPEN_FAILED, "%s\n%s.", message, V8_ADDON_ADVICE);
  } else {
    napi_throw_error(env, ERR_DLOPEN_FAILED, message);
  }
  return NULL;
}

// The version that the addon's env gets, or 0 with an exception pending.
static int32_t accept_version(napi_env env, const char *name, int32_t asked) {
  if (asked < EJ_NAPI_VERSION_DEFAULT) return EJ_NAPI_VERSION_DEFAULT;
  if (asked <= EJ_NAPI_VERSION_MAX || asked == NAPI_VERSION_EXPERIMENTAL) return asked;
  throw_format(env, ERR_DLOPEN_FAILED,
               "%s requires Node-API version %d, but this version of Node.js only supports version "
               "%d add-ons.",
               name, (int)asked, EJ_NAPI_VERSION_MAX);
  return 0;
}

// False with an exception pending when the object cannot be used.
static bool check_entry(napi_env env, const ej_entry *entry, const char *filename) {
  if (entry->kind == EJ_ENTRY_NODE_API && entry->init != NULL) return true;
  if (entry->kind == EJ_ENTRY_NODE_API) {
    napi_throw_error(env, NULL, "Module has no declared entry point.");
  } else if (entry->kind == EJ_ENTRY_V8) {
    throw_format(env, ERR_DLOPEN_FAILED, "%s: %s.", filename, V8_ADDON_ADVICE);
  } else {
    throw_format(env, ERR_DLOPEN_FAILED, "Module did not self-register: '%s'.", filename);
  }
  return false;
}

// --- Initializing ------------------------------------------------------------------------------

// The URL of module.filename, "" when that is no string. To be freed; NULL with an exception
// pending.
static char *module_url(napi_env env, napi_value module) {
  napi_value filename;
  napi_valuetype type;
  if (napi_get_named_property(env, module, "filename", &filename) != napi_ok) return NULL;
  if (napi_typeof(env, filename, &type) != napi_ok) return NULL;
  if (type != napi_string) return strdup("");
  char *path = copy_string(env, filename);
  char *url = path == NULL ? NULL : file_url(path);
  free(path);
  return url;
}

// Runs the addon's entry in an env of its own. An exception that it leaves stays pending.
static void initialize(napi_env env, const ej_entry *entry, napi_value module, napi_value exports) {
  char *url = module_url(env, module);
  if (url == NULL) return;
  int32_t version = accept_version(env, url, entry->api_version);
  if (version != 0) {
    napi_env addon = ej_env_new(env->isolate, url, version);
    addon->table = ej_napi_addon_table;
    napi_value result = entry->init(addon, exports);
    bool pending;
    napi_status status = napi_is_exception_pending(env, &pending);
    EJ_CHECK(status == napi_ok);
    if (!pending && result != NULL && result != exports) {
      napi_set_named_property(env, module, "exports", result);
    }
  }
  free(url);
}

// --- The binding -------------------------------------------------------------------------------

// Leaves the default for undefined. False with an exception pending. Converted as in Node: what is
// not a number is 0.
static bool get_flags(napi_env env, napi_value value, int *flags) {
  napi_value number;
  napi_valuetype type;
  int32_t converted;
  if (napi_typeof(env, value, &type) != napi_ok) return false;
  if (type == napi_undefined) return true;
  if (napi_coerce_to_number(env, value, &number) != napi_ok) return false;
  if (napi_get_value_int32(env, number, &converted) != napi_ok) return false;
  *flags = converted;
  return true;
}

static napi_value binding_dlopen(napi_env env, napi_callback_info info) {
  size_t count = 3;
  napi_value arguments[3];
  napi_status status = napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  EJ_CHECK(status == napi_ok);
  if (count < 2) {
    napi_throw_type_error(env, "ERR_MISSING_ARGS", "process.dlopen needs at least 2 arguments");
    return NULL;
  }
  // Node opens lazily. A missing symbol would then end the process at its first use.
  int flags = RTLD_NOW;
  if (count > 2 && !get_flags(env, arguments[2], &flags)) return NULL;
  napi_value module;
  napi_value exports;
  napi_value filename;
  if (napi_coerce_to_object(env, arguments[0], &module) != napi_ok) return NULL;
  if (napi_get_named_property(env, module, "exports", &exports) != napi_ok) return NULL;
  if (napi_coerce_to_object(env, exports, &exports) != napi_ok) return NULL;
  if (napi_coerce_to_string(env, arguments[1], &filename) != napi_ok) return NULL;

  char *path = copy_string(env, filename);
  EJ_CHECK(path != NULL);
  void *handle = NULL;
  if (ej_env_permits(env, "addon", path)) {
    handle = open_object(env, path, flags);
  } else {
    napi_throw_error(env, "ERR_DLOPEN_DISABLED",
                     "Cannot load native addon because loading addons is disabled.");
  }
  if (handle != NULL) {
    ej_entry entry = ej_find_entry(handle);
    if (check_entry(env, &entry, path)) initialize(env, &entry, module, exports);
  }
  free(path);
  return NULL;
}

static napi_value binding_force_policy(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value force;
  bool value;
  napi_status status = napi_get_cb_info(env, info, &count, &force, NULL, NULL);
  EJ_CHECK(status == napi_ok);
  if (napi_get_value_bool(env, force, &value) != napi_ok) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "force must be a boolean");
    return NULL;
  }
  ej_envs_force_uncaught_policy(env->isolate, value);
  return NULL;
}

napi_value ej_binding_addons(napi_env env) {
  const napi_property_descriptor functions[] = {
      {.utf8name = "dlopen", .method = binding_dlopen, .attributes = napi_default_jsproperty},
      {.utf8name = "forceUncaughtExceptionsPolicy",
       .method = binding_force_policy,
       .attributes = napi_default_jsproperty},
  };
  napi_value binding;
  if (napi_create_object(env, &binding) != napi_ok) return NULL;
  size_t count = sizeof(functions) / sizeof(*functions);
  return napi_define_properties(env, binding, count, functions) == napi_ok ? binding : NULL;
}
