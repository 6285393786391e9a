// SPDX-License-Identifier: Apache-2.0
//
// CommonJS: the class Module with the hooks that packages patch (`_load`, `_resolveFilename`, `_extensions`,
// `_findPath`, `wrap`, `prototype._compile`), called through the class so that a patch takes effect.
'use strict';

const { isMissing, isPublic, loadPublic, publicIds } = require('internal/builtins');
const { basename, dirname, isAbsolute, resolve } = require('internal/modules/paths');
const diagnostics = require('internal/diagnostics');
const finder = require('internal/modules/cjs/resolve');
const { loadHooks, resolveHooks } = require('internal/modules/hooks');

// What console.log(module) shows in Node, too.
const kIsMainSymbol = Symbol('kIsMainSymbol');
const kIsCachedByESMLoader = Symbol('kIsCachedByESMLoader');
const kURL = Symbol('kURL'); // set when hooks are told of the module
const kFormat = Symbol('kFormat'); // the same words as for ES modules, undefined when the text is to tell
const kIsExecuting = Symbol('kIsExecuting');

const parents = new WeakMap(); // module -> the module that required it first
const sources = new WeakMap(); // module -> its text, when that was read or made before the module is loaded
const loadedExports = new WeakMap(); // module -> its exports when it was loaded, until an import takes them
const requires = new WeakMap(); // module -> the `require` that its body gets, when that is not the usual one
const esModules = new WeakSet(); // modules that stand for an ES module

// A property, whatever setters the prototypes have got.
function setOwn(object, name, value) {
  Object.defineProperty(object, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    value,
    writable: true,
  });
}

function Module(id = '', parent) {
  this.id = id;
  this.path = dirname(id);
  setOwn(this, 'exports', {});
  if (parent !== undefined) parents.set(this, parent);
  updateChildren(parent, this, false);
  this.filename = null;
  this.loaded = false;
  this.children = [];
}

function updateChildren(parent, child, scan) {
  const children = parent?.children;
  if (children && !(scan && children.includes(child))) children.push(child);
}

let warnedOfParent = false;

// `module.parent` is deprecated but everywhere: only who asks is warned.
function warnOfParent() {
  if (warnedOfParent || !require('internal/options').getOptionValue('--pending-deprecation')) return;
  warnedOfParent = true;
  process.emitWarning(
    'module.parent is deprecated due to accuracy issues. Please use require.main to find program entry point instead.',
    'DeprecationWarning',
    'DEP0144'
  );
}

Object.defineProperty(Module.prototype, 'parent', {
  __proto__: null,
  get() {
    warnOfParent();
    return parents.get(this);
  },
  set(value) {
    warnOfParent();
    parents.set(this, value);
  },
});
Object.defineProperty(Module.prototype, 'isPreloading', {
  __proto__: null,
  get: () => preloading,
});
let preloading = false;
// An accessor, so that a module is shown as a plain object.
Object.defineProperty(Module.prototype, 'constructor', { __proto__: null, get: () => Module });

Module._cache = { __proto__: null };
Module._pathCache = { __proto__: null };
Module._extensions = { __proto__: null };
Module.Module = Module;

// --- Wrapping -----------------------------------------------------------------------------------

const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'];
// A property that is computed when it is first read, and an ordinary one from then on. Assigning to it on an object that
// inherits it, as a subclass of Module does, makes an ordinary one there.
function defineLazily(name, compute) {
  const settle = (owner, value) =>
    Object.defineProperty(owner, name, { __proto__: null, configurable: true, enumerable: true, value, writable: true });
  Object.defineProperty(Module, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get: () => settle(Module, compute())[name],
    set(value) {
      settle(this, value);
    },
  });
}

let patched = false; // somebody replaced wrap or wrapper: then modules are compiled through it

