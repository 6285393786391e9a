// SPDX-License-Identifier: Apache-2.0
// fs.watch and fs.watchFile: libuv's watchers as event emitters, and as async iterators.
'use strict';

const {
  AbortError,
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE },
  systemErrorOf,
} = require('internal/errors');
const host = require('internal/fs/host');
const ids = require('internal/async_ids');
const EventEmitter = require('events');
const {
  validateAbortSignal,
  validateBoolean,
  validateInteger,
  validateObject,
  validateOneOf,
  validateUint32,
} = require('internal/validators');
const { assertEncoding, getValidatedPath } = require('internal/fs/utils');

const kRename = 1; // UV_RENAME

function watchError(status, syscall, path) {
  const [code, text] = systemErrorOf(status);
  const shown = typeof path === 'string' || path === undefined ? path : require('buffer').Buffer.from(path).toString();
  const message = code === 'ENOSPC' ? 'System limit for number of file watchers reached' : text;
  const error = new Error(`${code}: ${message}, ${syscall}${shown === undefined ? '' : ` '${shown}'`}`);
  Object.assign(error, { errno: status, syscall, code });
  if (shown !== undefined) Object.assign(error, { path: shown, filename: shown });
  return error;
}

// A handle of the binding, which is closed once and then forgotten.
class Handle {
  #handle;

  constructor(started, syscall, path) {
    if (typeof started === 'number') throw watchError(started, syscall, path);
    this.#handle = started;
  }

  get isOpen() {
    return this.#handle !== undefined;
  }

