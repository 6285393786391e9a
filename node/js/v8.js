// SPDX-License-Identifier: Apache-2.0
// `v8` says what can be said of another engine's heap; what is V8's own refuses.
'use strict';

const { validateString } = require('internal/validators');
const { refuseAll } = require('internal/refuse');
const { setFlagsFromString } = require('internal/engine_flags');
const { GCProfiler, getHeapCodeStatistics, getHeapSpaceStatistics, queryObjects } = require('internal/heap');
const {
  DefaultDeserializer,
  DefaultSerializer,
  deserialize,
  Deserializer,
  serialize,
  Serializer,
} = require('internal/serdes');

function getHeapStatistics() {
  const [used, total] = internalBinding('process_methods').heap();
  return {
    total_heap_size: total,
    total_heap_size_executable: 0,
    total_physical_size: total,
    total_available_size: require('os').freemem(),
    used_heap_size: used,
    heap_size_limit: require('os').totalmem(),
    malloced_memory: used,
    peak_malloced_memory: total,
    does_zap_garbage: 0,
    number_of_native_contexts: 1,
    number_of_detached_contexts: 0,
    total_global_handles_size: 0,
    used_global_handles_size: 0,
    external_memory: 0,
    total_allocated_bytes: total,
  };
}

function isStringOneByteRepresentation(content) {
  validateString(content, 'content');
  return !/[^\0-\xff]/.test(content);
}

// Differs between versions of the engine, whose bytecode differs too.
function cachedDataVersionTag() {
  let tag = 0;
  for (const char of `${process.versions.quickjs} ${process.versions.edgejs}`) tag = (tag * 31 + char.charCodeAt(0)) >>> 0;
  return tag;
}

function refuseSnapshot() {
  throw new (require('internal/errors').codes.ERR_NOT_BUILDING_SNAPSHOT)();
}

module.exports = {
  ...refuseAll('v8', [
    'getHeapSnapshot',
    'getCppHeapStatistics',
    'takeCoverage',
    'stopCoverage',
    'writeHeapSnapshot',
    'setHeapSnapshotNearHeapLimit',
    'startCpuProfile',
  ]),
  cachedDataVersionTag,
  DefaultDeserializer,
  DefaultSerializer,
  deserialize,
  Deserializer,
  GCProfiler,
  getHeapCodeStatistics,
  getHeapSpaceStatistics,
  getHeapStatistics,
  isStringOneByteRepresentation,
  queryObjects,
  serialize,
  Serializer,
  setFlagsFromString,
  promiseHooks: require('internal/promise_hooks'),
  startupSnapshot: {
    addSerializeCallback: refuseSnapshot,
    addDeserializeCallback: refuseSnapshot,
    setDeserializeMainFunction: refuseSnapshot,
    isBuildingSnapshot: () => false,
  },
};
