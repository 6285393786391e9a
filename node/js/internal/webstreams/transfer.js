// SPDX-License-Identifier: Apache-2.0
//
// Streams in another isolate: what is transferred is a port, with a stream on each side of the channel
// (https://streams.spec.whatwg.org/#transferrable-streams).
'use strict';

const { kDeserialize, kTransfer } = require('internal/transferable');

// PackAndPostMessageHandlingError: an error is told to the other side before it is thrown here.
function post(port, type, value) {
  try {
    port.postMessage({ type, value });
  } catch (error) {
    port.postMessage({ type: 'error', value: undefined });
    throw error;
  }
}

// SetUpCrossRealmTransformWritable. As in Node, the side that received a stream holds its loop for it, the side that gave
// it away does not.
function crossRealmWritable(port, holdsLoop) {
  const { WritableStream } = require('internal/webstreams/writable');
  let controller;
  let backpressure = Promise.withResolvers();
  port.onmessage = ({ data: { type, value } }) => {
    if (type === 'error') controller.error(value);
    if (type === 'error' || type === 'pull') {
      backpressure?.resolve();
      backpressure = undefined;
    }
  };
  port.onmessageerror = () => {
    const error = new DOMException('Internal transferred stream error', 'DataCloneError');
    post(port, 'error', error);
    controller.error(error);
    port.close();
  };
  if (!holdsLoop) port.unref();
  return new WritableStream({
    start(given) {
      controller = given;
    },
    async write(chunk) {
      if (backpressure !== undefined) await backpressure.promise;
      backpressure = Promise.withResolvers();
      try {
        post(port, 'chunk', chunk);
      } catch (error) {
        port.close();
        throw error;
      }
    },
    close() {
      port.postMessage({ type: 'close', value: undefined });
      port.close();
    },
    abort(reason) {
      try {
        post(port, 'error', reason);
      } finally {
        port.close();
      }
    },
  });
}

// The algorithms of SetUpCrossRealmTransformReadable, as an underlying source.
function crossRealmSource(port, holdsLoop) {
  let controller;
  const handlers = {
    chunk: (value) => controller.enqueue(value),
    close() {
      controller.close();
      port.close();
    },
    error(value) {
      controller.error(value);
      port.close();
    },
  };
  port.onmessage = ({ data: { type, value } }) => handlers[type](value);
  port.onmessageerror = () => {
    const error = new DOMException('Internal transferred stream error', 'DataCloneError');
    post(port, 'error', error);
    handlers.error(error);
  };
  if (!holdsLoop) port.unref();
  return {
    start(given) {
      controller = given;
    },
    pull() {
      port.postMessage({ type: 'pull', value: undefined });
    },
    cancel(reason) {
      try {
        post(port, 'error', reason);
      } finally {
        port.close();
      }
    },
  };
}

// Our end of a new channel, and the other one.
function newChannel() {
  const { MessageChannel } = require('internal/worker/messaging');
  const { port1, port2 } = new MessageChannel();
  return [port1, port2];
}

function pipe(readable, writable) {
  const { readableStreamPipeTo } = require('internal/webstreams/pipe');
  readableStreamPipeTo(readable, writable, {}).catch(() => {}); // both sides know of it
}

function sendReadable(stream) {
  const [ours, theirs] = newChannel();
  pipe(stream, crossRealmWritable(ours, false));
  return theirs;
}

function sendWritable(stream) {
  const { ReadableStream } = require('internal/webstreams/readable');
  const [ours, theirs] = newChannel();
  pipe(new ReadableStream(crossRealmSource(ours, false), { highWaterMark: 0 }), stream);
  return theirs;
}

function defineTransfer(Class, name, take) {
  Object.defineProperty(Class.prototype, kTransfer, {
    __proto__: null,
    configurable: true,
    enumerable: false,
    value() {
      return { data: take(this), deserializeInfo: `internal/webstreams/transfer:${name}` };
    },
    writable: true,
  });
}

function checkUnlocked(...streams) {
  if (streams.some((stream) => stream.locked)) {
    throw new DOMException('Cannot transfer a locked stream', 'DataCloneError');
  }
}

const receiveReadable = (port) =>
  new (require('internal/webstreams/readable').ReadableStream)(crossRealmSource(port, true), { highWaterMark: 0 });

// What the other isolate makes: kDeserialize gives the stream itself.
const receiver = (receive) => {
  const Received = class {};
  Received.prototype[kDeserialize] = receive;
  return Received;
};

const receiveWritable = (port) => crossRealmWritable(port, true);

module.exports = {
  ReceivedReadable: receiver(receiveReadable),
  ReceivedWritable: receiver(receiveWritable),
  ReceivedTransform: receiver(([readable, writable]) =>
    require('internal/webstreams/transform').transformOf(receiveReadable(readable), receiveWritable(writable))),

  makeReadableTransferable(Class) {
    defineTransfer(Class, 'ReceivedReadable', (stream) => {
      checkUnlocked(stream);
      return sendReadable(stream);
    });
  },
  makeWritableTransferable(Class) {
    defineTransfer(Class, 'ReceivedWritable', (stream) => {
      checkUnlocked(stream);
      return sendWritable(stream);
    });
  },
  makeTransformTransferable(Class) {
    defineTransfer(Class, 'ReceivedTransform', ({ readable, writable }) => {
      checkUnlocked(readable, writable);
      return [sendReadable(readable), sendWritable(writable)];
    });
  },
};
