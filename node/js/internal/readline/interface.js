// SPDX-License-Identifier: Apache-2.0
//
// readline's Interface: lines out of a stream; in a terminal it edits them itself (editor.js).
'use strict';

const EventEmitter = require('events');
const {
  AbortError,
  codes: { ERR_INVALID_ARG_VALUE, ERR_USE_AFTER_CLOSE },
} = require('internal/errors');
const { History } = require('internal/readline/history');
const { validateAbortSignal, validateString, validateUint32 } = require('internal/validators');

const MIN_CRLF_DELAY = 100; // ms
const LINE_ENDING = /\r?\n|\r(?!\n)|\u2028|\u2029/;

function readOptions(input, output, completer, terminal) {
  const options = input?.input === undefined ? { input, output, completer, terminal } : input;
  const { tabSize, escapeCodeTimeout, signal } = options;
  if (tabSize !== undefined) validateUint32(tabSize, 'tabSize', true);
  if (escapeCodeTimeout !== undefined && !Number.isFinite(escapeCodeTimeout)) {
    throw new ERR_INVALID_ARG_VALUE('input.escapeCodeTimeout', escapeCodeTimeout);
  }
  if (signal) validateAbortSignal(signal, 'options.signal');
  return options;
}

// A completer that takes no callback gives its result, or a promise of it.
function callingBack(completer) {
  if (typeof completer !== 'function' || completer.length === 2) return completer;
  return (line, callback) => callback(null, completer(line));
}

function listenToData(rl) {
  const { input } = rl;
  const onData = (data) => rl._normalWrite(data);
  const onEnd = () => {
    if (rl._rest !== '') rl.emit('line', rl._rest);
    rl.close();
  };
  rl._decoder = new (require('string_decoder').StringDecoder)('utf8');
  input.on('data', onData);
  input.on('end', onEnd);
  rl.once('close', () => {
    input.removeListener('data', onData);
    input.removeListener('end', onEnd);
  });
}

function listenToKeys(rl) {
  const { input, output } = rl;
  const onKeypress = (text, key) => {
    rl._ttyWrite(text, key);
    const code = key?.sequence ? key.sequence.codePointAt(0) : 0;
    if (code >= 0xd800 && code <= 0xdfff) rl._refreshLine(); // half of a character
  };
  const onEnd = () => {
    if (rl.line.length > 0) rl.emit('line', rl.line);
    rl.close();
  };
  const onResize = () => rl._refreshLine();
  require('internal/readline/keypress').emitKeypressEvents(input, rl);
  input.on('keypress', onKeypress);
  input.on('end', onEnd);
  output?.on('resize', onResize);
  rl._setRawMode(true);
  rl.cursor = 0;
  rl.once('close', () => {
    input.removeListener('keypress', onKeypress);
    input.removeListener('end', onEnd);
    output?.removeListener('resize', onResize);
  });
}

function closeOnAbort(rl, signal) {
  const onAbort = () => rl.close();
  if (signal.aborted) {
    process.nextTick(onAbort);
    return;
  }
  signal.addEventListener('abort', onAbort, { once: true });
  rl.once('close', () => signal.removeEventListener('abort', onAbort));
}

// Works on any object, as programs that inherit in the old way expect.
function Interface(input, output, completer, terminal) {
  if (!(this instanceof Interface)) return new Interface(input, output, completer, terminal);
  EventEmitter.call(this);
  const options = readOptions(input, output, completer, terminal);
  const { completer: complete } = options;
  Object.assign(this, {
    isCompletionEnabled: true,
    escapeCodeTimeout: options.escapeCodeTimeout ?? 500,
    tabSize: options.tabSize ?? 8,
  });
  this._history = new History(this, { ...options, size: options.historySize });
  if (complete !== undefined && typeof complete !== 'function') throw new ERR_INVALID_ARG_VALUE('completer', complete);
  Object.assign(this, {
    line: '',
    input: options.input,
    output: options.output,
    crlfDelay: options.crlfDelay ? Math.max(MIN_CRLF_DELAY, options.crlfDelay) : MIN_CRLF_DELAY,
    completer: this._wrapCompleter(complete),
    terminal: Boolean(options.terminal ?? options.output?.isTTY),
    prevRows: 0,
    _rest: '', // of a line that has not ended yet
    _sawReturnAt: 0,
    _previousKey: null,
    _substringSearch: null,
    _wantedColumn: undefined,
    _undoStack: [],
    _redoStack: [],
    _killRing: [],
    _killRingCursor: 0,
    _yanking: false,
    _questionCallback: null,
  });
  this.setPrompt(options.prompt ?? '> ');
  const onError = (error) => this.emit('error', error);
  this.input.on('error', onError);
  this.once('close', () => this.input.removeListener('error', onError));
  if (this.terminal) listenToKeys(this);
  else listenToData(this);
  if (options.signal) closeOnAbort(this, options.signal);
  this.input.resume();
  return undefined;
}
Object.setPrototypeOf(Interface.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Interface, EventEmitter);

class Methods {
  get columns() {
    return this.output?.columns || Infinity;
  }

  get historyManager() {
    return this._history;
  }

  get history() {
    return this._history.history;
  }

  set history(lines) {
    this._history.history = lines;
  }

  get historyIndex() {
    return this._history.index;
  }

  set historyIndex(index) {
    this._history.index = index;
  }

  get historySize() {
    return this._history.size;
  }

  get isFlushing() {
    return this._history.isFlushing;
  }

  _wrapCompleter(completer) {
    return callingBack(completer);
  }

  _setRawMode(mode) {
    const was = this.input.isRaw;
    if (typeof this.input.setRawMode === 'function') this.input.setRawMode(mode);
    return was;
  }

