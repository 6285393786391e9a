// SPDX-License-Identifier: Apache-2.0
//
// A socket while it serves a ClientRequest: what it tells, and the response that comes out of its parser.
'use strict';

const { channel } = require('diagnostics_channel');
const {
  calculateLenientFlags,
  freeParser,
  HTTPParser,
  kSkipPendingData,
  parsers,
  prepareError,
  startParser,
} = require('_http_common');
const { causedBy } = require('internal/async_resource_calls');
const { kNeedDrain } = require('internal/http');
const { stopTiming } = require('internal/http/timing');
const { ConnResetException } = require('internal/errors');

const requestError = channel('http.client.request.error');
const responseFinish = channel('http.client.response.finish');

function emitErrorEvent(request, error) {
  if (requestError.hasSubscribers) requestError.publish({ request, error });
  request.emit('error', error);
}

// --- Taking a socket ------------------------------------------------------------------------------------------------

function attach(req, socket) {
  const parser = parsers.alloc();
  req.socket = socket;
  const lenient = calculateLenientFlags(req.httpValidation, req.insecureHTTPParser);
  startParser(parser, HTTPParser.RESPONSE, socket, req.maxHeaderSize, lenient);
  parser.outgoing = req;
  req.parser = parser;
  socket._httpMessage = req;
  if (typeof req.maxHeadersCount === 'number') parser.maxHeaderPairs = req.maxHeadersCount << 1;
  parser.joinDuplicateHeaders = req.joinDuplicateHeaders;
  parser.onIncoming = onIncoming;
  socket.on('data', onData);
  socket.on('end', onEnd);
  socket.on('close', onClose);
  socket.on('drain', onDrain);
  if (req.timeout !== undefined || req.agent?.options?.timeout) listenForTimeout(req);
  req.emit('socket', socket);
}

function dropParser(socket, req) {
  const { parser } = socket;
  if (!parser) return;
  parser.finish();
  freeParser(parser, req, socket);
}

function emitRequestTimeout() {
  this._httpMessage?.emit('timeout');
}

// The request hears of timeouts of its socket, from now until it ends.
function listenForTimeout(req) {
  if (req.timeoutCb) return;
  req.timeoutCb = emitRequestTimeout;
  if (req.socket) req.socket.once('timeout', emitRequestTimeout);
  else req.on('socket', (socket) => socket.once('timeout', emitRequestTimeout));
}

// --- What the socket tells ------------------------------------------------------------------------------------------

function onDrain() {
  const req = this._httpMessage;
  if (!req || req.finished || !req[kNeedDrain]) return;
  req[kNeedDrain] = false;
  req.emit('drain');
}

function hangUp(req) {
  if (req.socket._hadError) return;
  req.socket._hadError = true;
  emitErrorEvent(req, new ConnResetException('socket hang up'));
}

function onClose() {
  const req = this._httpMessage;
  const { parser } = this; // listeners of what follows may free it
  const { res } = req;
  req.destroyed = true;
  if (res) {
    if (!res.complete) res.destroy(new ConnResetException('aborted'));
    req._closed = true;
    req.emit('close');
    if (!res.aborted && res.readable) res.push(null);
  } else {
    hangUp(req);
    req._closed = true;
    req.emit('close');
  }
  if (req.outputData) req.outputData.length = 0; // it will not be written
  if (parser) {
    parser.finish();
    freeParser(parser, req, this);
  }
}

function onSocketError(error) {
  const req = this._httpMessage;
  if (req) {
    this._hadError = true; // one error is enough
    emitErrorEvent(req, error);
  }
  dropParser(this, req);
  this.removeListener('data', onData);
  this.removeListener('end', onEnd);
  this.destroy();
}

function onEnd() {
  const req = this._httpMessage;
  if (!req.res) hangUp(req);
  dropParser(this, req);
  this.destroy();
}

function onData(chunk) {
  const req = this._httpMessage;
  const { parser } = this;
  const parsed = parser.execute(chunk);
  if (parsed instanceof Error) {
    prepareError(parsed, parser, chunk);
    freeParser(parser, req, this);
    this.removeListener('data', onData);
    this.removeListener('end', onEnd);
    this.destroy();
    req.socket._hadError = true;
    emitErrorEvent(req, parsed);
  } else if (parser.incoming?.upgrade) {
    leaveHTTP(req, this, parser, chunk.subarray(parsed));
  } else if (parser.incoming?.complete && !isInformational(parser.incoming.statusCode)) {
    this.removeListener('data', onData);
    this.removeListener('end', onEnd);
    this.removeListener('drain', onDrain);
    freeParser(parser, req, this);
  }
}

