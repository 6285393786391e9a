// SPDX-License-Identifier: Apache-2.0
'use strict';

const {
  URL,
  URLSearchParams,
  domainToASCII,
  domainToUnicode,
  fileURLToPath,
  fileURLToPathBuffer,
  pathToFileURL,
  urlToHttpOptions,
} = require('internal/url');

// The parser of before the standard, which few programs need.
const legacy =
  (name) =>
  (...args) =>
    require('internal/url_legacy')[name](...args);

let warnedOfParse = false;

function parse(url, parseQueryString, slashesDenoteHost) {
  if (!warnedOfParse && !require('internal/util').isInsideNodeModules()) {
    warnedOfParse = true;
    process.emitWarning(
      '`url.parse()` behavior is not standardized and prone to errors that have security implications. ' +
        'Use the WHATWG URL API instead. CVEs are not issued for `url.parse()` vulnerabilities.',
      'DeprecationWarning',
      'DEP0169'
    );
  }
  return require('internal/url_legacy').parse(url, parseQueryString, slashesDenoteHost);
}

module.exports = {
  parse,
  resolve: legacy('resolve'),
  resolveObject: legacy('resolveObject'),
  format: legacy('format'),
  URL,
  get URLPattern() {
    return require('internal/urlpattern').URLPattern;
  },
  URLSearchParams,
  domainToASCII,
  domainToUnicode,
  pathToFileURL,
  fileURLToPath,
  fileURLToPathBuffer,
  urlToHttpOptions,
};
for (const name of ['resolve', 'resolveObject', 'format']) {
  Object.defineProperty(module.exports[name], 'name', { __proto__: null, configurable: true, value: name });
}

Object.defineProperty(module.exports, 'Url', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get: () => require('internal/url_legacy').Url,
});
