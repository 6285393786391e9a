// SPDX-License-Identifier: Apache-2.0
// The servers that a Resolver asks, and its questions under way. What is tried when, and the codes of failures, are
// those of c-ares as Node sets it up.
'use strict';

const { Buffer } = require('buffer');
const ids = require('internal/async_ids');
const { systemErrorOf } = require('internal/errors');
const { decodeAnswer, encodeQuestion, isAnswerTo } = require('internal/dns/packet');
const { isIP } = require('internal/net/addresses');
const { clearTimeout, insert, Timeout } = require('internal/timers');

const { getLibuvNow } = internalBinding('timers');

const PORT = 53;
const DEFAULT_TIMEOUT = 2000; // ms
const DEFAULT_TRIES = 4;
const NXDOMAIN = 3;
const CODES = ['', 'EFORMERR', 'ESERVFAIL', 'ENOTFOUND', 'ENOTIMP', 'EREFUSED']; // by the number in an answer
const NO_SERVERS = 'UNKNOWN_ARES_ERROR'; // c-ares has a code for it, Node no name for that
const REFUSED = new Set(['ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT']);

// Nobody must be able to guess it (RFC 5452).
function randomId() {
  const id = new Uint16Array(1);
  internalBinding('random_host').fill(new Uint8Array(id.buffer), 0, 2);
  return id[0];
}

// Timers of ours are no resources that a program would know of.
function quietly(fn) {
  return ids.track === undefined ? fn() : ids.track.hidden(fn);
}

function after(ms, callback) {
  return quietly(() => {
    const timer = new Timeout(callback, ms, undefined, false, true);
    insert(timer, getLibuvNow());
    return timer;
  });
}

// The addresses behind 'nameserver' in resolv.conf.
function systemServers() {
  const found = [];
  for (const line of internalBinding('names_host').resolvConf().split('\n')) {
    const [keyword, address] = line.trim().split(/\s+/);
    if (keyword === 'nameserver' && isIP(address) !== 0) found.push({ address, port: PORT });
  }
  return found.length > 0 ? found : [{ address: '127.0.0.1', port: PORT }];
}

// --- One try over UDP or TCP. `end(code, bytes)` comes once, what is told later does not count. ---

class UdpTry {
  constructor({ address, port }, local, question, end) {
    this.handle = new (internalBinding('udp').UDP)();
    this.handle.ondatagram = (bytes, _from, status) => {
      if (status < 0) end(systemErrorOf(status)[0]);
      else if (isAnswerTo(bytes, question)) end(undefined, bytes);
    };
    let status = local === undefined ? 0 : this.handle.bind(local, 0, 0);
    // A connected socket hears that nobody listens.
    if (status === 0) status = this.handle.connect(address, port);
    if (status === 0) status = this.handle.recvStart();
    if (status === 0) status = this.handle.send([question.bytes], undefined, 0, () => {});
    if (status < 0) process.nextTick(end, systemErrorOf(status)[0]);
  }

  close() {
    this.handle.close();
  }
}

class TcpTry {
  #received = Buffer.alloc(0);

  constructor({ address, port }, local, question, end) {
    this.handle = new (internalBinding('streams').TCP)();
    this.handle.onread = (bytes, status) => {
      if (bytes === undefined) end(status === 0 ? 'EBADRESP' : 'ECONNREFUSED');
      else this.#take(bytes, question, end);
    };
    let status = local === undefined ? 0 : this.handle.bind(local, 0, 0);
    if (status === 0) status = this.handle.connect(address, port, (result) => this.#ask(result, question, end));
    if (status < 0) process.nextTick(end, systemErrorOf(status)[0]);
  }

  // Each message is behind its length.
  #ask(result, { bytes }, end) {
    if (result !== 0) {
      end(systemErrorOf(result)[0]);
      return;
    }
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    this.handle.readStart();
    this.handle.write(Buffer.concat([length, bytes]), 0, () => {});
  }

