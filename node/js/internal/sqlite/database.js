// SPDX-License-Identifier: Apache-2.0
//
// DatabaseSync and backup().
'use strict';

const {
  codes: { ERR_CONSTRUCT_CALL_REQUIRED },
} = require('internal/errors');
const { refusal } = require('internal/refuse');
const { check, fault, invalidState, invalidType, option, pathOf, resultValue } = require('internal/sqlite/arguments');
const { createStatement } = require('internal/sqlite/statement');

const { called, host } = require('internal/sqlite/host');
const { makeLimits, readLimits } = require('internal/sqlite/limits');

const STATEMENT_OPTIONS = { readBigInts: false, returnArrays: false, allowBareNamedParameters: true,
  allowUnknownNamedParameters: false };

function statementOptions(options, defaults) {
  return Object.fromEntries(
    Object.keys(STATEMENT_OPTIONS).map((name) => [name, option(options, name, 'boolean', defaults[name])])
  );
}

// What an authorizer may answer: SQLITE_OK, SQLITE_DENY or SQLITE_IGNORE.
function authorization(code) {
  if (!Number.isInteger(code)) {
    throw invalidType('Authorizer callback must return an integer authorization code');
  }
  if (code < 0 || code > 2) {
    throw fault(RangeError, 'ERR_OUT_OF_RANGE', 'Authorizer callback returned a invalid authorization code');
  }
  return code;
}

let handleOf; // (database) -> number of its connection

class Database {
  #foreignKeys;
  #givenLimits;
  #handle;
  #limits;
  #path;
  #readOnly;
  #statements;
  #timeout;
  #allowsExtensions;

  constructor(path, options = undefined) {
    this.#path = pathOf(path);
    if (options !== undefined) check(options, 'options', 'object');
    const open = option(options, 'open', 'boolean', true);
    this.#readOnly = option(options, 'readOnly', 'boolean', false);
    this.#foreignKeys = option(options, 'enableForeignKeyConstraints', 'boolean', true);
    option(options, 'enableDoubleQuotedStringLiterals', 'boolean', false);
    this.#allowsExtensions = option(options, 'allowExtension', 'boolean', false);
    if (this.#allowsExtensions && process.permission !== undefined) {
      const message = 'Cannot load SQLite extensions when the permission model is enabled';
      throw fault(Error, 'ERR_LOAD_SQLITE_EXTENSION', message);
    }
    this.#timeout = option(options, 'timeout', 'integer', 0);
    this.#statements = statementOptions(options, STATEMENT_OPTIONS);
    Object.defineProperty(this, Symbol.for('sqlite-type'), { __proto__: null, value: 'node:sqlite' });
    this.#givenLimits = readLimits(options?.limits);
    if (open) this.open();
  }

  static {
    handleOf = (database) => database.#opened();
  }

  #opened() {
    if (this.#handle === undefined) throw invalidState('database is not open');
    return this.#handle;
  }

