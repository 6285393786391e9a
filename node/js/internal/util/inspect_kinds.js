// SPDX-License-Identifier: Apache-2.0
//
// What each kind of object looks like to util.inspect. `describe` returns text that is complete, or a description:
// { base, braces, keys, format(ctx, recurseTimes) -> entries before the keys, isArray }.
'use strict';

const { className, getOwnNonIndexProperties, getPromiseDetails, previewEntries } = internalBinding('util');
const {
  ARRAY_EXTRA,
  ARRAY_ITEM,
  OBJECT,
  formatProperty,
  formatValue,
  getKeys,
  getPrefix,
  noColor,
  reduceToSingleString,
  tryGet,
} = require('internal/util/inspect');
const { formatBigInt, formatNumber, formatPrimitive } = require('internal/util/inspect_primitives');
const types = require('internal/util/types');

const plural = (count) => (count > 1 ? 's' : '');
const moreItems = (count) => `... ${count} more item${plural(count)}`;
const own = (ctx, value) => getOwnNonIndexProperties(value, !ctx.showHidden);
const limitOf = (ctx, length) => Math.min(Math.max(0, ctx.maxArrayLength), length);

// --- Arrays ---------------------------------------------------------------------------------------------------

const isIndex = (key) => /^(0|[1-9]\d*)$/.test(key);

function formatHoles(ctx, array, recurseTimes, limit, output, start) {
  const keys = Object.keys(array);
  let index = start;
  const hole = (count) => ctx.stylize(`<${count} empty item${plural(count)}>`, 'undefined');
  for (let i = start; i < keys.length && output.length < limit; i++) {
    const key = keys[i];
    if (`${index}` !== key) {
      if (!isIndex(key)) break;
      output.push(hole(key - index));
      index = Number(key);
      if (output.length === limit) break;
    }
    output.push(formatProperty(ctx, array, recurseTimes, key, ARRAY_ITEM));
    index++;
  }
  const remaining = array.length - index;
  if (remaining > 0) output.push(output.length === limit ? moreItems(remaining) : hole(remaining));
  return output;
}

function formatArray(array) {
  return (ctx, recurseTimes) => {
    const limit = limitOf(ctx, array.length);
    const output = [];
    for (let i = 0; i < limit; i++) {
      if (!Object.hasOwn(array, i)) return formatHoles(ctx, array, recurseTimes, limit, output, i);
      output.push(formatProperty(ctx, array, recurseTimes, i, ARRAY_ITEM));
    }
    if (array.length > limit) output.push(moreItems(array.length - limit));
    return output;
  };
}

function describeArray({ ctx, value, constructor, tag, hasExtra }) {
  const prefix =
    constructor !== 'Array' || tag !== '' ? getPrefix(constructor, tag, 'Array', `(${value.length})`) : '';
  const keys = own(ctx, value);
  if (value.length === 0 && keys.length === 0 && !hasExtra) return `${prefix}[]`;
  return { braces: [`${prefix}[`, ']'], keys, format: formatArray(value), isArray: true };
}

const HIDDEN_OF_TYPED_ARRAY = ['BYTES_PER_ELEMENT', 'length', 'byteLength', 'byteOffset', 'buffer'];

function formatTypedArray(array) {
  return (ctx, recurseTimes) => {
    const limit = limitOf(ctx, array.length);
    const formatElement = typeof array[0] === 'bigint' ? formatBigInt : formatNumber;
    const output = [];
    for (let i = 0; i < limit; i++) output.push(formatElement(ctx.stylize, array[i], ctx.numericSeparator));
    if (array.length > limit) output.push(moreItems(array.length - limit));
    if (ctx.showHidden) {
      ctx.indentationLvl += 2;
      for (const key of HIDDEN_OF_TYPED_ARRAY) {
        output.push(`[${key}]: ${formatValue(ctx, array[key], recurseTimes, true)}`);
      }
      ctx.indentationLvl -= 2;
    }
    return output;
  };
}

function describeTypedArray({ ctx, value, constructor, tag }) {
  const fallback = types.typedArrayName(value);
  // Without its prototype the array is read through a fresh view.
  const array = constructor === null ? new globalThis[fallback](value) : value;
  const keys = own(ctx, value);
  const prefix = getPrefix(constructor, tag, fallback, `(${array.length})`);
  if (array.length === 0 && keys.length === 0 && !ctx.showHidden) return `${prefix}[]`;
  return { braces: [`${prefix}[`, ']'], keys, format: formatTypedArray(array), isArray: true };
}

