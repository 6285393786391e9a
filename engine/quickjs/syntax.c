// SPDX-License-Identifier: Apache-2.0
//
// SyntaxErrors in V8's words. Part of quickjs.c.

typedef struct ej_syntax_text {
  const char *engine;
  const char *v8; // NULL: what V8 says of a token that it did not expect
} ej_syntax_text;

static const ej_syntax_text ej_syntax_texts[] = {
    {"expecting '%c'", NULL},
    {"Unexpected token '%.*s'", NULL},
    {"Unexpected end of input", NULL},
    {"Unexpected identifier '%s'", NULL},
    {"Unexpected string template", NULL},
    {"Unexpected regexp", NULL},
    {"unexpected token in expression: '%.*s'", NULL},
    {"'%s' is a reserved identifier", NULL},
    {"unsupported keyword: %s", NULL},
    {"variable name expected", NULL},
    {"identifier expected", NULL},
    {"identifier or string expected", NULL},
    {"string expected", NULL},
    {"from clause expected", NULL},
    {"expecting field name", NULL},
    {"expecting target", NULL},
    {"meta expected", NULL},
    {"expecting 'as'", NULL},
    {"invalid property name", NULL},
    {"invalid method name", NULL},
    {"invalid field name", NULL},
    {"missing formal parameter", NULL},
    {"invalid switch statement", NULL},
    {"class statement requires a name", NULL},
    {"class declarations can't appear in single-statement context", NULL},
    {"expected 'of' or 'in' in for control expression", NULL},
    {"function name expected", NULL},
    {"invalid number literal", "Invalid or unexpected token"},
    {"unexpected end of string", "Invalid or unexpected token"},
    {"unexpected character", "Invalid or unexpected token"},
    {"unexpected end of comment", "Invalid or unexpected token"},
    {"invalid first character of private name", "Invalid or unexpected token"},
    {"unexpected end of regexp", "Invalid regular expression: missing /"},
    {"unexpected line terminator in regexp", "Invalid regular expression: missing /"},
    {"Octal literals are not allowed in strict mode",
     "Octal literals are not allowed in strict mode."},
    {"invalid redefinition of lexical identifier", "Identifier '%n' has already been declared"},
    {"invalid redefinition of parameter name", "Identifier '%n' has already been declared"},
    {"invalid redefinition of a variable", "Identifier '%n' has already been declared"},
    {"invalid redefinition of global identifier", "Identifier '%n' has already been declared"},
    {"'undefined' already declared", "Identifier 'undefined' has already been declared"},
    {"duplicate __proto__ property name",
     "Duplicate __proto__ fields are not allowed in object literals"},
    {"property constructor appears more than once", "A class may only have one constructor"},
    {"invalid lvalue in strict mode", "Unexpected eval or arguments in strict mode"},
    {"invalid variable name in strict mode", "Unexpected eval or arguments in strict mode"},
    {"invalid function name in strict code", "Unexpected eval or arguments in strict mode"},
    {"invalid argument name in strict code", "Unexpected eval or arguments in strict mode"},
    {"invalid for in/of left hand-side", "Invalid left-hand side in for-loop"},
    {"invalid increment/decrement operand",
     "Invalid left-hand side expression in postfix operation"},
    {"invalid destructuring target", "Invalid destructuring assignment target"},
    {"invalid assignment left-hand side", "Invalid left-hand side in assignment"},
    {"invalid lexical variable name 'let'", "let is disallowed as a lexically bound name"},
    {"'let' is not a valid lexical identifier", "let is disallowed as a lexically bound name"},
    {"assignment rest property must be last", "Rest element must be last element"},
    {"rest element must be the last one", "Rest element must be last element"},
    {"new.target only allowed within functions", "new.target expression is not allowed here"},
    {"super() is only valid in a derived class constructor", "'super' keyword unexpected here"},
    {"'super' is only valid in a method", "'super' keyword unexpected here"},
    {"invalid use of 'super'", "'super' keyword unexpected here"},
    {"import.meta only valid in module code", "Cannot use 'import.meta' outside a module"},
    {"template literal cannot appear in an optional chain",
     "Invalid tagged template on optional chain"},
    {"cannot delete a direct reference in strict mode",
     "Delete of an unqualified identifier in strict mode."},
    {"cannot delete a private class field", "Private fields can not be deleted"},
    {"unexpected 'await' keyword",
     "await is only valid in async functions and the top level bodies of modules"},
    {"await in default expression",
     "Illegal await-expression in formal parameters of async function"},
    {"yield in default expression", "Yield expression not allowed in formal parameter"},
    {"unparenthesized unary expression can't appear on the left-hand side of '**'",
     "Unary operator used immediately before exponentiation expression. Parenthesis must be used "
     "to disambiguate "
     "operator precedence"},
    {"continue must be inside loop",
     "Illegal continue statement: no surrounding iteration statement"},
    {"break must be inside loop or switch", "Illegal break statement"},
    {"missing initializer for variable", "Missing initializer in const declaration"},
    {"return not in a function", "Illegal return statement"},
    {"return in a static initializer block", "Illegal return statement"},
    {"line terminator not allowed after throw", "Illegal newline after throw"},
    {"lexical declarations can't appear in single-statement context",
     "Lexical declaration cannot appear in a single-statement context"},
    {"function declarations can't appear in single-statement context",
     "Generators can only be declared at the top level or inside a block."},
    {"duplicate default", "More than one default clause in switch statement"},
    {"expecting catch or finally", "Missing catch or finally after try"},
    {"invalid keyword: with", "Strict mode code may not include a with statement"},
    {"\"use strict\" not allowed in function with default or destructuring parameter",
     "Illegal 'use strict' directive in function with non-simple parameter list"},
    {"for await is only valid in asynchronous functions", "Unexpected reserved word"},
    {"a declaration in the head of a for-%s loop can't have an initializer",
     "for-%s loop variable declaration may not have an initializer."},
};

