// SPDX-License-Identifier: Apache-2.0
//
// Syntax of TypeScript that has no meaning once the types are gone: it needs code of its own.
'use strict';

const { TokenType: tt } = require('internal/deps/sucrase/dist/parser/tokenizer/types');
const { ContextualKeyword: words } = require('internal/deps/sucrase/dist/parser/tokenizer/keywords');
const { errorAt } = require('internal/modules/typescript/errors');

const ANGLE_BRACKETS =
  'The angle-bracket syntax for type assertions, `<T>expr`, is not supported in type strip mode. ' +
  "Instead, use the 'as' syntax: `expr as T`.";
const MODULE_KEYWORD = '`module` keyword is not supported. Use `namespace` instead.';
const inStripMode = (what) => `TypeScript ${what} is not supported in strip-only mode`;

// The token after the block or statement that begins at token `at`.
function endOfDeclaration(tokens, at) {
  let depth = 0;
  for (let i = at; i < tokens.length; i++) {
    if (tokens[i].type === tt.braceL) depth++;
    else if (tokens[i].type === tt.braceR && --depth === 0) return i + 1;
    else if (tokens[i].type === tt.semi && depth === 0) return i + 1;
  }
  return tokens.length;
}

// The token after a statement without braces: it ends with its line.
function endOfStatement(source, tokens, at) {
  for (let i = at; i < tokens.length; i++) {
    if (tokens[i].type === tt.semi) return i + 1;
    if (tokens[i].type === tt.eof) return i;
    const next = tokens[i + 1];
    if (next !== undefined && source.slice(tokens[i].end, next.start).includes('\n')) return i + 1;
  }
  return tokens.length;
}

// True for `namespace A {`, `module A.B {`, and `module 'a' {` only when `declare` is before it.
function isNamespace(tokens, at) {
  const { type, isType, contextualKeyword } = tokens[at];
  if (type !== tt.name || !isType) return false;
  if (contextualKeyword !== words._namespace && contextualKeyword !== words._module) return false;
  const after = tokens[at + 2]?.type;
  return tokens[at + 1].type === tt.name && (after === tt.braceL || after === tt.dot);
}

// True for a modifier in the parentheses of a constructor.
function isParameterProperty(tokens, at) {
  let depth = 0;
  for (let i = at - 1; i > 0; i--) {
    const { type } = tokens[i];
    if (type === tt.parenR || type === tt.braceR || type === tt.bracketR) depth++;
    else if (type === tt.parenL && depth === 0) return tokens[i - 1].contextualKeyword === words._constructor;
    else if (type === tt.parenL || type === tt.braceL || type === tt.bracketL) {
      if (depth-- === 0) return false;
    }
  }
  return false;
}

// What may stand before a parenthesis or name without ending an expression: there `<` begins a type assertion.
function isAssertion(tokens, at) {
  const token = tokens[at];
  if (token.type !== tt.lessThan || !token.isType || tokens[at - 1]?.isType) return false;
  const before = tokens[at - 1];
  const isOf = before?.contextualKeyword === words._of && tokens[at - 2]?.type !== tt.dot;
  const endsValue =
    before !== undefined &&
    !isOf &&
    (before.type === tt.name ||
      before.type === tt._async ||
      before.type === tt._this ||
      before.type === tt._super ||
      before.type === tt._function ||
      before.type === tt._class ||
      before.type === tt.star ||
      before.type === tt.string ||
      before.type === tt.num ||
      before.type === tt.parenR ||
      before.type === tt.bracketR ||
      before.type === tt.braceR ||
      before.type === tt._import ||
      before.type === tt.questionDot ||
      before.type === tt.nonNullAssertion ||
      before.contextualKeyword !== words.NONE);
  if (endsValue) return false;
  let end = at;
  while (tokens[end].isType) end++;
  return !isArrow(tokens, end);
}

// True when the parenthesis at `at` begins the parameters of an arrow function: `<T>(a) => b`.
function isArrow(tokens, at) {
  if (tokens[at].type !== tt.parenL) return false;
  let depth = 0;
  for (let i = at; i < tokens.length; i++) {
    if (tokens[i].type === tt.parenL) depth++;
    else if (tokens[i].type === tt.parenR && --depth === 0) {
      let next = i + 1;
      while (tokens[next]?.isType) next++;
      return tokens[next]?.type === tt.arrow;
    }
  }
  return false;
}

