// SPDX-License-Identifier: Apache-2.0
//
// Errors in V8's words. Part of quickjs.c. Nothing here runs a script: values are shown as they
// are, without their own toString.

// Throws `text`, which it frees. As in JS_ThrowError, a bytecode function adds the backtrace
// itself.
static JSValue ej_throw(JSContext *ctx, JSErrorEnum kind, DynBuf *text) {
  JSStackFrame *sf = ctx->rt->current_stack_frame;
  bool add_backtrace = !sf || !JS_GetFunctionBytecode(sf->cur_func);
  dbuf_putc(text, '\0');
  JSValue error =
      JS_MakeError2(ctx, kind, add_backtrace, dbuf_error(text) ? "" : (const char *)text->buf);
  dbuf_free(text);
  return JS_Throw(ctx, JS_IsException(error) ? JS_NULL : error);
}

// The value of a data property of `object` or its prototypes; undefined for any other. Borrowed.
static JSValueConst ej_peek(JSContext *ctx, JSValueConst object, JSAtom name) {
  JSObject *p = JS_IsObject(object) ? JS_VALUE_GET_OBJ(object) : NULL;
  while (p && p->class_id != JS_CLASS_PROXY) {
    JSProperty *pr;
    JSShapeProperty *prs = find_own_property(&pr, p, name);
    if (!prs) {
      p = p->shape->proto;
    } else if ((prs->flags & JS_PROP_TMASK) == JS_PROP_AUTOINIT) {
      if (JS_AutoInitProperty(ctx, p, name, pr, prs)) break;
    } else {
      return (prs->flags & JS_PROP_TMASK) == JS_PROP_NORMAL ? pr->u.value : JS_UNDEFINED;
    }
  }
  return JS_UNDEFINED;
}

static void ej_put_string(JSContext *ctx, DynBuf *out, JSValueConst string) {
  const char *text = JS_ToCString(ctx, string);
  if (text) dbuf_putstr(out, text);
  JS_FreeCString(ctx, text);
}

static const char *ej_type_of(JSContext *ctx, JSValueConst value) {
  switch (JS_VALUE_GET_NORM_TAG(value)) {
  case JS_TAG_UNDEFINED:
    return "undefined";
  case JS_TAG_BOOL:
    return "boolean";
  case JS_TAG_STRING:
  case JS_TAG_STRING_ROPE:
    return "string";
  case JS_TAG_SYMBOL:
    return "symbol";
  case JS_TAG_INT:
  case JS_TAG_FLOAT64:
    return "number";
  case JS_TAG_BIG_INT:
  case JS_TAG_SHORT_BIG_INT:
    return "bigint";
  default:
    return JS_IsFunction(ctx, value) ? "function" : "object";
  }
}

static void ej_put_symbol(JSContext *ctx, DynBuf *out, JSValueConst symbol) {
  JSAtom atom = JS_ValueToAtom(ctx, symbol);
  dbuf_putstr(out, "Symbol(");
  ej_put_atom(ctx, out, atom);
  dbuf_putc(out, ')');
  JS_FreeAtom(ctx, atom);
}

static void ej_put_object(JSContext *ctx, DynBuf *out, JSValueConst object) {
  JSValueConst to_string = ej_peek(ctx, object, JS_ATOM_toString);
  JSObject *f = JS_IsObject(to_string) ? JS_VALUE_GET_OBJ(to_string) : NULL;
  bool is_plain = f && f->class_id == JS_CLASS_C_FUNCTION &&
                  f->u.cfunc.c_function.generic == js_object_toString;
  JSObject *p = JS_VALUE_GET_OBJ(object);
  if (is_plain || p->class_id == JS_CLASS_PROXY) {
    JSValueConst name = ej_peek(ctx, ej_peek(ctx, object, JS_ATOM_constructor), JS_ATOM_name);
    dbuf_putstr(out, "#<");
    if (JS_IsString(name))
      ej_put_string(ctx, out, name);
    else
      dbuf_putstr(out, "Object");
    dbuf_putc(out, '>');
    return;
  }
  dbuf_putstr(out, "[object ");
  if (p->class_id == JS_CLASS_MODULE_NS)
    dbuf_putstr(out, "Module");
  else
    ej_put_atom(ctx, out, ctx->rt->class_array[p->class_id].class_name);
  dbuf_putc(out, ']');
}

