// SPDX-License-Identifier: Apache-2.0
//
// condense(source): JavaScript without its comments and without the long function bodies that do
// not speak of exports, for a lexer that looks for these. A text that cannot be told apart with
// certainty (a slash after a brace, a template with code in it) is given back as it is.
#include "condense.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SHORTEST = 256, DEEPEST = 512 }; // a getter's body, which the lexer reads, is shorter

typedef enum slash { REGEX, DIVISION, UNKNOWN } slash; // what a slash would be now

typedef struct bracket {
  char open;
  bool is_body;      // a brace after a parenthesis
  bool is_kept;      // something in it matters
  bool is_condition; // the parenthesis of if, for, while or with
  size_t start;      // in the result, after the bracket
} bracket;

typedef struct condenser {
  const uint8_t *at, *end;
  char *out;
  size_t size;
  slash slash;
  bool after_parenthesis, after_dot, after_condition_word;
  bracket stack[DEEPEST];
  int depth;
} condenser;

static void put(condenser *c, const uint8_t *from, size_t size) {
  memcpy(c->out + c->size, from, size);
  c->size += size;
}

static bool is_word(uint8_t byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9') || byte == '_' || byte == '$' || byte == '\\' || byte >= 0x80;
}

static bool is_one_of(const uint8_t *word, size_t size, const char *const *list) {
  for (; *list != NULL; list++)
    if (strlen(*list) == size && memcmp(word, *list, size) == 0) return true;
  return false;
}

static void token(condenser *c, slash next) {
  c->slash = next;
  c->after_parenthesis = c->after_dot = c->after_condition_word = false;
}

static void word(condenser *c) {
  static const char *const operators[] = {"return", "typeof", "instanceof", "in",    "of",
                                          "new",    "delete", "void",       "throw", "case",
                                          "do",     "else",   "yield",      "await", NULL};
  static const char *const conditions[] = {"if", "for", "while", "with", NULL};
  const uint8_t *start = c->at;
  while (c->at < c->end && is_word(*c->at)) c->at++;
  size_t size = (size_t)(c->at - start);
  put(c, start, size);
  if (c->depth > 0 && (memmem(start, size, "xport", 5) || memmem(start, size, "mport", 5) ||
                       memmem(start, size, "equire", 6) || memmem(start, size, "module", 6) ||
                       memmem(start, size, "tslib", 5) || memmem(start, size, "define", 6)))
    c->stack[c->depth - 1].is_kept = true;
  bool is_property = c->after_dot;
  token(c, !is_property && is_one_of(start, size, operators) ? REGEX : DIVISION);
  c->after_condition_word = !is_property && is_one_of(start, size, conditions);
}

static bool comment(condenser *c) {
  const uint8_t *start = c->at;
  if (start[1] == '/') {
    while (c->at < c->end && *c->at != '\n') c->at++;
    return true;
  }
  const uint8_t *close = memmem(start + 2, (size_t)(c->end - start - 2), "*/", 2);
  if (close == NULL) return false;
  bool has_lines = memchr(start, '\n', (size_t)(close - start)) != NULL;
  put(c, (const uint8_t *)(has_lines ? "\n" : " "), 1);
  c->at = close + 2;
  return true;
}

// A string, a template without code, or a regular expression: up to `quote`, escapes and classes
// observed.
static bool quoted(condenser *c, uint8_t quote) {
  const uint8_t *start = c->at++;
  bool in_class = false;
  for (; c->at < c->end; c->at++) {
    uint8_t byte = *c->at;
    if (byte == '\\') {
      c->at++;
    } else if (byte == quote && !in_class) {
      c->at++;
      put(c, start, (size_t)(c->at - start));
      token(c, DIVISION);
      return true;
    } else if (byte == '\n' && quote != '`') {
      return false;
    } else if (byte == '$' && quote == '`' && c->at[1] == '{') {
      return false;
    } else if (quote == '/') {
      in_class = byte == '[' || (in_class && byte != ']');
    }
  }
  return false;
}

static bool open_bracket(condenser *c) {
  if (c->depth == DEEPEST) return false;
  bracket *made = &c->stack[c->depth++];
  *made = (bracket){.open = (char)*c->at,
                    .is_body = *c->at == '{' && c->after_parenthesis,
                    .is_condition = c->after_condition_word};
  put(c, c->at++, 1);
  made->start = c->size;
  token(c, REGEX);
  return true;
}

static bool close_bracket(condenser *c) {
  uint8_t byte = *c->at;
  if (c->depth == 0) return false;
  bracket closed = c->stack[--c->depth];
  if (closed.open != (byte == ')' ? '(' : byte == ']' ? '[' : '{')) return false;
  if (closed.is_kept && c->depth > 0) c->stack[c->depth - 1].is_kept = true;
  if (closed.is_body && !closed.is_kept && c->size - closed.start > SHORTEST)
    c->size = closed.start;
  put(c, c->at++, 1);
  token(c, byte == '}' ? UNKNOWN : closed.is_condition ? REGEX : DIVISION);
  c->after_parenthesis = byte == ')';
  return true;
}

static bool step(condenser *c) {
  uint8_t byte = *c->at;
  switch (byte) {
  case ' ':
  case '\t':
  case '\r':
  case '\n':
    put(c, c->at++, 1);
    return true;
  case '"':
  case '\'':
  case '`':
    return quoted(c, byte);
  case '(':
  case '[':
  case '{':
    return open_bracket(c);
  case ')':
  case ']':
  case '}':
    return close_bracket(c);
  case '/':
    if (c->at[1] == '/' || c->at[1] == '*') return comment(c);
    if (c->slash == UNKNOWN) return false;
    if (c->slash == REGEX) return quoted(c, '/');
    break;
  default:
    if (is_word(byte)) return word(c), true;
  }
  bool is_postfix = (byte == '+' || byte == '-') && c->at[1] == byte && c->slash == DIVISION;
  put(c, c->at, is_postfix ? 2 : 1);
  c->at += is_postfix ? 2 : 1;
  token(c, is_postfix ? DIVISION : REGEX);
  c->after_dot = byte == '.';
  return true;
}

napi_value ej_condense(napi_env env, napi_callback_info info) {
  size_t count = 1, size;
  napi_value source, result;
  napi_get_cb_info(env, info, &count, &source, NULL, NULL);
  if (napi_get_value_string_utf8(env, source, NULL, 0, &size) != napi_ok) return NULL;
  condenser *c = calloc(1, sizeof *c);
  char *text = malloc(2 * size + 4); // the text, with room to look ahead, and the result
  result = source;
  if (c != NULL && text != NULL) {
    napi_get_value_string_utf8(env, source, text, size + 1, &size);
    c->at = (const uint8_t *)text;
    c->end = c->at + size;
    c->out = text + size + 2;
    text[size + 1] = '\0';
    while (c->at < c->end && step(c)) {
    }
    if (c->at >= c->end && c->depth == 0) napi_create_string_utf8(env, c->out, c->size, &result);
  }
  free(text);
  free(c);
  return result;
}
