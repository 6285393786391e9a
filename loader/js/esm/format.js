// SPDX-License-Identifier: Apache-2.0
//
// What kind of module a URL is (https://nodejs.org/api/esm.html: ESM_FILE_FORMAT), and whether its import
// attributes fit that.
'use strict';

const contextify = internalBinding('contextify');
const { readPackageScope } = require('internal/modules/package_json');
const { extname } = require('internal/modules/paths');
const { pathToUrl, urlToPath } = require('internal/modules/esm/urls');

const lazyCodes = () => require('internal/errors').codes;

const BY_EXTENSION = {
  '__proto__': null,
  '.cjs': 'commonjs',
  '.cts': 'commonjs',
  '.json': 'json',
  '.mjs': 'module',
  '.mts': 'module',
  '.wasm': 'wasm',
};
const BY_MIME = {
  '__proto__': null,
  'application/json': 'json',
  'application/wasm': 'wasm',
  'text/javascript': 'module',
};

// True for text that is not CommonJS but parses as a module.
function isModuleSource(source, path) {
  try {
    contextify.compileFunction(source.startsWith('#!') ? `//${source.slice(2)}` : source, path, [
      'exports',
      'require',
      'module',
      '__filename',
      '__dirname',
    ]);
    return false;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return contextify.containsModuleSyntax(source);
  }
}

// A package with modules that does not say so makes each be parsed twice.
function warnTypeless(path) {
  const pkg = readPackageScope(path);
  if (pkg === undefined || path.includes('/node_modules/')) return;
  process.emitWarning(
    `Module type of ${pathToUrl(path)} is not specified and it doesn't parse as CommonJS.\n` +
      'Reparsing as ES module because module syntax was detected. This incurs a performance overhead.\n' +
      `To eliminate this warning, add "type": "module" to ${pkg.path}.`,
    { code: 'MODULE_TYPELESS_PACKAGE_JSON' }
  );
}

// `readSource()` is called when only the text can tell.
function fileFormat(url, readSource) {
  const path = urlToPath(url);
  const extension = extname(path);
  const known = BY_EXTENSION[extension];
  if (known !== undefined) return known;
  if (extension !== '.js' && extension !== '.ts' && extension !== '')
    throw new (lazyCodes().ERR_UNKNOWN_FILE_EXTENSION)(extension, path);
  const type = readPackageScope(path)?.type;
  if (type === 'module' || type === 'commonjs') return type;
  if (!isModuleSource(readSource(), path)) return 'commonjs';
  warnTypeless(path);
  return 'module';
}

const mimeOf = (url) => /^data:([^/]+\/[^,;]+)/.exec(url)?.[1] ?? null;

function getFormat(url, readSource) {
  if (url.startsWith('file:')) return fileFormat(url, readSource);
  if (url.startsWith('node:')) return 'builtin';
  if (url.startsWith('data:')) return BY_MIME[mimeOf(url)]; // checkAttributes refuses the unknown
  const { protocol } = new (require('internal/url').URL)(url);
  throw new (lazyCodes().ERR_UNSUPPORTED_ESM_URL_SCHEME)({ protocol }, ['file', 'data']);
}

// JSON needs the attribute `type: 'json'`, everything else must be without.
function checkAttributes(url, format, attributes) {
  const codes = lazyCodes();
  const names = attributes === undefined ? [] : Object.keys(attributes);
  for (const name of names) {
    if (name !== 'type')
      throw new codes.ERR_IMPORT_ATTRIBUTE_UNSUPPORTED(name, attributes[name], ` in ${url}`);
  }
  if (format === undefined) throw new codes.ERR_UNKNOWN_MODULE_FORMAT(mimeOf(url), url);
  const type = attributes?.type;
  if (format === 'json') {
    if (type === undefined) throw new codes.ERR_IMPORT_ATTRIBUTE_MISSING(url, 'type', 'json');
    if (type === 'json') return;
  } else if (type === undefined) return;
  if (type === 'json') throw new codes.ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE(url, type);
  throw new codes.ERR_IMPORT_ATTRIBUTE_UNSUPPORTED('type', type, ` in ${url}`);
}

module.exports = { checkAttributes, getFormat, warnTypeless };
