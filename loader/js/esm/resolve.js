// SPDX-License-Identifier: Apache-2.0
//
// A specifier of an import to a URL. Functions are named after the steps of Node's algorithm
// (https://nodejs.org/api/esm.html#resolution-algorithm-specification).
'use strict';

const { isMissing, isPublic } = require('internal/builtins');
const finder = require('internal/modules/cjs/resolve');
const { readPackage, readPackageScope } = require('internal/modules/package_json');
const { dirname, modulesOf, resolve: resolvePath } = require('internal/modules/paths');
const { PLAIN_PATH, pathToUrl, shownUrl, splitFileUrl, urlToPath } = require('internal/modules/esm/urls');

const lazyCodes = () => require('internal/errors').codes;

const FILE = 0;
const DIRECTORY = 1;

let defaultConditions;
function importConditions() {
  if (defaultConditions === undefined) {
    const { getOptionValue } = require('internal/options');
    defaultConditions = new Set([
      'node',
      'import',
      ...(getOptionValue('--require-module') === false ? [] : ['module-sync']),
      ...(getOptionValue('--addons') === false ? [] : ['node-addons']),
      ...(getOptionValue('--conditions') ?? []),
    ]);
  }
  return defaultConditions;
}

// The end of ESM_RESOLVE for a file: it must be there, and symbolic links are followed.
function finalizeResolution(path, suffix, parentUrl) {
  const { ERR_MODULE_NOT_FOUND, ERR_UNSUPPORTED_DIR_IMPORT } = lazyCodes();
  const kind = path.endsWith('/') ? DIRECTORY : finder.stat(path); // as in Node, whether it is there or not
  if (kind === DIRECTORY)
    throw new ERR_UNSUPPORTED_DIR_IMPORT(path, shownUrl(parentUrl), pathToUrl(path) + suffix);
  if (kind !== FILE) throw new ERR_MODULE_NOT_FOUND(path, shownUrl(parentUrl), pathToUrl(path) + suffix);
  return pathToUrl(finder.keepsSymlinks(false) ? path : finder.toRealPath(path)) + suffix;
}

function checkEncodedSeparators(text, shown, parentUrl) {
  if (!/%2f|%5c/i.test(text)) return;
  throw new (lazyCodes().ERR_INVALID_MODULE_SPECIFIER)(
    shown,
    'must not include encoded "/" or "\\" characters',
    shownUrl(parentUrl)
  );
}

function resolveUrl(url, parentUrl) {
  if (url.protocol !== 'file:') return url.href;
  checkEncodedSeparators(url.pathname, url.pathname, parentUrl);
  try {
    const [path, suffix] = splitFileUrl(url.href);
    return finalizeResolution(path, suffix, parentUrl);
  } catch (error) {
    if (error.code !== 'ERR_INVALID_FILE_URL_HOST' && error.code !== 'ERR_INVALID_FILE_URL_PATH') throw error;
    throw Object.assign(error, { input: url.href, module: parentUrl });
  }
}

const isRelative = (specifier) => /^(?:\/|\.\.?(?:\/|$))/.test(specifier);

function unsupported(specifier, parentUrl, cause) {
  const error = new (lazyCodes().ERR_UNSUPPORTED_RESOLVE_REQUEST)(specifier, parentUrl);
  return Object.defineProperty(error, 'cause', {
    __proto__: null,
    configurable: true,
    enumerable: true,
    value: cause,
    writable: true,
  });
}

function resolveRelative(specifier, parentUrl) {
  const parentPath = parentUrl.slice(7);
  if (
    PLAIN_PATH.test(`/${specifier}`) &&
    !specifier.startsWith('//') &&
    parentUrl.startsWith('file://') &&
    PLAIN_PATH.test(parentPath)
  ) {
    const path = resolvePath(dirname(parentPath), specifier);
    const isFolder = /(?:^|\/)\.{0,2}$/.test(specifier) && path !== '/';
    return finalizeResolution(isFolder ? `${path}/` : path, '', parentUrl);
  }
  const { URL } = require('internal/url');
  let url;
  try {
    url = new URL(specifier, parentUrl);
  } catch (cause) {
    throw unsupported(specifier, parentUrl, cause);
  }
  return resolveUrl(url, parentUrl);
}

// [name, subpath] of a bare specifier: 'a/b' is package a, './b'.
function parsePackageName(specifier, parentUrl) {
  const [, name, rest] = /^((?:@[^/]*\/)?[^/]*)(.*)$/s.exec(specifier);
  if (/^\.|[\\%]|^@[^/]*$/.test(name)) {
    throw new (lazyCodes().ERR_INVALID_MODULE_SPECIFIER)(
      specifier,
      'is not a valid package name',
      shownUrl(parentUrl)
    );
  }
  return [name, `.${rest}`];
}

