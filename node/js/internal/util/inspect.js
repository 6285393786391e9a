// SPDX-License-Identifier: Apache-2.0
//
// util.inspect (https://nodejs.org/api/util.html#utilinspectobject-options). This file has the options, the walk
// over values and the layout; what each kind of value looks like is in inspect_kinds.
'use strict';

const { getProxyDetails } = internalBinding('util');
const { keys: keysOf } = Object; // programs replace it
const primitives = require('internal/util/inspect_primitives');
const { getStringWidth, stripVTControlCharacters } = require('internal/util/string_width');
const { customInspectSymbol } = require('internal/util');

const OBJECT = 0; // entries are `key: value`
const ARRAY_ITEM = 1; // an element of an array: no key
const ARRAY_EXTRA = 2; // a further property of an array

const MAX_OUTPUT = 2 ** 27;

const defaultOptions = Object.seal({
  showHidden: false,
  depth: 2,
  colors: false,
  customInspect: true,
  showProxy: false,
  maxArrayLength: 100,
  maxStringLength: 10000,
  breakLength: 80,
  compact: 3,
  sorted: false,
  getters: false,
  numericSeparator: false,
});

const OPTION_NAMES = Object.keys(defaultOptions);

const noColor = (text) => text;

function stylizeWithColor(text, style) {
  const name = inspect.styles[style];
  if (name !== undefined) {
    const color = inspect.colors[name];
    if (color !== undefined) return `\u001b[${color[0]}m${text}\u001b[${color[1]}m`;
  }
  return text;
}

// The state of one inspection; custom inspectors get a copy of its options.
class Context {
  budget = {};
  indentationLvl = 0;
  seen = [];
  currentDepth = 0;
  circular = undefined;
  userOptions = undefined;

  constructor(options) {
    Object.assign(this, defaultOptions);
    this.stylize = noColor;
    if (options === undefined) return;
    for (const key of keysOf(options)) {
      if (OPTION_NAMES.includes(key) || key === 'stylize') this[key] = options[key];
      else this.userOptions ??= options;
    }
    if (this.colors && options.stylize === undefined) this.stylize = stylizeWithColor;
    if (this.maxArrayLength === null) this.maxArrayLength = Infinity;
    if (this.maxStringLength === null) this.maxStringLength = Infinity;
  }
}

function inspect(value, options, ...legacy) {
  let settings;
  if (legacy.length > 0 || typeof options === 'boolean') {
    // inspect(value, showHidden, depth, colors)
    settings = { showHidden: options };
    if (legacy[0] !== undefined) settings.depth = legacy[0];
    if (legacy[1] !== undefined) settings.colors = legacy[1];
  } else if (options) settings = options;
  return formatValue(new Context(settings), value, 0);
}
inspect.custom = customInspectSymbol;

Object.defineProperty(inspect, 'defaultOptions', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get: () => defaultOptions,
  set(options) {
    require('internal/validators').validateObject(options, 'options');
    Object.assign(defaultOptions, options);
  },
});

const BACKGROUND = 10;
inspect.colors = {
  __proto__: null,
  reset: [0, 0],
  bold: [1, 22],
  dim: [2, 22],
  italic: [3, 23],
  underline: [4, 24],
  blink: [5, 25],
  inverse: [7, 27],
  hidden: [8, 28],
  strikethrough: [9, 29],
  doubleunderline: [21, 24],
};
const COLOR_NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
const capital = (name) => name[0].toUpperCase() + name.slice(1);
COLOR_NAMES.forEach((name, i) => {
  inspect.colors[name] = [30 + i, 39];
});
COLOR_NAMES.forEach((name, i) => {
  inspect.colors[`bg${capital(name)}`] = [30 + BACKGROUND + i, 49];
});
Object.assign(inspect.colors, { framed: [51, 54], overlined: [53, 55], gray: [90, 39] });
COLOR_NAMES.slice(1).forEach((name, i) => {
  inspect.colors[`${name}Bright`] = [91 + i, 39];
});
inspect.colors.bgGray = [100, 49];
COLOR_NAMES.slice(1).forEach((name, i) => {
  inspect.colors[`bg${capital(name)}Bright`] = [101 + i, 49];
});

