// SPDX-License-Identifier: Apache-2.0
// The same for every runtime: `bench.cjs ADDON time` prints ns per call, `bench.cjs ADDON memory` MiB that stay.
'use strict';

const addon = require(process.argv[2]);
const MIN_TIME = 60e6; // ns that one sample takes at least
const SAMPLES = 7;
const MANY = 1e6;
const THREAD_CALLS = 4e5;

const now = () => process.hrtime.bigint();
const object = {};
const wrapped = {};
addon.wrap(wrapped);

// Each runs `n` calls of a local function: finding `addon.empty` anew each time is not what is measured. The loops
// are spelt out, so that no call of a closure is timed along.
const loops = {
  loop(n) { for (let i = 0; i < n; i++); },
  empty(n) { const { empty } = addon; for (let i = 0; i < n; i++) empty(); },
  add(n) { const { add } = addon; let sum = 0; for (let i = 0; i < n; i++) sum = add(sum, 0.5); return sum; },
  object(n) { const { object } = addon; let last; for (let i = 0; i < n; i++) last = object(); return last; },
  string(n) {
    const { string } = addon;
    let last = 'sixteen letters!';
    for (let i = 0; i < n; i++) last = string(last);
    return last;
  },
  call(n) { const { call } = addon; const callback = () => 1; for (let i = 0; i < n; i++) call(callback); },
  wrap(n) { const { wrap } = addon; for (let i = 0; i < n; i++) wrap({}); },
  unwrap(n) { const { unwrap } = addon; for (let i = 0; i < n; i++) unwrap(wrapped); },
  reference(n) { const { reference } = addon; for (let i = 0; i < n; i++) reference(object); },
  buffer(n) { const { buffer } = addon; for (let i = 0; i < n; i++) buffer(); },
};

const turn = () => new Promise((resolve) => setImmediate(resolve));

async function time(loop) {
  let n = 1000;
  let best = Infinity;
  for (let sample = 0; sample < SAMPLES;) {
    const start = now();
    loop(n);
    const elapsed = Number(now() - start);
    await turn(); // finalizers run
    if (elapsed < MIN_TIME && best === Infinity) {
      n = Math.ceil(n * Math.min(10, 1.2 * MIN_TIME / elapsed));
      continue;
    }
    best = Math.min(best, elapsed / n);
    sample++;
  }
  return best;
}

function threads(count) {
  return new Promise((resolve) => {
    let seen = 0;
    const start = now();
    addon.threads(() => {
      if (++seen === count) resolve(Number(now() - start) / count);
    }, count);
  });
}

function collect() {
  if (typeof Bun !== 'undefined') Bun.gc(true);
  else globalThis.gc();
}

async function settle() {
  for (let i = 0; i < 5; i++) {
    collect();
    await turn();
  }
}

async function growth(loop) {
  const round = async () => {
    for (let done = 0; done < MANY; done += 10_000) {
      loop(10_000);
      await turn();
    }
    await settle();
    return process.memoryUsage().rss;
  };
  const before = await round(); // after a first round, so that pools and the collector have their size
  return (await round() - before) / 2 ** 20;
}

async function main() {
  const found = {};
  if (process.argv[3] === 'memory') {
    for (const name of ['wrap', 'reference', 'buffer']) found[name] = await growth(loops[name]);
  } else {
    for (const name of Object.keys(loops)) found[name] = await time(loops[name]);
    found.threads = Math.min(await threads(THREAD_CALLS), await threads(THREAD_CALLS), await threads(THREAD_CALLS));
  }
  console.log(JSON.stringify(found));
}

main();
