// SPDX-License-Identifier: Apache-2.0
//
// Data properties whose value is made when they are first looked at. They are the engine's own
// "autoinit" properties, except that making the value runs JavaScript, which may change the object.
// Part of quickjs.c.

static const JSCFunctionListEntry ej_lazy_mark = {0}; // its address says whose property it is
static ej_quickjs_lazy *ej_lazy_value;

int ej_quickjs_define_lazy(JSContext *ctx, JSValueConst object, JSAtom name, int flags,
                           ej_quickjs_lazy *make) {
  JSProperty *pr;
  ej_lazy_value = make;
  if (find_own_property(&pr, JS_VALUE_GET_OBJ(object), name)) {
    JS_ThrowTypeErrorAtom(ctx, "property '%s' is there already", name);
    return -1;
  }
  return JS_DefineAutoInitProperty(ctx, object, name, JS_AUTOINIT_ID_PROP, (void *)&ej_lazy_mark,
                                   flags);
}

static bool ej_is_lazy(const JSProperty *pr) { return pr->u.init.opaque == &ej_lazy_mark; }

// When the value cannot be made, the property stays as it is: the next who looks tries again.
static int ej_make_lazy(JSContext *ctx, JSObject *p, JSAtom name, JSProperty *pr) {
  JSContext *realm = JS_DupContext(js_autoinit_get_realm(pr));
  JSValue object = js_dup(JS_MKPTR(JS_TAG_OBJECT, p));
  JSValue value = ej_lazy_value(realm, name);
  int result = JS_IsException(value) ? -1 : 0;
  JSShapeProperty *prs = result == 0 ? find_own_property(&pr, p, name) : NULL;
  if (prs != NULL && (prs->flags & JS_PROP_TMASK) == JS_PROP_AUTOINIT) {
    result = js_shape_prepare_update(ctx, p, &prs);
    if (result == 0) {
      js_autoinit_free(ctx->rt, pr);
      prs->flags &= ~JS_PROP_TMASK;
      pr->u.value = value;
      value = JS_UNDEFINED;
    }
  }
  JS_FreeValue(ctx, value);
  JS_FreeValue(ctx, object);
  JS_FreeContext(realm);
  return result;
}
