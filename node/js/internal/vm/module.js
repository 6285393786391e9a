// SPDX-License-Identifier: Apache-2.0
//
// vm.SourceTextModule and vm.SyntheticModule. Whoever makes them answers their requests; the engine links and runs.
'use strict';

const {
  codes: {
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_THIS,
    ERR_MODULE_LINK_MISMATCH,
    ERR_VM_MODULE_ALREADY_LINKED,
    ERR_VM_MODULE_CACHED_DATA_REJECTED,
    ERR_VM_MODULE_CANNOT_CREATE_CACHED_DATA,
    ERR_VM_MODULE_DIFFERENT_CONTEXT,
    ERR_VM_MODULE_LINK_FAILURE,
    ERR_VM_MODULE_NOT_MODULE,
    ERR_VM_MODULE_STATUS,
  },
} = require('internal/errors');
const { emitExperimentalWarning } = require('internal/util');
const { isArrayBufferView } = require('internal/util/types');
const {
  validateBoolean,
  validateFunction,
  validateInt32,
  validateObject,
  validateString,
  validateUint32,
} = require('internal/validators');
const { isContext, realmFor } = require('internal/vm/contexts');
const { hostFor } = require('internal/vm/hosts');

const binding = internalBinding('vm_modules');

// By the engine's number; evaluation that waits for a promise counts as evaluated.
const STATUS = ['unlinked', 'linking', 'linked', 'evaluating', 'evaluated', 'evaluated'];

const lastOf = new WeakMap(); // context -> how many modules got a name by number in it
const mainContext = {};

function identify({ identifier, context = mainContext }) {
  if (identifier !== undefined) {
    validateString(identifier, 'options.identifier');
    return identifier;
  }
  const number = lastOf.get(context) ?? 0;
  lastOf.set(context, number + 1);
  return `vm:module(${number})`;
}

const kInside = Symbol('inside'); // of a module: { record, realm, requests, targets, failure, linking }

function inside(module) {
  const found = module?.[kInside];
  if (found === undefined) throw new ERR_INVALID_THIS('Module');
  return found;
}

const isModule = (value) => typeof value === 'object' && value !== null && value[kInside] !== undefined;

function checkContext(context) {
  if (context === undefined) return undefined;
  validateObject(context, 'options.context');
  if (!isContext(context)) throw new ERR_INVALID_ARG_TYPE('options.context', 'vm.Context', context);
  return realmFor(context);
}

// Every module of the graph that is not linked yet, by the identifier that a request of it has.
function unlinkedGraph(root, found = new Set()) {
  const { record, requests, targets = found.size > 0 && requests.length === 0 ? [] : undefined } = inside(root);
  if (found.has(root) || binding.status(record) >= 2) return found;
  found.add(root);
  if (targets === undefined) {
    const what = requests.length > 0 ? `request for '${requests[0].specifier}' can not be resolved on module` : 'request for module';
    throw new ERR_VM_MODULE_LINK_FAILURE(`${what} '${root.identifier}' that is not linked`);
  }
  for (const target of targets) unlinkedGraph(target, found);
  return found;
}

// The engine names neither importer nor specifier.
function explainLinkError(error, graph) {
  const missing = /^Could not find export '(.*)' in module '(.*)'$/.exec(error.message);
  if (missing === null) return;
  for (const importer of graph) {
    const { requests, targets } = inside(importer);
    const index = targets.findIndex((target) => binding.nameOf(inside(target).record) === missing[2]);
    if (index === -1) continue;
    error.message = `The requested module '${requests[index].specifier}' does not provide an export named '${missing[1]}'`;
    return;
  }
}

function instantiate(module) {
  const graph = unlinkedGraph(module);
  try {
    binding.link(inside(module).record);
  } catch (error) {
    explainLinkError(error, graph);
    throw error;
  }
}

function setTargets(module, targets) {
  const own = inside(module);
  binding.setRequests(own.record, targets.map((target) => inside(target).record));
  own.targets = targets;
}

function checkTarget(module, target) {
  if (!isModule(target)) throw new ERR_VM_MODULE_NOT_MODULE();
  if (target.context !== module.context) throw new ERR_VM_MODULE_DIFFERENT_CONTEXT();
}

