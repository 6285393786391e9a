// SPDX-License-Identifier: Apache-2.0
//
// The graph of ES modules: each URL is loaded once into a Job, linked with everything it imports, and
// evaluated, in the order of the language's specification.
//
// The engine calls importStatic in the middle of compiling a module, once for each of its requests; the
// module that it leads to is loaded before that returns. So the graph is complete when compile is.
'use strict';

const binding = internalBinding('modules');
const diagnostics = require('internal/diagnostics');
const { enterRequire, leaveRequire } = require('internal/modules/cjs/resolve');
const { checkAttributes, checkScheme, getFormat, unknownFormat } = require('internal/modules/esm/format');
const hooks = require('internal/modules/hooks');
const { resolve } = require('internal/modules/esm/resolve');
const { readSource, translators } = require('internal/modules/esm/translators');
const { pathToUrl } = require('internal/modules/esm/urls');
const { evaluateGraph, refuseBegun, states } = require('internal/modules/esm/evaluation');

class Job {
  constructor(url, name, format, isMain) {
    this.url = url;
    this.format = format;
    this.isMain = isMain;
    this.id = binding.create(name);
    this.state = LOADING;
    this.requests = []; // [specifier, job] in the order of the text
    this.failure = undefined; // { error } of loading, linking or running; the same each time it is imported
    this.isAsync = false; // it, or what it imports, had a top-level await to wait for
    this.resolvedByHooks = false; // then CommonJS is not to resolve it again
    this.isFromThread = false; // its text was made by asynchronous hooks
    this.isCircular = false; // imports itself, through others or not; known once it is to be evaluated
  }
}

Object.setPrototypeOf(Job.prototype, null); // a program's Object.prototype is not to get in between

const { LINKED, LOADED, LOADING } = states;

const jobs = new Map(); // URL, and the type that the import gives if there is one -> job
const byId = []; // number of a record -> job

// --- Loading --------------------------------------------------------------------------------------

const keyOf = (url, type) => (type === undefined ? url : `${url}\0${type}`);

// Records have unique names: with hooks, a URL may be imported as more than one type.
function makeJob(url, format, isMain, type) {
  const name = type !== undefined && jobs.has(url) ? `${url} as ${type}` : url;
  const job = new Job(url, name, format, isMain);
  jobs.set(keyOf(url, type), job);
  byId[job.id] = job;
  return job;
}

// Makes the record, which loads what it imports. An error is remembered, for whoever asks next.
function translate(job, source) {
  try {
    translators[job.format](job, source);
  } catch (error) {
    job.failure = { error };
    throw error;
  }
  job.state = LOADED;
  return job;
}

function knownJob(url, type) {
  const known = jobs.get(keyOf(url, type));
  if (known?.failure !== undefined && known.state < LINKED) throw known.failure.error;
  return known;
}

function loadJob(url, { format, source }, attributes, isMain) {
  if (translators[format] === undefined) throw unknownFormat(url, format);
  enterRequire(); // stats are shared while a graph is loaded
  try {
    return translate(makeJob(url, format, isMain, attributes?.type), source);
  } finally {
    leaveRequire();
  }
}

// { format, source } of a URL.
function load(url, attributes) {
  checkScheme(url);
  let source;
  const read = () => (source ??= readSource(url));
  const format = getFormat(url, read, attributes);
  checkAttributes(url, format, attributes);
  if (format !== 'builtin' && format !== 'addon' && format !== null) read();
  return { format, source };
}

// The job of a URL, loaded. One that is not there, or that the attributes do not fit, leaves no job behind.
function getJob(url, attributes, isMain = false) {
  return knownJob(url, attributes?.type) ?? loadJob(url, load(url, attributes), attributes, isMain);
}

const isHooked = () =>
  hooks.resolveHooks.length > 0 || hooks.loadHooks.length > 0 || hooks.asynchronous !== undefined;

// The same through hooks, which decide on the URL as well.
function getHookedJob(parentUrl, specifier, attributes, isMain) {
  const hooked = require('internal/modules/esm/hooked');
  const resolution = hooked.resolve(specifier, parentUrl, attributes);
  const { url } = resolution;
  attributes = resolution.importAttributes ?? attributes;
  const known = knownJob(url, attributes?.type);
  if (known !== undefined) return known;
  const loaded = hooked.load(url, resolution.format, attributes);
  const job = loadJob(url, loaded, attributes, isMain);
  job.resolvedByHooks = resolution.isByHooks;
  job.isFromThread = loaded.isFromThread;
  return job;
}

// The job for what `parentUrl` asks for; the program's first file has no parent.
function requestJob(parentUrl, specifier, attributes, isMain = false) {
  if (isHooked()) return getHookedJob(parentUrl, specifier, attributes, isMain);
  return getJob(parentUrl === undefined ? specifier : resolveFor(parentUrl, specifier), attributes, isMain);
}

// A module whose text is not to be read from its URL: of the command line, or read before.
function getSourceJob(url, source, isMain) {
  const known = knownJob(url);
  if (known !== undefined) return known;
  const job = makeJob(url, 'module', isMain);
  job.source = source;
  return translate(job, source);
}

