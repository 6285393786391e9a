// SPDX-License-Identifier: Apache-2.0
//
// v8.setFlagsFromString: the flags of V8 that mean something to this engine. Others are refused by name.
'use strict';

const { collectGarbage, setStackSize } = internalBinding('process_methods');

const KIBIBYTE = 1024;
let exposesGc = require('internal/options').getOptionValue('--expose-gc') === true;

const FLAGS = {
  '__proto__': null,
  // Contexts that are made from now on have `gc`.
  'expose-gc': () => {
    exposesGc = true;
  },
  'no-expose-gc': () => {
    exposesGc = false;
  },
  'stack-size': (value) => setStackSize(Number(value) * KIBIBYTE),
};

function setFlagsFromString(flags) {
  require('internal/validators').validateString(flags, 'flags');
  for (const flag of flags.split(/\s+/).filter((word) => word !== '')) {
    const [, name, value] = /^--([^=]*)(?:=(.*))?$/.exec(flag) ?? [undefined, flag];
    const apply = FLAGS[name.replaceAll('_', '-')];
    if (apply === undefined) throw require('internal/refuse').refusal(`v8.setFlagsFromString('${flag}')`);
    apply(value);
  }
}

// What a new context's global object has because of flags.
function furnishContext(global) {
  if (!exposesGc) return;
  Object.defineProperty(global, 'gc', {
    __proto__: null, configurable: true, enumerable: false, value: collectGarbage, writable: true,
  });
}

module.exports = { furnishContext, setFlagsFromString };
