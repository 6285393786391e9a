// SPDX-License-Identifier: Apache-2.0
// fs.glob, and matching of names by patterns. minimatch reads the patterns; the walk is a generator that yields
// questions to the file system, so that the sync and the async forms are the same lines with different drivers.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const { validateAbortSignal, validateObject, validateString, validateStringArray } = require('internal/validators');
const host = require('internal/fs/host');
const { Dirent, statsFromHost } = require('internal/fs/stats');
const { GLOBSTAR, Minimatch, escape } = require('internal/deps/minimatch/dist/commonjs/index');
const path = require('path');

const kDirectory = 2;
const kLink = 3;

const kOptions = {
  nocaseMagicOnly: true,
  nocomment: true,
  nonegate: true,
  optimizationLevel: 2,
  platform: process.platform,
};

function createMatcher(pattern, options = undefined) {
  return new Minimatch(pattern, { ...kOptions, ...options });
}

// path.matchesGlob()
function matchGlobPattern(name, pattern, isWindows) {
  validateString(name, 'path');
  validateString(pattern, 'pattern');
  const platform = isWindows ? 'win32' : 'linux';
  return createMatcher(pattern, { nocase: false, platform, windowsPathsNoEscape: true }).match(name);
}

function kindOf(stats) {
  if (stats.isDirectory()) return kDirectory;
  if (stats.isSymbolicLink()) return kLink;
  return stats.isFile() ? 1 : 0;
}

function join(folder, name) {
  return folder === '' ? name : path.join(folder, name);
}

// True for what `**` goes through: no hidden name.
const isPlain = (name) => !name.startsWith('.');

// What is to be excluded: a function of names (or of Dirents), or patterns, which are relative to `cwd`.
function makeExclude(exclude, cwd, withFileTypes) {
  if (exclude === undefined || exclude === null) return () => false;
  if (typeof exclude === 'function') {
    if (withFileTypes) return (found, kind, toDirent) => Boolean(exclude(toDirent(found, kind)));
    return (found) => Boolean(exclude(path.basename(found)) || exclude(found)); // either, as in Node
  }
  const matchers = exclude.map((pattern) => {
    const whole = path.isAbsolute(pattern) ? pattern : `${escape(cwd)}/${pattern}`;
    return createMatcher(path.posix.normalize(whole));
  });
  return (found) => matchers.some((matcher) => matcher.match(path.resolve(cwd, found)));
}

class Walk {
  #cwd;
  #withFileTypes;
  #isExcluded;
  #patterns;
  #pending = []; // [folder, states]; a state is [pattern, the index of its part that names in the folder must match]
  #queued = new Set();
  #given = new Set();

  constructor(pattern, options) {
    const { cwd, exclude, withFileTypes = false } = options;
    this.#cwd = cwd === undefined ? process.cwd() : path.resolve(require('internal/url').toPathIfFileURL(cwd));
    this.#withFileTypes = withFileTypes;
    this.#isExcluded = makeExclude(exclude, this.#cwd, withFileTypes);
    const patterns = Array.isArray(pattern) ? pattern : [pattern];
    this.#patterns = patterns.flatMap((each) => createMatcher(each).set);
  }

  *run() {
    for (const parts of this.#patterns) {
      if (parts.length > 1 && parts[0] === '') this.#enter('/', [[parts, 1]]);
      else this.#enter('', [[parts, 0]]);
    }
    while (this.#pending.length > 0) {
      const [folder, states] = this.#pending.shift();
      yield* this.#visit(folder, states);
    }
  }

  // Queues a folder, with those states that it has not been visited with.
  #enter(folder, states) {
    const fresh = states.filter(([parts, index]) => {
      const key = `${folder}\0${this.#patterns.indexOf(parts)}\0${index}`;
      if (this.#queued.has(key)) return false;
      this.#queued.add(key);
      return true;
    });
    if (fresh.length > 0) this.#pending.push([folder, fresh]);
  }

  #toDirent(found, kind) {
    const whole = path.resolve(this.#cwd, found);
    return new Dirent(path.basename(whole), kind, path.dirname(whole));
  }

