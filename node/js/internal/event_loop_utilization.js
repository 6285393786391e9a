// SPDX-License-Identifier: Apache-2.0
//
// How busy an event loop is: performance.eventLoopUtilization and the one of a Worker.
'use strict';

const NOTHING = { idle: 0, active: 0 };

function withShare(idle, active) {
  return { idle, active, utilization: idle + active === 0 ? 0 : active / (idle + active) };
}

// `times` gives ms since the loop began and how many of them it waited, undefined when there is no loop.
function utilization(times, newer, older) {
  if (older) return withShare(newer.idle - older.idle, newer.active - older.active);
  const now = times();
  if (now === undefined) return withShare(0, 0);
  const [alive, idle] = now;
  const before = newer ?? NOTHING;
  return withShare(idle - before.idle, alive - idle - before.active);
}

const { loopTimes } = internalBinding('process_methods');

module.exports = {
  utilization,
  eventLoopUtilization: (newer, older) => utilization(loopTimes, newer, older),
};
