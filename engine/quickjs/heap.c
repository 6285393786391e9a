// SPDX-License-Identifier: Apache-2.0
//
// What an embedder may know of the heap: when it is collected, and which objects are in it.

static ej_quickjs_collection_hook *ej_collection_hook; // the same for every runtime

void ej_quickjs_set_collection_hook(ej_quickjs_collection_hook *hook) { ej_collection_hook = hook; }

static void ej_tell_of_collection(JSRuntime *rt, bool begins) {
  if (ej_collection_hook) ej_collection_hook(rt, begins, rt->malloc_state.malloc_size);
}

static bool ej_inherits(const JSObject *p, const JSObject *proto) {
  for (p = p->shape->proto; p; p = p->shape->proto)
    if (p == proto) return true;
  return false;
}

JSValue ej_quickjs_query_objects(JSContext *ctx, JSValueConst proto) {
  JSObject *wanted = JS_VALUE_GET_OBJ(proto);
  struct list_head *el;
  JSValue found = JS_NewArray(ctx);
  JSObject *result = JS_VALUE_GET_OBJ(found);
  uint32_t count = 0;

  if (JS_IsException(found)) return found;
  // Adding to the array makes no object: the list stays as it is meanwhile.
  list_for_each(el, &ctx->rt->gc_obj_list) {
    JSGCObjectHeader *gp = list_entry(el, JSGCObjectHeader, link);
    JSObject *p = (JSObject *)gp;
    if (JS_GC_TYPE(gp) != JS_GC_OBJ_TYPE_JS_OBJECT || p == result || p->free_mark) continue;
    if (p->class_id == JS_CLASS_PROXY || !ej_inherits(p, wanted)) continue;
    if (JS_DefinePropertyValueUint32(ctx, found, count++, js_dup(JS_MKPTR(JS_TAG_OBJECT, p)),
                                     JS_PROP_C_W_E) < 0) {
      JS_FreeValue(ctx, found);
      return JS_EXCEPTION;
    }
  }
  return found;
}

uintptr_t ej_quickjs_stack_top(JSRuntime *rt) { return rt->stack_top; }

void ej_quickjs_set_stack_top(JSRuntime *rt, uintptr_t top) {
  rt->stack_top = top;
  update_stack_limit(rt);
}
