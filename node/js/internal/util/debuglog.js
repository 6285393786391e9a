// SPDX-License-Identifier: Apache-2.0
//
// util.debuglog: messages for the sections that NODE_DEBUG names.
'use strict';

let enabled; // section -> boolean

function isEnabled(section) {
  if (enabled === undefined) {
    const wanted = process.env.NODE_DEBUG;
    const patterns = wanted
      ? wanted
          .split(',')
          .map(
            (name) => new RegExp(`^${name.replace(/[|\\{}()[\]^$+?.]/g, '\\$&').replaceAll('*', '.*')}$`, 'i')
          )
      : [];
    enabled = (name) => patterns.some((pattern) => pattern.test(name));
  }
  return enabled(section);
}

function warnOfSecrets(section) {
  process.emitWarning(
    `Setting the NODE_DEBUG environment variable to '${section}' can expose sensitive data (such as passwords, ` +
      'tokens and authentication headers) in the resulting log.'
  );
}

function debuglog(set, callback) {
  const section = `${set}`.toUpperCase();
  let log = (...args) => {
    if (!isEnabled(section)) {
      log = () => {};
    } else {
      if (section === 'HTTP' || section === 'HTTP2') warnOfSecrets(set);
      log = (...values) => {
        const { formatWithOptions } = require('internal/util/format');
        process.stderr.write(`${section} ${process.pid}: ${formatWithOptions({}, ...values)}\n`);
      };
    }
    if (typeof callback === 'function') callback(log);
    log(...args);
  };
  const logger = (...args) => log(...args);
  Object.defineProperty(logger, 'enabled', {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get: () => isEnabled(section),
  });
  return logger;
}

module.exports = { debuglog };
