// SPDX-License-Identifier: Apache-2.0
// Sends a Response by way of the module `http`.
'use strict';

require('internal/fetch/messages'); // undici's files load in one order only
const { getResponseState, hasResponseState, plainTextOf } = require('internal/deps/undici/lib/web/fetch/response');
const { bodyUnusable } = require('internal/deps/undici/lib/web/fetch/body');
const { WholeBody } = require('internal/fetch/late_bodies');
const { _checkInvalidHeaderChar: checkInvalidHeaderChar } = require('_http_common');
const { DECISIVE, storeLines } = require('internal/http/headers');
const STATUS_CODES = require('internal/http/status_codes');
const { isUint8Array } = require('internal/util/types');

// `http` frames messages itself. What fetch got has been decoded.
const FRAMING = ['transfer-encoding', 'keep-alive'];
const ENCODING = [...FRAMING, 'content-encoding', 'content-length'];

const LONG = 4096; // characters of a text that is encoded once and for all; a shorter one goes out with its head

// All of the body, undefined when it comes as a stream.
function wholeOf({ body }) {
  if (body === null || body === undefined) return '';
  if (!(body instanceof WholeBody) || !body.untouched) return undefined;
  const { source } = body;
  return typeof source === 'string' && source.length > LONG ? Buffer.from(source) : source;
}

// How long the body is when that is known and may be said.
function lengthOf(whole, { status }) {
  if (whole === undefined || status === 204 || status === 304) return undefined;
  return typeof whole === 'string' ? Buffer.byteLength(whole) : whole.length;
}

// Names and values one after the other.
function headersOf(state, method, givenLength) {
  const { headersList, urlList } = state;
  const isDecoded = urlList.length > 0 && headersList.contains('content-encoding', true);
  const without = isDecoded ? ENCODING : FRAMING;
  let length = givenLength;
  if (method === 'HEAD' && headersList.contains('content-length', true)) length = undefined; // of what GET would send
  const pairs = [];
  for (const [name, value] of headersList.entriesList) {
    const lower = name.toLowerCase();
    if (!without.includes(lower) && !(lower === 'content-length' && length !== undefined)) pairs.push(lower, value);
  }
  if (length !== undefined) pairs.push('content-length', `${length}`);
  return pairs;
}

// The lines of the headers, undefined when one of them decides about the message: `http` looks after that.
function plainLines({ headersList }) {
  let lines = '';
  for (const { 0: name, 1: { value } } of headersList.headersMap) {
    if (DECISIVE[name] || name === 'set-cookie' || name === 'content-encoding' || checkInvalidHeaderChar(value)) return undefined;
    lines += `${name}: ${value}\r\n`;
  }
  return lines;
}

// Most heads need none of what writeHead() does: their names and values have been checked, and the body has its length.
function writePlainHead(outgoing, state, method, length) {
  const { status, statusText } = state;
  const reason = STATUS_CODES[status];
  if (length === undefined || method === 'HEAD' || statusText || !reason || outgoing._expect_continue) return false;
  const lines = plainLines(state);
  if (lines === undefined) return false;
  outgoing.statusCode = status;
  outgoing._contentLength = length;
  storeLines(outgoing, `HTTP/1.1 ${status} ${reason}\r\n`, lines);
  return true;
}

function writeHead(outgoing, state, method, length) {
  if (writePlainHead(outgoing, state, method, length)) return;
  const pairs = headersOf(state, method, length);
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

// A class of a package's whose prototype is Response's, as h3's, is a Response by what it shows.
function stateOf(response) {
  if (hasResponseState(response)) return getResponseState(response);
  const { body, status, statusText, headers } = response;
  return getResponseState(new Response(body, { status, statusText, headers }));
}

const TEXT_LINES = 'content-type: text/plain;charset=UTF-8\r\n';

// Most answers: 200 and a text, nothing else, and nobody has looked at the Response. The number of bytes.
function sendText(text, outgoing) {
  const length = Buffer.byteLength(text);
  outgoing._contentLength = length;
  storeLines(outgoing, 'HTTP/1.1 200 OK\r\n', TEXT_LINES);
  outgoing.end(text.length > LONG ? Buffer.from(text) : text);
  return length;
}

// The number of bytes of the body, or a promise of it. Throws before anything is sent when `response` cannot be.
function send(response, outgoing, method) {
  if (!(response instanceof Response)) throw new TypeError('fetch() did not return a Response');
  const text = plainTextOf(response);
  if (text !== undefined && method !== 'HEAD' && !outgoing._expect_continue) return sendText(text, outgoing);
  const state = stateOf(response);
  if (state.type === 'error') throw new TypeError('fetch() returned a network error');
  if (bodyUnusable(state)) throw new TypeError('fetch() returned a Response whose body has been read');
  const whole = wholeOf(state);
  const length = lengthOf(whole, state);
  writeHead(outgoing, state, method, length);
  if (method === 'HEAD') {
    outgoing.end();
    if (whole === undefined) state.body.stream.cancel().catch(() => {}); // nobody will read what it has
    return 0;
  }
  if (whole === undefined) return sendStream(state.body.stream, outgoing);
  outgoing.end(whole);
  return length ?? 0;
}

module.exports = { send };
