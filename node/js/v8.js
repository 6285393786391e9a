// SPDX-License-Identifier: Apache-2.0
// `v8` says what can be said of another engine's heap; what is V8's own refuses.
'use strict';

const { validateString } = require('internal/validators');
const { refuseAll } = require('internal/refuse');
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

module.exports = {
  ...refuseAll('v8', [
    'cachedDataVersionTag',
    'getHeapSnapshot',
    'getHeapSpaceStatistics',
    'getHeapCodeStatistics',
    'getCppHeapStatistics',
    'setFlagsFromString',
    'takeCoverage',
    'stopCoverage',
    'writeHeapSnapshot',
    'queryObjects',
    'setHeapSnapshotNearHeapLimit',
    'GCProfiler',
    'startCpuProfile',
  ]),
  DefaultDeserializer,
  DefaultSerializer,
  deserialize,
  Deserializer,
  getHeapStatistics,
  isStringOneByteRepresentation,
  serialize,
  Serializer,
  promiseHooks: require('internal/promise_hooks'),
  startupSnapshot: {
    ...refuseAll('v8.startupSnapshot', [
      'addSerializeCallback',
      'addDeserializeCallback',
      'setDeserializeMainFunction',
    ]),
    isBuildingSnapshot: () => false,
  },
};
