// SPDX-License-Identifier: Apache-2.0
//
// Values of Tables and Globals that no store has yet: as Wasm would give them back.
'use strict';

const { getHost } = require('internal/webassembly/store');

const INCOMPATIBLE = 'type incompatibility when transforming from/to JS';
const NOT_A_FUNCTION = 'function-typed object must be null (if nullable) or a Wasm function object';

const isExportedFunction = (value) => typeof value === 'function' && getHost().isFunctionOf(undefined, value);

function convert(type, value) {
  switch (type) {
    case 'i32': return value | 0;
    case 'i64': return BigInt.asIntN(64, value);
    case 'f32': return Math.fround(value);
    case 'f64': return +value;
    case 'externref': return value;
    case 'funcref':
      if (value !== null && !isExportedFunction(value)) throw new TypeError(NOT_A_FUNCTION);
      return value;
    default: throw new TypeError(INCOMPATIBLE);
  }
}

module.exports = { convert, INCOMPATIBLE, isExportedFunction, NOT_A_FUNCTION };
