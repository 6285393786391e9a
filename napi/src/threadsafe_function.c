// SPDX-License-Identifier: Apache-2.0
//
// Thread-safe functions: a queue that any thread fills and the loop's thread empties into
// JavaScript. Node: class ThreadSafeFunction in src/node_api.cc.
//
// A function is open until its last thread releases it or somebody aborts; then it closes its
// handle, finalizes and is closed. The struct lives on until every thread that acquired it has
// learnt that from a call or a release, so a late call is answered and not a use after free.
#include <stdatomic.h>
#include <stdlib.h>

#include "natives.h"

// Node: kMaxIterationCount. The loop gets its turn after so many calls.
enum { MAX_ITERATIONS = 1000 };

// What the owner's thread is doing, so that a push during a dispatch does not wake the loop again.
enum { DISPATCH_IDLE = 0, DISPATCH_RUNNING = 1, DISPATCH_PENDING = 2 };

enum tsfn_state { TSFN_OPEN, TSFN_CLOSING, TSFN_CLOSED };

typedef struct tsfn_queue { // a ring
  void **items;
  size_t first;
  size_t count;
  size_t capacity;
} tsfn_queue;

struct napi_threadsafe_function__ {
  // Guarded by the mutex.
  uv_mutex_t mutex;
  uv_cond_t not_full; // also signalled when the function closes
  tsfn_queue queue;
  size_t thread_count;
  enum tsfn_state state;

  uv_async_t wake; // sent only while open, under the mutex
  atomic_uchar dispatch;

  // Constant.
  void *context;
  size_t max_queue_size; // 0: no limit

  // The owner's thread only.
  napi_env env;      // holds a reference until closed
  napi_ref function; // NULL when made without one
  ej_async *async;
  void *finalize_data;
  napi_finalize finalize;
  napi_threadsafe_function_call_js call_js;
  ej_cleanup_hook cleanup;
  bool handle_closing;
};

// --- The queue ---------------------------------------------------------------------------------

static bool queue_push(tsfn_queue *queue, void *item) {
  if (queue->count == queue->capacity) {
    size_t capacity = queue->capacity == 0 ? 16 : queue->capacity * 2;
    void **items = malloc(capacity * sizeof(*items));
    if (items == NULL) return false;
    for (size_t i = 0; i < queue->count; i++) {
      items[i] = queue->items[(queue->first + i) % queue->capacity];
    }
    free(queue->items);
    queue->items = items;
    queue->first = 0;
    queue->capacity = capacity;
  }
  queue->items[(queue->first + queue->count) % queue->capacity] = item;
  queue->count++;
  return true;
}

static void *queue_pop(tsfn_queue *queue) {
  void *item = queue->items[queue->first];
  queue->first = (queue->first + 1) % queue->capacity;
  queue->count--;
  return item;
}

// --- Closing -----------------------------------------------------------------------------------

static void tsfn_free(napi_threadsafe_function function) {
  uv_mutex_destroy(&function->mutex);
  uv_cond_destroy(&function->not_full);
  free(function->queue.items);
  free(function);
}

static void run_finalize(napi_env env, void *data) {
  napi_threadsafe_function function = data;
  function->finalize(env, function->finalize_data, function->context);
}

// The handle is closed: nothing is pushed any more.
static void on_closed(uv_handle_t *handle) {
  napi_threadsafe_function function = handle->data;
  napi_env env = function->env;
  env->natives->waiting--;
  if (function->finalize != NULL) ej_env_call_native(env, run_finalize, function);
  // What was still queued is given back, without an env: the addon frees it.
  while (function->queue.count > 0) {
    function->call_js(NULL, NULL, function->context, queue_pop(&function->queue));
  }
  ej_cleanup_unlink(env->natives, &function->cleanup);
  if (function->function != NULL) napi_delete_reference(env, function->function);
  ej_async_free(function->async);
  ej_env_unref(env);

  uv_mutex_lock(&function->mutex);
  function->state = TSFN_CLOSED;
  bool last = function->thread_count == 0;
  uv_mutex_unlock(&function->mutex);
  if (last) tsfn_free(function);
}

static void close_handle(napi_threadsafe_function function) {
  if (function->handle_closing) return;
  function->handle_closing = true;
  function->env->natives->waiting++;
  uv_close((uv_handle_t *)&function->wake, on_closed);
}

// The mutex is held. Threads that wait for room learn that it will not come.
static void begin_closing(napi_threadsafe_function function) {
  function->state = TSFN_CLOSING;
  uv_cond_broadcast(&function->not_full);
}

// The cleanup hook: the isolate ends.
static void on_isolate_end(void *data) {
  napi_threadsafe_function function = data;
  uv_mutex_lock(&function->mutex);
  if (function->state == TSFN_OPEN) begin_closing(function);
  uv_mutex_unlock(&function->mutex);
  close_handle(function);
}

