// SPDX-License-Identifier: Apache-2.0
// TLSWrap: a handle that encrypts what goes through another one. The protocol is computed by the host, in memory.
'use strict';

const { closed, kAsyncId, opened, run } = require('internal/async_resource_calls');
const { kOwner, UV_ECANCELED, UV_EOF } = require('internal/net/handles');
const { Buffer } = require('buffer');

const host = internalBinding('crypto.tls_host');

const OPEN = 1; // bits of a connection's state
const ENDED = 2;
const BEGUN_ANEW = 4; // renegotiation: the other side asked for one, one is done
const DONE_ANEW = 8;

const proxied = ['bind', 'connect', 'getpeername', 'getsockname', 'open', 'ref', 'setKeepAlive', 'setNoDelay', 'unref'];

const nothing = () => {};

function errorOf({ message, ...properties }) {
  delete properties.name;
  return Object.assign(new Error(message), properties);
}

class TLSWrap {
  #tls; // the host's methods of the connection
  #early = []; // bytes of a client that are no whole ClientHello yet
  #queue = []; // [data, done] of writes before hands are shaken; without data a shutdown
  #isOpen = false;
  #isOver = false;
  #held; // what is to be sent when the program has agreed
  #isSecond = false; // the ClientHello is being answered

  constructor(inner, parentWrap) {
    opened(this, 'TLSWRAP');
    this._parent = inner;
    this._parentWrap = parentWrap;
    this.reading = false;
    this.isServer = false;
    this.lastHandshakeTime = 0;
    this.handshakes = 0;
    this.onarrival = nothing;
    this.onhandshakestart = nothing;
    this.onhandshakedone = nothing;
    this.onclienthello = nothing;
    this.onnewsession = nothing;
    this.onkeylog = nothing;
    this.onerror = nothing;
    this.onstart = nothing; // a client that writes before anybody told it to shake hands
    inner.onarrival = (bytes, status) => this.#arrived(bytes, status);
  }

  getAsyncId() {
    return this[kAsyncId];
  }

  getProviderType() {
    return require('async_hooks').asyncWrapProviders.TLSWRAP;
  }

  get bytesRead() {
    return this._parent.bytesRead;
  }

  get bytesWritten() {
    return this._parent.bytesWritten;
  }

  get writeQueueSize() {
    return this._parent.writeQueueSize;
  }

  get fd() {
    return this._parent.fd;
  }

  // The connection of the host; undefined before it has begun and after the end.
  get tls() {
    return this.#tls;
  }

