// SPDX-License-Identifier: Apache-2.0
// Lines of the access log, on standard output.
'use strict';

const timeOf = ({ startTime }) => Math.round((performance.now() - startTime) * 1000) / 1000;

// A quote in a target would end the field.
const quoted = (text) => text.replaceAll('"', '%22');

const formats = {
  __proto__: null,

  // The common log format, with the time in ISO 8601 and the bytes of the body.
  common({ method, url, httpVersion, socket }, status, size) {
    const start = `${socket.remoteAddress ?? '-'} - - [${new Date().toISOString()}]`;
    return `${start} "${method} ${quoted(url)} HTTP/${httpVersion}" ${status} ${size}`;
  },

  json(incoming, status, size) {
    const { method, url, socket } = incoming;
    const client = socket.remoteAddress;
    return JSON.stringify({ time: new Date(), client, method, url, status, size, ms: timeOf(incoming) });
  },
};

// A function that logs one answer: its request, its status, the bytes of its body.
function writerOf(format) {
  const line = formats[format];
  return (incoming, status, size) => process.stdout.write(`${line(incoming, status, size)}\n`);
}

module.exports = { writerOf };