// --- Dispatching -------------------------------------------------------------------------------

// The mutex is held and the function is open.
static void wake(napi_threadsafe_function function) {
  unsigned char before = atomic_fetch_or(&function->dispatch, DISPATCH_PENDING);
  if ((before & DISPATCH_RUNNING) != 0) return;
  int code = uv_async_send(&function->wake);
  EJ_CHECK(code == 0);
}

typedef struct tsfn_call {
  napi_threadsafe_function function;
  void *data;
} tsfn_call;

static void run_call(napi_env env, void *data) {
  const tsfn_call *call = data;
  napi_value callback = NULL;
  if (call->function->function != NULL) {
    napi_status status = napi_get_reference_value(env, call->function->function, &callback);
    EJ_CHECK(status == napi_ok);
  }
  ej_async_scope scope;
  ej_async_enter(env, call->function->async, NULL, &scope);
  call->function->call_js(env, callback, call->function->context, call->data);
  ej_async_leave(env, &scope);
}

// Calls JavaScript for one item; true when there are more.
static bool dispatch_one(napi_threadsafe_function function) {
  tsfn_call call = {function, NULL};
  bool popped = false;
  bool more = false;
  uv_mutex_lock(&function->mutex);
  if (function->state == TSFN_OPEN) {
    if (function->queue.count > 0) {
      call.data = queue_pop(&function->queue);
      popped = true;
      if (function->max_queue_size > 0) uv_cond_signal(&function->not_full);
    }
    more = function->queue.count > 0;
    if (!more && function->thread_count == 0) begin_closing(function);
  }
  bool closing = function->state != TSFN_OPEN;
  uv_mutex_unlock(&function->mutex);
  if (closing) close_handle(function);
  if (popped) ej_env_call_native(function->env, run_call, &call);
  return more;
}

static void on_wake(uv_async_t *handle) {
  napi_threadsafe_function function = handle->data;
  bool more = true;
  for (int left = MAX_ITERATIONS; more && left > 0; left--) {
    atomic_store(&function->dispatch, DISPATCH_RUNNING);
    more = dispatch_one(function);
    if (atomic_exchange(&function->dispatch, DISPATCH_IDLE) != DISPATCH_RUNNING) more = true;
  }
  if (!more) return;
  uv_mutex_lock(&function->mutex);
  if (function->state == TSFN_OPEN) {
    wake(function);
    uv_mutex_unlock(&function->mutex);
    return;
  }
  uv_mutex_unlock(&function->mutex);
  close_handle(function);
}

// For functions made without call_js: calls the JavaScript function without arguments.
static void call_js_default(napi_env env, napi_value callback, void *context, void *data) {
  (void)context;
  (void)data;
  if (env == NULL || callback == NULL) return;
  napi_value receiver;
  if (napi_get_undefined(env, &receiver) != napi_ok) {
    napi_throw_error(env, "ERR_NAPI_TSFN_GET_UNDEFINED", "Failed to retrieve undefined value");
    return;
  }
  napi_status status = napi_call_function(env, receiver, callback, 0, NULL, NULL);
  if (status != napi_ok && status != napi_pending_exception) {
    napi_throw_error(env, "ERR_NAPI_TSFN_CALL_JS", "Failed to call JS callback");
  }
}

// --- Creation ----------------------------------------------------------------------------------

static napi_status check_create(napi_env env, napi_value func, napi_value async_resource,
                                napi_value async_resource_name, size_t initial_thread_count,
                                napi_threadsafe_function_call_js call_js_cb,
                                napi_threadsafe_function *result, napi_value *resource,
                                napi_value *name) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, async_resource_name);
  RETURN_STATUS_IF_FALSE(env, initial_thread_count > 0, napi_invalid_arg);
  CHECK_ARG(env, result);
  napi_status status = napi_ok;
  if (func == NULL) {
    CHECK_ARG(env, call_js_cb);
  } else {
    status = ej_check_function(env, func);
  }
  *resource = NULL;
  if (status == napi_ok && async_resource != NULL) {
    status = ej_to_object(env, async_resource, resource);
  }
  if (status == napi_ok) status = ej_to_string(env, async_resource_name, name);
  return status;
}

// Takes the mutex, the condition and the handle into use; false, with nothing in use, when one of
// them cannot be had.
static bool tsfn_start(napi_threadsafe_function function, uv_loop_t *loop) {
  if (uv_mutex_init(&function->mutex) != 0) return false;
  if (uv_cond_init(&function->not_full) == 0) {
    if (uv_async_init(loop, &function->wake, on_wake) == 0) return true;
    uv_cond_destroy(&function->not_full);
  }
  uv_mutex_destroy(&function->mutex);
  return false;
}

