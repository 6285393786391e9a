// SPDX-License-Identifier: Apache-2.0
//
// performance: the clock, marks and measures (https://w3c.github.io/user-timing/).
'use strict';

const {
  codes: {
    ERR_ILLEGAL_CONSTRUCTOR,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_THIS,
    ERR_MISSING_ARGS,
    ERR_PERFORMANCE_INVALID_TIMESTAMP,
  },
} = require('internal/errors');
const { customInspectSymbol, enumerable, setToStringTag } = require('internal/util');
const { hrtime } = internalBinding('process_methods');

const kCreate = Symbol('kCreate');
const [origin, timeOrigin] = internalBinding('process_methods').timeOrigin(); // ns of a monotonic clock, ms since 1970

const now = () => Number(hrtime() - origin) / 1e6;

const buffers = { __proto__: null, mark: [], measure: [] };
const observers = new Set();
let resources; // ResourceBuffer, once there is a resource

// The entries of the timeline that are of a type.
function kept(type) {
  return type === 'resource' ? (resources?.entries ?? []) : (buffers[type] ?? []);
}

function deliver(entry) {
  buffers[entry.entryType]?.push(entry);
  tellObservers(entry);
}

function tellObservers(entry) {
  for (const observer of observers) observer[kEnqueue](entry);
}
const kEnqueue = Symbol('kEnqueue');
const kWants = Symbol('kWants');

function noteObserved() {
  const observed = require('internal/perf/observed');
  for (const type of Object.keys(observed)) observed[type] = [...observers].some((each) => each[kWants](type));
}

class PerformanceEntry {
  #name;
  #entryType;
  #startTime;
  #duration;

