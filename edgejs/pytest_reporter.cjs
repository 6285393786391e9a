// SPDX-License-Identifier: Apache-2.0
//
// A reporter of node:test for edgejs/pytest_plugin.py: each result that is no suite's as one line of JSON.
'use strict';

const { inspect } = require('node:util');

module.exports = async function* report(source) {
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const { details, line, name, nesting, skip, todo } = data;
    const error = details.error?.cause ?? details.error;
    yield `${JSON.stringify({
      passed: type === 'test:pass', isSuite: details.type === 'suite', line, name, nesting, skip, todo,
      text: error === undefined ? undefined : error?.stack ?? inspect(error),
    })}\n`;
  }
};
