// SPDX-License-Identifier: Apache-2.0
//
// `getaddrinfo` and `getnameinfo`: names as the system knows them, looked up on libuv's threads.
#include "names.h"

#include <stdlib.h>

#include "addresses.h"
#include "binding.h"
#include "ej_engine.h"
#include "loop_handle.h"

// A lookup under way. Owned by the loop until its callback.
typedef struct lookup {
  union {
    uv_getaddrinfo_t addresses;
    uv_getnameinfo_t names;
    uv_req_t any;
  } uv;
  napi_env env;
  napi_ref callback;
} lookup;

static void on_isolate_end(void *data) {
  lookup *self = data;
  uv_cancel(&self->uv.any); // fails when it runs already; the callback comes either way
  self->callback = NULL;
}

static lookup *new_lookup(napi_env env, napi_value callback) {
  lookup *self = calloc(1, sizeof *self);
  if (self == NULL || napi_create_reference(env, callback, 1, &self->callback) != napi_ok) {
    free(self);
    return NULL;
  }
  self->env = env;
  return self;
}

static napi_value begun(lookup *self, int status) {
  napi_env env = self->env;
  if (status == 0) {
    napi_add_env_cleanup_hook(env, on_isolate_end, self);
  } else {
    napi_delete_reference(env, self->callback);
    free(self);
  }
  return ej_status(env, status);
}

// Calls back with what `make` puts into `arguments`, `status` in front.
static void finish(lookup *self, int status,
                   size_t (*make)(napi_env env, napi_value *arguments, const void *data),
                   const void *data) {
  napi_env env = self->env;
  napi_handle_scope scope;
  napi_value callback, receiver, error, arguments[EJ_MOST_ARGUMENTS];
  if (self->callback == NULL) { // the isolate has ended
    free(self);
    return;
  }
  napi_remove_env_cleanup_hook(env, on_isolate_end, self);
  if (napi_open_handle_scope(env, &scope) == napi_ok) {
    arguments[0] = ej_status(env, status);
    size_t count = 1 + (status == 0 ? make(env, arguments + 1, data) : 0);
    if (napi_get_reference_value(env, self->callback, &callback) == napi_ok &&
        napi_create_object(env, &receiver) == napi_ok &&
        napi_make_callback(env, NULL, receiver, callback, count, arguments, NULL) ==
            napi_pending_exception &&
        napi_get_and_clear_last_exception(env, &error) == napi_ok)
      napi_fatal_exception(env, error);
    napi_delete_reference(env, self->callback);
    napi_close_handle_scope(env, scope);
  }
  free(self);
}

// --- Addresses of a name -------------------------------------------------------------------------

static size_t address_list(napi_env env, napi_value *arguments, const void *data) {
  uint32_t count = 0;
  if (napi_create_array(env, &arguments[0]) != napi_ok) return 0;
  for (const struct addrinfo *each = data; each != NULL; each = each->ai_next) {
    napi_value object;
    if (each->ai_family != AF_INET && each->ai_family != AF_INET6) continue;
    object = ej_address_object(env, each->ai_addr);
    if (object != NULL) napi_set_element(env, arguments[0], count++, object);
  }
  return 1;
}

static void on_addresses(uv_getaddrinfo_t *request, int status, struct addrinfo *found) {
  finish((lookup *)request, status, address_list, found);
  uv_freeaddrinfo(found);
}

// getaddrinfo(name, family, hints, callback): family 0, 4 or 6. 0, and `callback(status,
// addresses)` will tell, or a negative errno. The name is in ASCII.
static napi_value get_addresses(napi_env env, napi_callback_info info) {
  napi_value arguments[4];
  size_t count = 4, length;
  char name[1024];
  int32_t family, flags;
  uv_loop_t *loop;
  if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) != napi_ok ||
      napi_get_value_string_utf8(env, arguments[0], name, sizeof name, &length) != napi_ok ||
      napi_get_value_int32(env, arguments[1], &family) != napi_ok ||
      napi_get_value_int32(env, arguments[2], &flags) != napi_ok ||
      !ej_env_require_permission(env, "net", name) || napi_get_uv_event_loop(env, &loop) != napi_ok)
    return NULL;
  if (length + 1 == sizeof name) return ej_status(env, UV_EAI_NONAME);
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = flags};
  hints.ai_family = family == 4 ? AF_INET : family == 6 ? AF_INET6 : AF_UNSPEC;
  lookup *self = new_lookup(env, arguments[3]);
  if (self == NULL) return ej_status(env, UV_ENOMEM);
  return begun(self, uv_getaddrinfo(loop, &self->uv.addresses, on_addresses, name, NULL, &hints));
}

// --- Names of an address -------------------------------------------------------------------------

typedef struct name_pair {
  const char *host, *service;
} name_pair;

static size_t name_arguments(napi_env env, napi_value *arguments, const void *data) {
  const name_pair *names = data;
  if (napi_create_string_utf8(env, names->host, NAPI_AUTO_LENGTH, &arguments[0]) != napi_ok ||
      napi_create_string_utf8(env, names->service, NAPI_AUTO_LENGTH, &arguments[1]) != napi_ok)
    return 0;
  return 2;
}

static void on_names(uv_getnameinfo_t *request, int status, const char *host, const char *service) {
  name_pair names = {host, service};
  finish((lookup *)request, status, name_arguments, &names);
}

// getnameinfo(address, port, callback): 0, and `callback(status, host, service)` will tell, or a
// negative errno.
static napi_value get_names(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  size_t count = 3;
  ej_address address;
  uv_loop_t *loop;
  if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) != napi_ok ||
      napi_get_uv_event_loop(env, &loop) != napi_ok)
    return NULL;
  int status = ej_address_read(env, arguments[0], arguments[1], &address);
  if (status != 0) return ej_status(env, status);
  if (!ej_address_allowed(env, &address)) return NULL;
  lookup *self = new_lookup(env, arguments[2]);
  if (self == NULL) return ej_status(env, UV_ENOMEM);
  return begun(self, uv_getnameinfo(loop, &self->uv.names, on_names,
                                    (struct sockaddr *)&address.storage, NI_NAMEREQD));
}

static const napi_property_descriptor functions[] = {
    EJ_METHOD("getaddrinfo", get_addresses),
    EJ_METHOD("getnameinfo", get_names),
};

napi_value ej_binding_names(napi_env env) {
  return ej_binding_of(env, sizeof functions / sizeof *functions, functions);
}