let wrap = function wrap(script) {
  return Module.wrapper[0] + script + Module.wrapper[1];
};
let wrapper = new Proxy(['(function (exports, require, module, __filename, __dirname) { ', '\n});'], {
  __proto__: null,
  set(target, property, value, receiver) {
    patched = true;
    return Reflect.set(target, property, value, receiver);
  },
  defineProperty(target, property, descriptor) {
    patched = true;
    return Object.defineProperty(target, property, descriptor);
  },
});
Object.defineProperty(Module, 'wrap', {
  __proto__: null,
  get: () => wrap,
  set(value) {
    patched = true;
    wrap = value;
  },
});
Object.defineProperty(Module, 'wrapper', {
  __proto__: null,
  get: () => wrapper,
  set(value) {
    patched = true;
    wrapper = value;
  },
});

defineLazily('builtinModules', () => Object.freeze(publicIds()));
Module.isBuiltin = function isBuiltin(name) {
  return typeof name === 'string' && (isPublic(name) || isMissing(name));
};

// --- Resolving ----------------------------------------------------------------------------------

// Who replaces one of these two decides what is there, and what package.json says, for require().
for (const [name, property] of [
  ['_stat', 'stat'],
  ['_readPackage', 'readPackageConfig'],
]) {
  Object.defineProperty(Module, name, {
    __proto__: null,
    configurable: true,
    get: () => finder.replaceable[property],
    set(value) {
      require('internal/process/warning').emitExperimentalWarning(`Module.${name}`);
      finder.replaceable[property] = value;
    },
  });
}
Module._nodeModulePaths = finder.nodeModulePaths;

Module._findPath = function _findPath(request, paths, isMain = false, conditions = undefined) {
  if (isAbsolute(request)) paths = [''];
  else if (!paths || paths.length === 0) return false;
  const key = `${request}\x00${paths.join('\x00')}`;
  const known = Module._pathCache[key];
  if (known) return known;
  const found = finder.findPath(request, paths, Object.keys(Module._extensions), isMain, conditions);
  if (found === undefined) return false;
  Module._pathCache[key] = found;
  return found;
};

const isRelative = (request) => /^\.\.?(?:\/|$)/.test(request);
// Looked for in the folder of who asks: `..x` is, by an oddity of Node.
const isBelowParent = (request) => /^\.(?:$|[./])/.test(request);

// The folders in which `request` is looked for, null for a builtin.
Module._resolveLookupPaths = function _resolveLookupPaths(request, parent) {
  if (isPublic(request) || isMissing(request)) return null;
  if (!isBelowParent(request)) {
    const paths = Module.globalPaths;
    return parent?.paths?.length ? parent.paths.concat(paths) : paths;
  }
  // Without a file (the REPL, `new Module('x')`) a relative request starts at the working directory.
  if (!parent || !parent.id || !parent.filename)
    return ['.'];
  return [dirname(parent.filename)];
};

function pathsOfOption(request, paths) {
  if (!Array.isArray(paths)) {
    const {
      codes: { ERR_INVALID_ARG_VALUE },
    } = require('internal/errors');
    throw new ERR_INVALID_ARG_VALUE('options.paths', paths);
  }
  if (isRelative(request)) return paths;
  const parent = new Module('', null);
  const found = [];
  for (const path of paths) {
    parent.paths = finder.nodeModulePaths(path);
    for (const lookup of Module._resolveLookupPaths(request, parent)) {
      if (!found.includes(lookup)) found.push(lookup);
    }
  }
  return found;
}

function notFound(request, parent) {
  const requireStack = [];
  for (let cursor = parent; cursor; cursor = parents.get(cursor))
    requireStack.push(cursor.filename || cursor.id);
  let message = `Cannot find module '${request}'`;
  if (requireStack.length > 0) message += `\nRequire stack:\n- ${requireStack.join('\n- ')}`;
  const error = new Error(message);
  error.code = 'MODULE_NOT_FOUND';
  error.requireStack = requireStack;
  return error;
}

// What a request is made from; without a file, the working directory.
function fileOfParent(parent) {
  if (parent?.filename) return parent.filename;
  if (parent?.id !== '<repl>' && parent?.id !== 'internal/preload') return undefined;
  try {
    return `${process.cwd()}/`;
  } catch {
    return undefined; // it was removed
  }
}

