// SPDX-License-Identifier: Apache-2.0
//
// napi_async_work: a job for libuv's pool and its completion on the loop. Node: class Work in
// src/node_api.cc, src/threadpoolwork-inl.h.
#include <stdlib.h>

#include "natives.h"

struct napi_async_work__ {
  uv_work_t request;
  napi_env env; // a reference is held while the work is queued
  napi_async_execute_callback execute;
  napi_async_complete_callback complete; // may be NULL
  void *data;
  ej_async *async;
  bool queued;
  bool deleted; // by napi_delete_async_work while queued: freed in place of completing
};

typedef struct completion {
  ej_async *async;
  napi_async_complete_callback complete;
  void *data;
  napi_status status;
} completion;

static napi_status status_of_uv(int code) {
  switch (code) {
  case 0:
    return napi_ok;
  case UV_EINVAL:
    return napi_invalid_arg;
  case UV_ECANCELED:
    return napi_cancelled;
  default:
    return napi_generic_failure;
  }
}

static void on_execute(uv_work_t *request) {
  napi_async_work work = request->data;
  work->execute(work->env, work->data);
}

static void run_complete(napi_env env, void *data) {
  const completion *self = data;
  ej_async_scope scope;
  ej_async_enter(env, self->async, NULL, &scope);
  self->complete(env, self->status, self->data);
  ej_async_leave(env, &scope);
}

static void free_work(napi_async_work work) {
  ej_async_free(work->async);
  free(work);
}

static void on_done(uv_work_t *request, int code) {
  napi_async_work work = request->data;
  napi_env env = work->env;
  completion self = {work->async, work->complete, work->data, status_of_uv(code)};
  work->queued = false;
  env->natives->waiting--;
  // The callback usually deletes the work: it is not touched after this.
  if (work->deleted) {
    free_work(work);
  } else if (self.complete != NULL) {
    ej_env_call(env, run_complete, &self);
  }
  ej_env_unref(env);
}

napi_status ej_napi_create_async_work(napi_env env, napi_value async_resource,
                                      napi_value async_resource_name,
                                      napi_async_execute_callback execute,
                                      napi_async_complete_callback complete, void *data,
                                      napi_async_work *result) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, execute);
  CHECK_ARG(env, result);
  napi_value resource = NULL, name;
  napi_status status = napi_ok;
  if (async_resource != NULL) status = ej_to_object(env, async_resource, &resource);
  if (status == napi_ok) status = ej_to_string(env, async_resource_name, &name);
  if (status != napi_ok) return status;
  napi_async_work work = calloc(1, sizeof(*work));
  RETURN_STATUS_IF_FALSE(env, work != NULL, napi_generic_failure);
  work->request.data = work;
  work->env = env;
  work->execute = execute;
  work->complete = complete;
  work->data = data;
  work->async = ej_async_new(env, resource, name);
  if (work->async == NULL) {
    free(work);
    return env->last_error.error_code;
  }
  *result = work;
  return ej_clear_error(env);
}

napi_status ej_napi_delete_async_work(napi_env env, napi_async_work work) {
  CHECK_ENV_NOT_IN_GC(env);
  CHECK_ARG(env, work);
  // The pool still reads queued work; Node frees it all the same and crashes.
  if (work->queued) {
    work->deleted = true;
  } else {
    free_work(work);
  }
  return ej_clear_error(env);
}

napi_status ej_napi_queue_async_work(node_api_basic_env env, napi_async_work work) {
  CHECK_ENV(env);
  CHECK_ARG(env, work);
  RETURN_STATUS_IF_FALSE(env, !work->queued, napi_generic_failure);
  int code = uv_queue_work(ej_isolate_loop(env->isolate), &work->request, on_execute, on_done);
  EJ_CHECK(code == 0); // it fails only without a callback
  work->queued = true;
  work->env->natives->waiting++;
  ej_env_ref(work->env);
  return ej_clear_error(env);
}

napi_status ej_napi_cancel_async_work(node_api_basic_env env, napi_async_work work) {
  CHECK_ENV(env);
  CHECK_ARG(env, work);
  RETURN_STATUS_IF_FALSE(env, work->queued, napi_generic_failure);
  int code = uv_cancel((uv_req_t *)&work->request);
  napi_status status = ej_set_error(env, status_of_uv(code));
  env->last_error.engine_error_code = (uint32_t)code;
  return status;
}
