// SPDX-License-Identifier: Apache-2.0
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_REPL_EVAL_CONFIG, ERR_INVALID_REPL_INPUT },
} = require('internal/errors');
const domain = require('domain');
const { Interface } = require('internal/readline/interface');
const { commonPrefix, MULTILINE_PROMPT } = require('internal/readline/editor');
const { defineDefaultCommands, turnOffEditor } = require('internal/repl/commands');
const { addLast, createContext } = require('internal/repl/context');
const { describe } = require('internal/repl/errors');
const { evaluate } = require('internal/repl/evaluate');
const { isValidSyntax, Recoverable } = require('internal/repl/syntax');
const { inspect } = require('internal/util/inspect');
const { validateFunction, validateObject } = require('internal/validators');

const REPL_MODE_SLOPPY = Symbol('repl-sloppy');
const REPL_MODE_STRICT = Symbol('repl-strict');

const writer = (value) => inspect(value, writer.options);
writer.options = { ...inspect.defaultOptions, showProxy: true };

let lastNumber = 0; // of what was entered: each has a file name of its own

const OLD_ARGUMENTS = ['prompt', 'stream', 'eval', 'useGlobal', 'ignoreUndefined', 'replMode'];

function readOptions(args) {
  const [first] = args;
  const options =
    first !== null && typeof first === 'object'
      ? { ...first, stream: first.stream || first.socket }
      : Object.fromEntries(OLD_ARGUMENTS.map((name, i) => [name, args[i]]));
  if (options.breakEvalOnSigint && options.eval) throw new ERR_INVALID_REPL_EVAL_CONFIG();
  if (!options.input && !options.output) {
    const stream = options.stream || process;
    options.input = stream.stdin && stream.stdout ? stream.stdin : stream;
    options.output = stream.stdin && stream.stdout ? stream.stdout : stream;
  }
  options.terminal ??= options.output?.isTTY;
  return options;
}

// The same with colours, and options of the server's own.
function coloredWriter() {
  const colored = (value) => inspect(value, colored.options);
  colored.options = { ...writer.options, colors: true };
  return colored;
}

Object.defineProperty(inspect, 'replDefaults', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get: () => writer.options,
  set(options) {
    validateObject(options, 'options');
    Object.assign(writer.options, options);
  },
});

// Programs at a prompt of somebody else's cannot take the errors of all others.
const domains = new WeakSet();
let guards = 0; // servers that need the listener

function guardNewListener(event, listener) {
  if (event !== 'uncaughtException' || !process.domain || !domains.has(process.domain)) return;
  if (listener.name === 'clearDomains') return;
  throw new ERR_INVALID_REPL_INPUT('Listeners for `uncaughtException` cannot be used in the REPL');
}

function guard(repl) {
  domains.add(repl._domain);
  if (guards++ === 0) process.prependListener('newListener', guardNewListener);
  repl.once('close', () => {
    if (--guards === 0) process.removeListener('newListener', guardNewListener);
  });
}

function REPLServer(...args) {
  if (!(this instanceof REPLServer)) return new REPLServer(...args);
  const options = readOptions(args);
  const { input, output, terminal } = options;
  this.useColors = options.useColors ?? (output?.isTTY === true && (output.getColorDepth?.() ?? 4) > 2);
  this._domain = options.domain || domain.create();
  this.useGlobal = Boolean(options.useGlobal);
  this.ignoreUndefined = Boolean(options.ignoreUndefined);
  this.replMode = options.replMode || REPL_MODE_SLOPPY;
  this.underscoreAssigned = false;
  this.last = undefined;
  this.underscoreErrAssigned = false;
  this.lastError = undefined;
  this.breakEvalOnSigint = Boolean(options.breakEvalOnSigint);
  this.editorMode = false;
  this.loading = false;
  this.output = output;
  this.input = input;
  this._buffered = '';
  this._initialPrompt = options.prompt ?? '> ';
  this._held = undefined;
  this.lines = [];
  this.lines.level = [];
  const evaluation = options.eval ?? ((code, context, file, callback) => evaluate(this, code, context, file, callback));
  this.eval = this._domain.bind(evaluation);
  this._domain.on('error', (error) => this._handleError(error, options));
  this.resetContext();
  Interface.call(this, {
    input,
    output,
    completer: options.completer ?? ((text, callback) => this._complete(text, callback)),
    terminal,
    historySize: options.historySize,
    prompt: this._initialPrompt,
  });
  this.commands = { __proto__: null };
  defineDefaultCommands(this);
  this.writer = options.writer || module.exports.writer;
  if (this.useColors && this.writer === writer) this.writer = coloredWriter();
  this._listen();
  if (!options.standalone) guard(this);
  this.displayPrompt();
  return undefined;
}
Object.setPrototypeOf(REPLServer.prototype, Interface.prototype);
Object.setPrototypeOf(REPLServer, Interface);