static void ej_put_value(JSContext *ctx, DynBuf *out, JSValueConst value) {
  if (JS_IsSymbol(value)) {
    ej_put_symbol(ctx, out, value);
  } else if (JS_IsFunction(ctx, value) && JS_VALUE_GET_OBJ(value)->class_id != JS_CLASS_PROXY) {
    JSValue source = js_function_toString(ctx, value, 0, NULL);
    ej_put_string(ctx, out, source);
    JS_FreeValue(ctx, source);
  } else if (JS_IsObject(value)) {
    ej_put_object(ctx, out, value);
  } else {
    ej_put_string(ctx, out, value);
  }
}

static void ej_put_quoted(JSContext *ctx, DynBuf *out, JSValueConst value) {
  const char *quote = JS_IsString(value) ? "\"" : "";
  dbuf_putstr(out, quote);
  ej_put_value(ctx, out, value);
  dbuf_putstr(out, quote);
}

// What V8 says of a value that it has no expression for: its type, and the value when that is
// short.
static void ej_put_type_and_value(JSContext *ctx, DynBuf *out, JSValueConst value) {
  dbuf_putstr(out, ej_type_of(ctx, value));
  if (JS_IsString(value) || JS_IsNull(value) || JS_IsBool(value) || JS_IsNumber(value)) {
    dbuf_putc(out, ' ');
    ej_put_quoted(ctx, out, value);
  }
}

static void ej_put_name(JSContext *ctx, DynBuf *out, JSAtom name) {
  if (JS_AtomGetKind(ctx, name) != JS_ATOM_KIND_SYMBOL) {
    ej_put_atom(ctx, out, name);
    return;
  }
  JSValue key = JS_AtomToValue(ctx, name);
  ej_put_value(ctx, out, key);
  JS_FreeValue(ctx, key);
}

// The built-in function that runs now; undefined when bytecode does.
static JSValueConst ej_running_builtin(JSContext *ctx) {
  JSStackFrame *sf = ctx->rt->current_stack_frame;
  return sf && !JS_GetFunctionBytecode(sf->cur_func) ? sf->cur_func : JS_UNDEFINED;
}

static void ej_put_builtin(JSContext *ctx, DynBuf *out) {
  JSValueConst name = ej_peek(ctx, ej_running_builtin(ctx), JS_ATOM_name);
  if (JS_IsString(name)) ej_put_string(ctx, out, name);
}

static bool ej_has_method(JSContext *ctx, JSValueConst object, JSAtom name, JSValueConst method) {
  JSValueConst found = ej_peek(ctx, object, name);
  return JS_IsObject(found) && JS_VALUE_GET_OBJ(found) == JS_VALUE_GET_OBJ(method);
}

// "Array.prototype.map" for the built-in function that runs now; only its own name when no
// constructor has it.
static void ej_put_qualified_builtin(JSContext *ctx, DynBuf *out) {
  static const char *const owners[] = {"Object", "Array",  "String",   "Number",  "Boolean",
                                       "Symbol", "BigInt", "Function", "Promise", "Reflect",
                                       "RegExp", "Date",   "Map",      "Set",     "Iterator"};
  JSValueConst builtin = ej_running_builtin(ctx);
  JSValueConst name = ej_peek(ctx, builtin, JS_ATOM_name);
  JSAtom key = JS_IsString(name) ? JS_ValueToAtom(ctx, name) : JS_ATOM_NULL;
  for (size_t i = 0; key != JS_ATOM_NULL && i < countof(owners); i++) {
    JSAtom owner_key = JS_NewAtom(ctx, owners[i]);
    JSValueConst owner = ej_peek(ctx, ctx->global_obj, owner_key);
    JS_FreeAtom(ctx, owner_key);
    if (ej_has_method(ctx, owner, key, builtin)) {
      dbuf_printf(out, "%s.", owners[i]);
      break;
    }
    if (ej_has_method(ctx, ej_peek(ctx, owner, JS_ATOM_prototype), key, builtin)) {
      dbuf_printf(out, "%s.prototype.", owners[i]);
      break;
    }
  }
  JS_FreeAtom(ctx, key);
  ej_put_builtin(ctx, out);
}

