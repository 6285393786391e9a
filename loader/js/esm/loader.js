// SPDX-License-Identifier: Apache-2.0
//
// The graph of ES modules: each URL is loaded once into a Job, linked with everything it imports, and
// evaluated, in the order of the language's specification.
//
// The engine calls importStatic in the middle of compiling a module, once for each of its requests; the
// module that it leads to is loaded before that returns. So the graph is complete when compile is.
'use strict';

const binding = internalBinding('modules');
const { enterRequire, leaveRequire } = require('internal/modules/cjs/resolve');
const { checkAttributes, getFormat } = require('internal/modules/esm/format');
const { resolve } = require('internal/modules/esm/resolve');
const { readSource, translators } = require('internal/modules/esm/translators');
const { pathToUrl } = require('internal/modules/esm/urls');
const { evaluateGraph, refuseBegun, states } = require('internal/modules/esm/evaluation');

class Job {
  constructor(url, format, isMain) {
    this.url = url;
    this.format = format;
    this.isMain = isMain;
    this.id = binding.create(url);
    this.state = LOADING;
    this.requests = []; // [specifier, job] in the order of the text
    this.failure = undefined; // { error } of loading, linking or running; the same each time it is imported
    this.isAsync = false; // it, or what it imports, had a top-level await to wait for
    this.isCircular = false; // imports itself, through others or not; known once it is to be evaluated
  }
}

const { LINKED, LOADED, LOADING } = states;

const jobs = new Map(); // URL -> job
const byId = []; // number of a record -> job

// --- Loading --------------------------------------------------------------------------------------

function makeJob(url, format, isMain) {
  const job = new Job(url, format, isMain);
  jobs.set(url, job);
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

// The job of a URL, loaded. One that is not there, or that the attributes do not fit, leaves no job behind.
function getJob(url, attributes, isMain = false) {
  const known = jobs.get(url);
  if (known !== undefined) {
    checkAttributes(url, known.format, attributes);
    if (known.failure !== undefined) throw known.failure.error;
    return known;
  }
  let source;
  const read = () => (source ??= readSource(url));
  const format = getFormat(url, read);
  checkAttributes(url, format, attributes);
  if (format !== 'builtin') read();
  enterRequire(); // stats are shared while a graph is loaded
  try {
    return translate(makeJob(url, format, isMain), source);
  } finally {
    leaveRequire();
  }
}

// A module whose text is not to be read from its URL: of the command line, or read before.
function getSourceJob(url, source, isMain) {
  if (jobs.has(url)) return getJob(url, undefined);
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

function resolveFor(parentUrl, specifier) {
  const key = `${specifier}\0${parentUrl}`;
  let url = resolved.get(key);
  if (url !== undefined) return url;
  try {
    url = resolve(specifier, parentUrl);
  } catch (error) {
    require('internal/modules/esm/errors').suggestFile(error, specifier, parentUrl);
    throw error;
  }
  resolved.set(key, url);
  return url;
}

function importStatic(parentId, specifier, attributes) {
  const parent = byId[parentId];
  const job = parent.original ?? getJob(resolveFor(parent.url, specifier), attributes);
  parent.requests.push([specifier, job]);
  return job.id;
}

// --- Linking --------------------------------------------------------------------------------------

// The jobs of a graph that are not linked yet, what is imported before what imports it. Throws the failure of
// one that could not be loaded: a graph with a hole is never linked.
function unlinked(job, found = new Set()) {
  if (job.failure !== undefined) throw job.failure.error;
  if (job.state >= LINKED || found.has(job)) return found;
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
    const explained = require('internal/modules/esm/errors').explainLinkError(error, graph);
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

// What import() is relative to: a module's URL, a CommonJS file, or text that is in no file.
function baseUrl(base) {
  if (/^(?:file|data|node):/.test(base)) return base;
  if (base.startsWith('/')) return pathToUrl(base);
  if (base.startsWith('evalmachine.')) {
    throw new (require('internal/errors').codes.ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING)();
  }
  // eval and new Function: the engine does not say in which file.
  const main = process.mainModule?.filename;
  return main ? pathToUrl(main) : `${pathToUrl(process.cwd())}/[eval1]`;
}

function importDynamic(base, specifier, attributes) {
  const parentUrl = baseUrl(base);
  const job = getJob(resolveFor(parentUrl, specifier), attributes);
  start(job);
  return job.id;
}

binding.setHooks(importStatic, importDynamic);

module.exports = {
  getJob,
  getSourceJob,
  makeFacade,
  resolveFor,
  start,
  unlinked,
  waiting,
};
