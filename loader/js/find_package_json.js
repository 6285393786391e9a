// SPDX-License-Identifier: Apache-2.0
//
// module.findPackageJSON(): of a package by its name, or the one that governs a file.
'use strict';

const { readPackageScope } = require('internal/modules/package_json');
const { findPackage, resolve } = require('internal/modules/esm/resolve');
const { pathToUrl, urlToPath } = require('internal/modules/esm/urls');
const { validateString } = require('internal/validators');

function urlOf(base) {
  const { isURL, URL } = require('internal/url');
  if (isURL(base)) return base.href;
  validateString(base, 'base');
  return base.startsWith('/') ? pathToUrl(base) : new URL(base).href;
}

// A folder counts as a file does.
function resolveAny(specifier, parentUrl) {
  try {
    return resolve(specifier, parentUrl);
  } catch (error) {
    if (error.code !== 'ERR_UNSUPPORTED_DIR_IMPORT') throw error;
    return error.url;
  }
}

function findPackageJSON(specifier, base) {
  try {
    specifier = `${specifier}`;
  } catch {
    validateString(specifier, 'specifier');
  }
  const parentUrl = urlOf(base);
  if (/^[^./]/.test(specifier) && !require('internal/url').URL.canParse(specifier)) {
    const { directory, self } = findPackage(specifier, parentUrl);
    return self?.path ?? `${directory}/package.json`;
  }
  const url = resolveAny(specifier, parentUrl);
  if (!url.startsWith('file:')) throw new (require('internal/errors').codes.ERR_INVALID_URL_SCHEME)('file');
  return readPackageScope(urlToPath(url))?.path;
}

module.exports = { findPackageJSON };
