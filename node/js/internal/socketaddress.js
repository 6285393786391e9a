// SPDX-License-Identifier: Apache-2.0
// net.SocketAddress.
'use strict';

const {
  codes: { ERR_INVALID_ADDRESS, ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const { numberOf, textOf } = require('internal/net/ip_numbers');
const { kClone, kDeserialize, markTransferMode } = require('internal/transferable');
const { customInspectSymbol } = require('internal/util');
const { validateObject, validatePort, validateString, validateUint32 } = require('internal/validators');

let numberOfAddress;

class SocketAddress {
  #number;
  #port;
  #family;
  #flowlabel;

  static {
    numberOfAddress = (address) => address.#number;
  }

  static isSocketAddress(value) {
    return typeof value === 'object' && value !== null && #number in value;
  }

  // 'address', 'address:port' or '[address]:port'; undefined when it is none.
  static parse(input) {
    validateString(input, 'input');
    const url = require('internal/url').URL.parse(`http://${input}`);
    if (url === null) return undefined;
    const isBracketed = url.hostname.startsWith('[');
    const address = isBracketed ? url.hostname.slice(1, -1) : url.hostname;
    const family = isBracketed ? 'ipv6' : 'ipv4';
    if (numberOf(address, family) === undefined) return undefined;
    return new SocketAddress({ address, port: url.port | 0, family });
  }

  constructor(options = {}) {
    markTransferMode(this, true, false);
    validateObject(options, 'options');
    let { family = 'ipv4' } = options;
    if (typeof family?.toLowerCase === 'function') family = family.toLowerCase();
    if (family !== 'ipv4' && family !== 'ipv6') throw new ERR_INVALID_ARG_VALUE('options.family', options.family);
    const { address = family === 'ipv4' ? '127.0.0.1' : '::', port = 0, flowlabel = 0 } = options;
    validateString(address, 'options.address');
    this.#port = validatePort(port, 'options.port');
    validateUint32(flowlabel, 'options.flowlabel', false);
    this.#number = numberOf(address, family);
    if (this.#number === undefined) throw new ERR_INVALID_ADDRESS();
    this.#family = family;
    this.#flowlabel = family === 'ipv6' ? flowlabel : 0;
  }

  get address() {
    return textOf(this.#number, this.#family);
  }

  get port() {
    return this.#port;
  }

  get family() {
    return this.#family;
  }

  get flowlabel() {
    return this.#flowlabel;
  }

  toJSON() {
    return { address: this.address, port: this.port, family: this.family, flowlabel: this.flowlabel };
  }

  [customInspectSymbol](depth, options) {
    if (depth < 0) return this;
    const opts = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    return `SocketAddress ${require('internal/util/inspect').inspect(this.toJSON(), opts)}`;
  }

  [kClone]() {
    return { data: this.toJSON(), deserializeInfo: 'internal/socketaddress:SocketAddress' };
  }

  [kDeserialize](data) {
    return new SocketAddress(data);
  }
}

module.exports = { numberOfAddress, SocketAddress };
