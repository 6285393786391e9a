// SPDX-License-Identifier: Apache-2.0
// Errors of lookups: `queryA ENOTFOUND example.test`.
'use strict';

const UV_EAI_NODATA = -3007;
const UV_EAI_NONAME = -3008;

class DNSException extends Error {
  // `code`: one of DNS, or a negative errno of the system.
  constructor(code, syscall, hostname) {
    let errno;
    if (typeof code === 'number') {
      errno = code;
      const isUnknown = code === UV_EAI_NODATA || code === UV_EAI_NONAME;
      code = isUnknown ? 'ENOTFOUND' : require('internal/errors').systemErrorOf(code)[0];
    }
    super(hostname ? `${syscall} ${code} ${hostname}` : `${syscall} ${code}`);
    this.errno = errno;
    this.code = code;
    this.syscall = syscall;
    if (hostname) this.hostname = hostname;
  }

  get ['constructor']() {
    return Error;
  }
}

module.exports = { DNSException };
