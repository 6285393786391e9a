// SPDX-License-Identifier: Apache-2.0
'use strict';

const inspector = require('inspector');
const { codes: { ERR_INSPECTOR_NOT_CONNECTED } } = require('internal/errors');
const { validateObject, validateString } = require('internal/validators');

class Session extends inspector.Session {
  async post(method, params) {
    validateString(method, 'method');
    if (params) validateObject(params, 'params');
    throw new ERR_INSPECTOR_NOT_CONNECTED();
  }
}

module.exports = { ...inspector, Session };
