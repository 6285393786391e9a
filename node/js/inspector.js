// SPDX-License-Identifier: Apache-2.0
//
// The engine has no inspector: nothing can be opened or connected to, and what Node tells those who are connected
// reaches nobody.
'use strict';

const EventEmitter = require('events');
const { codes: { ERR_INSPECTOR_NOT_CONNECTED } } = require('internal/errors');
const { refuse, refuseAll } = require('internal/refuse');
const { validateFunction, validateObject, validateString } = require('internal/validators');

class Session extends EventEmitter {
  post(method, params, callback) {
    validateString(method, 'method');
    if (callback === undefined && typeof params === 'function') [callback, params] = [params, null];
    if (params) validateObject(params, 'params');
    if (callback) validateFunction(callback, 'callback');
    throw new ERR_INSPECTOR_NOT_CONNECTED();
  }

  disconnect() {} // it never is connected
}
Session.prototype.connect = refuse('inspector.Session.connect');
Session.prototype.connectToMainThread = refuse('inspector.Session.connectToMainThread');

// There is none to close.
function close() {}

// Of the inspector that is open: none is.
function url() {
  return undefined;
}

const CONSOLE = ['debug', 'error', 'info', 'log', 'warn', 'dir', 'dirxml', 'table', 'trace', 'group', 'groupCollapsed',
  'groupEnd', 'clear', 'count', 'countReset', 'assert', 'profile', 'profileEnd', 'time', 'timeLog', 'timeEnd', 'timeStamp',
  'context'];
const NETWORK = ['requestWillBeSent', 'responseReceived', 'loadingFinished', 'loadingFailed', 'dataSent', 'dataReceived',
  'webSocketCreated', 'webSocketClosed', 'webSocketHandshakeResponseReceived'];
const DOM_STORAGE = ['domStorageItemAdded', 'domStorageItemRemoved', 'domStorageItemUpdated', 'domStorageItemsCleared',
  'registerStorage'];

module.exports = {
  open: refuse('inspector.open'),
  close,
  url,
  waitForDebugger: refuse('inspector.waitForDebugger'),
  console: refuseAll('inspector.console', CONSOLE),
  Session,
  Network: refuseAll('inspector.Network', NETWORK),
  NetworkResources: refuseAll('inspector.NetworkResources', ['put']),
  DOMStorage: refuseAll('inspector.DOMStorage', DOM_STORAGE),
};
