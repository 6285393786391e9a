// SPDX-License-Identifier: Apache-2.0
//
// Node: DLOpen in src/node_binding.cc, napi_module_register in src/node_api.cc.
//
// An addon says what it is in one of three ways: it exports napi_register_module_v1, or a
// constructor calls napi_module_register or node_module_register while dlopen runs. Constructors
// run once in a process, yet an addon may be loaded by several isolates, and it may have been
// opened before as a dependency of another. So what a constructor registers is kept for good, under
// the address at which its shared object is mapped; objects are never closed, so no address is used
// twice.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE // dladdr, dlinfo
#endif
#include "registration.h"

#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct registration {
  struct registration *next;
  const void *base; // of the shared object
  ej_entry entry;
} registration;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static registration *registrations; // newest first; guarded by `lock`

// --- What constructors register ----------------------------------------------------------------

static const void *base_of(const void *address) {
  Dl_info info;
  return address != NULL && dladdr(address, &info) != 0 ? info.dli_fbase : NULL;
}

static void remember(const void *base, ej_entry entry) {
  registration *added = malloc(sizeof(*added));
  EJ_CHECK(added != NULL);
  added->base = base;
  added->entry = entry;
  pthread_mutex_lock(&lock);
  added->next = registrations;
  registrations = added;
  pthread_mutex_unlock(&lock);
}

void ej_napi_module_register(napi_module *mod) {
  void *init;
  memcpy(&init, &mod->nm_register_func, sizeof(init));
  const void *base = base_of(init);
  if (base == NULL) base = base_of(mod);
  remember(base, (ej_entry){EJ_ENTRY_NODE_API, mod->nm_register_func, EJ_NAPI_VERSION_DEFAULT});
}

void node_module_register(void *module) {
  remember(base_of(module), (ej_entry){EJ_ENTRY_V8, NULL, 0});
}

static ej_entry find_registered(const void *base) {
  ej_entry found = {EJ_ENTRY_NONE, NULL, 0};
  pthread_mutex_lock(&lock);
  for (registration *each = registrations; each != NULL; each = each->next) {
    // The newest wins, as in Node, but Node-API over V8: an object may offer both.
    if (each->base != base || found.kind == EJ_ENTRY_NODE_API) continue;
    if (found.kind == EJ_ENTRY_NONE || each->entry.kind == EJ_ENTRY_NODE_API) found = each->entry;
  }
  pthread_mutex_unlock(&lock);
  return found;
}

// --- What the object exports -------------------------------------------------------------------

static ej_entry find_exported(void *handle) {
  ej_entry entry = {EJ_ENTRY_NONE, NULL, EJ_NAPI_VERSION_DEFAULT};
  void *init = dlsym(handle, "napi_register_module_v1");
  if (init == NULL) return entry;
  entry.kind = EJ_ENTRY_NODE_API;
  memcpy(&entry.init, &init, sizeof(init));
  void *get_version = dlsym(handle, "node_api_module_get_api_version_v1");
  if (get_version != NULL) {
    node_api_addon_get_api_version_func call;
    memcpy(&call, &get_version, sizeof(call));
    entry.api_version = call();
  }
  return entry;
}

// Addons of the V8 API export node_register_module_v<N> with the NODE_MODULE_VERSION they were
// built for: 48 was Node 6, the first to know the symbol's form.
static bool exports_v8_entry(void *handle) {
  char name[] = "node_register_module_v000";
  for (int version = 48; version < 256; version++) {
    snprintf(name + strlen("node_register_module_v"), 4, "%d", version);
    if (dlsym(handle, name) != NULL) return true;
  }
  return false;
}

ej_entry ej_find_entry(void *handle) {
  struct link_map *map;
  int failed = dlinfo(handle, RTLD_DI_LINKMAP, &map);
  EJ_CHECK(failed == 0);
  ej_entry registered = find_registered(base_of(map->l_ld));
  if (registered.kind == EJ_ENTRY_NODE_API) return registered;
  ej_entry exported = find_exported(handle);
  if (exported.kind != EJ_ENTRY_NONE) return exported;
  if (registered.kind == EJ_ENTRY_NONE && exports_v8_entry(handle)) registered.kind = EJ_ENTRY_V8;
  return registered;
}

bool ej_misses_v8(const char *message) {
  static const char *const scopes[] = {"N2v8", "NK2v8", "N4node",
                                       "NK4node"}; // as the C++ ABI mangles them
  const char *symbol = strstr(message, "undefined symbol: _Z");
  if (symbol == NULL) return false;
  for (size_t i = 0; i < sizeof(scopes) / sizeof(*scopes); i++) {
    if (strstr(symbol, scopes[i]) != NULL) return true;
  }
  return false;
}