// --- Texts from the table ------------------------------------------------------------------------

typedef struct ej_words {
  const char *engine;  // the engine's format, or the text that it makes
  const char *builtin; // only while this built-in runs, "" for none, NULL for any; "*Array" stands
                       // for all typed arrays
  const char *v8; // {0}, {1}: arguments of the running built-in; {f}: its name, {q}: with its owner
} ej_words;

#include "messages.h"

static bool ej_matches_builtin(JSContext *ctx, const char *wanted) {
  if (!wanted) return true;
  if (!*wanted) return JS_IsUndefined(ej_running_builtin(ctx));
  JSValueConst name = ej_peek(ctx, ej_running_builtin(ctx), JS_ATOM_name);
  const char *text = JS_IsString(name) ? JS_ToCString(ctx, name) : NULL;
  if (!text) return false;
  size_t length = strlen(text), tail = strlen(wanted) - 1;
  bool matches = wanted[0] == '*' ? length > tail && strcmp(text + length - tail, wanted + 1) == 0
                                  : strcmp(text, wanted) == 0;
  JS_FreeCString(ctx, text);
  return matches;
}

static const char *ej_find_text(JSContext *ctx, const char *engine) {
  for (size_t i = 0; i < countof(ej_messages); i++) {
    if (strcmp(ej_messages[i].engine, engine) == 0 &&
        ej_matches_builtin(ctx, ej_messages[i].builtin))
      return ej_messages[i].v8;
  }
  return NULL;
}

// Fills in what stands in braces.
static void ej_expand(JSContext *ctx, DynBuf *out, const char *text) {
  JSStackFrame *sf = ctx->rt->current_stack_frame;
  for (; *text; text++) {
    if (text[0] != '{' || text[1] == '\0' || text[2] != '}') {
      dbuf_putc(out, *text);
      continue;
    }
    if (text[1] == 'f') ej_put_builtin(ctx, out);
    if (text[1] == 'q') ej_put_qualified_builtin(ctx, out);
    int argument = text[1] - '0';
    if (argument >= 0 && argument < 4)
      ej_put_value(ctx, out, sf && argument < sf->arg_count ? sf->arg_buf[argument] : JS_UNDEFINED);
    text += 2;
  }
}

// The message for the engine's `fmt`: V8's if the table has one for the format or for what it says.
static JSValue ej_make_error(JSContext *ctx, JSErrorEnum kind, bool add_backtrace, const char *fmt,
                             va_list ap) {
  char buffer[256];
  DynBuf out;
  const char *text = kind == JS_URI_ERROR ? "URI malformed" : ej_find_text(ctx, fmt);
  if (!text || strchr(text, '%')) {
    vsnprintf(buffer, sizeof buffer, text ? text : fmt, ap);
    text = text ? NULL : ej_find_text(ctx, buffer);
    if (!text) return JS_MakeError2(ctx, kind, add_backtrace, buffer);
  }
  js_dbuf_init(ctx, &out);
  ej_expand(ctx, &out, text);
  dbuf_putc(&out, '\0');
  JSValue error =
      JS_MakeError2(ctx, kind, add_backtrace, dbuf_error(&out) ? text : (const char *)out.buf);
  dbuf_free(&out);
  return error;
}

// JS_ThrowTypeErrorAtom(): names of any length, and symbols as "Symbol(x)".
static JSValue ej_throw_named(JSContext *ctx, const char *fmt, JSAtom atom) {
  DynBuf name, out;
  js_dbuf_init(ctx, &name);
  ej_put_name(ctx, &name, atom);
  dbuf_putc(&name, '\0');
  js_dbuf_init(ctx, &out);
  const char *text = ej_find_text(ctx, fmt);
  dbuf_printf(&out, text ? text : fmt, dbuf_error(&name) ? "" : (const char *)name.buf);
  dbuf_free(&name);
  return ej_throw(ctx, JS_TYPE_ERROR, &out);
}

// --- Properties ----------------------------------------------------------------------------------