napi_status ej_napi_create_threadsafe_function(
    napi_env env, napi_value func, napi_value async_resource, napi_value async_resource_name,
    size_t max_queue_size, size_t initial_thread_count, void *thread_finalize_data,
    napi_finalize thread_finalize_cb, void *context, napi_threadsafe_function_call_js call_js_cb,
    napi_threadsafe_function *result) {
  napi_value resource, name;
  napi_status status = check_create(env, func, async_resource, async_resource_name,
                                    initial_thread_count, call_js_cb, result, &resource, &name);
  if (status != napi_ok) return status;
  napi_threadsafe_function function = calloc(1, sizeof(*function));
  RETURN_STATUS_IF_FALSE(env, function != NULL, napi_generic_failure);
  if (func != NULL) status = napi_create_reference(env, func, 1, &function->function);
  if (status == napi_ok) function->async = ej_async_new(env, resource, name);
  if (function->async == NULL || !tsfn_start(function, ej_isolate_loop(env->isolate))) {
    ej_async_free(function->async);
    if (function->function != NULL) napi_delete_reference(env, function->function);
    free(function);
    return ej_set_error(env, napi_generic_failure);
  }
  function->wake.data = function;
  function->thread_count = initial_thread_count;
  function->context = context;
  function->max_queue_size = max_queue_size;
  function->env = env;
  function->finalize_data = thread_finalize_data;
  function->finalize = thread_finalize_cb;
  function->call_js = call_js_cb != NULL ? call_js_cb : call_js_default;
  ej_env_ref(env);
  ej_cleanup_link(env->natives, &function->cleanup, on_isolate_end, function);
  *result = function;
  return ej_clear_error(env);
}

// --- From any thread ---------------------------------------------------------------------------
// As in Node, a NULL function aborts: there is no env to report it to.

napi_status ej_napi_get_threadsafe_function_context(napi_threadsafe_function func, void **result) {
  EJ_CHECK(func != NULL);
  EJ_CHECK(result != NULL);
  *result = func->context;
  return napi_ok;
}

// The mutex is held and the function is not open: takes the calling thread off the list, and frees
// the function with the last one once it is closed. Unlocks.
static napi_status leave(napi_threadsafe_function function, napi_status status) {
  bool known = function->thread_count > 0;
  if (known) function->thread_count--;
  bool last = known && function->state == TSFN_CLOSED && function->thread_count == 0;
  uv_mutex_unlock(&function->mutex);
  if (last) tsfn_free(function);
  return known ? status : napi_invalid_arg;
}

napi_status ej_napi_call_threadsafe_function(napi_threadsafe_function func, void *data,
                                             napi_threadsafe_function_call_mode is_blocking) {
  EJ_CHECK(func != NULL);
  uv_mutex_lock(&func->mutex);
  while (func->state == TSFN_OPEN && func->max_queue_size > 0 &&
         func->queue.count >= func->max_queue_size) {
    if (is_blocking == napi_tsfn_nonblocking) {
      uv_mutex_unlock(&func->mutex);
      return napi_queue_full;
    }
    uv_cond_wait(&func->not_full, &func->mutex);
  }
  if (func->state != TSFN_OPEN) return leave(func, napi_closing);
  napi_status status = napi_generic_failure;
  if (queue_push(&func->queue, data)) {
    wake(func);
    status = napi_ok;
  }
  uv_mutex_unlock(&func->mutex);
  return status;
}

napi_status ej_napi_acquire_threadsafe_function(napi_threadsafe_function func) {
  EJ_CHECK(func != NULL);
  uv_mutex_lock(&func->mutex);
  bool open = func->state == TSFN_OPEN;
  if (open) func->thread_count++;
  uv_mutex_unlock(&func->mutex);
  return open ? napi_ok : napi_closing;
}

napi_status ej_napi_release_threadsafe_function(napi_threadsafe_function func,
                                                napi_threadsafe_function_release_mode mode) {
  EJ_CHECK(func != NULL);
  uv_mutex_lock(&func->mutex);
  if (func->state != TSFN_OPEN) return leave(func, napi_ok);
  napi_status status = napi_invalid_arg;
  if (func->thread_count > 0) {
    func->thread_count--;
    status = napi_ok;
    if (mode == napi_tsfn_abort) {
      wake(func);
      begin_closing(func);
    } else if (func->thread_count == 0) {
      wake(func);
    }
  }
  uv_mutex_unlock(&func->mutex);
  return status;
}

// --- From the owner's thread -------------------------------------------------------------------

napi_status ej_napi_unref_threadsafe_function(node_api_basic_env env,
                                              napi_threadsafe_function func) {
  (void)env;
  EJ_CHECK(func != NULL);
  uv_unref((uv_handle_t *)&func->wake);
  return napi_ok;
}

napi_status ej_napi_ref_threadsafe_function(node_api_basic_env env, napi_threadsafe_function func) {
  (void)env;
  EJ_CHECK(func != NULL);
  uv_ref((uv_handle_t *)&func->wake);
  return napi_ok;
}
