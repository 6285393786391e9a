// SPDX-License-Identifier: Apache-2.0
'use strict';

const { refuse } = require('internal/refuse');
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

module.exports = {
  parse: legacy('parse'),
  resolve: legacy('resolve'),
  resolveObject: legacy('resolveObject'),
  format: legacy('format'),
  URL,
  URLPattern: refuse('URLPattern'),
  URLSearchParams,
  domainToASCII,
  domainToUnicode,
  pathToFileURL,
  fileURLToPath,
  fileURLToPathBuffer,
  urlToHttpOptions,
};
for (const name of ['parse', 'resolve', 'resolveObject', 'format']) {
  Object.defineProperty(module.exports[name], 'name', { __proto__: null, configurable: true, value: name });
}

Object.defineProperty(module.exports, 'Url', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get: () => require('internal/url_legacy').Url,
});