Module._resolveFilename = function _resolveFilename(request, parent, isMain, options) {
  if (isPublic(request) || isMissing(request)) return request;
  let paths;
  if (typeof options === 'object' && options !== null && options.paths !== undefined) {
    paths = pathsOfOption(request, options.paths);
  } else paths = Module._resolveLookupPaths(request, parent);

  const conditions = options?.conditions;
  const parentPath = fileOfParent(parent);
  if (request[0] === '#' && parentPath !== undefined) {
    const found = finder.resolveImports(parentPath, request, conditions);
    if (found !== undefined) return found;
  }
  const self =
    request[0] === '.' || request[0] === '/' ? undefined : finder.resolveSelf(parentPath, request, conditions);
  if (self !== undefined) {
    Module._pathCache[`${request}\x00${paths.length === 1 ? paths[0] : paths.join('\x00')}`] = self;
    return self;
  }
  const filename = Module._findPath(request, paths, isMain, conditions);
  if (filename) return filename;
  throw notFound(request, parent);
};

// --- Loading ------------------------------------------------------------------------------------

function loadBuiltin(request) {
  const name = request.startsWith('node:') ? request.slice(5) : request;
  if (isPublic(request)) return loadPublic(name);
  const { codes } = require('internal/errors');
  if (!isMissing(request)) throw new codes.ERR_UNKNOWN_BUILTIN_MODULE(request);
  const error = new Error(`The built-in module '${name}' is not implemented in edgejs yet`);
  error.code = 'ERR_METHOD_NOT_IMPLEMENTED';
  throw error;
}

// Reading a name that a half loaded module does not have yet deserves a warning, so its exports inherit from
// a proxy that gives one until it is loaded.
const warningPrototype = new Proxy(
  {},
  {
    __proto__: null,
    get(target, property) {
      if (property in target || property === '__esModule') return target[property];
      warnMissing(property);
      return undefined;
    },
    getOwnPropertyDescriptor(target, property) {
      if (Object.hasOwn(target, property) || property === '__esModule') {
        return Object.getOwnPropertyDescriptor(target, property);
      }
      warnMissing(property);
      return undefined;
    },
  }
);

function warnMissing(property) {
  process.emitWarning(
    `Accessing non-existent property '${String(property)}' of module exports inside circular dependency`
  );
}

function exportsOfCycle(module) {
  if (esModules.has(module)) {
    throw require('internal/modules/esm/errors').cycleError(module.filename, parents.get(module)?.filename);
  }
  const { exports } = module;
  const isPlain =
    exports !== null &&
    typeof exports === 'object' &&
    internalBinding('util').getProxyDetails(exports) === undefined &&
    Object.getPrototypeOf(exports) === Object.prototype &&
    !exports.__esModule;
  if (isPlain) Object.setPrototypeOf(exports, warningPrototype);
  return exports;
}

function endCycle(module) {
  const { exports } = module;
  if (
    exports !== null &&
    typeof exports === 'object' &&
    internalBinding('util').getProxyDetails(exports) === undefined &&
    Object.getPrototypeOf(exports) === warningPrototype
  ) {
    Object.setPrototypeOf(exports, Object.prototype);
  }
}

// (folder, request) -> file, for files that are loaded: the short cut of most requires.
const relativeResolveCache = { __proto__: null };

function cachedExports(filename, parent) {
  const cached = Module._cache[filename];
  if (cached === undefined) return undefined;
  updateChildren(parent, cached, true);
  return cached;
}

// A builtin's exports; or, when load hooks make something else of it, undefined and what they gave.
function loadBuiltinOrGiven(request, url, format) {
  if (loadHooks.length === 0) return { exports: loadBuiltin(request) };
  const given = require('internal/modules/cjs/hooked').loadBuiltin(request, url, format);
  return given === undefined ? { exports: loadBuiltin(request) } : { exports: undefined, given };
}

