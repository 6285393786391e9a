// SPDX-License-Identifier: Apache-2.0
// From a request of the module `http` to a Request, and from a Response to what is sent.
'use strict';

const { Readable } = require('stream');

function headersOf({ rawHeaders }) {
  const headers = new Headers();
  for (let i = 0; i < rawHeaders.length; i += 2) headers.append(rawHeaders[i], rawHeaders[i + 1]);
  return headers;
}

// The Request of `incoming`, undefined when its host and target make no URL. Its signal is aborted when the client goes
// away before the answer is whole.
function requestOf(incoming, outgoing) {
  const { method, url, headers } = incoming;
  const target = URL.parse(url, `http://${headers.host ?? 'localhost'}`);
  if (target === null) return undefined;
  const aborter = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) aborter.abort();
  });
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(target, {
    method,
    headers: headersOf(incoming),
    body: hasBody ? Readable.toWeb(incoming) : null,
    duplex: 'half',
    signal: aborter.signal,
  });
}

function writeHead(outgoing, { status, statusText, headers }) {
  const pairs = [];
  for (const [name, value] of headers) pairs.push(name, value); // set-cookie comes as often as it was set
  if (statusText) outgoing.writeHead(status, statusText, pairs);
  else outgoing.writeHead(status, pairs);
}

// Sends chunk by chunk, as fast as the client reads; the number of bytes of the body. Rejects when the body's source fails:
// the client sees a cut.
async function send(response, outgoing, method) {
  writeHead(outgoing, response);
  let size = 0;
  if (response.body === null || method === 'HEAD') {
    await response.body?.cancel();
    outgoing.end();
    return size;
  }
  const closed = new Promise((resolve) => outgoing.once('close', resolve));
  try {
    for await (const chunk of response.body) {
      if (outgoing.destroyed) return size; // leaving the loop cancels the body
      size += chunk.byteLength;
      if (outgoing.write(chunk)) continue;
      await Promise.race([new Promise((resolve) => outgoing.once('drain', resolve)), closed]);
    }
    outgoing.end();
    return size;
  } catch (error) {
    outgoing.destroy();
    throw error;
  }
}

module.exports = { requestOf, send };