  #take(bytes, question, end) {
    this.#received = Buffer.concat([this.#received, bytes]);
    if (this.#received.length < 2) return;
    const size = 2 + this.#received.readUInt16BE(0);
    if (this.#received.length < size) return;
    const message = this.#received.subarray(2, size);
    if (isAnswerTo(message, question)) end(undefined, message);
    else end('EBADRESP');
  }

  close() {
    this.handle.close();
  }
}

// --- A question, through all its tries ---

class Query {
  #channel;
  #question;
  #end;
  #servers;
  #tried = 0;
  #current;
  #timer;

  constructor(channel, question, end) {
    this.#channel = channel;
    this.#question = question;
    this.#end = end;
    this.#servers = channel.servers;
  }

  start() {
    this.#try(UdpTry);
  }

  #try(Kind) {
    const server = this.#servers[this.#tried % this.#servers.length];
    const round = Math.floor(this.#tried / this.#servers.length);
    const local = this.#channel.localAddressFor(server.address);
    const attempt = new Kind(server, local, this.#question, (code, bytes) => {
      if (this.#current !== attempt) return; // it is over
      if (code !== undefined) this.#retry(REFUSED.has(code) ? 'ECONNREFUSED' : code);
      else this.#read(bytes);
    });
    this.#current = attempt;
    this.#timer = after(this.#channel.timeoutOf(round), () => this.#retry('ETIMEOUT'));
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#current?.close();
    this.#current = undefined;
  }

  #retry(code) {
    this.#stop();
    if (++this.#tried < this.#channel.tries * this.#servers.length) this.#try(UdpTry);
    else this.finish(code);
  }

  #read(bytes) {
    const answer = decodeAnswer(bytes, this.#question);
    if (answer === undefined) return; // as if it had not come
    if (answer.isTruncated && this.#current instanceof UdpTry) {
      this.#stop();
      this.#try(TcpTry);
      return;
    }
    if (answer.rcode !== 0) this.finish(CODES[answer.rcode] ?? 'EBADRESP');
    else if (answer.records.length === 0) this.finish('ENODATA');
    else this.finish(undefined, answer.records);
  }

  finish(code, records) {
    this.#stop();
    this.#channel.pending.delete(this);
    this.#end(code, records);
  }
}

class ChannelWrap {
  #servers;
  #timeout;
  #maxTimeout;
  #locals = {};

  constructor(timeout, tries, maxTimeout) {
    this.#timeout = timeout > 0 ? timeout : DEFAULT_TIMEOUT;
    this.#maxTimeout = maxTimeout;
    this.tries = tries ?? DEFAULT_TRIES;
    Object.defineProperties(this, {
      pending: { __proto__: null, enumerable: false, value: new Set() },
      tries: { __proto__: null, enumerable: false },
    });
  }

  // Looked up when they are needed first.
  get servers() {
    this.#servers ??= systemServers();
    return this.#servers;
  }

  getServers() {
    return this.servers.map(({ address, port }) => [address, port]);
  }

  // 0, or a text that says why not.
  setServers(servers) {
    if (this.pending.size > 0) return 'There are pending queries.';
    this.#servers = servers.map(([, address, port]) => ({ address, port }));
    return 0;
  }

  setLocalAddress(ipv4, ipv6) {
    this.#locals = { 4: ipv4, 6: ipv6 };
  }

  localAddressFor(server) {
    return this.#locals[isIP(server)];
  }

  // Each round waits twice as long.
  timeoutOf(round) {
    const ms = Math.min(this.#timeout * 2 ** round, 2 ** 31 - 1);
    return this.#maxTimeout > 0 ? Math.min(ms, this.#maxTimeout) : ms;
  }

  // Asks for records; `end(code, records)` comes later, `code` undefined when there are some.
  query(name, type, end) {
    // There is none by that name (RFC 7686).
    if (/(^|\.)onion\.?$/i.test(name)) {
      process.nextTick(end, CODES[NXDOMAIN]);
      return;
    }
    const question = encodeQuestion(randomId(), name, type);
    if (question === undefined || this.servers.length === 0) {
      process.nextTick(end, question === undefined ? 'EBADNAME' : NO_SERVERS);
      return;
    }
    const query = new Query(this, question, end);
    query.start(); // throws when it is not permitted
    this.pending.add(query);
  }

  cancel() {
    for (const query of [...this.pending]) query.finish('ECANCELLED');
  }
}

module.exports = { ChannelWrap, PORT };
