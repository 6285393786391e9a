// SPDX-License-Identifier: Apache-2.0
'use strict';

const { refuse } = require('internal/refuse');
const { PromiseInterface } = require('internal/readline/interface');

module.exports = {
  Interface: PromiseInterface,
  Readline: refuse('readline.promises.Readline'),
  createInterface: (...args) => new PromiseInterface(...args),
};
