// SPDX-License-Identifier: Apache-2.0
//
// "exports" and "imports" of package.json. Functions are named after the steps of Node's resolution algorithm
// (https://nodejs.org/api/esm.html#resolution-algorithm-specification); files are absolute paths, not URLs.
'use strict';

const lazyCodes = () => require('internal/errors').codes;

const isObject = (value) => value !== null && typeof value === 'object';

// Thrown texts end in the package's folder with a slash, to which the messages add `package.json`.
const folderOf = (pkg) => `${pkg.directory === '/' ? '' : pkg.directory}/`;

const urlOf = (base) => (base ? require('internal/modules/esm/urls').pathToUrl(base) : base);

// Conditions may not be array indices: their order would not be the written one.
function isConditionalSugar(exports, pkg, base) {
  if (typeof exports === 'string' || Array.isArray(exports)) return true;
  if (!isObject(exports)) return false;
  let isSugar;
  for (const key of Object.keys(exports)) {
    const isCondition = key === '' || key[0] !== '.';
    if (isSugar !== undefined && isSugar !== isCondition) {
      throw new (lazyCodes().ERR_INVALID_PACKAGE_CONFIG)(
        pkg.path,
        urlOf(base),
        '"exports" cannot contain some keys starting with \'.\' and some not. The exports object must either be ' +
          'an object of package subpath keys or an object of main entry condition name keys only.'
      );
    }
    isSugar = isCondition;
  }
  return isSugar ?? false;
}

// '.', '..' and 'node_modules' may not be segments of a target after the first './' nor of what a pattern
// matched, percent-encoded or not. Empty segments are on their way out (DEP0166).
const OK = 0;
const DEPRECATED = 1;
const INVALID = 2;

function checkSegments(path) {
  const decoded = path.replace(/%(2e|5f|[46][1-9a-f]|[57][\da])/gi, (escape) =>
    String.fromCharCode(Number.parseInt(escape.slice(1), 16))
  );
  const parts = decoded.split(/[/\\]/);
  if (parts.some((part) => part === '.' || part === '..' || part.toLowerCase() === 'node_modules'))
    return INVALID;
  return parts.includes('') ? DEPRECATED : OK;
}

const field = (isImports) => `"${isImports ? 'imports' : 'exports'}" field`;
const importedFrom = (base) => (base ? ` imported from ${base}` : '');

class TargetResolver {
  constructor(pkg, key, patternMatch, { isImports, conditions, base, isPathMap = false, resolvePackage }) {
    this.pkg = pkg;
    this.key = key; // the key of "exports" or "imports" that is being resolved
    this.patternMatch = patternMatch; // undefined when the key has no *
    this.isImports = isImports;
    this.conditions = conditions;
    this.base = base;
    this.isPathMap = isPathMap; // the request ends in a slash, which has a deprecation of its own
    this.resolvePackage = resolvePackage;
  }

  invalidTarget(target) {
    const { ERR_INVALID_PACKAGE_TARGET } = lazyCodes();
    const shown = isObject(target) ? JSON.stringify(target, null, '') : `${target}`;
    return new ERR_INVALID_PACKAGE_TARGET(folderOf(this.pkg), this.key, shown, this.isImports, this.base);
  }

  // PACKAGE_TARGET_RESOLVE: a path, null (excluded) or undefined (no condition matched).
  resolve(target) {
    if (typeof target === 'string') return this.resolveString(target);
    if (Array.isArray(target)) return this.resolveArray(target);
    if (isObject(target)) return this.resolveConditions(target);
    if (target === null) return null;
    throw this.invalidTarget(target);
  }

  resolveString(target) {
    const { patternMatch } = this;
    const fill = (text) => (patternMatch === undefined ? text : text.replaceAll('*', () => patternMatch));
    if (!target.startsWith('./')) {
      // Only "imports" may name another package.
      if (!this.isImports || target.startsWith('../') || target.startsWith('/') || isUrl(target))
        throw this.invalidTarget(target);
      return this.resolvePackage(fill(target), this.pkg.path);
    }
    const segments = checkSegments(target.slice(2));
    if (segments === INVALID) throw this.invalidTarget(target);
    if (segments === DEPRECATED) this.warnSegments(fill(target), target);
    if (patternMatch !== undefined) {
      const matched = checkSegments(patternMatch);
      if (matched === INVALID) throw this.invalidSubpath(patternMatch);
      if (matched === DEPRECATED && patternMatch !== '') this.warnSegments(fill(target), undefined);
    }
    return folderOf(this.pkg) + fill(target).slice(2);
  }

  invalidSubpath(match) {
    const { ERR_INVALID_MODULE_SPECIFIER } = lazyCodes();
    const request = this.key.replace('*', () => match);
    const name = this.isImports ? 'imports' : 'exports';
    return new ERR_INVALID_MODULE_SPECIFIER(
      request,
      `request is not a valid match in pattern "${this.key}" for the "${name}" resolution of ${this.pkg.path}`,
      this.base
    );
  }

  // `target` is the one at fault, undefined when it is the request.
  warnSegments(resolved, target) {
    if (this.isPathMap || process.noDeprecation) return;
    const request =
      this.patternMatch === undefined ? this.key : this.key.replace('*', () => this.patternMatch);
    const isDouble = /[/\\][/\\]/.test(target === undefined ? request : resolved);
    process.emitWarning(
      `Use of deprecated ${isDouble ? 'double slash' : 'leading or trailing slash matching'} resolving ` +
        `"${resolved}" for module request "${request}" ` +
        `${request === this.key ? '' : `matched to "${this.key}" `}in the ${field(this.isImports)} module ` +
        `resolution of the package at ${this.pkg.path}${importedFrom(this.base)}.`,
      'DeprecationWarning',
      'DEP0166'
    );
  }

