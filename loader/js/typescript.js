// SPDX-License-Identifier: Apache-2.0
//
// TypeScript by removing its types, as Node does by default: what would need code of its own (enum, namespace,
// parameter properties, `import x = require()`) is refused. Lines stay where they are, columns may not.
'use strict';

const DEPENDENCY = 'internal/deps/sucrase/dist';

function errorAt(code, message, filename, source, position) {
  const error = new (require('internal/errors').codes[code])(message);
  const before = source.slice(0, position);
  const line = before.split('\n').length;
  const column = position - before.lastIndexOf('\n');
  const [header] = error.stack.split('\n    at ', 1);
  const url = filename.startsWith('/') ? require('internal/url').pathToFileURL(filename).href : filename;
  error.stack = `${header}\n    at ${url}:${line}:${column}`;
  return error;
}

// The kind of syntax that starts at token `at` and has no meaning once types are gone, undefined for all else.
function unsupportedAt(tokens, at, { TokenType: tt, ContextualKeyword: words }) {
  const token = tokens[at];
  const next = tokens[at + 1];
  switch (token.type) {
    case tt._enum:
      return token.isType ? undefined : 'enum';
    case tt.name: {
      if (
        !token.isType ||
        (token.contextualKeyword !== words._namespace && token.contextualKeyword !== words._module)
      ) {
        return undefined;
      }
      const after = tokens[at + 2]?.type;
      return next.type === tt.name && (after === tt.braceL || after === tt.dot)
        ? 'namespace declaration'
        : undefined;
    }
    case tt._import:
      return next?.type === tt.name && !next.isType && tokens[at + 2]?.type === tt.eq
        ? 'import equals declaration'
        : undefined;
    case tt._export:
      return next?.type === tt.eq ? 'export assignment' : undefined;
    case tt._public:
    case tt._private:
    case tt._protected:
    case tt._readonly:
      return isParameter(tokens, at, tt, words) ? 'parameter property' : undefined;
    default:
      return undefined;
  }
}

// True for a modifier in the parentheses of a constructor.
function isParameter(tokens, at, tt, words) {
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

// The last token of a declaration that starts at `at`: what is inside of `declare namespace x {…}` is types throughout.
function endOfBlock(tokens, at, tt) {
  let depth = 0;
  for (let i = at; i < tokens.length; i++) {
    if (tokens[i].type === tt.braceL) depth++;
    else if (tokens[i].type === tt.braceR && --depth === 0) return i;
    else if (tokens[i].type === tt.semi && depth === 0) return i;
  }
  return tokens.length;
}

function refuseUnsupported(source, filename, tokens) {
  const { TokenType: tt } = require(`${DEPENDENCY}/parser/tokenizer/types`);
  const { ContextualKeyword } = require(`${DEPENDENCY}/parser/tokenizer/keywords`);
  for (let i = 0; i < tokens.length; i++) {
    const kind = unsupportedAt(tokens, i, { TokenType: tt, ContextualKeyword });
    if (kind !== undefined) {
      throw errorAt(
        'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
        `TypeScript ${kind} is not supported in strip-only mode`,
        filename,
        source,
        tokens[kind === 'parameter property' ? i + 1 : i].start
      );
    }
    if (tokens[i].type === tt._declare && tokens[i].isType) i = endOfBlock(tokens, i, tt);
  }
}

function parse(source, filename) {
  try {
    return require(`${DEPENDENCY}/parser/index`).parse(source, false, true, false);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw errorAt(
      'ERR_INVALID_TYPESCRIPT_SYNTAX',
      error.message.replace(/ \(\d+:\d+\)$/, ''),
      filename,
      source,
      error.pos ?? 0
    );
  }
}

// JavaScript with the text's lines. `filename` is for messages.
function stripTypes(source, filename) {
  const { tokens, scopes } = parse(source, filename);
  refuseUnsupported(source, filename, tokens);
  const load = (name) => require(`${DEPENDENCY}/${name}`);
  const NameManager = load('NameManager').default;
  const TokenProcessor = load('TokenProcessor').default;
  const RootTransformer = load('transformers/RootTransformer').default;
  const { HelperManager } = load('HelperManager');
  const nameManager = new NameManager(source, tokens);
  const helperManager = new HelperManager(nameManager);
  const tokenProcessor = new TokenProcessor(source, tokens, false, true, helperManager);
  const options = { transforms: ['typescript'], disableESTransforms: true, keepUnusedImports: true };
  const context = { tokenProcessor, scopes, nameManager, importProcessor: null, helperManager };
  return new RootTransformer(context, options.transforms, false, options).transform().code;
}

// The text of a file: packages are published as JavaScript.
function stripFile(source, filename) {
  if (filename.includes('/node_modules/')) {
    const { pathToFileURL } = require('internal/url');
    const {
      codes: { ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING },
    } = require('internal/errors');
    throw new ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING(
      filename.startsWith('/') ? filename : pathToFileURL(filename).href
    );
  }
  return stripTypes(source, filename);
}

module.exports = { stripFile, stripTypes };
