// SPDX-License-Identifier: Apache-2.0
// A page that React streams, with an image that sharp draws and resizes:
//
//   edgejs install && edgejs serve handler.js
//
// The same file answers under `deno serve -A handler.js` and `bun handler.js`.
import { readFileSync } from 'node:fs';
import { createElement } from 'react';
import { renderToReadableStream } from 'react-dom/server.edge';
import { Page } from './page.js';
import { render, WIDTHS } from './picture.js';

const style = readFileSync(new URL('style.css', import.meta.url));

async function page() {
  const start = performance.now();
  const onError = (error) => console.error(error);
  const stream = await renderToReadableStream(createElement(Page, { start }), { onError });
  return new Response(stream, { headers: { 'content-type': 'text/html; charset=utf-8' } });
}

async function image(width) {
  if (!WIDTHS.includes(width)) return new Response(`width is one of ${WIDTHS.join(', ')}\n`, { status: 400 });
  const { data } = await render(width);
  return new Response(data, { headers: { 'content-type': 'image/webp', 'cache-control': 'max-age=3600' } });
}

export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/') return page();
    if (pathname === '/image') return image(Number(searchParams.get('width')));
    if (pathname === '/style.css') return new Response(style, { headers: { 'content-type': 'text/css' } });
    return new Response('There is nothing here.\n', { status: 404 });
  },
};