const isBuiltinRequest = (request) => isPublic(request) || isMissing(request);

// The steps of require(X): cache, builtin, new module. The loader of ES modules says in `internal` what it knows:
// { resolved: { filename, url, format }, shouldSkipModuleHooks, source, makeRequire }.
Module._load = function _load(request, parent, isMain, internal) {
  let key;
  if (parent) {
    key = `${parent.path}\x00${request}`;
    const filename = relativeResolveCache[key];
    if (filename !== undefined) {
      const cached = cachedExports(filename, parent);
      if (cached !== undefined) return cached.loaded ? cached.exports : exportsOfCycle(cached);
      delete relativeResolveCache[key];
    }
  }
  let filename = request;
  let url;
  let format;
  if (internal?.resolved !== undefined) ({ filename, url, format } = internal.resolved);
  else if (resolveHooks.length > 0 && !internal?.shouldSkipModuleHooks) {
    ({ filename, url, format } = require('internal/modules/cjs/hooked').resolve(request, parent, isMain));
  } else if (!request.startsWith('node:')) {
    filename = Module._resolveFilename(request, parent, isMain);
  }

  let given;
  const isPrefixed = request.startsWith('node:') && (url === undefined || url === request);
  if (!isPrefixed) {
    const cached = cachedExports(filename, parent);
    if (cached !== undefined) {
      if (key !== undefined && isAbsolute(filename)) relativeResolveCache[key] = filename;
      return cached.loaded ? cached.exports : exportsOfCycle(cached);
    }
  }
  if (isPrefixed || isBuiltinRequest(filename)) {
    const builtin = loadBuiltinOrGiven(isPrefixed ? request : filename, url, format);
    if (builtin.given === undefined) return builtin.exports;
    ({ given } = builtin);
    ({ format } = given);
    if (isPrefixed) filename = request.slice(5);
  }

  const module = new Module(filename, parent);
  if (isMain) {
    process.mainModule = module;
    if (internal === undefined) module.id = '.'; // an import gives it no other name
  }
  module[kIsMainSymbol] = Boolean(isMain);
  Module._cache[filename] = module;
  module[kIsCachedByESMLoader] = false;
  module[kURL] = url;
  module[kFormat] = format;
  const source = given?.source ?? internal?.source;
  if (source !== undefined && source !== null) sources.set(module, source);
  if (internal?.makeRequire !== undefined) requires.set(module, internal.makeRequire(module));
  if (key !== undefined) relativeResolveCache[key] = filename;
  loadOrForget(module, filename, parent, key);
  return module.exports;
};

function loadOrForget(module, filename, parent, key) {
  let threw = true;
  try {
    module.load(filename);
    threw = false;
  } finally {
    if (threw) {
      delete Module._cache[filename];
      if (parent !== undefined && parent !== null) {
        delete relativeResolveCache[key];
        const index = parent.children?.indexOf(module) ?? -1;
        if (index !== -1) parent.children.splice(index, 1);
      }
    } else endCycle(module);
  }
}

// The longest extension that has a loader: `x.y.js` has `.y.js` when that is registered.
function findLongestRegisteredExtension(filename) {
  const name = basename(filename);
  for (let dot = name.indexOf('.', 1); dot !== -1; dot = name.indexOf('.', dot + 1)) {
    const extension = name.slice(dot);
    if (Module._extensions[extension]) return extension;
  }
  return '.js';
}

const HANDLERS = { __proto__: null, addon: '.node', json: '.json' };

Module.prototype.load = function load(filename) {
  this.filename ??= filename;
  this.paths ??= Module._nodeModulePaths(dirname(filename));
  const extension =
    this[kFormat] === undefined
      ? findLongestRegisteredExtension(filename)
      : (HANDLERS[this[kFormat]] ?? '.js');
  Module._extensions[extension](this, filename);
  this.loaded = true;
  loadedExports.set(this, this.exports);
};

