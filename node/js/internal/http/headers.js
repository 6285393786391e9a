// SPDX-License-Identifier: Apache-2.0
//
// Headers of outgoing messages: the methods that keep them, and how they become the text of a head.
'use strict';

const {
  _checkInvalidHeaderChar: checkInvalidHeaderChar,
  _checkIsHttpToken: checkIsHttpToken,
  chunkExpression,
} = require('_http_common');
const { kOutHeaders, kUniqueHeaders, utcDate } = require('internal/http');
const {
  codes: {
    ERR_HTTP_HEADERS_SENT,
    ERR_HTTP_INVALID_HEADER_VALUE,
    ERR_HTTP_TRAILER_INVALID,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_CHAR,
    ERR_INVALID_HTTP_TOKEN,
  },
  hideStackFrames,
} = require('internal/errors');
const { validateString } = require('internal/validators');

const closeExpression = /(?:^|\W)close(?:$|\W)/i;

// --- What is valid --------------------------------------------------------------------------------------------------

// Names that were found to be legal, with their form in lower case: programs use few.
const known = { __proto__: null };
const MOST_KNOWN = 500;
let knownCount = 0;

function remember(name, lower) {
  if (knownCount === MOST_KNOWN) return;
  known[name] = lower;
  knownCount++;
}

// The name in lower case; throws when it is none.
function checkName(name, label) {
  if (typeof name === 'string') {
    const lower = known[name];
    if (lower !== undefined) return lower;
    if (name !== '' && checkIsHttpToken(name)) {
      const made = name.toLowerCase();
      remember(name, made);
      return made;
    }
  }
  throw new ERR_INVALID_HTTP_TOKEN(label || 'Header name', name);
}

function checkValue(name, value, lenient) {
  if (value === undefined) throw new ERR_HTTP_INVALID_HEADER_VALUE(value, name);
  if (checkInvalidHeaderChar(value, lenient)) throw new ERR_INVALID_CHAR('header content', name);
}

function named(name, fn) {
  return Object.defineProperty(fn, 'name', { __proto__: null, configurable: true, value: name });
}

const validateHeaderName = named('validateHeaderName', hideStackFrames((name, label) => {
  checkName(name, label);
}));
const validateHeaderValue = named('validateHeaderValue', hideStackFrames(checkValue));

function parseUniqueHeadersOption(headers) {
  return Array.isArray(headers) ? new Set(headers.map((name) => name.toLowerCase())) : null;
}

function isUnique(message, name) {
  return message[kUniqueHeaders]?.has(name.toLowerCase()) === true;
}

// --- Methods of OutgoingMessage -------------------------------------------------------------------------------------

function checkUnsent(message, verb) {
  if (message._header) throw new ERR_HTTP_HEADERS_SENT(verb);
}

// `removeHeader` of these is remembered: they are not added by themselves either.
function noteRemoval(message, name) {
  if (name === 'connection') message._removedConnection = true;
  else if (name === 'content-length') message._removedContLen = true;
  else if (name === 'transfer-encoding') message._removedTE = true;
  else if (name === 'date') message.sendDate = false;
}

const isMapLike = (headers) =>
  headers && !Array.isArray(headers) && typeof headers.keys === 'function' && typeof headers.get === 'function';

