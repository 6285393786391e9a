// SPDX-License-Identifier: Apache-2.0
// Records of an answer as the functions of `dns` give them.
'use strict';

const values = (records) => records.map(({ value }) => value);
const addresses = (records, { ttl }) =>
  records.map((record) => (ttl ? { address: record.address, ttl: record.ttl } : record.address));
const plain = (records) => records.map(({ type, ttl, ...rest }) => rest);
// Some kinds tell what they are without being asked to, and some have the property alone.
const typed = (records) => records.map(({ type, ttl, ...rest }) => ({ ...rest, type }));
const untyped = (records) => records.map(({ type, ttl, ...rest }) => ({ ...rest, type: undefined }));
const certificates = (records) => records.map(({ critical, type, ttl, ...rest }) => ({ critical, type, ...rest }));

// By the type that was asked for.
const SHAPES = {
  __proto__: null,
  A: addresses,
  AAAA: addresses,
  CAA: certificates,
  CNAME: values,
  MX: typed,
  NAPTR: untyped,
  NS: values,
  PTR: values,
  SOA: (records) => untyped(records)[0],
  SRV: typed,
  TLSA: plain,
  TXT: (records) => records.map(({ entries }) => entries),
};

// Answers to ANY are in this order, whatever the server's; addresses alone tell how long they are good.
const ORDER = ['A', 'CNAME', 'AAAA', 'MX', 'NS', 'TXT', 'SRV', 'PTR', 'NAPTR', 'SOA', 'TLSA', 'CAA'];
const WITH_TTL = ['A', 'AAAA'];

function anyOf(records) {
  return ORDER.flatMap((wanted) => {
    const found = records.filter(({ type }) => type === wanted);
    if (WITH_TTL.includes(wanted)) return found.map(({ type, ttl, ...rest }) => ({ ...rest, ttl, type }));
    return wanted === 'CAA' ? certificates(found) : typed(found);
  });
}

// undefined when there are none of the type.
function shape(type, records, options) {
  const found = type === 'ANY' ? anyOf(records) : records.filter((record) => record.type === type);
  if (found.length === 0) return undefined;
  return type === 'ANY' ? found : SHAPES[type](found, options);
}

module.exports = { shape };
