// SPDX-License-Identifier: Apache-2.0
//
// require() of an ES module (https://nodejs.org/api/modules.html#loading-ecmascript-modules-using-require): the
// whole graph is evaluated at once, so nothing in it may have a top-level await.
'use strict';

const binding = internalBinding('modules');
const loader = require('internal/modules/esm/loader');
const { getOptionValue } = require('internal/options');
const { pathToUrl, urlToPath } = require('internal/modules/esm/urls');

function asyncError(filename, parent) {
  const {
    codes: { ERR_REQUIRE_ASYNC_MODULE },
  } = require('internal/errors');
  return new ERR_REQUIRE_ASYNC_MODULE(filename, parent?.filename);
}

const FACADE = `export * from 'original'; export { default } from 'original'; export const __esModule = true;`;
const facades = new Map(); // URL of a module -> namespace

// With a default export, transpiled code needs the mark that it knows ES modules by.
function withEsModuleMark(job) {
  let marked = facades.get(job.url);
  if (marked === undefined) {
    const facade = loader.makeFacade(`node:internal/require?${job.url}`, FACADE, job);
    loader.start(facade);
    marked = binding.getNamespace(facade.id);
    facades.set(job.url, marked);
  }
  return marked;
}

// What require(filename) gives.
function exportsOf(job) {
  const namespace = binding.getNamespace(job.id);
  if (Object.hasOwn(namespace, 'module.exports')) return namespace['module.exports'];
  if (!Object.hasOwn(namespace, 'default') || Object.hasOwn(namespace, '__esModule')) return namespace;
  return withEsModuleMark(job);
}

const FROM = {
  '__proto__': null,
  '.': 'The entry point',
  '<repl>': 'The REPL',
  'internal/preload': '--require',
};

// --trace-require-module: `no-node-modules` leaves out what packages require.
function traceRequire(module, parent) {
  const mode = getOptionValue('--trace-require-module');
  if (!mode || parent === undefined || parent === null) return;
  if (mode === 'no-node-modules' && parent.filename?.includes('/node_modules/')) return;
  const name = parent.filename || parent.id;
  const from = FROM[name] ?? (name && `CommonJS module ${name}`);
  const to = module.id || module.filename;
  require('internal/process/warning').emitExperimentalWarning(
    'Support for loading ES Module in require()',
    from && to ? `${from} is loading ES Module ${to} using require().\n` : '',
    parent.require
  );
}

// --experimental-print-required-tla: the graph is run all the same, and the place is printed.
function printAwaits(job, awaiting) {
  if (!getOptionValue('--experimental-print-required-tla')) return;
  loader.start(job);
  const place = require('internal/modules/esm/awaits').findAwait(awaiting);
  if (place === undefined) return;
  const { line, column, text } = place;
  process._rawDebug(
    `Error: unexpected top-level await at ${awaiting.url}:${line}\n${text}\n${' '.repeat(column)}^`
  );
}

// What `parentUrl` gets that requires `specifier` through the hooks of imports.
function requireRequest(parentUrl, specifier, attributes, parent) {
  const job = loader.requestJob(parentUrl, specifier, attributes);
  if (job.format === 'module' && getOptionValue('--require-module') === false)
    throw new (require('internal/errors').codes.ERR_REQUIRE_ESM)(job.url, true);
  refuseAwaits(job, job.url.startsWith('file:') ? urlToPath(job.url) : job.url, parent);
  loader.start(job);
  return job.format === 'module' ? exportsOf(job) : exportsOfSynthetic(job);
}

function exportsOfSynthetic(job) {
  const namespace = binding.getNamespace(job.id);
  return Object.hasOwn(namespace, 'module.exports') ? namespace['module.exports'] : namespace.default;
}

function refuseAwaits(job, filename, parent) {
  for (const each of loader.unlinked(job)) {
    if (each.format !== 'module' || !binding.hasTopLevelAwait(each.id)) continue;
    printAwaits(job, each);
    throw asyncError(filename, parent);
  }
}

// Fills `module` with the ES module in `filename`. `source` is its text when that was read already.
function requireModule(module, filename, source, parent) {
  traceRequire(module, parent);
  const url = pathToUrl(filename);
  const job = source === undefined ? loader.getJob(url) : loader.getSourceJob(url, source, false);
  job.requirer = parent?.filename ?? undefined;
  refuseAwaits(job, filename, parent);
  if (job.isAsync || loader.start(job) !== undefined) throw asyncError(filename, parent);
  module.exports = exportsOf(job);
}

module.exports = { requireModule, requireRequest };