static bool ej_throws(JSContext *ctx, int flags) {
  return (flags & JS_PROP_THROW) || ((flags & JS_PROP_THROW_STRICT) && is_strict_mode(ctx));
}

// "<before><name><between><object><after>", or false when `flags` ask for no error.
static int ej_refuse_property(JSContext *ctx, int flags, const char *before, JSAtom name,
                              const char *between, JSValueConst object, const char *after) {
  DynBuf out;
  if (!ej_throws(ctx, flags)) return false;
  js_dbuf_init(ctx, &out);
  dbuf_putstr(&out, before);
  ej_put_name(ctx, &out, name);
  dbuf_putstr(&out, between);
  if (!JS_IsUninitialized(object)) ej_put_value(ctx, &out, object);
  dbuf_putstr(&out, after);
  ej_throw(ctx, JS_TYPE_ERROR, &out);
  return -1;
}

static int ej_throw_read_only(JSContext *ctx, int flags, JSValueConst object, JSAtom name) {
  char between[32];
  snprintf(between, sizeof between, "' of %s '", ej_type_of(ctx, object));
  return ej_refuse_property(ctx, flags, "Cannot assign to read only property '", name, between,
                            object, "'");
}

static int ej_throw_no_setter(JSContext *ctx, int flags, JSValueConst object, JSAtom name) {
  return ej_refuse_property(ctx, flags, "Cannot set property ", name, " of ", object,
                            " which has only a getter");
}

static int ej_throw_not_extensible(JSContext *ctx, int flags, JSAtom name, bool defines) {
  return ej_refuse_property(ctx, flags,
                            defines ? "Cannot define property " : "Cannot add property ", name,
                            ", object is not extensible", JS_UNINITIALIZED, "");
}

static int ej_throw_not_configurable(JSContext *ctx, int flags, JSAtom name) {
  return ej_refuse_property(ctx, flags, "Cannot redefine property: ", name, "", JS_UNINITIALIZED,
                            "");
}

static int ej_throw_not_deletable(JSContext *ctx, int flags, JSValueConst object, JSAtom name) {
  if (JS_IsProxy(object))
    return ej_refuse_property(ctx, flags,
                              "'deleteProperty' on proxy: trap returned falsish for property '",
                              name, "'", JS_UNINITIALIZED, "");
  return ej_refuse_property(ctx, flags, "Cannot delete property '", name, "' of ", object, "");
}

// A property set on a primitive value.
static int ej_throw_primitive(JSContext *ctx, int flags, JSValueConst value, JSAtom name) {
  char between[32];
  uint32_t index;
  bool is_element = JS_VALUE_GET_TAG(value) == JS_TAG_STRING &&
                    JS_AtomIsArrayIndex(ctx, &index, name) &&
                    index < JS_VALUE_GET_STRING(value)->len;
  if (is_element) return ej_throw_read_only(ctx, flags, value, name);
  snprintf(between, sizeof between, "' on %s '", ej_type_of(ctx, value));
  return ej_refuse_property(ctx, flags, "Cannot create property '", name, between, value, "'");
}

static int ej_throw_falsish_trap(JSContext *ctx, int flags, const char *trap, JSAtom name) {
  char before[80];
  snprintf(before, sizeof before, "'%s' on proxy: trap returned falsish for property '", trap);
  return ej_refuse_property(ctx, flags, before, name, "'", JS_UNINITIALIZED, "");
}

static void ej_throw_missing_key(JSContext *ctx, JSAtom name) {
  ej_refuse_property(ctx, JS_PROP_THROW, "'ownKeys' on proxy: trap result did not include '", name,
                     "'", JS_UNINITIALIZED, "");
}

static JSValue ej_throw_revoked(JSContext *ctx, JSAtom trap) {
  ej_refuse_property(ctx, JS_PROP_THROW, "Cannot perform '", trap,
                     "' on a proxy that has been revoked", JS_UNINITIALIZED, "");
  return JS_EXCEPTION;
}