// A target may carry a query or fragment.
function packageTarget(path, parentUrl, directory = '') {
  const end = path.slice(directory.length).search(/[?#]/);
  const file = end === -1 ? path : path.slice(0, directory.length + end);
  checkEncodedSeparators(file, file, parentUrl);
  const suffix = path.slice(file.length);
  return finalizeResolution(file.includes('%') ? decodeURIComponent(file) : file, suffix, parentUrl);
}

const MAIN_TRIES = ['', '.js', '.json', '.node', '/index.js', '/index.json', '/index.node'];

// The main file of a package without "exports".
function legacyMainResolve(directory, pkg, parentUrl) {
  if (pkg?.main !== undefined) {
    for (const end of MAIN_TRIES) {
      const path = resolvePath(directory, pkg.main + end);
      if (finder.stat(path) === FILE) return path;
    }
  }
  for (const name of ['index.js', 'index.json', 'index.node']) {
    if (finder.stat(`${directory}/${name}`) === FILE) return `${directory}/${name}`;
  }
  const error = new Error(
    `Cannot find package '${resolvePath(directory, pkg?.main ?? 'index.js')}' ` +
      `imported from ${shownUrl(parentUrl)}`
  );
  error.code = 'ERR_MODULE_NOT_FOUND';
  throw error;
}

// An ES module that is found by an index file or an extension, as require() finds files (DEP0151).
function warnLegacyMain(path, directory, main, parentUrl) {
  if (process.noDeprecation || (main !== undefined && resolvePath(directory, main) === path)) return;
  const { formatHint } = require('internal/modules/esm/format');
  if (formatHint(pathToUrl(path)) !== 'module') return;
  const rest = path.slice(directory.length + 1);
  const from = shownUrl(parentUrl);
  process.emitWarning(
    main === undefined
      ? `No "main" or "exports" field defined in the package.json for ${directory}/ resolving the main entry point ` +
          `"${rest}", imported from ${from}.\nDefault "index" lookups for the main are deprecated for ES modules.`
      : `Package ${directory}/ has a "main" field set to "${main}", excluding the full filename and extension to the ` +
          `resolved file at "${rest}", imported from ${from}.\n Automatic extension resolution of the "main" field is ` +
          'deprecated for ES modules.',
    'DeprecationWarning',
    'DEP0151'
  );
}

function fromPackage(directory, pkg, subpath, parentUrl, conditions) {
  if (pkg?.exports != null) {
    const { packageExportsResolve } = require('internal/modules/package_resolve');
    return [packageExportsResolve(pkg, subpath, conditions, shownUrl(parentUrl)), directory];
  }
  if (subpath !== '.') {
    const path = resolvePath(directory, subpath);
    return [subpath.endsWith('/') ? `${path}/` : path, directory];
  }
  const path = legacyMainResolve(directory, pkg, parentUrl);
  warnLegacyMain(path, directory, pkg?.main, parentUrl);
  return [path];
}

// The package that a bare specifier names: { directory, self, subpath }. Its own name comes first (`self` is its
// package.json), then the node_modules folders from the importing file upwards.
function findPackage(specifier, parentUrl) {
  const [name, subpath] = parsePackageName(specifier, parentUrl);
  const codes = lazyCodes();
  if (!parentUrl.startsWith('file:')) throw new codes.ERR_INVALID_URL('./package.json', parentUrl);
  const parentPath = urlToPath(parentUrl);
  const self = readPackageScope(parentPath);
  if (self?.name === name && self.exports != null) return { directory: self.directory, self, subpath };
  for (let folder = dirname(parentPath); ; folder = dirname(folder)) {
    const directory = `${modulesOf(folder)}/${name}`;
    if (finder.stat(directory) === DIRECTORY) return { directory, self: undefined, subpath };
    if (folder === '/') throw new codes.ERR_MODULE_NOT_FOUND(name, shownUrl(parentUrl));
  }
}

// PACKAGE_RESOLVE. The result is [path or the URL of a builtin, folder of the package]; whether the file is there is
// another question.
function packageResolve(specifier, parentUrl, conditions) {
  if (isPublic(specifier) || isMissing(specifier)) return [`node:${specifier}`];
  const codes = lazyCodes();
  if (parentUrl.startsWith('data:')) throw unsupported(specifier, parentUrl, new codes.ERR_INVALID_URL(specifier));
  if (!parentUrl.startsWith('file:')) throw new codes.ERR_INVALID_URL(specifier);
  const { directory, self, subpath } = findPackage(specifier, parentUrl);
  const pkg = self ?? readPackage(directory, `"${specifier}" from ${urlToPath(parentUrl)}`);
  return fromPackage(directory, pkg, subpath, parentUrl, conditions);
}

function finalizePackage([path, directory], parentUrl) {
  return path.startsWith('node:') ? path : packageTarget(path, parentUrl, directory);
}

function importsResolve(specifier, parentUrl, conditions) {
  const { packageImportsResolve } = require('internal/modules/package_resolve');
  const parentPath = shownUrl(parentUrl);
  const pkg = parentUrl.startsWith('file:') ? readPackageScope(parentPath) : undefined;
  let external; // the target named a package or builtin
  const path = packageImportsResolve(pkg, specifier, conditions, parentPath, (target, from) => {
    external = packageResolve(target, pathToUrl(from), conditions);
    return external[0];
  });
  return finalizePackage(path === external?.[0] ? external : [path, pkg.directory], parentUrl);
}

// ESM_RESOLVE: the URL of a module.
function resolve(specifier, parentUrl, conditions = importConditions()) {
  if (isRelative(specifier)) return resolveRelative(specifier, parentUrl);
  if (specifier.startsWith('#') && parentUrl.startsWith('file:')) return importsResolve(specifier, parentUrl, conditions);
  if (/^[A-Za-z][A-Za-z\d+.-]*:/.test(specifier)) {
    if (specifier.startsWith('node:')) return specifier;
    const url = require('internal/url').URL.parse(specifier);
    if (url !== null) return resolveUrl(url, parentUrl);
  }
  return finalizePackage(packageResolve(specifier, parentUrl, conditions), parentUrl);
}

module.exports = { findPackage, importConditions, packageResolve, resolve };
