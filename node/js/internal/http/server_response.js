// SPDX-License-Identifier: Apache-2.0
'use strict';

const {
  _checkInvalidHeaderChar: checkInvalidHeaderChar,
  chunkExpression,
} = require('_http_common');
const { OutgoingMessage, validateHeaderName, validateHeaderValue } = require('_http_outgoing');
const { channel } = require('diagnostics_channel');
const { kCorked, kNeedDrain, kOutHeaders, kSocket } = require('internal/http');
const observed = require('internal/perf/observed');
const { startTiming, stopTiming } = require('internal/http/timing');
const { kConnection } = require('internal/http/server_symbols');
const STATUS_CODES = require('internal/http/status_codes');
const {
  codes: {
    ERR_HTTP_HEADERS_SENT,
    ERR_HTTP_INVALID_STATUS_CODE,
    ERR_HTTP_SOCKET_ASSIGNED,
    ERR_INTERNAL_ASSERTION,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_CHAR,
  },
} = require('internal/errors');
const { validateInteger, validateLinkHeaderValue, validateObject } = require('internal/validators');

const created = channel('http.server.response.created');

function ServerResponse(req, options) {
  OutgoingMessage.call(this, options);
  if (req.method === 'HEAD') this._hasBody = false;
  this.req = req;
  if (req.httpVersionMajor < 1 || req.httpVersionMinor < 1) {
    this.useChunkedEncodingByDefault = chunkExpression.test(req.headers.te);
    this.shouldKeepAlive = false;
  }
  if (observed.http) {
    startTiming(this, 'HttpRequest', { method: req.method, url: req.url, headers: req.headers });
  }
  if (created.hasSubscribers) created.publish({ request: req, response: this });
}
Object.setPrototypeOf(ServerResponse.prototype, OutgoingMessage.prototype);
Object.setPrototypeOf(ServerResponse, OutgoingMessage);

Object.assign(ServerResponse.prototype, {
  statusCode: 200,
  statusMessage: undefined,
  sendDate: true,
  _sent100: false,
  _expect_continue: false,
  [kConnection]: undefined,
});

ServerResponse.prototype._finish = function _finish() {
  if (observed.http) stopTiming(this, this);
  if (this._events !== undefined) this.emit('prefinish');
};

function emitClose(response) {
  if (response._closed) return;
  response.destroyed = true;
  response._closed = true;
  if (response._events !== undefined) response.emit('close');
}

// A listener of 'close' may detach the socket before this one is called.
function onSocketClose() {
  if (this._httpMessage) emitClose(this._httpMessage);
}

// A connection of ours looks after the close of its socket itself.
function assign(response, socket) {
  socket._httpMessage = response;
  if (response[kCorked] === 0) response[kSocket] = socket;
  else response.socket = socket;
  if (response._events !== undefined) response.emit('socket', socket);
  if (response.finished || response.outputData.length > 0 || response[kNeedDrain]) response._flush();
}

ServerResponse.prototype.assignSocket = function assignSocket(socket) {
  if (socket._httpMessage) throw new ERR_HTTP_SOCKET_ASSIGNED();
  socket.on('close', onSocketClose);
  assign(this, socket);
};

ServerResponse.prototype.detachSocket = function detachSocket(socket) {
  if (socket._httpMessage !== this) throw new ERR_INTERNAL_ASSERTION('the socket is another response\'s');
  if (this[kConnection] === undefined) socket.removeListener('close', onSocketClose);
  socket._httpMessage = null;
  if (this[kCorked] === 0) this[kSocket] = null;
  else this.socket = null;
};

// --- Informational responses ----------------------------------------------------------------------------------------

function entriesOf(headers) {
  if (headers === undefined || headers === null) return [];
  if (!Array.isArray(headers)) {
    validateObject(headers, 'headers');
    return Object.entries(headers);
  }
  if (Array.isArray(headers[0])) return headers;
  if (headers.length % 2 !== 0) throw new ERR_INVALID_ARG_VALUE('headers', headers);
  return Array.from({ length: headers.length / 2 }, (_, i) => [headers[i * 2], headers[i * 2 + 1]]);
}

