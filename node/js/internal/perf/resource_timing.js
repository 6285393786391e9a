// SPDX-License-Identifier: Apache-2.0
//
// PerformanceResourceTiming (https://w3c.github.io/resource-timing/) and the buffer that keeps its entries.
'use strict';

const { enumerable, setToStringTag } = require('internal/util');

// Members that are read off the timing information of fetch.
const TIMES = {
  workerStart: (info) => info.finalServiceWorkerStartTime,
  redirectStart: (info) => info.redirectStartTime,
  redirectEnd: (info) => info.redirectEndTime,
  fetchStart: (info) => info.postRedirectStartTime,
  domainLookupStart: (info) => info.finalConnectionTimingInfo?.domainLookupStartTime,
  domainLookupEnd: (info) => info.finalConnectionTimingInfo?.domainLookupEndTime,
  connectStart: (info) => info.finalConnectionTimingInfo?.connectionStartTime,
  connectEnd: (info) => info.finalConnectionTimingInfo?.connectionEndTime,
  secureConnectionStart: (info) => info.finalConnectionTimingInfo?.secureConnectionStartTime,
  nextHopProtocol: (info) => info.finalConnectionTimingInfo?.ALPNNegotiatedProtocol,
  requestStart: (info) => info.finalNetworkRequestStartTime,
  responseStart: (info) => info.finalNetworkResponseStartTime,
  responseEnd: (info) => info.endTime,
  encodedBodySize: (info) => info.encodedBodySize,
  decodedBodySize: (info) => info.decodedBodySize,
};
const SHOWN = ['initiatorType', 'nextHopProtocol', 'workerStart', 'redirectStart', 'redirectEnd', 'fetchStart',
  'domainLookupStart', 'domainLookupEnd', 'connectStart', 'connectEnd', 'secureConnectionStart', 'requestStart',
  'responseStart', 'responseEnd', 'transferSize', 'encodedBodySize', 'decodedBodySize', 'deliveryType',
  'responseStatus'];
const HEADERS_SIZE = 300; // what the standard adds for the headers of a response

const states = new WeakMap(); // entry -> { info, cacheMode, initiatorType, deliveryType, responseStatus }

function makeResourceTiming({ PerformanceEntry, createEntry, illegal }) {
  class PerformanceResourceTiming extends PerformanceEntry {
    constructor() {
      throw illegal();
    }

    get initiatorType() {
      return states.get(this).initiatorType;
    }

    get transferSize() {
      const { cacheMode, info } = states.get(this);
      if (cacheMode === 'local') return 0;
      if (cacheMode === 'validated') return HEADERS_SIZE;
      return info.encodedBodySize + HEADERS_SIZE;
    }

    get deliveryType() {
      return states.get(this).deliveryType;
    }

    get responseStatus() {
      return states.get(this).responseStatus;
    }

    toJSON() {
      const { name, entryType, startTime, duration } = this;
      return { name, entryType, startTime, duration, ...Object.fromEntries(SHOWN.map((key) => [key, this[key]])) };
    }
  }
  for (const name of Object.keys(TIMES)) {
    const { get } = Object.getOwnPropertyDescriptor(
      {
        get [name]() {
          return TIMES[name](states.get(this).info);
        },
      },
      name
    );
    Object.defineProperty(PerformanceResourceTiming.prototype, name, {
      __proto__: null, configurable: true, enumerable: true, get,
    });
  }
  enumerable(PerformanceResourceTiming, 'initiatorType', 'transferSize', 'deliveryType', 'responseStatus', 'toJSON');
  setToStringTag(PerformanceResourceTiming, 'PerformanceResourceTiming');

  function create(info, url, initiatorType, cacheMode, responseStatus, deliveryType) {
    const { startTime, endTime } = info;
    const entry = createEntry(PerformanceResourceTiming, url, 'resource', startTime, endTime - startTime);
    states.set(entry, { cacheMode, deliveryType, info, initiatorType, responseStatus });
    return entry;
  }
  return { create, PerformanceResourceTiming };
}

// The steps "add a PerformanceResourceTiming entry" and "fire a buffer full event" of the standard.
class ResourceBuffer {
  #isFullPending = false;
  #limit = 250;
  #secondary = [];
  entries = [];

  // `fire()` dispatches 'resourcetimingbufferfull'.
  constructor(fire) {
    this.fire = fire;
  }

  setLimit(limit) {
    this.#limit = limit;
  }

  clear() {
    this.entries = [];
  }

  get #hasRoom() {
    return this.entries.length < this.#limit;
  }

  add(entry) {
    if (this.#hasRoom && !this.#isFullPending) {
      this.entries.push(entry);
      return;
    }
    if (!this.#isFullPending) {
      this.#isFullPending = true;
      require('timers').setImmediate(() => this.#full());
    }
    this.#secondary.push(entry);
  }

  #full() {
    while (this.#secondary.length > 0) {
      const before = this.#secondary.length;
      if (!this.#hasRoom) this.fire();
      while (this.#hasRoom && this.#secondary.length > 0) this.entries.push(this.#secondary.shift());
      if (this.#secondary.length >= before) this.#secondary = [];
    }
    this.#isFullPending = false;
  }
}

module.exports = { makeResourceTiming, ResourceBuffer };
