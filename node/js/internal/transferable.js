// SPDX-License-Identifier: Apache-2.0
//
// Objects with a form of their own that can go to another isolate, or be cloned. Such an object has some of these methods:
// kClone() and kTransfer() give { data, deserializeInfo: 'module:Export' }, and over there `new Export()` gets
// kDeserialize(data), which may give another object in its place; kTransferList() names what is transferred with it. Each object is marked, since the engine has to
// know it.
'use strict';

const { setTransferMode } = internalBinding('messaging');

const TRANSFERABLE = 1;
const CLONEABLE = 2;

function markTransferMode(object, cloneable, transferable) {
  if ((typeof object !== 'object' && typeof object !== 'function') || object === null) return;
  setTransferMode(object, (transferable ? TRANSFERABLE : 0) | (cloneable ? CLONEABLE : 0));
}

module.exports = {
  kClone: Symbol('messaging_clone_symbol'),
  kDeserialize: Symbol('messaging_deserialize_symbol'),
  kTransfer: Symbol('messaging_transfer_symbol'),
  kTransferList: Symbol('messaging_transfer_list_symbol'),
  markTransferMode,
};