static bool ej_token_is_word(const JSParseState *s) {
  return s->token.val == TOK_IDENT ||
         (s->token.val >= TOK_FIRST_KEYWORD && s->token.val <= TOK_LAST_KEYWORD);
}

static bool ej_is_strict_word(JSAtom word) {
  return word >= JS_ATOM_implements && word <= JS_ATOM_yield;
}

// What V8 says of the current token.
static void ej_put_unexpected(JSParseState *s, DynBuf *out) {
  int length = s->buf_ptr > s->token.ptr ? (int)(s->buf_ptr - s->token.ptr) : 0;
  const char *text = (const char *)s->token.ptr;
  bool is_strict = s->cur_func && s->cur_func->is_strict_mode;
  switch (s->token.val) {
  case TOK_EOF:
    dbuf_putstr(out, "Unexpected end of input");
    return;
  case TOK_NUMBER:
    dbuf_putstr(out, "Unexpected number");
    return;
  case TOK_STRING:
    dbuf_putstr(out, "Unexpected string");
    return;
  case TOK_TEMPLATE:
    dbuf_putstr(out, "Unexpected template string");
    return;
  case TOK_ERROR:
  case '@':
  case '#':
  case '\\':
    dbuf_putstr(out, "Invalid or unexpected token");
    return;
  case TOK_ENUM:
    dbuf_putstr(out, "Unexpected reserved word");
    return;
  }
  if (ej_token_is_word(s) && is_strict && ej_is_strict_word(s->token.u.ident.atom)) {
    dbuf_putstr(out, "Unexpected strict mode reserved word");
  } else if (s->token.val == TOK_IDENT) {
    dbuf_putstr(out, "Unexpected identifier '");
    ej_put_atom(s->ctx, out, s->token.u.ident.atom);
    dbuf_putc(out, '\'');
  } else if (s->token.val == TOK_PRIVATE_NAME) {
    dbuf_printf(out, "Private field '%.*s' must be declared in an enclosing class", length, text);
  } else {
    dbuf_printf(out, "Unexpected token '%.*s'", length, text);
  }
}

// True when the token before the current one is the word `await`.
static bool ej_follows_await(const JSParseState *s) {
  const uint8_t *end = s->token.ptr;
  while (end > s->buf_start && (end[-1] == ' ' || end[-1] == '\t')) end--;
  return end - s->buf_start >= 5 && memcmp(end - 5, "await", 5) == 0;
}