  // The error of the other side's certificate, or null.
  verifyError() {
    return require('internal/tls/facts').verifyError(this.#tls);
  }

  get isOpen() {
    return this.#isOpen;
  }

  // -- Shaking hands

  startClient(context, options) {
    if (this.#isOver || this.#tls !== undefined) return;
    this.#tls = host.connect(context, false, options);
    this.onhandshakestart();
    this.#pump();
    this._parent.readStart?.();
  }

  // The client begins. `onclienthello` is asked what to answer, and calls answer().
  startServer() {
    this.isServer = true;
    this._parent.readStart?.();
  }

  answer(context, options) {
    if (this.#isOver || this.#tls !== undefined) return;
    try {
      this.#tls = host.connect(context, true, options);
    } catch (error) {
      this.onerror(error);
      return;
    }
    const bytes = Buffer.concat(this.#early);
    this.#early = [];
    this.#pump(bytes);
  }

  #askForAnswer() {
    if (this.#isSecond) return;
    const hello = host.hello(Buffer.concat(this.#early));
    if (hello === undefined) return;
    this.#isSecond = true;
    this.onhandshakestart();
    run(this, this.onclienthello, hello || { protocols: [], sessionId: new Uint8Array(0) });
  }

  // -- Bytes of the other side

  receive(bytes) {
    this.#arrived(bytes);
  }

  #arrived(bytes, status) {
    if (this.#isOver) return;
    if (bytes === undefined) {
      run(this, this.onarrival, undefined, status);
    } else if (this.#tls !== undefined) {
      this.#pump(bytes);
    } else {
      this.#early.push(bytes);
      if (this.isServer) this.#askForAnswer();
    }
  }

  #pump(bytes) {
    const [out, received, state, error, sessions] = this.#tls.pump(bytes);
    // Each side looks at the other's certificate before it says that it is content.
    const opens = state & OPEN && !this.#isOpen;
    if (opens) this.#held = out;
    else if (out.length > 0) this.#send(out, nothing);
    if (this.onkeylog !== nothing) for (const line of this.#tls.log()) this.onkeylog(Buffer.from(line));
    if (opens) {
      this.#isOpen = true;
      run(this, this.onhandshakedone);
      if (this.#isOver) return;
      if (this.#held !== undefined && this.#held.length > 0) this.#send(new Uint8Array(0), nothing);
      this.#writeQueued();
    }
    if (state & BEGUN_ANEW && this.isServer) run(this, this.onhandshakestart);
    if (state & DONE_ANEW && !this.#isOver) run(this, this.onhandshakedone);
    for (const session of sessions) run(this, this.onnewsession, Buffer.from(session));
    if (this.#isOver) return;
    if (received.length > 0 && !this.#isOver) {
      run(this, this.onarrival, Buffer.from(received.buffer, received.byteOffset, received.length));
    }
    if (error !== undefined && !this.#isOver) run(this, this.onerror, errorOf(error));
    if (state & ENDED && !this.#isOver) run(this, this.onarrival, undefined, UV_EOF);
  }

  // Shake hands again; throws when that cannot be.
  renegotiate() {
    this.#tls.renegotiate();
    this.#pump();
  }

  readStart() {
    this.reading = true;
    return this._parent.readStart();
  }

  readStop() {
    this.reading = false;
    return this.#isOpen ? this._parent.readStop() : 0; // hands are shaken whether somebody reads or not
  }

  limitReads() {}

  // -- Bytes of ours

  #send(bytes, done) {
    if (this.#held !== undefined) {
      bytes = Buffer.concat([this.#held, bytes]);
      this.#held = undefined;
    }
    return this._parent.write(bytes, 0, done);
  }

  write(chunk, encoding, done) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding === 1 ? 'latin1' : 'utf8') : chunk;
    if (!this.#isOpen) {
      this.#queue.push([bytes, done]);
      if (!this.isServer && this.#tls === undefined) this.onstart();
      return 1;
    }
    const [out, error] = this.#tls.write(bytes);
    if (error !== undefined) {
      process.nextTick(() => this.onerror(errorOf(error)));
      return 1;
    }
    if (out.length === 0) return 0;
    // Never at once: what is written counts as buffered until the next turn.
    const status = this.#send(out, done);
    if (status !== 0) return status;
    process.nextTick(done, 0);
    return 1;
  }

  writev(list, done) {
    const parts = [];
    for (let i = 0; i < list.length; i += 2) {
      const [chunk, encoding] = [list[i], list[i + 1]];
      parts.push(typeof chunk === 'string' ? Buffer.from(chunk, encoding === 1 ? 'latin1' : 'utf8') : chunk);
    }
    return this.write(Buffer.concat(parts), 0, done);
  }

  #writeQueued() {
    const queue = this.#queue;
    this.#queue = [];
    for (const [bytes, done] of queue) {
      const status = bytes === undefined ? this.shutdown(done) : this.write(bytes, 0, done);
      if (status !== 1) process.nextTick(done, status);
    }
  }

  shutdown(done) {
    if (!this.#isOpen && this.#queue.length > 0) {
      this.#queue.push([undefined, done]);
      return 1;
    }
    const out = this.#tls?.end();
    if (out !== undefined && out.length > 0) this.#send(out, nothing);
    return this._parent.shutdown(done);
  }

  // -- The end

  close(callback) {
    this.#isOver = true;
    this.#tls = undefined;
    this.reading = false;
    closed(this);
    if (this[kOwner]) this[kOwner].ssl = null;
    for (const [, canceled] of this.#queue.splice(0)) process.nextTick(canceled, UV_ECANCELED);
    const parent = this._parent;
    const wrap = this._parentWrap;
    parent.onarrival = nothing;
    const done = callback && (() => run(this, callback));
    if (wrap && wrap._handle === parent) {
      if (done) wrap.once('close', done);
      wrap.destroy();
      return;
    }
    if (wrap && !wrap._handle && !(parent instanceof StreamHandle)) {
      if (done) process.nextTick(done);
      return;
    }
    parent.close(done);
  }

  destroySSL() {
    this.#isOver = true;
    this.#tls = undefined;
  }

  reset(callback) {
    return this._parent.reset(callback);
  }
}

for (const name of proxied) {
  TLSWrap.prototype[name] = function (...args) {
    return this._parent[name]?.(...args);
  };
}

// A stream as the handle under a TLSWrap.
class StreamHandle {
  #stream;

  constructor(stream) {
    this.#stream = stream;
    this.onarrival = nothing;
    this.bytesRead = 0;
    this.bytesWritten = 0;
    this.reading = false;
    this[kOwner] = undefined;
    stream.pause();
    stream.on('data', (chunk) => {
      if (typeof chunk === 'string') {
        const { ERR_STREAM_WRAP } = require('internal/errors').codes;
        stream.emit('error', new ERR_STREAM_WRAP());
        return;
      }
      this.bytesRead += chunk.length;
      this.onarrival(chunk);
    });
    stream.once('end', () => this.onarrival(undefined, UV_EOF));
    stream.on('error', (error) => this.onfailure?.(error));
    stream.once('close', () => this.onclose?.());
  }

  get writeQueueSize() {
    return this.#stream.writableLength;
  }

  readStart() {
    this.reading = true;
    this.#stream.resume();
    return 0;
  }

  readStop() {
    this.reading = false;
    this.#stream.pause();
    return 0;
  }

  write(bytes, _encoding, done) {
    this.bytesWritten += bytes.length;
    this.#stream.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), (error) => done(error ? -32 : 0));
    return 1;
  }

  shutdown(done) {
    this.#stream.end(() => done(0));
    return 1;
  }

  close(callback) {
    this.#stream.destroy();
    if (callback) setImmediate(callback);
  }
}

module.exports = { StreamHandle, TLSWrap };
