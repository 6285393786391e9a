// SPDX-License-Identifier: Apache-2.0
// One isolate's server of a module with the fetch handler of edge platforms:
//
//   export default { fetch(request, env, ctx) { return new Response('hello'); } }
'use strict';

const { once } = require('events');
const { createServer } = require('http');
const { inspect } = require('internal/util/inspect');
const { requestOf } = require('internal/serve/request');
const { send } = require('internal/serve/response');

const report = (error) => process.stderr.write(`${inspect(error)}\n`);

// What is left to do after the answer.
class Context {
  #pending;

  constructor(pending) {
    this.#pending = pending;
  }

  waitUntil(promise) {
    const settled = Promise.resolve(promise)
      .catch(report)
      .finally(() => this.#pending.delete(settled));
    this.#pending.add(settled);
  }

  // Platforms ask the origin server after an exception; there is none behind this one.
  passThroughOnException() {}
}

class Server {
  #handler;
  #env = { ...process.env };
  #pending = new Set(); // promises of waitUntil
  #server;
  #writeLog;

  constructor(handler, accessLog) {
    this.#handler = handler;
    if (accessLog) this.#writeLog = require('internal/serve/access_log').writerOf(accessLog);
  }

  // { address, port } once it listens. Rejects with EADDRINUSE and the like.
  async listen(options) {
    this.#server = createServer((incoming, outgoing) => this.#answer(incoming, outgoing));
    this.#server.on('upgrade', refuseUpgrade);
    this.#server.shouldUpgradeCallback = ({ headers }) => headers.upgrade.toLowerCase() === 'websocket';
    this.#server.listen(options);
    await once(this.#server, 'listening');
    return this.#server.address();
  }

  // Takes no new connections, and resolves when the last answer is sent and the last waitUntil is done.
  async stop() {
    const closed = once(this.#server, 'close');
    this.#server.close();
    // A connection that is kept alive is idle once its answer is sent.
    const timer = setInterval(() => this.#server.closeIdleConnections(), 50);
    this.#server.closeIdleConnections();
    await closed;
    clearInterval(timer);
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  // A Response that is there at once is sent at once: no promise, no turn of the loop.
  #answer(incoming, outgoing) {
    if (this.#writeLog !== undefined) incoming.startTime = performance.now();
    const request = requestOf(incoming, outgoing);
    if (request === undefined) {
      outgoing.writeHead(400, { connection: 'close' }).end();
      this.#writeLog?.(incoming, 400, 0);
      return;
    }
    try {
      const answer = this.#handler.fetch(request, this.#env, new Context(this.#pending));
      if (answer instanceof Response) this.#send(answer, incoming, outgoing);
      else this.#sendLater(answer, incoming, outgoing);
    } catch (error) {
      this.#fail(error, incoming, outgoing);
    }
  }

  async #sendLater(promise, incoming, outgoing) {
    try {
      this.#send(await promise, incoming, outgoing);
    } catch (error) {
      this.#fail(error, incoming, outgoing);
    }
  }

  #send(response, incoming, outgoing) {
    const size = send(response, outgoing, incoming.method);
    if (typeof size === 'number') {
      this.#writeLog?.(incoming, outgoing.statusCode, size);
      return;
    }
    size.then(
      (bytes) => this.#writeLog?.(incoming, outgoing.statusCode, bytes),
      (error) => this.#fail(error, incoming, outgoing),
    );
  }

  // The error is for the log, not for the client. An answer that has begun is cut.
  #fail(error, incoming, outgoing) {
    report(error);
    const text = 'Internal Server Error\n';
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(500, ['content-type', 'text/plain', 'content-length', `${text.length}`]).end(text);
    this.#writeLog?.(incoming, outgoing.statusCode, outgoing.destroyed ? 0 : text.length);
  }
}

// RFC 9110, section 15.6.2: nothing here accepts WebSockets.
function refuseUpgrade(request, socket) {
  const text = 'edgejs serve does not upgrade connections to WebSocket\n';
  socket.end(`HTTP/1.1 501 Not Implemented\r\nConnection: close\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
}

// A server of `file` that listens.
async function open({ file, host, port, reusePort, accessLog }) {
  const { handlerOf } = require('internal/serve/handler');
  const { handler } = await handlerOf(file);
  const server = new Server(handler, accessLog);
  return { server, address: await server.listen({ host, port, reusePort }) };
}

module.exports = { open };
