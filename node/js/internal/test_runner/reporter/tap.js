// SPDX-License-Identifier: Apache-2.0
//
// TAP, version 13: a line for each test and a YAML block with what is known about it.
'use strict';

const { isDate, isMap, isRegExp, isSet } = require('internal/util/types');
const { inspectError } = require('internal/test_runner/reporter/format');

const ESCAPES = { '__proto__': null, '\b': '\\b', '\t': '\\t', '\n': '\\n', '\v': '\\v', '\f': '\\f', '\r': '\\r' };
// What inspection must not cut short or fold.
const INSPECT = { __proto__: null, colors: false, breakLength: Infinity };

// Text of a line: `#` begins a directive.
function escape(text) {
  return text.replaceAll('\\', '\\\\').replaceAll('#', '\\#').replace(/[\b\t\n\v\f\r]/g, (char) => ESCAPES[char]);
}

const indent = (nesting) => '    '.repeat(nesting);

function directive({ skip, todo, expectFailure }) {
  const show = (name, reason) =>
    ` # ${name}${typeof reason === 'string' && reason.length > 0 ? ` ${escape(reason)}` : ''}`;
  if (skip !== undefined) return show('SKIP', skip);
  if (todo !== undefined) return show('TODO', todo);
  return expectFailure === undefined ? '' : show('EXPECTED FAILURE', expectFailure);
}

// --- YAML ---

function isErrorLike(value) {
  return value !== null && typeof value === 'object' && (value instanceof Error || Object.hasOwn(value, 'stack'));
}

function scalar(indentation, name, text) {
  if (!text.includes('\n')) return `${indentation}${name}: ${text}\n`;
  const lines = text.split(/\r?\n/).map((line) => (line === '' ? '\n' : `${indentation}  ${line}\n`));
  return `${indentation}${name}: |-\n${lines.join('')}`;
}

function text(indentation, name, value) {
  if (value === undefined) return '';
  if (value === null) return `${indentation}${name}: ~\n`;
  if (typeof value === 'string') {
    return value.includes('\n') ? scalar(indentation, name, value) : `${indentation}${name}: ${inspectError(value, INSPECT)}\n`;
  }
  if (isDate(value)) return `${indentation}${name}: ${Number.isNaN(value.getTime()) ? value : value.toISOString()}\n`;
  return scalar(indentation, name, inspectError(value, INSPECT));
}

function isPlain(value) {
  return value === null || typeof value !== 'object' || isDate(value) || isRegExp(value);
}

// A value with its properties, each in its line.
function yaml(indentation, name, value, seen = []) {
  if (value === undefined) return '';
  if (isPlain(value)) return text(indentation, name, value);
  if (seen.includes(value)) return `${indentation}${name}: <Circular>\n`;
  const inside = [...seen, value];
  if (isErrorLike(value)) return errorBlock(indentation, value, inside);
  let entries = Object.entries(value);
  if (isMap(value) || isSet(value)) entries = [...value.entries()].map(([key, item]) => [String(key), item]);
  const lines = entries.map(([key, item]) => yaml(`${indentation}  `, key, item, inside));
  return `${indentation}${name}:\n${lines.join('')}`;
}

// The frames of a stack as TAP shows them: without `at`.
function stackLines(stack) {
  const frames = [];
  for (const line of stack.split('\n')) {
    const [, frame] = /^\s+at (.+)$/.exec(line) ?? [];
    if (frame !== undefined) frames.push(frame);
  }
  return frames.join('\n');
}

function errorBlock(indentation, error, seen) {
  let { cause, code, failureType, message, expected, actual, operator, stack, name } = error;
  let shown = message ?? '<unknown error>';
  const isAssertion = (value) => value?.code === 'ERR_ASSERTION' || value?.generatedMessage !== undefined;
  let asserted = isAssertion(error);
  // What a test threw tells more than the failure that carries it.
  if (code === 'ERR_TEST_FAILURE' && isErrorLike(cause)) {
    shown = cause.message ?? shown;
    stack = cause.stack ?? stack;
    code = cause.code ?? code;
    name = cause.name ?? name;
    asserted = isAssertion(cause);
    if (asserted) ({ expected, actual, operator } = cause);
  } else if (code === 'ERR_TEST_FAILURE') {
    if (typeof cause !== 'string') shown = inspectError(cause, INSPECT);
  }
  let result = '';
  if (failureType !== undefined) result += text(indentation, 'failureType', failureType);
  result += text(indentation, 'error', shown);
  if (code) result += text(indentation, 'code', code);
  if (name && name !== 'Error') result += text(indentation, 'name', name);
  if (asserted) {
    result += yaml(indentation, 'expected', expected, seen);
    result += yaml(indentation, 'actual', actual, seen);
    if (operator) result += text(indentation, 'operator', operator);
  }
  if (typeof stack === 'string') {
    const frames = stackLines(stack);
    if (frames !== '') result += `${indentation}stack: |-\n${frames.split('\n').map((frame) => `${indentation}  ${frame}\n`).join('')}`;
  }
  return result;
}

function details(nesting, { type, duration_ms, error }, location) {
  const indentation = `${indent(nesting)}  `;
  let result = `${indentation}---\n`;
  result += text(indentation, 'duration_ms', duration_ms);
  result += text(indentation, 'type', type);
  if (error !== undefined && location !== undefined) result += text(indentation, 'location', location);
  if (error !== undefined) result += errorBlock(indentation, error, []);
  return `${result}${indentation}...\n`;
}

function testLine(status, { name, nesting, testNumber, ...data }) {
  return `${indent(nesting)}${status} ${testNumber}${name ? ` - ${escape(name)}` : ''}${directive(data)}\n`;
}

const place = ({ file, line, column }) => (file === undefined ? undefined : `${file}:${line}:${column}`);

module.exports = async function* tap(source) {
  yield 'TAP version 13\n';
  for await (const { type, data } of source) {
    switch (type) {
      case 'test:fail':
        yield testLine('not ok', data);
        yield details(data.nesting, data.details, place(data));
        break;
      case 'test:pass':
        yield testLine('ok', data);
        yield details(data.nesting, data.details);
        break;
      case 'test:plan':
        yield `${indent(data.nesting)}1..${data.count}\n`;
        break;
      case 'test:start':
        yield `${indent(data.nesting)}# Subtest: ${escape(data.name)}\n`;
        break;
      case 'test:stderr':
      case 'test:stdout':
        for (const line of data.message.split(/\r?\n/)) if (line !== '') yield `# ${escape(line)}\n`;
        break;
      case 'test:diagnostic':
        yield `${indent(data.nesting)}# ${escape(data.message)}\n`;
        break;
      case 'test:interrupted':
        for (const test of data.tests) {
          const at = place(test);
          yield `# Interrupted while running: ${escape(test.name)}${at === undefined ? '' : ` at ${escape(at)}`}\n`;
        }
        break;
    }
  }
};