// 101, or an answer to CONNECT: another protocol begins at `head`.
function leaveHTTP(req, socket, parser, head) {
  const res = parser.incoming;
  req.res = res;
  socket.removeListener('data', onData);
  socket.removeListener('end', onEnd);
  socket.removeListener('drain', onDrain);
  if (req.timeoutCb) socket.removeListener('timeout', req.timeoutCb);
  socket.removeListener('timeout', onResponseTimeout);
  parser.finish();
  freeParser(parser, req, socket);
  const event = req.method === 'CONNECT' ? 'connect' : 'upgrade';
  if (req.listenerCount(event) === 0) {
    socket.destroy();
    return;
  }
  req.upgradeOrConnect = true;
  socket.emit('agentRemove');
  socket.removeListener('close', onClose);
  socket.removeListener('error', onSocketError);
  socket._httpMessage = null;
  socket.readableFlowing = null;
  req.emit(event, res, socket, head);
  req.destroyed = true;
  req._closed = true;
  req.emit('close');
}

// --- The response ---------------------------------------------------------------------------------------------------

// After one of these the real response follows.
function isInformational(status) {
  return status >= 100 && status < 200 && status !== 101;
}

// `this` is the parser.
function onIncoming(res, shouldKeepAlive) {
  const { socket } = this;
  const req = socket._httpMessage;
  if (req.res) {
    // A second response: nobody asked for it. The rest is not looked at.
    socket.destroy();
    if (socket.parser) {
      socket.parser.incoming = req.res;
      req.res[kSkipPendingData] = true;
    }
    return 0;
  }
  req.res = res;
  if (res.upgrade) return 2;
  if (req.method === 'CONNECT') {
    res.upgrade = true;
    return 2;
  }
  if (isInformational(res.statusCode)) {
    req.res = null;
    emitInformation(req, res);
    return 1;
  }
  if (!shouldKeepAlive && !req.upgradeOrConnect) req.shouldKeepAlive = false;
  stopTiming(req, res);
  if (responseFinish.hasSubscribers) responseFinish.publish({ request: req, response: res });
  req.res = res;
  res.req = req;
  // Before the user's own listeners: the socket is cleaned up when they run.
  res.on('end', onResponseEnd);
  req.on('finish', onRequestFinish);
  socket.on('timeout', onResponseTimeout);
  if (req.aborted || !req.emit('response', res)) res._dump(); // nobody can read it
  if (req.method === 'HEAD') return 1;
  if (res.statusCode === 304) {
    res.complete = true;
    return 1;
  }
  return 0;
}

function emitInformation(req, res) {
  const { statusCode, statusMessage, httpVersion, httpVersionMajor, httpVersionMinor, headers, rawHeaders } = res;
  if (statusCode === 100) req.emit('continue');
  const message = { statusCode, statusMessage, httpVersion, httpVersionMajor, httpVersionMinor, headers, rawHeaders };
  req.emit('information', message);
}

function onResponseTimeout() {
  this._httpMessage?.res?.emit('timeout');
}

function onResponseEnd() {
  const { req } = this;
  const { socket } = req;
  if (socket) {
    if (req.timeoutCb) socket.removeListener('timeout', emitRequestTimeout);
    socket.removeListener('timeout', onResponseTimeout);
  }
  req._ended = true;
  if (!req.shouldKeepAlive) {
    if (!socket.writable) return;
    if (typeof socket.destroySoon === 'function') socket.destroySoon();
    else socket.end();
  } else if (req.writableFinished && !this.aborted) keepAlive(req); // all that was written is sent
}

// The response came before the request was sent. Its socket may be another's by now, if the request is over.
function onRequestFinish() {
  if (this.shouldKeepAlive && this._ended && !this.destroyed) keepAlive(this);
}

// The socket can be used again, after the user's listeners of 'end' have run.
function keepAlive(req) {
  const { socket } = req;
  if (req.timeoutCb) {
    socket.setTimeout(0, req.timeoutCb);
    req.timeoutCb = null;
  }
  socket.removeListener('close', onClose);
  socket.removeListener('error', onSocketError);
  socket.removeListener('data', onData);
  socket.removeListener('end', onEnd);
  causedBy(socket._handle ?? {}, process.nextTick, emitFree, req);
  req.destroyed = true;
  if (req.res) req.res.socket = null; // destroying the response leaves the socket alone
}

function emitFree(req) {
  req._closed = true;
  req.emit('close');
  req.socket?.emit('free');
}

module.exports = { attach, emitErrorEvent, listenForTimeout, onSocketError };