// What an import of a module that require() loaded gives, whatever became of module.exports since.
function takeExports(module) {
  if (!loadedExports.has(module)) return module.exports;
  const exports = loadedExports.get(module);
  loadedExports.delete(module);
  return exports;
}

Module.prototype.require = function (id) {
  if (typeof id !== 'string') require('internal/validators').validateString(id, 'id');
  if (id === '') {
    const {
      codes: { ERR_INVALID_ARG_VALUE },
    } = require('internal/errors');
    throw new ERR_INVALID_ARG_VALUE('id', id, 'must be a non-empty string');
  }
  finder.enterRequire();
  try {
    const tracing = diagnostics.tracing?.('module.require');
    if (tracing === undefined) return Module._load(id, this, false);
    const parentFilename = this.filename ?? undefined;
    return tracing.traceSync(Module._load, { __proto__: null, parentFilename, id }, Module, id, this, false);
  } finally {
    finder.leaveRequire();
  }
};
Object.defineProperty(Module.prototype.require, 'name', {
  __proto__: null,
  configurable: true,
  value: 'require',
});

// --- Entry points -------------------------------------------------------------------------------

function createRequireFromPath(filename, url) {
  // A trailing slash means: any file in that folder.
  const proxyPath = filename.endsWith('/') ? `${filename}noop.js` : filename;
  const module = new Module(proxyPath);
  module.filename = proxyPath;
  if (url !== undefined) module[kURL] = url; // with its query, for hooks to see
  module.paths = Module._nodeModulePaths(module.path);
  return require('internal/modules/cjs/require').makeRequireFunction(Module, module);
}

Module.createRequire = function createRequire(filename) {
  if (typeof filename === 'string' && isAbsolute(filename)) return createRequireFromPath(filename);
  const { URL, fileURLToPath } = require('internal/url');
  if (typeof filename === 'string' || filename instanceof URL) {
    const url = URL.parse(filename);
    if (url?.protocol === 'file:') return createRequireFromPath(fileURLToPath(url), url.href);
  }
  const {
    codes: { ERR_INVALID_ARG_VALUE },
  } = require('internal/errors');
  throw new ERR_INVALID_ARG_VALUE(
    'filename',
    filename,
    'must be a file URL object, file URL string, or absolute path string'
  );
};

// NODE_PATH, then the folders of old: $HOME/.node_modules, $HOME/.node_libraries and <prefix>/lib/node.
function globalPaths() {
  const { get } = internalBinding('environment');
  const home = get('HOME');
  const nodePath = get('NODE_PATH');
  const paths = [resolve(dirname(process.execPath), '../lib/node')];
  if (home) paths.unshift(resolve(home, '.node_modules'), resolve(home, '.node_libraries'));
  if (nodePath) paths.unshift(...nodePath.split(':').filter(Boolean));
  return paths;
}
Module._initPaths = function _initPaths() {
  Module.globalPaths = globalPaths();
};
defineLazily('globalPaths', globalPaths);

// -r: modules that are loaded before the program, found from the working directory.
Module._preloadModules = function _preloadModules(requests) {
  if (!Array.isArray(requests) || requests.length === 0) return;
  preloading = true;
  const parent = new Module('internal/preload', null);
  try {
    parent.paths = Module._nodeModulePaths(process.cwd());
  } catch (error) {
    if (error.code !== 'ENOENT') throw error; // a folder that is gone has no modules; absolute paths do without
  }
  for (const request of requests) parent.require(request);
  preloading = false;
};

Module.runMain = function executeUserEntryPoint(main) {
  return require('internal/modules/run_main').runEntryPoint(main);
};

Module._debug = () => {};

module.exports = {
  createRequireFromPath,
  esModules,
  findLongestRegisteredExtension,
  kFormat,
  kIsExecuting,
  kIsMainSymbol,
  kURL,
  loadBuiltin,
  Module,
  parentOf: (module) => parents.get(module),
  requires,
  setOwn,
  sources,
  takeExports,
  isPatched: () => patched,
};
require('internal/modules/cjs/formats'); // fills Module._extensions
