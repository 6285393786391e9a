// SPDX-License-Identifier: Apache-2.0
//
// A connection of a server: requests come out of its parser, responses go to its socket one after the other.
'use strict';

const net = require('net');
const { channel } = require('diagnostics_channel');
const {
  calculateLenientFlags,
  continueExpression,
  freeParser,
  HAS_EXPECT,
  HAS_HOST,
  HTTPParser,
  NO_BODY,
  parsers,
  prepareError,
  startParser,
  TELL,
} = require('_http_common');
const { causedBy } = require('internal/async_resource_calls');
const { debuglog } = require('internal/util/debuglog');
const { dropUnread, isOver } = require('_http_incoming');
const { onFinish } = require('_http_outgoing');
const { kHold, kNeedDrain, kOnFinish, kUniqueHeaders } = require('internal/http');
const { assign, emitClose, ServerResponse } = require('internal/http/server_response');
const { kConnection, kOptimizeEmptyRequests, kServerResponse } = require('internal/http/server_symbols');
const STATUS_CODES = require('internal/http/status_codes');
const { setUnrefTimeout } = require('internal/net/timeout');
const { clearTimeout } = require('internal/timers');
const {
  ConnResetException,
  codes: { ERR_HTTP_REQUEST_TIMEOUT, ERR_HTTP_SOCKET_ENCODING },
} = require('internal/errors');

const { getLibuvNow } = internalBinding('timers');
const debug = debuglog('http');
const requestStart = channel('http.server.request.start');
const responseFinish = channel('http.server.response.finish');

// What the listeners of a socket share.
class Connection {
  constructor(server, socket, parser) {
    this.server = server;
    this.socket = socket;
    this.parser = parser;
    this.incoming = []; // requests without a whole response
    this.outgoing = []; // responses that wait for their turn
    this.outgoingData = 0; // how much they hold, about
    this.requestsCount = 0;
    this.keepAliveTimeoutSet = false;
    this.idleSince = 0; // by the clock of the loop
    this.idleTimer = undefined;
    this.dispatching = null; // a response whose request is being handled
    this.done = null; // a response that was whole when its request was handled
    this.options = {
      highWaterMark: socket.writableHighWaterMark,
      rejectNonStandardBodyWrites: server.rejectNonStandardBodyWrites,
    };
    this.listeners = {
      __proto__: null,
      timeout: onTimeout,
      data: (chunk) => onData(this, chunk),
      error: onError,
      end: () => onEnd(this),
      close: () => onClose(this),
      drain: () => resumeWriting(this),
    };
  }
}

function connectionListener(server, socket, connections) {
  debug('new connection of a server');
  // A socket of another server can be given to this one.
  socket.server = server;
  if (server.timeout && typeof socket.setTimeout === 'function') socket.setTimeout(server.timeout);
  const parser = parsers.alloc();
  const connection = new Connection(server, socket, parser);
  const lenient = calculateLenientFlags(server.httpValidation, server.insecureHTTPParser);
  causedBy(socket, startParser, parser, HTTPParser.REQUEST, socket, server.maxHeaderSize, lenient);
  connections?.add(parser);
  if (typeof server.maxHeadersCount === 'number') parser.maxHeaderPairs = server.maxHeadersCount << 1;
  parser.onIncoming = (req, keepAlive, facts) => onIncoming(connection, req, keepAlive, facts);
  parser.onExecute = (parsed) => {
    touch(socket);
    afterExecute(connection, parsed, undefined);
  };
  parser.onActivity = () => touch(socket);
  parser.onHandled = () => finishHandled(connection);

  for (const event in connection.listeners) socket.on(event, connection.listeners[event]);
  socket.setEncoding = refuseEncoding;
  if (canConsume(socket)) consume(socket, parser);
  socket._paused = false;
}

// What is consumed emits no 'data', so the socket does not see that it is alive.
function touch(socket) {
  if (socket.timeout) socket._unrefTimer();
}

function refuseEncoding() {
  throw new ERR_HTTP_SOCKET_ENCODING();
}

// --- Consuming: the parser reads from the handle, and the stream part of the socket sees nothing -----------------------

