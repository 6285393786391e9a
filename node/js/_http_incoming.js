// SPDX-License-Identifier: Apache-2.0
//
// IncomingMessage: a request as a server sees it, or a response as a client does.
'use strict';

const EventEmitter = require('events');
const { Readable, finished } = require('stream');

const kHeaders = Symbol('kHeaders');
const kHeadersDistinct = Symbol('kHeadersDistinct');
const kHeadersCount = Symbol('kHeadersCount');
const kTrailers = Symbol('kTrailers');
const kTrailersDistinct = Symbol('kTrailersDistinct');
const kTrailersCount = Symbol('kTrailersCount');
const kAbortController = Symbol('kAbortController');

// Of a message that nobody has looked at as a stream: most requests have no body, and most listeners know.
const kStream = Symbol('stream');
const UNMADE = 0;
const MADE = 1;
const UNMADE_ENDED = 2; // there will be no more bytes
const UNMADE_OVER = 3; // and nobody is interested any more

const plainInit = EventEmitter.init;

function readStart(socket) {
  if (!socket || socket._paused) return;
  if (socket._readableState?.flowing !== true && socket.readable) socket.resume();
}

function readStop(socket) {
  if (socket) socket.pause();
}

function IncomingMessage(socket) {
  if (EventEmitter.init !== plainInit) EventEmitter.init.call(this); // domains have one of their own
  this.socket = socket;
  this.httpVersionMajor = null;
  this.httpVersionMinor = null;
  this.httpVersion = null;
  this.rawHeaders = [];
  this.rawTrailers = [];
  this.upgrade = null;
  this.client = socket;
}
Object.setPrototypeOf(IncomingMessage.prototype, Readable.prototype);
Object.setPrototypeOf(IncomingMessage, Readable);

// What most messages leave as it is.
Object.assign(IncomingMessage.prototype, {
  [kStream]: UNMADE,
  complete: false,
  [kHeaders]: null,
  [kHeadersCount]: 0,
  [kTrailers]: null,
  [kTrailersCount]: 0,
  joinDuplicateHeaders: false,
  aborted: false,
  url: '', // of requests
  method: null,
  statusCode: null, // of responses
  statusMessage: null,
  _consuming: false,
  _dumped: false, // nobody can read the rest any more: it is thrown away
  [kAbortController]: null,
});

function makeStream(message) {
  const { socket } = message;
  const options = socket ? { highWaterMark: socket.readableHighWaterMark } : undefined;
  const state = new Readable.ReadableState(options, message, false);
  const ending = message[kStream];
  state.readingMore = true;
  message[kStream] = MADE;
  message._readableState = state;
  if (ending === UNMADE_ENDED) message.push(null);
  else if (ending === UNMADE_OVER) markOver(state);
  return state;
}

function markOver(state) {
  state.ended = true;
  state.endEmitted = true;
  state.destroyed = true;
  state.closed = true;
  state.closeEmitted = true;
}

Object.defineProperty(IncomingMessage.prototype, '_readableState', {
  __proto__: null,
  configurable: true,
  get() {
    return Object.hasOwn(this, 'rawHeaders') ? makeStream(this) : undefined;
  },
  set(value) {
    Object.defineProperty(this, '_readableState', {
      __proto__: null,
      configurable: true,
      enumerable: true,
      value,
      writable: true,
    });
  },
});

// No more bytes come.
function endMessage(message) {
  if (message[kStream] === UNMADE) message[kStream] = UNMADE_ENDED;
  else message.push(null);
}

// The response is sent: whoever has not begun to read the request will not.
function dropUnread(message) {
  if (message[kStream] === UNMADE_ENDED && message._events === undefined) {
    message[kStream] = UNMADE_OVER;
    message._dumped = true;
  } else if (!message._consuming && !message._readableState.resumeScheduled) message._dump();
}

const isOver = (message) => message[kStream] === UNMADE_OVER || message.readableEnded;

// A property that is made out of raw lines when somebody looks at it.
function lazyLines(kept, rawName, kCount, makeEmpty, addName) {
  return {
    __proto__: null,
    get() {
      if (!this[kept]) {
        const lines = makeEmpty();
        this[kept] = lines;
        const raw = this[rawName];
        for (let i = 0; i < this[kCount]; i += 2) this[addName](raw[i], raw[i + 1], lines);
      }
      return this[kept];
    },
    set(value) {
      this[kept] = value;
    },
  };
}

const makeObject = () => ({});
const makeBare = () => ({ __proto__: null });

