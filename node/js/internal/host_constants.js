// SPDX-License-Identifier: Apache-2.0
// The numbers of this system (open flags, errno, signals …), asked for once and frozen as in Node.
'use strict';

const groups = new Map();

function lazyConstants(group) {
  let values = groups.get(group);
  if (values === undefined) {
    values = Object.assign({ __proto__: null }, internalBinding('host_constants')[group]());
    groups.set(group, values);
  }
  return values;
}

module.exports = { lazyConstants };
