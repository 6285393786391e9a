// SPDX-License-Identifier: Apache-2.0
//
// Which builtins user code may require.
'use strict';

// Modules that exist with the `node:` prefix only.
const SCHEME_ONLY = new Set(['sea', 'sqlite', 'test', 'test/reporters']);

// Modules of Node 24 that user code can name. The ones without a builtin here refuse by name.
const OF_NODE = new Set(['_http_agent', '_http_client', '_http_common', '_http_incoming', '_http_outgoing',
  '_http_server', '_stream_duplex', '_stream_passthrough', '_stream_readable', '_stream_transform',
  '_stream_wrap', '_stream_writable', '_tls_common', '_tls_wrap', 'assert', 'assert/strict', 'async_hooks',
  'buffer', 'child_process', 'cluster', 'console', 'constants', 'crypto', 'dgram', 'diagnostics_channel',
  'dns', 'dns/promises', 'domain', 'events', 'fs', 'fs/promises', 'http', 'http2', 'https', 'inspector',
  'inspector/promises', 'module', 'net', 'os', 'path', 'path/posix', 'path/win32', 'perf_hooks', 'process',
  'punycode', 'querystring', 'readline', 'readline/promises', 'repl', 'sea', 'sqlite', 'stream',
  'stream/consumers', 'stream/promises', 'stream/web', 'string_decoder', 'sys', 'test', 'test/reporters',
  'timers', 'timers/promises', 'tls', 'trace_events', 'tty', 'url', 'util', 'util/types', 'v8', 'vm', 'wasi',
  'worker_threads', 'zlib']);

function exists(name) {
  return OF_NODE.has(name) && require.has(name) && !(name === 'sqlite' && isSwitchedOff('--experimental-sqlite'));
}

const isSwitchedOff = (option) => require('internal/options').getOptionValue(option) === false;

// True for what `require(request)` takes as the name of a builtin: `node:x`, or a bare `x`.
function isPublic(request) {
  if (request.startsWith('node:')) return exists(request.slice(5));
  return exists(request) && !SCHEME_ONLY.has(request);
}

// True for a builtin of Node that is not here yet: requiring it must not look into node_modules.
function isMissing(request) {
  const bare = !request.startsWith('node:');
  const name = bare ? request : request.slice(5);
  return OF_NODE.has(name) && !require.has(name) && !(bare && SCHEME_ONLY.has(name));
}

// The exports of public builtin `name` (without `node:`).
function loadPublic(name) {
  return require(name);
}

// module.builtinModules, all of Node's: names without `node:`, then scheme-only ones with it.
function publicIds() {
  return [...OF_NODE].filter((name) => !SCHEME_ONLY.has(name))
    .concat([...SCHEME_ONLY].map((name) => `node:${name}`));
}

module.exports = { isMissing, isPublic, loadPublic, publicIds };
