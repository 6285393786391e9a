// SPDX-License-Identifier: Apache-2.0
'use strict';

const { ReadableStream } = require('internal/webstreams/readable');
const { ReadableStreamBYOBReader, ReadableStreamDefaultReader } = require('internal/webstreams/readers');
const { ReadableByteStreamController, ReadableStreamBYOBRequest } = require('internal/webstreams/byte_controller');
const { ReadableStreamDefaultController } = require('internal/webstreams/default_controller');
const {
  WritableStream,
  WritableStreamDefaultController,
  WritableStreamDefaultWriter,
} = require('internal/webstreams/writable');
const { TransformStream, TransformStreamDefaultController } = require('internal/webstreams/transform');
const { ByteLengthQueuingStrategy, CountQueuingStrategy } = require('internal/webstreams/queuing_strategies');

module.exports = {
  ReadableStream,
  ReadableStreamDefaultReader,
  ReadableStreamBYOBReader,
  ReadableStreamBYOBRequest,
  ReadableByteStreamController,
  ReadableStreamDefaultController,
  TransformStream,
  TransformStreamDefaultController,
  WritableStream,
  WritableStreamDefaultController,
  WritableStreamDefaultWriter,
  ByteLengthQueuingStrategy,
  CountQueuingStrategy,
};
require.defineLazy(module.exports, 'internal/webstreams/tee', ['ReadableStreamTee'], true);
require.defineLazy(
  module.exports,
  'internal/webstreams/encoding',
  ['TextEncoderStream', 'TextDecoderStream'],
  true,
);
require.defineLazy(
  module.exports,
  'internal/webstreams/compression',
  ['CompressionStream', 'DecompressionStream'],
  true,
);
