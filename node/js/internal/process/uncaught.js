// SPDX-License-Identifier: Apache-2.0
//
// Prints an error that ends the program: source line and caret, stack, own properties, version.
'use strict';

const { write } = internalBinding('stdio');
const { className, getOwnNonIndexProperties } = internalBinding('util');

const sources = new Map(); // name -> text of scripts that are in no file

const decorated = new WeakSet(); // errors whose stack shows the source line itself

function keepSource(name, text) {
  sources.set(name, text);
}

// The text of an original file that is inside of a source map.
function textOfMap(file) {
  if (require('internal/modules/hooks').keepSourceMap === undefined) return undefined;
  return require('internal/modules/source_maps/stacks').sourceText(file);
}

function sourceLine(file, number) {
  let text = sources.get(file) ?? textOfMap(file);
  if (text === undefined) {
    const path = file.startsWith('file://') ? require('internal/url').fileURLToPath(file) : file;
    if (!path.startsWith('/')) return undefined;
    try {
      text = internalBinding('files').readFileUtf8(path, 0);
    } catch {
      return undefined; // the file has gone since: the stack is still printed
    }
  }
  return text.split('\n')[number - 1]?.replace(/\r$/, '');
}

const isPlace = (file) =>
  file.startsWith('/') ||
  file.startsWith('file://') ||
  file.startsWith('node:') ||
  sources.has(file) ||
  textOfMap(file) !== undefined;

// Names of the error's classes: their constructors are frames, but not where it was made.
function classNames(error) {
  const names = [];
  for (let proto = Object.getPrototypeOf(error); proto !== null; proto = Object.getPrototypeOf(proto)) {
    const { constructor } = proto;
    if (typeof constructor === 'function') names.push(constructor.name);
  }
  return names;
}

// The frame of the stack where the error was made.
function originFrame(error) {
  const constructors = classNames(error);
  for (const line of error.stack.split('\n')) {
    const [, name, file, row, column] = /^ {4}at (?:(.*) \()?(.+?):(\d+)(?::(\d+))?\)?$/.exec(line) ?? [];
    if (file === undefined || !isPlace(file) || constructors.includes(name)) continue;
    return { file, line: Number(row), column: Number(column ?? 1) };
  }
  return undefined;
}

// Where V8 points: at the `throw` whose statement makes the error.
function caretColumn(text, column) {
  const before = text.slice(0, column - 1);
  const start = before.lastIndexOf('throw ');
  return start !== -1 && !before.slice(start).includes(';') ? start + 1 : column;
}

// 'file:line', the source line and a caret below the column, each in its line.
function excerpt(error) {
  const frame = originFrame(error);
  if (frame === undefined) return '';
  const text = sourceLine(frame.file, frame.line);
  const place = `${frame.file}:${frame.line}\n`;
  if (text === undefined) return place;
  const column = caretColumn(text, frame.column);
  const indent = text.slice(0, column - 1).replace(/[^\t]/g, ' ');
  return `${place}${text}\n${indent}^\n`;
}

function isErrorLike(value) {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof value.stack === 'string' &&
    (className(value) === 'Error' || className(value) === 'DOMException' || value instanceof Error)
  );
}

// The stack, and for an unhandled 'error' event where it was emitted, without the frames that both have.
function stackOf(error) {
  const emission = error[Symbol.for('edgejs.emitted')];
  if (emission === undefined) return error.stack;
  const own = error.stack.split('\n');
  let frames = emission.frames.split('\n');
  const common = frames.findIndex(
    (frame, i) =>
      frames.length - i > 3 && own.slice(-(frames.length - i)).join('\n') === frames.slice(i).join('\n')
  );
  if (common !== -1)
    frames = [
      ...frames.slice(0, common + 1),
      `    [... lines matching original stack trace ...]`,
      frames.at(-1),
    ];
  return `${error.stack}\nEmitted 'error' event${emission.emitter} at:\n${frames.join('\n')}`;
}

function usesColors() {
  if (!internalBinding('stdio').isatty(2)) return false;
  return require('internal/util/colors').getColorDepth() > 2;
}

// Errors are inspected only when there is something besides the stack to see, or a terminal to colour it for.
function describeError(error) {
  const colors = usesColors();
  const hasMore =
    getOwnNonIndexProperties(error, true).length > 0 ||
    Object.hasOwn(error, 'cause') ||
    Object.hasOwn(error, 'errors');
  if (!hasMore && !colors) return stackOf(error);
  const shown = require('internal/util/inspect').inspect(error, { colors });
  return shown.startsWith(error.stack) ? stackOf(error) + shown.slice(error.stack.length) : shown;
}

function describe(error) {
  if (isErrorLike(error)) return decorated.has(error) ? describeError(error) : `${excerpt(error)}\n${describeError(error)}`;
  if ((typeof error === 'object' && error !== null) || typeof error === 'function')
    return `Uncaught:\n${require('internal/util/inspect').inspect(error, { colors: usesColors() })}`;
  return `Uncaught:\n${String(error)}\n(Use \`edgejs --trace-uncaught ...\` to show where the exception was thrown)`;
}

// Puts the source line in front of the stack of an error that leaves a script which is in no file.
function decorate(error, name, text) {
  if (className(error) !== 'Error' || typeof error.stack !== 'string' || decorated.has(error)) return;
  decorated.add(error);
  const known = sources.get(name);
  sources.set(name, text);
  const value = `${excerpt(error)}\n${error.stack}`;
  if (known === undefined) sources.delete(name);
  else sources.set(name, known);
  Object.defineProperty(error, 'stack', { __proto__: null, configurable: true, enumerable: false, value, writable: true });
}

// An error whose stack begins with the text that it is about.
function markDecorated(error) {
  decorated.add(error);
}

let put = (text) => write(2, text);

// A runtime in a Python program may have a stream of its own.
function setOutput(output) {
  put = output;
}

function printUncaught(error) {
  let text;
  try {
    text = describe(error);
  } catch (second) {
    text = `Uncaught error that cannot be shown: ${second?.message}`;
  }
  const hasMore = require('internal/options').getOptionValue('--extra-info-on-fatal-exception') !== false;
  put(hasMore ? `${text}\n\nedgejs v${process.versions.edgejs}\n` : `${text}\n`);
}

module.exports = { decorate, keepSource, markDecorated, printUncaught, setOutput };