// Other names of some colours, hidden from loops.
function alias(target, ...names) {
  for (const other of names) {
    Object.defineProperty(inspect.colors, other, {
      __proto__: null,
      configurable: true,
      enumerable: false,
      get: () => inspect.colors[target],
      set(value) {
        inspect.colors[target] = value;
      },
    });
  }
}
alias('gray', 'grey', 'blackBright');
alias('bgGray', 'bgGrey', 'bgBlackBright');
alias('dim', 'faint');
alias('strikethrough', 'crossedout', 'strikeThrough', 'crossedOut');
alias('hidden', 'conceal');
alias('inverse', 'swapColors', 'swapcolors');
alias('doubleunderline', 'doubleUnderline');

inspect.styles = Object.assign(
  { __proto__: null },
  {
    special: 'cyan',
    number: 'yellow',
    bigint: 'yellow',
    boolean: 'yellow',
    undefined: 'grey',
    null: 'bold',
    string: 'green',
    symbol: 'green',
    date: 'magenta',
    regexp: 'red',
    module: 'underline',
  }
);

// --- Walking --------------------------------------------------------------------------------------------------

// Options as a custom inspector gets them.
function userOptionsOf(ctx) {
  const options = { stylize: ctx.stylize };
  for (const name of OPTION_NAMES) options[name] = ctx[name];
  return ctx.userOptions === undefined ? options : { ...options, ...ctx.userOptions };
}

// What the value's own inspector says; undefined when it has none or wants to be shown as usual.
function formatCustom(ctx, value, target, recurseTimes) {
  const custom = target[customInspectSymbol];
  if (typeof custom !== 'function' || custom === inspect) return undefined;
  // Prototypes that bring an inspector for their instances are not instances.
  const { constructor } = target;
  if (constructor && constructor.prototype === target) return undefined;
  const depth = ctx.depth === null ? null : ctx.depth - recurseTimes;
  const result = custom.call(value, depth, userOptionsOf(ctx), inspect);
  if (result === value) return undefined;
  if (typeof result === 'object') return formatValue(ctx, result, recurseTimes);
  return `${result}`.replaceAll('\n', `\n${' '.repeat(ctx.indentationLvl)}`);
}

function formatCircular(ctx, value) {
  ctx.circular ??= new Map();
  let index = ctx.circular.get(value);
  if (index === undefined) {
    index = ctx.circular.size + 1;
    ctx.circular.set(value, index);
  }
  return ctx.stylize(`[Circular *${index}]`, 'special');
}

// `inBuffer`: the value is the buffer of a typed array, whose bytes were shown.
function formatValue(ctx, value, recurseTimes, inBuffer = false) {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) {
    return value === null ? ctx.stylize('null', 'null') : primitives.formatPrimitive(ctx.stylize, value, ctx);
  }
  const original = value;
  let proxy = getProxyDetails(value);
  if (proxy !== undefined) {
    if (proxy[0] === null || proxy[0] === undefined) return ctx.stylize('<Revoked Proxy>', 'special');
    if (ctx.showProxy) return formatProxy(ctx, proxy, recurseTimes);
    // Traps must not run: the innermost target is shown.
    for (; proxy !== undefined; proxy = getProxyDetails(value)) {
      if (proxy[0] === null || proxy[0] === undefined) return ctx.stylize('<Revoked Proxy>', 'special');
      [value] = proxy;
    }
  }
  if (ctx.customInspect) {
    const text = formatCustom(ctx, original, value, recurseTimes);
    if (text !== undefined) return text;
  }
  if (ctx.seen.includes(value)) return formatCircular(ctx, value);
  return formatRaw(ctx, value, recurseTimes, inBuffer);
}

function formatProxy(ctx, proxy, recurseTimes) {
  if (recurseTimes > ctx.depth && ctx.depth !== null) return ctx.stylize('Proxy [Array]', 'special');
  ctx.indentationLvl += 2;
  const entries = [
    formatValue(ctx, proxy[0], recurseTimes + 1),
    formatValue(ctx, proxy[1], recurseTimes + 1),
  ];
  ctx.indentationLvl -= 2;
  return reduceToSingleString(ctx, entries, '', ['Proxy [', ']'], ARRAY_EXTRA, recurseTimes + 1);
}

