// SPDX-License-Identifier: Apache-2.0
// Sends a Response by way of the module `http`.
'use strict';

require('internal/fetch/messages'); // undici's files load in one order only
const { getResponseState } = require('internal/deps/undici/lib/web/fetch/response');
const { bodyUnusable } = require('internal/deps/undici/lib/web/fetch/body');
const { WholeBody } = require('internal/fetch/late_bodies');
const { isUint8Array } = require('internal/util/types');

// `http` frames messages itself. What fetch got has been decoded.
const FRAMING = ['transfer-encoding', 'keep-alive'];
const ENCODING = [...FRAMING, 'content-encoding', 'content-length'];

const isWhole = (body) => body instanceof WholeBody && body.untouched;

// How long the body is when that is known.
function lengthOf({ body, status }) {
  if (body === null || body === undefined) return status === 204 || status === 304 ? undefined : 0;
  return isWhole(body) ? body.length : undefined;
}

// Names and values one after the other.
function headersOf(state, method) {
  const { headersList, urlList } = state;
  const isDecoded = urlList.length > 0 && headersList.contains('content-encoding', true);
  const without = isDecoded ? ENCODING : FRAMING;
  let length = lengthOf(state);
  if (method === 'HEAD' && headersList.contains('content-length', true)) length = undefined; // of what GET would send
  const pairs = [];
  for (const [name, value] of headersList.entriesList) {
    const lower = name.toLowerCase();
    if (!without.includes(lower) && !(lower === 'content-length' && length !== undefined)) pairs.push(lower, value);
  }
  if (length !== undefined) pairs.push('content-length', `${length}`);
  return pairs;
}

function writeHead(outgoing, state, method) {
  const pairs = headersOf(state, method);
  if (state.statusText) outgoing.writeHead(state.status, state.statusText, pairs);
  else outgoing.writeHead(state.status, pairs);
}

// Chunk by chunk, as fast as the client reads; the number of bytes. Rejects when the source fails: the client sees a cut.
async function sendStream(stream, outgoing) {
  const reader = stream.getReader();
  let wake;
  // The client may go away while nothing comes out of the stream.
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) reader.cancel().catch(() => {}); // what its source says to that interests nobody
    wake?.();
  });
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (outgoing.destroyed) return size;
      if (done) break;
      if (!isUint8Array(value)) throw new TypeError('A chunk of the body of a Response is no Uint8Array');
      size += value.byteLength;
      if (!outgoing.write(value)) {
        await new Promise((resolve) => {
          wake = resolve;
          outgoing.once('drain', resolve);
        });
      }
    }
    outgoing.end();
    return size;
  } catch (error) {
    outgoing.destroy();
    reader.cancel(error).catch(() => {}); // it may be what has failed
    throw error;
  }
}

// The number of bytes of the body, or a promise of it. Throws before anything is sent when `response` cannot be.
function send(response, outgoing, method) {
  if (!(response instanceof Response)) throw new TypeError('fetch() did not return a Response');
  const state = getResponseState(response);
  if (state.type === 'error') throw new TypeError('fetch() returned a network error');
  if (bodyUnusable(state)) throw new TypeError('fetch() returned a Response whose body has been read');
  writeHead(outgoing, state, method);
  const { body } = state;
  if (body === null || body === undefined || method === 'HEAD') {
    outgoing.end();
    if (body && !isWhole(body)) body.stream.cancel().catch(() => {}); // nobody will read what it has
    return 0;
  }
  if (!isWhole(body)) return sendStream(body.stream, outgoing);
  outgoing.end(body.source);
  return body.length;
}

module.exports = { send };
