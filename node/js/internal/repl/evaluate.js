// SPDX-License-Identifier: Apache-2.0
//
// How the prompt evaluates: in its context, with top-level await, object literals as values.
'use strict';

const { isRecoverable, Recoverable } = require('internal/repl/syntax');
const { USE_LOADER } = require('internal/vm/hosts');
const { kAsync, kParsingContext, Script } = require('internal/vm/script');

// What to compile in turn until something parses: { text, isAsync }.
function candidates(code, strict) {
  const prefix = strict && !/^\s*$/.test(code) ? "'use strict'; void 0;\n" : '';
  const texts = [code];
  // `{ a: 1 }` is rather an object than a block.
  if (/^\s*\{/.test(code) && !/;\s*$/.test(code)) texts.unshift(`(${code.trim()})\n`);
  const found = [];
  for (const isAsync of code.includes('await') ? [false, true] : [false]) {
    for (const text of texts) found.push({ text: prefix + text, isAsync });
  }
  return found;
}

// The script, and whether it awaits. Throws the error of the text as it was given.
function compile(code, file, context, strict) {
  let first;
  for (const { text, isAsync } of candidates(code, strict)) {
    try {
      const script = new Script(text, {
        filename: file,
        [kParsingContext]: context,
        [kAsync]: isAsync,
        importModuleDynamically: USE_LOADER,
      });
      return { script, isAsync };
    } catch (error) {
      // Of the plain forms the last, which is not wrapped, tells; of those with await only what more lines could mend.
      if (!isAsync || isRecoverable(error, code)) first = error;
    }
  }
  throw isRecoverable(first, code) ? new Recoverable(first) : first;
}

function run(repl, script, context) {
  const options = { displayErrors: false, breakOnSigint: repl.breakEvalOnSigint };
  // A terminal in raw mode sends no SIGINT for Ctrl+C.
  const wasRaw = repl.breakEvalOnSigint && repl.terminal ? repl._setRawMode(false) : undefined;
  try {
    return repl.useGlobal ? script.runInThisContext(options) : script.runInContext(context, options);
  } finally {
    if (wasRaw !== undefined) repl._setRawMode(wasRaw);
  }
}

// An error belongs to the domain that the evaluation ran in, as one that is thrown later would.
function fail(error, callback) {
  if (process.domain) {
    process.domain.emit('error', error);
    process.domain.exit();
  } else callback(error);
}

// Runs until the promise is settled; Ctrl+C stops the waiting.
async function settle(repl, promise) {
  if (!repl.breakEvalOnSigint) return (await promise).value;
  let onSigint;
  const interrupted = new Promise((_, reject) => {
    onSigint = () => {
      const { ERR_SCRIPT_EXECUTION_INTERRUPTED } = require('internal/errors').codes;
      reject(new ERR_SCRIPT_EXECUTION_INTERRUPTED());
    };
    repl.prependListener('SIGINT', onSigint);
  });
  try {
    return (await Promise.race([promise, interrupted])).value;
  } finally {
    repl.removeListener('SIGINT', onSigint);
  }
}

function evaluate(repl, code, context, file, callback) {
  if (code === '\n') {
    callback(null);
    return;
  }
  let compiled;
  try {
    compiled = compile(code, file, repl.useGlobal ? undefined : context, repl.replMode === repl.STRICT);
  } catch (error) {
    callback(error);
    return;
  }
  let result;
  try {
    result = run(repl, compiled.script, context);
  } catch (error) {
    if (error?.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED') repl.emit('SIGINT');
    fail(error, callback);
    return;
  }
  if (!compiled.isAsync) {
    callback(null, result);
    return;
  }
  const resume = repl._holdInput();
  settle(repl, result).then(
    (value) => {
      callback(null, value);
      resume();
    },
    (error) => {
      callback(error);
      resume();
    }
  );
}

module.exports = { evaluate };
