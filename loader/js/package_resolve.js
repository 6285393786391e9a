// SPDX-License-Identifier: Apache-2.0
//
// "exports" and "imports" of package.json. Functions are named after the steps of Node's resolution algorithm
// (https://nodejs.org/api/esm.html#resolution-algorithm-specification); files are absolute paths, not URLs.
'use strict';

const { resolve } = require('internal/modules/paths');

const lazyCodes = () => require('internal/errors').codes;

const isObject = (value) => value !== null && typeof value === 'object';

// Thrown texts end in the package's folder with a slash, to which the messages add `package.json`.
const folderOf = (pkg) => `${pkg.directory === '/' ? '' : pkg.directory}/`;

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
        base,
        '"exports" cannot contain some keys starting with \'.\' and some not. The exports object must either be ' +
          'an object of package subpath keys or an object of main entry condition name keys only.'
      );
    }
    isSugar = isCondition;
  }
  return isSugar ?? false;
}

// '.', '..' and 'node_modules' may not be segments of a target after the first './' nor of what a pattern
// matched, percent-encoded or not.
function hasInvalidSegment(path) {
  const decoded = path.replace(/%(2e|[46][\da-f]|5f|[57][\da-f])/gi, (escape) =>
    String.fromCharCode(Number.parseInt(escape.slice(1), 16))
  );
  return decoded
    .split(/[/\\]/)
    .some((part) => part === '.' || part === '..' || part.toLowerCase() === 'node_modules');
}

class TargetResolver {
  constructor(pkg, key, patternMatch, { isImports, conditions, base, resolvePackage }) {
    this.pkg = pkg;
    this.key = key; // the key of "exports" or "imports" that is being resolved
    this.patternMatch = patternMatch; // undefined when the key has no *
    this.isImports = isImports;
    this.conditions = conditions;
    this.base = base;
    this.resolvePackage = resolvePackage;
  }

  invalidTarget(target) {
    const { ERR_INVALID_PACKAGE_TARGET } = lazyCodes();
    const shown = isObject(target) ? JSON.stringify(target, null, '') : target;
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
    if (!target.startsWith('./')) {
      // Only "imports" may name another package.
      if (!this.isImports || target.startsWith('../') || target.startsWith('/') || isUrl(target)) {
        throw this.invalidTarget(target);
      }
      const specifier = patternMatch === undefined ? target : target.replaceAll('*', () => patternMatch);
      return this.resolvePackage(specifier, this.pkg.path);
    }
    if (hasInvalidSegment(target.slice(2))) throw this.invalidTarget(target);
    let path = target;
    if (patternMatch !== undefined) {
      if (hasInvalidSegment(patternMatch)) throw this.invalidSubpath(patternMatch);
      path = target.replaceAll('*', () => patternMatch);
    }
    return resolve(this.pkg.directory, path);
  }

  invalidSubpath(match) {
    const { ERR_INVALID_MODULE_SPECIFIER } = lazyCodes();
    const request = this.key.replace('*', () => match);
    const field = this.isImports ? 'imports' : 'exports';
    return new ERR_INVALID_MODULE_SPECIFIER(
      request,
      `request is not a valid match in pattern "${this.key}" for the "${field}" resolution of ${this.pkg.path}`,
      this.base
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
          this.base,
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

function isUrl(text) {
  return /^[a-zA-Z][a-zA-Z\d+.-]*:/.test(text) && !text.startsWith('node:');
}

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

// PACKAGE_EXPORTS_RESOLVE. `subpath` is '.' or './x'; `base` the importing file for messages.
function packageExportsResolve(pkg, subpath, conditions, base) {
  let { exports } = pkg;
  if (isConditionalSugar(exports, pkg, base)) exports = { '.': exports };
  const notExported = () => new (lazyCodes().ERR_PACKAGE_PATH_NOT_EXPORTED)(folderOf(pkg), subpath, base);
  if (!isObject(exports)) throw notExported();
  const found = bestKey(exports, subpath);
  if (found === undefined) throw notExported();
  const resolver = new TargetResolver(pkg, found.key, found.match, { isImports: false, conditions, base });
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
