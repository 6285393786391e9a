// SPDX-License-Identifier: Apache-2.0
//
// Pattern strings of URLPattern (https://urlpattern.spec.whatwg.org/#parse-a-pattern-string): from text to parts, from
// parts to a regular expression, and back to text.
'use strict';

const FULL_WILDCARD = '.*';

// --- Tokens: { type, index, value } ---

const isNameStart = (char) => /[$_\p{ID_Start}]/u.test(char);
const isNamePart = (char) => /[$\u200c\u200d\p{ID_Continue}]/u.test(char);

// `strict` throws on what cannot be a token; else it becomes an 'invalid-char' token, for the constructor's parser.
function tokenize(input, strict) {
  const chars = [...input];
  const tokens = [];
  let index = 0;
  const add = (type, next, value) => {
    tokens.push({ type, index, value });
    index = next;
  };
  const fail = (next, at) => {
    if (strict) throw new TypeError(`Invalid pattern: unexpected character at ${at}`);
    add('invalid-char', next, chars.slice(at, next).join(''));
  };
  while (index < chars.length) {
    const char = chars[index];
    if (char === '*') add('asterisk', index + 1, char);
    else if (char === '+' || char === '?') add('other-modifier', index + 1, char);
    else if (char === '{') add('open', index + 1, char);
    else if (char === '}') add('close', index + 1, char);
    else if (char === '\\') {
      if (index + 1 === chars.length) fail(index + 1, index);
      else add('escaped-char', index + 2, chars[index + 1]);
    } else if (char === ':') {
      let end = index + 1;
      while (end < chars.length && (end === index + 1 ? isNameStart(chars[end]) : isNamePart(chars[end]))) end++;
      if (end === index + 1) fail(end, index);
      else add('name', end, chars.slice(index + 1, end).join(''));
    } else if (char === '(') {
      const end = endOfRegExp(chars, index + 1);
      if (end === -1) fail(index + 1, index);
      else add('regexp', end + 1, chars.slice(index + 1, end).join(''));
    } else add('char', index + 1, char);
  }
  tokens.push({ type: 'end', index, value: '' });
  return { chars, tokens };
}

// Where the bracket that closes a group is; -1 when there is none, or when what is inside is not allowed.
function endOfRegExp(chars, start) {
  let depth = 1;
  for (let i = start; i < chars.length; i++) {
    const char = chars[i];
    if (char.codePointAt(0) > 0x7f || (i === start && char === '?')) return -1;
    if (char === '\\') {
      if (i + 1 === chars.length || chars[i + 1].codePointAt(0) > 0x7f) return -1;
      i++;
    } else if (char === ')') {
      if (--depth === 0) return i === start ? -1 : i;
    } else if (char === '(') {
      depth++;
      if (chars[i + 1] !== '?') return -1; // capturing groups inside are not allowed
    }
  }
  return -1;
}

// --- Parts: { type, value, modifier, name, prefix, suffix } ---

function escapeRegExp(text) {
  return text.replace(/[.+*?^${}()[\]|/\\]/g, '\\$&');
}

function segmentWildcard({ delimiter }) {
  return delimiter === '' ? '[^]+?' : `[^${escapeRegExp(delimiter)}]+?`;
}

class PatternParser {
  #encode;
  #fixed = '';
  #index = 0;
  #nextName = 0;
  #options;
  #segment;
  #tokens;
  parts = [];

  constructor(input, options, encode) {
    ({ tokens: this.#tokens } = tokenize(input, true));
    this.#options = options;
    this.#encode = encode;
    this.#segment = segmentWildcard(options);
  }

  #consume(type) {
    const token = this.#tokens[this.#index];
    if (token.type !== type) return undefined;
    this.#index++;
    return token;
  }

  #consumeRegExpOrWildcard(name) {
    return this.#consume('regexp') ?? (name === undefined ? this.#consume('asterisk') : undefined);
  }

