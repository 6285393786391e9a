// SPDX-License-Identifier: Apache-2.0
//
// Single executable applications: a program never is one here.
'use strict';

const {
  codes: { ERR_NOT_IN_SINGLE_EXECUTABLE_APPLICATION },
} = require('internal/errors');
const { validateString } = require('internal/validators');

const isSea = () => false;

function getAssetKeys() {
  throw new ERR_NOT_IN_SINGLE_EXECUTABLE_APPLICATION();
}

function getRawAsset(key) {
  validateString(key, 'key');
  throw new ERR_NOT_IN_SINGLE_EXECUTABLE_APPLICATION();
}

function getAsset(key, encoding) {
  if (encoding !== undefined) validateString(encoding, 'encoding');
  return getRawAsset(key);
}

// `_options` counts in the function's length, as Node's does.
function getAssetAsBlob(key, _options) {
  return getRawAsset(key);
}

module.exports = { isSea, getAsset, getRawAsset, getAssetAsBlob, getAssetKeys };
