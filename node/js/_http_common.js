// SPDX-License-Identifier: Apache-2.0
//
// Parsers, and what is a legal header. The parser itself is llhttp (`node/src/http_parser.c`): it calls the functions
// below, `this` being the parser.
'use strict';

const { HTTPParser, allMethods, methods, setCallbacks } = internalBinding('http_parser');
const { closed, opened, run } = require('internal/async_resource_calls');
const frames = require('internal/async_context_frame');
const ids = require('internal/async_ids');
const { endMessage, IncomingMessage, readStart, readStop } = require('_http_incoming');

const kIncomingMessage = Symbol('IncomingMessage');
const kSkipPendingData = Symbol('SkipPendingData');

Object.assign(HTTPParser, { REQUEST: 1, RESPONSE: 2 });

// For good: it is no server's connection any more.
const { free } = HTTPParser.prototype;
HTTPParser.prototype.close = function close() {
  this.connections?.remove(this);
  this.connections = undefined;
  free.call(this);
};

// What the parser knows of a head beside its text: `facts` of onHead.
const KEEP_ALIVE = 1;
const UPGRADE = 2;
const HAS_HOST = 4;
const HAS_EXPECT = 8;
const NO_BODY = 16;

// What onHead answers: 0 go on, 1 there is no body, 2 another protocol follows; and TELL: call onExecute at the end of
// these bytes, which it otherwise does for errors and other protocols only.
const TELL = 4;

const LENIENT_NONE = 0;
const LENIENT_HEADER_VALUE_RELAXED = 1 << 10;
const LENIENT_ALL = (1 << 11) - 1;

const MAX_HEADER_PAIRS = 2000;

// --- Called by parsers ----------------------------------------------------------------------------------------------

function fill(message, parser, major, minor, headers, facts) {
  message.httpVersionMajor = major;
  message.httpVersionMinor = minor;
  message.httpVersion = major === 1 && minor === 1 ? '1.1' : `${major}.${minor}`;
  message.upgrade = (facts & UPGRADE) !== 0;
  const limit = parser.maxHeaderPairs;
  if (limit > 0 && limit < headers.length) headers.length = limit;
  message._addHeaderLines(headers, headers.length);
}

function makeMessage(parser, major, minor, headers, code, text, facts) {
  const { socket } = parser;
  const server = socket?.server;
  const Message = server?.[kIncomingMessage] ?? IncomingMessage;
  const message = new Message(socket);
  parser.incoming = message;
  if (server?.joinDuplicateHeaders || parser.joinDuplicateHeaders) message.joinDuplicateHeaders = true;
  if (parser.type === HTTPParser.REQUEST) {
    message.url = text;
    message.method = allMethods[code];
  } else {
    message.statusCode = code;
    message.statusMessage = text;
  }
  fill(message, parser, major, minor, headers, facts);
  return message;
}

function onHead(parser, major, minor, headers, code, text, facts) {
  const message = makeMessage(parser, major, minor, headers, code, text, facts);
  const verdict = parser.onIncoming(message, (facts & KEEP_ALIVE) !== 0, facts);
  if ((facts & NO_BODY) !== 0 && (verdict & 3) === 0) {
    onComplete(parser, undefined);
    if (parser.onHandled !== null) parser.onHandled();
  }
  return verdict;
}

function onBody(parser, chunk) {
  const message = parser.incoming;
  // Whoever the body is for may be gone.
  if (message === null || message[kSkipPendingData]) return;
  if (parser.onActivity !== null) parser.onActivity();
  if (!message._dumped && !message.push(chunk)) readStop(parser.socket);
}

function onComplete(parser, trailers) {
  const message = parser.incoming;
  if (message !== null && !message[kSkipPendingData]) {
    message.complete = true;
    if (trailers !== undefined) message._addHeaderLines(trailers, trailers.length);
    endMessage(message);
  }
  readStart(parser.socket); // the next message
}

function onExecute(parser, parsed) {
  if (parser.onExecute !== null) parser.onExecute(parsed);
}

// They run in the name of the parser's resource, when somebody could tell.
setCallbacks(
  function (major, minor, headers, code, text, facts) {
    const { resource } = this;
    if (resource === null) return onHead(this, major, minor, headers, code, text, facts);
    return run(resource, onHead, this, major, minor, headers, code, text, facts);
  },
  function (chunk) {
    if (this.resource === null) onBody(this, chunk);
    else run(this.resource, onBody, this, chunk);
  },
  function (trailers) {
    if (this.resource === null) onComplete(this, trailers);
    else run(this.resource, onComplete, this, trailers);
  },
  function (parsed) {
    if (this.resource === null) onExecute(this, parsed);
    else run(this.resource, onExecute, this, parsed);
  }
);

