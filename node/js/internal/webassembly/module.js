// SPDX-License-Identifier: Apache-2.0
//
// WebAssembly.Module and WebAssembly.Instance.
'use strict';

const { CompileError, compileFailure, LinkError } = require('internal/webassembly/errors');
const { isObject, publish } = require('internal/webassembly/interfaces');
const { Global, globalFor, globals } = require('internal/webassembly/global');
const { memoryFor, memoryPlace } = require('internal/webassembly/memory');
const { customSections, exportIndices } = require('internal/webassembly/sections');
const { getHost, newStore } = require('internal/webassembly/store');
const { tableFor, tables } = require('internal/webassembly/table');
const { isExportedFunction } = require('internal/webassembly/values');
const { refusal } = require('internal/refuse');
const { kClone, kDeserialize, markTransferMode } = require('internal/transferable');
const { isAnyArrayBuffer } = require('internal/util/types');

// A copy of a BufferSource; undefined for anything else.
function bytesOf(source) {
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice();
  return isAnyArrayBuffer(source) ? new Uint8Array(source).slice() : undefined;
}

const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');

// How every module begins, in V8's words where it does not.
function checkHeader(bytes, where) {
  if (bytes.length === 0) throw new CompileError(`${where}: BufferSource argument is empty`);
  for (const [at, what, wanted] of [[0, 'magic word', '00 61 73 6d'], [4, 'version', '01 00 00 00']]) {
    if (bytes.length < at + 4) throw new CompileError(`${where}: expected 4 bytes, fell off end @+${at}`);
    const found = hex(bytes.subarray(at, at + 4));
    if (found !== wanted) throw new CompileError(`${where}: expected ${what} ${wanted}, found ${found} @+${at}`);
  }
}

const kCompiled = Symbol('compiled');

class Module {
  #bytes;
  #compiled;

  constructor(source) {
    markTransferMode(this, true, false);
    if (source?.[kCompiled] !== undefined) {
      [this.#bytes, this.#compiled] = source[kCompiled];
      return;
    }
    const where = 'WebAssembly.Module()';
    const bytes = bytesOf(source);
    if (bytes === undefined) throw new TypeError(`${where}: Argument 0 must be a buffer source`);
    checkHeader(bytes, where);
    this.#bytes = bytes;
    try {
      this.#compiled = getHost().compile(bytes);
    } catch (error) {
      throw compileFailure(error, where);
    }
  }

  static #of(module, name) {
    if (!isModule(module)) throw new TypeError(`WebAssembly.Module.${name}(): Argument 0 must be a WebAssembly.Module`);
    return module;
  }

  static imports(module) {
    const { imports } = Module.#of(module, 'imports').#compiled;
    return imports.map((one) => ({ module: one.module, name: one.name, kind: one.kind }));
  }

  static exports(module) {
    return Module.#of(module, 'exports').#compiled.exports.map(({ name, kind }) => ({ name, kind }));
  }

  static customSections(module, name) {
    const bytes = Module.#of(module, 'customSections').#bytes;
    if (name === undefined) throw new TypeError('WebAssembly.Module.customSections(): Argument 1 is required');
    return customSections(bytes, `${name}`);
  }

  // Threads share what was compiled.
  [kClone]() {
    return {
      data: { bytes: this.#bytes, number: this.#compiled.number },
      deserializeInfo: 'internal/webassembly/module:ReceivedModule',
    };
  }

  static partsOf(value) {
    return isObject(value) && #compiled in value ? { bytes: value.#bytes, ...value.#compiled } : undefined;
  }
}

const { partsOf } = Module;
delete Module.partsOf;
publish(Module, []);
for (const name of ['imports', 'exports', 'customSections'])
  Object.defineProperty(Module, name, { __proto__: null, enumerable: true });

const isModule = (value) => partsOf(value) !== undefined;

// Stands for a module that comes from another thread until its content is there.
class ReceivedModule {
  constructor() {
    markTransferMode(this, true, false);
  }

