// SPDX-License-Identifier: Apache-2.0
// net.BlockList: addresses, ranges and networks that nothing may be done with.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const { numberOf } = require('internal/net/ip_numbers');
const { numberOfAddress, SocketAddress } = require('internal/socketaddress');
const { kClone, kDeserialize, markTransferMode } = require('internal/transferable');
const { customInspectSymbol } = require('internal/util');
const { validateInt32, validateString } = require('internal/validators');

const BITS = { __proto__: null, ipv4: 32, ipv6: 128 };
const NAMES = { __proto__: null, ipv4: 'IPv4', ipv6: 'IPv6' };
const RULE = /^(Address|Range|Subnet): IPv([46]) ([^-/]+)(?:[-/](.+))?$/;

function addressOf(value, name, family) {
  if (SocketAddress.isSocketAddress(value)) return value;
  validateString(value, name);
  validateString(family, 'family');
  return new SocketAddress({ address: value, family });
}

// Clones within an isolate share their rules, as in Node; another one gets a copy.
const shared = new Map(); // number of the rules -> WeakRef
let lastNumber = 0;
const owner = Math.random(); // tells this isolate from others

function share(rules) {
  rules.number ??= ++lastNumber;
  shared.set(rules.number, new WeakRef(rules));
  return rules.number;
}

class BlockList {
  #rules = []; // { text, first, last } as numbers, the newest first

  static isBlockList(value) {
    return typeof value === 'object' && value !== null && #rules in value;
  }

  constructor() {
    markTransferMode(this, true, false);
  }

  addAddress(address, family = 'ipv4') {
    const at = addressOf(address, 'address', family);
    this.#add(`Address: ${NAMES[at.family]} ${at.address}`, numberOfAddress(at), numberOfAddress(at));
  }

  addRange(start, end, family = 'ipv4') {
    const from = addressOf(start, 'start', family);
    const to = addressOf(end, 'end', family);
    if (numberOfAddress(from) > numberOfAddress(to)) throw new ERR_INVALID_ARG_VALUE('start', from, 'must come before end');
    this.#add(
      `Range: ${NAMES[from.family]} ${from.address}-${to.address}`, numberOfAddress(from), numberOfAddress(to));
  }

  addSubnet(network, prefix, family = 'ipv4') {
    const at = addressOf(network, 'network', family);
    validateInt32(prefix, 'prefix', 0, BITS[at.family]);
    const free = (1n << BigInt(BITS[at.family] - prefix)) - 1n;
    const first = numberOfAddress(at) & ~free;
    this.#add(`Subnet: ${NAMES[at.family]} ${at.address}/${prefix}`, first, first | free);
  }

  #add(text, first, last) {
    this.#rules.unshift({ text, first, last });
  }

  check(address, family = 'ipv4') {
    let number;
    if (SocketAddress.isSocketAddress(address)) number = numberOfAddress(address);
    else {
      validateString(address, 'address');
      validateString(family, 'family');
      number = numberOf(address, family.toLowerCase());
    }
    return number !== undefined && this.#rules.some(({ first, last }) => first <= number && number <= last);
  }

  get rules() {
    return this.#rules.map(({ text }) => text);
  }

  toJSON() {
    return this.rules;
  }

  fromJSON(data) {
    if (typeof data === 'string') data = JSON.parse(data);
    if (!Array.isArray(data) || data.some((rule) => typeof rule !== 'string')) {
      throw new ERR_INVALID_ARG_TYPE('data', ['string', 'string[]'], data);
    }
    for (const rule of data) {
      const [, kind, version, first, second] = RULE.exec(rule) ?? [];
      const family = `ipv${version}`;
      if (kind === 'Address') this.addAddress(first, family);
      else if (kind === 'Range') this.addRange(first, second, family);
      else if (kind === 'Subnet') this.addSubnet(first, Number(second), family);
    }
  }

  [customInspectSymbol](depth, options) {
    if (depth < 0) return this;
    const opts = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    return `BlockList ${require('internal/util/inspect').inspect({ rules: this.rules }, opts)}`;
  }

  [kClone]() {
    const data = { owner, number: share(this.#rules), rules: [...this.#rules] };
    return { data, deserializeInfo: 'internal/blocklist:BlockList' };
  }

  [kDeserialize](data) {
    const known = data.owner === owner ? shared.get(data.number)?.deref() : undefined;
    this.#rules = known ?? data.rules;
  }
}

module.exports = { BlockList };