function canConsume(socket) {
  const handle = socket._handle;
  const { Pipe, TCP } = internalBinding('streams');
  return socket instanceof net.Socket && (handle instanceof TCP || handle instanceof Pipe) && !handle._consumed;
}

function consume(socket, parser) {
  socket.on('resume', onSocketResume);
  socket.on('pause', onSocketPause);
  socket.on = listenerWrapper('on');
  socket.addListener = listenerWrapper('addListener');
  socket.prependListener = listenerWrapper('prependListener');
  parser._consumed = true;
  socket._handle._consumed = true;
  parser.consume(socket._handle);
}

// Whoever wants to hear of data gets it.
function listenerWrapper(name) {
  const original = net.Socket.prototype[name];
  return function (event, listener) {
    const result = original.call(this, event, listener);
    if (!this.parser) {
      for (const each of ['on', 'addListener', 'prependListener']) delete this[each];
    } else if (event === 'data' || event === 'readable') unconsume(this.parser, this);
    return result;
  };
}

function unconsume(parser, socket) {
  if (!socket._handle) return;
  if (parser._consumed) parser.unconsume();
  parser._consumed = false;
  socket.removeListener('pause', onSocketPause);
  socket.removeListener('resume', onSocketResume);
}

// 'resume' comes a tick late: the socket may have been paused since.
function onSocketResume() {
  if (this._paused) {
    this.pause();
    return;
  }
  const handle = this._handle;
  if (handle && !handle.reading) {
    handle.reading = true;
    handle.readStart();
  }
}

function onSocketPause() {
  const handle = this._handle;
  if (handle?.reading) {
    handle.reading = false;
    handle.readStop();
  }
}

// --- What the socket tells ------------------------------------------------------------------------------------------

function onData(connection, chunk) {
  afterExecute(connection, connection.parser.execute(chunk), chunk);
}

function onTimeout() {
  const req = this.parser?.incoming;
  const isHandled = [
    req && !req.complete && req.emit('timeout', this),
    this._httpMessage?.emit('timeout', this),
    this.server.emit('timeout', this),
  ].some(Boolean);
  if (!isHandled) this.destroy();
}

function onClose(connection) {
  const { socket, incoming, outgoing } = connection;
  clearTimeout(connection.idleTimer);
  freeParser(socket.parser, null, socket);
  while (incoming.length > 0) incoming.shift().destroy(new ConnResetException('aborted'));
  while (outgoing.length > 0) outgoing.shift().destroy(new ConnResetException('aborted'));
  if (socket._httpMessage) emitClose(socket._httpMessage);
}

function onEnd({ server, socket, parser, outgoing }) {
  const failure = parser.finish();
  if (failure instanceof Error) onError.call(socket, failure);
  else if (!server.httpAllowHalfOpen) socket.end();
  else if (outgoing.length > 0) outgoing.at(-1)._last = true;
  else if (socket._httpMessage) socket._httpMessage._last = true;
  else socket.end();
}

function resumeWriting({ socket, outgoingData }) {
  if (socket._paused && outgoingData <= socket.writableHighWaterMark) {
    socket._paused = false;
    socket.parser?.resume();
    socket.resume();
  }
  // While a response is being flushed its size is out of date: the socket's own 'drain' will come.
  const response = socket._httpMessage;
  if (response && !response.finished && response[kNeedDrain] && response.writableLength === 0) {
    response[kNeedDrain] = false;
    response.emit('drain');
  }
}

const noop = () => {};