static void ej_throw_syntax_error(JSParseState *s, const char *fmt, va_list ap) {
  JSContext *ctx = s->ctx;
  char buffer[256];
  DynBuf out;
  size_t i = 0;
  while (i < countof(ej_syntax_texts) && strcmp(ej_syntax_texts[i].engine, fmt) != 0) i++;
  const char *text = i < countof(ej_syntax_texts) ? ej_syntax_texts[i].v8 : fmt;
  js_dbuf_init(ctx, &out);
  if (text && strstr(text, "%n")) {
    dbuf_putstr(&out, "Identifier '");
    ej_put_atom(ctx, &out, ctx->rt->declaring);
    dbuf_putstr(&out, "' has already been declared");
  } else if (text) {
    vsnprintf(buffer, sizeof buffer, text, ap);
    dbuf_putstr(&out, buffer);
  } else if (strcmp(fmt, "function name expected") == 0 && s->token.val == '(') {
    dbuf_putstr(&out, "Function statements require a function name");
  } else if (strcmp(fmt, "variable name expected") == 0 &&
             (s->token.val == '[' || s->token.val == '{')) {
    dbuf_putstr(&out, "Missing initializer in destructuring declaration");
  } else if (strcmp(fmt, "expecting '%c'") == 0 && s->token.val != TOK_EOF && ej_follows_await(s)) {
    dbuf_putstr(&out, "await is only valid in async functions and the top level bodies of modules");
  } else {
    ej_put_unexpected(s, &out);
  }
  dbuf_putc(&out, '\0');
  JSValue error =
      JS_MakeError2(ctx, JS_SYNTAX_ERROR, false, dbuf_error(&out) ? fmt : (const char *)out.buf);
  dbuf_free(&out);
  JS_Throw(ctx, JS_IsException(error) ? JS_NULL : error);
}

static int ej_parse_argument_end(JSParseState *s) {
  if (s->token.val == ',') return next_token(s);
  return js_parse_error(s, "missing ) after argument list");
}

// --- Regular expressions -------------------------------------------------------------------------

static void ej_throw_regexp(JSContext *ctx, const char *pattern, JSValueConst flags,
                            const char *reason) {
  static const char *const reasons[][2] = {
      {"expecting ')'", "Unterminated group"},
      {"unexpected end", "Unterminated character class"},
      {"nothing to repeat", "Nothing to repeat"},
      {"invalid repetition count", "numbers out of order in {} quantifier"},
      {"invalid class range", "Range out of order in character class"},
      {"duplicate group name", "Duplicate capture group name"},
      {"extraneous characters at the end", "Unmatched ')'"},
      {"invalid group name", "Invalid capture group name"},
      {"group name not defined", "Invalid named capture referenced"},
      {"invalid escape sequence in regular expression", "Invalid escape"},
      {"invalid group", "Invalid group"},
  };
  DynBuf out;
  for (size_t i = 0; i < countof(reasons); i++) {
    if (strcmp(reason, reasons[i][0]) == 0) {
      reason = reasons[i][1];
      break;
    }
  }
  js_dbuf_init(ctx, &out);
  dbuf_putstr(&out, "Invalid regular expression: /");
  dbuf_putstr(&out, pattern);
  dbuf_putc(&out, '/');
  if (JS_IsString(flags)) ej_put_string(ctx, &out, flags);
  dbuf_printf(&out, ": %s", reason);
  ej_throw(ctx, JS_SYNTAX_ERROR, &out);
}

// --- JSON ----------------------------------------------------------------------------------------

static bool ej_is_empty(JSValueConst object) {
  return JS_VALUE_GET_OBJ(object)->shape->prop_count == 0;
}

static const uint8_t *ej_skip_characters(const uint8_t *p, const uint8_t *end, int count) {
  for (; count > 0 && p < end; count--) {
    p++;
    while (p < end && (*p & 0xC0) == 0x80) p++;
  }
  return p;
}

static const uint8_t *ej_back_characters(const uint8_t *p, const uint8_t *start, int count) {
  for (; count > 0 && p > start; count--) {
    p--;
    while (p > start && (*p & 0xC0) == 0x80) p--;
  }
  return p;
}

// Where a word at `at` stops to be true, false or null.
static const uint8_t *ej_json_mismatch(const uint8_t *at, const uint8_t *end) {
  static const char *const words[] = {"true", "false", "null"};
  for (size_t i = 0; i < countof(words); i++) {
    if (*at != words[i][0]) continue;
    const char *word = words[i];
    for (; at < end && *word && *at == *word; at++) word++;
    return at;
  }
  return at;
}

