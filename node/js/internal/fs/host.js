// SPDX-License-Identifier: Apache-2.0
// The file system's primitives, the one door to them: the frequent ones are C (`files`), the others Python (`fs`, and
// `fs_tree` for directories). Each is there at once, and by submit() as a promise.
'use strict';

const files = internalBinding('files');

// What primitive `name` of `host` returns for `args`.
function call(host, name, ...args) {
  if (host === 'fs' && files[name] !== undefined) return files[name](...args);
  return internalBinding(host)[name](...args);
}

function submit(host, name, ...args) {
  if (host === 'fs' && files[name] !== undefined) return files.submit(name, ...args);
  return internalBinding(host).submit(name, ...args);
}

module.exports = { call, files, submit };