function answerOf(error) {
  let status = 400;
  if (error.code === 'HPE_HEADER_OVERFLOW') status = 431;
  else if (error.code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') status = 413;
  else if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') status = 408;
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`;
}

function onError(error) {
  this.removeListener('error', onError); // further ones are of no interest
  if (this.listenerCount('error', noop) === 0) this.on('error', noop);
  if (this.server.emit('clientError', error, this)) return;
  // An answer must not be written into the middle of another.
  if (this.writable && !this._httpMessage?._headerSent) this.write(answerOf(error), 'latin1');
  this.destroy(error);
}

function onRequestTimeout(socket) {
  onError.call(socket, new ERR_HTTP_REQUEST_TIMEOUT());
}

// --- What the parser tells ------------------------------------------------------------------------------------------

function afterExecute(connection, parsed, chunk) {
  const { socket, parser } = connection;
  if (parsed instanceof Error) {
    prepareError(parsed, parser, chunk);
    debug('bytes that are no request:', parsed);
    onError.call(socket, parsed);
  } else if (parser.incoming?.upgrade) {
    leaveHTTP(connection, (chunk ?? parser.getCurrentBuffer()).subarray(parsed));
  } else if (parser.incoming?.method === 'PRI') {
    socket.destroy();
  }
  // A request has paused the socket; what had arrived is parsed.
  if (socket._paused && socket.parser) socket.parser.pause();
}

// CONNECT, or a request to upgrade that somebody takes: the socket is the listener's from now on.
function leaveHTTP({ server, socket, parser, listeners }, head) {
  const req = parser.incoming;
  for (const event in listeners) socket.removeListener(event, listeners[event]);
  unconsume(parser, socket);
  parser.finish();
  freeParser(parser, req, socket);
  const event = req.method === 'CONNECT' ? 'connect' : 'upgrade';
  if (server.listenerCount(event) === 0) {
    socket.destroy();
    return;
  }
  socket.readableFlowing = null;
  server.emit(event, req, socket, head);
}

function onIncoming(connection, req, keepAlive, facts) {
  const { server, socket } = connection;
  leaveIdle(connection);
  if (req.upgrade) {
    req.upgrade = req.method === 'CONNECT' || Boolean(server.shouldUpgradeCallback(req));
    if (req.upgrade) return 2;
  }
  connection.incoming.push(req);
  pauseWhenFull(connection);
  const res = makeResponse(connection, req, keepAlive);
  if (server[kOptimizeEmptyRequests] && !('content-length' in req.headers) && !('transfer-encoding' in req.headers)) {
    req._dumpAndCloseReadable();
    req._read();
  }
  if (socket._httpMessage) connection.outgoing.push(res);
  else assign(res, socket);
  if ((facts & NO_BODY) === 0) dispatch(connection, req, res, facts);
  else dispatchAtOnce(connection, req, res, facts);
  return socket._paused || req.method === 'PRI' ? TELL : 0;
}

// A response that is whole, and that nobody listens to, when the listeners of 'request' return needs no tick to finish.
function dispatchAtOnce(connection, req, res, facts) {
  connection.dispatching = res;
  try {
    dispatch(connection, req, res, facts);
  } finally {
    connection.dispatching = null;
  }
}

// Of ServerResponse: whether `finishHandled` will tell it that it is written.
function holdForHandled() {
  const connection = this[kConnection];
  if (connection === undefined || connection.dispatching !== this || this._events !== undefined) return false;
  connection.done = this;
  return true;
}

function finishHandled(connection) {
  const res = connection.done;
  if (res === null) return;
  connection.done = null;
  onFinish(res);
}

// Stops reading when responses are not taken: else a flood of requests would fill the memory.
function pauseWhenFull({ socket, outgoingData, options }) {
  if (socket._paused) return;
  if (socket._writableState.needDrain || outgoingData >= options.highWaterMark) {
    socket._paused = true;
    socket.pause(); // the parser after this call, which may be in the middle of a piece
  }
}

function makeResponse(connection, req, keepAlive) {
  const { server, socket } = connection;
  const res = new server[kServerResponse](req, connection.options);
  res[kConnection] = connection;
  res._keepAliveTimeout = server.keepAliveTimeout;
  res._maxRequestsPerSocket = server.maxRequestsPerSocket;
  res.shouldKeepAlive = keepAlive;
  if (server[kUniqueHeaders] !== null) res[kUniqueHeaders] = server[kUniqueHeaders];
  if (requestStart.hasSubscribers) requestStart.publish({ request: req, response: res, socket, server });
  return res;
}

Object.assign(ServerResponse.prototype, {
  [kHold]: holdForHandled,

  [kOnFinish]() {
    if (this[kConnection] !== undefined) onResponseFinish(this[kConnection], this.req, this);
  },

  _onPendingData(change) {
    const connection = this[kConnection];
    if (connection === undefined) return;
    connection.outgoingData += change;
    resumeWriting(connection);
  },
});

// Counts requests, when a connection may have `most` only. False for one too many.
function mayCome(connection, res, most) {
  connection.requestsCount++;
  res.maxRequestsOnConnectionReached = most <= connection.requestsCount;
  return connection.requestsCount <= most;
}

// Who gets the request.
function dispatch(connection, req, res, facts) {
  const { server, socket } = connection;
  const most = server.maxRequestsPerSocket;
  if (req.httpVersionMajor !== 1 || req.httpVersionMinor !== 1) {
    server.emit('request', req, res);
  } else if (server.requireHostHeader && (facts & HAS_HOST) === 0) {
    res.writeHead(400, ['Connection', 'close']); // RFC 9112, section 3.2
    res.end();
  } else if (typeof most === 'number' && most > 0 && !mayCome(connection, res, most)) {
    server.emit('dropRequest', req, socket);
    res.writeHead(503);
    res.end();
  } else if ((facts & HAS_EXPECT) !== 0) {
    meetExpectation(server, req, res);
  } else {
    server.emit('request', req, res);
  }
}

function meetExpectation(server, req, res) {
  if (continueExpression.test(req.headers.expect)) {
    res._expect_continue = true;
    if (server.listenerCount('checkContinue') > 0) {
      server.emit('checkContinue', req, res);
    } else {
      res.writeContinue();
      server.emit('request', req, res);
    }
  } else if (server.listenerCount('checkExpectation') > 0) {
    server.emit('checkExpectation', req, res);
  } else {
    res.writeHead(417);
    res.end();
  }
}

// --- The end of a response ------------------------------------------------------------------------------------------

// The parser lets go of the request as soon as it is read.
function forgetIncoming(req) {
  const parser = req.socket?.parser;
  if (!parser || parser.incoming !== req) return;
  if (isOver(req)) parser.incoming = null;
  else req.on('end', () => forgetIncoming(req));
}

function onResponseFinish(connection, req, res) {
  const { server, socket, outgoing } = connection;
  if (responseFinish.hasSubscribers) responseFinish.publish({ request: req, response: res, socket, server });
  connection.incoming.shift(); // `req`, unless they were aborted
  dropUnread(req);
  res.detachSocket(socket);
  forgetIncoming(req);
  if (res._events !== undefined) process.nextTick(emitClose, res);
  else emitClose(res);
  if (res._last) {
    if (typeof socket.destroySoon === 'function') socket.destroySoon();
    else socket.end();
  } else if (outgoing.length > 0) assign(outgoing.shift(), socket);
  else becomeIdle(connection);
}

// --- Waiting for the next request -----------------------------------------------------------------------------------

const validDuration = (value, fallback) => (Number.isFinite(value) && value >= 0 ? value : fallback);

// A little longer than announced, so that a request on its way is not met by a reset. One timer is enough for many
// waits: it looks when the last one began.
function becomeIdle(connection) {
  const { server, socket } = connection;
  const announced = validDuration(server.keepAliveTimeout, 0);
  if (announced === 0 || typeof socket.setTimeout !== 'function') return;
  const timeout = announced + validDuration(server.keepAliveTimeoutBuffer, 1000);
  connection.keepAliveTimeoutSet = true;
  if (socket.timeout) {
    socket.setTimeout(timeout);
    return;
  }
  socket.timeout = timeout;
  connection.idleSince = getLibuvNow();
  connection.idleTimer ??= setUnrefTimeout(() => checkIdle(connection), timeout);
}

function leaveIdle(connection) {
  const { server, socket } = connection;
  if (!connection.keepAliveTimeoutSet) {
    if (socket.timeout) touch(socket);
    return;
  }
  connection.keepAliveTimeoutSet = false;
  if (connection.idleSince === 0 || server.timeout) socket.setTimeout(server.timeout || 0);
  else socket.timeout = 0;
  connection.idleSince = 0;
}

function checkIdle(connection) {
  const { socket, idleSince } = connection;
  connection.idleTimer = undefined;
  if (idleSince === 0) return;
  const left = idleSince + socket.timeout - getLibuvNow();
  if (left > 0) connection.idleTimer = setUnrefTimeout(() => checkIdle(connection), left);
  else socket._onTimeout();
}

module.exports = { connectionListener, onRequestTimeout };
