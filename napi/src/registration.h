// SPDX-License-Identifier: Apache-2.0
//
// How a loaded shared object says that it is an addon.
#ifndef EJ_NAPI_REGISTRATION_H
#define EJ_NAPI_REGISTRATION_H

#include "env.h"

enum ej_entry_kind {
  EJ_ENTRY_NONE,     // no addon at all
  EJ_ENTRY_NODE_API, // `init` may still be NULL: registered without an entry point
  EJ_ENTRY_V8,       // built for the V8 API of Node.js
};

typedef struct ej_entry {
  enum ej_entry_kind kind;
  napi_addon_register_func init;
  int32_t api_version; // as declared, or EJ_NAPI_VERSION_DEFAULT
} ej_entry;

// Finds the entry of an object opened with dlopen. Any thread.
ej_entry ej_find_entry(void *handle);

// Whether a message of dlerror() is about a missing symbol of V8 or of Node's C++ interface.
bool ej_misses_v8(const char *message);

// Exported for addons of the V8 API, which call it from a constructor: notes the attempt, so that
// loading fails with an error that JavaScript can catch.
__attribute__((visibility("default"))) void node_module_register(void *module);

#endif