  close() {
    if (this.#handle !== undefined) internalBinding('fs_watch').close(this.#handle);
    this.#handle = undefined;
  }

  ref() {
    if (this.#handle !== undefined) internalBinding('fs_watch').ref(this.#handle);
  }

  unref() {
    if (this.#handle !== undefined) internalBinding('fs_watch').unref(this.#handle);
  }
}

// -- options

function validateIgnore(ignore, name) {
  if (Array.isArray(ignore)) {
    ignore.forEach((each, i) => validateIgnore(each, `${name}[${i}]`));
    return;
  }
  if (typeof ignore === 'string') {
    if (ignore.length === 0) throw new ERR_INVALID_ARG_VALUE(name, ignore, 'must be a non-empty string');
  } else if (typeof ignore !== 'function' && !(ignore instanceof RegExp)) {
    throw new ERR_INVALID_ARG_TYPE(name, ['string', 'RegExp', 'Function'], ignore);
  }
}

// A function that tells whether a name is to be passed over; undefined when none is.
function createIgnoreMatcher(ignore) {
  if (ignore === undefined || ignore === null) return undefined;
  const tests = (Array.isArray(ignore) ? ignore : [ignore]).map((each) => {
    if (typeof each === 'function') return each;
    if (typeof each !== 'string') return (name) => each.test(name);
    const matcher = require('internal/fs/glob').createMatcher(each, { matchBase: true, dot: true });
    return (name) => matcher.match(name);
  });
  return (name) => tests.some((test) => test(name));
}

function watchOptions(options) {
  const given = typeof options === 'string' ? { encoding: options } : { ...options };
  const { persistent = true, recursive = false, encoding, ignore, signal } = given;
  validateBoolean(persistent, 'options.persistent');
  validateBoolean(recursive, 'options.recursive');
  if (encoding !== undefined && encoding !== null && typeof encoding !== 'string') {
    throw new ERR_INVALID_ARG_VALUE('options.encoding', encoding);
  }
  assertEncoding(encoding);
  if (ignore !== undefined && ignore !== null) validateIgnore(ignore, 'options.ignore');
  if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
  return { persistent, recursive, encoding: encoding ?? 'utf8', ignore: createIgnoreMatcher(ignore), signal };
}

// -- events

// A name from the binding, and the text that `ignore` and recursion need.
function decodeName(bytes) {
  return bytes === null ? null : require('buffer').Buffer.from(bytes);
}

function encodeName(buffer, encoding) {
  if (buffer === null) return null;
  return encoding === 'buffer' ? buffer : buffer.toString(encoding);
}

// A function that calls `callback` in the name of `resource`, if hooks are to hear of it (async_hooks).
const inNameOf = (resource, callback) =>
  resource === undefined ? callback : (...args) => resource.run(callback, ...args);

class FSWatcher extends EventEmitter {
  #resource = ids.track?.open('FSEVENTWRAP');
  #handles = new Map(); // by folder relative to what is watched: many only when it is recursive
  #options;
  #root;
  #isClosed = false;

  // Exposed for fs.watch() only.
  start(path, options) {
    this.#options = options;
    this.#root = path;
    this.#open('', path);
    if (options.recursive) this.#descend('');
  }

  #open(relative, path) {
    const onChange = (status, events, name) => {
      if (!this.#isClosed) this.#onChange(relative, status, events, decodeName(name));
    };
    const started = internalBinding('fs_watch').watch(path, inNameOf(this.#resource, onChange));
    const handle = new Handle(started, 'watch', path);
    if (!this.#options.persistent) handle.unref();
    this.#handles.set(relative, handle);
  }

  // Every folder below has a watcher of its own. One that is gone before it is watched is no failure.
  #descend(relative) {
    const { join } = require('path');
    const folder = join(String(this.#root), relative);
    let names, kinds;
    try {
      [names, kinds] = host.call('fs_tree', 'readdirKinds', folder);
    } catch (error) {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return;
      throw error;
    }
    names.forEach((name, i) => {
      if (kinds[i] === 2) this.#watchBelow(join(relative, name));
    });
  }

  #watchBelow(relative) {
    if (this.#handles.has(relative)) return;
    const { join } = require('path');
    try {
      this.#open(relative, join(String(this.#root), relative));
    } catch (error) {
      if (error.code === 'ENOENT') return;
      throw error;
    }
    this.#descend(relative);
  }

  #onChange(relative, status, events, name) {
    if (status < 0) {
      this.#closeHandles();
      this.emit('error', watchError(status, 'watch', name === null ? undefined : name.toString()));
      return;
    }
    const { encoding, ignore, recursive } = this.#options;
    if (!recursive) {
      if (name !== null && ignore?.(name.toString())) return;
      this.emit('change', events & kRename ? 'rename' : 'change', encodeName(name, encoding));
      return;
    }
    this.#onChangeBelow(relative, events, name);
  }

  #onChangeBelow(relative, events, name) {
    const { join } = require('path');
    const { encoding, ignore } = this.#options;
    const { Buffer } = require('buffer');
    const whole = name === null ? relative : join(relative, name.toString());
    if (ignore?.(whole)) return;
    const isRename = (events & kRename) !== 0;
    this.emit('change', isRename ? 'rename' : 'change', encodeName(Buffer.from(whole), encoding));
    if (!isRename || this.#isClosed) return;
    const stats = host.files.lstat(join(String(this.#root), whole), false, false);
    const { statsFromHost } = require('internal/fs/stats');
    if (stats === undefined) {
      this.#handles.get(whole)?.close();
      if (whole !== '') this.#handles.delete(whole);
    } else if (statsFromHost(stats, false).isDirectory() && !this.#handles.has(whole)) {
      this.#watchNew(whole);
    }
  }

  // What came into a new folder before its watcher did is told here.
  #watchNew(relative) {
    const { join } = require('path');
    this.#watchBelow(relative);
    const [names] = host.call('fs_tree', 'readdirKinds', join(String(this.#root), relative));
    for (const name of names) {
      if (this.#isClosed) return;
      const whole = join(relative, name);
      if (!this.#options.ignore?.(whole)) {
        this.emit('change', 'rename', encodeName(require('buffer').Buffer.from(whole), this.#options.encoding));
      }
    }
  }

  #closeHandles() {
    for (const handle of this.#handles.values()) handle.close();
    this.#handles.clear();
    this.#isClosed = true;
    this.#resource?.close();
  }

  close() {
    if (this.#isClosed) return;
    this.#closeHandles();
    process.nextTick(() => this.emit('close'));
  }

  ref() {
    for (const handle of this.#handles.values()) handle.ref();
    return this;
  }

  unref() {
    for (const handle of this.#handles.values()) handle.unref();
    return this;
  }
}

function onAbort(signal, listener) {
  if (signal === undefined) return;
  if (signal.aborted) process.nextTick(listener);
  else signal.addEventListener('abort', listener, { once: true });
}

function watch(filename, options, listener) {
  if (typeof options === 'function') [options, listener] = [undefined, options];
  const path = getValidatedPath(filename, 'filename');
  const checked = watchOptions(options);
  const watcher = new FSWatcher();
  watcher.start(path, checked);
  if (listener) watcher.addListener('change', listener);
  onAbort(checked.signal, () => watcher.close());
  return watcher;
}

// -- fs.promises.watch()

// Events wait in a queue for whoever iterates; one queue that is full drops, or fails, as `overflow` says.
class EventQueue {
  #events = [];
  #waiting;
  #failure;
  #options;

  constructor(options) {
    this.#options = options;
  }

  push(event) {
    const { maxQueue, overflow } = this.#options;
    if (this.#events.length >= maxQueue) {
      const {
        codes: { ERR_FS_WATCH_QUEUE_OVERFLOW },
      } = require('internal/errors');
      if (overflow === 'error') this.fail(new ERR_FS_WATCH_QUEUE_OVERFLOW(maxQueue));
      else process.emitWarning('fs.watch maxQueue exceeded');
      return;
    }
    this.#events.push(event);
    this.#waiting?.resolve();
  }

  fail(error) {
    this.#failure ??= error;
    this.#waiting?.resolve();
  }

  async next() {
    while (this.#events.length === 0) {
      if (this.#failure !== undefined) throw this.#failure;
      this.#waiting = Promise.withResolvers();
      await this.#waiting.promise;
    }
    return this.#events.shift();
  }
}

function queueOptions(options) {
  const { maxQueue = 2048, overflow = 'ignore' } = options ?? {};
  validateInteger(maxQueue, 'options.maxQueue');
  validateOneOf(overflow, 'options.overflow', ['ignore', 'error']);
  return { maxQueue, overflow };
}

async function* watchLater(filename, options = undefined) {
  const path = getValidatedPath(filename, 'filename');
  if (options !== undefined && typeof options !== 'string') validateObject(options, 'options');
  const checked = watchOptions(options);
  const queue = new EventQueue(queueOptions(typeof options === 'string' ? undefined : options));
  const { signal } = checked;
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
  const watcher = new FSWatcher();
  watcher.start(path, checked);
  watcher.on('change', (eventType, name) => queue.push({ __proto__: null, eventType, filename: name }));
  watcher.on('error', (error) => queue.fail(error));
  const abort = () => queue.fail(new AbortError(undefined, { cause: signal.reason }));
  signal?.addEventListener('abort', abort, { once: true });
  try {
    while (true) yield await queue.next();
  } finally {
    watcher.close();
    signal?.removeEventListener('abort', abort);
  }
}

// -- polling

class StatWatcher extends EventEmitter {
  #handle;
  #bigint;
  #lastStatus = 0;
  #resource;
  #isUnreferenced = false;

  constructor(bigint) {
    super();
    this.#bigint = bigint;
  }

  start(path, persistent, interval) {
    const { statsFromPoll } = require('internal/fs/stats');
    const onChange = (status, now, before) => {
      if (this.#lastStatus < 0 && status < 0) return;
      this.#lastStatus = status;
      this.emit('change', statsFromPoll(now, this.#bigint), statsFromPoll(before, this.#bigint));
    };
    this.#resource = ids.track?.open('STATWATCHER');
    const started = internalBinding('fs_watch').poll(path, interval, inNameOf(this.#resource, onChange));
    this.#handle = new Handle(started, 'watch', path);
    if (!persistent) this.unref();
  }

  stop() {
    if (!this.#handle.isOpen) return;
    this.#handle.close();
    this.#resource?.close();
    process.nextTick(() => this.emit('stop'));
  }

  ref() {
    if (this.#isUnreferenced) this.#handle.ref();
    this.#isUnreferenced = false;
    return this;
  }

  unref() {
    this.#handle.unref();
    this.#isUnreferenced = true;
    return this;
  }
}

const statWatchers = new Map(); // by absolute path

function absolutePath(filename) {
  return require('path').resolve(String(getValidatedPath(filename)));
}

function watchFile(filename, options, listener) {
  if (options === null || typeof options !== 'object') [options, listener] = [undefined, options];
  if (listener === undefined || typeof listener !== 'function') {
    const path = getValidatedPath(filename);
    throw new ERR_INVALID_ARG_TYPE('listener', 'Function', path === undefined ? undefined : listener);
  }
  const { bigint = false, persistent = true, interval = 5007 } = options ?? {};
  const path = absolutePath(filename);
  validateUint32(interval, 'interval');
  let watcher = statWatchers.get(path);
  if (watcher === undefined) {
    watcher = new StatWatcher(bigint);
    watcher.start(path, persistent, interval);
    statWatchers.set(path, watcher);
  }
  watcher.addListener('change', listener);
  return watcher;
}

function unwatchFile(filename, listener) {
  const path = absolutePath(filename);
  const watcher = statWatchers.get(path);
  if (watcher === undefined) return;
  if (typeof listener === 'function') watcher.removeListener('change', listener);
  else watcher.removeAllListeners('change');
  if (watcher.listenerCount('change') > 0) return;
  watcher.stop();
  statWatchers.delete(path);
}

module.exports = { FSWatcher, StatWatcher, unwatchFile, watch, watchFile, watchLater };
