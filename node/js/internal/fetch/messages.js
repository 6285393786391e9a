// SPDX-License-Identifier: Apache-2.0
// Request and Response. undici's file of the first uses a converter that the file of the second defines.
'use strict';

const { Response } = require('internal/deps/undici/lib/web/fetch/response');
const { Request } = require('internal/deps/undici/lib/web/fetch/request');

module.exports = { Request, Response };
