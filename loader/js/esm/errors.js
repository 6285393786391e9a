// SPDX-License-Identifier: Apache-2.0
//
// Errors of ES modules in Node's words.
'use strict';

const { readPackageScope } = require('internal/modules/package_json');
const { extname } = require('internal/modules/paths');
const { pathToUrl, shownUrl, urlToPath } = require('internal/modules/esm/urls');

const escape = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

function setMessage(error, message) {
  Object.defineProperty(error, 'message', {
    __proto__: null,
    configurable: true,
    enumerable: false,
    value: message,
    writable: true,
  });
}

// Where in the text of `job` the name is imported from `specifier`: { line, column, text } or undefined.
function findImport(job, specifier, name) {
  if (job.source === undefined && !job.url.startsWith('file:')) return undefined;
  const source = job.source ?? internalBinding('module_files').readFileUtf8(urlToPath(job.url));
  const from = `\\b[^;'"]*?from\\s*(['"])${escape(specifier)}\\1`;
  let start = -1;
  for (const before of name === 'default'
    ? ['import\\s+(?=[\\w$])', '[{,]\\s*(?=default\\s+as)']
    : ['[{,]\\s*']) {
    const wanted = name === 'default' ? '[\\w$]+' : escape(name);
    const match = new RegExp(`(?<=${before})${wanted}${from}`).exec(source);
    if (match !== null) start = match.index;
  }
  if (start < 0) return undefined;
  const lineStart = source.lastIndexOf('\n', start) + 1;
  return {
    line: source.slice(0, start).split('\n').length,
    column: start - lineStart,
    text: source.slice(lineStart).split('\n', 1)[0],
  };
}

// The engine cuts what it puts into a message after 63 bytes.
const isShownAs = (whole, shown) => whole === shown || (shown.length > 60 && whole.startsWith(shown));

// The engine names the module and the missing export, not who wants it.
function importerOf(graph, url, name) {
  for (const job of [...graph].reverse()) {
    for (const [specifier, target] of job.requests) {
      if (!isShownAs(target.url, url)) continue;
      const place = findImport(job, specifier, name);
      if (place !== undefined) return { job, place, specifier, target };
    }
  }
  return undefined;
}

// For a graph that is required, Node leaves out what to do.
function missingExportMessage({ place, specifier, target }, name, isRequired) {
  if (target.format !== 'commonjs' || isRequired) {
    return `The requested module '${specifier}' does not provide an export named '${name}'`;
  }
  const names = /{.*}/.exec(place.text)?.[0].replace(/\s+as\s+/g, ': ');
  return (
    `Named export '${name}' not found. The requested module '${specifier}' is a CommonJS module, which may not support ` +
    'all module.exports as named exports.\nCommonJS modules can always be imported via the default export, ' +
    `for example using:\n\nimport pkg from '${specifier}';\n${
      names === undefined ? '' : `const ${names} = pkg;\n`
    }`
  );
}

// Puts the engine's SyntaxError of linking into V8's words. `importer` is the job that is wrong, if it was found.
function explainLinkError(error, graph, isRequired) {
  const [, name, url] = /^Could not find export '(.*)' in module '(.*)'$/s.exec(error.message) ?? [];
  if (name === undefined) {
    const [, star, from] = /^export '(.*)' in module '(.*)' is ambiguous$/s.exec(error.message) ?? [];
    const found = star === undefined ? undefined : importerOf(graph, from, star);
    if (found === undefined) return {};
    setMessage(
      error,
      `The requested module '${found.specifier}' contains conflicting star exports for name '${star}'`
    );
    return { importer: found.job };
  }
  const found = importerOf(graph, url, name);
  if (found === undefined) {
    setMessage(error, `The requested module '${shownUrl(url)}' does not provide an export named '${name}'`);
    return {};
  }
  setMessage(error, missingExportMessage(found, name, isRequired));
  const { job, place } = found;
  error.stack = `${error.name}: ${error.message}\n    at ${job.url}:${place.line}:${place.column + 1}`;
  return { importer: job };
}

function cycleError(filename, from) {
  const {
    codes: { ERR_REQUIRE_CYCLE_MODULE },
  } = require('internal/errors');
  return new ERR_REQUIRE_CYCLE_MODULE(
    `Cannot require() ES Module ${filename} in a cycle. ${from ? `(from ${from}) ` : ''}` +
      'A cycle involving require(esm) is not allowed to maintain invariants mandated by the ECMAScript specification. ' +
      'Try making at least part of the dependency in the graph lazily loaded.'
  );
}

// An ES module in a file that its name or package.json calls CommonJS: V8's words, and what to do.
function explainModuleSyntax(error, source, filename) {
  const [, line] = /:(\d+):\d+\)?(?:\n|$)/.exec(error.stack) ?? [];
  const text = source.split('\n')[line - 1] ?? '';
  let message;
  if (/import\.meta/.test(error.message)) message = "Cannot use 'import.meta' outside a module";
  else if (/^\s*import\b/.test(text)) message = 'Cannot use import statement outside a module';
  else if (/^\s*export\b/.test(text)) message = "Unexpected token 'export'";
  else return;
  require('internal/process/warning').emitWarningNow(
    `Failed to load the ES module: ${filename}. Make sure to set "type": "module" in the nearest package.json file ` +
      'or use the .mjs extension.'
  );
  const { stack, message: before } = error;
  error.stack = stack.replace(before, () => message);
  setMessage(error, message);
}

