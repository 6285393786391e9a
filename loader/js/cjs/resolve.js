// SPDX-License-Identifier: Apache-2.0
//
// Where a request leads: the files that require(X) tries, in Node's order
// (https://nodejs.org/api/modules.html#all-together).
'use strict';

const fs = internalBinding('module_files');
const { basename, dirname, modulesOf, resolve } = require('internal/modules/paths');
const { pathToUrl } = require('internal/modules/esm/urls');
const { readPackage, readPackageScope } = require('internal/modules/package_json');
const { getOptionValue } = require('internal/options');

const FILE = 0;
const DIRECTORY = 1;

// Stats are remembered while a require runs: see enterRequire.
let statCache = null;

function cachedStat(path) {
  if (statCache === null) return fs.internalModuleStat(path);
  let result = statCache.get(path);
  if (result === undefined) {
    result = fs.internalModuleStat(path);
    if (result >= 0) statCache.set(path, result); // what is missing may be there a moment later
  }
  return result;
}

// Module._readPackage
function readPackageConfig(directory) {
  const pkg = readPackage(resolve(directory));
  if (pkg === undefined) return { __proto__: null, exists: false, pjsonPath: `${directory}/package.json` };
  const { exports, imports, main, name, path, type } = pkg;
  return { __proto__: null, exists: true, exports, imports, main, name, pjsonPath: path, type };
}

// What Module._stat and Module._readPackage are.
const replaceable = { __proto__: null, readPackageConfig, stat: cachedStat };
const stat = (path) => replaceable.stat(path);

// The package in a folder, for require(): read, or made of what a replaced Module._readPackage says.
function packageIn(directory) {
  if (replaceable.readPackageConfig === readPackageConfig) return readPackage(directory);
  const config = replaceable.readPackageConfig(directory);
  if (!config.exists) return undefined;
  return { ...config, data: config, directory, path: config.pjsonPath ?? `${directory}/package.json` };
}

// One require begins; nested ones share its stats. Every enterRequire needs its leaveRequire.
let requireDepth = 0;
function enterRequire() {
  if (requireDepth++ === 0) statCache = new Map();
}

function leaveRequire() {
  if (--requireDepth === 0) statCache = null;
}

const realpaths = new Map();

function toRealPath(path) {
  let real = realpaths.get(path);
  if (real === undefined) {
    real = fs.realpath(path);
    realpaths.set(path, real);
  }
  return real;
}

let preserveSymlinks;
let { get } = internalBinding('environment');

// A worker may have been given variables of its own.
function useEnvironment(variables) {
  get = (name) => variables[name];
}

function keepsSymlinks(isMain) {
  if (preserveSymlinks === undefined) {
    preserveSymlinks = {
      main: Boolean(getOptionValue('--preserve-symlinks-main')) || get('NODE_PRESERVE_SYMLINKS_MAIN') === '1',
      others: Boolean(getOptionValue('--preserve-symlinks')) || get('NODE_PRESERVE_SYMLINKS') === '1',
    };
  }
  return isMain ? preserveSymlinks.main : preserveSymlinks.others;
}

function tryFile(path, isMain) {
  if (stat(path) !== FILE) return undefined;
  return keepsSymlinks(isMain) ? resolve(path) : toRealPath(path);
}

// LOAD_AS_FILE with each of the extensions.
function tryExtensions(path, extensions, isMain) {
  for (const extension of extensions) {
    const found = tryFile(path + extension, isMain);
    if (found !== undefined) return found;
  }
  return undefined;
}

// LOAD_AS_DIRECTORY.
function tryPackage(directory, extensions, isMain, request) {
  const pkg = packageIn(directory);
  const index = () => tryExtensions(resolve(directory, 'index'), extensions, isMain);
  if (!pkg?.main) return index();
  const path = resolve(directory, pkg.main);
  const found =
    tryFile(path, isMain) ??
    tryExtensions(path, extensions, isMain) ??
    tryExtensions(resolve(path, 'index'), extensions, isMain);
  if (found !== undefined) return found;
  const fallback = index();
  if (fallback === undefined) {
    const error = new Error(
      `Cannot find module '${path}'. Please verify that the package.json has a valid "main" entry`
    );
    error.code = 'MODULE_NOT_FOUND';
    error.path = pkg.path;
    error.requestPath = request;
    throw error;
  }
  process.emitWarning(
    `Invalid 'main' field in '${pkg.path}' of '${pkg.main}'. ` +
      'Please either fix that or report it to the module author',
    'DeprecationWarning',
    'DEP0128'
  );
  return fallback;
}

let conditions;
// The conditions of require(), with those of -C.
function requireConditions() {
  if (conditions === undefined) {
    conditions = new Set([
      'require',
      'node',
      ...(getOptionValue('--addons') === false ? [] : ['node-addons']),
      ...(getOptionValue('--conditions') ?? []),
      ...(getOptionValue('--require-module') === false ? [] : ['module-sync']),
    ]);
  }
  return conditions;
}

function esmNotFound(request, path) {
  const error = new Error(`Cannot find module '${request}'`);
  error.code = 'MODULE_NOT_FOUND';
  if (path) error.path = path;
  return error;
}

