// SPDX-License-Identifier: Apache-2.0
//
// Call sites as V8's stack trace API describes them (https://v8.dev/docs/stack-trace-api): the engine's know where they
// are and what function they are in; the rest, which packages ask without need, gets its most common answer.
'use strict';

function prototypeOfCallSites() {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = (error, sites) => sites;
  const [site] = new Error().stack;
  Error.prepareStackTrace = prepareStackTrace;
  return Object.getPrototypeOf(site);
}

const additions = {
  getEvalOrigin() {
    return undefined;
  },
  getMethodName() {
    return null;
  },
  getPromiseIndex() {
    return null;
  },
  getScriptHash() {
    return '';
  },
  getScriptNameOrSourceURL() {
    return this.getFileName();
  },
  getThis() {
    return undefined;
  },
  getTypeName() {
    return null;
  },
  isAsync() {
    return false;
  },
  isEval() {
    return false;
  },
  isPromiseAll() {
    return false;
  },
  isToplevel() {
    return true;
  },
  // The text of the frame in a stack.
  toString() {
    const place = this.isNative()
      ? 'native'
      : `${this.getFileName()}:${this.getLineNumber()}:${this.getColumnNumber()}`;
    const name = this.getFunctionName();
    return name ? `${name} (${place})` : place;
  },
};

function completeCallSites() {
  const prototype = prototypeOfCallSites();
  for (const name of Object.keys(additions)) {
    if (Object.hasOwn(prototype, name)) continue;
    Object.defineProperty(prototype, name, {
      __proto__: null,
      configurable: true,
      enumerable: false,
      value: additions[name],
      writable: true,
    });
  }
}

module.exports = { completeCallSites };
