// SPDX-License-Identifier: Apache-2.0
// AssertionError and its messages.
'use strict';

const { validateObject, validateOneOf } = require('internal/validators');

const kMaxShortLength = 12;
const kContextLines = 5;
const kMaxLines = 50;
const kMaxWidth = 80;

const headings = {
  __proto__: null,
  deepStrictEqual: 'Expected values to be strictly deep-equal:',
  partialDeepStrictEqual: 'Expected values to be partially and strictly deep-equal:',
  strictEqual: 'Expected values to be strictly equal:',
  strictEqualObject: 'Expected "actual" to be reference-equal to "expected":',
  deepEqual: 'Expected values to be loosely deep-equal:',
  notDeepStrictEqual: 'Expected "actual" not to be strictly deep-equal to:',
  notStrictEqual: 'Expected "actual" to be strictly unequal to:',
  notStrictEqualObject: 'Expected "actual" not to be reference-equal to "expected":',
  notDeepEqual: 'Expected "actual" not to be loosely deep-equal to:',
  notIdentical: 'Values have same structure but are not reference-equal:',
  notDeepEqualUnequal: 'Expected values not to be loosely deep-equal:',
};

function inspectValue(value) {
  return require('internal/util/inspect').inspect(value, {
    compact: false,
    customInspect: false,
    depth: 1000,
    maxArrayLength: Infinity,
    showHidden: false,
    showProxy: false,
    sorted: true,
    getters: true,
    breakLength: 80,
  });
}

const isObject = (value) => typeof value === 'object' && value !== null;

// -- differences of lines

// Lines are the same, too, when only one of them is followed by a comma.
function sameLine(one, other) {
  if (one === other || one === `${other},`) return one;
  return other === `${one},` ? other : undefined;
}

// Longest common subsequence, after what both texts start and end with is put aside.
function diffLines(actual, expected, sharedLine = sameLine) {
  const steps = [];
  let start = 0;
  while (start < actual.length && start < expected.length && sharedLine(actual[start], expected[start]) !== undefined) {
    steps.push([' ', sharedLine(actual[start], expected[start])]);
    start++;
  }
  const rows = actual.slice(start);
  const columns = expected.slice(start);
  const ending = [];
  while (rows.length > 0 && columns.length > 0 && sharedLine(rows.at(-1), columns.at(-1)) !== undefined) {
    ending.unshift([' ', sharedLine(rows.pop(), columns.pop())]);
  }
  return [...steps, ...diffMiddle(rows, columns, sharedLine), ...ending];
}

function diffMiddle(rows, columns, sharedLine) {
  const width = columns.length + 1;
  const lengths = new Uint32Array((rows.length + 1) * width);
  for (let i = rows.length - 1; i >= 0; i--) {
    for (let j = columns.length - 1; j >= 0; j--) {
      const here = i * width + j;
      lengths[here] =
        sharedLine(rows[i], columns[j]) === undefined
          ? Math.max(lengths[here + width], lengths[here + 1])
          : lengths[here + width + 1] + 1;
    }
  }
  const steps = [];
  let [i, j] = [0, 0];
  while (i < rows.length || j < columns.length) {
    const shared = i < rows.length && j < columns.length ? sharedLine(rows[i], columns[j]) : undefined;
    if (shared !== undefined) {
      steps.push([' ', shared]);
      i++;
      j++;
    } else if (
      j === columns.length ||
      (i < rows.length && lengths[(i + 1) * width + j] >= lengths[i * width + j + 1])
    ) {
      steps.push(['+', rows[i++]]);
    } else {
      steps.push(['-', columns[j++]]);
    }
  }
  return steps;
}

