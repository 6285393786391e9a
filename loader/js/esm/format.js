// SPDX-License-Identifier: Apache-2.0
//
// What kind of module a URL is (https://nodejs.org/api/esm.html: ESM_FILE_FORMAT), and whether its import
// attributes fit that.
'use strict';

const { isModuleText } = require('internal/modules/cjs/compile');
const { readPackageScope } = require('internal/modules/package_json');
const { extname } = require('internal/modules/paths');
const { pathToUrl, urlToPath } = require('internal/modules/esm/urls');

const { getOptionValue } = require('internal/options');

const lazyCodes = () => require('internal/errors').codes;

const BY_EXTENSION = {
  '__proto__': null,
  '.cjs': 'commonjs',
  '.json': 'json',
  '.mjs': 'module',
  '.wasm': 'wasm',
};
const TYPESCRIPT = { '__proto__': null, '.cts': 'commonjs-typescript', '.mts': 'module-typescript' };

const warnedTypeless = new Set(); // package.json files

// A package with modules that does not say so makes each be parsed twice.
function warnTypeless(path) {
  const pkg = readPackageScope(path);
  if (pkg === undefined || path.includes('/node_modules/') || warnedTypeless.has(pkg)) return;
  warnedTypeless.add(pkg);
  process.emitWarning(
    `Module type of ${pathToUrl(path)} is not specified and it doesn't parse as CommonJS.\n` +
      'Reparsing as ES module because module syntax was detected. This incurs a performance overhead.\n' +
      `To eliminate this warning, add "type": "module" to ${pkg.path}.`,
    { __proto__: null, code: 'MODULE_TYPELESS_PACKAGE_JSON' }
  );
}

const stripped = (text, path) => require('internal/modules/typescript').stripFile(text, path);

// An untyped file's format: its text tells, unless detection is off. Without a text nothing is known yet.
function detectFormat(source, path) {
  if (getOptionValue('--experimental-detect-module') === false) return 'commonjs';
  if (source === undefined) return null;
  if (!isModuleText(source, path)) return 'commonjs';
  warnTypeless(path);
  return 'module';
}

// Without an extension it may be WebAssembly, which begins with these four bytes.
const isWasm = (source) => source !== undefined && source.startsWith('\0asm');

function extensionlessFormat(path, readSource) {
  const type = readPackageScope(path)?.type;
  if (type === 'commonjs') return type;
  if (type !== 'module') return isWasm(readSource()) ? 'wasm' : detectFormat(readSource(), path);
  return isWasm(internalBinding('module_files').readFileUtf8(path)) ? 'wasm' : 'module';
}

function untypedFormat(path, readSource, isTypeScript) {
  const type = readPackageScope(path)?.type;
  if (type === 'module' || type === 'commonjs') return isTypeScript ? `${type}-typescript` : type;
  if (!isTypeScript) return detectFormat(readSource(), path);
  const source = readSource();
  return source === undefined ? null : `${detectFormat(stripped(source, path), path)}-typescript`;
}

// `readSource()` is called when only the text can tell; it may give undefined.
function fileFormat(url, readSource) {
  const path = urlToPath(url);
  const extension = extname(path);
  const known = BY_EXTENSION[extension];
  if (known !== undefined) return known;
  if (extension === '.js') return untypedFormat(path, readSource, false);
  if (extension === '') return extensionlessFormat(path, readSource);
  if (getOptionValue('--strip-types') !== false) {
    if (extension === '.ts') return untypedFormat(path, readSource, true);
    if (TYPESCRIPT[extension] !== undefined) return TYPESCRIPT[extension];
  }
  if (extension === '.node' && getOptionValue('--experimental-addon-modules')) return 'addon';
  return undefined;
}

const mimeOf = (url) => /^data:([^/]+\/[^,;]+)/.exec(url)?.[1] ?? null;

function mimeFormat(mime) {
  if (/^\s*(?:text|application)\/javascript\s*$/i.test(mime)) return 'module';
  if (mime === 'application/json') return 'json';
  if (mime === 'application/wasm') return 'wasm';
  if (/^\s*text\/plain\s*$/i.test(mime) && getOptionValue('--experimental-import-text')) return 'text';
  return null;
}

const isTextImport = (attributes) => attributes?.type === 'text' && getOptionValue('--experimental-import-text');

// The format of a URL: null when its scheme or type has none.
function getFormat(url, readSource, attributes) {
  if (isTextImport(attributes)) return 'text';
  if (url.startsWith('node:')) return 'builtin';
  if (url.startsWith('data:')) return mimeFormat(mimeOf(url));
  if (!url.startsWith('file:')) return null;
  const format = fileFormat(url, readSource);
  if (format !== undefined) return format;
  const path = urlToPath(url);
  throw new (lazyCodes().ERR_UNKNOWN_FILE_EXTENSION)(extname(path), path);
}

// What can be said before anything is loaded, as resolve hooks are told; undefined for an unknown extension.
function formatHint(url, attributes) {
  if (isTextImport(attributes)) return 'text';
  return url.startsWith('file:') ? fileFormat(url, () => undefined) : getFormat(url);
}

// Only these can be read.
function checkScheme(url) {
  if (/^(?:file|data|node):/.test(url)) return;
  const schemes = /^https?:/.test(url) ? ['file', 'data'] : ['file', 'data', 'node'];
  throw new (lazyCodes().ERR_UNSUPPORTED_ESM_URL_SCHEME)(new (require('internal/url').URL)(url), schemes);
}

// The type that an import has to give for a format; undefined for formats that only hooks know.
const TYPES = { __proto__: null, builtin: '', commonjs: '', json: 'json', module: '', text: 'text', wasm: '' };

// JSON needs the attribute `type: 'json'`, code must be without.
function checkAttributes(url, format, attributes = { __proto__: null }) {
  const codes = lazyCodes();
  for (const name of Object.keys(attributes)) {
    if (name !== 'type')
      throw new codes.ERR_IMPORT_ATTRIBUTE_UNSUPPORTED(name, attributes[name], ` in ${url}`);
  }
  const wanted = TYPES[format];
  if (wanted === undefined) return;
  const { type } = attributes;
  if (type === 'text' && !getOptionValue('--experimental-import-text'))
    throw new codes.ERR_IMPORT_ATTRIBUTE_UNSUPPORTED('type', type, ` in ${url}`);
  if (!Object.hasOwn(attributes, 'type')) {
    if (wanted === '') return;
    throw new codes.ERR_IMPORT_ATTRIBUTE_MISSING(url, 'type', wanted);
  }
  if (wanted !== '' && type === wanted) return;
  require('internal/validators').validateString(type, 'type');
  if (type !== 'json' && type !== 'text')
    throw new codes.ERR_IMPORT_ATTRIBUTE_UNSUPPORTED('type', type, ` in ${url}`);
  throw new codes.ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE(url, type);
}

// A format that no translator has.
function unknownFormat(url, format) {
  return new (lazyCodes().ERR_UNKNOWN_MODULE_FORMAT)(format ?? mimeOf(url) ?? format, url);
}

module.exports = { checkAttributes, checkScheme, formatHint, getFormat, unknownFormat, warnTypeless };
