// SPDX-License-Identifier: Apache-2.0
// DNS messages as bytes (RFC 1035): questions, and the records of answers.
'use strict';

const { Buffer } = require('buffer');
const { textOf } = require('internal/net/ip_numbers');

const TYPES = {
  __proto__: null, A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, MX: 15, TXT: 16, AAAA: 28, SRV: 33, NAPTR: 35, TLSA: 52,
  ANY: 255, CAA: 257,
};
const NAMES = new Map(Object.entries(TYPES).map(([name, number]) => [number, name]));

const HEADER_SIZE = 12;
const CLASS_IN = 1;
const RECURSION_DESIRED = 0x0100;
const RESPONSE = 0x8000;
const TRUNCATED = 0x0200;
const MOST_JUMPS = 64; // of one name through pointers
const LONGEST_LABEL = 63;
const LONGEST_NAME = 255;

// --- Questions ---

// The bytes of a name; undefined when it can be none.
function encodeName(name) {
  const parts = [];
  let size = 1;
  const trimmed = name.endsWith('.') ? name.slice(0, -1) : name;
  for (const label of trimmed === '' ? [] : trimmed.split('.')) {
    const bytes = Buffer.from(label);
    if (bytes.length === 0 || bytes.length > LONGEST_LABEL) return undefined;
    parts.push(Buffer.from([bytes.length]), bytes);
    size += 1 + bytes.length;
  }
  if (size > LONGEST_NAME) return undefined;
  return Buffer.concat([...parts, Buffer.from([0])]);
}

// A question for records of `type` as { id, bytes, question }; undefined when the name can be none.
function encodeQuestion(id, name, type) {
  const encoded = encodeName(name);
  if (encoded === undefined) return undefined;
  const header = Buffer.alloc(HEADER_SIZE);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(RECURSION_DESIRED, 2);
  header.writeUInt16BE(1, 4);
  const tail = Buffer.alloc(4);
  tail.writeUInt16BE(TYPES[type], 0);
  tail.writeUInt16BE(CLASS_IN, 2);
  const question = Buffer.concat([encoded, tail]);
  return { id, bytes: Buffer.concat([header, question]), question };
}

// --- Answers: what is malformed throws a RangeError, as reads beyond the end do ---

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  #take(size) {
    const start = this.at;
    if (start + size > this.bytes.length) throw new RangeError('the message ends too early');
    this.at += size;
    return start;
  }

  u8() {
    return this.bytes[this.#take(1)];
  }

  u16() {
    return this.bytes.readUInt16BE(this.#take(2));
  }

  u32() {
    return this.bytes.readUInt32BE(this.#take(4));
  }

  slice(size) {
    const start = this.#take(size);
    return this.bytes.subarray(start, start + size);
  }

  string() {
    return this.slice(this.u8()).toString('utf8');
  }

  // Labels up to an empty one, or to a pointer to where the rest is.
  name() {
    const labels = [];
    let end; // behind the first pointer
    for (let jumps = 0; ; ) {
      const length = this.u8();
      if (length === 0) break;
      if (length <= LONGEST_LABEL) {
        labels.push(this.slice(length).toString('latin1'));
        continue;
      }
      if (length < 0xc0 || ++jumps > MOST_JUMPS) throw new RangeError('a name goes in circles');
      const low = this.u8();
      end ??= this.at;
      this.at = ((length & 0x3f) << 8) | low;
    }
    if (end !== undefined) this.at = end;
    return labels.join('.');
  }
}

const addressOf = (bytes, family) => textOf(BigInt(`0x${bytes.toString('hex')}`), family);

// What is in a record, by its type, with Node's names.
const READ = {
  __proto__: null,
  A: (reader, size) => ({ address: addressOf(sized(reader, size, 4), 'ipv4') }),
  AAAA: (reader, size) => ({ address: addressOf(sized(reader, size, 16), 'ipv6') }),
  CAA: readCaa,
  CNAME: (reader) => ({ value: reader.name() }),
  MX(reader) {
    const priority = reader.u16();
    return { exchange: reader.name(), priority };
  },
  NAPTR(reader) {
    const [order, preference] = [reader.u16(), reader.u16()];
    const [flags, service, regexp] = [reader.string(), reader.string(), reader.string()];
    return { flags, service, regexp, replacement: reader.name(), order, preference };
  },
  NS: (reader) => ({ value: reader.name() }),
  PTR: (reader) => ({ value: reader.name() }),
  SOA(reader) {
    const [nsname, hostmaster] = [reader.name(), reader.name()];
    const [serial, refresh, retry, expire, minttl] = Array.from({ length: 5 }, () => reader.u32());
    return { nsname, hostmaster, serial, refresh, retry, expire, minttl };
  },
  SRV(reader) {
    const [priority, weight, port] = [reader.u16(), reader.u16(), reader.u16()];
    return { name: reader.name(), port, priority, weight };
  },
  TLSA(reader, size) {
    const [certUsage, selector, match] = [reader.u8(), reader.u8(), reader.u8()];
    const data = reader.slice(Math.max(size - 3, 0));
    return { certUsage, selector, match, data: new Uint8Array(data).buffer };
  },
  TXT(reader, size) {
    const end = reader.at + size;
    const entries = [];
    while (reader.at < end) entries.push(reader.string());
    return { entries };
  },
};

function sized(reader, size, wanted) {
  if (size !== wanted) throw new RangeError('an address of the wrong size');
  return reader.slice(size);
}

function readCaa(reader, size) {
  const critical = reader.u8();
  const tag = reader.string();
  return { critical, [tag]: reader.slice(Math.max(size - 2 - tag.length, 0)).toString('utf8') };
}

function readRecord(reader) {
  reader.name();
  const type = NAMES.get(reader.u16());
  const cls = reader.u16();
  const ttl = reader.u32();
  const size = reader.u16();
  const end = reader.at + size;
  if (end > reader.bytes.length) throw new RangeError('a record ends too late');
  const read = cls === CLASS_IN ? READ[type] : undefined;
  const record = read === undefined ? undefined : { ...read(reader, size), type, ttl };
  if (reader.at > end) throw new RangeError('a record is longer than it says');
  reader.at = end;
  return record;
}

// Does `bytes` answer the question? Names may come back in another case.
function isAnswerTo(bytes, { id, question }) {
  if (bytes.length < HEADER_SIZE + question.length || bytes.readUInt16BE(0) !== id) return false;
  if ((bytes.readUInt16BE(2) & RESPONSE) === 0 || bytes.readUInt16BE(4) !== 1) return false;
  const echoed = bytes.subarray(HEADER_SIZE, HEADER_SIZE + question.length);
  return echoed.toString('latin1').toLowerCase() === question.toString('latin1').toLowerCase();
}

// { rcode, isTruncated, records }, or undefined when it is malformed.
function decodeAnswer(bytes, { question }) {
  const reader = new Reader(bytes);
  reader.at = HEADER_SIZE + question.length;
  const flags = bytes.readUInt16BE(2);
  const isTruncated = (flags & TRUNCATED) !== 0;
  const answer = { rcode: flags & 0xf, isTruncated, records: [] };
  if (isTruncated) return answer; // it is asked for again
  try {
    for (let left = bytes.readUInt16BE(6); left > 0; left--) {
      const record = readRecord(reader);
      if (record !== undefined) answer.records.push(record);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
  return answer;
}

module.exports = { decodeAnswer, encodeQuestion, isAnswerTo };