// --- Collections ------------------------------------------------------------------------------------------------

function formatMembers(members, size, formatMember) {
  return (ctx, recurseTimes) => {
    const limit = limitOf(ctx, size);
    const output = [];
    ctx.indentationLvl += 2;
    for (const member of members()) {
      if (output.length >= limit) break;
      output.push(formatMember(ctx, member, recurseTimes));
    }
    if (size > limit) output.push(moreItems(size - limit));
    ctx.indentationLvl -= 2;
    return output;
  };
}

const { get: sizeOfSet } = Object.getOwnPropertyDescriptor(Set.prototype, 'size');
const { get: sizeOfMap } = Object.getOwnPropertyDescriptor(Map.prototype, 'size');
const { values: valuesOfSet } = Set.prototype;
const { entries: entriesOfMap } = Map.prototype;

function describeSet({ ctx, value, constructor, tag, hasExtra }) {
  const size = sizeOfSet.call(value);
  const prefix = getPrefix(constructor, tag, 'Set', `(${size})`);
  const keys = getKeys(value, ctx.showHidden);
  if (size === 0 && keys.length === 0 && !hasExtra) return `${prefix}{}`;
  const format = formatMembers(
    () => valuesOfSet.call(value),
    size,
    (context, member, recurseTimes) => formatValue(context, member, recurseTimes)
  );
  return { braces: [`${prefix}{`, '}'], keys, format };
}

function describeMap({ ctx, value, constructor, tag, hasExtra }) {
  const size = sizeOfMap.call(value);
  const prefix = getPrefix(constructor, tag, 'Map', `(${size})`);
  const keys = getKeys(value, ctx.showHidden);
  if (size === 0 && keys.length === 0 && !hasExtra) return `${prefix}{}`;
  const format = formatMembers(
    () => entriesOfMap.call(value),
    size,
    (context, [key, member], recurseTimes) =>
      `${formatValue(context, key, recurseTimes)} => ${formatValue(context, member, recurseTimes)}`
  );
  return { braces: [`${prefix}{`, '}'], keys, format };
}

// What is left of an iterator: `key, value, …` or, in pairs, `[ key, value ], …`.
function formatRest(rest, hasPairs) {
  if (!hasPairs) {
    return formatMembers(() => rest, rest.length, (ctx, member, recurseTimes) => formatValue(ctx, member, recurseTimes));
  }
  const pairs = Array.from({ length: rest.length / 2 }, (_, i) => [rest[2 * i], rest[2 * i + 1]]);
  return formatMembers(() => pairs, pairs.length, (ctx, pair, recurseTimes) => {
    const shown = pair.map((each) => formatValue(ctx, each, recurseTimes));
    return reduceToSingleString(ctx, shown, '', ['[', ']'], ARRAY_EXTRA, recurseTimes);
  });
}

function describeIterator(name) {
  const full = `${name} Iterator`;
  return ({ ctx, value, tag }) => {
    const [rest, hasPairs] = previewEntries(value);
    const shown = hasPairs ? full.replace('Iterator', 'Entries') : full;
    const title = tag === full || tag === '' ? shown : `${tag}] [${shown}`;
    return {
      braces: [`[${title}] {`, '}'],
      keys: getKeys(value, ctx.showHidden),
      format: formatRest(rest, hasPairs),
    };
  };
}

function describeWeak(name) {
  return ({ ctx, value, constructor, tag }) => ({
    braces: [`${getPrefix(constructor, tag, name)}{`, '}'],
    keys: getKeys(value, ctx.showHidden),
    format: (context) => [context.stylize('<items unknown>', 'special')],
  });
}

// --- Buffers, promises ---------------------------------------------------------------------------------------------

