// SPDX-License-Identifier: Apache-2.0
//
// The name of the time zone in brackets, behind the texts of dates that have an offset: the engine
// knows none, its host does. What V8 says to methods of dates on other objects. Part of quickjs.c.

static ej_quickjs_zone_namer *ej_name_zone;

void ej_quickjs_set_zone_namer(ej_quickjs_zone_namer *name) { ej_name_zone = name; }

// Takes `text`, that of the valid date `date`.
static JSValue ej_with_zone(JSContext *ctx, JSValueConst date, JSValue text) {
  double time;
  if (ej_name_zone == NULL) return text;
  JSValue name = JS_ThisTimeValue(ctx, &time, date) ? JS_EXCEPTION : ej_name_zone(ctx, time);
  if (!JS_IsException(name)) return JS_ConcatString(ctx, text, name);
  JS_FreeValue(ctx, text);
  return JS_EXCEPTION;
}

static void ej_throw_not_a_date(JSContext *ctx, JSValueConst value) {
  DynBuf name;
  js_dbuf_init(ctx, &name);
  ej_put_builtin(ctx, &name);
  dbuf_putc(&name, '\0');
  const char *builtin = dbuf_error(&name) ? "" : (const char *)name.buf;
  bool is_getter = strncmp(builtin, "get", 3) == 0 && strcmp(builtin, "getYear") != 0;
  if (is_getter || strcmp(builtin, "valueOf") == 0)
    JS_ThrowTypeError(ctx, "this is not a Date object.");
  else
    ej_throw_receiver(ctx, value, JS_CLASS_DATE);
  dbuf_free(&name);
}