static JSValue ej_throw_receiver(JSContext *ctx, JSValueConst value, JSClassID class_id) {
  DynBuf name, out;
  js_dbuf_init(ctx, &name);
  ej_put_builtin(ctx, &name);
  dbuf_putc(&name, '\0');
  js_dbuf_init(ctx, &out);
  const char *builtin = dbuf_error(&name) ? "" : (const char *)name.buf, *get = "";
  if (strncmp(builtin, "get ", 4) == 0) {
    get = "get ";
    builtin += 4;
  }
  dbuf_printf(&out, "Method %s", get);
  ej_put_atom(ctx, &out, ctx->rt->class_array[class_id].class_name);
  dbuf_printf(&out, ".prototype.%s called on incompatible receiver ", builtin);
  dbuf_free(&name);
  ej_put_value(ctx, &out, value);
  return ej_throw(ctx, JS_TYPE_ERROR, &out);
}

// "<before><value><after>"
static JSValue ej_throw_value(JSContext *ctx, const char *before, JSValueConst value,
                              const char *after) {
  DynBuf out;
  js_dbuf_init(ctx, &out);
  dbuf_putstr(&out, before);
  ej_put_value(ctx, &out, value);
  dbuf_putstr(&out, after);
  return ej_throw(ctx, JS_TYPE_ERROR, &out);
}

static JSValue ej_throw_in_operand(JSContext *ctx, JSValueConst key, JSValueConst object) {
  DynBuf out;
  js_dbuf_init(ctx, &out);
  dbuf_putstr(&out, "Cannot use 'in' operator to search for '");
  ej_put_value(ctx, &out, key);
  dbuf_putstr(&out, "' in ");
  ej_put_value(ctx, &out, object);
  return ej_throw(ctx, JS_TYPE_ERROR, &out);
}

static JSValue ej_throw_class_call(JSContext *ctx, JSValueConst function) {
  JSValueConst name = ej_peek(ctx, function, JS_ATOM_name);
  if (JS_VALUE_GET_TAG(name) != JS_TAG_STRING || JS_VALUE_GET_STRING(name)->len == 0)
    return JS_ThrowTypeError(ctx, "Class constructors cannot be invoked without 'new'");
  return ej_throw_value(ctx, "Class constructor ", name, " cannot be invoked without 'new'");
}

// --- Calls and iteration -------------------------------------------------------------------------

// "<expression><after>" for operand `note` of the current instruction.
static JSValue ej_throw_expression(ej_operands *o, int note, const char *before,
                                   const char *after) {
  JSContext *ctx = o->ctx;
  DynBuf out;
  js_dbuf_init(ctx, &out);
  dbuf_putstr(&out, before);
  ej_put_expression(o, &out, note, 0);
  dbuf_putstr(&out, after);
  ej_operands_free(o);
  return ej_throw(ctx, JS_TYPE_ERROR, &out);
}

// False for what would be printed as "(intermediate value)" and nothing else.
static bool ej_has_expression(ej_operands *o, int note) {
  DynBuf out;
  js_dbuf_init(o->ctx, &out);
  ej_put_expression(o, &out, note, 0);
  dbuf_putc(&out, '\0');
  bool has = !dbuf_error(&out) && strcmp((const char *)out.buf, "(intermediate value)") != 0;
  dbuf_free(&out);
  return has;
}

static JSValue ej_throw_type_and_value(JSContext *ctx, JSValueConst value, const char *after) {
  DynBuf out;
  js_dbuf_init(ctx, &out);
  ej_put_type_and_value(ctx, &out, value);
  dbuf_putstr(&out, after);
  return ej_throw(ctx, JS_TYPE_ERROR, &out);
}

static JSValue ej_throw_not_callable(JSContext *ctx, JSValueConst value) {
  ej_operands o;
  const char *text = ej_find_text(ctx, "not a function");
  if (text) return JS_ThrowTypeError(ctx, "not a function");
  int pos = ej_current_instruction(ctx, &o);
  if (pos == EJ_UNKNOWN) return ej_throw_type_and_value(ctx, value, " is not a function");
  int op = o.b->byte_code_buf[pos];
  if (ej_is_call(op)) return ej_throw_expression(&o, o.callee[pos], "", " is not a function");
  ej_operands_free(&o);
  return ej_throw_type_and_value(ctx, value, " is not a function");
}

