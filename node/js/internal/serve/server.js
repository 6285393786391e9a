// SPDX-License-Identifier: Apache-2.0
// One isolate's server of a module with the fetch handler of edge platforms:
//
//   export default { fetch(request, env, ctx) { return new Response('hello'); } }
'use strict';

const { once } = require('events');
const { createServer } = require('http');
const { resolve } = require('path');
const { pathToFileURL } = require('url');
const { inspect } = require('internal/util/inspect');
const { requestOf, send } = require('internal/serve/exchange');

async function handlerOf(file) {
  const url = pathToFileURL(resolve(file)).href;
  require('internal/modules/run_main').prepareLoading();
  const { default: exported } = await import(url);
  if (typeof exported?.fetch === 'function') return exported;
  throw new Error(`${file} has no default export with a function fetch(request, env, ctx)`);
}

// What is left to do after the answer.
class Context {
  #pending;

  constructor(pending) {
    this.#pending = pending;
  }

  waitUntil(promise) {
    const settled = Promise.resolve(promise)
      .catch((error) => process.stderr.write(`${inspect(error)}\n`))
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
  #log;

  constructor(handler, { accessLog }) {
    this.#handler = handler;
    this.#log = accessLog;
  }

  // { address, port } once it listens. Rejects with EADDRINUSE and the like.
  async listen(options) {
    this.#server = createServer((incoming, outgoing) => this.#answer(incoming, outgoing));
    this.#server.listen(options);
    await once(this.#server, 'listening');
    return this.#server.address();
  }

  // Takes no new connections, and resolves when the last answer is sent and the last waitUntil is done.
  async stop() {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeIdleConnections();
    await closed;
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  async #answer(incoming, outgoing) {
    let size = 0;
    const request = requestOf(incoming, outgoing);
    if (request === undefined) {
      outgoing.writeHead(400, { connection: 'close' }).end();
      return;
    }
    try {
      const response = await this.#handler.fetch(request, this.#env, new Context(this.#pending));
      if (!(response instanceof Response)) throw new TypeError('fetch() did not return a Response');
      size = await send(response, outgoing, incoming.method);
    } catch (error) {
      process.stderr.write(`${inspect(error)}\n`);
      if (!outgoing.headersSent) outgoing.writeHead(500, { 'content-type': 'text/plain' }).end('Internal Server Error\n');
    }
    if (this.#log) writeLog(incoming, outgoing.statusCode, size);
  }
}

// The common log format, with the time in ISO 8601 and the bytes of the body.
function writeLog({ method, url, httpVersion, socket }, status, size) {
  const start = `${socket.remoteAddress ?? '-'} - - [${new Date().toISOString()}]`;
  process.stdout.write(`${start} "${method} ${url} HTTP/${httpVersion}" ${status} ${size}\n`);
}

// A server of `file` that listens.
async function open({ file, host, port, reusePort, accessLog }) {
  const server = new Server(await handlerOf(file), { accessLog });
  return { server, address: await server.listen({ host, port, reusePort }) };
}

module.exports = { open };
