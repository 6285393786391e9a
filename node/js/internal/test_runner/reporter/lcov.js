// SPDX-License-Identifier: Apache-2.0
//
// Coverage in the format of lcov (geninfo(1)): a record for each file of a test:coverage event; other events are not shown.
'use strict';

const { relative } = require('path');
const { Transform } = require('stream');

const hit = (parts) => parts.filter(({ count }) => count > 0).length;

function recordOf({ path, functions, branches, lines }, folder) {
  const text = ['TN:', `SF:${relative(folder, path)}`];
  functions.forEach(({ name, line }, i) => text.push(`FN:${line},${name || `anonymous_${i}`}`));
  functions.forEach(({ name, count }, i) => text.push(`FNDA:${count},${name || `anonymous_${i}`}`));
  text.push(`FNF:${functions.length}`, `FNH:${hit(functions)}`);
  branches.forEach(({ line, count }, i) => text.push(`BRDA:${line},${i},0,${count}`));
  text.push(`BRF:${branches.length}`, `BRH:${hit(branches)}`);
  for (const { line, count } of lines.toSorted((one, other) => one.line - other.line)) text.push(`DA:${line},${count}`);
  text.push(`LH:${hit(lines)}`, `LF:${lines.length}`, 'end_of_record');
  return `${text.join('\n')}\n`;
}

class LcovReporter extends Transform {
  constructor(options) {
    super({ ...options, writableObjectMode: true, __proto__: null });
  }

  _transform({ type, data }, encoding, callback) {
    if (type !== 'test:coverage') {
      callback(null);
      return;
    }
    const { files, workingDirectory } = data.summary;
    callback(null, files.map((file) => recordOf(file, workingDirectory)).join(''));
  }
}

module.exports = { LcovReporter };
