// SPDX-License-Identifier: Apache-2.0
//
// WebAssembly.Module and WebAssembly.Instance.
'use strict';

const { CompileError, failure, LinkError } = require('internal/webassembly/errors');
const { isObject, publish } = require('internal/webassembly/interfaces');
const { Global, globalFor, globalHandle } = require('internal/webassembly/global');
const { memoryFor, memoryHandle } = require('internal/webassembly/memory');
const { customSections, exportIndices } = require('internal/webassembly/sections');
const { tableFor, tableHandle } = require('internal/webassembly/table');
const { exportedFunction, getHost, handles, importedFunction } = require('internal/webassembly/values');
const { refusal } = require('internal/refuse');
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
      throw failure(error, where);
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

// A promise of the module.
async function compileLater(source, where, orElse = '') {
  const bytes = bytesOf(source);
  if (bytes === undefined) throw new TypeError(`${where}: Argument 0 must be a buffer source${orElse}`);
  checkHeader(bytes, where);
  try {
    return new Module({ [kCompiled]: [bytes, await getHost().compileLater(bytes)] });
  } catch (error) {
    throw failure(error, where);
  }
}

function isValid(source) {
  const bytes = bytesOf(source);
  if (bytes === undefined) throw new TypeError('WebAssembly.validate(): Argument 0 must be a buffer source');
  return getHost().validate(bytes);
}

// --- Imports

function importedGlobal(value, wanted, refuse) {
  const handle = globalHandle(value);
  if (handle !== undefined) return handle;
  const wrong = 'global import must be a number, valid Wasm reference, or WebAssembly.Global object';
  const fits = wanted.value === 'i64' ? typeof value === 'bigint' : typeof value === 'number';
  if (wanted.value.endsWith('ref') ? value === undefined && wanted.value === 'funcref' : !fits) throw refuse(wrong);
  if (wanted.mutable) throw refuse('imported mutable global must be a WebAssembly.Global object');
  const content = wanted.value === 'funcref' ? 'anyfunc' : wanted.value;
  return globalHandle(new Global({ value: content }, value));
}

// What the host takes for an import: a handle, or a function.
function imported(value, wanted, refuse) {
  const orElse = (handle, words) => {
    if (handle === undefined) throw refuse(words);
    return handle;
  };
  switch (wanted.kind) {
    case 'function':
      if (typeof value !== 'function') throw refuse('function import requires a callable');
      return handles.get(value) ?? importedFunction(value, wanted);
    case 'memory': return orElse(memoryHandle(value), 'memory import must be a WebAssembly.Memory object');
    case 'table': return orElse(tableHandle(value), 'table import requires a WebAssembly.Table');
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
    return [value, imported(value, wanted, (words) => new LinkError(`${importing} "${wanted.name}": ${words}`))];
  });
}

// --- Exports

function exported(described, index, importedFunctions) {
  switch (described.kind) {
    case 'function': {
      const given = importedFunctions[index]; // an Exported Function that is handed on stays the same one
      return handles.has(given) ? given : exportedFunction(described, `${index}`);
    }
    case 'memory': return memoryFor(described);
    case 'table': return tableFor(described);
    case 'global': return globalFor(described);
    default: throw refusal(`WebAssembly exports of kind ${described.kind}`);
  }
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
    let described;
    try {
      described = getHost().instantiate(parts.handle, given.map(([, handle]) => handle));
    } catch (error) {
      throw failure(error, where);
    }
    const indices = exportIndices(parts.bytes);
    const importedFunctions = given.filter((_, i) => parts.imports[i].kind === 'function').map(([value]) => value);
    parts.exports.forEach(({ name }, i) => {
      this.#exports[name] = exported(described[i], indices[i], importedFunctions);
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

module.exports = { compileLater, Instance, instantiate, isModule, isValid, Module };
