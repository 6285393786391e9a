// SPDX-License-Identifier: Apache-2.0
//
// The versions of ICU and its data, as process.versions has them.
'use strict';

const icu = require('internal/intl/icu');

const short = (version) => version.replace(/(?:\.0){1,2}$/, ''); // 78.3.0.0, 17.0.0.0

module.exports = {
  cldr: short(icu.ulocdata_getCLDRVersion()),
  icu: short(icu.u_getVersion()),
  tz: icu.ucal_getTZDataVersion(),
  unicode: short(icu.u_getUnicodeVersion()),
};