static JSValue ej_throw_not_constructor(JSContext *ctx, JSValueConst value) {
  ej_operands o;
  JSValueConst name = JS_IsFunction(ctx, value) ? ej_peek(ctx, value, JS_ATOM_name) : JS_UNDEFINED;
  int pos = ej_current_instruction(ctx, &o);
  if (pos == EJ_UNKNOWN)
    return ej_throw_value(ctx, "", JS_IsString(name) ? name : value, " is not a constructor");
  int op = o.b->byte_code_buf[pos], note = o.callee[pos];
  if (note != EJ_UNKNOWN && o.b->byte_code_buf[note] == OP_get_super) {
    ej_operands_free(&o);
    return ej_throw_value(ctx, "Super constructor ", value, " of anonymous class");
  }
  if (ej_is_call(op)) return ej_throw_expression(&o, note, "", " is not a constructor");
  ej_operands_free(&o);
  return ej_throw_value(ctx, "", value, " is not a constructor");
}

// True when the array that OP_append before `end` fills becomes the arguments of a call.
static bool ej_spreads_arguments(ej_operands *o, int end) {
  int last = ej_walk(o, end, o->sp - 2); // the array lies below its length
  return last != EJ_UNKNOWN && o->b->byte_code_buf[last] == OP_apply;
}

static JSValue ej_throw_not_iterable(JSContext *ctx, JSValueConst value) {
  static const char no_symbol[] = " is not iterable (cannot read property Symbol(Symbol.iterator))";
  ej_operands o;
  int pos = ej_current_instruction(ctx, &o);
  if (pos == EJ_UNKNOWN) return ej_throw_type_and_value(ctx, value, no_symbol);
  int op = o.b->byte_code_buf[pos], note = o.top[pos];
  bool is_nullish = JS_IsUndefined(value) || JS_IsNull(value);
  if (op == OP_append && ej_spreads_arguments(&o, pos + 1)) {
    if (is_nullish)
      return ej_throw_expression(&o, note, "",
                                 JS_IsNull(value)
                                     ? " is not iterable (cannot read property null)"
                                     : " is not iterable (cannot read property undefined)");
    ej_operands_free(&o);
    return JS_ThrowTypeError(
        ctx, "Spread syntax requires ...iterable[Symbol.iterator] to be a function");
  }
  if (op != OP_append && op != OP_for_of_start && op != OP_for_await_of_start) note = EJ_UNKNOWN;
  if (!ej_has_expression(&o, note)) {
    ej_operands_free(&o);
    return ej_throw_type_and_value(ctx, value, no_symbol);
  }
  int maker = o.b->byte_code_buf[note];
  if (op != OP_for_await_of_start && ej_is_call(maker) && maker != OP_call_constructor)
    return ej_throw_expression(&o, o.callee[note], "",
                               " is not a function or its return value is not iterable");
  return ej_throw_expression(
      &o, note, "", op == OP_for_await_of_start ? " is not async iterable" : " is not iterable");
}

// All methods of strings and these of arrays name themselves; what converts its arguments does not.
static bool ej_names_itself(const char *method) {
  static const char *const of_arrays[] = {
      "concat",  "every",   "filter", "find",   "findIndex",   "findLast", "findLastIndex",
      "forEach", "indexOf", "map",    "reduce", "reduceRight", "some"};
  if (strncmp(method, "String.prototype.", 17) == 0) return true;
  if (strncmp(method, "Array.prototype.", 16) != 0) return false;
  size_t i = 0;
  while (i < countof(of_arrays) && strcmp(method + 16, of_arrays[i]) != 0) i++;
  return i < countof(of_arrays);
}

static JSValue ej_throw_nullish_receiver(JSContext *ctx) {
  DynBuf out;
  js_dbuf_init(ctx, &out);
  ej_put_qualified_builtin(ctx, &out);
  dbuf_putc(&out, '\0');
  if (dbuf_error(&out) || !ej_names_itself((const char *)out.buf)) {
    dbuf_free(&out);
    return JS_ThrowTypeError(ctx, "Cannot convert undefined or null to object");
  }
  out.size--;
  dbuf_putstr(&out, " called on null or undefined");
  return ej_throw(ctx, JS_TYPE_ERROR, &out);
}

