// SPDX-License-Identifier: Apache-2.0
//
// What bench/napi.py times: each function does one thing that addons do all the time.
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#include <node_api.h>

#define CHECK(call)                                                                                \
  do {                                                                                             \
    if ((call) != napi_ok) abort();                                                                \
  } while (0)

#define ARGUMENTS(count)                                                                           \
  size_t argc = (count);                                                                           \
  napi_value argv[(count)];                                                                        \
  CHECK(napi_get_cb_info(env, info, &argc, argv, NULL, NULL))

static napi_value empty(napi_env env, napi_callback_info info) {
  (void)env;
  (void)info;
  return NULL;
}

static napi_value add(napi_env env, napi_callback_info info) {
  ARGUMENTS(2);
  double a;
  double b;
  CHECK(napi_get_value_double(env, argv[0], &a));
  CHECK(napi_get_value_double(env, argv[1], &b));
  napi_value sum;
  CHECK(napi_create_double(env, a + b, &sum));
  return sum;
}

static napi_value object(napi_env env, napi_callback_info info) {
  (void)info;
  static const char *const names[] = {"first", "second", "third", "fourth"};
  napi_value result;
  CHECK(napi_create_object(env, &result));
  for (int i = 0; i < 4; i++) {
    napi_value value;
    CHECK(napi_create_int32(env, i, &value));
    CHECK(napi_set_named_property(env, result, names[i], value));
  }
  return result;
}

static napi_value string(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  char text[64];
  size_t length;
  CHECK(napi_get_value_string_utf8(env, argv[0], text, sizeof(text), &length));
  napi_value result;
  CHECK(napi_create_string_utf8(env, text, length, &result));
  return result;
}

static napi_value call(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  napi_value undefined;
  napi_value result;
  CHECK(napi_get_undefined(env, &undefined));
  CHECK(napi_call_function(env, undefined, argv[0], 0, NULL, &result));
  return result;
}

static void release(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  free(data);
}

// wrap(object)
static napi_value wrap(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  CHECK(napi_wrap(env, argv[0], malloc(32), release, NULL, NULL));
  return NULL;
}

// unwrap(object): whether there was data.
static napi_value unwrap(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  void *data;
  CHECK(napi_unwrap(env, argv[0], &data));
  napi_value result;
  CHECK(napi_get_boolean(env, data != NULL, &result));
  return result;
}

// reference(object): made, read and deleted.
static napi_value reference(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  napi_ref reference;
  napi_value value;
  CHECK(napi_create_reference(env, argv[0], 1, &reference));
  CHECK(napi_get_reference_value(env, reference, &value));
  CHECK(napi_delete_reference(env, reference));
  return value;
}

static napi_value buffer(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value result;
  CHECK(napi_create_external_buffer(env, 64, calloc(1, 64), release, NULL, &result));
  return result;
}

// --- Thread-safe function ------------------------------------------------------------------------

enum { THREADS = 4 };

typedef struct producers {
  napi_threadsafe_function function;
  uint32_t each;
} producers;

static void *produce(void *data) {
  producers *self = data;
  for (uint32_t i = 0; i < self->each; i++) {
    CHECK(napi_call_threadsafe_function(self->function, NULL, napi_tsfn_blocking));
  }
  CHECK(napi_release_threadsafe_function(self->function, napi_tsfn_release));
  return NULL;
}

static void forget(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  free(data);
}

// threads(callback, count): four threads call it, together `count` times.
static napi_value threads(napi_env env, napi_callback_info info) {
  ARGUMENTS(2);
  producers *self = malloc(sizeof(*self));
  uint32_t count;
  napi_value name;
  CHECK(napi_get_value_uint32(env, argv[1], &count));
  self->each = count / THREADS;
  CHECK(napi_create_string_utf8(env, "bench", NAPI_AUTO_LENGTH, &name));
  CHECK(napi_create_threadsafe_function(env, argv[0], NULL, name, 0, THREADS, self, forget, NULL,
                                        NULL, &self->function));
  for (int i = 0; i < THREADS; i++) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, produce, self) != 0) abort();
    pthread_detach(thread);
  }
  return NULL;
}

NAPI_MODULE_INIT() {
#define METHOD(name) {#name, NULL, name, NULL, NULL, NULL, napi_default, NULL}
  const napi_property_descriptor methods[] = {
      METHOD(empty),  METHOD(add),       METHOD(object), METHOD(string),  METHOD(call), METHOD(wrap),
      METHOD(unwrap), METHOD(reference), METHOD(buffer), METHOD(threads),
  };
  CHECK(napi_define_properties(env, exports, sizeof(methods) / sizeof(*methods), methods));
  return exports;
}
