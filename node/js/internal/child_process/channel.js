// SPDX-License-Identifier: Apache-2.0
// The IPC channel between a process and its child: messages as lines of JSON, or ('advanced') as V8's serialization
// behind its length. `setUpChannel` makes a ChildProcess, or the `process` of a child, able to use it.
'use strict';

const EventEmitter = require('events');
const {
  codes: {
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_HANDLE_TYPE,
    ERR_IPC_CHANNEL_CLOSED,
    ERR_IPC_DISCONNECTED,
    ERR_MISSING_ARGS,
  },
  ErrnoException,
} = require('internal/errors');
const { validateObject } = require('internal/validators');
const { Buffer } = require('buffer');

const kChannelHandle = Symbol('kChannelHandle');
const kMostQueued = 2 * 64 * 1024; // bytes; beyond it send() advises to wait
const kLengthSize = 4;

// -- The two ways of writing messages. `read` gives the complete ones of what has come, and keeps the rest.

class JsonCodec {
  #decoder = new (require('string_decoder').StringDecoder)('utf8');
  #rest = '';

  write(message) {
    return Buffer.from(`${JSON.stringify(message)}\n`);
  }

  read(bytes) {
    const lines = (this.#rest + this.#decoder.write(bytes)).split('\n');
    this.#rest = lines.pop();
    return lines.map((line) => JSON.parse(line));
  }

  get isBuffering() {
    return this.#rest !== '';
  }
}

class AdvancedCodec {
  #v8 = require('v8');
  #parts = [];
  #size = 0;