// The first property that the destructuring pattern after `pos` reads.
static JSAtom ej_pattern_property(const ej_operands *o, int pos) {
  const uint8_t *code = o->b->byte_code_buf;
  for (int i = 0; i < 4 && pos < o->b->byte_code_len; i++) {
    if (code[pos] == OP_get_field || code[pos] == OP_get_field2) return get_u32(code + pos + 1);
    if (code[pos] == OP_get_length) return JS_ATOM_length;
    pos += short_opcode_info(code[pos]).size;
  }
  return JS_ATOM_NULL;
}

// ToObject of undefined or null. In a destructuring pattern V8 names the first property and the
// source.
static JSValue ej_throw_nullish_object(JSContext *ctx, JSValueConst value) {
  ej_operands o;
  DynBuf before;
  char after[32];
  int pos = ej_current_instruction(ctx, &o);
  if (pos == EJ_UNKNOWN) return ej_throw_nullish_receiver(ctx);
  int note = o.top[pos];
  if (o.b->byte_code_buf[pos] != OP_to_object) {
    ej_operands_free(&o);
    return JS_ThrowTypeError(ctx, "Cannot convert undefined or null to object");
  }
  JSAtom name = ej_pattern_property(&o, pos + 1);
  if (note != EJ_UNKNOWN && o.b->byte_code_buf[note] == OP_get_field2 &&
      name != JS_ATOM_NULL) { // a pattern in a pattern
    ej_operands_free(&o);
    return ej_throw_named(ctx,
                          JS_IsNull(value) ? "cannot read property '%s' of null"
                                           : "cannot read property '%s' of undefined",
                          name);
  }
  js_dbuf_init(ctx, &before);
  dbuf_putstr(&before, "Cannot destructure ");
  if (name != JS_ATOM_NULL) {
    dbuf_putstr(&before, "property '");
    ej_put_name(ctx, &before, name);
    dbuf_putstr(&before, "' of ");
  }
  dbuf_putstr(&before, "'");
  dbuf_putc(&before, '\0');
  snprintf(after, sizeof after, "' as it is %s.", JS_IsNull(value) ? "null" : "undefined");
  if (ej_has_expression(&o, note)) {
    JSValue thrown =
        ej_throw_expression(&o, note, dbuf_error(&before) ? "" : (const char *)before.buf, after);
    dbuf_free(&before);
    return thrown;
  }
  ej_operands_free(&o);
  before.size--;
  ej_put_type_and_value(ctx, &before, value);
  dbuf_putstr(&before, after);
  return ej_throw(ctx, JS_TYPE_ERROR, &before);
}

static JSValue ej_throw_not_an_object(JSContext *ctx) {
  DynBuf out;
  if (JS_IsUndefined(ej_running_builtin(ctx)) || ej_find_text(ctx, "not an object"))
    return JS_ThrowTypeError(ctx, "not an object");
  js_dbuf_init(ctx, &out);
  ej_put_qualified_builtin(ctx, &out);
  dbuf_putstr(&out, " called on non-object");
  return ej_throw(ctx, JS_TYPE_ERROR, &out);
}

// Before Error.prepareStackTrace is called for an Error: stores the stack that it would have
// without, and says so. The function is taken out of the context meanwhile, and owned here.
static bool ej_store_plain_stack(JSContext *ctx, JSValueConst error, const char *filename, int line,
                                 int column, int flags) {
  if (JS_IsNull(ctx->error_ctor) || !JS_IsFunction(ctx, ctx->error_prepare_stack)) return false;
  if (flags & JS_BACKTRACE_FLAG_FILTER_FUNC || !can_store_error_stack(error)) return false;
  JSValue prepare = ctx->error_prepare_stack;
  bool is_first = JS_IsUndefined(ctx->error_back_trace);
  ctx->error_prepare_stack = JS_UNDEFINED;
  build_backtrace(ctx, error, JS_UNDEFINED, filename, line, column, flags);
  JS_FreeValue(ctx, ctx->error_prepare_stack);
  ctx->error_prepare_stack = prepare;
  if (is_first) {
    JS_FreeValue(ctx, ctx->error_back_trace);
    ctx->error_back_trace = JS_UNDEFINED;
  }
  return true;
}
