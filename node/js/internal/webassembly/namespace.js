// SPDX-License-Identifier: Apache-2.0
//
// The global `WebAssembly`, over wasmtime. Exceptions, streaming and shared memories refuse by name.
'use strict';

const { CompileError, LinkError, RuntimeError } = require('internal/webassembly/errors');
const { Global } = require('internal/webassembly/global');
const { Memory } = require('internal/webassembly/memory');
const { compileLater, Instance, instantiate, isModule, isValid, Module } = require('internal/webassembly/module');
const { Table } = require('internal/webassembly/table');
const { refuse, refuseAsync } = require('internal/refuse');

async function instantiateLater(source, imports) {
  if (isModule(source)) return instantiate(source, imports);
  const module = await compileLater(source, 'WebAssembly.instantiate()', ' or a WebAssembly.Module object');
  return { module, instance: instantiate(module, imports) };
}

const WebAssembly = {
  compile(source) {
    return compileLater(source, 'WebAssembly.compile()');
  },
  validate(source) {
    return isValid(source);
  },
  instantiate(source, imports = undefined) {
    return instantiateLater(source, imports);
  },
};

const hidden = {
  Module,
  Instance,
  Table,
  Memory,
  Global,
  Tag: refuse('WebAssembly.Tag'),
  JSTag: refuse('WebAssembly.JSTag'),
  Exception: refuse('WebAssembly.Exception'),
  CompileError,
  LinkError,
  RuntimeError,
};
for (const [name, value] of Object.entries(hidden))
  Object.defineProperty(WebAssembly, name, { __proto__: null, configurable: true, value, writable: true });
Object.assign(WebAssembly, {
  compileStreaming: refuseAsync('WebAssembly.compileStreaming'),
  instantiateStreaming: refuseAsync('WebAssembly.instantiateStreaming'),
});
Object.defineProperty(WebAssembly, Symbol.toStringTag, { __proto__: null, configurable: true, value: 'WebAssembly' });

module.exports = { WebAssembly };
