// SPDX-License-Identifier: Apache-2.0
// The Request of a request of the module `http`. What it holds is made when a handler looks at it.
'use strict';

const { Readable } = require('stream');
require('internal/fetch/messages'); // undici's files load in one order only
const { HeadersList } = require('internal/deps/undici/lib/web/fetch/headers');
const { lateRequest } = require('internal/deps/undici/lib/web/fetch/request');
const { LateBody } = require('internal/fetch/late_bodies');

// What a client sends, as it comes.
class IncomingBody extends LateBody {
  #incoming;
  source = null;
  length = null;

  constructor(incoming) {
    super();
    this.#incoming = incoming;
  }

  makeStream() {
    return Readable.toWeb(this.#incoming);
  }

  readWhole(done, failed) {
    const chunks = [];
    this.#incoming.on('data', (chunk) => chunks.push(chunk));
    this.#incoming.on('end', () => done(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    this.#incoming.on('error', failed);
  }
}

// What undici asks for as it is needed.
class Late {
  list = undefined; // of the headers, when it is made

  href = undefined; // when it is parsed

  constructor(incoming, outgoing, base) {
    this.incoming = incoming;
    this.outgoing = outgoing;
    this.base = base;
  }

  get method() {
    return this.incoming.method;
  }

  get url() {
    return (this.href ??= parse(this.incoming.url, this.base).href);
  }

  get headersList() {
    if (this.list === undefined) {
      const { rawHeaders } = this.incoming;
      this.list = new HeadersList();
      for (let i = 0; i < rawHeaders.length; i += 2) this.list.append(rawHeaders[i], rawHeaders[i + 1], false);
    }
    return this.list;
  }

  get body() {
    const hasNone = this.method === 'GET' || this.method === 'HEAD';
    return hasNone ? null : new IncomingBody(this.incoming);
  }

  // Aborted when the client goes away before the answer is whole.
  makeSignal() {
    const aborter = new AbortController();
    const { outgoing } = this;
    const onClose = () => {
      if (!outgoing.writableFinished) aborter.abort();
    };
    if (outgoing.destroyed) onClose();
    else outgoing.once('close', onClose);
    return aborter.signal;
  }
}

function hostOf({ rawHeaders }) {
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i].length === 4 && rawHeaders[i].toLowerCase() === 'host') return rawHeaders[i + 1];
  }
  return 'localhost';
}

// Null when they make no URL. A target that begins with two slashes is a path, too.
function parse(target, base) {
  return target.startsWith('/') ? URL.parse(base + target) : URL.parse(target, base);
}

// Whether a path can follow it. A server has few names: most requests say the last one.
let lastBase;
function isBase(base) {
  if (base === lastBase) return true;
  if (!URL.canParse(`${base}/`)) return false;
  lastBase = base;
  return true;
}

// Undefined when host and target make no URL. No path is wrong, so it is parsed when somebody asks for the URL.
function requestOf(incoming, outgoing) {
  const { url } = incoming;
  const base = `http://${hostOf(incoming)}`;
  const isURL = url.startsWith('/') ? isBase(base) : parse(url, base) !== null;
  return isURL ? lateRequest(new Late(incoming, outgoing, base)) : undefined;
}

module.exports = { requestOf };
