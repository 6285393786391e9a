// SPDX-License-Identifier: Apache-2.0
// What both sides of a cluster share: internal messages, and answers to them.
'use strict';

const answers = new Map(); // what waits for the answer to a message, by its number
let number = 0;

// Sends an internal message to `target`, a process, with a handle or null; `callback` gets the answer. False when nobody
// is connected.
function sendHelper(target, message, handle, callback) {
  if (!target.connected) return false;
  const seq = number++;
  if (callback !== undefined) answers.set(seq, callback);
  return target.send({ cmd: 'NODE_CLUSTER', ...message, seq }, handle);
}

// A listener of 'internalMessage' that gives answers to whom they are for, and the rest to `onMessage`.
function internal(worker, onMessage) {
  return (message, handle) => {
    if (message.cmd !== 'NODE_CLUSTER') return;
    const answer = answers.get(message.ack);
    answers.delete(message.ack);
    Reflect.apply(answer ?? onMessage, worker, [message, handle]);
  };
}

module.exports = { internal, sendHelper };