const isFirst = (tokens, at, ...types) => types.includes(tokens[at - 1]?.type);

// What begins at token `at`: { message, start, end } in the text, undefined for all that can be stripped.
function unsupportedAt(source, tokens, at) {
  const token = tokens[at];
  const span = (message, first, end) => ({
    message,
    start: tokens[first].start,
    end: tokens[end - 1]?.end ?? source.length,
  });
  const withExport = isFirst(tokens, at, tt._export) ? at - 1 : at;
  switch (token.type) {
    case tt._enum: {
      if (token.isType) return undefined;
      let first = isFirst(tokens, at, tt._const) ? at - 1 : at;
      if (isFirst(tokens, first, tt._export)) first--;
      return span(inStripMode('enum'), first, endOfDeclaration(tokens, at));
    }
    case tt.name:
      if (!isNamespace(tokens, at)) return undefined;
      if (token.contextualKeyword === words._module) return span(MODULE_KEYWORD, at, at + 2);
      return span(inStripMode('namespace declaration'), withExport, endOfDeclaration(tokens, at));
    case tt._import: {
      const isEquals =
        tokens[at + 1]?.type === tt.name && !tokens[at + 1].isType && tokens[at + 2]?.type === tt.eq;
      return isEquals
        ? span(inStripMode('import equals declaration'), withExport, endOfStatement(source, tokens, at))
        : undefined;
    }
    case tt._export:
      return tokens[at + 1]?.type === tt.eq
        ? span(inStripMode('export assignment'), at, endOfStatement(source, tokens, at))
        : undefined;
    case tt._public:
    case tt._private:
    case tt._protected:
    case tt._readonly:
    case tt._override: {
      if (!isParameterProperty(tokens, at)) return undefined;
      let first = at;
      while (tokens[first].type !== tt.name) first++;
      let end = first + 1;
      while (tokens[end].isType) end++;
      return span(inStripMode('parameter property'), first, end);
    }
    case tt.lessThan:
      if (!isAssertion(tokens, at)) return undefined;
      return span(ANGLE_BRACKETS, at, endOfOperand(tokens, at));
    default:
      return undefined;
  }
}

// The token after `<T>x`: a name or literal with what is called or looked up on it.
function endOfOperand(tokens, at) {
  let i = at;
  while (tokens[i].isType) i++;
  let depth = 0;
  for (i++; i < tokens.length; i++) {
    const { type } = tokens[i];
    if (type === tt.parenL || type === tt.bracketL || type === tt.braceL) depth++;
    else if (type === tt.parenR || type === tt.bracketR || type === tt.braceR) {
      if (depth-- === 0) return i;
    } else if (depth === 0 && type !== tt.dot && tokens[i - 1].type !== tt.dot) return i;
  }
  return i;
}

// `transforms`: only what cannot be transformed either is refused.
function refuseUnsupported(source, filename, tokens, transforms) {
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    const found = unsupportedAt(source, tokens, at);
    if (found !== undefined && (!transforms || found.message === MODULE_KEYWORD))
      throw errorAt(
        'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
        found.message,
        filename,
        source,
        found.start,
        found.end
      );
    // What is inside of `declare …` is types throughout, but `module` is refused there too.
    if (token.type === tt._declare && token.isType) {
      if (isNamespace(tokens, at + 1) && tokens[at + 1].contextualKeyword === words._module) continue;
      at = Math.max(at, endOfDeclarationOrLine(source, tokens, at) - 1);
    }
  }
}

function endOfDeclarationOrLine(source, tokens, at) {
  for (let i = at; i < tokens.length; i++) {
    if (tokens[i].type === tt.braceL) return endOfDeclaration(tokens, i);
    if (tokens[i].type === tt.semi) return i + 1;
    if (!tokens[i].isType) return i;
  }
  return tokens.length;
}

module.exports = { endOfDeclaration, isNamespace, refuseUnsupported };