class Methods {
  get inputStream() {
    return this.input;
  }

  get outputStream() {
    return this.output;
  }

  get STRICT() {
    return REPL_MODE_STRICT;
  }

  _listen() {
    let sawSigint = false;
    this.on('close', () => {
      if (this.isFlushing) this.once('flushHistory', () => this.emit('exit'));
      else this.emit('exit');
    });
    this.on('SIGINT', () => {
      const empty = this.line.length === 0;
      this.clearLine();
      if (this.editorMode) turnOffEditor(this);
      if (this._buffered === '' && empty) {
        if (sawSigint) {
          sawSigint = false;
          this.close();
          return;
        }
        this.output.write('(To exit, press Ctrl+C again or Ctrl+D or type .exit)\n');
        sawSigint = true;
      } else sawSigint = false;
      this.clearBufferedCommand();
      this.lines.level = [];
      this.displayPrompt();
    });
    this.on('line', (line) => {
      sawSigint = false;
      if (this._held === undefined) this._take(line);
      else this._held.push(line);
    });
    this.on('SIGCONT', () => {
      if (this.editorMode) {
        this.output.write(`${this._initialPrompt}.editor\n`);
        this.output.write('// Entering editor mode (Ctrl+D to finish, Ctrl+C to cancel)\n');
        this.output.write(`${this._buffered}\n`);
        this.prompt(true);
      } else this.displayPrompt(true);
    });
  }

  // Until the function that is returned is called, lines wait.
  _holdInput() {
    this._held = [];
    return () => {
      const lines = this._held;
      this._held = undefined;
      while (lines.length > 0 && this._held === undefined && !this.closed) this._take(lines.shift());
      if (this._held !== undefined) this._held.push(...lines);
    };
  }

  _isCommand(line) {
    if (this._buffered !== '' && this.editorMode) return false;
    return line.startsWith('.') && !line.startsWith('..') && Number.isNaN(parseFloat(line));
  }

  // One line was entered.
  _take(line) {
    line ??= '';
    if (this.editorMode) {
      this._buffered += `${line}\n`;
      return;
    }
    const trimmed = line.trim();
    if (trimmed !== '' && this._isCommand(trimmed)) {
      const [, keyword, rest] = /^\.([^\s]+)\s*(.*)$/.exec(trimmed) ?? [];
      if (this.parseREPLKeyword(keyword, rest) === true) return;
      if (this._buffered === '') {
        this.output.write('Invalid REPL keyword\n');
        this.displayPrompt();
        return;
      }
    }
    this.lines.push(line);
    const file = `REPL${++lastNumber}`;
    this.eval(`${this._buffered}${line}\n`, this.context, file, (...results) => this._finish(line, ...results));
  }

  _finish(line, ...results) {
    const [error, result] = results;
    if (error && this._buffered === '' && line.trim().startsWith('npm ') && !(error instanceof Recoverable)) {
      this.output.write(
        'npm should be run outside of the Node.js REPL, in your normal shell.\n(Press Ctrl+D to exit.)\n'
      );
      this.displayPrompt();
      return;
    }
    if (error instanceof Recoverable && !this._endOfEditor) {
      this._buffered += `${line}\n`;
      this.displayPrompt();
      return;
    }
    if (error) this._domain.emit('error', error.err ?? error);
    this.clearBufferedCommand();
    if (!error && results.length === 2 && (!this.ignoreUndefined || result !== undefined)) {
      if (!this.underscoreAssigned) this.last = result;
      this.output.write(`${this.writer(result)}\n`);
    }
    if (!error && !this.closed) this.displayPrompt();
  }

  _handleError(error, { standalone }) {
    if (!this.underscoreErrAssigned) this.lastError = error;
    const goOn = () => {
      this.clearBufferedCommand();
      this.lines.level = [];
      if (!this.closed) this.displayPrompt();
    };
    if (standalone && process.listenerCount('uncaughtException') !== 0) {
      process.nextTick(() => {
        process.emit('uncaughtException', error);
        goOn();
      });
      return;
    }
    this.output.write(describe(this, error));
    goOn();
  }

