// SPDX-License-Identifier: Apache-2.0
//
// What `v8` tells of the heap. The engine has one, without generations: of V8's spaces, `old_space` is the whole and
// `code_space` the bytecode in it.
'use strict';

const binding = internalBinding('heap');
const { heap } = internalBinding('process_methods');
const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');

const SPACES = ['read_only_space', 'new_space', 'old_space', 'code_space', 'shared_space', 'trusted_space',
  'shared_trusted_space', 'new_large_object_space', 'large_object_space', 'code_large_object_space',
  'shared_large_object_space', 'shared_trusted_large_object_space', 'trusted_large_object_space'];

function getHeapSpaceStatistics() {
  const [used, total] = heap();
  const [, bytecode] = binding.codeSizes();
  const sizes = { old_space: [used - bytecode, total - bytecode], code_space: [bytecode, bytecode] };
  return SPACES.map((name) => {
    const [usedSize, size] = sizes[name] ?? [0, 0];
    return {
      space_name: name,
      space_size: size,
      space_used_size: usedSize,
      space_available_size: size - usedSize,
      physical_space_size: size,
    };
  });
}

function getHeapCodeStatistics() {
  const [functions, bytecode] = binding.codeSizes();
  return {
    code_and_metadata_size: functions,
    bytecode_and_metadata_size: bytecode,
    external_script_source_size: 0,
    cpu_profiler_metadata_size: 0,
  };
}

function queryObjects(constructor, options = {}) {
  const { validateObject, validateOneOf } = require('internal/validators');
  if (typeof constructor !== 'function') throw new ERR_INVALID_ARG_TYPE('constructor', 'Function', constructor);
  if (options !== undefined) validateObject(options, 'options');
  const { format = 'count' } = options;
  validateOneOf(format, 'options.format', ['count', 'summary']);
  require('internal/util').emitExperimentalWarning('v8.queryObjects()');
  const prototype = constructor.prototype;
  const found = typeof prototype === 'object' && prototype !== null ? binding.queryObjects(prototype) : [];
  if (format === 'count') return found.length;
  const { inspect } = require('internal/util/inspect');
  return found.map((object) => inspect(object, { depth: 0 }));
}

// One side of a collection, in V8's form.
function heapAt(bytes) {
  return {
    heapStatistics: {
      totalHeapSize: bytes,
      totalHeapSizeExecutable: 0,
      totalPhysicalSize: bytes,
      totalAvailableSize: 0,
      totalGlobalHandlesSize: 0,
      usedGlobalHandlesSize: 0,
      usedHeapSize: bytes,
      heapSizeLimit: 0,
      mallocedMemory: bytes,
      externalMemory: 0,
      peakMallocedMemory: bytes,
    },
    heapSpaceStatistics: [
      { spaceName: 'old_space', spaceSize: bytes, spaceUsedSize: bytes, spaceAvailableSize: 0, physicalSpaceSize: bytes },
    ],
  };
}

class GCProfiler {
  #first; // number of the first collection that is ours
  #startTime;

  start() {
    if (this.#first !== undefined) return;
    this.#startTime = Date.now();
    this.#first = binding.record();
  }

  stop() {
    if (this.#first === undefined) return undefined;
    const collections = binding.collectionsSince(this.#first);
    this.#first = undefined;
    return {
      version: 1,
      startTime: this.#startTime,
      statistics: collections.map(([cost, before, after]) =>
        ({ gcType: 'MarkSweepCompact', beforeGC: heapAt(before), cost, afterGC: heapAt(after) })),
      endTime: Date.now(),
    };
  }

  [Symbol.dispose]() {
    this.stop();
  }
}

module.exports = { GCProfiler, getHeapCodeStatistics, getHeapSpaceStatistics, queryObjects };
