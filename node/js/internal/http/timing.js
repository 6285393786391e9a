// SPDX-License-Identifier: Apache-2.0
//
// Entries of type 'http' for PerformanceObserver: how long requests took, seen from either side.
'use strict';

const observed = require('internal/perf/observed');

const kTiming = Symbol('timing');

// `req` is what the entry says of the request.
function startTiming(message, name, req) {
  message[kTiming] = { name, start: require('internal/performance').now(), req };
}

function stopTiming(message, response) {
  const timing = message[kTiming];
  if (timing === undefined || !observed.http) return;
  message[kTiming] = undefined;
  const { deliverNodeEntry, now } = require('internal/performance');
  const { statusCode, statusMessage } = response;
  const headers = typeof response.getHeaders === 'function' ? response.getHeaders() : response.headers;
  const detail = { req: timing.req, res: { statusCode, statusMessage, headers } };
  deliverNodeEntry(timing.name, 'http', timing.start, now() - timing.start, detail);
}

module.exports = { startTiming, stopTiming };
