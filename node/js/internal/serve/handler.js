// SPDX-License-Identifier: Apache-2.0
// The handler that a module exports.
'use strict';

const { resolve } = require('path');
const { pathToFileURL } = require('url');

// Handlers of other events than requests, which platforms call.
const OTHERS = ['scheduled', 'queue', 'email', 'tail', 'trace'];

// { handler }: a router may make a route of any name that it is asked for, `then` among them, so it is no value of a promise.
async function handlerOf(file) {
  require('internal/modules/run_main').prepareLoading();
  const { default: exported } = await import(pathToFileURL(resolve(file)).href);
  if (typeof exported?.fetch !== 'function') {
    throw new Error(`${file} has no default export with a function fetch(request, env, ctx)`);
  }
  for (const name of OTHERS) {
    if (Object.hasOwn(exported, name)) {
      process.emitWarning(`${name}() of ${file} will not be called: edgejs serve answers requests only`);
    }
  }
  return { handler: exported };
}

module.exports = { handlerOf };
