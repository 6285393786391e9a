// SPDX-License-Identifier: Apache-2.0
//
// How util.inspect shows errors: the stack, corrected where it does not name the class, then what else they carry.
'use strict';

const { formatValue, getKeys, getPrefix, tryGet } = require('internal/util/inspect');

const { get: engineStack } = Object.getOwnPropertyDescriptor(Error.prototype, 'stack');

function stackOf(ctx, error) {
  // Without its prototype an error has lost the accessor, not the stack.
  const stack = 'stack' in error ? tryGet(error, 'stack') : engineStack.call(error);
  if (typeof stack === 'string' && stack !== '') return stack;
  const header = Error.prototype.toString.call(error);
  if (!stack) return header;
  ctx.seen.push(error);
  ctx.indentationLvl += 4;
  const text = formatValue(ctx, stack, 0);
  ctx.indentationLvl -= 4;
  ctx.seen.pop();
  return `${header}\n    ${text}`;
}

// `name`, `message` and `stack` as own properties say nothing new when the stack has them.
function dropDuplicates(ctx, keys, error, stack) {
  if (ctx.showHidden) return;
  for (const name of ['name', 'message', 'stack']) {
    const index = keys.indexOf(name);
    if (index === -1) continue;
    const value = tryGet(error, name);
    if (name === 'stack' || typeof value !== 'string' || stack.includes(value)) keys.splice(index, 1);
  }
}

// Makes the header name the class: `class A extends Error` has `Error: …` in its stack.
function improveStack(stack, constructor, name, tag) {
  const isRegular =
    name.endsWith('Error') &&
    stack.startsWith(name) &&
    (stack.length === name.length || stack[name.length] === ':' || stack[name.length] === '\n');
  if (constructor !== null && !isRegular) return stack;
  let fallback = 'Error';
  let { length } = name;
  if (constructor === null) {
    const found =
      /^([A-Z][a-z_ A-Z0-9[\]()-]+)(?::|\n\s+at)/.exec(stack) ?? /^([a-z_A-Z0-9-]*Error)$/.exec(stack);
    fallback = found?.[1] ?? '';
    ({ length } = fallback);
    fallback ||= 'Error';
  }
  const prefix = getPrefix(constructor, tag, fallback).slice(0, -1);
  if (name === prefix) return stack;
  if (!prefix.includes(name)) return `${prefix} [${name}]${stack.slice(length)}`;
  return length === 0 ? `${prefix}: ${stack}` : `${prefix}${stack.slice(length)}`;
}

// The first run of more than three frames that is in both lists.
function commonRun(frames, others) {
  for (let offset = 0; offset < frames.length - 3; offset++) {
    const position = others.indexOf(frames[offset]);
    if (position === -1) continue;
    const most = Math.min(frames.length - offset, others.length - position);
    let length = 1;
    while (length < most && frames[offset + length] === others[position + length]) length++;
    if (length > 3) return { length, offset };
  }
  return { length: 0, offset: 0 };
}

function framesOf(ctx, error, text) {
  const frames = text.split('\n');
  const cause = tryGet(error, 'cause');
  if (!(cause instanceof Error)) return frames;
  const causeStack = stackOf(ctx, cause);
  const start = causeStack.indexOf('\n    at');
  if (start === -1) return frames;
  const { length, offset } = commonRun(frames, causeStack.slice(start + 1).split('\n'));
  if (length > 3) {
    const skipped = length - 2;
    frames.splice(
      offset + 1,
      skipped,
      ctx.stylize(`    ... ${skipped} lines matching cause stack trace ...`, 'undefined')
    );
  }
  return frames;
}

// The working directory of a frame's path is grey, with the parentheses around it.
function greyDirectory(ctx, frame, directory) {
  const position = frame.indexOf(directory);
  if (position === -1) return frame;
  const start = frame[position - 1] === '(' ? position - 1 : position;
  const isEnclosed = start !== position && frame.endsWith(')');
  const end = position + directory.length + 1;
  const rest = frame.slice(end, isEnclosed ? -1 : frame.length);
  const close = isEnclosed ? ctx.stylize(')', 'undefined') : '';
  return `${frame.slice(0, start)}${ctx.stylize(frame.slice(start, end), 'undefined')}${rest}${close}`;
}

// With colours: frames of the runtime are grey, names of packages underlined.
function colorFrame(ctx, frame) {
  if (/^ {4}at (?:[^/\\(]+ \(|)node:(.+):\d+:\d+(?:\)|$)/.test(frame)) return ctx.stylize(frame, 'undefined');
  const marked = frame.replace(
    /([/\\]node_modules[/\\])((?:@[^/\\]+[/\\])?[^/\\]+)(?=[/\\])/g,
    (whole, folder, name) => folder + ctx.stylize(name, 'module')
  );
  return greyDirectory(ctx, marked, process.cwd());
}

function formatStack(ctx, error, stack) {
  const message = tryGet(error, 'message');
  let position = message ? stack.indexOf(message) : -1;
  if (position !== -1) position += message.length;
  const start = stack.indexOf('\n    at', position);
  if (start === -1) return `[${stack}]`;
  let frames = framesOf(ctx, error, stack.slice(start + 1));
  if (ctx.colors) frames = frames.map((frame) => colorFrame(ctx, frame));
  return `${stack.slice(0, start)}\n${frames.join('\n')}`;
}

function describeError({ ctx, value, constructor, tag, hasExtra }) {
  const name = String(tryGet(value, 'name') ?? 'Error');
  const keys = getKeys(value, ctx.showHidden);
  let stack = stackOf(ctx, value);
  dropDuplicates(ctx, keys, value, stack);
  if (Object.hasOwn(value, 'cause') && !keys.includes('cause')) keys.push('cause');
  if (Object.hasOwn(value, 'errors') && Array.isArray(tryGet(value, 'errors')) && !keys.includes('errors'))
    keys.push('errors');
  stack = formatStack(ctx, value, improveStack(stack, constructor, name, tag));
  if (ctx.indentationLvl !== 0) stack = stack.replaceAll('\n', `\n${' '.repeat(ctx.indentationLvl)}`);
  if (keys.length === 0 && !hasExtra) return stack;
  return { base: stack, braces: ['{', '}'], keys };
}

module.exports = { describeError };