function formatArrayBuffer(buffer) {
  return (ctx) => {
    if (buffer.detached) return [ctx.stylize('(detached)', 'special')];
    const bytes = new Uint8Array(buffer);
    const shown = bytes.subarray(0, Math.min(ctx.maxArrayLength, bytes.length));
    let text = Array.from(shown, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const remaining = bytes.length - ctx.maxArrayLength;
    if (remaining > 0) text += ` ... ${remaining} more byte${plural(remaining)}`;
    return [`${ctx.stylize('[Uint8Contents]', 'special')}: <${text}>`];
  };
}

function describeArrayBuffer({ ctx, value, constructor, tag, inBuffer, hasExtra }) {
  const prefix = getPrefix(constructor, tag, className(value));
  const keys = getKeys(value, ctx.showHidden);
  if (inBuffer && keys.length === 0 && !hasExtra) {
    return `${prefix}{ [byteLength]: ${formatNumber(ctx.stylize, value.byteLength, false)} }`;
  }
  const format = (context, recurseTimes) => [
    ...(inBuffer ? [] : formatArrayBuffer(value)(context)),
    ...formatAccessors(value, ['byteLength'])(context, recurseTimes),
  ];
  return { braces: [`${prefix}{`, '}'], keys, format };
}

// Properties that the prototype computes, in brackets as hidden ones are.
function formatAccessors(value, names) {
  return (ctx, recurseTimes) =>
    names.map((name) => {
      const descriptor = { value: tryGet(value, name), enumerable: false };
      return formatProperty(ctx, value, recurseTimes, name, OBJECT, descriptor);
    });
}

function describeDataView({ ctx, value, constructor, tag }) {
  return {
    braces: [`${getPrefix(constructor, tag, 'DataView')}{`, '}'],
    keys: getKeys(value, ctx.showHidden),
    format: formatAccessors(value, ['byteLength', 'byteOffset', 'buffer']),
  };
}

function describePromise({ ctx, value, constructor, tag }) {
  const format = (context, recurseTimes) => {
    const [state, result] = getPromiseDetails(value);
    if (state === 0) return [context.stylize('<pending>', 'special')];
    context.indentationLvl += 2;
    const text = formatValue(context, result, recurseTimes);
    context.indentationLvl -= 2;
    return [state === 2 ? `${context.stylize('<rejected>', 'special')} ${text}` : text];
  };
  return {
    braces: [`${getPrefix(constructor, tag, 'Promise')}{`, '}'],
    keys: getKeys(value, ctx.showHidden),
    format,
  };
}

// --- Functions, boxed primitives, dates, expressions -----------------------------------------------------------------

const COMMENTS = /(\/\/.*?\n)|(\/\*(.|\n)*?\*\/)/g;

function isClass(source) {
  if (!source.startsWith('class') || !source.endsWith('}')) return false;
  const rest = source.slice(5, -1);
  const brace = rest.indexOf('{');
  if (brace === -1) return false;
  return !rest.slice(0, brace).includes('(') || /^(\s+[^(]*?)\s*{/.test(rest.replace(COMMENTS, ''));
}

function classBase(value, constructor, tag) {
  const name = (Object.hasOwn(value, 'name') && value.name) || '(anonymous)';
  let base = `class ${name}`;
  if (constructor !== 'Function' && constructor !== null) base += ` [${constructor}]`;
  if (tag !== '' && constructor !== tag) base += ` [${tag}]`;
  if (constructor === null) base += ' extends null';
  else {
    const parent = Object.getPrototypeOf(value).name;
    if (parent) base += ` extends ${parent}`;
  }
  return `[${base}]`;
}

function functionBase(value, constructor, tag) {
  if (isClass(Function.prototype.toString.call(value))) return classBase(value, constructor, tag);
  let type = 'Function';
  if (types.isGeneratorFunction(value)) type = `Generator${type}`;
  if (types.isAsyncFunction(value)) type = `Async${type}`;
  let base = `[${type}`;
  if (constructor === null) base += ' (null prototype)';
  base +=
    value.name === ''
      ? ' (anonymous)'
      : `: ${typeof value.name === 'string' ? value.name : formatName(value.name)}`;
  base += ']';
  if (constructor !== type && constructor !== null) base += ` ${constructor}`;
  if (tag !== '' && constructor !== tag) base += ` [${tag}]`;
  return base;
}

// A `name` that the user replaced by something else.
function formatName(name) {
  return typeof name === 'symbol' ? name.toString() : `${name}`;
}

function describeFunction({ ctx, value, constructor, tag, hasExtra }) {
  const base = functionBase(value, constructor, tag);
  const keys = getKeys(value, ctx.showHidden);
  if (keys.length === 0 && !hasExtra) return ctx.stylize(base, 'special');
  return { base, braces: ['{', '}'], keys };
}

function boxedBase({ ctx, value, constructor, tag }, keys) {
  const type = className(value);
  const primitive = globalThis[type].prototype.valueOf.call(value);
  let base = `[${type}`;
  if (type !== constructor) base += constructor === null ? ' (null prototype)' : ` (${constructor})`;
  base += `: ${formatPrimitive(noColor, primitive, ctx)}]`;
  if (tag !== '' && tag !== constructor) base += ` [${tag}]`;
  return keys.length !== 0 || ctx.stylize === noColor ? base : ctx.stylize(base, type.toLowerCase());
}

function describeBoxed(parts) {
  const { ctx, value, hasExtra } = parts;
  let keys = getKeys(value, ctx.showHidden);
  if (types.isStringObject(value)) keys = keys.slice(value.length); // its characters are shown already
  const base = boxedBase(parts, keys);
  if (keys.length === 0 && !hasExtra) return base;
  return { base, braces: ['{', '}'], keys };
}

function describeRegExp({ ctx, value, constructor, tag, hasExtra, isShallow }) {
  let base = RegExp.prototype.toString.call(constructor === null ? new RegExp(value) : value);
  const prefix = getPrefix(constructor, tag, 'RegExp');
  if (prefix !== 'RegExp ') base = `${prefix}${base}`;
  const keys = getKeys(value, ctx.showHidden);
  if ((keys.length === 0 && !hasExtra) || isShallow) return ctx.stylize(base, 'regexp');
  return { base, braces: ['{', '}'], keys };
}

function describeDate({ ctx, value, constructor, tag, hasExtra }) {
  const isValid = !Number.isNaN(Date.prototype.getTime.call(value));
  let base = isValid ? Date.prototype.toISOString.call(value) : Date.prototype.toString.call(value);
  const prefix = getPrefix(constructor, tag, 'Date');
  if (prefix !== 'Date ') base = `${prefix}${base}`;
  const keys = getKeys(value, ctx.showHidden);
  if (keys.length === 0 && !hasExtra) return ctx.stylize(base, 'date');
  return { base, braces: ['{', '}'], keys };
}

function describeNamespace({ value, constructor, tag }) {
  const format = (context, recurseTimes) =>
    getKeys(value, context.showHidden).map((key) => {
      try {
        return formatProperty(context, value, recurseTimes, key, OBJECT);
      } catch (error) {
        if (!(error instanceof ReferenceError)) throw error;
        return `${String(key)}: ${context.stylize('<uninitialized>', 'special')}`; // not evaluated yet
      }
    });
  return { braces: [`${getPrefix(constructor, tag, 'Module')}{`, '}'], keys: [], format };
}

// Without its own inspector a URL is its text.
function isUrl(value, constructor, tag) {
  return (constructor === 'URL' || tag === 'URL') && require('internal/url').isURLInstance(value);
}

function describeObject({ ctx, value, constructor, tag, hasExtra, isShallow }) {
  const keys = getKeys(value, ctx.showHidden);
  if (isUrl(value, constructor, tag) && !isShallow) {
    return keys.length === 0 && !hasExtra ? value.href : { base: value.href, braces: ['{', '}'], keys };
  }
  if (types.isArgumentsObject(value)) {
    return { braces: ['[Arguments] {', '}'], keys };
  }
  const isPlain = constructor === 'Object' && tag === '';
  if (keys.length === 0 && !hasExtra) {
    if (types.isExternal(value)) {
      const address = internalBinding('util').externalAddress(value).toString(16);
      return ctx.stylize(`[External: ${address}]`, 'special');
    }
    return isPlain ? '{}' : `${getPrefix(constructor, tag, 'Object')}{}`;
  }
  return { braces: [isPlain ? '{' : `${getPrefix(constructor, tag, 'Object')}{`, '}'], keys };
}

function describeError(parts) {
  return require('internal/util/inspect_errors').describeError(parts);
}

const BY_CLASS = {
  '__proto__': null,
  'ArrayBuffer': describeArrayBuffer,
  'BigInt': describeBoxed,
  'Boolean': describeBoxed,
  'DataView': describeDataView,
  'Date': describeDate,
  'Error': describeError,
  'Map': describeMap,
  'Map Iterator': describeIterator('Map'),
  'Module': describeNamespace,
  'Number': describeBoxed,
  'Promise': describePromise,
  'RegExp': describeRegExp,
  'Set': describeSet,
  'Set Iterator': describeIterator('Set'),
  'SharedArrayBuffer': describeArrayBuffer,
  'String': describeBoxed,
  'Symbol': describeBoxed,
  'WeakMap': describeWeak('WeakMap'),
  'WeakSet': describeWeak('WeakSet'),
};

function describe(parts) {
  const { value } = parts;
  if (Array.isArray(value)) return describeArray(parts);
  if (typeof value === 'function') return describeFunction(parts);
  const known = BY_CLASS[className(value)];
  if (known !== undefined) return known(parts);
  if (types.isTypedArray(value)) return describeTypedArray(parts);
  if (value instanceof Error) return describeError(parts);
  return describeObject(parts);
}

module.exports = { describe };