// require() of an ES module when options forbid it.
function requireEsmError(filename, source, parent) {
  const {
    codes: { ERR_REQUIRE_ESM },
  } = require('internal/errors');
  const usesEsm = require('internal/modules/cjs/compile').isModuleText(source, filename);
  return new ERR_REQUIRE_ESM(filename, usesEsm, parent?.filename, readPackageScope(filename)?.path);
}

function importCycleError(specifier, from, kind) {
  const {
    codes: { ERR_REQUIRE_CYCLE_MODULE },
  } = require('internal/errors');
  return new ERR_REQUIRE_CYCLE_MODULE(
    `Cannot import ${kind} ${specifier} in a cycle. (from ${shownUrl(from.url)})`
  );
}

// The path from a folder to a file, both absolute.
function relative(from, to) {
  const up = from.split('/').filter(Boolean);
  const down = to.split('/').filter(Boolean);
  while (up.length > 0 && up[0] === down[0]) {
    up.shift();
    down.shift();
  }
  return [...up.map(() => '..'), ...down].join('/');
}

// What a file that require() finds for `specifier` is called in an import, undefined when there is none. As in Node, a
// relative specifier is looked for from the working directory.
function findAsCommonJS(specifier, parentUrl) {
  const { Module } = require('internal/modules/cjs/loader');
  let found;
  try {
    const parentPath = urlToPath(parentUrl);
    const parent = new Module(parentPath, null);
    parent.paths = Module._nodeModulePaths(parentPath);
    found = Module._resolveFilename(specifier, parent, false);
  } catch {
    return undefined; // there is nothing to suggest
  }
  if (/^\.\.?(?:\/|$)/.test(specifier)) {
    const path = relative(parentUrl.slice(7).replace(/\/[^/]*$/, ''), pathToUrl(found).slice(7));
    return path.startsWith('../') ? path : `./${path}`;
  }
  if (!/^[^/.]/.test(specifier)) return found;
  const [name] = specifier.split('/', 1);
  const needle = `/node_modules/${name}/`;
  const at = found.lastIndexOf(needle);
  if (at === -1) return pathToUrl(found);
  return `${name}/${found
    .slice(at + needle.length)
    .split('/')
    .map(encodeURIComponent)
    .join('/')}`;
}

// A file that require() would have found is worth a word.
function suggestFile(error, specifier, parentUrl) {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND' && error?.code !== 'ERR_UNSUPPORTED_DIR_IMPORT') return;
  const request = specifier.startsWith('file://') ? urlToPath(specifier) : specifier;
  const found = findAsCommonJS(request, parentUrl);
  if (found === undefined || found === request) return;
  const hint = `Did you mean to import ${JSON.stringify(found)}?`;
  const [header, ...frames] = error.stack.split('\n');
  error.stack = [header, hint, ...frames].join('\n');
  setMessage(error, `${error.message}\n${hint}`);
}

// The engine cannot read `import source x from 'y'`, and no module here has a source to give: Node's error for one that
// has none, undefined when `error` is about something else.
function sourcePhaseError(error, url, source) {
  if (!(error instanceof SyntaxError)) return undefined;
  const [, , specifier] = /^\s*import\s+source\s+[\w$]+\s+from\s*(['"])(.*?)\1/m.exec(source) ?? [];
  if (specifier === undefined) return undefined;
  const target = require('internal/modules/esm/translators').resolveSync(specifier, url);
  return new (require('internal/errors').codes.ERR_SOURCE_PHASE_NOT_DEFINED)(target);
}

// `require` and its companions do not exist in a module: says so to who used them.
function explainMissingGlobal(error, url) {
  if (!(error instanceof ReferenceError)) return;
  const [, name] = /^(require|exports|module|__filename|__dirname) is not defined$/.exec(error.message) ?? [];
  if (name === undefined) return;
  const { stack, message } = error;
  let text = `${message} in ES module scope`;
  if (name === 'require') text += ', you can use import instead';
  const [, file = url] = /(file:\/\/[^\s)]+?):\d+:\d+/.exec(stack) ?? [];
  if (file.startsWith('file:') && extname(urlToPath(file)) === '.js') {
    const pkg = readPackageScope(urlToPath(file));
    if (pkg?.type === 'module') {
      text +=
        `\nThis file is being treated as an ES module because it has a '.js' file extension and '${pkg.path}' ` +
        'contains "type": "module". To treat it as a CommonJS script, rename it to use the \'.cjs\' file extension.';
    }
  }
  setMessage(error, text);
  error.stack = stack.replace(message, () => text);
}

module.exports = {
  cycleError,
  explainLinkError,
  explainMissingGlobal,
  explainModuleSyntax,
  importCycleError,
  requireEsmError,
  sourcePhaseError,
  suggestFile,
};
