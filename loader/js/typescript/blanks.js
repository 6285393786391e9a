// SPDX-License-Identifier: Apache-2.0
//
// What sucrase writes, with spaces for all that it leaves out: lines and columns stay where they are.
'use strict';

const { TokenType: tt } = require('internal/deps/sucrase/dist/parser/tokenizer/types');
const RootTransformer = require('internal/deps/sucrase/dist/transformers/RootTransformer').default;
const TokenProcessor = require('internal/deps/sucrase/dist/TokenProcessor').default;

const blank = (text) => text.replace(/[^\r\n]/g, ' ');

// What ended a statement, or a member of a class, by standing on a line of its own or at the end of one. When it is
// gone, the next line must not go on with the expression before it.
const ENDS_STATEMENT = new Set(
  (
    ': ? as satisfies type interface declare abstract import export namespace module enum function async const let var ' +
    'class public private protected readonly override'
  ).split(' ')
);
const GOES_ON = new Set('([`+-/*'.split(''));
const SEPARATES = new Set([';', '{', '}', '']);

class BlankingProcessor extends TokenProcessor {
  constructor(...args) {
    super(...args);
    this.gap = undefined; // { at: index in the result, first: index of a token } while tokens are left out
  }

  reset() {
    super.reset();
    this.gap = undefined;
  }

  snapshot() {
    return { ...super.snapshot(), gap: this.gap };
  }

  restoreToSnapshot(snapshot) {
    super.restoreToSnapshot(snapshot);
    this.gap = snapshot.gap;
  }

  #text(index) {
    const token = this.tokens[index];
    return token === undefined ? '' : this.code.slice(token.start, token.end);
  }

  #leaveOut() {
    const before = this.previousWhitespaceAndComments();
    this.resultCode += this.gap === undefined ? before : blank(before);
    this.gap ??= { at: this.resultCode.length, first: this.tokenIndex };
    this.resultMappings[this.tokenIndex] = this.resultCode.length;
    this.resultCode += blank(this.#text(this.tokenIndex));
    this.tokenIndex++;
  }

  // Called before a token that stays.
  #closeGap() {
    const { gap } = this;
    if (gap === undefined) return;
    this.gap = undefined;
    const first = this.#text(gap.first);
    const isType = ENDS_STATEMENT.has(first) || (first === '!' && this.#text(gap.first + 1) === ':');
    if (!isType || !GOES_ON.has(this.#text(this.tokenIndex)[0])) return;
    if (SEPARATES.has(this.#text(gap.first - 1))) return;
    const start = gap.first === 0 ? 0 : this.tokens[gap.first - 1].end;
    const lineBefore = this.code.slice(start, this.tokens[gap.first].start).includes('\n');
    const lineAfter = this.previousWhitespaceAndComments().includes('\n');
    if (!lineBefore && !lineAfter) return;
    this.resultCode = `${this.resultCode.slice(0, gap.at)};${this.resultCode.slice(gap.at + 1)}`;
  }

  removeInitialToken() {
    this.#leaveOut();
  }

  removeToken() {
    this.#leaveOut();
  }

  copyToken() {
    this.#closeGap();
    super.copyToken();
  }

  copyTokenWithPrefix(prefix) {
    this.#closeGap();
    super.copyTokenWithPrefix(prefix);
  }

  replaceToken(code) {
    this.#closeGap();
    super.replaceToken(code);
  }

  // A comma that was left out and is needed after all goes back to its place.
  appendCode(code) {
    if (code === ',' && this.gap !== undefined) this.resultCode = this.resultCode.slice(0, -1);
    super.appendCode(code);
  }

  // The parenthesis that closes an arrow function's parameters, when the type after it has lines: it has to be on the
  // arrow's line, where the type ends.
  moveParenthesis(arrow) {
    while (this.tokenIndex < arrow) this.#leaveOut();
    this.gap = undefined;
    this.resultCode = `${this.resultCode.slice(0, -1)})`;
    this.copyToken();
  }
}

class BlankingTransformer extends RootTransformer {
  processPossibleArrowParamEnd() {
    const { tokens } = this;
    if (!tokens.matches2(tt.parenR, tt.colon) || !tokens.tokenAtRelativeIndex(1).isType) return false;
    let next = tokens.currentIndex() + 1;
    while (tokens.tokens[next].isType) next++;
    if (!tokens.matches1AtIndex(next, tt.arrow)) return false;
    const type = tokens.code.slice(tokens.currentToken().end, tokens.tokens[next].start);
    if (!type.includes('\n')) return false;
    tokens.moveParenthesis(next);
    return true;
  }

  processPossibleAsyncArrowWithTypeParams() {
    const { tokens } = this;
    let next = tokens.currentIndex() + 1;
    if (tokens.tokens[next]?.type !== tt.lessThan) return false;
    while (tokens.tokens[next].isType) next++;
    const types = tokens.code.slice(tokens.currentToken().end, tokens.tokens[next].start);
    return types.includes('\n') && super.processPossibleAsyncArrowWithTypeParams();
  }
}

module.exports = { BlankingProcessor, BlankingTransformer };