const headerMethods = {
  setHeader(name, value) {
    checkUnsent(this, 'set');
    const lower = checkName(name);
    checkValue(name, value, this._isLenientHeaderValidation());
    const headers = (this[kOutHeaders] ??= { __proto__: null });
    headers[lower] = [name, value];
    return this;
  },

  setHeaders(headers) {
    checkUnsent(this, 'set');
    if (!isMapLike(headers)) throw new ERR_INVALID_ARG_TYPE('headers', ['Headers', 'Map'], headers);
    const cookies = []; // of Headers they come one by one
    for (const [name, value] of headers) {
      if (name !== 'set-cookie') this.setHeader(name, value);
      else if (Array.isArray(value)) cookies.push(...value);
      else cookies.push(value);
    }
    if (cookies.length > 0) this.setHeader('set-cookie', cookies);
    return this;
  },

  appendHeader(name, value) {
    checkUnsent(this, 'append');
    checkName(name);
    checkValue(name, value, this._isLenientHeaderValidation());
    const entry = this[kOutHeaders]?.[name.toLowerCase()];
    if (!entry) return this.setHeader(name, value);
    if (!Array.isArray(entry[1])) entry[1] = [entry[1]];
    if (Array.isArray(value)) entry[1].push(...value);
    else entry[1].push(value);
    return this;
  },

  getHeader(name) {
    validateString(name, 'name');
    return this[kOutHeaders]?.[name.toLowerCase()]?.[1];
  },

  getHeaderNames() {
    return Object.keys(this[kOutHeaders] ?? {});
  },

  getRawHeaderNames() {
    return Object.values(this[kOutHeaders] ?? {}).map(([name]) => name);
  },

  getHeaders() {
    const headers = { __proto__: null };
    const own = this[kOutHeaders];
    for (const name in own) headers[name] = own[name][1];
    return headers;
  },

  hasHeader(name) {
    validateString(name, 'name');
    return Boolean(this[kOutHeaders]?.[name.toLowerCase()]);
  },

  removeHeader(name) {
    validateString(name, 'name');
    checkUnsent(this, 'remove');
    const key = name.toLowerCase();
    noteRemoval(this, key);
    if (this[kOutHeaders] !== null) delete this[kOutHeaders][key];
  },
};

// --- The head as text -----------------------------------------------------------------------------------------------

// What a head without lines has.
const noHeaders = {
  hasConnection: false,
  hasLength: false,
  hasTransferEncoding: false,
  hasDate: false,
  hasExpect: false,
  hasTrailer: false,
};

const DECISIVE = { '__proto__': null, 'connection': true, 'content-length': true, 'date': true, 'expect': true,
  'keep-alive': true, 'trailer': true, 'transfer-encoding': true };

// A head in the making: its text, and which headers are in it that decide about others.
class Head {
  constructor(message, firstLine) {
    this.message = message;
    this.text = firstLine;
    this.lenient = undefined; // until it matters
  }

  // `lower`: the name in lower case, if setHeader has looked at name and value.
  add(name, value, lower) {
    const isChecked = lower !== undefined;
    if (!isChecked) lower = (typeof name === 'string' && known[name]) || checkName(name);
    if (lower === 'content-disposition' && this.message._contentLength) value = latin1Of(value); // RFC 6266, section 4.3
    if (typeof value === 'string' || !Array.isArray(value)) this.addLine(name, lower, value, isChecked);
    else if ((value.length < 2 || lower !== 'cookie') && !isUnique(this.message, lower)) {
      for (const each of value) this.addLine(name, lower, each, isChecked);
    } else this.addLine(name, lower, value.join('; '), isChecked);
  }

  addLine(name, lower, value, isChecked) {
    if (!isChecked) {
      const lenient = (this.lenient ??= this.message._isLenientHeaderValidation());
      if (value === undefined || checkInvalidHeaderChar(value, lenient)) checkValue(name, value, lenient);
    }
    this.text += `${name}: ${value}\r\n`;
    if (DECISIVE[lower]) this.note(lower, value);
  }

  note(name, value) {
    const { message } = this;
    switch (name) {
      case 'connection':
        this.hasConnection = true;
        message._removedConnection = false;
        if (closeExpression.test(value)) message._last = true;
        else message.shouldKeepAlive = true;
        break;
      case 'transfer-encoding':
        this.hasTransferEncoding = true;
        message._removedTE = false;
        if (chunkExpression.test(value)) message.chunkedEncoding = true;
        break;
      case 'content-length':
        this.hasLength = true;
        message._contentLength = Number(value);
        message._removedContLen = false;
        break;
      case 'date':
        this.hasDate = true;
        break;
      case 'expect':
        this.hasExpect = true;
        break;
      case 'trailer':
        this.hasTrailer = true;
        break;
      case 'keep-alive':
        message._defaultKeepAlive = false;
        break;
    }
  }

  addAll(headers) {
    if (headers === this.message[kOutHeaders]) {
      for (const key in headers) {
        const entry = headers[key];
        this.add(entry[0], entry[1], key);
      }
    } else if (!Array.isArray(headers)) {
      for (const key of Object.keys(headers)) this.add(key, headers[key]);
    } else if (Array.isArray(headers[0])) {
      for (const entry of headers) this.add(entry[0], entry[1]);
    } else {
      if (headers.length % 2 !== 0) throw new ERR_INVALID_ARG_VALUE('headers', headers);
      for (let i = 0; i < headers.length; i += 2) this.add(headers[i], headers[i + 1]);
    }
  }
}

