// SPDX-License-Identifier: Apache-2.0
//
// Evaluating a graph of modules in the order of the specification, and knowing at every moment how far it is: a
// module that runs may require an ES module, and the engine would not survive being asked for one that it has begun.
//
// The engine evaluates a graph in one call. Here each module gets a call of its own, in the same order. Only a
// circle of modules, with what hangs off it, is left to the engine whole (a Region); how far it has come is then
// worked out from which of its modules is running.
'use strict';

const binding = internalBinding('modules');
const { isHalfLoaded, running } = require('internal/modules/esm/translators');
const { shownUrl } = require('internal/modules/esm/urls');

const LOADING = 0; // its own requests are being loaded
const LOADED = 1;
const LINKED = 2;
const EVALUATING = 3; // begun: on the engine's stack, or about to be
const EVALUATED = 4; // has run, failed, or waits at a top-level await

const lazyErrors = () => require('internal/modules/esm/errors');

// Tarjan's algorithm over the jobs that are not evaluated: calls `leave(job)` where a job would run, and
// `close(jobs)` for each circle, or job that is in none.
function walk(root, isIncluded, leave, close) {
  const places = new Map(); // job -> { index, lowest, isOpen }
  const open = [];
  function enter(job) {
    const place = { index: places.size, lowest: places.size, isOpen: true };
    places.set(job, place);
    open.push(job);
    for (const [, request] of job.requests) {
      if (!isIncluded(request)) continue;
      const next = places.get(request) ?? enter(request);
      if (next.isOpen) place.lowest = Math.min(place.lowest, next.lowest);
    }
    leave(job, open);
    if (place.lowest === place.index) {
      const circle = open.splice(open.indexOf(job));
      for (const member of circle) places.get(member).isOpen = false;
      close(circle);
    }
    return place;
  }
  enter(root);
}

const isLinked = (job) => job.state === LINKED;
const importsItself = (job) => job.requests.some(([, request]) => request === job);

function markCircles(root) {
  walk(
    root,
    isLinked,
    () => {},
    (circle) => {
      const isCircular = circle.length > 1 || importsItself(circle[0]);
      for (const job of circle) job.isCircular = isCircular;
    }
  );
}

// What the engine evaluates in one call: a circle and everything it leads to.
class Region {
  constructor(root) {
    this.root = root;
    this.members = new Set();
    this.#collect(root);
  }

  #collect(job) {
    this.members.add(job);
    for (const [, request] of job.requests) {
      if (isLinked(request) && !this.members.has(request)) this.#collect(request);
    }
  }

  // Gives each member the state that it has while `current` runs. Without it all count as begun.
  settle(current) {
    for (const job of this.members) if (job.state !== EVALUATED) job.state = EVALUATING;
    if (current === undefined) return;
    const found = new Map();
    let begun; // jobs on the engine's stack
    const close = (circle) => {
      if (begun === undefined) for (const job of circle) found.set(job, EVALUATED);
    };
    const leave = (job, open) => {
      if (job === current) begun ??= [...open];
    };
    walk(this.root, (job) => this.members.has(job), leave, close);
    for (const job of begun) found.set(job, EVALUATING);
    for (const job of this.members) if (job.state !== EVALUATED) job.state = found.get(job) ?? LINKED;
  }

  finish(waits) {
    for (const job of this.members) {
      job.state = EVALUATED;
      job.isAsync = waits && binding.evaluate(job.id) !== undefined;
    }
  }

  // An error ended it. The engine knows which members have run, and is asked again when one is imported.
  abandon() {
    for (const job of this.members) if (job.state !== EVALUATED) job.state = LINKED;
  }
}

const regions = []; // of the calls into the engine that are under way; undefined for a single module

function callEngine(job, region) {
  regions.push(region);
  try {
    return binding.evaluate(job.id) !== undefined;
  } finally {
    regions.pop();
  }
}

function runRegion(job) {
  const region = new Region(job);
  region.settle(undefined);
  try {
    region.finish(callEngine(job, region));
  } finally {
    region.abandon();
  }
}

function runAlone(job) {
  try {
    job.isAsync = callEngine(job, undefined);
  } catch (error) {
    job.failure = { error };
    throw error;
  } finally {
    job.state = EVALUATED;
  }
}

function visitRequests(job) {
  for (const [specifier, request] of job.requests) {
    if (request.state === EVALUATING) throw lazyErrors().importCycleError(specifier, job, 'Module');
    if (isLinked(request) && isHalfLoaded(request)) {
      throw lazyErrors().importCycleError(specifier, job, 'CommonJS Module');
    }
    visit(request);
  }
}

function visit(job) {
  if (job.failure !== undefined) throw job.failure.error;
  if (job.state === EVALUATED) return;
  if (job.isCircular) {
    checkRegion(job);
    runRegion(job);
    return;
  }
  job.state = EVALUATING;
  try {
    visitRequests(job);
    runAlone(job);
  } finally {
    if (job.state === EVALUATING) job.state = LINKED; // one of its requests failed
  }
}

// The engine is not to meet a module that it has begun elsewhere.
function checkRegion(job) {
  for (const member of new Region(job).members) {
    for (const [specifier, request] of member.requests) {
      if (request.state === EVALUATING) throw lazyErrors().importCycleError(specifier, member, 'Module');
      if (isLinked(request) && isHalfLoaded(request)) {
        throw lazyErrors().importCycleError(specifier, member, 'CommonJS Module');
      }
    }
  }
}

// Which module of `region` runs: the one that requires now, or the CommonJS module that was begun last.
function currentIn(region, requirer) {
  for (const job of [requirer, running.at(-1)]) if (job !== undefined && region.members.has(job)) return job;
  return undefined;
}

// Refuses to link `graph` to a module that the engine has begun: it can do that no more than evaluate it.
function refuseBegun(graph, requirer) {
  const region = regions.at(-1);
  region?.settle(currentIn(region, requirer));
  for (const job of graph) {
    for (const [specifier, request] of job.requests) {
      if (request.state === EVALUATING) throw lazyErrors().importCycleError(specifier, job, 'Module');
    }
  }
}

// Evaluates a linked graph; throws what a module threw. The result is a promise while a module waits at a top-level
// await. `requirer` is the job of the file that requires `root`, if it has one.
function evaluateGraph(root, requirer) {
  const region = regions.at(-1);
  region?.settle(currentIn(region, requirer));
  if (root.state === EVALUATING) throw lazyErrors().cycleError(shownUrl(root.url), root.requirer);
  if (isLinked(root)) {
    markCircles(root);
    visit(root);
  } else if (root.failure !== undefined) throw root.failure.error;
  return binding.evaluate(root.id);
}

module.exports = { evaluateGraph, refuseBegun, states: { LINKED, LOADED, LOADING } };
