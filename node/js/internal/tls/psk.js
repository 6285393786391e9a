// SPDX-License-Identifier: Apache-2.0
// Keys that both sides know beforehand (PSK): what the program's callback says, checked for OpenSSL.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const { validateBuffer, validateObject, validateString } = require('internal/validators');
const { Buffer } = require('buffer');

function checkKey(psk, greatest) {
  validateBuffer(psk, 'psk');
  if (psk.byteLength > greatest) throw new ERR_INVALID_ARG_VALUE('psk', psk, `Pre-shared key exceeds ${greatest} bytes`);
  return psk;
}

function answerOfServer(socket, callback, identity, greatest) {
  const answer = callback(socket, identity);
  if (answer === undefined || answer === null) return [];
  if (ArrayBuffer.isView(answer)) return [checkKey(answer, greatest)];
  if (typeof answer !== 'object') throw new ERR_INVALID_ARG_TYPE('ret', ['Object', 'Buffer', 'TypedArray', 'DataView'], answer);
  return [checkKey(answer.psk, greatest)];
}

function answerOfClient(callback, hint, greatest, greatestIdentity) {
  const answer = callback(hint ?? null);
  if (answer === undefined || answer === null) return [];
  validateObject(answer, 'ret');
  const { psk, identity } = answer;
  checkKey(psk, greatest);
  validateString(identity, 'identity');
  if (Buffer.byteLength(identity) > greatestIdentity) {
    throw new ERR_INVALID_ARG_VALUE('identity', identity, `PSK identity exceeds ${greatestIdentity} bytes`);
  }
  return [psk, identity];
}

// What the host calls in the middle of a handshake: [key, identity], or nothing in it. An error ends the connection.
function pskExchange(socket) {
  const { isServer, pskCallback } = socket._tlsOptions;
  if (!pskCallback) return undefined;
  return (text, greatest, greatestIdentity) => {
    try {
      return isServer
        ? answerOfServer(socket, pskCallback, text, greatest)
        : answerOfClient(pskCallback, text, greatest, greatestIdentity);
    } catch (error) {
      socket.destroy(error);
      return [];
    }
  };
}

module.exports = { pskExchange };