  // The first target that is valid; an invalid one is passed over.
  resolveArray(targets) {
    let last;
    if (targets.length === 0) return null;
    for (const target of targets) {
      let resolved;
      try {
        resolved = this.resolve(target);
      } catch (error) {
        if (error.code !== 'ERR_INVALID_PACKAGE_TARGET') throw error;
        last = error;
        continue;
      }
      if (resolved === undefined) continue;
      if (resolved === null) {
        last = null;
        continue;
      }
      return resolved;
    }
    if (last == null) return last;
    throw last;
  }

  resolveConditions(target) {
    for (const key of Object.keys(target)) {
      if (/^(0|[1-9]\d*)$/.test(key)) {
        throw new (lazyCodes().ERR_INVALID_PACKAGE_CONFIG)(
          this.pkg.path,
          urlOf(this.base),
          '"exports" cannot contain numeric property keys.'
        );
      }
    }
    for (const key of Object.keys(target)) {
      if (key !== 'default' && !this.conditions.has(key)) continue;
      const resolved = this.resolve(target[key]);
      if (resolved !== undefined) return resolved;
    }
    return undefined;
  }
}

const isUrl = (text) =>
  /^[a-zA-Z][a-zA-Z\d+.-]*:/.test(text) && require('internal/url').URL.canParse(text);

// PATTERN_KEY_COMPARE: the longest text before '*' first, then the longest key.
function patternKeyCompare(a, b) {
  const starA = a.indexOf('*');
  const starB = b.indexOf('*');
  const lengthA = starA === -1 ? a.length : starA + 1;
  const lengthB = starB === -1 ? b.length : starB + 1;
  if (lengthA !== lengthB) return lengthB - lengthA;
  if (starA === -1) return 1;
  if (starB === -1) return -1;
  return b.length - a.length;
}

// PACKAGE_IMPORTS_EXPORTS_RESOLVE: the best key for `request` and what its '*' stands for.
function bestKey(map, request) {
  if (Object.hasOwn(map, request) && !request.includes('*') && !request.endsWith('/'))
    return { key: request };
  let best = '';
  let match;
  for (const key of Object.keys(map)) {
    const star = key.indexOf('*');
    if (star === -1 || !request.startsWith(key.slice(0, star)) || key.lastIndexOf('*') !== star) continue;
    const trailer = key.slice(star + 1);
    if (request.length < key.length || !request.endsWith(trailer)) continue;
    if (best === '' || patternKeyCompare(best, key) > 0) {
      best = key;
      match = request.slice(star, request.length - trailer.length);
    }
  }
  return best === '' ? undefined : { key: best, match };
}

const warnedSlashes = new Set();

function warnTrailingSlash(pkg, subpath, base) {
  const key = `${pkg.path}|${subpath}`;
  if (process.noDeprecation || warnedSlashes.has(key)) return;
  warnedSlashes.add(key);
  process.emitWarning(
    `Use of deprecated trailing slash pattern mapping "${subpath}" in the ${field(false)} module resolution of the ` +
      `package at ${pkg.path}${importedFrom(base)}. Mapping specifiers ending in "/" is no longer supported.`,
    'DeprecationWarning',
    'DEP0155'
  );
}

// PACKAGE_EXPORTS_RESOLVE. `subpath` is '.' or './x'; `base` the importing file for messages.
function packageExportsResolve(pkg, subpath, conditions, base) {
  let { exports } = pkg;
  if (isConditionalSugar(exports, pkg, base)) exports = { '.': exports };
  const notExported = () => new (lazyCodes().ERR_PACKAGE_PATH_NOT_EXPORTED)(folderOf(pkg), subpath, base);
  if (!isObject(exports)) throw notExported();
  const found = bestKey(exports, subpath);
  if (found === undefined) throw notExported();
  const isPathMap = subpath.endsWith('/');
  if (isPathMap) warnTrailingSlash(pkg, subpath, base);
  const resolver = new TargetResolver(pkg, found.key, found.match, {
    isImports: false,
    conditions,
    base,
    isPathMap,
  });
  const resolved = resolver.resolve(exports[found.key]);
  if (resolved == null) throw notExported();
  return resolved;
}

// PACKAGE_IMPORTS_RESOLVE. `resolvePackage(specifier, parentPath)` resolves targets that name a package.
function packageImportsResolve(pkg, name, conditions, base, resolvePackage) {
  const codes = lazyCodes();
  if (name === '#' || name.endsWith('/')) {
    throw new codes.ERR_INVALID_MODULE_SPECIFIER(
      name,
      'is not a valid internal imports specifier name',
      base
    );
  }
  const found = pkg?.imports === undefined ? undefined : bestKey(pkg.imports, name);
  if (found !== undefined) {
    const resolver = new TargetResolver(pkg, found.key, found.match, {
      isImports: true,
      conditions,
      base,
      resolvePackage,
    });
    const resolved = resolver.resolve(pkg.imports[found.key]);
    if (resolved != null) return resolved;
  }
  throw new codes.ERR_PACKAGE_IMPORT_NOT_DEFINED(name, pkg === undefined ? undefined : folderOf(pkg), base);
}

module.exports = { packageExportsResolve, packageImportsResolve };
