// SPDX-License-Identifier: Apache-2.0
//
// KeepDuringJob (ECMAScript 9.10): what a WeakRef was made for, or gave back, lives to the end of
// the current job, which the host tells. The runtime owns a hold on each such value. Part of
// quickjs.c.

// False with an exception pending.
static bool ej_keep_during_job(JSContext *ctx, JSWeakRefData *ref) {
  JSRuntime *rt = ctx->rt;
  if (ref->kept_in_job == rt->job_number) return true; // once a job is enough
  if (rt->kept_count == rt->kept_size) {
    uint32_t size = rt->kept_size == 0 ? 16 : rt->kept_size * 2;
    JSValue *kept = js_realloc(ctx, rt->kept, size * sizeof(*kept));
    if (kept == NULL) return false;
    rt->kept = kept;
    rt->kept_size = size;
  }
  rt->kept[rt->kept_count++] = js_dup(ref->target);
  ref->kept_in_job = rt->job_number;
  return true;
}

void ej_quickjs_end_job(JSRuntime *rt) {
  JSValue *kept = rt->kept;
  uint32_t count = rt->kept_count;
  rt->job_number++;
  rt->kept = NULL; // what dies now may be a native object that runs code
  rt->kept_count = rt->kept_size = 0;
  for (uint32_t i = 0; i < count; i++) JS_FreeValueRT(rt, kept[i]);
  js_free_rt(rt, kept);
}