// `Name `, `Name(size) [tag] `, `[Fallback: null prototype] `.
function getPrefix(constructor, tag, fallback, size = '') {
  if (constructor === null) {
    if (tag !== '' && fallback !== tag) return `[${fallback}${size}: null prototype] [${tag}] `;
    return `[${fallback}${size}: null prototype] `;
  }
  return `${constructor}${size} ${tag === '' || endsWord(constructor, tag) ? '' : `[${tag}] `}`;
}

// True when the name has the tag in it as a word: `SafeMap` and `MapView` say that they are Maps.
function endsWord(name, tag) {
  const position = name.indexOf(tag);
  if (position === -1) return false;
  const next = name[position + tag.length];
  return next === undefined || next !== next.toLowerCase();
}

function isInstanceOf(value, constructor) {
  try {
    return value instanceof constructor;
  } catch {
    return false; // the class decides with code of its own, and it threw
  }
}

// The name of the class; null without a prototype; `X <…>` when the prototype chain is odd.
function getConstructorName(value, ctx, recurseTimes, protoProperties) {
  let object = value;
  let firstPrototype;
  while (object) {
    const descriptor = Object.getOwnPropertyDescriptor(object, 'constructor');
    if (
      descriptor !== undefined &&
      typeof descriptor.value === 'function' &&
      descriptor.value.name !== '' &&
      isInstanceOf(value, descriptor.value)
    ) {
      const { name } = descriptor.value;
      if (protoProperties !== undefined && (firstPrototype !== object || !isBuiltIn(name))) {
        addPrototypeProperties(ctx, value, firstPrototype || value, recurseTimes, protoProperties);
      }
      return String(name);
    }
    object = Object.getPrototypeOf(object);
    firstPrototype ??= object;
    if (object === null && firstPrototype === undefined) firstPrototype = null;
  }
  if (firstPrototype === null || firstPrototype === undefined) return null;
  const own = internalBinding('util').getConstructorName(value);
  if (recurseTimes > ctx.depth && ctx.depth !== null) return `${own} <Complex prototype>`;
  const next = getConstructorName(firstPrototype, ctx, recurseTimes + 1, protoProperties);
  if (next === null) {
    return `${own} <${inspect(firstPrototype, { ...userOptionsOf(ctx), customInspect: false, depth: -1 })}>`;
  }
  return `${own} <${next}>`;
}

let builtInNames;
function isBuiltIn(name) {
  builtInNames ??= new Set(
    Object.getOwnPropertyNames(globalThis).filter((key) => /^[A-Z][a-zA-Z0-9]+$/.test(key))
  );
  return builtInNames.has(name);
}

// showHidden: getters and methods of the classes between the value and the built-in ones.
function addPrototypeProperties(ctx, main, object, recurseTimes, output) {
  const shown = new Set();
  for (let depth = 0; depth < 3; depth++) {
    if (depth !== 0 || main === object) {
      object = Object.getPrototypeOf(object);
      if (object === null) return;
      const constructor = Object.getOwnPropertyDescriptor(object, 'constructor')?.value;
      if (typeof constructor === 'function' && isBuiltIn(constructor.name)) return;
    }
    ctx.seen.push(main);
    for (const key of Reflect.ownKeys(object)) {
      if (key === 'constructor' || Object.hasOwn(main, key) || shown.has(key)) continue;
      const descriptor = Object.getOwnPropertyDescriptor(object, key);
      if (typeof descriptor.value === 'function') continue;
      shown.add(key);
      const text = formatProperty(ctx, object, recurseTimes, key, OBJECT, descriptor, main);
      output.push(ctx.colors ? `\u001b[2m${text}\u001b[22m` : text);
    }
    ctx.seen.pop();
  }
}

