// SPDX-License-Identifier: Apache-2.0
//
// MIMEType and MIMEParams (https://mimesniff.spec.whatwg.org).
'use strict';

const {
  codes: { ERR_INVALID_MIME_SYNTAX },
} = require('internal/errors');

const NOT_TOKEN = /[^!#$%&'*+\-.^_`|~A-Za-z0-9]/g;
const NOT_VALUE = /[^\t\u0020-\u007E\u0080-\u00FF]/g;
const NOT_TOKEN_OR_EMPTY = /[^!#$%&'*+\-.^_`|~A-Za-z0-9]|^$/;

const firstBad = (pattern, text) => {
  pattern.lastIndex = 0;
  return pattern.exec(text)?.index ?? -1;
};
const lower = (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

function checkToken(production, text) {
  const bad = firstBad(NOT_TOKEN, text);
  if (text.length === 0 || bad !== -1) throw new ERR_INVALID_MIME_SYNTAX(production, text, bad);
  return text;
}

function checkValue(text) {
  const bad = firstBad(NOT_VALUE, text);
  if (bad !== -1) throw new ERR_INVALID_MIME_SYNTAX('parameter value', text, bad);
  return text;
}

const quoteValue = (value) =>
  NOT_TOKEN_OR_EMPTY.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : value;

class MIMEParams {
  #data = new Map();

  delete(name) {
    this.#data.delete(`${name}`);
  }

  get(name) {
    return this.#data.get(`${name}`) ?? null;
  }

  has(name) {
    return this.#data.has(`${name}`);
  }

  set(name, value) {
    this.#data.set(checkToken('parameter name', `${name}`), checkValue(`${value}`));
  }

  *entries() {
    yield* this.#data.entries();
  }

  *keys() {
    yield* this.#data.keys();
  }

  *values() {
    yield* this.#data.values();
  }

  toString() {
    return [...this.#data].map(([name, value]) => `${name}=${quoteValue(value)}`).join(';');
  }

  // Parameters that are not well formed are passed over, as browsers do.
  static parse(params, text) {
    const parameter = /;[\t\n\r ]*([^;=]*)(?:=(?:"((?:[^"\\]|\\[\s\S]|\\$)*)"?[^;]*|([^;]*)))?/gy;
    for (let match = parameter.exec(text); match !== null; match = parameter.exec(text)) {
      const name = lower(match[1]);
      const value =
        match[2] !== undefined
          ? match[2].replace(/\\([\s\S])/g, '$1')
          : match[3]?.replace(/[\t\n\r ]+$/, '');
      if (value === undefined || (match[2] === undefined && value === '')) continue;
      if (
        name !== '' &&
        firstBad(NOT_TOKEN, name) === -1 &&
        firstBad(NOT_VALUE, value) === -1 &&
        !params.has(name)
      ) {
        params.#data.set(name, value);
      }
    }
  }
}
MIMEParams.prototype[Symbol.iterator] = MIMEParams.prototype.entries;
MIMEParams.prototype.toJSON = MIMEParams.prototype.toString;
const parseParams = MIMEParams.parse;
delete MIMEParams.parse;

class MIMEType {
  #type;
  #subtype;
  #params = new MIMEParams();

  constructor(input) {
    const text = `${input}`.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
    const slash = text.indexOf('/');
    const type = slash === -1 ? text : text.slice(0, slash);
    if (slash === -1 || type === '' || firstBad(NOT_TOKEN, type) !== -1) {
      throw new ERR_INVALID_MIME_SYNTAX('type', text, firstBad(NOT_TOKEN, type));
    }
    const semicolon = text.indexOf(';', slash);
    const subtype = text
      .slice(slash + 1, semicolon === -1 ? undefined : semicolon)
      .replace(/[\t\n\r ]+$/, '');
    if (subtype === '' || firstBad(NOT_TOKEN, subtype) !== -1) {
      const bad = firstBad(NOT_TOKEN, subtype);
      throw new ERR_INVALID_MIME_SYNTAX('subtype', text, bad === -1 ? -1 : bad + slash + 1);
    }
    this.#type = lower(type);
    this.#subtype = lower(subtype);
    if (semicolon !== -1) parseParams(this.#params, text.slice(semicolon));
  }

  get type() {
    return this.#type;
  }

  set type(value) {
    this.#type = lower(checkToken('type', `${value}`));
  }

  get subtype() {
    return this.#subtype;
  }

  set subtype(value) {
    this.#subtype = lower(checkToken('subtype', `${value}`));
  }

  get essence() {
    return `${this.#type}/${this.#subtype}`;
  }

  get params() {
    return this.#params;
  }

  toString() {
    const params = this.#params.toString();
    return `${this.essence}${params === '' ? '' : `;${params}`}`;
  }

  toJSON() {
    return this.toString();
  }
}

module.exports = { MIMEParams, MIMEType };
