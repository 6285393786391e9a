// SPDX-License-Identifier: Apache-2.0
//
// Template literals as statements: store.get`SELECT * FROM t WHERE a = ${a}`. The statements of the last templates are kept.
'use strict';

const { check } = require('internal/sqlite/arguments');

class SQLTagStore {
  #capacity;
  #database;
  #statements = new Map(); // SQL -> statement, the one that was used last at the end

  constructor(database, capacity = 1000) {
    this.#capacity = check(capacity, 'maxSize', 'integer');
    this.#database = database;
  }

  get capacity() {
    return this.#capacity;
  }

  get db() {
    return this.#database;
  }

  get size() {
    return this.#statements.size;
  }

  #statement(strings) {
    const sql = strings.join('?');
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.delete(sql);
    this.#statements.set(sql, statement);
    if (this.#statements.size > this.#capacity) this.#statements.delete(this.#statements.keys().next().value);
    return statement;
  }

  all(strings, ...values) {
    return this.#statement(strings).all(...values);
  }

  clear() {
    this.#statements.clear();
  }

  get(strings, ...values) {
    return this.#statement(strings).get(...values);
  }

  iterate(strings, ...values) {
    return this.#statement(strings).iterate(...values);
  }

  run(strings, ...values) {
    return this.#statement(strings).run(...values);
  }
}

module.exports = { SQLTagStore };