// Own keys that are shown: enumerable ones, then symbols.
function getKeys(value, showHidden) {
  const symbols = Object.getOwnPropertySymbols(value);
  if (showHidden) return [...Object.getOwnPropertyNames(value), ...symbols];
  let keys;
  try {
    keys = keysOf(value);
  } catch (error) {
    // A module namespace with a binding that has no value yet.
    if (!(error instanceof ReferenceError)) throw error;
    keys = Object.getOwnPropertyNames(value);
  }
  if (symbols.length === 0) return keys;
  return [...keys, ...symbols.filter((symbol) => Object.prototype.propertyIsEnumerable.call(value, symbol))];
}

// A property whose getter may throw; that is no reason not to show the rest.
function tryGet(object, key) {
  try {
    return object[key];
  } catch {
    return undefined;
  }
}

// Symbol.toStringTag when it is not shown as a property anyway.
function getTag(ctx, value) {
  const tag = tryGet(value, Symbol.toStringTag);
  if (typeof tag !== 'string' || tag === '') return '';
  const isShown = ctx.showHidden
    ? Object.hasOwn(value, Symbol.toStringTag)
    : Object.prototype.propertyIsEnumerable.call(value, Symbol.toStringTag);
  return isShown ? '' : tag;
}

function formatRaw(ctx, value, recurseTimes, inBuffer) {
  const isShallow = recurseTimes > ctx.depth && ctx.depth !== null;
  const protoProperties = ctx.showHidden && !isShallow ? [] : undefined;
  const constructor = getConstructorName(value, ctx, recurseTimes, protoProperties);
  const extra = protoProperties?.length ? protoProperties : undefined;
  const tag = getTag(ctx, value);
  const kind = require('internal/util/inspect_kinds').describe({
    ctx,
    value,
    constructor,
    tag,
    inBuffer,
    isShallow,
    hasExtra: extra !== undefined,
    recurseTimes,
  });
  if (typeof kind === 'string') return kind;
  if (isShallow) {
    const name = getPrefix(constructor, tag, Array.isArray(value) ? 'Array' : 'Object').slice(0, -1);
    return ctx.stylize(constructor === null ? name : `[${name}]`, 'special');
  }
  return formatEntries(ctx, value, recurseTimes + 1, kind, extra, { constructor, tag });
}

// What stands for an object that is nested deeper than the stack can follow.
function formatTooDeep(ctx, constructor, tag) {
  const name = getPrefix(constructor, tag, 'Object').slice(0, -1);
  return ctx.stylize(
    `[${name}: Inspection interrupted prematurely. Maximum call stack size exceeded.]`,
    'special'
  );
}

const isStackOverflow = (error) =>
  error instanceof RangeError && error.message === 'Maximum call stack size exceeded';

function formatMembers(ctx, value, recurseTimes, { keys, format, isArray }, extra) {
  const type = isArray ? ARRAY_EXTRA : OBJECT;
  const output = format === undefined ? [] : format(ctx, recurseTimes);
  for (const key of keys) output.push(formatProperty(ctx, value, recurseTimes, key, type));
  if (extra !== undefined) output.push(...extra);
  return output;
}

function formatEntries(ctx, value, recurseTimes, kind, extra, { constructor, tag }) {
  const { braces, keys, isArray } = kind;
  let { base = '' } = kind;
  const { indentationLvl } = ctx;
  ctx.seen.push(value);
  ctx.currentDepth = recurseTimes;
  let output;
  try {
    output = formatMembers(ctx, value, recurseTimes, kind, extra);
  } catch (error) {
    if (!isStackOverflow(error)) throw error;
    ctx.seen.pop();
    ctx.indentationLvl = indentationLvl;
    return formatTooDeep(ctx, constructor, tag);
  }
  if (ctx.circular !== undefined) {
    const index = ctx.circular.get(value);
    if (index !== undefined) {
      const reference = ctx.stylize(`<ref *${index}>`, 'special');
      if (ctx.compact === true) braces[0] = `${reference} ${braces[0]}`;
      else base = base === '' ? reference : `${reference} ${base}`;
    }
  }
  ctx.seen.pop();
  if (ctx.sorted)
    sortEntries(output, ctx.sorted === true ? undefined : ctx.sorted, isArray ? keys.length : output.length);
  const type = isArray ? ARRAY_EXTRA : OBJECT;
  const text = reduceToSingleString(ctx, output, base, braces, type, recurseTimes, value);
  // Very large outputs end: what follows is shown with no depth.
  const length = (ctx.budget[ctx.indentationLvl] ?? 0) + text.length;
  ctx.budget[ctx.indentationLvl] = length;
  if (length > MAX_OUTPUT) ctx.depth = -1;
  return text;
}

