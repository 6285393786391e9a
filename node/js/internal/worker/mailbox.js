// SPDX-License-Identifier: Apache-2.0
//
// postMessageToThread: each thread has a mailbox, a port by the name of its number. What arrives is a 'workerMessage'
// event of `process`; the answer comes back through a port that travels with the message.
'use strict';

const { createBroadcastPort, postByName } = internalBinding('messaging');
const {
  codes: {
    ERR_WORKER_MESSAGING_ERRORED,
    ERR_WORKER_MESSAGING_FAILED,
    ERR_WORKER_MESSAGING_SAME_THREAD,
    ERR_WORKER_MESSAGING_TIMEOUT,
  },
} = require('internal/errors');
const { MessageChannel } = require('internal/worker/messaging');
const state = require('internal/worker/state');

const nameOf = (threadId) => `\0thread ${threadId}`; // no BroadcastChannel of a program has such a name

const createMailbox = (threadId) => createBroadcastPort(nameOf(threadId));

function deliver({ value, source }) {
  if (process.listenerCount('workerMessage') === 0) return 'failed';
  try {
    process.emit('workerMessage', value, source);
  } catch {
    return 'errored'; // the sender is told; here it is as if nothing had happened, as in Node
  }
  return 'delivered';
}

// Starts to take messages out of this thread's mailbox.
function openMailbox(port) {
  port.on('message', (message) => {
    message.answer.postMessage(deliver(message));
    message.answer.close();
  });
  port.unref();
}

const FAILURES = { failed: ERR_WORKER_MESSAGING_FAILED, errored: ERR_WORKER_MESSAGING_ERRORED };

// Settles when the thread has answered, or is gone, or the time is over.
function answerOf(port, timeout) {
  return new Promise((resolve, reject) => {
    let timer;
    const settle = (answer) => {
      clearTimeout(timer);
      port.close();
      if (FAILURES[answer] === undefined) resolve();
      else reject(new FAILURES[answer]());
    };
    if (timeout !== undefined) {
      timer = setTimeout(() => {
        port.close();
        reject(new ERR_WORKER_MESSAGING_TIMEOUT());
      }, timeout);
    }
    port.on('message', settle);
    port.on('close', () => settle('failed'));
  });
}

async function postMessageToThread(threadId, value, transferList, timeout) {
  if (typeof transferList === 'number' && timeout === undefined) {
    timeout = transferList;
    transferList = [];
  }
  if (timeout !== undefined) require('internal/validators').validateNumber(timeout, 'timeout', 0);
  if (threadId === state.threadId) throw new ERR_WORKER_MESSAGING_SAME_THREAD();
  const { port1, port2 } = new MessageChannel();
  const message = { value, source: state.threadId, answer: port2 };
  if (!postByName(nameOf(threadId), message, [...(transferList ?? []), port2])) {
    port1.close();
    throw new ERR_WORKER_MESSAGING_FAILED();
  }
  await answerOf(port1, timeout);
}

module.exports = { createMailbox, openMailbox, postMessageToThread };
