// SPDX-License-Identifier: Apache-2.0
'use strict';

// All of a stream as one Uint8Array; strings count as UTF-8.
async function collect(stream) {
  const { Buffer } = require('buffer');
  const chunks = [];
  for await (const chunk of stream) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : toBytes(chunk));
  return Buffer.concat(chunks);
}

function toBytes(chunk) {
  if (chunk instanceof ArrayBuffer) return new Uint8Array(chunk);
  return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

async function arrayBuffer(stream) {
  const { buffer: memory, byteOffset, byteLength } = await collect(stream);
  return memory.slice(byteOffset, byteOffset + byteLength);
}

async function blob(stream) {
  const { Blob } = require('buffer');
  return new Blob(await Array.fromAsync(stream));
}

async function buffer(stream) {
  return collect(stream);
}

async function bytes(stream) {
  return new Uint8Array(await arrayBuffer(stream));
}

async function text(stream) {
  const decoder = new TextDecoder();
  let whole = '';
  for await (const chunk of stream) {
    whole += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
  }
  return whole + decoder.decode();
}

async function json(stream) {
  return JSON.parse(await text(stream));
}

module.exports = { arrayBuffer, blob, buffer, bytes, text, json };