// Sorts the last `count` entries.
function sortEntries(output, comparator, count) {
  if (count === output.length) output.sort(comparator);
  else if (count > 1) output.push(...output.splice(output.length - count).sort(comparator));
}

// --- Properties -------------------------------------------------------------------------------------------------

function formatGetter(ctx, descriptor, receiver, recurseTimes) {
  const label = descriptor.set === undefined ? 'Getter' : 'Getter/Setter';
  const special = (text) => ctx.stylize(text, 'special');
  const wanted =
    ctx.getters === true ||
    (ctx.getters === 'get' && descriptor.set === undefined) ||
    (ctx.getters === 'set' && descriptor.set !== undefined);
  if (!wanted) return special(`[${label}]`);
  ctx.indentationLvl += 2;
  let text;
  try {
    const result = descriptor.get.call(receiver);
    if (typeof result === 'object' && result !== null) {
      text = `${special(`[${label}]`)} ${formatValue(ctx, result, recurseTimes)}`;
    } else text = `${special(`[${label}:`)} ${formatValue(ctx, result, recurseTimes)}${special(']')}`;
  } catch (error) {
    text = `${special(`[${label}:`)} <Inspection threw (${formatValue(ctx, error, recurseTimes)})>${special(']')}`;
  }
  ctx.indentationLvl -= 2;
  return text;
}

function formatKey(ctx, key, isEnumerable) {
  let name;
  if (typeof key === 'symbol') name = ctx.stylize(primitives.escapeControls(key.toString()), 'symbol');
  else if (key === '__proto__') name = "['__proto__']";
  else if (/^[a-zA-Z_][a-zA-Z_0-9]*$/.test(key)) name = ctx.stylize(key, 'name');
  else name = ctx.stylize(primitives.quote(key), 'string');
  return isEnumerable ? name : `[${name}]`;
}

function formatProperty(ctx, value, recurseTimes, key, type, descriptor, receiver = value) {
  descriptor ??= Object.getOwnPropertyDescriptor(value, key) ?? {
    value: value[key],
    configurable: true,
    enumerable: true,
  };
  let text;
  let space = ' ';
  if (descriptor.value !== undefined) {
    const indent = ctx.compact !== true || type !== OBJECT ? 2 : 3;
    ctx.indentationLvl += indent;
    text = formatValue(ctx, descriptor.value, recurseTimes);
    if (indent === 3 && ctx.breakLength < getStringWidth(text, ctx.colors)) {
      space = `\n${' '.repeat(ctx.indentationLvl)}`;
    }
    ctx.indentationLvl -= indent;
  } else if (descriptor.get !== undefined) text = formatGetter(ctx, descriptor, receiver, recurseTimes);
  else if (descriptor.set !== undefined) text = ctx.stylize('[Setter]', 'special');
  else text = ctx.stylize('undefined', 'undefined');
  if (type === ARRAY_ITEM) return text;
  return formatKey(ctx, key, descriptor.enumerable) + ':' + space + text; // see joinEntries
}

// --- Layout -----------------------------------------------------------------------------------------------------

function fitsOnLine(ctx, output, start, base) {
  let total = output.length + start; // the entries, their separators and what stands before
  if (total + output.length > ctx.breakLength) return false;
  for (const entry of output) {
    total += ctx.colors ? stripVTControlCharacters(entry).length : entry.length;
    if (total > ctx.breakLength) return false;
  }
  return base === '' || !base.includes('\n');
}

// Puts the elements of long arrays side by side, in columns.
function groupArrayElements(ctx, output, value) {
  let total = 0;
  let longest = 0;
  // `… more items` stays in a line of its own.
  const count = ctx.maxArrayLength < output.length ? output.length - 1 : output.length;
  const separator = 2;
  const lengths = [];
  for (let i = 0; i < count; i++) {
    const length = getStringWidth(output[i], ctx.colors);
    lengths.push(length);
    total += length + separator;
    if (longest < length) longest = length;
  }
  const widest = longest + separator;
  // At least three must fit, and none may be much longer than the others.
  if (widest * 3 + ctx.indentationLvl >= ctx.breakLength || (total / widest <= 5 && longest > 6))
    return output;

  // About a square: a character is 2.5 times as high as wide.
  const bias = Math.max(widest - 3 - Math.sqrt(widest - total / output.length), 1);
  const columns = Math.min(
    Math.round(Math.sqrt(2.5 * bias * count) / bias),
    Math.floor((ctx.breakLength - ctx.indentationLvl) / widest),
    ctx.compact * 4,
    15
  );
  if (columns <= 1) return output;

  const widths = [];
  for (let column = 0; column < columns; column++) {
    let width = 0;
    for (let i = column; i < count; i += columns) if (lengths[i] > width) width = lengths[i];
    widths.push(width + separator);
  }
  // Numbers are aligned on the right.
  const isNumeric =
    value !== undefined &&
    output.every((entry, i) => typeof value[i] === 'number' || typeof value[i] === 'bigint');
  const grouped = [];
  for (let start = 0; start < count; start += columns) {
    const end = Math.min(start + columns, count);
    let line = '';
    for (let i = start; i < end; i++) {
      const invisible = output[i].length - lengths[i];
      const isLast = i === end - 1;
      const cell = isLast ? output[i] : `${output[i]}, `;
      const width = widths[i - start] + invisible - (isLast ? separator : 0);
      if (isNumeric) line += cell.padStart(width, ' ');
      else line += isLast ? cell : cell.padEnd(width, ' ');
    }
    grouped.push(line);
  }
  if (count < output.length) grouped.push(output[count]);
  return grouped;
}

// By `+`, which keeps long texts in pieces: templates and join() would copy what is deep inside at every level.
function joinEntries(output, separator) {
  let text = output.length === 0 ? '' : output[0];
  for (let i = 1; i < output.length; i++) text += separator + output[i];
  return text;
}

// The entries between their braces, in one line when `compact` and `breakLength` allow it.
function reduceToSingleString(ctx, output, base, braces, type, recurseTimes, value) {
  const start = base === '' ? '' : `${base} `;
  const indentation = `\n${' '.repeat(ctx.indentationLvl)}`;
  if (ctx.compact === true) {
    if (fitsOnLine(ctx, output, 0, base)) {
      return `${braces[0]}${base === '' ? '' : ` ${base}`} ${output.join(', ')} ${braces[1]}`;
    }
    const lineBreak =
      base === '' && braces[0].length === 1
        ? ' '
        : `${base === '' ? '' : ` ${base}`}\n${indentation.slice(1)}  `;
    return `${braces[0]}${lineBreak}${output.join(`,${indentation}  `)} ${braces[1]}`;
  }
  if (typeof ctx.compact === 'number' && ctx.compact >= 1) {
    const { length } = output;
    if (type === ARRAY_EXTRA && length > 6) output = groupArrayElements(ctx, output, value);
    if (ctx.currentDepth - recurseTimes < ctx.compact && length === output.length) {
      // The innermost `compact` levels go in one line if they are short enough.
      const used = output.length + ctx.indentationLvl + braces[0].length + base.length + 10;
      if (fitsOnLine(ctx, output, used, base)) {
        const joined = output.join(', ');
        if (!joined.includes('\n')) return `${start}${braces[0]} ${joined} ${braces[1]}`;
      }
    }
  }
  return start + braces[0] + indentation + '  ' + joinEntries(output, `,${indentation}  `) + indentation + braces[1];
}

module.exports = {
  ARRAY_EXTRA,
  ARRAY_ITEM,
  OBJECT,
  formatProperty,
  formatValue,
  getKeys,
  getPrefix,
  getStringWidth,
  inspect,
  isBuiltIn,
  noColor,
  reduceToSingleString,
  stripVTControlCharacters,
  tryGet,
};
require.defineLazy(module.exports, 'internal/util/format', ['format', 'formatWithOptions'], true);
