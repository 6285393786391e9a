// SPDX-License-Identifier: Apache-2.0
//
// node:sqlite over Python's sqlite3. What that module cannot do refuses by name: sessions, columns, limits.
'use strict';

const { backup, DatabaseSync } = require('internal/sqlite/database');
const { StatementSync } = require('internal/sqlite/statement');
const { refuse } = require('internal/refuse');

const NAMES = ['CREATE_INDEX', 'CREATE_TABLE', 'CREATE_TEMP_INDEX', 'CREATE_TEMP_TABLE', 'CREATE_TEMP_TRIGGER',
  'CREATE_TEMP_VIEW', 'CREATE_TRIGGER', 'CREATE_VIEW', 'DELETE', 'DROP_INDEX', 'DROP_TABLE', 'DROP_TEMP_INDEX',
  'DROP_TEMP_TABLE', 'DROP_TEMP_TRIGGER', 'DROP_TEMP_VIEW', 'DROP_TRIGGER', 'DROP_VIEW', 'INSERT', 'PRAGMA', 'READ',
  'SELECT', 'TRANSACTION', 'UPDATE', 'ATTACH', 'DETACH', 'ALTER_TABLE', 'REINDEX', 'ANALYZE', 'CREATE_VTABLE',
  'DROP_VTABLE', 'FUNCTION', 'SAVEPOINT'];
const CHANGESET = { OMIT: 0, REPLACE: 1, ABORT: 2, DATA: 1, NOTFOUND: 2, CONFLICT: 3, CONSTRAINT: 4, FOREIGN_KEY: 5 };

const constants = { __proto__: null };
for (const name of Object.keys(CHANGESET)) constants[`SQLITE_CHANGESET_${name}`] = CHANGESET[name];
Object.assign(constants, { SQLITE_OK: 0, SQLITE_DENY: 1, SQLITE_IGNORE: 2 });
NAMES.forEach((name, i) => {
  constants[`SQLITE_${name}`] = i + 1;
});
Object.assign(constants, { SQLITE_COPY: 0, SQLITE_RECURSIVE: 33 });

process.emitWarning('SQLite is an experimental feature and might change at any time', 'ExperimentalWarning');

module.exports = {
  DatabaseSync,
  StatementSync,
  Session: refuse('sqlite.Session'),
  constants,
  backup,
};