// A module made by the loader, which imports `target` as 'original'.
function makeFacade(url, source, target) {
  const job = makeJob(url, 'module', false);
  job.original = target;
  return translate(job, source);
}

const resolved = new Map(); // specifier and parent's URL -> URL; a file may go away once its module is there

function resolveFor(parentUrl, specifier, conditions) {
  const key = `${specifier}\0${parentUrl}`;
  let url = resolved.get(key);
  if (url !== undefined) return url;
  try {
    url = resolve(specifier, parentUrl, conditions);
  } catch (error) {
    require('internal/modules/esm/errors').suggestFile(error, specifier, parentUrl);
    throw error;
  }
  resolved.set(key, url);
  return url;
}

function importStatic(parentId, specifier, attributes) {
  const parent = byId[parentId];
  const job = parent.original ?? requestJob(parent.url, specifier, attributes);
  parent.requests.push([specifier, job]);
  return job.id;
}

// --- Linking --------------------------------------------------------------------------------------

// The jobs of a graph that are not linked yet, what is imported before what imports it. Throws the failure of
// one that could not be loaded: a graph with a hole is never linked.
function unlinked(job, found = new Set()) {
  if (job.state >= LINKED || found.has(job)) return found; // it may have failed since, when it was run
  if (job.failure !== undefined) throw job.failure.error;
  found.add(job);
  for (const [, request] of job.requests) unlinked(request, found);
  return found;
}

// The job of the file that requires `job`, if it has one.
const requirerOf = (job) => (job.requirer === undefined ? undefined : jobs.get(pathToUrl(job.requirer)));

function link(job) {
  if (job.state >= LINKED) return;
  const graph = unlinked(job);
  refuseBegun(graph, requirerOf(job));
  try {
    binding.link(job.id);
  } catch (error) {
    const explained = require('internal/modules/esm/errors').explainLinkError(error, graph, job.requirer !== undefined);
    (explained.importer ?? job).failure = { error };
    throw error;
  }
  for (const linked of graph) linked.state = LINKED;
}

function start(job) {
  link(job);
  try {
    return evaluateGraph(job, requirerOf(job));
  } catch (error) {
    require('internal/modules/esm/errors').explainMissingGlobal(error, job.url);
    throw error;
  }
}

// The module that keeps `job` waiting at a top-level await.
function waiting(job, seen = new Set()) {
  seen.add(job);
  for (const [, request] of job.requests) {
    if (!seen.has(request) && binding.evaluate(request.id) !== undefined) return waiting(request, seen);
  }
  return job;
}

// --- import() -------------------------------------------------------------------------------------

// What import() is relative to: a module's URL, which hooks may have made up, a CommonJS file, or text that is in no file.
function baseUrl(base) {
  if (/^[a-z][a-z\d+.-]+:/i.test(base)) return base;
  if (base.startsWith('/')) return pathToUrl(base);
  // What eval() runs without a file that called it.
  if (base === '') throw new (require('internal/errors').codes.ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING)();
  return `${pathToUrl(process.cwd())}/[eval1]`; // -e, the prompt, and names that are no files
}

function importDynamic(base, specifier, attributes) {
  const parentURL = baseUrl(base);
  const tracing = diagnostics.tracing?.('module.import');
  const job =
    tracing === undefined
      ? importNow(parentURL, specifier, attributes)
      : importTraced(tracing, parentURL, specifier, attributes);
  return job.id;
}

function importNow(parentUrl, specifier, attributes) {
  let job;
  try {
    job = requestJob(parentUrl, specifier, attributes);
  } catch (error) {
    if (error?.code !== 'ERR_ASYNC_LOADER_REQUEST_NEVER_SETTLED') throw error;
    job = getSourceJob('node:internal/never', 'await new Promise(() => {})', false);
  }
  start(job);
  return job;
}

// The events of TracingChannel.tracePromise: the engine has the promise, and settles it after this.
function importTraced(tracing, parentURL, url, attributes) {
  const context = { __proto__: null, parentURL, url };
  const settle = (name, value) => {
    context[name] = value;
    if (name === 'error') tracing.error.publish(context);
    tracing.asyncStart.publish(context);
    tracing.asyncEnd.publish(context);
  };
  return tracing.start.runStores(context, () => {
    let job;
    let failure;
    try {
      job = importNow(parentURL, url, attributes);
    } catch (error) {
      failure = { error };
    }
    tracing.end.publish(context);
    if (failure !== undefined) {
      settle('error', failure.error);
      throw failure.error;
    }
    const finish = () => settle('result', binding.getNamespace(job.id));
    const waits = binding.evaluate(job.id);
    if (waits === undefined) finish();
    else waits.then(finish, (error) => settle('error', error));
    return job;
  });
}

binding.setHooks(importStatic, importDynamic);

module.exports = {
  getJob,
  getSourceJob,
  knownJob,
  load,
  loadJob,
  makeFacade,
  namespaceOf: (job) => binding.getNamespace(job.id),
  requestJob,
  resolveFor,
  start,
  unlinked,
  waiting,
};