// `Unexpected token 'x', "...ten characters before and after..." is not valid JSON`
static void ej_throw_json_token(JSParseState *s, const uint8_t *at) {
  enum { CONTEXT = 10 };
  const uint8_t *start = s->buf_start, *end = s->buf_end;
  DynBuf out;
  at = ej_json_mismatch(at, end);
  js_dbuf_init(s->ctx, &out);
  bool is_short = ej_skip_characters(start, end, 2 * CONTEXT + 1) == end &&
                  ej_skip_characters(start, end, 2 * CONTEXT) == end;
  bool is_undefined = end - start == 9 && memcmp(start, "undefined", 9) == 0;
  bool is_object = end - start == 15 && memcmp(start, "[object Object]", 15) == 0;
  if (at == end) {
    dbuf_putstr(&out, "Unexpected end of JSON input");
  } else if (is_undefined || is_object) {
    dbuf_printf(&out, "\"%.*s\" is not valid JSON", (int)(end - start), (const char *)start);
  } else {
    const uint8_t *from = is_short ? start : ej_back_characters(at, start, CONTEXT);
    const uint8_t *to = is_short ? end : ej_skip_characters(at, end, CONTEXT);
    dbuf_printf(&out, "Unexpected token '%.*s', ", (int)(ej_skip_characters(at, end, 1) - at),
                (const char *)at);
    dbuf_putstr(&out, from > start ? "...\"" : "\"");
    dbuf_put(&out, from, to - from);
    dbuf_putstr(&out, to < end ? "\"..." : "\"");
    dbuf_putstr(&out, " is not valid JSON");
  }
  dbuf_putc(&out, '\0');
  js_parse_error(s, "%s", dbuf_error(&out) ? "" : (const char *)out.buf);
  dbuf_free(&out);
}

// The name of the property of `holder` whose value is `value`.
static JSAtom ej_property_with(JSContext *ctx, JSValueConst holder, JSValueConst value) {
  JSPropertyEnum *names;
  uint32_t count;
  JSAtom found = JS_ATOM_NULL;
  if (JS_IsProxy(holder) ||
      JS_GetOwnPropertyNames(ctx, &names, &count, holder, JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY))
    return JS_ATOM_NULL;
  for (uint32_t i = 0; i < count && found == JS_ATOM_NULL; i++) {
    JSPropertyDescriptor desc;
    if (JS_GetOwnProperty(ctx, &desc, holder, names[i].atom) <= 0) continue;
    if (JS_IsObject(desc.value) && JS_VALUE_GET_OBJ(desc.value) == JS_VALUE_GET_OBJ(value))
      found = JS_DupAtom(ctx, names[i].atom);
    js_free_desc(ctx, &desc);
  }
  JS_FreePropertyEnum(ctx, names, count);
  return found;
}

static void ej_put_key(JSContext *ctx, DynBuf *out, JSValueConst holder, JSValueConst value) {
  JSAtom key = ej_property_with(ctx, holder, value);
  uint32_t index;
  if (JS_AtomIsArrayIndex(ctx, &index, key)) {
    dbuf_printf(out, "index %u", index);
  } else {
    dbuf_putstr(out, "property '");
    ej_put_atom(ctx, out, key);
    dbuf_putc(out, '\'');
  }
  JS_FreeAtom(ctx, key);
}

static void ej_put_constructor(JSContext *ctx, DynBuf *out, JSValueConst object) {
  JSValueConst name = ej_peek(ctx, ej_peek(ctx, object, JS_ATOM_constructor), JS_ATOM_name);
  dbuf_putstr(out, "object with constructor '");
  if (JS_IsString(name))
    ej_put_string(ctx, out, name);
  else
    dbuf_putstr(out, "Object");
  dbuf_putc(out, '\'');
}

// `stack` holds the objects from the outermost to the one whose property is `value` again. V8 shows
// the first two steps of the circle and the last.
static void ej_throw_circular(JSContext *ctx, JSValueConst stack, JSValueConst value) {
  JSObject *array = JS_VALUE_GET_OBJ(stack);
  JSValue *objects = array->u.array.u.values;
  int count = (int)array->u.array.count, first = 0;
  DynBuf out;
  while (first < count - 1 && JS_VALUE_GET_OBJ(objects[first]) != JS_VALUE_GET_OBJ(value)) first++;
  js_dbuf_init(ctx, &out);
  dbuf_putstr(&out, "Converting circular structure to JSON\n    --> starting at ");
  ej_put_constructor(ctx, &out, value);
  for (int i = first + 1; i < count; i++) {
    if (i - first > 2 && i < count - 1) {
      dbuf_putstr(&out, i - first == 3 ? "\n    |     ..." : "");
      continue;
    }
    dbuf_putstr(&out, "\n    |     ");
    ej_put_key(ctx, &out, objects[i - 1], objects[i]);
    dbuf_putstr(&out, " -> ");
    ej_put_constructor(ctx, &out, objects[i]);
  }
  dbuf_putstr(&out, "\n    --- ");
  ej_put_key(ctx, &out, objects[count - 1], value);
  dbuf_putstr(&out, " closes the circle");
  ej_throw(ctx, JS_TYPE_ERROR, &out);
}