// --- The pool -------------------------------------------------------------------------------------------------------

function cleanParser(parser) {
  parser.socket = null;
  parser.incoming = null;
  parser.outgoing = null;
  parser.maxHeaderPairs = MAX_HEADER_PAIRS;
  parser.onIncoming = null;
  parser.onExecute = null;
  parser.onActivity = null;
  parser.onHandled = null; // after a request without a body
  parser.joinDuplicateHeaders = null;
  parser._consumed = false;
  parser.resource = null;
}

class Parsers {
  #free = [];
  max = 1000;

  alloc() {
    const known = this.#free.pop();
    if (known !== undefined) return known;
    const parser = new HTTPParser();
    cleanParser(parser);
    return parser;
  }

  free(parser) {
    if (this.#free.length >= this.max) return false;
    this.#free.push(parser);
    return true;
  }
}

const parsers = new Parsers();

// Starts `parser` for messages of `type` that come over `socket`.
function startParser(parser, type, socket, maxHeaderSize, lenient) {
  parser.type = type;
  parser.initialize(type, maxHeaderSize || defaultMaxHeaderSize(), lenient);
  parser.socket = socket;
  if (ids.track !== undefined || frames.current() !== undefined) {
    parser.resource = { type: 'HTTPINCOMINGMESSAGE', socket }; // a parser serves many
    opened(parser.resource, type === HTTPParser.REQUEST ? 'HTTPINCOMINGMESSAGE' : 'HTTPCLIENTREQUEST');
  }
  socket.parser = parser;
}

let maxHeaderSize;

function defaultMaxHeaderSize() {
  return (maxHeaderSize ??= require('internal/options').getOptionValue('--max-http-header-size') || 16 * 1024);
}

function freeParser(parser, message, socket) {
  if (parser) {
    parser.connections?.remove(parser);
    parser.connections = undefined;
    if (parser.resource !== null) closed(parser.resource);
    const isIdle = parser.free();
    cleanParser(parser);
    if (isIdle) parsers.free(parser);
  }
  if (message) message.parser = null;
  if (socket) socket.parser = null;
}

// Makes the error that a parser returned what users see.
function prepareError(error, parser, packet) {
  error.rawPacket = packet ?? parser.getCurrentBuffer();
  if (typeof error.reason === 'string') error.message = `Parse Error: ${error.reason}`;
}

// --- Leniency -------------------------------------------------------------------------------------------------------

let insecureByOption;

function isLenient() {
  if (insecureByOption === undefined) {
    insecureByOption = require('internal/options').getOptionValue('--insecure-http-parser') === true;
    if (insecureByOption) process.emitWarning('Using insecure HTTP parsing');
  }
  return insecureByOption;
}

function calculateLenientFlags(httpValidation, insecureHTTPParser) {
  if (httpValidation === 'strict') return LENIENT_NONE;
  if (httpValidation === 'relaxed') return LENIENT_HEADER_VALUE_RELAXED;
  if (httpValidation === 'insecure') return LENIENT_ALL;
  return (insecureHTTPParser ?? isLenient()) ? LENIENT_ALL : LENIENT_NONE;
}

// --- Tokens and values ----------------------------------------------------------------------------------------------

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/; // RFC 9110, section 5.6.2
const illegalStrictly = /[^\t\x20-\x7e\x80-\xff]/; // RFC 9110, section 5.5
// What the Fetch standard forbids.
// eslint-disable-next-line no-control-regex
const illegalAnyway = /[\0\n\r]|[^\0-\xff]/;

function checkIsHttpToken(value) {
  return token.test(value);
}

// Whether there is something in `value` that is not allowed in the value of a header.
function checkInvalidHeaderChar(value, lenient = false) {
  return (lenient ? illegalAnyway : illegalStrictly).test(value);
}

module.exports = {
  _checkInvalidHeaderChar: checkInvalidHeaderChar,
  _checkIsHttpToken: checkIsHttpToken,
  calculateLenientFlags,
  chunkExpression: /(?:^|\W)chunked(?:$|\W)/i,
  defaultMaxHeaderSize,
  continueExpression: /(?:^|\W)100-continue(?:$|\W)/i,
  CRLF: '\r\n',
  freeParser,
  HAS_EXPECT,
  HAS_HOST,
  HTTPParser,
  isLenient,
  kIncomingMessage,
  kSkipPendingData,
  methods,
  NO_BODY,
  parsers,
  prepareError,
  startParser,
  TELL,
};
