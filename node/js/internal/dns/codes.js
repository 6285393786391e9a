// SPDX-License-Identifier: Apache-2.0
// The codes of errors, as both modules name them.
'use strict';

const NAMES = 'NODATA FORMERR SERVFAIL NOTFOUND NOTIMP REFUSED BADQUERY BADNAME BADFAMILY BADRESP CONNREFUSED TIMEOUT EOF ' +
  'FILE NOMEM DESTRUCTION BADSTR BADFLAGS NONAME BADHINTS NOTINITIALIZED LOADIPHLPAPI ADDRGETNETWORKPARAMS CANCELLED';

module.exports = Object.fromEntries(NAMES.split(' ').map((name) => [name, name === 'EOF' ? name : `E${name}`]));
