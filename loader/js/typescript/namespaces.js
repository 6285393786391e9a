// SPDX-License-Identifier: Apache-2.0
//
// `namespace A { … }` as a function that fills an object, in TypeScript still: the types inside are removed with all
// others. Lines stay; what is exported is an accessor of the object, so that it always has the variable's value.
'use strict';

const { TokenType: tt } = require('internal/deps/sucrase/dist/parser/tokenizer/types');
const { isNamespace } = require('internal/modules/typescript/unsupported');

const DECLARES_ONE = new Set(['function', 'class', 'enum', 'namespace']);
const WITHOUT_VALUE = new Set(['type', 'interface', 'declare']);

class Rewriter {
  constructor(source, tokens) {
    this.source = source;
    this.tokens = tokens;
    this.edits = []; // [start, end, text]
    this.merged = new Set(); // names that something else of the file declares: those need no `var`
    for (let i = 0; i + 1 < tokens.length; i++) {
      if ((tokens[i].type === tt._class || tokens[i].type === tt._function) && !tokens[i].isType)
        this.merged.add(this.text(i + 1));
    }
  }

  text(at) {
    const token = this.tokens[at];
    return token === undefined ? '' : this.source.slice(token.start, token.end);
  }

  // The token after the bracket that closes the one at `at`.
  closing(at) {
    let depth = 0;
    for (let i = at; i < this.tokens.length; i++) {
      const { type } = this.tokens[i];
      if (type === tt.braceL || type === tt.parenL || type === tt.bracketL || type === tt.dollarBraceL) depth++;
      else if ((type === tt.braceR || type === tt.parenR || type === tt.bracketR) && --depth === 0) return i;
    }
    return this.tokens.length - 1;
  }

  run() {
    for (let at = 0; at < this.tokens.length; at++) {
      if (!isNamespace(this.tokens, at)) continue;
      if (this.tokens[at - 1]?.type === tt._declare) {
        while (this.tokens[at].type !== tt.braceL) at++;
        at = this.closing(at);
      } else at = this.namespace(at, this.tokens[at - 1]?.type === tt._export);
    }
    let result = this.source;
    this.edits.sort((a, b) => b[0] - a[0]);
    for (const [start, end, text] of this.edits) result = result.slice(0, start) + text + result.slice(end);
    return result;
  }

  // The one whose keyword is token `at`; the index of its last token.
  namespace(at, isExported) {
    const names = [];
    let open = at + 1;
    for (; this.tokens[open].type !== tt.braceL; open++)
      if (this.tokens[open].type === tt.name) names.push(this.text(open));
    const close = this.closing(open);
    const [outer] = names;
    let head = this.merged.has(outer) ? '' : `var ${outer}; `;
    let tail = '';
    names.forEach((name, i) => {
      const target = i === 0 ? name : `${names[i - 1]}.${name}`;
      head += `${i === 0 ? '' : `let ${name}; `}(function (${name}) { `;
      tail = `})(${i === 0 ? '' : `${name} = `}${target} || (${target} = {}));${tail}`;
    });
    this.merged.add(outer);
    head += this.accessors(names.at(-1), this.body(open + 1, close));
    const first = this.tokens[at].start;
    if (isExported && head.startsWith('(')) this.edits.push([this.tokens[at - 1].start, first, ';']);
    this.edits.push([first, this.tokens[open].end, head]);
    this.edits.push([this.tokens[close].start, this.tokens[close].end, tail]);
    return close;
  }

  accessors(object, exported) {
    const each = exported.map(
      ([name, local]) =>
        `${name}: { configurable: true, enumerable: true, get: () => ${local}, set: ($) => { ${local} = $; } }`
    );
    return each.length === 0 ? '' : `Object.defineProperties(${object}, { ${each.join(', ')} }); `;
  }

  // Rewrites the statements between two braces; [name, name of the variable] of what they export.
  body(from, to) {
    const exported = [];
    for (let at = from; at < to; at++) {
      const { type } = this.tokens[at];
      if (isNamespace(this.tokens, at)) at = this.namespace(at, false);
      else if (type === tt._export) at = this.exportAt(at, exported);
      else if (type === tt.braceL || type === tt.parenL || type === tt.bracketL) at = this.closing(at);
    }
    return exported;
  }

  exportAt(at, exported) {
    let next = at + 1;
    if (WITHOUT_VALUE.has(this.text(next))) return next;
    if (this.text(next) === '{') {
      const close = this.closing(next);
      for (let i = next + 1; i < close; i++) {
        const local = this.text(i);
        if (this.text(i + 1) === 'as') i += 2;
        exported.push([this.text(i), local]);
        if (this.text(i + 1) === ',') i++;
      }
      this.edits.push([this.tokens[at].start, this.tokens[close].end, '']);
      return close;
    }
    this.edits.push([this.tokens[at].start, this.tokens[next].start, '']);
    if (this.text(next) === 'const' && this.text(next + 1) === 'enum') next++;
    while (['async', 'abstract'].includes(this.text(next))) next++;
    if (DECLARES_ONE.has(this.text(next))) {
      const name = this.text(this.text(next + 1) === '*' ? next + 2 : next + 1);
      exported.push([name, name]);
      return isNamespace(this.tokens, next) ? this.namespace(next, false) : next;
    }
    return this.variables(next, exported);
  }

  // The variables of a name, or of a pattern: without keys and default values.
  boundNames(at) {
    if (this.tokens[at].type === tt.name) return [this.text(at)];
    const names = [];
    for (let i = at + 1, close = this.closing(at); i < close; i++) {
      if (this.text(i) === '=') i++;
      else if (this.tokens[i].type === tt.name && this.text(i + 1) !== ':') names.push(this.text(i));
    }
    return names;
  }

  // `const a = 1, b: number = 2;`
  variables(at, exported) {
    let expectsName = true;
    for (let i = at + 1; i < this.tokens.length; i++) {
      const { type } = this.tokens[i];
      if (expectsName) for (const name of this.boundNames(i)) exported.push([name, name]);
      expectsName = type === tt.comma;
      if (type === tt.braceL || type === tt.parenL || type === tt.bracketL) i = this.closing(i);
      if (type === tt.semi || type === tt._export || type === tt.braceR) return i - 1;
      const gap = this.source.slice(this.tokens[i].end, this.tokens[i + 1]?.start);
      if (!expectsName && gap.includes('\n') && !/^[=.(+\-*/&|?:,[]/.test(this.text(i + 1)) && type !== tt.eq)
        return i;
    }
    return this.tokens.length;
  }
}

function expandNamespaces(source, tokens) {
  return tokens.some((_, at) => isNamespace(tokens, at)) ? new Rewriter(source, tokens).run() : source;
}

module.exports = { expandNamespaces };
