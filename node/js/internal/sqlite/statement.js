// SPDX-License-Identifier: Apache-2.0
//
// StatementSync: parameters and rows.
'use strict';

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR },
} = require('internal/errors');
const { refusal } = require('internal/refuse');
const { check, fault, invalidState, sqlValue } = require('internal/sqlite/arguments');

const { host } = require('internal/sqlite/host');
const kCreate = Symbol('kCreate');
const kDone = () => ({ __proto__: null, done: true, value: null });

const isNamed = (value) => value !== null && typeof value === 'object' && !ArrayBuffer.isView(value);

class StatementSync {
  #database;
  #names; // of its parameters, with their prefixes
  #options;
  #resets = 0;
  #sql;
  #statement;
  #values = [];

  // `database` has `handle`, a number while it is open.
  constructor(token, database, sql, options) {
    if (token !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this.#database = database;
    this.#sql = sql;
    this.#options = options;
    [this.#statement, this.#names] = host.prepare(database.handle(), sql);
  }

  #handle() {
    try {
      return this.#database.handle();
    } catch {
      throw invalidState('statement has been finalized');
    }
  }

  // The number of a named parameter, undefined for one that is to be passed over.
  #find(name) {
    const exact = this.#names.indexOf(name);
    if (exact !== -1 && name !== '') return exact;
    const { allowBareNamedParameters, allowUnknownNamedParameters } = this.#options;
    if (allowBareNamedParameters) {
      const fitting = this.#names.filter((known) => known.slice(1) === name && name !== '');
      if (fitting.length > 1) {
        throw invalidState(
          `Cannot create bare named parameter '${name}' because of conflicting names '${fitting[0]}' and '${fitting[1]}'.`
        );
      }
      if (fitting.length === 1) return this.#names.indexOf(fitting[0]);
    }
    if (allowUnknownNamedParameters) return undefined;
    throw invalidState(`Unknown named parameter '${name}'`);
  }

  #bind(args) {
    const values = new Array(this.#names.length).fill(null);
    let rest = args;
    if (isNamed(args[0])) {
      const [named] = args;
      rest = args.slice(1);
      if (Object.getPrototypeOf(named) !== null && Object.getPrototypeOf(named) !== Object.prototype) {
        sqlValue(named, 1);
      }
      for (const name of Object.keys(named)) {
        const at = this.#find(name);
        if (at !== undefined) values[at] = sqlValue(named[name], at + 1);
      }
    }
    let at = 0;
    for (const value of rest) {
      while (rest !== args && at < values.length && this.#names[at] !== '') at++;
      if (at >= values.length) {
        throw Object.assign(fault(Error, 'ERR_SQLITE_ERROR', 'column index out of range'), {
          errcode: 25,
          errstr: 'column index out of range',
        });
      }
      values[at++] = sqlValue(value, at);
    }
    this.#values = values;
    this.#resets++;
    return values;
  }

  #row(names, values) {
    if (this.#options.returnArrays) return values;
    const row = { __proto__: null };
    names.forEach((name, i) => {
      row[name] = values[i];
    });
    return row;
  }

  run(...args) {
    const [changes, lastInsertRowid] = host.run(this.#handle(), this.#statement, this.#bind(args));
    if (this.#options.readBigInts) return { changes, lastInsertRowid };
    return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
  }

  get(...args) {
    const [names, [row]] = this.#query(args, 1);
    return row === undefined ? undefined : this.#row(names, row);
  }

  all(...args) {
    const [names, rows] = this.#query(args);
    return rows.map((row) => this.#row(names, row));
  }

  #query(args, count) {
    const handle = this.#handle();
    return host.query(handle, this.#statement, this.#bind(args), this.#options.readBigInts, count);
  }

  iterate(...args) {
    const handle = this.#handle();
    const values = this.#bind(args);
    const [cursor, names] = host.iterate(handle, this.#statement, values, this.#options.readBigInts);
    const resets = this.#resets;
    let ended = false;
    const checkCurrent = () => {
      this.#handle();
      if (this.#resets !== resets) throw invalidState('iterator was invalidated');
    };
    return {
      __proto__: Iterator.prototype,
      next: () => {
        if (ended) return kDone();
        checkCurrent();
        const row = host.next(cursor);
        if (row === undefined || row === null) {
          ended = true;
          return kDone();
        }
        return { __proto__: null, done: false, value: this.#row(names, row) };
      },
      return: () => {
        if (!ended) checkCurrent();
        ended = true;
        host.dropCursor(cursor);
        return kDone();
      },
    };
  }

  columns() {
    throw refusal('StatementSync.prototype.columns'); // Python's sqlite3 does not tell where a column is from
  }

  get sourceSQL() {
    this.#handle();
    return this.#statement;
  }

  get expandedSQL() {
    this.#handle();
    let at = 0;
    const hidden = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[^]*?\*\/|(\?\d*|[$@:][A-Za-z_]\w*)/g;
    return this.#statement.replace(hidden, (text, parameter) => {
      if (parameter === undefined) return text;
      const index = parameter === '?' ? at : this.#names.indexOf(parameter);
      at = Math.max(at, index + 1);
      return literal(this.#values[index] ?? null);
    });
  }

  setAllowBareNamedParameters(allow) {
    this.#options.allowBareNamedParameters = check(allow, 'allowBareNamedParameters', 'boolean');
  }

  setAllowUnknownNamedParameters(allow) {
    this.#options.allowUnknownNamedParameters = check(allow, 'enabled', 'boolean');
  }

  setReadBigInts(read) {
    this.#options.readBigInts = check(read, 'readBigInts', 'boolean');
  }

  setReturnArrays(arrays) {
    this.#options.returnArrays = check(arrays, 'returnArrays', 'boolean');
  }
}

// A value as SQL spells it.
function literal(value) {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  if (typeof value === 'number') return Number.isInteger(value) ? value.toFixed(1) : `${value}`;
  return typeof value === 'bigint' ? `${value}` : `x'${Buffer.from(value).toString('hex')}'`;
}

module.exports = { createStatement: (...args) => new StatementSync(kCreate, ...args), StatementSync };
