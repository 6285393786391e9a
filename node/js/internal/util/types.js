// SPDX-License-Identifier: Apache-2.0
//
// util.types: what a value is, whatever its prototype and properties say.
'use strict';

const { className, getProxyDetails, isExternal } = internalBinding('util');

const TYPED_ARRAYS = [
  'Uint8Array',
  'Uint8ClampedArray',
  'Uint16Array',
  'Uint32Array',
  'Int8Array',
  'Int16Array',
  'Int32Array',
  'Float16Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
];

const tagOfTypedArray = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag
).get;

// The typed array's kind, undefined for anything else.
function typedArrayName(value) {
  return tagOfTypedArray.call(value);
}

const isObject = (value) => typeof value === 'object' && value !== null;
const ofClass = (name) => (value) => isObject(value) && className(value) === name;

const ASYNC_FUNCTIONS = new Set(['AsyncFunction', 'AsyncGeneratorFunction']);
const GENERATOR_FUNCTIONS = new Set(['GeneratorFunction', 'AsyncGeneratorFunction']);
const GENERATORS = new Set(['Generator', 'AsyncGenerator']);
const BOXED = new Set(['Number', 'String', 'Boolean', 'Symbol', 'BigInt']);
const ANY_ARRAY_BUFFER = new Set(['ArrayBuffer', 'SharedArrayBuffer']);

const types = {
  isExternal,
  isDate: ofClass('Date'),
  isArgumentsObject: ofClass('Arguments'),
  isBigIntObject: ofClass('BigInt'),
  isBooleanObject: ofClass('Boolean'),
  isNumberObject: ofClass('Number'),
  isStringObject: ofClass('String'),
  isSymbolObject: ofClass('Symbol'),
  isNativeError: (value) =>
    isObject(value) && (className(value) === 'Error' || className(value) === 'DOMException'),
  isRegExp: ofClass('RegExp'),
  isAsyncFunction: (value) => typeof value === 'function' && ASYNC_FUNCTIONS.has(className(value)),
  isGeneratorFunction: (value) => typeof value === 'function' && GENERATOR_FUNCTIONS.has(className(value)),
  isGeneratorObject: (value) => isObject(value) && GENERATORS.has(className(value)),
  isPromise: ofClass('Promise'),
  isMap: ofClass('Map'),
  isSet: ofClass('Set'),
  isMapIterator: ofClass('Map Iterator'),
  isSetIterator: ofClass('Set Iterator'),
  isWeakMap: ofClass('WeakMap'),
  isWeakSet: ofClass('WeakSet'),
  isArrayBuffer: ofClass('ArrayBuffer'),
  isDataView: ofClass('DataView'),
  isSharedArrayBuffer: ofClass('SharedArrayBuffer'),
  isProxy: (value) =>
    (isObject(value) || typeof value === 'function') && getProxyDetails(value) !== undefined,
  isModuleNamespaceObject: (value) => isObject(value) && className(value) === 'Module',
  isAnyArrayBuffer: (value) => isObject(value) && ANY_ARRAY_BUFFER.has(className(value)),
  isBoxedPrimitive: (value) => isObject(value) && BOXED.has(className(value)),
  isArrayBufferView: ArrayBuffer.isView,
  isTypedArray: (value) => typedArrayName(value) !== undefined,
  isCryptoKey: (value) =>
    require.has('internal/crypto/keys') && require('internal/crypto/keys').isCryptoKey(value),
  isKeyObject: (value) =>
    require.has('internal/crypto/keys') && require('internal/crypto/keys').isKeyObject(value),
};
for (const name of TYPED_ARRAYS) types[`is${name}`] = (value) => typedArrayName(value) === name;

module.exports = types;
Object.defineProperty(types, 'typedArrayName', { __proto__: null, enumerable: false, value: typedArrayName });