  #consumeModifier() {
    return this.#consume('other-modifier') ?? this.#consume('asterisk');
  }

  #consumeText() {
    let text = '';
    let token;
    while ((token = this.#consume('char') ?? this.#consume('escaped-char')) !== undefined) text += token.value;
    return text;
  }

  #addFixed() {
    if (this.#fixed === '') return;
    this.parts.push({ type: 'fixed-text', value: this.#encode(this.#fixed), modifier: '', name: '', prefix: '', suffix: '' });
    this.#fixed = '';
  }

  #addPart(prefix, nameToken, regexpToken, suffix, modifierToken) {
    const modifier = modifierToken?.value ?? '';
    if (nameToken === undefined && regexpToken === undefined && modifier === '') {
      this.#fixed += prefix;
      return;
    }
    this.#addFixed();
    if (nameToken === undefined && regexpToken === undefined) {
      if (prefix === '') return;
      this.parts.push({ type: 'fixed-text', value: this.#encode(prefix), modifier, name: '', prefix: '', suffix: '' });
      return;
    }
    let value = regexpToken === undefined ? this.#segment : regexpToken.type === 'asterisk' ? FULL_WILDCARD : regexpToken.value;
    let type = 'regexp';
    if (value === this.#segment) {
      type = 'segment-wildcard';
      value = '';
    } else if (value === FULL_WILDCARD) {
      type = 'full-wildcard';
      value = '';
    }
    const name = nameToken?.value ?? `${this.#nextName++}`;
    if (this.parts.some((part) => part.name === name)) throw new TypeError(`Duplicate group name '${name}' in pattern`);
    this.parts.push({ type, value, modifier, name, prefix: this.#encode(prefix), suffix: this.#encode(suffix) });
  }

  parse() {
    while (this.#index < this.#tokens.length) {
      const charToken = this.#consume('char');
      const nameToken = this.#consume('name');
      const regexpToken = this.#consumeRegExpOrWildcard(nameToken?.value);
      if (nameToken !== undefined || regexpToken !== undefined) {
        let prefix = charToken?.value ?? '';
        if (prefix !== '' && prefix !== this.#options.prefix) {
          this.#fixed += prefix;
          prefix = '';
        }
        this.#addFixed();
        this.#addPart(prefix, nameToken, regexpToken, '', this.#consumeModifier());
        continue;
      }
      const fixed = charToken ?? this.#consume('escaped-char');
      if (fixed !== undefined) {
        this.#fixed += fixed.value;
        continue;
      }
      if (this.#consume('open') !== undefined) {
        this.#parseGroup();
        continue;
      }
      this.#addFixed();
      if (this.#consume('end') === undefined) {
        throw new TypeError(`Invalid pattern: unexpected '${this.#tokens[this.#index].value}'`);
      }
    }
    return this.parts;
  }

  // { prefix :name(regexp) suffix } and its modifier
  #parseGroup() {
    const prefix = this.#consumeText();
    const nameToken = this.#consume('name');
    const regexpToken = this.#consumeRegExpOrWildcard(nameToken?.value);
    const suffix = this.#consumeText();
    if (this.#consume('close') === undefined) throw new TypeError("Invalid pattern: a '{' that is not closed");
    this.#addPart(prefix, nameToken, regexpToken, suffix, this.#consumeModifier());
  }
}

function parsePattern(input, options, encode) {
  return new PatternParser(input, options, encode).parse();
}

// --- To a regular expression ---

function toRegExp(parts, options) {
  let source = '^';
  const names = [];
  for (const { type, value, modifier, name, prefix, suffix } of parts) {
    if (type === 'fixed-text') {
      source += modifier === '' ? escapeRegExp(value) : `(?:${escapeRegExp(value)})${modifier}`;
      continue;
    }
    names.push(name);
    const inner = type === 'segment-wildcard' ? segmentWildcard(options) : type === 'full-wildcard' ? FULL_WILDCARD : value;
    const before = escapeRegExp(prefix);
    const after = escapeRegExp(suffix);
    if (prefix === '' && suffix === '') {
      source += modifier === '' || modifier === '?' ? `(${inner})${modifier}` : `((?:${inner})${modifier})`;
    } else if (modifier === '' || modifier === '?') {
      source += `(?:${before}(${inner})${after})${modifier}`;
    } else {
      source += `(?:${before}((?:${inner})(?:${after}${before}(?:${inner}))*)${after})${modifier === '*' ? '?' : ''}`;
    }
  }
  // The standard's flag is v, whose rules for classes the engine applies outside of them too: it is set when needed.
  const sets = parts.some(({ type, value }) => type === 'regexp' && /--|&&|\\q\{|\[.*\[/.test(value));
  return { names, regexp: new RegExp(`${source}$`, `${sets ? 'v' : 'u'}${options.ignoreCase ? 'i' : ''}`) };
}

// --- Back to text ---

const escapePattern = (text) => text.replace(/[+*?:{}()\\]/g, '\\$&');

function needsBraces(part, previous, next, options, isCustomName) {
  if (part.suffix !== '' || (part.prefix !== '' && part.prefix !== options.prefix)) return true;
  if (isCustomName && part.type === 'segment-wildcard' && part.modifier === '' && next?.prefix === '' && next.suffix === '') {
    if (next.type === 'fixed-text') return isNamePart([...next.value][0] ?? '');
    return /^\d/.test(next.name);
  }
  return (
    part.prefix === '' && previous?.type === 'fixed-text' && options.prefix !== '' && previous.value.endsWith(options.prefix)
  );
}

function toPattern(parts, options) {
  let text = '';
  parts.forEach((part, i) => {
    const previous = parts[i - 1];
    const next = parts[i + 1];
    if (part.type === 'fixed-text') {
      text += part.modifier === '' ? escapePattern(part.value) : `{${escapePattern(part.value)}}${part.modifier}`;
      return;
    }
    const isCustomName = !/^\d/.test(part.name);
    const braces = needsBraces(part, previous, next, options, isCustomName);
    if (braces) text += '{';
    text += escapePattern(part.prefix);
    if (isCustomName) text += `:${part.name}`;
    if (part.type === 'regexp') text += `(${part.value})`;
    else if (part.type === 'segment-wildcard' && !isCustomName) text += `(${segmentWildcard(options)})`;
    else if (part.type === 'full-wildcard') {
      const canStar =
        !isCustomName &&
        (previous === undefined || previous.type === 'fixed-text' || previous.modifier !== '' || braces || part.prefix !== '');
      text += canStar ? '*' : `(${FULL_WILDCARD})`;
    }
    if (part.type === 'segment-wildcard' && isCustomName && part.suffix !== '' && isNamePart([...part.suffix][0])) text += '\\';
    text += escapePattern(part.suffix);
    if (braces) text += '}';
    text += part.modifier;
  });
  return text;
}

module.exports = { parsePattern, tokenize, toPattern, toRegExp };
