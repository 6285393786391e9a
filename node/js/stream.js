// SPDX-License-Identifier: Apache-2.0
// `stream` is the npm package readable-stream, which is Node's own code, with what Node 24 has and it has not.
'use strict';

const { refuse } = require('internal/refuse');
const Stream = require('internal/deps/readable-stream/lib/stream');

const kDefaultHighWaterMark = 64 * 1024; // of Node since 22; the package is older

Stream.setDefaultHighWaterMark(false, kDefaultHighWaterMark);
Stream.duplexPair = function duplexPair(options) {
  return require('internal/streams/duplex_pair')(options);
};
Stream._isArrayBufferView = ArrayBuffer.isView;
delete Stream.Readable.prototype.asIndexedPairs; // was an experiment, and is gone

// Bridges to web streams, which are not there yet.
for (const name of ['Readable', 'Writable', 'Duplex']) {
  for (const method of ['fromWeb', 'toWeb']) Stream[name][method] = refuse(`${name}.${method}`);
}

module.exports = Stream;
