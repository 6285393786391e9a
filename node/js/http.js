// SPDX-License-Identifier: Apache-2.0
'use strict';

const agents = require('_http_agent');
const { ClientRequest } = require('_http_client');
const { defaultMaxHeaderSize, methods, parsers } = require('_http_common');
const { IncomingMessage } = require('_http_incoming');
const { OutgoingMessage, validateHeaderName, validateHeaderValue } = require('_http_outgoing');
const { Server, ServerResponse, STATUS_CODES, _connectionListener } = require('_http_server');
const { refuse } = require('internal/refuse');
const { validateInteger } = require('internal/validators');

function createServer(options, requestListener) {
  return new Server(options, requestListener);
}

function request(url, options, callback) {
  return new ClientRequest(url, options, callback);
}

function get(url, options, callback) {
  const req = request(url, options, callback);
  req.end();
  return req;
}

function setMaxIdleHTTPParsers(max) {
  validateInteger(max, 'max', 1);
  parsers.max = max;
}

module.exports = {
  _connectionListener,
  METHODS: methods.toSorted(),
  STATUS_CODES,
  Agent: agents.Agent,
  ClientRequest,
  IncomingMessage,
  OutgoingMessage,
  Server,
  ServerResponse,
  createServer,
  validateHeaderName,
  validateHeaderValue,
  get,
  request,
  setMaxIdleHTTPParsers,
  setGlobalProxyFromEnv: refuse('http.setGlobalProxyFromEnv'),
};

const lazy = (get, set) => ({ __proto__: null, configurable: true, enumerable: true, get, set });

// The globals of the same name.
const ofGlobal = (name) => lazy(() => globalThis[name] ?? refuse(`http.${name}`));

Object.defineProperties(module.exports, {
  maxHeaderSize: lazy(defaultMaxHeaderSize),
  globalAgent: lazy(
    () => agents.globalAgent,
    (agent) => {
      agents.globalAgent = agent;
    }
  ),
  WebSocket: ofGlobal('WebSocket'),
  CloseEvent: ofGlobal('CloseEvent'),
  MessageEvent: ofGlobal('MessageEvent'),
});
