// SPDX-License-Identifier: Apache-2.0
'use strict';

const { EventEmitter, once } = require('events');
const { inspect } = require('util');
const { Worker } = require('worker_threads');

const emitter = new EventEmitter();
let heard = 0;
emitter.on('one', (value) => (heard += value));
for (let i = 0; i < 10; i++) emitter.on('ten', (value) => (heard += value));

const deep = { name: 'root', list: Array.from({ length: 50 }, (_, i) => ({ id: i, text: `item ${i}`, nested: { on: true } })) };
deep.map = new Map(deep.list.map((item) => [item.text, item]));
let inner = deep;
for (let i = 0; i < 20; i++) inner = inner.next = { depth: i, date: new Date(i), pattern: /x/g };

const urls = ['https://user:pass@example.com:8080/a/b/../c?x=1&y=2#end', 'http://例え.jp/%7Efoo', 'file:///home/me/file.txt'];

const worker = new Worker("require('worker_threads').parentPort.on('message', function (m) { this.postMessage(m); });", { eval: true });
worker.unref();

module.exports = {
  'emit to one listener': () => emitter.emit('one', 1),
  'emit to ten': () => emitter.emit('ten', 1),
  'inspect of a deep object': () => inspect(deep, { depth: null }),
  'new URL of three': () => urls.map((url) => new URL(url).pathname),
  'URL.canParse': () => URL.canParse(urls[0]),
  'structuredClone of a deep object': () => structuredClone(deep),
  'round trip to a worker': () => {
    worker.postMessage({ text: 'there and back', list: [1, 2, 3] });
    return once(worker, 'message');
  },
};
