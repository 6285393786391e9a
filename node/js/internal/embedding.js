// SPDX-License-Identifier: Apache-2.0
//
// What Python's proxies ask of the objects they stand for (edgejs/proxy.py).
'use strict';

const identities = new WeakMap();
let lastIdentity = 0;
const imports = new Map(); // folder -> a function that imports from it

module.exports = {
  // A number that is the same for the same object only.
  identity(target) {
    let identity = identities.get(target);
    if (identity === undefined) identities.set(target, identity = ++lastIdentity);
    return identity;
  },
  same(one, other) {
    return one === other;
  },
  has(target, key) {
    return key in target;
  },
  contains(target, value) {
    if (Array.isArray(target) || ArrayBuffer.isView(target)) return target.includes(value);
    if (target instanceof Map || target instanceof Set) return target.has(value);
    return value in target;
  },
  remove(target, key) {
    return Reflect.deleteProperty(target, key);
  },
  // Undefined for what has no length.
  size(target) {
    if (target instanceof Map || target instanceof Set) return target.size;
    if (target instanceof ArrayBuffer || target instanceof DataView) return target.byteLength;
    return target.length;
  },
  mapGet: (map, key) => Map.prototype.get.call(map, key),
  mapSet(map, key, value) {
    Map.prototype.set.call(map, key, value);
  },
  mapDelete: (map, key) => Map.prototype.delete.call(map, key),
  mapHas: (map, key) => Map.prototype.has.call(map, key),
  mapKeys: (map) => [...Map.prototype.keys.call(map)],
  setAdd(set, value) {
    Set.prototype.add.call(set, value);
  },
  setDelete: (set, value) => Set.prototype.delete.call(set, value),
  names(target) {
    const found = new Set();
    for (let object = target; object !== null && object !== Object.prototype; object = Object.getPrototypeOf(object)) {
      for (const name of Object.getOwnPropertyNames(object)) found.add(name);
    }
    return [...found];
  },
  // Two functions: one gives the next value of an iterator over `target`, and calls `end` when there is none; one tells
  // the iterator that nobody wants more. A plain object iterates over its keys, as a dict does.
  iterate(target, end) {
    const iterable = target[Symbol.iterator] === undefined ? Object.keys(target) : target;
    const iterator = iterable[Symbol.iterator]();
    const advance = () => {
      const { done, value } = iterator.next();
      if (done) end();
      return value;
    };
    return { advance, finish: () => void iterator.return?.() };
  },
  // The same for `for await`: promises.
  iterateAsync(target, end) {
    const iterator = (target[Symbol.asyncIterator] ?? target[Symbol.iterator]).call(target);
    const advance = async () => {
      const { done, value } = await iterator.next();
      if (done) end();
      return value;
    };
    return { advance, finish: async () => void (await iterator.return?.()) };
  },
  // What `using` and `await using` would call at the end.
  dispose(target) {
    return target[Symbol.dispose]();
  },
  async disposeAsync(target) {
    await (target[Symbol.asyncDispose] ?? target[Symbol.dispose]).call(target);
  },
  isDisposable: (target, isAsync) =>
    typeof (isAsync ? target[Symbol.asyncDispose] ?? target[Symbol.dispose] : target[Symbol.dispose]) === 'function',
  splice(target, start, count, items) {
    return target.splice(start, count, ...items);
  },
  // Calls `settled(error, value)` once, in a later job. A rejection counts as handled.
  settle(promise, settled) {
    Promise.resolve(promise).then((value) => settled(false, value), (reason) => settled(true, reason));
  },
  // The namespace of an ES module, found as `import(specifier)` in a file of `directory` finds it.
  importFrom(directory, specifier) {
    require('internal/modules/run_main').prepareLoading();
    let load = imports.get(directory);
    if (load === undefined) {
      const { compileFunction } = internalBinding('contextify');
      load = compileFunction('return import(specifier)', `${directory}/[python]`, ['specifier']);
      imports.set(directory, load);
    }
    return load(specifier);
  },
  abortController: () => new AbortController(),
  // Variables of its own in the place of the process's; streams that are objects of Python.
  setUp({ env, streams }) {
    if (env !== undefined) {
      process.env = require('internal/process/env').makeOwnEnvironment(env);
      require('internal/modules/cjs/resolve').useEnvironment(env);
    }
    if (streams !== undefined) require('internal/process/python_stdio').setUp(streams);
  },
  // Runs a program as the command line would; how it ends, Python asks afterwards.
  startProgram(file, args) {
    process.argv = [process.execPath, file, ...args];
    require('internal/modules/run_main').runMain(file);
  },
  // Throws, so that the reason of a rejection becomes the exception that Python raises for it.
  raise(reason) {
    throw reason;
  },
};
