// SPDX-License-Identifier: Apache-2.0
//
// How the prompt shows an error that nobody caught.
'use strict';

const isError = (value) => require('internal/util/types').isNativeError(value) || value instanceof Error;

// Only what is above the text that was entered.
function cutStack(stack) {
  const lines = stack.split('\n');
  const end = lines.findLastIndex((line) => /^ {4}at <eval> \(REPL\d+:/.test(line));
  const kept = end === -1 ? lines : lines.slice(0, end);
  return kept.map((line) => line.replace(/^( {4}at )<anonymous> \((REPL\d+:\d+:\d+)\)$/, '$1$2')).join('\n');
}

// `import` as a statement, as import() would have it.
function asDynamicImport(code) {
  const match = /^\s*import\s+(?:(.+?)\s+from\s+)?(['"][^'"]+['"])/.exec(code);
  if (match === null) return '';
  const [, names, specifier] = match;
  if (names === undefined) return `await import(${specifier});`;
  const bindings = [];
  const braces = /\{([^}]*)\}/.exec(names);
  const rest = names.replace(/\{[^}]*\}/, '').split(',').map((part) => part.trim()).filter(Boolean);
  for (const part of rest) {
    if (part.startsWith('* as ')) bindings.push(part.slice(5));
    else bindings.push(`{ default: ${part} }`);
  }
  if (braces !== null) {
    bindings.push(`{ ${braces[1].split(',').map((part) => part.trim().replace(/\s+as\s+/, ': ')).filter(Boolean).join(', ')} }`);
  }
  const [first, ...more] = bindings;
  const text = `const ${first} = await import(${specifier});`;
  return more.length === 0 ? text : [text, ...more.map((part) => `const ${part} = await import(${specifier});`)].join('\n');
}

function prepare(repl, error) {
  if (error.domainThrown) {
    delete error.domain;
    delete error.domainThrown;
  }
  if (!isError(error) || typeof error.stack !== 'string') return;
  let stack = cutStack(error.stack);
  if (error.name === 'SyntaxError') {
    stack = stack.replace(/^REPL\d+:\d+\r?\n/, '').replace(/^\s+at\s.*\n?/gm, '').replace(/\n+$/, '');
    const statement = 'Cannot use import statement outside a module';
    if (error.message.includes(statement)) {
      error.message =
        'Cannot use import statement inside the Node.js REPL, alternatively use dynamic import: ' +
        asDynamicImport(repl.lines.at(-1) ?? '');
      stack = stack.replace(`SyntaxError: ${statement}`, `SyntaxError: ${error.message}`);
    }
  } else if (repl.replMode === repl.STRICT) {
    stack = stack.replace(/(\s+at\s+.*REPL\d+:)(\d+)/, (_, before, line) => before + (line - 1));
  }
  Object.defineProperty(error, 'stack', { __proto__: null, configurable: true, enumerable: false, value: stack, writable: true });
}

function describe(repl, error) {
  let text = '';
  if (typeof error === 'object' && error !== null) {
    prepare(repl, error);
    if (isError(error)) {
      text = repl.writer(error);
      if (text.startsWith('[') && text.endsWith(']')) text = text.slice(1, -1);
    }
  }
  if (text === '') text = repl.writer(error);
  const lines = text.split(/(?<=\n)/);
  const named = lines.findIndex((line) => /^\[?([A-Z][a-z0-9_]*)*Error/.test(line));
  if (named === -1) text = `Uncaught${lines.length === 1 ? ' ' : ':\n'}${text}`;
  else {
    const fits = (repl.writer.options?.breakLength ?? 80) >= lines[named].length;
    lines[named] = fits ? `Uncaught ${lines[named]}` : `Uncaught:\n${lines[named]}`;
    text = lines.join('');
  }
  return text.endsWith('\n') ? text : `${text}\n`;
}

module.exports = { describe };