  constructor(token = undefined, name, type, start, duration) {
    if (token !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this.#name = name;
    this.#entryType = type;
    this.#startTime = start;
    this.#duration = duration;
  }

  get name() {
    return this.#name;
  }

  get entryType() {
    return this.#entryType;
  }

  get startTime() {
    return this.#startTime;
  }

  get duration() {
    return this.#duration;
  }

  toJSON() {
    if (typeof this !== 'object' || this === null || !(#name in this)) throw new ERR_INVALID_THIS('PerformanceEntry');
    return { name: this.name, entryType: this.entryType, startTime: this.startTime, duration: this.duration };
  }

  [customInspectSymbol](depth, options) {
    if (depth < 0) return this;
    const { inspect } = require('internal/util/inspect');
    return `${this.constructor.name} ${inspect(this.toJSON(), { ...options, depth: options.depth == null ? null : options.depth - 1 })}`;
  }
}
setToStringTag(PerformanceEntry, 'PerformanceEntry');
enumerable(PerformanceEntry, 'name', 'entryType', 'startTime', 'duration', 'toJSON');

// An entry of a class that users cannot construct.
function createEntry(Class, name, type, start, duration) {
  return Reflect.construct(PerformanceEntry, [kCreate, name, type, start, duration], Class);
}

// What Node measures by itself: functions, collections ...
class PerformanceNodeEntry extends PerformanceEntry {
  constructor() {
    throw new ERR_ILLEGAL_CONSTRUCTOR();
  }

  toJSON() {
    return { ...super.toJSON(), detail: this.detail };
  }
}
setToStringTag(PerformanceNodeEntry, 'PerformanceNodeEntry');

function deliverNodeEntry(name, type, start, duration, detail) {
  const entry = createEntry(PerformanceNodeEntry, name, type, start, duration);
  Object.defineProperty(entry, 'detail', { __proto__: null, configurable: true, enumerable: true, value: detail });
  tellObservers(entry);
  return entry;
}

const cloneDetail = (detail) => (detail === undefined || detail === null ? null : structuredClone(detail));

class PerformanceMark extends PerformanceEntry {
  #detail;

  constructor(name, options = undefined) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('name');
    options ??= {};
    require('internal/validators').validateObject(options, 'options');
    const start = options.startTime ?? now();
    require('internal/validators').validateNumber(start, 'startTime');
    if (start < 0) throw new ERR_PERFORMANCE_INVALID_TIMESTAMP(start);
    super(kCreate, `${name}`, 'mark', start, 0);
    this.#detail = cloneDetail(options.detail);
  }

  get detail() {
    return this.#detail;
  }

  toJSON() {
    return { ...super.toJSON(), detail: this.#detail };
  }
}
setToStringTag(PerformanceMark, 'PerformanceMark');
enumerable(PerformanceMark, 'detail');

class PerformanceMeasure extends PerformanceEntry {
  #detail;

  constructor(token = undefined, name, start, duration, detail) {
    super(token, name, 'measure', start, duration);
    this.#detail = cloneDetail(detail);
  }

  get detail() {
    return this.#detail;
  }

  toJSON() {
    return { ...super.toJSON(), detail: this.#detail };
  }
}
setToStringTag(PerformanceMeasure, 'PerformanceMeasure');
enumerable(PerformanceMeasure, 'detail');

const MILESTONES = new Set(['nodeStart', 'v8Start', 'environment', 'loopStart', 'loopExit', 'bootstrapComplete']);

// A time: a number, or the name of a mark.
function timeOf(mark) {
  if (typeof mark === 'number') {
    if (mark < 0) throw new ERR_PERFORMANCE_INVALID_TIMESTAMP(mark);
    return mark;
  }
  if (MILESTONES.has(mark)) return performance.nodeTiming[mark];
  const entry = buffers.mark.findLast(({ name }) => name === `${mark}`);
  if (entry === undefined) {
    throw new DOMException(`The "${mark}" performance mark has not been set`, 'SyntaxError');
  }
  return entry.startTime;
}

function measureSpan(startOrOptions, endMark) {
  if (startOrOptions === undefined || startOrOptions === null || typeof startOrOptions !== 'object') {
    const end = endMark === undefined ? now() : timeOf(endMark);
    const start = startOrOptions === undefined || startOrOptions === null ? 0 : timeOf(startOrOptions);
    return { start, end };
  }
  const { start, end, duration, detail } = startOrOptions;
  const isEmpty = [start, end, duration, detail].every((member) => member === undefined);
  if (isEmpty) return { start: 0, end: endMark === undefined ? now() : timeOf(endMark) };
  if (endMark !== undefined) throw new ERR_INVALID_ARG_VALUE('endMark', endMark, 'must not be specified');
  if (start !== undefined && end !== undefined && duration !== undefined) {
    throw new ERR_INVALID_ARG_VALUE(
      'options',
      startOrOptions,
      'must not have options.start, options.end, and options.duration specified'
    );
  }
  const from = start !== undefined ? timeOf(start) : undefined;
  const to = end !== undefined ? timeOf(end) : undefined;
  if (duration === undefined || (from === undefined && to === undefined)) {
    return { start: from ?? 0, end: to ?? now(), detail };
  }
  return from !== undefined
    ? { start: from, end: from + duration, detail }
    : { start: to - duration, end: to, detail };
}

const byTime = (a, b) => a.startTime - b.startTime;
const allEntries = () => [...buffers.mark, ...buffers.measure, ...kept('resource')].sort(byTime);

class PerformanceObserverEntryList {
  #entries;

  constructor(token = undefined, entries) {
    if (token !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this.#entries = entries.sort(byTime);
  }

  getEntries() {
    return [...this.#entries];
  }

  getEntriesByType(type) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('type');
    return this.#entries.filter(({ entryType }) => entryType === `${type}`);
  }

  getEntriesByName(name, type = undefined) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('name');
    return this.#entries.filter(
      (entry) => entry.name === `${name}` && (type === undefined || entry.entryType === `${type}`)
    );
  }
}
setToStringTag(PerformanceObserverEntryList, 'PerformanceObserverEntryList');
enumerable(PerformanceObserverEntryList, 'getEntries', 'getEntriesByType', 'getEntriesByName');

const SUPPORTED_TYPES = Object.freeze([
  'dns',
  'function',
  'gc',
  'http',
  'http2',
  'mark',
  'measure',
  'net',
  'resource',
]);

const GC_MAJOR = 4;
const GC_FORCED = 4;

class PerformanceObserver {
  #buffer = [];
  #types = new Set();
  #callback;
  #isMultiple; // which form observe() was called in, once it was

  constructor(callback) {
    require('internal/validators').validateFunction(callback, 'callback');
    this.#callback = callback;
  }

  observe(options = {}) {
    require('internal/validators').validateObject(options, 'options');
    const { entryTypes, type, buffered } = options;
    if (entryTypes === undefined && type === undefined)
      throw new ERR_MISSING_ARGS('options.entryTypes', 'options.type');
    if (entryTypes != null && type != null) {
      throw new ERR_INVALID_ARG_VALUE(
        'options.entryTypes',
        entryTypes,
        'options.entryTypes can not set with options.type together'
      );
    }
    if (entryTypes !== undefined && !Array.isArray(entryTypes)) {
      throw new ERR_INVALID_ARG_TYPE('options.entryTypes', 'string[]', entryTypes);
    }
    this.#checkForm(entryTypes !== undefined);
    const wanted = (entryTypes ?? [type]).filter((name) => SUPPORTED_TYPES.includes(name));
    if (entryTypes !== undefined) this.#types.clear();
    for (const name of wanted) this.#types.add(name);
    if (this.#types.size === 0) return;
    observers.add(this);
    noteObserved();
    if (wanted.includes('gc')) {
      const { onCollection } = require('internal/perf/gc');
      onCollection((begin, time) => deliverNodeEntry('gc', 'gc', begin, time, { kind: GC_MAJOR, flags: GC_FORCED }));
    }
    if (buffered && type !== undefined) for (const entry of kept(type)) this[kEnqueue](entry);
  }

  #checkForm(isMultiple) {
    if (this.#isMultiple === undefined) this.#isMultiple = isMultiple;
    if (this.#isMultiple === isMultiple) return;
    const form = isMultiple ? 'multiple observations' : 'single observation';
    throw new DOMException(`PerformanceObserver can not change to ${form}`, 'InvalidModificationError');
  }

  disconnect() {
    observers.delete(this);
    this.#isMultiple = undefined;
    this.#buffer = [];
    this.#types.clear();
    noteObserved();
  }

  [kWants](type) {
    return this.#types.has(type);
  }

  takeRecords() {
    const records = this.#buffer;
    this.#buffer = [];
    return records;
  }

  [kEnqueue](entry) {
    if (!this.#types.has(entry.entryType)) return;
    this.#buffer.push(entry);
    if (this.#buffer.length > 1) return; // already scheduled
    setImmediate(() => {
      if (this.#buffer.length === 0) return;
      this.#callback(new PerformanceObserverEntryList(kCreate, this.takeRecords()), this);
    });
  }

  static get supportedEntryTypes() {
    return SUPPORTED_TYPES;
  }
}
setToStringTag(PerformanceObserver, 'PerformanceObserver');
enumerable(PerformanceObserver, 'observe', 'disconnect', 'takeRecords');

class Performance extends require('internal/event_target').EventTarget {
  #brand; // that this is one

  static #check(receiver) {
    if (typeof receiver !== 'object' || receiver === null || !(#brand in receiver)) throw new ERR_INVALID_THIS('Performance');
  }

  constructor(token = undefined) {
    if (token !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
    super();
  }

  now() {
    Performance.#check(this);
    return now();
  }

  get timeOrigin() {
    Performance.#check(this);
    return timeOrigin;
  }

  mark(name, options = undefined) {
    Performance.#check(this);
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('name');
    const mark = new PerformanceMark(name, options);
    deliver(mark);
    return mark;
  }

  measure(name, startOrOptions = undefined, endMark = undefined) {
    Performance.#check(this);
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('name');
    require('internal/validators').validateString(name, 'name');
    const { start, end, detail } = measureSpan(startOrOptions, endMark);
    const measure = new PerformanceMeasure(kCreate, name, start, end - start, detail);
    deliver(measure);
    return measure;
  }

  clearMarks(name = undefined) {
    Performance.#check(this);
    if (name !== undefined) name = `${name}`;
    buffers.mark = name === undefined ? [] : buffers.mark.filter((entry) => entry.name !== name);
  }

  clearMeasures(name = undefined) {
    Performance.#check(this);
    if (name !== undefined) name = `${name}`;
    buffers.measure = name === undefined ? [] : buffers.measure.filter((entry) => entry.name !== name);
  }

  clearResourceTimings() {
    Performance.#check(this);
    resources?.clear();
  }

  setResourceTimingBufferSize(size) {
    Performance.#check(this);
    resourceBuffer().setLimit(Number.isInteger(size) && size >= 0 ? size : 0);
  }

  // What fetch calls.
  markResourceTiming(info, url, initiatorType, global, cacheMode, bodyInfo, responseStatus, deliveryType = '') {
    const { AssertionError } = require('internal/assert/assertion_error');
    if (cacheMode !== '' && cacheMode !== 'local' && cacheMode !== 'validated') {
      throw new AssertionError({ message: 'cache must be an empty string, local or validated', operator: '==' });
    }
    const entry = resourceTiming().create(info, url, initiatorType, cacheMode, responseStatus, deliveryType);
    tellObservers(entry);
    resourceBuffer().add(entry);
    return entry;
  }

  getEntries() {
    Performance.#check(this);
    return allEntries();
  }

  getEntriesByName(name, type = undefined) {
    Performance.#check(this);
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('name');
    return allEntries().filter(
      (entry) => entry.name === `${name}` && (type === undefined || entry.entryType === `${type}`)
    );
  }

  getEntriesByType(type) {
    Performance.#check(this);
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('type');
    return allEntries().filter((entry) => entry.entryType === `${type}`);
  }

  get nodeTiming() {
    nodeTiming ??= require('internal/perf/node_timing').makeNodeTiming({
      PerformanceEntry, createEntry, now, bootstrapComplete: require('internal/process/setup').bootstrapComplete(),
    });
    return nodeTiming;
  }

  toJSON() {
    Performance.#check(this);
    return { nodeTiming: this.nodeTiming, timeOrigin, eventLoopUtilization: this.eventLoopUtilization() };
  }

  [customInspectSymbol](depth, options) {
    if (depth < 0) return this;
    const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    const { nodeTiming } = this;
    return `Performance ${require('internal/util/inspect').inspect({ nodeTiming, timeOrigin }, inner)}`;
  }
}
setToStringTag(Performance, 'Performance');
Performance.prototype.eventLoopUtilization = function eventLoopUtilization(newer, older) {
  return require('internal/event_loop_utilization').eventLoopUtilization(newer, older);
};
Performance.prototype.timerify = require('internal/perf/timerify').timerify;
enumerable(
  Performance,
  'clearMarks',
  'clearMeasures',
  'clearResourceTimings',
  'getEntries',
  'getEntriesByName',
  'getEntriesByType',
  'mark',
  'markResourceTiming',
  'measure',
  'nodeTiming',
  'now',
  'setResourceTimingBufferSize',
  'timeOrigin',
  'toJSON'
);

const performance = new Performance(kCreate);
require('internal/event_target').defineEventHandler(Performance.prototype, 'resourcetimingbufferfull');

let nodeTiming;
let resourceClass;

function resourceTiming() {
  resourceClass ??= require('internal/perf/resource_timing').makeResourceTiming({
    PerformanceEntry, createEntry, illegal: () => new ERR_ILLEGAL_CONSTRUCTOR(),
  });
  return resourceClass;
}

function resourceBuffer() {
  const { ResourceBuffer } = require('internal/perf/resource_timing');
  resources ??= new ResourceBuffer(() => performance.dispatchEvent(new Event('resourcetimingbufferfull')));
  return resources;
}

module.exports = {
  createEntry,
  deliverNodeEntry,
  now,
  Performance,
  performance,
  PerformanceEntry,
  PerformanceMark,
  PerformanceMeasure,
  PerformanceObserver,
  PerformanceObserverEntryList,
  get PerformanceResourceTiming() {
    return resourceTiming().PerformanceResourceTiming;
  },
};