  open() {
    if (this.#handle !== undefined) throw invalidState('database is already open');
    this.#handle = host.open(this.#path, this.#readOnly, this.#timeout, this.#foreignKeys);
    for (const [number, value] of this.#givenLimits) host.limit(this.#handle, number, value);
  }

  close() {
    host.close(this.#opened());
    this.#handle = undefined;
  }

  get isOpen() {
    return this.#handle !== undefined;
  }

  get isTransaction() {
    return host.inTransaction(this.#opened());
  }

  location(name = 'main') {
    const handle = this.#opened();
    check(name, 'dbName', 'string');
    return host.location(handle, name) ?? null;
  }

  // The database as the bytes of its file.
  serialize(name = 'main') {
    const handle = this.#opened();
    check(name, 'dbName', 'string');
    return new Uint8Array(host.serialize(handle, name));
  }

  deserialize(buffer, options = undefined) {
    const handle = this.#opened();
    if (!(buffer instanceof Uint8Array)) throw invalidType('The "buffer" argument must be a Uint8Array.');
    if (buffer.length === 0) throw fault(TypeError, 'ERR_INVALID_ARG_VALUE', 'The "buffer" argument must not be empty.');
    if (options !== undefined) check(options, 'options', 'object');
    host.deserialize(handle, buffer, option(options, 'dbName', 'string', 'main'));
  }

  loadExtension(path) {
    this.#opened();
    if (!this.#allowsExtensions) throw invalidState('extension loading is not allowed');
    check(path, 'path', 'string');
    throw refusal('DatabaseSync.prototype.loadExtension');
  }

  enableLoadExtension(allow) {
    this.#opened();
    check(allow, 'allow', 'boolean');
    if (!allow) return; // it never is enabled
    if (!this.#allowsExtensions) {
      throw invalidState('Cannot enable extension loading because it was disabled at database creation.');
    }
    throw refusal('DatabaseSync.prototype.enableLoadExtension');
  }

  exec(sql) {
    const handle = this.#opened();
    host.exec(handle, check(sql, 'sql', 'string'));
  }

  prepare(sql, options = undefined) {
    this.#opened();
    check(sql, 'sql', 'string');
    if (options !== undefined) check(options, 'options', 'object');
    const own = statementOptions(options, this.#statements);
    return createStatement({ handle: () => this.#opened() }, sql, own);
  }

  function(name, options, fn) {
    const handle = this.#opened();
    check(name, 'name', 'string');
    if (typeof options === 'function' && fn === undefined) {
      fn = options;
      options = undefined;
    } else if (fn !== undefined || options !== undefined) check(options, 'options', 'object');
    const big = option(options, 'useBigIntArguments', 'boolean', false);
    const varargs = option(options, 'varargs', 'boolean', false);
    const deterministic = option(options, 'deterministic', 'boolean', false);
    const directOnly = option(options, 'directOnly', 'boolean', false);
    check(fn, 'function', 'function');
    if (directOnly) throw refusal("DatabaseSync.prototype.function() with the option 'directOnly'");
    host.define(handle, name, varargs ? -1 : fn.length, deterministic, big, called((...args) => resultValue(fn(...args))));
  }

  aggregate(name, options) {
    const handle = this.#opened();
    check(name, 'name', 'string');
    check(options, 'options', 'object');
    const { start } = options;
    if (start === undefined) {
      throw invalidType('The "options.start" argument must be a function or a primitive value.');
    }
    const step = check(options.step, 'options.step', 'function');
    const big = option(options, 'useBigIntArguments', 'boolean', false);
    const varargs = option(options, 'varargs', 'boolean', false);
    const directOnly = option(options, 'directOnly', 'boolean', false);
    const inverse = option(options, 'inverse', 'function');
    const result = option(options, 'result', 'function', (total) => total);
    if (directOnly) throw refusal("DatabaseSync.prototype.aggregate() with the option 'directOnly'");
    const count = varargs ? -1 : Math.max(step.length, inverse?.length ?? 0) - 1;
    // What is added up stays on this side: it may be any value.
    const totals = new Map();
    let last = 0;
    const keep = (total) => {
      totals.set(++last, total);
      return last;
    };
    const change = (fn) => (key, ...values) => {
      totals.set(key, fn(totals.get(key), ...values));
      return key;
    };
    host.aggregate(handle, name, Math.max(count, -1), big, {
      start: called(() => keep(typeof start === 'function' ? start() : start)),
      step: called(change(step)),
      ...(inverse === undefined ? {} : { inverse: called(change(inverse)) }),
      result: called((key) => resultValue(result(totals.get(key)))),
    });
  }

  setAuthorizer(callback) {
    const handle = this.#opened();
    if (callback !== null) check(callback, 'callback', 'function');
    host.authorize(handle, callback === null ? undefined : called((...args) => authorization(callback(...args))));
  }

  createTagStore(maxSize) {
    this.#opened();
    const { SQLTagStore } = require('internal/sqlite/tag_store');
    return new SQLTagStore(this, maxSize);
  }

  get limits() {
    this.#opened();
    this.#limits ??= makeLimits((number, value) => host.limit(this.#opened(), number, value));
    return this.#limits;
  }

  [Symbol.dispose]() {
    if (this.isOpen) this.close();
  }
}
for (const name of ['createSession', 'applyChangeset', 'enableDefensive']) {
  Object.defineProperty(Database.prototype, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    value: require('internal/refuse').refuse(`DatabaseSync.prototype.${name}`),
    writable: true,
  });
}

function DatabaseSync(...args) {
  if (new.target === undefined) throw new ERR_CONSTRUCT_CALL_REQUIRED();
  return Reflect.construct(Database, args, new.target);
}
DatabaseSync.prototype = Database.prototype;
Object.defineProperty(Database.prototype, 'constructor', { __proto__: null, configurable: true, value: DatabaseSync, writable: true });

function backup(sourceDb, path, options = undefined) {
  if (typeof sourceDb !== 'object' || sourceDb === null) throw invalidType('The "sourceDb" argument must be an object.');
  const handle = handleOf(sourceDb);
  const target = pathOf(path);
  if (options !== undefined) check(options, 'options', 'object');
  const rate = option(options, 'rate', 'integer', 100);
  const source = option(options, 'source', 'string', 'main');
  option(options, 'target', 'string', 'main');
  const progress = option(options, 'progress', 'function');
  const tell = progress && called((totalPages, remainingPages) => progress({ totalPages, remainingPages }));
  return new Promise((resolve, reject) => {
    require('timers').setImmediate(() => {
      try {
        resolve(host.backup(handle, target.startsWith('file:') ? require('internal/url').fileURLToPath(target) : target, source, 'main', rate, tell));
      } catch (error) {
        reject(error);
      }
    });
  });
}

module.exports = { backup, DatabaseSync };