// Long runs of shared lines are cut, from both sides of a change some are kept.
function printDiff(steps, isFull) {
  const lines = [];
  let run = [];
  let skipped = false;
  const flush = () => {
    if (isFull) {
      lines.push(...run);
      run = [];
      return;
    }
    lines.push(...run.slice(0, kContextLines));
    const rest = run.slice(kContextLines);
    if (rest.length > 2) {
      lines.push('...', rest.at(-1));
      skipped = true;
    } else {
      lines.push(...rest);
    }
    run = [];
  };
  for (const [sign, text] of steps) {
    if (sign === ' ') {
      run.push(`  ${text}`);
      continue;
    }
    flush();
    lines.push(`${sign} ${text}`);
  }
  lines.push(...(isFull ? run : run.slice(0, kContextLines)));
  return { body: `\n${lines.join('\n')}`, skipped };
}

// -- messages

function stackedDiff(actual, expected) {
  let marker = '';
  if (actual.length + expected.length <= kMaxWidth) {
    let at = 0;
    while (at < actual.length && actual[at] === expected[at]) at++;
    if (at > 2) marker = `\n${' '.repeat(at + 2)}^`;
  }
  return `\n+ ${actual}\n- ${expected}${marker}`;
}

function isSimple(actual, actualLines, expected, expectedLines) {
  return actualLines.length === 1 && expectedLines.length === 1 && !(isObject(actual) && isObject(expected));
}

function describeSimple(actual, shownActual, expected, shownExpected) {
  let length = shownActual.length + shownExpected.length;
  if (typeof actual === 'string') length -= 2;
  if (typeof expected === 'string') length -= 2;
  if (length <= kMaxShortLength && (actual !== 0 || expected !== 0)) {
    return { header: '', body: `\n${shownActual} !== ${shownExpected}` };
  }
  return { header: '\n+ actual - expected', body: stackedDiff(shownActual, shownExpected) };
}

// An error without its stack, which is of no interest where only one line differs.
function withoutStack(error) {
  const copy = Object.create(Object.getPrototypeOf(error));
  for (const key of Object.keys(error)) copy[key] = error[key];
  Object.defineProperty(copy, 'message', { __proto__: null, value: error.message });
  if (Object.hasOwn(error, 'cause')) {
    const { cause } = error;
    Object.defineProperty(copy, 'cause', { __proto__: null, value: isErrorLike(cause) ? withoutStack(cause) : cause });
  }
  return copy;
}

const isErrorLike = (value) => isObject(value) && (value instanceof Error || require('internal/util/types').isNativeError(value));

function describeDifference(actual, expected, operator, message, diff) {
  if (isErrorLike(actual) && isErrorLike(expected)) {
    actual = withoutStack(actual);
    expected = withoutStack(expected);
  }
  const isReference =
    operator === 'strictEqual' &&
    ((isObject(actual) && isObject(expected)) || (typeof actual === 'function' && typeof expected === 'function'));
  let heading = headings[isReference ? 'strictEqualObject' : operator] ?? '';
  const shownActual = inspectValue(actual);
  const shownExpected = inspectValue(expected);
  const [actualLines, expectedLines] = [shownActual.split('\n'), shownExpected.split('\n')];
  let header = '\n+ actual - expected';
  let body;
  let skipped = false;
  if (isSimple(actual, actualLines, expected, expectedLines)) {
    ({ header, body } = describeSimple(actual, shownActual, expected, shownExpected));
  } else if (shownActual === shownExpected) {
    heading = headings.notIdentical;
    header = '';
    const lines = actualLines.length > kMaxLines ? [...actualLines.slice(0, kMaxLines), '...'] : actualLines;
    body = `\n${lines.join('\n')}`;
  } else {
    ({ body, skipped } = printDiff(diffLines(actualLines, expectedLines), diff === 'full'));
  }
  return `${message ?? heading}${header}${skipped ? '\n... Skipped lines' : ''}\n${body}\n`;
}

function describeUnwantedEquality(actual, operator, diff) {
  const isReference = operator === 'notStrictEqual' && (isObject(actual) || typeof actual === 'function');
  const heading = headings[isReference ? 'notStrictEqualObject' : operator];
  const lines = inspectValue(actual).split('\n');
  if (lines.length === 1) return `${heading}${lines[0].length > 5 ? '\n\n' : ' '}${lines[0]}`;
  if (lines.length > kMaxLines && diff !== 'full') lines.splice(kMaxLines - 4, Infinity, '...');
  return `${heading}\n\n${lines.join('\n')}\n`;
}

