// SPDX-License-Identifier: Apache-2.0
//
// ICU's C functions under their own names (node/src/icu_functions.h says what each takes and gives). A failure is an
// Error whose code is ICU's. Whoever asks for this file loads the library.
'use strict';

const icu = internalBinding('icu');
icu.load(...internalBinding('icu_host').library());

// The names of an enumeration of ICU.
icu.listOf = (enumeration) => {
  const names = [];
  for (let name; (name = icu.uenum_next(enumeration)) !== null;) names.push(name);
  return names;
};

module.exports = icu;
