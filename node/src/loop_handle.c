// SPDX-License-Identifier: Apache-2.0
#include "loop_handle.h"

#include <stdlib.h>

#include "ej_engine.h"

// --- Life ----------------------------------------------------------------------------------------

static void release(ej_handle *self) {
  if (--self->owners > 0) return;
  if (self->reader.gone != NULL) self->reader.gone(self->reader.data);
  free(self);
}

static void on_collected(node_api_basic_env env, void *data, void *hint) {
  (void)env, (void)hint;
  release(data);
}

// Tells our objects from those that addons wrap.
static const napi_type_tag tag = {0x6564676a732d6c6f, 0x6f702d68616e646c};

ej_handle *ej_handle_new(napi_env env, napi_value object, ej_handle_kind kind) {
  ej_handle *self = calloc(1, sizeof *self);
  if (self == NULL || napi_type_tag_object(env, object, &tag) != napi_ok ||
      napi_wrap(env, object, self, on_collected, NULL, NULL) != napi_ok) {
    free(self);
    napi_throw_error(env, "ENOMEM", "no memory for a handle");
    return NULL;
  }
  self->env = env;
  self->kind = kind;
  self->owners = 1;
  // Weak until the loop has it.
  if (napi_create_reference(env, object, 0, &self->object) != napi_ok) self->object = NULL;
  return self;
}

static void forget(ej_handle *self) {
  if (self->on_closed != NULL) napi_delete_reference(self->env, self->on_closed);
  if (self->object != NULL) napi_delete_reference(self->env, self->object);
  self->on_closed = self->object = NULL;
}

// The handles that the loop of an env has, in its instance data.
typedef struct open_handles {
  ej_handle *first;
} open_handles;

static void link_open(ej_handle *self, open_handles *all) {
  self->next = all->first;
  if (self->next != NULL) self->next->previous = self;
  all->first = self;
}

static void unlink_open(ej_handle *self) {
  void *all;
  if (self->next != NULL) self->next->previous = self->previous;
  if (self->previous != NULL) {
    self->previous->next = self->next;
  } else if (napi_get_instance_data(self->env, &all) == napi_ok) {
    ((open_handles *)all)->first = self->next;
  }
  self->previous = self->next = NULL;
}

void ej_handle_on_closed(uv_handle_t *handle) {
  ej_handle *self = handle->data;
  napi_handle_scope scope;
  napi_value callback;
  if (!self->ending) {
    unlink_open(self);
    if (napi_open_handle_scope(self->env, &scope) == napi_ok) {
      if (self->on_closed != NULL &&
          napi_get_reference_value(self->env, self->on_closed, &callback) == napi_ok)
        ej_handle_call(self, callback, 0, NULL);
      napi_close_handle_scope(self->env, scope);
    }
    forget(self);
  }
  release(self);
}

static void end(ej_handle *self) {
  self->ending = true;
  self->previous = self->next = NULL;
  forget(self);
  if (!self->open) return; // it is being closed already
  self->open = false;
  uv_close(&self->uv.handle, ej_handle_on_closed);
}

// The isolate ends.
static void end_all(void *data) {
  open_handles *all = data;
  for (ej_handle *self = all->first, *next; self != NULL; self = next) {
    next = self->next;
    end(self);
  }
  all->first = NULL;
}

static void free_list(napi_env env, void *data, void *hint) {
  (void)env, (void)hint;
  free(data);
}

static open_handles *handles_of(napi_env env) {
  void *all = NULL;
  if (napi_get_instance_data(env, &all) == napi_ok && all != NULL) return all;
  all = calloc(1, sizeof(open_handles));
  EJ_CHECK(all != NULL && napi_set_instance_data(env, all, free_list, NULL) == napi_ok &&
           napi_add_env_cleanup_hook(env, end_all, all) == napi_ok);
  return all;
}

void ej_handle_opened(ej_handle *self) {
  self->uv.handle.data = self;
  self->open = true;
  self->owners++;
  if (self->object != NULL) napi_reference_ref(self->env, self->object, NULL);
  link_open(self, handles_of(self->env));
}

static void on_discarded(uv_handle_t *handle) { release(handle->data); }

void ej_handle_discard(ej_handle *self) {
  self->uv.handle.data = self;
  self->owners++;
  uv_close(&self->uv.handle, on_discarded);
}

napi_value ej_handle_objects(napi_env env) {
  napi_value list, object;
  uint32_t count = 0;
  if (napi_create_array(env, &list) != napi_ok) return NULL;
  for (ej_handle *self = handles_of(env)->first; self != NULL; self = self->next) {
    bool holds = self->open && uv_has_ref(&self->uv.handle);
    if (holds && napi_get_reference_value(env, self->object, &object) == napi_ok)
      napi_set_element(env, list, count++, object);
  }
  return list;
}

// --- Calls ---------------------------------------------------------------------------------------

ej_handle *ej_handle_of(napi_env env, napi_value object, ej_handle_kind kind) {
  void *data;
  napi_valuetype type;
  bool is_ours = false;
  if (napi_typeof(env, object, &type) != napi_ok || type != napi_object) return NULL;
  if (napi_check_object_type_tag(env, object, &tag, &is_ours) != napi_ok || !is_ours ||
      napi_unwrap(env, object, &data) != napi_ok)
    return NULL;
  ej_handle *self = data;
  bool is_stream = self->kind == EJ_PIPE || self->kind == EJ_TCP;
  bool fits = kind == EJ_ANY_HANDLE || self->kind == kind || (kind == EJ_STREAM && is_stream);
  return fits ? self : NULL;
}

