// SPDX-License-Identifier: Apache-2.0
// How requests of fetch reach the network: undici's Dispatcher interface over the modules `http` and `https`.
'use strict';

const EventEmitter = require('events');
const errors = require('internal/deps/undici/lib/core/errors');
const UnwrapHandler = require('internal/deps/undici/lib/handler/unwrap-handler');

// undici's limits, in milliseconds.
const CONNECT_TIMEOUT = 10_000;
const HEADERS_TIMEOUT = 300_000;
const BODY_TIMEOUT = 300_000;

// Header names and values as undici's parser gives them.
const asBuffers = (texts) => texts.map((text) => Buffer.from(text, 'latin1'));

// One request: what its events say to its handler. It ends once, with onComplete, onUpgrade or onError.
class Exchange {
  #handler;
  #request;
  #ended = false;
  #connectTimer;

  constructor(handler) {
    this.#handler = handler;
  }

  // True once the handler does not want to hear more.
  get ended() {
    return this.#ended;
  }

  abort = (reason = new errors.RequestAbortedError()) => {
    if (this.#ended) return;
    this.fail(reason);
    this.#request?.destroy();
  };

  follow(request) {
    this.#request = request;
    this.#connectTimer = setTimeout(() => this.abort(new errors.ConnectTimeoutError()), CONNECT_TIMEOUT).unref();
    request.once('socket', (socket) => {
      if (socket.connecting) socket.once(socket.encrypted ? 'secureConnect' : 'connect', () => this.#connected());
      else this.#connected();
    });
    request.on('response', (response) => this.#respond(response));
    request.on('upgrade', (response, socket, head) => this.#upgrade(response, socket, head));
    request.on('error', (error) => this.fail(this.#describe(error)));
  }

  #connected() {
    clearTimeout(this.#connectTimer);
    this.#request.setTimeout(HEADERS_TIMEOUT, () => this.abort(new errors.HeadersTimeoutError()));
  }

  #describe(error) {
    if (error.code === 'ECONNRESET' && error.syscall === undefined) return new errors.SocketError('other side closed');
    if (error.code?.startsWith('HPE_')) {
      return new errors.HTTPParserError(error.reason ?? error.message, error.code.slice(4), error.rawPacket);
    }
    return error;
  }

  #attempt(run) {
    try {
      return run();
    } catch (error) {
      this.abort(error);
      return false;
    }
  }

  #respond(response) {
    if (this.#ended) return;
    this.#request.removeAllListeners('timeout');
    this.#request.setTimeout(BODY_TIMEOUT, () => this.abort(new errors.BodyTimeoutError()));
    const { statusCode, rawHeaders, statusMessage } = response;
    const raw = asBuffers(rawHeaders);
    response.on('data', (chunk) => {
      if (!this.#ended && this.#attempt(() => this.#handler.onData(chunk)) === false) response.pause();
    });
    response.on('end', () => {
      if (response.complete) this.#finish(() => this.#handler.onComplete(response.rawTrailers));
    });
    response.on('error', (error) => this.fail(this.#describe(error)));
    response.on('close', () => this.fail(new errors.SocketError('other side closed')));
    const goOn = this.#attempt(() => {
      this.#handler.onResponseStarted?.();
      return this.#handler.onHeaders(statusCode, raw, () => response.resume(), statusMessage);
    });
    if (goOn === false) response.pause();
  }

  #upgrade(response, socket, head) {
    if (head.length > 0) socket.unshift(head);
    socket.setTimeout(0);
    const raw = asBuffers(response.rawHeaders);
    this.#finish(() => this.#handler.onUpgrade(response.statusCode, raw, socket));
  }

  #finish(tell) {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#connectTimer);
    tell();
  }

  fail(error) {
    this.#finish(() => this.#handler.onError(error));
  }
}

// Names and values one after the other, in undici's order: what says how long the body is comes last.
function flatHeaders(headers, host, upgrade, hasBody) {
  const others = [];
  let length = hasBody ? ['transfer-encoding', 'chunked'] : [];
  let hasHost = false;
  let hasLength = false;
  const add = (name, value) => {
    const lower = `${name}`.toLowerCase();
    if (lower !== 'content-length') others.push(name, value);
    else if (!hasLength) length = [name, value];
    hasLength ||= lower === 'content-length';
    hasHost ||= lower === 'host';
  };
  if (Array.isArray(headers)) for (let i = 0; i < headers.length; i += 2) add(headers[i], headers[i + 1]);
  else if (headers?.[Symbol.iterator]) for (const [name, value] of headers) add(name, value);
  else for (const name of Object.keys(headers ?? {})) add(name, headers[name]);
  const connection = upgrade ? ['connection', 'upgrade', 'upgrade', upgrade] : ['connection', 'keep-alive'];
  return [...(hasHost ? [] : ['host', host]), ...connection, ...others, ...length];
}

async function sendBody(request, body, exchange) {
  for await (const chunk of body) {
    if (exchange.ended) return;
    if (!request.write(chunk)) await new Promise((resolve) => request.once('drain', resolve).once('close', resolve));
  }
  request.end();
}

class HttpDispatcher extends EventEmitter {
  #agents = new Map();

  #transport(protocol) {
    const transport = require(protocol === 'https:' ? 'https' : 'http');
    if (!this.#agents.has(protocol)) this.#agents.set(protocol, new transport.Agent({ keepAlive: true }));
    return { transport, agent: this.#agents.get(protocol) };
  }

  // dispatch(options, handler): see undici's documentation of Dispatcher. Always true: there is no queue to be full.
  dispatch({ path, origin, method, body, headers, upgrade }, someHandler) {
    const handler = UnwrapHandler.unwrap(someHandler);
    const exchange = new Exchange(handler);
    handler.onConnect(exchange.abort);
    if (exchange.ended) return true;
    const url = new URL(origin);
    const { transport, agent } = this.#transport(url.protocol);
    const request = transport.request({
      protocol: url.protocol,
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port || undefined,
      path,
      method,
      headers: flatHeaders(headers, url.host, upgrade, body !== null && body !== undefined),
      agent,
    });
    exchange.follow(request);
    if (body === null || body === undefined) request.end();
    else if (typeof body === 'string' || ArrayBuffer.isView(body)) request.end(body);
    else sendBody(request, body, exchange).catch(exchange.abort);
    return true;
  }

  async close() {
    for (const agent of this.#agents.values()) agent.destroy();
  }

  async destroy() {
    await this.close();
  }
}

module.exports = HttpDispatcher;