// The linker is asked for every request of the graph, none waits for another.
async function linkGraph(module, linker) {
  const own = inside(module);
  own.linking = true;
  try {
    const targets = own.requests.map(async ({ specifier, attributes }) => {
      const target = await linker(specifier, module, { attributes, assert: attributes });
      checkTarget(module, target);
      if (target.status === 'errored') {
        const failure = new ERR_VM_MODULE_LINK_FAILURE(`request for '${specifier}' resolved to an errored module`);
        failure.cause = target.error;
        throw failure;
      }
      if (target.status === 'unlinked') await linkGraph(target, linker);
      return target;
    });
    setTargets(module, await Promise.all(targets));
  } catch (error) {
    own.failure = { error };
    throw error;
  } finally {
    own.linking = false;
  }
}

class Module {
  constructor(own) {
    emitExperimentalWarning('VM Modules');
    if (new.target === Module) throw new TypeError('Module is not a constructor');
    this[kInside] = own;
  }

  get identifier() {
    return inside(this).identifier;
  }

  get context() {
    return inside(this).context;
  }

  get status() {
    const { failure, linking, record } = inside(this);
    if (failure !== undefined || binding.error(record) !== undefined) return 'errored';
    return linking ? 'linking' : STATUS[binding.status(record)];
  }

  get error() {
    const { failure, record } = inside(this);
    if (failure !== undefined) return failure.error;
    const thrown = binding.error(record);
    if (thrown === undefined) throw new ERR_VM_MODULE_STATUS('must be errored');
    return thrown[0];
  }

  get namespace() {
    const { record } = inside(this);
    if (binding.status(record) < 2) throw new ERR_VM_MODULE_STATUS('must not be unlinked or linking');
    return binding.getNamespace(record);
  }

  async link(linker) {
    const { status } = this;
    validateFunction(linker, 'linker');
    if (status === 'linked') throw new ERR_VM_MODULE_ALREADY_LINKED();
    if (status !== 'unlinked') throw new ERR_VM_MODULE_STATUS('must be unlinked');
    await linkGraph(this, linker);
    instantiate(this);
  }

  evaluate(options = {}) {
    try {
      const own = inside(this);
      validateObject(options, 'options');
      const { timeout, breakOnSigint = false } = options;
      if (timeout !== undefined) validateUint32(timeout, 'options.timeout', true);
      validateBoolean(breakOnSigint, 'options.breakOnSigint');
      if (!['linked', 'evaluated', 'errored'].includes(this.status)) {
        throw new ERR_VM_MODULE_STATUS('must be one of linked, evaluated, or errored');
      }
      if (own.failure !== undefined) throw own.failure.error;
      return binding.evaluate(own.record, timeout ?? 0, breakOnSigint);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options) {
    inside(this);
    if (typeof depth === 'number' && depth < 0) return this;
    const constructor = this.constructor ?? Module;
    const shown = Object.create(Object.getPrototypeOf(this), {
      [Symbol.toStringTag]: { __proto__: null, configurable: true, value: constructor.name },
    });
    const visible = (value) => ({ __proto__: null, configurable: true, enumerable: true, value, writable: true });
    for (const name of ['status', 'identifier', 'context']) Object.defineProperty(shown, name, visible(this[name]));
    return require('internal/util/inspect').inspect(shown, { ...options, customInspect: false });
  }
}

const frozen = (object) => Object.freeze({ __proto__: null, ...object });

// What a module requests, each once; engine and API count alike.
function requestsOf(record) {
  return Object.freeze(
    binding.requests(record).map(([specifier, attributes]) =>
      frozen({ specifier, attributes: frozen(attributes), phase: 'evaluation' })
    )
  );
}

function compile(sourceText, identifier, line, realm, host, cachedData) {
  if (cachedData === undefined) return binding.compile(sourceText, identifier, line, realm, host);
  const bytecode = require('internal/vm/cached_data').open(cachedData, sourceText, 'module');
  if (bytecode === undefined) throw new ERR_VM_MODULE_CACHED_DATA_REJECTED();
  return binding.read(bytecode, realm, host);
}

class SourceTextModule extends Module {
  #sourceText;

