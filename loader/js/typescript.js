// SPDX-License-Identifier: Apache-2.0
//
// TypeScript by removing its types, as Node does by default: what is left stays at its line and column. With
// --experimental-transform-types also what needs code of its own.
'use strict';

const DEPENDENCY = 'internal/deps/sucrase/dist';

function parse(source, filename) {
  try {
    return require(`${DEPENDENCY}/parser/index`).parse(source, false, true, false);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw require('internal/modules/typescript/errors').errorAt(
      'ERR_INVALID_TYPESCRIPT_SYNTAX',
      error.message.replace(/ \(\d+:\d+\)$/, ''),
      filename,
      source,
      Math.min(error.pos ?? 0, source.length)
    );
  }
}

// sucrase's { code, mappings }: for each token of the source where it is in the code, undefined if it is not.
function rewrite(source, { tokens, scopes }) {
  const { BlankingProcessor, BlankingTransformer } = require('internal/modules/typescript/blanks');
  const NameManager = require(`${DEPENDENCY}/NameManager`).default;
  const { HelperManager } = require(`${DEPENDENCY}/HelperManager`);
  const nameManager = new NameManager(source, tokens);
  const helperManager = new HelperManager(nameManager);
  const tokenProcessor = new BlankingProcessor(source, tokens, false, true, helperManager);
  const options = { transforms: ['typescript'], disableESTransforms: true, keepUnusedImports: true };
  const context = { tokenProcessor, scopes, nameManager, importProcessor: null, helperManager };
  return new BlankingTransformer(context, options.transforms, false, options).transform();
}

// JavaScript with the text's lines and columns. `filename` is for messages.
function stripTypes(source, filename) {
  const parsed = parse(source, filename);
  require('internal/modules/typescript/unsupported').refuseUnsupported(source, filename, parsed.tokens, false);
  return rewrite(source, parsed).code;
}

// JavaScript with the text's lines: enums, namespaces, parameter properties and `import x = y` get code.
// { code, map }: the map is an object in the source map format, undefined unless asked for.
function transformTypes(source, filename, withMap) {
  const parsed = parse(source, filename);
  require('internal/modules/typescript/unsupported').refuseUnsupported(source, filename, parsed.tokens, true);
  const { expandNamespaces } = require('internal/modules/typescript/namespaces');
  const expanded = expandNamespaces(source, parsed.tokens);
  const again = expanded === source ? parsed : parse(expanded, filename);
  const { code, mappings } = rewrite(expanded, again);
  if (!withMap) return { code, map: undefined };
  const { makeMap } = require('internal/modules/typescript/map');
  return { code, map: makeMap(source, expanded, again.tokens, code, mappings, filename) };
}

const transforms = () =>
  require('internal/options').getOptionValue('--experimental-transform-types') === true;

// Source maps are on with transforms, unless they are turned off by name.
const wantsMap = () => require('internal/options').getOptionValue('--enable-source-maps') !== false;

// As the options of the command line say.
function stripText(source, filename) {
  if (transforms()) require('internal/util').emitExperimentalWarning('Transform Types');
  const cache = internalBinding('code_cache');
  if (!transforms()) {
    let code = cache.read(cache.STRIPPED, filename, source);
    if (code === undefined) {
      code = stripTypes(source, filename);
      cache.write(cache.STRIPPED, filename, source, code);
    }
    return code;
  }
  const kind = wantsMap() ? cache.TRANSFORMED_AND_MAP : cache.TRANSFORMED;
  let code = cache.read(kind, filename, source);
  if (code !== undefined) return code;
  const transformed = transformTypes(source, filename, wantsMap());
  code = transformed.map === undefined ? transformed.code : withInlineMap(transformed);
  cache.write(kind, filename, source, code);
  return code;
}

function withInlineMap({ code, map }) {
  const encoded = require('buffer').Buffer.from(JSON.stringify(map)).toString('base64');
  return `${code}\n\n//# sourceMappingURL=data:application/json;base64,${encoded}`;
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
  return stripText(source, filename);
}

// module.stripTypeScriptTypes
function stripTypeScriptTypes(code, options = {}) {
  const { validateBoolean, validateObject, validateOneOf, validateString } = require('internal/validators');
  validateString(code, 'code');
  validateObject(options, 'options');
  const { mode = 'strip', sourceMap = false, sourceUrl = '' } = options;
  validateOneOf(mode, 'options.mode', ['strip', 'transform']);
  validateString(sourceUrl, 'options.sourceUrl');
  validateBoolean(sourceMap, 'options.sourceMap');
  if (mode === 'strip') {
    validateOneOf(sourceMap, 'options.sourceMap', [false, undefined]);
    const stripped = stripTypes(code, sourceUrl);
    return sourceUrl === '' ? stripped : `${stripped}\n\n//# sourceURL=${sourceUrl}`;
  }
  const transformed = transformTypes(code, sourceUrl, sourceMap);
  if (sourceMap) return withInlineMap(transformed);
  return sourceUrl === '' ? transformed.code : `${transformed.code}\n\n//# sourceURL=${sourceUrl}`;
}

module.exports = { stripFile, stripText, stripTypeScriptTypes };