Object.assign(Head.prototype, noHeaders);

// Whether the connection stays. Without a line of the user's there is one of ours, unless it was removed.
function connectionLines(message, head) {
  if (message._removedConnection) {
    message._last = !message.shouldKeepAlive;
    return '';
  }
  if (head.hasConnection) return '';
  const stays = message.shouldKeepAlive && (head.hasLength || message.useChunkedEncodingByDefault || message.agent);
  if (!stays) message._last = true;
  if (!stays || message.maxRequestsOnConnectionReached) return 'Connection: close\r\n';
  const timeout = message._keepAliveTimeout;
  if (!timeout || !message._defaultKeepAlive) return 'Connection: keep-alive\r\n';
  const most = message._maxRequestsPerSocket;
  const max = Math.trunc(most) > 0 ? `, max=${most}` : '';
  return `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(timeout / 1000)}${max}\r\n`;
}

// How the other side will know where the body ends.
function lengthLine(message, head) {
  if (head.hasLength || head.hasTransferEncoding) return '';
  if (!message._hasBody) {
    message.chunkedEncoding = false;
  } else if (!message.useChunkedEncodingByDefault) {
    message._last = true;
  } else if (!head.hasTrailer && !message._removedContLen && typeof message._contentLength === 'number') {
    return `Content-Length: ${message._contentLength}\r\n`;
  } else if (!message._removedTE) {
    message.chunkedEncoding = true;
    return 'Transfer-Encoding: chunked\r\n';
  } else {
    message._last = true; // the end of the connection is the end of the body
  }
  return '';
}

function latin1Of(value) {
  const { Buffer } = require('buffer');
  return Array.isArray(value) ? value.map((each) => Buffer.from(each, 'latin1')) : Buffer.from(value, 'latin1');
}

// Makes `message._header` out of `headers`, in whatever form they are.
function storeHeader(firstLine, headers) {
  const message = this;
  let head = noHeaders;
  let text = firstLine;
  if (headers) {
    head = new Head(message, firstLine);
    head.addAll(headers);
    text = head.text;
  }
  finishHead(message, head, text);
}

// The same with the lines of headers that were checked before and decide about no others.
function storeLines(message, firstLine, lines) {
  finishHead(message, noHeaders, firstLine + lines);
}

// `text` and the lines that are missing; `head` says which are there.
function finishHead(message, head, text) {
  if (message.sendDate && !head.hasDate) text += `Date: ${utcDate()}\r\n`;
  // These have no body, whatever the user says: a client that reads chunks would wait for the last one.
  if (message.chunkedEncoding && (message.statusCode === 204 || message.statusCode === 304)) {
    message.chunkedEncoding = false;
    message.shouldKeepAlive = false;
  }
  text += connectionLines(message, head);
  text += lengthLine(message, head);
  if (head.hasTrailer && !message.chunkedEncoding) throw new ERR_HTTP_TRAILER_INVALID();
  message._header = `${text}\r\n`;
  message._headerSent = false;
  if (head.hasExpect) message._send(''); // the other side answers to the head
}

// --- Trailers -------------------------------------------------------------------------------------------------------

function addTrailers(message, headers) {
  const lenient = message._isLenientHeaderValidation();
  const addLine = (name, value) => {
    if (checkInvalidHeaderChar(value, lenient)) throw new ERR_INVALID_CHAR('trailer content', name);
    message._trailer += `${name}: ${value}\r\n`;
  };
  message._trailer = '';
  const entries = Array.isArray(headers) ? headers : Object.entries(headers);
  for (const [name, value] of entries) {
    checkName(name, 'Trailer name');
    if (!Array.isArray(value)) addLine(name, value);
    else if (value.length > 1 && !isUnique(message, name)) for (const each of value) addLine(name, each);
    else addLine(name, value.join('; '));
  }
}

module.exports = {
  addTrailers,
  DECISIVE,
  headerMethods,
  parseUniqueHeadersOption,
  storeHeader,
  storeLines,
  validateHeaderName,
  validateHeaderValue,
};