Object.defineProperties(IncomingMessage.prototype, {
  connection: {
    __proto__: null,
    get() {
      return this.socket;
    },
    set(value) {
      this.socket = value;
    },
  },
  headers: lazyLines(kHeaders, 'rawHeaders', kHeadersCount, makeObject, '_addHeaderLine'),
  headersDistinct: lazyLines(kHeadersDistinct, 'rawHeaders', kHeadersCount, makeBare, '_addHeaderLineDistinct'),
  trailers: lazyLines(kTrailers, 'rawTrailers', kTrailersCount, makeObject, '_addHeaderLine'),
  trailersDistinct: lazyLines(kTrailersDistinct, 'rawTrailers', kTrailersCount, makeBare, '_addHeaderLineDistinct'),
  signal: {
    __proto__: null,
    configurable: true,
    get() {
      if (this[kAbortController] === null) {
        const controller = new AbortController();
        this[kAbortController] = controller;
        if (this.destroyed) controller.abort();
        else this.once('close', () => controller.abort());
      }
      return this[kAbortController].signal;
    },
  },
});

IncomingMessage.prototype.setTimeout = function setTimeout(msecs, callback) {
  if (callback) this.on('timeout', callback);
  this.socket.setTimeout(msecs);
  return this;
};

// The parser pushes; all there is to do is to let the socket flow.
IncomingMessage.prototype._read = function _read(n) {
  if (!this._consuming) {
    this._readableState.readingMore = false;
    this._consuming = true;
  }
  if (this.socket.readable) readStart(this.socket);
};

IncomingMessage.prototype._destroy = function _destroy(error, callback) {
  if (!this.readableEnded || !this.complete) {
    this.aborted = true;
    this.emit('aborted');
  }
  // A socket that is destroyed already would not tell that it has finished.
  if (this.aborted && this.socket && !this.socket.destroyed) {
    this.socket.destroy(error);
    const forget = finished(this.socket, (failure) => {
      if (failure?.code === 'ERR_STREAM_PREMATURE_CLOSE') failure = null;
      forget();
      process.nextTick(destroyed, this, failure || error, callback);
    });
  } else {
    process.nextTick(destroyed, this, error, callback);
  }
};

// Nobody is bothered with an error that nobody listens to.
function destroyed(message, error, callback) {
  if (message.listenerCount('error') === 0) callback();
  else callback(error);
}

IncomingMessage.prototype._addHeaderLines = function _addHeaderLines(lines, count) {
  if (!lines?.length) return;
  let made;
  if (this.complete) {
    this.rawTrailers = lines;
    this[kTrailersCount] = count;
    made = this[kTrailers];
  } else {
    this.rawHeaders = lines;
    this[kHeadersCount] = count;
    made = this[kHeaders];
  }
  if (!made) return;
  for (let i = 0; i < count; i += 2) this._addHeaderLine(lines[i], lines[i + 1], made);
};

// What becomes of a name that comes twice. The values of most are joined.
const FIRST_COUNTS = 1;
const IS_LIST = 2;
const WITH_SEMICOLON = 3;

const rules = { __proto__: null, 'set-cookie': IS_LIST, 'cookie': WITH_SEMICOLON };
for (const name of ['age', 'authorization', 'content-length', 'content-type', 'etag', 'expires', 'from', 'host',
  'if-modified-since', 'if-unmodified-since', 'last-modified', 'location', 'max-forwards', 'proxy-authorization',
  'referer', 'retry-after', 'server', 'user-agent']) {
  rules[name] = FIRST_COUNTS;
}

IncomingMessage.prototype._addHeaderLine = function _addHeaderLine(field, value, lines) {
  const name = field.toLowerCase();
  const rule = rules[name];
  const earlier = lines[name];
  if (rule === IS_LIST) {
    if (earlier === undefined) lines[name] = [value];
    else earlier.push(value);
  } else if (rule === FIRST_COUNTS) {
    if (earlier === undefined) lines[name] = value;
    else if (this.joinDuplicateHeaders) lines[name] = `${earlier}, ${value}`;
  } else if (typeof earlier === 'string') {
    lines[name] = rule === WITH_SEMICOLON ? `${earlier}; ${value}` : `${earlier}, ${value}`;
  } else lines[name] = value;
};

IncomingMessage.prototype._addHeaderLineDistinct = function _addHeaderLineDistinct(field, value, lines) {
  const name = field.toLowerCase();
  if (lines[name]) lines[name].push(value);
  else lines[name] = [value];
};

// The message is over before it began: no events of a stream.
IncomingMessage.prototype._dumpAndCloseReadable = function _dumpAndCloseReadable() {
  this._dumped = true;
  markOver(this._readableState);
};

// Throws away what nobody will read.
IncomingMessage.prototype._dump = function _dump() {
  if (this._dumped) return;
  this._dumped = true;
  this.removeAllListeners('data'); // what is buffered is not to be heard of
  this.resume();
};

module.exports = { dropUnread, endMessage, IncomingMessage, isOver, readStart, readStop };
