// SPDX-License-Identifier: Apache-2.0
//
// The global `WebAssembly`, over wasmtime. Exceptions and shared memories refuse by name.
'use strict';

const { CompileError, LinkError, RuntimeError } = require('internal/webassembly/errors');
const { Global } = require('internal/webassembly/global');
const { Memory } = require('internal/webassembly/memory');
const { compileLater, Instance, instantiate, isModule, isValid, Module } = require('internal/webassembly/module');
const { Table } = require('internal/webassembly/table');
const { refuse } = require('internal/refuse');

async function instantiateLater(source, imports) {
  if (isModule(source)) return instantiate(source, imports);
  const module = await compileLater(source, 'WebAssembly.instantiate()', ' or a WebAssembly.Module object');
  return { module, instance: instantiate(module, imports) };
}

// The bytes of a Response, or of a promise of one. They are compiled when all are there.
async function receive(source) {
  const response = await source;
  const { Response } = globalThis;
  const {
    codes: { ERR_INVALID_ARG_TYPE, ERR_WEBASSEMBLY_RESPONSE },
  } = require('internal/errors');
  if (!(response instanceof Response))
    throw new ERR_INVALID_ARG_TYPE('source', ['Response', 'Promise resolving to Response'], response);
  const type = response.headers.get('Content-Type');
  if (type !== 'application/wasm') throw new ERR_WEBASSEMBLY_RESPONSE(`has unsupported MIME type '${type}'`);
  if (!response.ok) throw new ERR_WEBASSEMBLY_RESPONSE(`has status code ${response.status}`);
  if (response.bodyUsed) throw new ERR_WEBASSEMBLY_RESPONSE('body has already been used');
  return response.arrayBuffer();
}

const streaming = {
  async compileStreaming(source) {
    return compileLater(await receive(source), 'WebAssembly.compileStreaming()');
  },
  async instantiateStreaming(source, imports = undefined) {
    const module = await compileLater(await receive(source), 'WebAssembly.instantiateStreaming()');
    return { module, instance: instantiate(module, imports) };
  },
};

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
Object.assign(WebAssembly, streaming);
Object.defineProperty(WebAssembly, Symbol.toStringTag, { __proto__: null, configurable: true, value: 'WebAssembly' });

module.exports = { WebAssembly };