const shorten = (text, length) => (text.length > length ? `${text.slice(0, length - 3)}...` : text);

function describeLoosely(actual, expected, operator, diff) {
  const shownActual = inspectValue(actual);
  const shownExpected = inspectValue(expected);
  if (operator === 'notDeepEqual' && shownActual === shownExpected) {
    return shorten(`${headings.notDeepEqual}\n\n${shownActual}`, diff === 'full' ? Infinity : 1024);
  }
  const limit = diff === 'full' ? Infinity : 512;
  const [left, right] = [shorten(shownActual, limit), shorten(shownExpected, limit)];
  if (operator === 'deepEqual') return `${headings.deepEqual}\n\n${left}\n\nshould loosely deep-equal\n\n${right}`;
  if (operator === 'notDeepEqual') {
    return `${headings.notDeepEqualUnequal}\n\n${left}\n\nshould not loosely deep-equal\n\n${right}`;
  }
  return `${left} ${operator} ${right}`;
}

const diffed = new Set(['deepStrictEqual', 'strictEqual', 'partialDeepStrictEqual']);

function describe({ actual, expected, operator, message, diff }) {
  const hasMessage = message !== undefined && message !== null;
  if (hasMessage && !diffed.has(operator)) return String(message);
  if (diffed.has(operator))
    return describeDifference(actual, expected, operator, hasMessage ? String(message) : undefined, diff);
  if (operator === 'notDeepStrictEqual' || operator === 'notStrictEqual') {
    return describeUnwantedEquality(actual, operator, diff);
  }
  return describeLoosely(actual, expected, operator, diff);
}

class AssertionError extends Error {
  constructor(options) {
    validateObject(options, 'options');
    const { message, operator, stackStartFn, details, stackStartFunction, diff = 'simple' } = options;
    validateOneOf(diff, 'options.diff', ['simple', 'full']);
    super(describe({ ...options, diff }));
    this.generatedMessage = message === undefined || message === null;
    Object.defineProperty(this, 'name', {
      __proto__: null,
      configurable: true,
      enumerable: false,
      value: 'AssertionError',
      writable: true,
    });
    this.code = 'ERR_ASSERTION';
    if (details) {
      [this.actual, this.expected, this.operator] = [undefined, undefined, undefined];
      details.forEach((detail, i) => {
        this[`message ${i}`] = detail.message;
        this[`actual ${i}`] = detail.actual;
        this[`expected ${i}`] = detail.expected;
        this[`operator ${i}`] = detail.operator;
        this[`stack trace ${i}`] = detail.stack;
      });
    } else {
      this.actual = options.actual;
      this.expected = options.expected;
      this.operator = operator;
    }
    this.diff = diff;
    internalBinding('errors').setNodeErrorMark(this, this.code);
    Error.captureStackTrace(this, stackStartFn ?? stackStartFunction);
  }

  toString() {
    return `${this.name} [${this.code}]: ${this.message}`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    // Long strings are in the message already.
    const [actual, expected] = [this.actual, this.expected];
    if (typeof actual === 'string') this.actual = shortenLines(actual);
    if (typeof expected === 'string') this.expected = shortenLines(expected);
    const shown = (inspect ?? require('internal/util/inspect').inspect)(this, {
      ...options,
      customInspect: false,
      depth: 0,
    });
    this.actual = actual;
    this.expected = expected;
    return shown;
  }
}

function shortenLines(text) {
  const lines = text.split('\n');
  if (lines.length > 10) {
    lines.length = 10;
    return `${lines.join('\n')}\n...`;
  }
  // What Node leaves is the text after its first 512 characters.
  return text.length > 512 ? `${text.slice(512)}...` : text;
}

module.exports = { AssertionError, diffLines, inspectValue };