  constructor(sourceText, options = {}) {
    validateString(sourceText, 'sourceText');
    validateObject(options, 'options');
    const { lineOffset = 0, columnOffset = 0, initializeImportMeta, importModuleDynamically, context, cachedData } = options;
    validateInt32(lineOffset, 'options.lineOffset');
    validateInt32(columnOffset, 'options.columnOffset');
    if (initializeImportMeta !== undefined) validateFunction(initializeImportMeta, 'options.initializeImportMeta');
    if (cachedData !== undefined && !isArrayBufferView(cachedData)) {
      throw new ERR_INVALID_ARG_TYPE('options.cachedData', ['Buffer', 'TypedArray', 'DataView'], cachedData);
    }
    const realm = checkContext(context);
    const identifier = identify(options);
    const host = { ...hostFor(importModuleDynamically, identifier), initializeImportMeta };
    const record = compile(sourceText, identifier, lineOffset + 1, realm, host, cachedData);
    super({ record, context, identifier, requests: requestsOf(record), targets: undefined, failure: undefined, linking: false });
    host.referrer = this;
    this.#sourceText = sourceText;
  }

  get moduleRequests() {
    return inside(this).requests;
  }

  get dependencySpecifiers() {
    const own = inside(this);
    return (own.specifiers ??= Object.freeze(own.requests.map(({ specifier }) => specifier)));
  }

  linkRequests(modules) {
    if (this.status !== 'unlinked') throw new ERR_VM_MODULE_STATUS('must be unlinked');
    const { requests } = inside(this);
    if (modules.length !== requests.length) {
      throw new ERR_MODULE_LINK_MISMATCH(`Expected ${requests.length} modules, got ${modules.length}`);
    }
    for (const module of modules) checkTarget(this, module);
    setTargets(this, [...modules]);
  }

  instantiate() {
    if (this.status !== 'unlinked') throw new ERR_VM_MODULE_STATUS('must be unlinked');
    instantiate(this);
  }

  hasTopLevelAwait() {
    return binding.hasTopLevelAwait(inside(this).record);
  }

  hasAsyncGraph() {
    const { record } = inside(this);
    if (binding.status(record) < 2) throw new ERR_VM_MODULE_STATUS('must be linked');
    const graph = new Set();
    const collect = (module) => {
      if (graph.has(module)) return;
      graph.add(module);
      inside(module).targets.forEach(collect);
    };
    collect(this);
    return [...graph].some((module) => binding.hasTopLevelAwait(inside(module).record));
  }

  createCachedData() {
    const { record } = inside(this);
    // Bytecode is written before the engine makes functions of it.
    if (['evaluating', 'evaluated', 'errored'].includes(this.status)) throw new ERR_VM_MODULE_CANNOT_CREATE_CACHED_DATA();
    return require('internal/vm/cached_data').seal(binding.write(record), this.#sourceText, 'module');
  }
}

class SyntheticModule extends Module {
  constructor(exportNames, evaluateCallback, options = {}) {
    if (!Array.isArray(exportNames) || exportNames.some((name) => typeof name !== 'string')) {
      throw new ERR_INVALID_ARG_TYPE('exportNames', 'Array of unique strings', exportNames);
    }
    exportNames.forEach((name, i) => {
      if (exportNames.includes(name, i + 1)) throw new ERR_INVALID_ARG_VALUE(`exportNames.${name}`, name, 'is duplicated');
    });
    validateFunction(evaluateCallback, 'evaluateCallback');
    validateObject(options, 'options');
    const { context } = options;
    const realm = checkContext(context);
    const identifier = identify(options);
    let self;
    const record = binding.createSynthetic(identifier, exportNames, () => evaluateCallback.call(self), realm);
    super({ record, context, identifier, requests: [], targets: [], failure: undefined, linking: false });
    self = this;
    binding.link(record); // there is nothing to wait for
    for (const name of exportNames) binding.setExport(record, name, undefined);
  }

  // It was linked when it was made.
  async link() {
    inside(this);
  }

  setExport(name, value) {
    const { record } = inside(this);
    validateString(name, 'name');
    if (binding.status(record) < 2) throw new ERR_VM_MODULE_STATUS('must be linked');
    if (!binding.setExport(record, name, value)) throw new ReferenceError(`Export '${name}' is not defined in module`);
  }
}

for (const [Class, names] of [
  [Module, ['identifier', 'context', 'namespace', 'status', 'error', 'link', 'evaluate']],
  [SourceTextModule, ['moduleRequests', 'dependencySpecifiers', 'linkRequests', 'instantiate', 'createCachedData']],
  [SyntheticModule, ['setExport']],
]) {
  for (const name of names) {
    Object.defineProperty(Class.prototype, name, {
      ...Object.getOwnPropertyDescriptor(Class.prototype, name),
      enumerable: true,
    });
  }
}

module.exports = { isModule, Module, SourceTextModule, SyntheticModule };