ej_handle *ej_handle_this(napi_env env, napi_callback_info info, ej_handle_kind kind, size_t count,
                          napi_value *arguments) {
  napi_value this;
  if (napi_get_cb_info(env, info, &count, arguments, &this, NULL) != napi_ok) return NULL;
  ej_handle *self = ej_handle_of(env, this, kind);
  if (self == NULL)
    napi_throw_type_error(env, "ERR_INVALID_THIS", "Value of \"this\" is no handle");
  return self;
}

void ej_handle_call(ej_handle *self, napi_value function, size_t count,
                    const napi_value *arguments) {
  napi_env env = self->env;
  napi_value object, error;
  if (napi_get_reference_value(env, self->object, &object) != napi_ok) return;
  if (napi_make_callback(env, NULL, object, function, count, arguments, NULL) ==
          napi_pending_exception &&
      napi_get_and_clear_last_exception(env, &error) == napi_ok)
    napi_fatal_exception(env, error);
}

void ej_handle_call_method(ej_handle *self, const char *name,
                           size_t (*make)(napi_env env, napi_value *arguments, const void *data),
                           const void *data) {
  napi_env env = self->env;
  napi_handle_scope scope;
  napi_value object, function, arguments[EJ_MOST_ARGUMENTS];
  if (napi_open_handle_scope(env, &scope) != napi_ok) return;
  if (napi_get_reference_value(env, self->object, &object) == napi_ok &&
      napi_get_named_property(env, object, name, &function) == napi_ok)
    ej_handle_call(self, function, make(env, arguments, data), arguments);
  napi_close_handle_scope(env, scope);
}

// --- Requests ------------------------------------------------------------------------------------

ej_request *ej_request_new(ej_handle *self, napi_value callback, size_t size) {
  ej_request *made = malloc(sizeof *made + size);
  napi_valuetype type;
  if (made == NULL) return NULL;
  made->handle = self;
  made->other = NULL;
  made->callback = NULL;
  if (napi_typeof(self->env, callback, &type) != napi_ok || type != napi_function ||
      napi_create_reference(self->env, callback, 1, &made->callback) == napi_ok)
    return made;
  free(made);
  return NULL;
}

void ej_request_hold(ej_request *request, ej_handle *other) {
  request->other = other;
  other->owners++;
}

static void free_request(ej_request *request) {
  if (request->other != NULL) release(request->other);
  free(request);
}

void ej_request_drop(ej_request *request) {
  if (request->callback != NULL) napi_delete_reference(request->handle->env, request->callback);
  free_request(request);
}

void ej_request_finish(ej_request *request, int status) {
  ej_handle *self = request->handle;
  napi_env env = self->env;
  napi_handle_scope scope;
  napi_value callback, argument;
  // When the isolate ends its references go with it.
  if (!self->ending && request->callback != NULL &&
      napi_open_handle_scope(env, &scope) == napi_ok) {
    if (napi_get_reference_value(env, request->callback, &callback) == napi_ok) {
      argument = ej_status(env, status);
      napi_delete_reference(env, request->callback);
      ej_handle_call(self, callback, 1, &argument);
    }
    napi_close_handle_scope(env, scope);
  }
  free_request(request);
}

napi_value ej_status(napi_env env, int status) {
  napi_value result;
  return napi_create_int32(env, status, &result) == napi_ok ? result : NULL;
}

// --- Methods -------------------------------------------------------------------------------------

void ej_handle_closing(ej_handle *self, napi_value callback) {
  napi_valuetype type;
  if (napi_typeof(self->env, callback, &type) == napi_ok && type == napi_function)
    napi_create_reference(self->env, callback, 1, &self->on_closed);
  self->open = false;
}

// close(callback): `callback` runs when the handle is gone; not at all when it is closed already.
napi_value ej_handle_close(napi_env env, napi_callback_info info) {
  napi_value callback;
  ej_handle *self = ej_handle_this(env, info, EJ_ANY_HANDLE, 1, &callback);
  if (self == NULL || !self->open) return NULL;
  ej_handle_closing(self, callback);
  uv_close(&self->uv.handle, ej_handle_on_closed);
  return NULL;
}

napi_value ej_handle_ref(napi_env env, napi_callback_info info) {
  ej_handle *self = ej_handle_this(env, info, EJ_ANY_HANDLE, 0, NULL);
  if (self != NULL && self->open) uv_ref(&self->uv.handle);
  return NULL;
}

napi_value ej_handle_unref(napi_env env, napi_callback_info info) {
  ej_handle *self = ej_handle_this(env, info, EJ_ANY_HANDLE, 0, NULL);
  if (self != NULL && self->open) uv_unref(&self->uv.handle);
  return NULL;
}

napi_value ej_handle_has_ref(napi_env env, napi_callback_info info) {
  napi_value result;
  ej_handle *self = ej_handle_this(env, info, EJ_ANY_HANDLE, 0, NULL);
  if (self == NULL) return NULL;
  bool has = self->open && uv_has_ref(&self->uv.handle);
  return napi_get_boolean(env, has, &result) == napi_ok ? result : NULL;
}
