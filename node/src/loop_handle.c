// SPDX-License-Identifier: Apache-2.0
#include "loop_handle.h"

#include <stdlib.h>

// --- Life
// -----------------------------------------------------------------------------------------------

static void release(ej_handle *self) {
  if (--self->owners > 0) return;
  free(self->scratch);
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

static void end(void *data);

static void on_closed(uv_handle_t *handle) {
  ej_handle *self = handle->data;
  napi_handle_scope scope;
  napi_value callback;
  if (!self->ending) {
    napi_remove_env_cleanup_hook(self->env, end, self);
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

// The isolate ends.
static void end(void *data) {
  ej_handle *self = data;
  self->ending = true;
  forget(self);
  if (!self->open) return; // it is being closed already
  self->open = false;
  uv_close(&self->uv.handle, on_closed);
}

void ej_handle_opened(ej_handle *self) {
  self->uv.handle.data = self;
  self->open = true;
  self->owners++;
  if (self->object != NULL) napi_reference_ref(self->env, self->object, NULL);
  napi_add_env_cleanup_hook(self->env, end, self);
}

static void on_discarded(uv_handle_t *handle) { release(handle->data); }

void ej_handle_discard(ej_handle *self) {
  self->uv.handle.data = self;
  self->owners++;
  uv_close(&self->uv.handle, on_discarded);
}

// --- Calls
// ----------------------------------------------------------------------------------------------

ej_handle *ej_handle_of(napi_env env, napi_value object, ej_handle_kind kind) {
  void *data;
  napi_valuetype type;
  bool is_ours = false;
  if (napi_typeof(env, object, &type) != napi_ok || type != napi_object) return NULL;
  if (napi_check_object_type_tag(env, object, &tag, &is_ours) != napi_ok || !is_ours ||
      napi_unwrap(env, object, &data) != napi_ok)
    return NULL;
  ej_handle *self = data;
  return kind == EJ_ANY_HANDLE || self->kind == kind ? self : NULL;
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
  napi_value object, function, arguments[2];
  if (napi_open_handle_scope(env, &scope) != napi_ok) return;
  if (napi_get_reference_value(env, self->object, &object) == napi_ok &&
      napi_get_named_property(env, object, name, &function) == napi_ok)
    ej_handle_call(self, function, make(env, arguments, data), arguments);
  napi_close_handle_scope(env, scope);
}

napi_value ej_status(napi_env env, int status) {
  napi_value result;
  return napi_create_int32(env, status, &result) == napi_ok ? result : NULL;
}

// --- Methods
// --------------------------------------------------------------------------------------------

// close(callback): `callback` runs when the handle is gone; not at all when it is closed already.
napi_value ej_handle_close(napi_env env, napi_callback_info info) {
  napi_value callback;
  napi_valuetype type;
  ej_handle *self = ej_handle_this(env, info, EJ_ANY_HANDLE, 1, &callback);
  if (self == NULL || !self->open) return NULL;
  if (napi_typeof(env, callback, &type) == napi_ok && type == napi_function)
    napi_create_reference(env, callback, 1, &self->on_closed);
  self->open = false;
  uv_close(&self->uv.handle, on_closed);
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
