// SPDX-License-Identifier: Apache-2.0
//
// What a console does: the methods, shared by the global `console` and by `new Console(…)`.
'use strict';

const diagnostics = require('internal/diagnostics');

const kOutput = Symbol('kOutput'); // (name of stream, text): writes
const kState = Symbol('kState');

const DEFAULT_INDENTATION = 2;
const MAX_INDENTATION = 1000;

// One console's own state. `streams` has stream(name) and isTerminal(name).
class State {
  counts = new Map();
  indent = '';

  constructor(streams, { colorMode = 'auto', groupIndentation = DEFAULT_INDENTATION, inspectOptions } = {}) {
    this.streams = streams;
    this.colorMode = colorMode;
    this.groupIndentation = groupIndentation;
    this.inspectOptions = inspectOptions;
  }

  usesColors(name) {
    if (this.colorMode !== 'auto') return this.colorMode;
    return require('internal/util/colors').shouldColorize(
      () => this.streams.stream(name),
      () => this.streams.isTerminal(name)
    );
  }

  // Options of util.inspect for text that goes to stream `name`.
  optionsFor(name) {
    const own =
      this.inspectOptions instanceof Map
        ? this.inspectOptions.get(this.streams.stream(name))
        : this.inspectOptions;
    if (own !== undefined && own.colors !== undefined) return own;
    return { ...own, colors: this.usesColors(name) };
  }
}

function format(state, name, args) {
  const first = args[0];
  if (args.length === 1) {
    if (typeof first === 'string') return first;
  } else if (args.length === 0) return '';
  else if (
    typeof first === 'string' &&
    !first.includes('%') &&
    args.every((value) => typeof value === 'string')
  )
    return args.join(' ');
  return require('internal/util/format').formatWithOptions(state.optionsFor(name), ...args);
}

function print(console, name, args) {
  printText(console, name, format(console[kState], name, args));
}