ServerResponse.prototype.writeInformation = function writeInformation(statusCode, headers, callback) {
  if (this._header) throw new ERR_HTTP_HEADERS_SENT('write');
  validateInteger(statusCode, 'statusCode', 100, 199);
  if (statusCode === 101) throw new ERR_HTTP_INVALID_STATUS_CODE(statusCode);
  const lenient = this._isLenientHeaderValidation();
  let head = `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode] || 'unknown'}\r\n`;
  for (const [name, value] of entriesOf(headers)) {
    validateHeaderName(name);
    validateHeaderValue(name, value, lenient);
    head += `${name}: ${value}\r\n`;
  }
  return this._writeRaw(`${head}\r\n`, 'ascii', callback);
};

ServerResponse.prototype.writeContinue = function writeContinue(callback) {
  this.writeInformation(100, null, callback);
  this._sent100 = true;
};

ServerResponse.prototype.writeProcessing = function writeProcessing(callback) {
  this.writeInformation(102, null, callback);
};

ServerResponse.prototype.writeEarlyHints = function writeEarlyHints(hints, callback) {
  validateObject(hints, 'hints');
  if (hints.link === null || hints.link === undefined) return;
  const link = validateLinkHeaderValue(hints.link);
  if (link.length === 0) return;
  if (checkInvalidHeaderChar(link)) throw new ERR_INVALID_CHAR('header content', 'Link');
  const { link: _, ...others } = hints;
  this.writeInformation(103, { __proto__: null, Link: link, ...others }, callback);
};

// --- The head -------------------------------------------------------------------------------------------------------

ServerResponse.prototype._implicitHeader = function _implicitHeader() {
  this.writeHead(this.statusCode);
};

// Adds `headers` to those that were set: each replaces the earlier one, but a list may have a name twice.
function mergeHeaders(response, headers) {
  if (!Array.isArray(headers)) {
    for (const name of Object.keys(headers)) if (name) response.setHeader(name, headers[name]);
    return;
  }
  if (headers.length % 2 !== 0) throw new ERR_INVALID_ARG_VALUE('headers', headers);
  for (let i = 0; i < headers.length; i += 2) response.removeHeader(headers[i]);
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i]) response.appendHeader(headers[i], headers[i + 1]);
  }
}

ServerResponse.prototype.writeHead = function writeHead(statusCode, reason, headers) {
  if (this._header) throw new ERR_HTTP_HEADERS_SENT('write');
  const given = statusCode;
  statusCode |= 0;
  if (statusCode < 100 || statusCode > 999) throw new ERR_HTTP_INVALID_STATUS_CODE(given);
  const standard = STATUS_CODES[statusCode];
  if (typeof reason === 'string') {
    this.statusMessage = reason;
  } else {
    this.statusMessage ||= standard || 'unknown';
    headers ??= reason;
  }
  this.statusCode = statusCode;
  if (this[kOutHeaders]) {
    if (headers) mergeHeaders(this, headers);
    headers = this[kOutHeaders];
  }
  if (this.statusMessage !== standard && checkInvalidHeaderChar(this.statusMessage)) {
    throw new ERR_INVALID_CHAR('statusMessage');
  }
  // RFC 9110, sections 15.2, 15.3.5 and 15.4.5
  if (statusCode === 204 || statusCode === 304 || statusCode < 200) this._hasBody = false;
  // Who waits for 100 (Continue) and gets something final may send the body even so.
  if (this._expect_continue && !this._sent100) this.shouldKeepAlive = false;
  this._storeHeader(`HTTP/1.1 ${statusCode} ${this.statusMessage}\r\n`, headers);
  return this;
};

ServerResponse.prototype.writeHeader = ServerResponse.prototype.writeHead;

module.exports = { assign, emitClose, ServerResponse };