// The file that "exports" or "imports" of a package in `directory` led to must exist as it is written. Errors name the
// requiring file and `pkgPath`.
function finalizePackageTarget(path, directory, parentPath, pkgPath) {
  if (/%2f|%5c/i.test(path)) {
    const {
      codes: { ERR_INVALID_MODULE_SPECIFIER },
    } = require('internal/errors');
    throw new ERR_INVALID_MODULE_SPECIFIER(
      pathToUrl(path).replaceAll('%25', '%'),
      'must not include encoded "/" or "\\" characters',
      parentPath
    );
  }
  const end = path.slice(directory.length).search(/[?#]/);
  const encoded = end === -1 ? path : path.slice(0, directory.length + end);
  const file = encoded.includes('%') ? decodeURIComponent(encoded) : encoded;
  const found = tryFile(file, false);
  if (found === undefined) throw esmNotFound(file, pkgPath);
  return found;
}

const PACKAGE_REQUEST = /^((?:@[^/\\%]+\/)?[^./\\%][^/\\%]*)(\/.*)?$/;

// LOAD_PACKAGE_EXPORTS: of a package in folder `modules` (a node_modules).
function resolveExports(modules, request, conditions = requireConditions()) {
  const [, name, rest = ''] = PACKAGE_REQUEST.exec(request) ?? [];
  if (name === undefined) return undefined;
  const pkg = packageIn(resolve(modules, name));
  if (pkg === undefined || pkg.exports == null) return undefined;
  const { packageExportsResolve } = require('internal/modules/package_resolve');
  const { directory } = pkg;
  return finalizePackageTarget(packageExportsResolve(pkg, `.${rest}`, conditions), directory, null, directory);
}

// LOAD_PACKAGE_SELF: a package may require itself by name when it has "exports".
function resolveSelf(parentPath, request, conditions = requireConditions()) {
  if (!parentPath) return undefined;
  const pkg = readPackageScope(parentPath);
  if (pkg === undefined || pkg.exports == null || pkg.name === undefined) return undefined;
  let subpath;
  if (request === pkg.name) subpath = '.';
  else if (request.startsWith(`${pkg.name}/`)) subpath = `.${request.slice(pkg.name.length)}`;
  else return undefined;
  const { packageExportsResolve } = require('internal/modules/package_resolve');
  const target = packageExportsResolve(pkg, subpath, conditions, parentPath);
  return finalizePackageTarget(target, pkg.directory, parentPath, pkg.path);
}

// LOAD_PACKAGE_IMPORTS. A target that names another package is looked for as an import would.
function resolveImports(parentPath, request, conditions = requireConditions()) {
  const pkg = readPackageScope(parentPath);
  if (pkg?.imports === undefined) return undefined;
  const { packageImportsResolve } = require('internal/modules/package_resolve');
  let external = []; // [path or URL of a builtin, folder]
  const resolvePackage = (specifier) => {
    const { packageResolve } = require('internal/modules/esm/resolve');
    external = packageResolve(specifier, pathToUrl(pkg.path), conditions);
    return external[0];
  };
  let resolved;
  try {
    resolved = packageImportsResolve(pkg, request, conditions, parentPath, resolvePackage);
  } catch (error) {
    throw error.code === 'ERR_MODULE_NOT_FOUND' ? esmNotFound(request) : error;
  }
  const [path, directory = pkg.directory] = external;
  if (resolved === path && path.startsWith('node:')) {
    throw new (require('internal/errors').codes.ERR_INVALID_URL_SCHEME)('file');
  }
  return finalizePackageTarget(resolved, directory, parentPath, pkg.path);
}

// True when the request can only be a folder.
function namesDirectory(request) {
  return /(?:^|\/)\.{0,2}$/.test(request);
}

// The file for `request` below one of `paths`, undefined when there is none.
function findPath(request, paths, extensions, isMain, conditions) {
  const onlyDirectory = namesDirectory(request);
  const isAbsolute = request.startsWith('/');
  const leavesFolder = /^\.\.?\//.test(request) && resolve('/a', request).startsWith('/a/') === false;
  for (const directory of paths) {
    if (!leavesFolder && directory !== '' && stat(directory) !== DIRECTORY) continue;
    if (!isAbsolute) {
      const exported = resolveExports(directory, request, conditions);
      if (exported !== undefined) return exported;
    }
    const path = resolve(directory, request);
    const kind = stat(path);
    let found;
    if (!onlyDirectory) {
      if (kind === FILE) found = keepsSymlinks(isMain) ? path : toRealPath(path);
      found ??= tryExtensions(path, extensions, isMain);
    }
    if (found === undefined && kind === DIRECTORY) found = tryPackage(path, extensions, isMain, request);
    if (found !== undefined) return found;
  }
  return undefined;
}

// NODE_MODULES_PATHS: the node_modules folders of `from` and everything above.
function nodeModulePaths(from) {
  const paths = [];
  for (let directory = resolve(from); ; directory = dirname(directory)) {
    if (basename(directory) !== 'node_modules') {
      paths.push(modulesOf(directory));
    }
    if (directory === '/') return paths;
  }
}

module.exports = {
  enterRequire,
  findPath,
  keepsSymlinks,
  leaveRequire,
  nodeModulePaths,
  replaceable,
  requireConditions,
  resolveImports,
  resolveSelf,
  stat,
  toRealPath,
  useEnvironment,
};
