// SPDX-License-Identifier: Apache-2.0
'use strict';

const { PromiseInterface } = require('internal/readline/interface');
const { Readline } = require('internal/readline/promises');

function createInterface(input, output, completer, terminal) {
  return new PromiseInterface(input, output, completer, terminal);
}

module.exports = { Interface: PromiseInterface, Readline, createInterface };
