// SPDX-License-Identifier: Apache-2.0
'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');
const { spawn } = require('child_process');
const { once } = require('events');
const { pipeline } = require('stream/promises');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true }));
const small = path.join(folder, 'small');
const large = path.join(folder, 'large');
const many = Array.from({ length: 1000 }, (_, i) => path.join(folder, `many-${i}`));
for (const file of [small, ...many]) fs.writeFileSync(file, 'x'.repeat(1000));
fs.writeFileSync(large, Buffer.alloc(100 << 20, 'x'));

module.exports = {
  'readFileSync, 1 kB of text': () => fs.readFileSync(small, 'utf8'),
  'readFileSync, 1 kB of bytes': () => fs.readFileSync(small),
  'writeFileSync, 1 kB': () => fs.writeFileSync(small, 'y'.repeat(1000)),
  'statSync': () => fs.statSync(small),
  'existsSync': () => fs.existsSync(small),
  'openSync and closeSync': () => fs.closeSync(fs.openSync(small)),
  'readdirSync, 1,000 names': () => fs.readdirSync(folder),
  'promises.readFile of 1,000 files': () => Promise.all(many.map((file) => fs.promises.readFile(file))),
  '100 MB through streams': () => pipeline(fs.createReadStream(large), fs.createWriteStream(path.join(folder, 'copy'))),
  'spawn of true': () => once(spawn('true'), 'close'),
};
