// SPDX-License-Identifier: Apache-2.0
//
// Splits the text that new URLPattern() takes into patterns of a URL's components
// (https://urlpattern.spec.whatwg.org/#constructor-string-parsing).
'use strict';

const { tokenize } = require('internal/urlpattern/parts');

class Splitter {
  #brackets = 0; // of an IPv6 address
  #chars;
  #groups = 0;
  #start = 0; // token where the component begins
  #state = 'init';
  #token = 0;
  #tokens;
  result = {};

  // `isSpecial(protocol pattern)`: does it match a special scheme?
  constructor(input, isSpecial) {
    const { chars, tokens } = tokenize(input, false);
    this.#chars = chars;
    this.#tokens = tokens;
    this.isSpecial = isSpecial;
  }

  #safe(index) {
    return this.#tokens[index] ?? this.#tokens.at(-1);
  }

  #isPlain(index, value) {
    const token = this.#safe(index);
    return token.value === value && (token.type === 'char' || token.type === 'escaped-char' || token.type === 'invalid-char');
  }

  #isSearchPrefix() {
    if (this.#isPlain(this.#token, '?')) return true;
    if (this.#tokens[this.#token].value !== '?') return false;
    if (this.#token === 0) return true;
    return !['name', 'regexp', 'close', 'asterisk'].includes(this.#safe(this.#token - 1).type);
  }

  #text() {
    return this.#chars.slice(this.#safe(this.#start).index, this.#tokens[this.#token].index).join('');
  }

  #change(state, skip) {
    const { result } = this;
    const old = this.#state;
    if (!['init', 'authority', 'done'].includes(old)) result[old] = this.#text();
    if (old !== 'init' && state !== 'done') {
      const before = (...states) => states.includes(old);
      if (before('protocol', 'authority', 'username', 'password') && ['port', 'pathname', 'search', 'hash'].includes(state)) {
        result.hostname ??= '';
      }
      if (before('protocol', 'authority', 'username', 'password', 'hostname', 'port') && ['search', 'hash'].includes(state)) {
        result.pathname ??= this.isSpecial(result.protocol) ? '/' : '';
      }
      if (before('protocol', 'authority', 'username', 'password', 'hostname', 'port', 'pathname') && state === 'hash') {
        result.search ??= '';
      }
    }
    this.#state = state;
    this.#start = this.#token += skip;
    this.#increment = 0;
  }
  #increment = 1;

  #rewind(state) {
    this.#token = this.#start;
    this.#increment = 0;
    this.#state = state;
  }

  #atEnd() {
    if (this.#state === 'init') {
      this.#rewind('init');
      if (this.#isPlain(this.#token, '#')) this.#change('hash', 1);
      else if (this.#isSearchPrefix()) this.#change('search', 1);
      else this.#change('pathname', 0);
      return true;
    }
    if (this.#state === 'authority') {
      this.#rewind('hostname');
      return true;
    }
    this.#change('done', 0);
    return false;
  }

  #slashesFollow() {
    return this.#isPlain(this.#token + 1, '/') && this.#isPlain(this.#token + 2, '/');
  }

  #step() {
    const at = (value) => this.#isPlain(this.#token, value);
    switch (this.#state) {
      case 'init':
        if (at(':')) this.#rewind('protocol');
        break;
      case 'protocol':
        if (!at(':')) break;
        if (this.#slashesFollow()) this.#change('authority', 3);
        else if (this.isSpecial(this.#text())) this.#change('authority', 1);
        else this.#change('pathname', 1);
        break;
      case 'authority':
        if (at('@')) this.#rewind('username');
        else if (at('/') || at('#') || this.#isSearchPrefix()) this.#rewind('hostname');
        break;
      case 'username':
        if (at(':')) this.#change('password', 1);
        else if (at('@')) this.#change('hostname', 1);
        break;
      case 'password':
        if (at('@')) this.#change('hostname', 1);
        break;
      case 'hostname':
        if (at('[')) this.#brackets++;
        else if (at(']')) this.#brackets--;
        else if (at(':') && this.#brackets === 0) this.#change('port', 1);
        else this.#pathOrLater('/');
        break;
      case 'port':
        this.#pathOrLater('/');
        break;
      case 'pathname':
        this.#pathOrLater();
        break;
      case 'search':
        if (at('#')) this.#change('hash', 1);
    }
  }

  #pathOrLater(slash) {
    if (slash !== undefined && this.#isPlain(this.#token, slash)) this.#change('pathname', 0);
    else if (this.#isSearchPrefix()) this.#change('search', 1);
    else if (this.#isPlain(this.#token, '#')) this.#change('hash', 1);
  }

  split() {
    while (this.#token < this.#tokens.length) {
      this.#increment = 1;
      const { type } = this.#tokens[this.#token];
      if (type === 'end') {
        if (!this.#atEnd()) break;
      } else if (type === 'open') this.#groups++;
      else if (this.#groups > 0) {
        if (type === 'close') this.#groups--;
      } else this.#step();
      this.#token += this.#increment;
    }
    if (this.result.hostname !== undefined && this.result.port === undefined) this.result.port = '';
    return this.result;
  }
}

function splitConstructorString(input, isSpecial) {
  return new Splitter(input, isSpecial).split();
}

module.exports = { splitConstructorString };
