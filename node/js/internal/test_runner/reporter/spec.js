// SPDX-License-Identifier: Apache-2.0
//
// The reporter for people: a tree of tests, and the failures once more at the end.
'use strict';

const { Transform } = require('stream');
const { relative } = require('path');
const { kSubtestsFailed } = require('internal/test_runner/failures');
const { formatLevel, formatTest, indent, palette, SYMBOLS } = require('internal/test_runner/reporter/format');

class SpecReporter extends Transform {
  #colors = palette();
  #cwd = process.cwd();
  #failed = [];
  #open = []; // started, innermost first
  #parents = []; // shown as heads of their subtests, innermost first

  constructor() {
    super({ __proto__: null, writableObjectMode: true });
  }

  #placeOf({ file, line, column }) {
    return file === undefined ? '' : `test at ${relative(this.#cwd, file)}:${line}:${column}\n`;
  }

  #failures() {
    if (this.#failed.length === 0) return '';
    const colors = this.#colors;
    const lines = [`\n${colors.red}${SYMBOLS['test:fail']}failing tests:${colors.white}\n`];
    for (const data of this.#failed) lines.push(`${this.#placeOf(data)}${formatTest('test:fail', data, colors)}`);
    this.#failed = [];
    return lines.join('\n');
  }

  #result(type, data) {
    this.#open.shift(); // its own start
    let prefix = '';
    while (this.#open.length > 0) {
      const parent = this.#open.pop();
      this.#parents.unshift(parent);
      prefix += `${indent(parent.nesting)}${SYMBOLS['arrow:right']}${parent.name}\n`;
    }
    const [head] = this.#parents;
    if (head !== undefined && head.nesting === data.nesting && head.name === data.name) this.#parents.shift();
    const indentation = indent(data.nesting);
    return `${formatTest(type, data, this.#colors, { prefix, indentation, showError: false })}\n`;
  }

  #text({ type, data }) {
    const colors = this.#colors;
    switch (type) {
      case 'test:fail':
        if (data.details?.error?.failureType !== kSubtestsFailed) this.#failed.push(data);
        return this.#result(type, data);
      case 'test:pass':
        return this.#result(type, data);
      case 'test:start':
        this.#open.unshift(data);
        return '';
      case 'test:stderr':
      case 'test:stdout':
        return data.message;
      case 'test:diagnostic':
        return `${formatLevel(data.level, colors)}${indent(data.nesting)}${SYMBOLS[type]}${data.message}${colors.white}\n`;
      case 'test:summary':
        return data.file === undefined ? this.#failures() : '';
      case 'test:interrupted':
        return this.#interrupted(data.tests);
      default:
        return '';
    }
  }

  #interrupted(tests) {
    const colors = this.#colors;
    const lines = tests.map(({ column, file, line, name, nesting = 0 }) => {
      const place = file === undefined ? '' : ` (${relative(this.#cwd, file)}:${line}:${column})`;
      return `${indent(nesting)}${SYMBOLS['warning:alert']}${name}${place}`;
    });
    return `\n${colors.yellow}Interrupted while running:${colors.white}\n\n${lines.join('\n')}\n`;
  }

  _transform(event, encoding, callback) {
    callback(null, this.#text(event));
  }

  _flush(callback) {
    callback(null, this.#failures());
  }
}

module.exports = { SpecReporter };