  _writeToOutput(text) {
    validateString(text, 'stringToWrite');
    if (this.output !== null && this.output !== undefined) this.output.write(text);
  }

  getPrompt() {
    return this._prompt;
  }

  setPrompt(prompt) {
    this._prompt = prompt;
  }

  prompt(preserveCursor) {
    if (this.paused) this.resume();
    if (this.terminal && process.env.TERM !== 'dumb') {
      if (!preserveCursor) this.cursor = 0;
      this._refreshLine();
    } else this._writeToOutput(this._prompt);
  }

  // The next line is the answer.
  _question(query, callback) {
    if (this.closed) throw new ERR_USE_AFTER_CLOSE('readline');
    if (this._questionCallback) {
      this.prompt();
      return;
    }
    this._oldPrompt = this._prompt;
    this.setPrompt(query);
    this._questionCallback = callback;
    this.prompt();
  }

  _questionCancel() {
    if (!this._questionCallback) return;
    this._questionCallback = null;
    this.setPrompt(this._oldPrompt);
    this.clearLine();
  }

  question(query, options, callback) {
    callback = typeof options === 'function' ? options : callback;
    if (options?.signal) {
      const { signal } = options;
      validateAbortSignal(signal, 'options.signal');
      if (signal.aborted) return;
      const onAbort = () => this._questionCancel();
      signal.addEventListener('abort', onAbort, { once: true });
      const answered = callback;
      callback = (answer) => {
        signal.removeEventListener('abort', onAbort);
        return answered(answer);
      };
    }
    if (typeof callback === 'function') this._question(query, callback);
  }

  _onLine(line) {
    if (!this._questionCallback) {
      this.emit('line', line);
      return;
    }
    const callback = this._questionCallback;
    this._questionCallback = null;
    this.setPrompt(this._oldPrompt);
    callback(line);
  }

  // The line that is edited is entered.
  _line() {
    const line = this._addHistory();
    this._undoStack = [];
    this._redoStack = [];
    this.clearLine();
    this._onLine(line);
  }

  _addHistory() {
    return this._history.add(false);
  }

  _normalWrite(data) {
    if (data === undefined) return;
    let text = this._decoder.write(data);
    if (this._sawReturnAt && Date.now() - this._sawReturnAt <= this.crlfDelay) {
      if (text.startsWith('\n')) text = text.slice(1);
      this._sawReturnAt = 0;
    }
    if (!text) return;
    const lines = text.split(LINE_ENDING);
    const rest = lines.pop();
    if (lines.length === 0) {
      this._rest += rest;
      return;
    }
    this._sawReturnAt = text.endsWith('\r') ? Date.now() : 0;
    lines[0] = this._rest + lines[0];
    this._rest = rest;
    for (const line of lines) this._onLine(line);
  }

  _ttyWrite(text, key) {
    require('internal/readline/commands').handleKey(this, text, key);
  }

  // Text as if it had been typed.
  write(data, key) {
    if (this.closed) throw new ERR_USE_AFTER_CLOSE('readline');
    if (this.paused) this.resume();
    if (this.terminal) this._ttyWrite(data, key);
    else this._normalWrite(data);
  }

  pause() {
    if (this.closed) throw new ERR_USE_AFTER_CLOSE('readline');
    if (this.paused) return undefined;
    this.input.pause();
    this.paused = true;
    this.emit('pause');
    return this;
  }

  resume() {
    if (this.closed) throw new ERR_USE_AFTER_CLOSE('readline');
    if (!this.paused) return undefined;
    this.input.resume();
    this.paused = false;
    this.emit('resume');
    return this;
  }

  close() {
    if (this.closed) return;
    this.pause();
    if (this.terminal) this._setRawMode(false);
    this.closed = true;
    this.emit('close');
  }

  [Symbol.dispose]() {
    this.close();
  }

  [Symbol.asyncIterator]() {
    const { kFirstEventParam, on } = require('internal/events/functions');
    this._lines ??= on(this, 'line', { close: ['close'], highWaterMark: 1024, [kFirstEventParam]: true });
    return this._lines;
  }
}

for (const source of [Methods.prototype, require('internal/readline/editor').Editor.prototype]) {
  const { constructor: _, ...methods } = Object.getOwnPropertyDescriptors(source);
  Object.defineProperties(Interface.prototype, methods);
}

// --- The form with promises ---------------------------------------------------------------------------------------------

function ask(rl, query, options = {}) {
  return new Promise((resolve, reject) => {
    const { signal } = options;
    let answered = resolve;
    if (signal) {
      validateAbortSignal(signal, 'options.signal');
      if (signal.aborted) {
        reject(new AbortError(undefined, { cause: signal.reason }));
        return;
      }
      const onAbort = () => {
        rl._questionCancel();
        reject(new AbortError(undefined, { cause: signal.reason }));
      };
      signal.addEventListener('abort', onAbort, { once: true });
      answered = (answer) => {
        signal.removeEventListener('abort', onAbort);
        resolve(answer);
      };
    }
    rl._question(query, answered);
    rl._questionReject = reject;
  });
}

Object.defineProperty(Interface.prototype.question, Symbol.for('nodejs.util.promisify.custom'), {
  __proto__: null,
  value: function question(query, options) {
    return ask(this, query, options);
  },
});

class PromiseInterface extends Interface {
  question(query, options) {
    return ask(this, query, options);
  }

  _wrapCompleter(completer) {
    if (completer === undefined) return undefined;
    return (line, callback) => {
      const completed = (async () => completer(line))();
      completed.then((value) => callback(null, value), callback);
    };
  }
}

module.exports = { Interface, PromiseInterface };