function printText(console, name, text) {
  const { indent } = console[kState];
  if (indent !== '') {
    if (text.includes('\n')) text = text.replaceAll('\n', `\n${indent}`);
    text = indent + text;
  }
  console[kOutput](name, `${text}\n`);
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const pad = (value) => String(value).padStart(2, '0');

// 0.123ms, 1.234s, 1:02.345 (m:ss.mmm), 1:02:03 (h:mm:ss)
function formatTime(ms) {
  if (ms >= HOUR) {
    const whole = Math.floor(ms / SECOND);
    return `${Math.floor(ms / HOUR)}:${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)} (h:mm:ss)`;
  }
  if (ms >= MINUTE) {
    const seconds = (ms % MINUTE) / SECOND;
    return `${Math.floor(ms / MINUTE)}:${seconds.toFixed(3).padStart(6, '0')} (m:ss.mmm)`;
  }
  if (ms >= SECOND) return `${(ms / SECOND).toFixed(3)}s`;
  return `${Number(ms.toFixed(3))}ms`;
}

function warnLabel(method, label, reason) {
  process.emitWarning(
    reason === 'none'
      ? `No such label '${label}' for console.${method}()`
      : `Label '${label}' already exists for console.${method}()`
  );
}

function printTimer(console, method, label, data) {
  const started = console._times.get(label);
  if (started === undefined) {
    warnLabel(method, label, 'none');
    return false;
  }
  const elapsed = Number(process.hrtime.bigint() - started) / 1e6;
  const args =
    data === undefined || data.length === 0
      ? ['%s: %s', label, formatTime(elapsed)]
      : ['%s: %s', label, formatTime(elapsed), ...data];
  console.log(...args);
  return true;
}

const methods = {
  log(...args) {
    diagnostics.publish?.('console.log', args);
    print(this, 'stdout', args);
  },
  info(...args) {
    diagnostics.publish?.('console.info', args);
    print(this, 'stdout', args);
  },
  debug(...args) {
    diagnostics.publish?.('console.debug', args);
    print(this, 'stdout', args);
  },
  warn(...args) {
    diagnostics.publish?.('console.warn', args);
    print(this, 'stderr', args);
  },
  error(...args) {
    diagnostics.publish?.('console.error', args);
    print(this, 'stderr', args);
  },
  dir(object, options) {
    const { inspect } = require('internal/util/inspect');
    printText(
      this,
      'stdout',
      inspect(object, {
        customInspect: false,
        ...this[kState].optionsFor('stdout'),
        ...options,
      })
    );
  },
  time(label = 'default') {
    label = `${label}`;
    const { _times: timers } = this;
    if (timers.has(label)) warnLabel('time', label, 'exists');
    else timers.set(label, process.hrtime.bigint());
  },
  timeEnd(label = 'default') {
    label = `${label}`;
    if (printTimer(this, 'timeEnd', label)) this._times.delete(label);
  },
  timeLog(label = 'default', ...data) {
    printTimer(this, 'timeLog', `${label}`, data);
  },
  trace: function trace(...args) {
    const error = { name: 'Trace', message: format(this[kState], 'stderr', args) };
    Error.captureStackTrace(error, trace);
    const title = error.message === '' ? 'Trace' : `Trace: ${error.message}`;
    const frames = error.stack.slice(Math.max(0, error.stack.indexOf('\n    at ')));
    this.error(title + (frames.startsWith('\n') ? frames : ''));
  },
  assert(expression, ...args) {
    if (expression) return;
    if (typeof args[0] === 'string') args[0] = `Assertion failed: ${args[0]}`;
    else args.unshift('Assertion failed');
    this.warn(...args);
  },
  clear() {
    if (!this[kState].streams.isTerminal('stdout') || process.env.TERM === 'dumb') return;
    this[kOutput]('stdout', '\u001b[1;1H\u001b[0J');
  },
  count(label = 'default') {
    label = `${label}`;
    const { counts } = this[kState];
    const count = (counts.get(label) ?? 0) + 1;
    counts.set(label, count);
    this.log(`${label}: ${count}`);
  },
  countReset(label = 'default') {
    label = `${label}`;
    if (!this[kState].counts.delete(label)) process.emitWarning(`Count for '${label}' does not exist`);
  },
  group(...data) {
    if (data.length > 0) this.log(...data);
    const state = this[kState];
    state.indent += ' '.repeat(state.groupIndentation);
  },
  groupEnd() {
    const state = this[kState];
    state.indent = state.indent.slice(0, Math.max(0, state.indent.length - state.groupIndentation));
  },
  table(data, properties) {
    const text = require('internal/console/table').renderTable(
      data,
      properties,
      this[kState].optionsFor('stdout')
    );
    if (text === undefined) this.log(data);
    else this.log(text);
  },
};
methods.dirxml = methods.log;
methods.groupCollapsed = methods.group;
// Hooks of a connected inspector: nothing listens here, as in Node without one.
for (const name of ['profile', 'profileEnd', 'timeStamp', 'context']) methods[name] = { [name]() {} }[name];
methods.createTask = function createTask(name) {
  if (name === undefined || name === '') throw new Error('First argument must be a non-empty string.');
  return { run: (callback) => callback() };
};

// Gives `console` its state and its methods as own, bound properties.
function bindMethods(console, streams, options) {
  Object.defineProperty(console, kState, {
    __proto__: null,
    enumerable: false,
    value: new State(streams, options),
  });
  // Node shows the running timers under this name.
  Object.defineProperty(console, '_times', {
    __proto__: null,
    configurable: true,
    enumerable: false,
    value: new Map(),
    writable: true,
  });
  for (const name of Object.keys(methods)) {
    const method = typeof console[name] === 'function' ? console[name] : methods[name];
    const bound = method.bind(console);
    Object.defineProperty(bound, 'name', { __proto__: null, configurable: true, value: name });
    Object.defineProperty(console, name, {
      __proto__: null,
      configurable: true,
      enumerable: true,
      value: bound,
      writable: true,
    });
  }
}

// Writes to a stream whose errors nobody needs to hear about.
function writeIgnoringErrors(stream, text) {
  const ignore = () => {};
  try {
    if (stream.listenerCount?.('error') > 0) {
      stream.write(text);
      return;
    }
    stream.once?.('error', ignore);
    // An error that comes later than the write is swallowed as well.
    stream.write(text, (error) => {
      if (error && !stream._writableState?.errorEmitted && stream.listenerCount('error') === 0) {
        stream.once('error', ignore);
      }
    });
  } catch (error) {
    // Like those that come later. Only a stack that overflows is the caller's affair.
    if (error instanceof RangeError && /call stack/.test(error.message)) throw error;
  } finally {
    stream.removeListener?.('error', ignore);
  }
}

function checkOptions({ stdout, stderr, colorMode, groupIndentation, inspectOptions }) {
  const { codes } = require('internal/errors');
  if (!stdout || typeof stdout.write !== 'function') throw new codes.ERR_CONSOLE_WRITABLE_STREAM('stdout');
  if (!stderr || typeof stderr.write !== 'function') throw new codes.ERR_CONSOLE_WRITABLE_STREAM('stderr');
  const { validateInteger, validateObject, validateOneOf } = require('internal/validators');
  if (colorMode !== undefined) validateOneOf(colorMode, 'colorMode', ['auto', true, false]);
  if (groupIndentation !== undefined) {
    validateInteger(groupIndentation, 'groupIndentation', 0, MAX_INDENTATION);
  }
  if (inspectOptions === undefined) return;
  validateObject(inspectOptions, 'options.inspectOptions');
  if (!(inspectOptions instanceof Map) && inspectOptions.colors !== undefined && colorMode !== undefined) {
    throw new codes.ERR_INCOMPATIBLE_OPTION_PAIR('options.inspectOptions.color', 'colorMode');
  }
}

function Console(options, ...rest) {
  if (!new.target) return Reflect.construct(Console, arguments);
  if (!options || typeof options.write === 'function') {
    options = { stdout: options, stderr: rest[0] ?? options, ignoreErrors: rest[1] };
  }
  const { stdout, stderr = stdout, ignoreErrors = true, colorMode, inspectOptions, groupIndentation } = options;
  checkOptions({ stdout, stderr, colorMode, groupIndentation, inspectOptions });
  const streams = { stdout, stderr };
  const hidden = { __proto__: null, configurable: true, enumerable: false, writable: true };
  Object.defineProperties(this, {
    _stdout: { ...hidden, value: stdout },
    _stderr: { ...hidden, value: stderr },
    [kOutput]: {
      ...hidden,
      value(name, text) {
        if (ignoreErrors) writeIgnoringErrors(streams[name], text);
        else streams[name].write(text);
      },
    },
  });
  bindMethods(
    this,
    {
      stream: (name) => streams[name],
      isTerminal: (name) => Boolean(streams[name].isTTY),
    },
    { colorMode, groupIndentation, inspectOptions }
  );
}

Object.assign(Console.prototype, methods);
for (const name of Object.keys(methods)) {
  Object.defineProperty(Console.prototype, name, { __proto__: null, enumerable: true });
}
// The global console is an instance too, although it does not inherit from Console.prototype.
Object.defineProperty(Console, Symbol.hasInstance, {
  __proto__: null,
  value: (instance) => instance != null && instance[kState] !== undefined,
});

module.exports = { bindMethods, Console, kOutput, writeIgnoringErrors };