  _ttyWrite(text, key) {
    key ??= {};
    if (!this.editorMode || !this.terminal) {
      Interface.prototype._ttyWrite.call(this, text, key);
      return;
    }
    if (key.ctrl && !key.shift && key.name === 'd') this._leaveEditor();
    else if (key.ctrl && !key.shift && key.name === 'c') this.emit('SIGINT');
    else Interface.prototype._ttyWrite.call(this, text, key);
  }

  // What was written in the editor is evaluated as one text.
  _leaveEditor() {
    turnOffEditor(this);
    const code = this._buffered + this.line;
    this._buffered = '';
    this.line = '';
    this.cursor = 0;
    this.output.write('\n');
    this._endOfEditor = true;
    try {
      this._take(code);
    } finally {
      this._endOfEditor = false;
    }
  }

  setupHistory(file, callback) {
    if (file !== null && typeof file === 'object') {
      callback ??= file.onHistoryFileLoaded;
      const { filePath, size, removeHistoryDuplicates } = file;
      if (size !== undefined) this._history.size = size;
      if (removeHistoryDuplicates !== undefined) this._history.removeHistoryDuplicates = removeHistoryDuplicates;
      file = filePath;
    }
    if (typeof file === 'function') [file, callback] = [undefined, file];
    validateFunction(callback, 'callback');
    require('internal/repl/history').setUpHistory(this, file, callback);
  }

  clearBufferedCommand() {
    this._buffered = '';
  }

  close() {
    if (this.terminal && this.isFlushing && !this._closingOnFlush) {
      this._closingOnFlush = true;
      this.once('flushHistory', () => Interface.prototype.close.call(this));
      return;
    }
    process.nextTick(() => Interface.prototype.close.call(this));
  }

  createContext() {
    return createContext(this);
  }

  resetContext() {
    this.context = this.createContext();
    this.underscoreAssigned = false;
    this.underscoreErrAssigned = false;
    this.lines = [];
    this.lines.level = [];
    addLast(this, '_', 'last', 'underscoreAssigned');
    addLast(this, '_error', 'lastError', 'underscoreErrAssigned');
    this.emit('reset', this.context);
  }

  displayPrompt(preserveCursor) {
    Interface.prototype.setPrompt.call(this, this._buffered === '' ? this._initialPrompt : MULTILINE_PROMPT);
    this.prompt(preserveCursor);
  }

  // Continuation lines have a prompt of their own.
  setPrompt(prompt) {
    this._initialPrompt = prompt;
    Interface.prototype.setPrompt.call(this, prompt);
  }

  complete(...args) {
    Reflect.apply(this.completer, this, args);
  }

  _complete(line, callback) {
    if (this.editorMode) callback = this.completeOnEditorMode(callback);
    let found;
    try {
      found = require('internal/repl/completion').complete(this, line);
    } catch (error) {
      callback(error);
      return;
    }
    callback(null, found);
  }

  // In the editor nothing is listed: what all have in common is inserted.
  completeOnEditorMode(callback) {
    return (error, results) => {
      if (error) {
        callback(error);
        return;
      }
      const [completions, completeOn = ''] = results;
      const offered = completions.filter(Boolean);
      callback(null, [completeOn && offered.length > 0 ? [commonPrefix(offered)] : offered, completeOn]);
    };
  }

  defineCommand(keyword, command) {
    if (typeof command === 'function') command = { action: command };
    else if (typeof command?.action !== 'function') {
      throw new ERR_INVALID_ARG_TYPE('cmd.action', 'Function', command?.action);
    }
    this.commands[keyword] = command;
  }

  // True when it was a command, which has run.
  parseREPLKeyword(keyword, rest) {
    const command = this.commands[keyword];
    if (command === undefined) return false;
    command.action.call(this, rest);
    return true;
  }
}
const { constructor: _, ...methods } = Object.getOwnPropertyDescriptors(Methods.prototype);
Object.defineProperties(REPLServer.prototype, methods);

function start(...args) {
  const repl = new REPLServer(...args);
  module.exports.repl ??= repl;
  return repl;
}

module.exports = {
  start,
  writer,
  REPLServer,
  REPL_MODE_SLOPPY,
  REPL_MODE_STRICT,
  Recoverable,
  isValidSyntax,
};

for (const name of ['builtinModules', '_builtinLibs']) {
  let value;
  Object.defineProperty(module.exports, name, {
    __proto__: null,
    configurable: true,
    enumerable: false,
    get: () => (value ??= require('module').builtinModules.filter((id) => !id.startsWith('_'))),
    set: (given) => {
      value = given;
    },
  });
}
