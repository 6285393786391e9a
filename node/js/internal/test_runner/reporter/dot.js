// SPDX-License-Identifier: Apache-2.0
//
// The short reporter: a dot or an X for each test.
'use strict';

const { formatTest, palette } = require('internal/test_runner/reporter/format');

function columns() {
  return Math.max(process.stdout.columns ?? 20, 20);
}

module.exports = async function* dot(source) {
  const colors = palette();
  const failed = [];
  let count = 0;
  for await (const { type, data } of source) {
    if (type === 'test:pass') yield `${colors.green}.${colors.white}`;
    else if (type === 'test:fail') {
      yield `${colors.red}X${colors.white}`;
      failed.push(data);
    } else continue;
    if (++count === columns()) {
      yield '\n';
      count = 0;
    }
  }
  yield '\n';
  if (failed.length === 0) return;
  yield `\n${colors.red}Failed tests:${colors.white}\n\n`;
  for (const data of failed) yield formatTest('test:fail', data, colors);
};
