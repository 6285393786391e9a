// SPDX-License-Identifier: Apache-2.0
//
// import() as if a file of a folder had called it: reporters, setup files and test files are named on the command line.
'use strict';

function importFrom(specifier, folder) {
  const { pathToFileURL } = require('internal/url');
  const { resolveFor } = require('internal/modules/esm/loader');
  return import(resolveFor(`${pathToFileURL(`${folder}/`)}`, specifier));
}

module.exports = { importFrom };
