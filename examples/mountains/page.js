// SPDX-License-Identifier: Apache-2.0
// The page as React components. What sharp finds out comes later, in the same answer: the frame does not wait for it.
import { createElement as h, Suspense, use, version } from 'react';
import sharp from 'sharp';
import { threadId } from 'node:worker_threads';
import { render, stripes, WIDTHS } from './picture.js';

function runtime() {
  const { deno, bun, edgejs, node } = process.versions;
  if (edgejs) return `edgejs ${edgejs}`;
  if (deno) return `Deno ${deno}`;
  return bun ? `Bun ${bun}` : `Node ${node}`;
}

function Fact({ name, children }) {
  return h('div', { className: 'fact' }, h('dt', null, name), h('dd', null, children));
}

function Facts({ start }) {
  const { quickjs } = process.versions;
  return h(
    'dl',
    { className: 'facts' },
    h(Fact, { name: 'Served by' }, runtime()),
    quickjs && h(Fact, { name: 'Engine' }, `QuickJS-NG ${quickjs}`),
    h(Fact, { name: 'Isolate' }, threadId === 0 ? 'main thread' : `worker ${threadId}`),
    h(Fact, { name: 'Its heap' }, `${(process.memoryUsage().heapUsed / 2 ** 20).toFixed(1)} MiB`),
    h(Fact, { name: 'Rendered in' }, `${(performance.now() - start).toFixed(1)} ms`),
  );
}

function Colours({ colours }) {
  return h(
    'ul',
    { className: 'colours' },
    use(colours).map((colour, i) => h('li', { key: i, style: { background: colour } }, h('code', null, colour))),
  );
}

function Sizes({ sizes }) {
  return h(
    'div',
    { className: 'sizes' },
    use(sizes).map(({ width, height, bytes, ms }) => {
      return h(
        'figure',
        { key: width, style: { flexGrow: width ** 0.5 } },
        h('img', { src: `/image?width=${width}`, width, height, alt: `${width} pixels wide` }),
        h('figcaption', null, h('b', null, `${width} × ${height}`), ` ${(bytes / 1024).toFixed(1)} kB, ${ms.toFixed(0)} ms`),
      );
    }),
  );
}

async function measure(width) {
  const start = performance.now();
  const { info } = await render(width);
  return { width, height: info.height, bytes: info.size, ms: performance.now() - start };
}

function Later({ title, children }) {
  return h('section', null, h('h2', null, title), h(Suspense, { fallback: h('p', null, '…') }, children));
}

export function Page({ start }) {
  const largest = WIDTHS.at(-1);
  return h(
    'html',
    { lang: 'en' },
    h(
      'head',
      null,
      h('meta', { charSet: 'utf-8' }),
      h('meta', { name: 'viewport', content: 'width=device-width' }),
      h('title', null, 'Mountains'),
      h('link', { rel: 'stylesheet', href: '/style.css', precedence: 'default' }),
    ),
    h(
      'body',
      null,
      h(
        'header',
        { style: { backgroundImage: `url(/image?width=${largest})` } },
        h('p', null, 'React ', h('i', null, 'streamed it'), ', sharp ', h('i', null, 'painted it')),
        h('h1', null, 'First light'),
      ),
      h(
        'main',
        null,
        h(Facts, { start }),
        h(Later, { title: 'Its colours, from the sky down' }, h(Colours, { colours: stripes(8) })),
        h(Later, { title: 'Resized for you' }, h(Sizes, { sizes: Promise.all(WIDTHS.slice(0, 3).map(measure)) })),
      ),
      h(
        'footer',
        null,
        `react ${version} · sharp ${sharp.versions.sharp} · libvips ${sharp.versions.vips}: unchanged from npm, without Node.js`,
      ),
    ),
  );
}
