// SPDX-License-Identifier: Apache-2.0
// fs.Dir: a directory that is read entry by entry. The host lists it once, when it is opened.
'use strict';

const {
  codes: { ERR_DIR_CLOSED, ERR_DIR_CONCURRENT_OPERATION, ERR_INVALID_THIS, ERR_MISSING_ARGS },
} = require('internal/errors');
const { validateBoolean, validateFunction, validateUint32 } = require('internal/validators');
const { encodeName, getOptions, getValidatedPath, isTextEncoding } = require('internal/fs/utils');
const host = require('internal/fs/host');
const { Dirent } = require('internal/fs/stats');
const { callAfter } = require('internal/requests');

const kIsClosed = Symbol('kIsClosed');
const AsyncIteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}).prototype);

class Dir {
  #path;
  #entries;
  #next = 0;
  #closed = false;
  #busy = 0; // reads that have not been told

  constructor(entries, path) {
    if (entries === undefined) throw new ERR_MISSING_ARGS('handle');
    this.#entries = entries;
    this.#path = path;
  }

  get path() {
    if (!(#path in this)) throw new ERR_INVALID_THIS('Dir');
    return this.#path;
  }

  [kIsClosed]() {
    return this.#closed;
  }

  #assertOpen() {
    if (this.#closed) throw new ERR_DIR_CLOSED();
  }

  #take() {
    return this.#next < this.#entries.length ? this.#entries[this.#next++] : null;
  }

  async #readLater() {
    this.#assertOpen();
    const entry = this.#take();
    this.#busy++;
    await undefined;
    this.#busy--;
    return entry;
  }

  async #closeLater() {
    this.#assertOpen();
    this.#closed = true;
  }

  read(callback) {
    if (callback === undefined) return this.#readLater();
    validateFunction(callback, 'callback');
    this.#assertOpen();
    this.#busy++;
    process.nextTick(() => {
      this.#busy--;
      callback(null, this.#take());
    });
    return undefined;
  }

  readSync() {
    this.#assertOpen();
    if (this.#busy > 0) throw new ERR_DIR_CONCURRENT_OPERATION();
    return this.#take();
  }

  close(callback) {
    if (callback === undefined) return this.#closeLater();
    validateFunction(callback, 'callback');
    callAfter(this.#closeLater(), callback);
    return undefined;
  }

  closeSync() {
    this.#assertOpen();
    if (this.#busy > 0) throw new ERR_DIR_CONCURRENT_OPERATION();
    this.#closed = true;
  }

  // Not a generator: who leaves a loop by an error finds the directory closed at once.
  entries() {
    const dir = this;
    return {
      __proto__: AsyncIteratorPrototype,
      async next() {
        const value = await dir.read();
        if (value !== null) return { value, done: false };
        await dir.close();
        return { value: undefined, done: true };
      },
      async return(value) {
        await dir.close();
        return { value, done: true };
      },
    };
  }
}

Object.defineProperty(Dir.prototype, Symbol.asyncIterator, {
  __proto__: null,
  configurable: true,
  value: Dir.prototype.entries,
  writable: true,
});
Object.defineProperty(Dir.prototype, Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose'), {
  __proto__: null,
  configurable: true,
  value: async function () {
    if (!this[kIsClosed]()) await this.close();
  },
  writable: true,
});
Object.defineProperty(Dir.prototype, Symbol.dispose, {
  __proto__: null,
  configurable: true,
  value: function () {
    if (!this[kIsClosed]()) this.closeSync();
  },
  writable: true,
});

// One level, or with `recursive` the whole tree below, parents before children.
function makeEntries(list, path, encoding) {
  const [names, kinds] = list;
  return names.map((name, i) => new Dirent(encodeName(name, encoding), kinds[i], path));
}

function prepare(path, options) {
  const { encoding, recursive = false, bufferSize = 32 } = getOptions(options, { encoding: 'utf8' });
  validateBoolean(recursive, 'options.recursive');
  validateUint32(bufferSize, 'options.bufferSize', true);
  return { path: getValidatedPath(path), encoding, recursive, raw: !isTextEncoding(encoding) };
}

function descend(entries) {
  const { join } = require('path');
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
}

// `first` is the primitive for the root: an error names `opendir` or `scandir` after what the user called.
function listSync(first, { path, encoding, recursive, raw }) {
  const entries = makeEntries(host.call('fs_tree', first, path, raw), path, encoding);
  const pending = recursive ? descend(entries) : [];
  while (pending.length > 0) {
    const inner = pending.shift();
    const found = makeEntries(host.call('fs_tree', 'readdirKinds', inner, raw), inner, encoding);
    entries.push(...found);
    pending.push(...descend(found));
  }
  return entries;
}

async function listLater(first, { path, encoding, recursive, raw }) {
  const entries = makeEntries(await host.submit('fs_tree', first, path, raw), path, encoding);
  const pending = recursive ? descend(entries) : [];
  while (pending.length > 0) {
    const inner = pending.shift();
    const found = makeEntries(await host.submit('fs_tree', 'readdirKinds', inner, raw), inner, encoding);
    entries.push(...found);
    pending.push(...descend(found));
  }
  return entries;
}

function opendirSync(path, options) {
  const own = prepare(path, options);
  return new Dir(listSync('opendir', own), own.path);
}

function opendirLater(path, options) {
  const own = prepare(path, options);
  return listLater('opendir', own).then((entries) => new Dir(entries, own.path));
}

// -- readdir's `recursive`: names relative to the root, or entries that know their parents

function relativeName(root, entry) {
  const path = require('path');
  return path.join(path.relative(root, entry.parentPath), entry.name);
}

function treeOptions(path, options) {
  const { encoding, withFileTypes = false } = getOptions(options);
  const own = prepare(path, { encoding: encoding === 'buffer' ? undefined : encoding, recursive: true });
  return { own, withFileTypes };
}

function shownTree(root, entries, withFileTypes) {
  return withFileTypes ? entries : entries.map((entry) => relativeName(root, entry));
}

function readTreeSync(path, options) {
  const { own, withFileTypes } = treeOptions(path, options);
  return shownTree(own.path, listSync('readdirKinds', own), withFileTypes);
}

function readTree(path, options) {
  const { own, withFileTypes } = treeOptions(path, options);
  return listLater('readdirKinds', own).then((entries) => shownTree(own.path, entries, withFileTypes));
}

module.exports = { Dir, opendirLater, opendirSync, readTree, readTreeSync };