  #excludes(found, kind) {
    return this.#isExcluded(found, kind, (name, type) => this.#toDirent(name, type));
  }

  *#give(found, kind) {
    const name = found === '' ? '.' : found;
    if (this.#given.has(name)) return;
    this.#given.add(name);
    yield { found: this.#withFileTypes ? this.#toDirent(name, kind) : name };
  }

  // Parts that name nothing in the folder: an end that asks for the folder itself, `.`, `..`, and `**` as nothing.
  *#visit(folder, states) {
    const listed = [];
    for (const state of states) {
      const [parts, index] = state;
      const part = parts[index];
      const isLast = index === parts.length - 1;
      if (part === '' && isLast) {
        if (index > 0) yield* this.#give(folder, kDirectory);
      } else if (part === '.') {
        if (!isLast) states.push([parts, index + 1]);
      } else if (part === '..') {
        yield* this.#climb(folder, parts, index);
      } else if (typeof part === 'string') {
        yield* this.#lookUp(folder, part, [parts, index + 1]);
      } else {
        if (part === GLOBSTAR) {
          if (isLast) yield* this.#give(folder, kDirectory);
          else states.push([parts, index + 1]);
        }
        listed.push(state);
      }
    }
    if (listed.length > 0) yield* this.#list(folder, listed);
  }

  *#climb(folder, parts, index) {
    if (folder === '' && index === parts.length - 1) return;
    const parent = folder === '' ? '..' : path.join(folder, '..');
    if (index === parts.length - 1) yield* this.#give(parent, kDirectory);
    else this.#enter(parent === '.' ? '' : parent, [[parts, index + 1]]);
  }

  *#lookUp(folder, name, state) {
    const found = join(folder, name);
    const fields = yield ['fs', 'lstat', path.resolve(this.#cwd, found), false, true];
    if (fields !== undefined) yield* this.#meet(found, kindOf(statsFromHost(fields, false)), [state]);
  }

  *#list(folder, states) {
    const entries = yield ['fs_tree', 'readdirKinds', path.resolve(this.#cwd, folder)];
    if (entries === undefined) return;
    const [names, kinds] = entries;
    for (let i = 0; i < names.length; i++) {
      const next = [];
      for (const [parts, index] of states) {
        if (parts[index] !== GLOBSTAR) {
          if (parts[index].test(names[i])) next.push([parts, index + 1]);
        } else if (isPlain(names[i])) {
          if (index === parts.length - 1) next.push([parts, index + 1]);
          if (kinds[i] === kDirectory) next.push([parts, index]);
        }
      }
      if (next.length > 0) yield* this.#meet(join(folder, names[i]), kinds[i], next);
    }
  }

  // Something whose name matched: it is what a pattern looks for, or a folder to go into.
  *#meet(found, kind, states) {
    if (this.#excludes(found, kind)) return;
    if (states.some(([parts, index]) => index === parts.length)) yield* this.#give(found, kind);
    const open = states.filter(([parts, index]) => index < parts.length);
    if (open.length === 0) return;
    if (kind === kDirectory || (kind === kLink && (yield* this.#leadsToDirectory(found)))) this.#enter(found, open);
  }

  *#leadsToDirectory(found) {
    const fields = yield ['fs', 'stat', path.resolve(this.#cwd, found), false, true];
    return fields !== undefined && statsFromHost(fields, false).isDirectory();
  }
}

// -- drivers

// What cannot be looked at has nothing that matches.
const kUnseen = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP']);

function unlessUnseen(error) {
  if (!kUnseen.has(error.code)) throw error;
}

function stepSync(step) {
  try {
    return host.call(...step);
  } catch (error) {
    return unlessUnseen(error);
  }
}

function prepare(pattern, options) {
  if (Array.isArray(pattern)) validateStringArray(pattern, 'patterns');
  else validateString(pattern, 'patterns');
  if (options !== undefined && options !== null) validateObject(options, 'options');
  const { exclude, signal } = options ?? {};
  if (exclude !== undefined && exclude !== null) {
    if (Array.isArray(exclude)) validateStringArray(exclude, 'options.exclude');
    else if (typeof exclude !== 'function') {
      throw new ERR_INVALID_ARG_TYPE('options.exclude', ['function', 'string[]'], exclude);
    }
  }
  if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
  return new Walk(pattern, options ?? {});
}

function globSync(pattern, options) {
  const steps = prepare(pattern, options).run();
  const found = [];
  let { done, value } = steps.next();
  while (!done) {
    if (Array.isArray(value)) ({ done, value } = steps.next(stepSync(value)));
    else {
      found.push(value.found);
      ({ done, value } = steps.next());
    }
  }
  return found;
}

async function* globLater(pattern, options) {
  const steps = prepare(pattern, options).run();
  let { done, value } = steps.next();
  while (!done) {
    if (Array.isArray(value)) {
      ({ done, value } = steps.next(await host.submit(...value).catch(unlessUnseen)));
    } else {
      yield value.found;
      ({ done, value } = steps.next());
    }
  }
}

module.exports = { createMatcher, globLater, globSync, matchGlobPattern };