  write(message) {
    const data = this.#v8.serialize(message);
    const length = Buffer.alloc(kLengthSize);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, data]);
  }

  read(bytes) {
    this.#parts.push(bytes);
    this.#size += bytes.length;
    const found = [];
    while (this.#size >= kLengthSize) {
      // A large message comes in many parts, which are joined once.
      if (this.#parts[0].length < kLengthSize) this.#join();
      const length = kLengthSize + this.#parts[0].readUInt32BE();
      if (this.#size < length) break;
      this.#join();
      found.push(this.#v8.deserialize(this.#parts[0].subarray(kLengthSize, length)));
      this.#parts = [this.#parts[0].subarray(length)];
      this.#size -= length;
    }
    return found;
  }

  #join() {
    if (this.#parts.length > 1) this.#parts = [Buffer.concat(this.#parts)];
  }

  get isBuffering() {
    return this.#size > 0;
  }
}

const CODECS = { __proto__: null, json: JsonCodec, advanced: AdvancedCodec };

// -- process.channel: what keeps the program alive

class Control extends EventEmitter {
  #handle;
  #count = 0;
  #isSet = false; // by the user, whose word counts from then on

  constructor(handle) {
    super();
    this.#handle = handle;
  }

  // The channel keeps the program alive as long as somebody listens or a message is on its way.
  refCounted() {
    if (++this.#count === 1 && !this.#isSet) this.#handle.ref();
  }

  unrefCounted() {
    if (--this.#count !== 0 || this.#isSet) return;
    this.#handle.unref();
    this.emit('unref');
  }

  ref() {
    this.#isSet = true;
    this.#handle.ref();
  }

  unref() {
    this.#isSet = true;
    this.#handle.unref();
  }

  get fd() {
    return this.#handle.fd;
  }
}

// -- The channel

// Node's own messages go to 'internalMessage'.
function isInternal(message) {
  return (
    message !== null &&
    typeof message === 'object' &&
    typeof message.cmd === 'string' &&
    message.cmd.length > 5 &&
    message.cmd.startsWith('NODE_')
  );
}

function validateMessage(message) {
  if (message === undefined) throw new ERR_MISSING_ARGS('message');
  if (!['string', 'object', 'number', 'boolean'].includes(typeof message)) {
    throw new ERR_INVALID_ARG_TYPE('message', ['string', 'object', 'number', 'boolean'], message);
  }
}

const MOST_TRIES = 3; // of sending one handle
const ACKS = ['NODE_HANDLE_ACK', 'NODE_HANDLE_NACK'];

class Channel {
  #queue = null; // what waits for the acknowledgement of a handle: { message, object, options, callback }
  #sent; // the handle that waits for it
  #closesLater = false; // disconnect() waits for it too

  constructor(target, handle, mode, onEnd) {
    this.target = target;
    this.handle = handle;
    this.codec = new CODECS[mode]();
    this.control = new Control(handle);
    this.onEnd = onEnd;
    this.waiting = []; // messages that came before anybody listened
    handle.onread = (bytes) => this.#take(bytes);
    handle.readStart();
    target.on('newListener', () => process.nextTick(() => this.#deliverWaiting()));
  }

  #take(bytes) {
    if (bytes === undefined) {
      // The other side has gone, in order or not.
      this.#closesLater = false;
      this.#closeSent();
      this.#queue = null;
      if (this.target.channel !== null) {
        this.target.connected = false;
        this.disconnect();
      }
      this.#close();
      this.onEnd();
      return;
    }
    for (const message of this.codec.read(bytes)) this.#receive(message);
  }

  #receive(message) {
    if (!isInternal(message)) {
      this.deliver('message', message);
      return;
    }
    if (message.cmd === 'NODE_HANDLE') {
      this.#receiveHandle(message);
      return;
    }
    this.deliver('internalMessage', message);
    if (ACKS.includes(message.cmd)) process.nextTick(() => this.#acknowledged(message.cmd === ACKS[0]));
  }

  #receiveHandle(message) {
    const { accept, KINDS } = require('internal/child_process/handles');
    const handle = accept(this.handle);
    this.send({ cmd: ACKS[handle === undefined ? 1 : 0] }, undefined, { swallowErrors: true });
    if (handle === undefined) return;
    const event = isInternal(message.msg) ? 'internalMessage' : 'message';
    KINDS[message.type].got(this.target, message, handle, (object) => this.deliver(event, message.msg, object));
  }

  // Each in a tick of its own: a listener that throws must not lose the others.
  deliver(event, message, object) {
    if (this.target.channel !== null) process.nextTick(() => this.#emit(event, message, object));
  }

  #emit(event, message, object) {
    const isHeard = event === 'internalMessage' || this.target.listenerCount('message') > 0;
    if (isHeard) this.target.emit(event, message, object);
    else this.waiting.push([message, object]);
  }

  #deliverWaiting() {
    if (this.target.channel === null || this.target.listenerCount('message') === 0) return;
    for (const [message, object] of this.waiting.splice(0)) this.deliver('message', message, object);
  }

  // `object`: a socket, server or handle to send along. One is on its way at a time; what follows it waits.
  send(message, object, options, callback) {
    const isAck = ACKS.includes(message?.cmd);
    if (object !== undefined && object !== null) {
      const { kindOf, KINDS } = require('internal/child_process/handles');
      const type = kindOf(object);
      if (type === undefined) throw new ERR_INVALID_HANDLE_TYPE();
      if (this.#queue !== null) return this.#enqueue({ message, object, options, callback });
      const wrapped = { cmd: 'NODE_HANDLE', type, msg: message };
      const handle = KINDS[type].send(this.target, wrapped, object, options);
      if (handle) return this.#write(wrapped, options, callback, handle, Boolean(KINDS[type].closesAfter));
    } else if (this.#queue !== null && !isAck) return this.#enqueue({ message, options, callback });
    return this.#write(message, options, callback);
  }

  #enqueue(entry) {
    this.#queue.push(entry);
    return this.#queue.length === 1;
  }

  #write(message, options, callback, handle, closesAfter) {
    const { target, control } = this;
    const done = (status) => {
      control.unrefCounted();
      if (callback !== undefined) callback(status < 0 ? new ErrnoException(status, 'write') : null);
    };
    const bytes = this.codec.write(message);
    const status = handle ? this.handle.writeHandle(bytes, handle, done) : this.handle.write(bytes, 0, done);
    const closes = handle && closesAfter && !options.keepOpen;
    if (handle && status >= 0) {
      this.#queue = [];
      this.#sent = { message, options, handle: closes ? handle : undefined, again: handle, tries: 1 };
    } else if (closes) handle.close();
    if (status === 1) {
      control.refCounted();
    } else if (status === 0) {
      if (callback !== undefined) process.nextTick(callback, null);
    } else if (!options.swallowErrors) {
      const error = new ErrnoException(status, 'write');
      process.nextTick(callback ?? (() => target.emit('error', error)), error);
    }
    return this.handle.writeQueueSize < kMostQueued;
  }

  // The other side has the handle, or did not get it.
  #acknowledged(isThere) {
    const sent = this.#sent;
    if (sent === undefined) return;
    if (!isThere && sent.tries < MOST_TRIES && sent.again) {
      sent.tries++;
      this.handle.writeHandle(this.codec.write(sent.message), sent.again, () => {});
      return;
    }
    if (!isThere) process.emitWarning('Handle did not reach the receiving process correctly', 'SentHandleNotReceivedWarning');
    this.#closeSent();
    const queue = this.#queue;
    this.#queue = null;
    for (const { message, object, options, callback } of queue) this.send(message, object, options, callback);
    if (this.#closesLater && this.#queue === null) this.#finishDisconnect();
  }

  #closeSent() {
    this.#sent?.handle?.close();
    this.#sent = undefined;
  }

  // 'disconnect' comes after a handle that is on its way, and after a message that is half read.
  disconnect() {
    if (this.#queue !== null) this.#closesLater = true;
    else this.#finishDisconnect();
  }

  #finishDisconnect() {
    const { target } = this;
    this.#closesLater = false;
    target.channel = null;
    target[kChannelHandle] = null;
    let isDone = false;
    const finish = () => {
      if (isDone) return;
      isDone = true;
      this.#close();
      target.emit('disconnect');
    };
    if (!this.codec.isBuffering) {
      process.nextTick(finish);
      return;
    }
    target.once('message', finish);
    target.once('internalMessage', finish);
  }

  #close() {
    this.handle.onread = () => {};
    this.handle.close();
  }
}

// (message[, handle][, options][, callback])
function send(message, handle, options, callback) {
  if (typeof handle === 'function') [handle, options, callback] = [undefined, undefined, handle];
  else if (typeof options === 'function') [options, callback] = [undefined, options];
  else if (options !== undefined) validateObject(options, 'options');
  if (this.connected) return this._send(message, handle, options, callback);
  const error = new ERR_IPC_CHANNEL_CLOSED();
  if (typeof callback === 'function') process.nextTick(callback, error);
  else process.nextTick(() => this.emit('error', error));
  return false;
}

function disconnect() {
  if (!this.connected) {
    this.emit('error', new ERR_IPC_DISCONNECTED());
    return;
  }
  this.connected = false; // from here on nothing can be sent
  this._disconnect();
}

// Gives `target` send(), disconnect(), connected and channel over `handle`. `onEnd` runs when the other side has gone.
function setUpChannel(target, handle, mode, onEnd = () => {}) {
  const channel = new Channel(target, handle, mode, onEnd);
  target.channel = channel.control;
  target[kChannelHandle] = handle;
  target.connected = true;
  target.send = send;
  target.disconnect = disconnect;
  target._send = (message, socket, options, callback) => {
    validateMessage(message);
    return channel.send(message, socket, options ?? {}, callback);
  };
  target._disconnect = () => channel.disconnect();
  return channel.control;
}

// Makes `process` the child's side of the channel that its parent opened as descriptor `fd`.
function setUpChild(fd, mode) {
  const { Pipe } = internalBinding('streams');
  const handle = new Pipe(true);
  handle.open(fd);
  handle.unref();
  const control = setUpChannel(process, handle, mode);
  const counts = (name) => name === 'message' || name === 'disconnect';
  process.on('newListener', (name) => {
    if (counts(name)) control.refCounted();
  });
  process.on('removeListener', (name) => {
    if (counts(name)) control.unrefCounted();
  });
}

module.exports = { isInternal, kChannelHandle, setUpChannel, setUpChild };
