// SPDX-License-Identifier: Apache-2.0
//
// util.format: printf-like text (https://nodejs.org/api/util.html#utilformatformat-args).
'use strict';

const { getProxyDetails } = internalBinding('util');
const { inspect, isBuiltIn, noColor } = require('internal/util/inspect');
const { formatBigInt, formatNumber } = require('internal/util/inspect_primitives');

// True for objects whose text is the language's own: they are inspected instead.
function hasBuiltInToString(value) {
  for (let proxy = getProxyDetails(value); proxy !== undefined; proxy = getProxyDetails(value)) {
    if (proxy[0] === null || proxy[0] === undefined) return true;
    [value] = proxy;
  }
  const hasString = typeof value.toString === 'function';
  const hasPrimitive = typeof value[Symbol.toPrimitive] === 'function';
  if (!hasString && !hasPrimitive) return true;
  const defines = (object) =>
    (hasString && Object.hasOwn(object, 'toString')) ||
    (hasPrimitive && Object.hasOwn(object, Symbol.toPrimitive));
  if (defines(value)) return false;
  let holder = value;
  do holder = Object.getPrototypeOf(holder);
  while (!defines(holder));
  const constructor = Object.getOwnPropertyDescriptor(holder, 'constructor')?.value;
  return typeof constructor === 'function' && isBuiltIn(constructor.name);
}

function stringify(value) {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof TypeError && /circular/i.test(error.message)) return '[Circular]';
    throw error;
  }
}

function asString(value, options) {
  if (typeof value === 'number') return formatNumber(noColor, value, separates(options));
  if (typeof value === 'bigint') return formatBigInt(noColor, value, separates(options));
  if (typeof value !== 'object' || value === null || !hasBuiltInToString(value)) return String(value);
  return inspect(value, { ...options, depth: 0, colors: false, compact: 3 });
}

const separates = (options) => options?.numericSeparator ?? inspectDefaults().numericSeparator;
const inspectDefaults = () => require('internal/util/inspect').inspect.defaultOptions;

function asNumber(value, options, convert) {
  if (typeof value === 'bigint') return formatBigInt(noColor, value, separates(options));
  if (typeof value === 'symbol' || (typeof value === 'object' && convert === Number)) {
    return formatNumber(noColor, NaN, false);
  }
  return formatNumber(noColor, convert(value), separates(options));
}

const HOLES = {
  '__proto__': null,
  's': asString,
  'j': stringify,
  'd': (value, options) => asNumber(value, options, Number),
  'i': (value, options) => asNumber(value, options, Number.parseInt),
  'f': (value, options) =>
    typeof value === 'symbol'
      ? formatNumber(noColor, NaN, false)
      : formatNumber(noColor, Number.parseFloat(value), separates(options)),
  'O': (value, options) => inspect(value, options),
  'o': (value, options) => inspect(value, { ...options, showHidden: true, showProxy: true, depth: 4 }),
  'c': () => '', // CSS means nothing in a terminal
};

function fill(template, args, options) {
  let next = 1;
  let text = '';
  let last = 0;
  for (let i = template.indexOf('%'); i !== -1 && i + 1 < template.length; i = template.indexOf('%', i)) {
    const letter = template[i + 1];
    if (letter === '%') {
      text += template.slice(last, i + 1);
      last = i += 2;
      continue;
    }
    const format = HOLES[letter];
    if (format === undefined || next === args.length) {
      i += 1 + (format === undefined ? 0 : 1);
      continue;
    }
    text += template.slice(last, i) + format(args[next++], options);
    last = i += 2;
  }
  return { text: text + template.slice(last), next };
}

function formatWithOptionsInternal(options, args) {
  const [first] = args;
  if (args.length === 1) return typeof first === 'string' ? first : inspect(first, options);
  let text = '';
  let next = 0;
  if (typeof first === 'string') {
    if (first.includes('%')) ({ text, next } = fill(first, args, options));
    else {
      text = first;
      next = 1;
    }
  }
  const rest = args.slice(next).map((value) => (typeof value === 'string' ? value : inspect(value, options)));
  return next === 0 ? rest.join(' ') : [text, ...rest].join(' ');
}

function format(...args) {
  return args.length === 0 ? '' : formatWithOptionsInternal(undefined, args);
}

function formatWithOptions(options, ...args) {
  require('internal/validators').validateObject(options, 'inspectOptions', 4 /* functions too */);
  return args.length === 0 ? '' : formatWithOptionsInternal(options, args);
}

module.exports = { format, formatWithOptions };