  [kDeserialize]({ bytes, number }) {
    const host = getHost();
    // Its sender may have let go of it while it was under way.
    return new Module({ [kCompiled]: [bytes, host.moduleOf(number) ?? host.compile(bytes)] });
  }
}

// A promise of the module.
async function compileLater(source, where, orElse = '') {
  const bytes = bytesOf(source);
  if (bytes === undefined) throw new TypeError(`${where}: Argument 0 must be a buffer source${orElse}`);
  checkHeader(bytes, where);
  try {
    return new Module({ [kCompiled]: [bytes, await getHost().compileLater(bytes)] });
  } catch (error) {
    throw compileFailure(error, where);
  }
}

function isValid(source) {
  const bytes = bytesOf(source);
  if (bytes === undefined) throw new TypeError('WebAssembly.validate(): Argument 0 must be a buffer source');
  return getHost().validate(bytes);
}

// --- Imports

// A Global for a value that stands for one.
function importedGlobal(value, wanted, refuse) {
  if (globals.is(value)) {
    if (globals.isMutable(value) !== wanted.mutable)
      throw refuse('imported global does not match the expected mutability');
    if (!globals.matches(value, wanted)) throw refuse('imported global does not match the expected type');
    return value;
  }
  if (wanted.mutable) throw refuse('imported mutable global must be a WebAssembly.Global object');
  const isReference = !['i32', 'i64', 'f32', 'f64', 'v128'].includes(wanted.value);
  const fits = wanted.value === 'i64' ? typeof value === 'bigint' : typeof value === 'number';
  const isFunction = wanted.value === 'funcref' && value !== null && !isExportedFunction(value);
  if (isReference ? isFunction : !fits)
    throw refuse('global import must be a number, valid Wasm reference, or WebAssembly.Global object');
  return new Global({ value: wanted.value === 'funcref' ? 'anyfunc' : wanted.value }, value);
}

// Import `value` as an object, after a look at its type.
function imported(value, wanted, refuse) {
  switch (wanted.kind) {
    case 'function':
      if (typeof value !== 'function') throw refuse('function import requires a callable');
      return value;
    case 'memory':
      if (memoryPlace(value) === undefined) throw refuse('memory import must be a WebAssembly.Memory object');
      return value;
    case 'table':
      if (!tables.is(value)) throw refuse('table import requires a WebAssembly.Table');
      return value;
    case 'global': return importedGlobal(value, wanted, refuse);
    default: throw refusal(`WebAssembly imports of kind ${wanted.kind}`);
  }
}

function readImports(imports, object, where) {
  if (imports.length !== 0 && object === undefined)
    throw new TypeError(`${where}: Imports argument must be present and must be an object`);
  return imports.map((wanted, i) => {
    const importing = `${where}: Import #${i} "${wanted.module}"`;
    const module = object[wanted.module];
    if (!isObject(module)) throw new TypeError(`${importing}: module is not an object or function`);
    const value = module[wanted.name];
    return imported(value, wanted, (words) => new LinkError(`${importing} "${wanted.name}": ${words}`));
  });
}

const placeIn = {
  __proto__: null,
  memory: (value) => memoryPlace(value).store,
  table: (value) => tables.storeOf(value),
  global: (value) => globals.storeOf(value),
};

// The store that an instance has to be in, because something that it imports is; a new one for an instance that
// shares nothing.
function storeFor(imports, wanted, where) {
  let store;
  imports.forEach((value, i) => {
    const { kind, mutable } = wanted[i];
    if (kind === 'function' || (kind === 'global' && !mutable)) return;
    const found = placeIn[kind](value);
    if (found === undefined || found === store) return;
    if (store !== undefined)
      throw new LinkError(`${where}: imports come from instances that share nothing, which edgejs cannot link`);
    store = found;
  });
  return store ?? newStore();
}

// What the host takes for an import: a function, or the number of an item.
function bindImport(value, { kind, value: content }, store) {
  switch (kind) {
    case 'function': return value;
    case 'memory': return memoryPlace(value).number;
    case 'table': return tables.bind(value, store);
    default: {
      const found = globals.storeOf(value);
      if (found === undefined || found === store) return globals.bind(value, store);
      return getHost().newGlobal(store, content, false, globals.valueIn(value)); // it never changes
    }
  }
}

// --- Exports

const objectOf = { __proto__: null, global: globalFor, memory: memoryFor, table: tableFor };

function exported(store, type, item, index, importedFunctions) {
  if (type.kind === 'function') {
    const given = importedFunctions[index]; // an Exported Function that is handed on stays the same one
    return given !== undefined && isExportedFunction(given) ? given : item;
  }
  if (type.kind === 'tag') return undefined; // nobody can do anything with it
  return objectOf[type.kind](store, item, type);
}

class Instance {
  #exports = Object.create(null);

  constructor(module, imports) {
    const { where = 'WebAssembly.Instance()' } = imports?.[kCompiled] ?? {};
    const object = imports?.[kCompiled] === undefined ? imports : imports[kCompiled].imports;
    const parts = partsOf(module);
    if (parts === undefined) throw new TypeError(`${where}: Argument 0 must be a WebAssembly.Module`);
    if (object !== undefined && !isObject(object)) throw new TypeError(`${where}: Argument 1 must be an object`);
    const given = readImports(parts.imports, object, where);
    const store = storeFor(given, parts.imports, where);
    const bound = given.map((value, i) => bindImport(value, parts.imports[i], store));
    const indices = exportIndices(parts.bytes);
    let items;
    try {
      items = getHost().instantiate(store, parts.handle, bound, indices, parts.bytes);
    } catch (error) {
      throw error instanceof LinkError ? new LinkError(`${where}: ${error.message}`) : error;
    }
    const importedFunctions = given.filter((_, i) => parts.imports[i].kind === 'function');
    parts.exports.forEach((type, i) => {
      this.#exports[type.name] = exported(store, type, items[i], indices[i], importedFunctions);
    });
    Object.freeze(this.#exports);
  }

  get exports() {
    if (!(#exports in this)) throw new TypeError('WebAssembly.Instance.exports: Receiver is not a WebAssembly.Instance');
    return this.#exports;
  }
}
Object.defineProperty(Instance, 'length', { __proto__: null, configurable: true, value: 1 });
publish(Instance, ['exports']);

// An instance for WebAssembly.instantiate(), whose errors say so.
function instantiate(module, imports) {
  return new Instance(module, { [kCompiled]: { where: 'WebAssembly.instantiate()', imports } });
}

module.exports = { compileLater, Instance, instantiate, isModule, isValid, Module, ReceivedModule };
