// SPDX-License-Identifier: Apache-2.0
//
// Paths and file URLs. Most have nothing to encode and never reach the URL parser.
'use strict';

const PLAIN_PATH = /^\/[A-Za-z0-9\-_.~!$&'()*+,;=:@/]*$/;

function pathToUrl(path) {
  return PLAIN_PATH.test(path) ? `file://${path}` : require('internal/url').pathToFileURL(path).href;
}

// [path, what follows it: query and fragment] of a file URL.
function splitFileUrl(url) {
  const path = url.slice(7);
  if (PLAIN_PATH.test(path)) return [path, ''];
  const { URL, fileURLToPath } = require('internal/url');
  const parsed = new URL(url);
  return [fileURLToPath(parsed), `${parsed.search}${parsed.hash}`];
}

const urlToPath = (url) => splitFileUrl(url)[0];

// How messages name a module: files by path, others by URL.
const shownUrl = (url) => (url.startsWith('file:') ? urlToPath(url) : url);

module.exports = { PLAIN_PATH, pathToUrl, shownUrl, splitFileUrl, urlToPath };
