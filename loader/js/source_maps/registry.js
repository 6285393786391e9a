// SPDX-License-Identifier: Apache-2.0
//
// The source maps of the modules that were loaded while support was on: read from their last comment when first asked
// for, inline or from the file it names.
'use strict';

const hooks = require('internal/modules/hooks');

const support = { enabled: false, nodeModules: false, generatedCode: false };

// Path or URL of a module -> { text, url, map }; `map` is undefined until it is read, null when there is none to be had.
const entries = new Map();

// The map of a CommonJS module goes with it, a turn later: a module that throws is gone before its error is printed.
const owners = new FinalizationRegistry(({ name, entry }) => {
  if (entries.get(name) === entry) entries.delete(name);
});

const COMMENT = /\/[/*][#@][ \t]+sourceMappingURL=([^\s'"]*)/g;
const ONLY_COMMENTS = /^[ \t]*(?:\*\/)?\s*(?:\/\/[^\n]*\s*)*$/;
const STRING_OR_COMMENT =
  /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[^])*`|\/\/[^\n]*|\/\*[^]*?\*\//g;

// The URL in the last comment that has one, which ends the text as a rule. Otherwise strings have to be told from comments.
function mappingUrl(text) {
  if (!text.includes('sourceMappingURL=')) return undefined;
  let last;
  for (const match of text.matchAll(COMMENT)) last = match;
  if (last === undefined) return undefined;
  const after = text.slice(last.index + last[0].length);
  if (ONLY_COMMENTS.test(after) && !after.includes('`')) return last[1];
  let url;
  for (const [part] of text.matchAll(STRING_OR_COMMENT)) {
    if (part.startsWith('/')) url = new RegExp(`^${COMMENT.source}`).exec(part)?.[1] ?? url;
  }
  return url;
}

const isUnderNodeModules = (name) => name.includes('/node_modules/');

// Remembers that `name` may have a map. `owner` is a CommonJS module.
function keep(name, text, owner) {
  if (!support.nodeModules && isUnderNodeModules(name)) return;
  const url = mappingUrl(text);
  if (url === undefined) return;
  const entry = { text, url, map: undefined };
  entries.set(name, entry);
  if (owner !== undefined) owners.register(owner, { name, entry });
}

function fromDataUrl(url) {
  const [, type, encoding, data] = /^data:([^;,]*)(?:;charset=[^;,]+)?(;base64)?,(.*)$/s.exec(url) ?? [];
  if (type !== 'application/json') return undefined;
  return encoding ? require('buffer').Buffer.from(data, 'base64').toString() : decodeURIComponent(data);
}

// [payload, URL that its sources are relative to], undefined for a map that is not there or is no map: errors of
// maps are not those of the program.
function readPayload(name, url) {
  const { URL, fileURLToPath, pathToFileURL } = require('internal/url');
  const base = name.startsWith('/') ? pathToFileURL(name).href : name;
  try {
    if (url.startsWith('data:')) return [JSON.parse(fromDataUrl(url)), base];
    const place = new URL(url, base).href;
    return [JSON.parse(internalBinding('module_files').readFileUtf8(fileURLToPath(place))), place];
  } catch {
    return undefined;
  }
}

function withAbsoluteSources(payload, base) {
  const { URL } = require('internal/url');
  const sources = payload.sources?.map((source) => {
    const path = `${payload.sourceRoot ?? ''}${source}`;
    return URL.canParse(path, base) ? new URL(path, base).href : path;
  });
  return { ...payload, sourceRoot: '', sources: sources ?? [] };
}

const lineLengths = (text) =>
  text
    .replace(/\n$/, '')
    .split(/\n|\u2028|\u2029/)
    .map((line) => line.length);

function readMap(name, { text, url }) {
  const [payload, base] = readPayload(name, url) ?? [];
  if (payload === null || typeof payload !== 'object') return null;
  const { SourceMap } = require('internal/modules/source_maps/source_map');
  return new SourceMap(withAbsoluteSources(payload, base), { lineLengths: lineLengths(text) });
}

function findSourceMap(name) {
  if (typeof name !== 'string') return undefined;
  let entry = entries.get(name);
  if (entry === undefined && name.startsWith('/'))
    entry = entries.get(require('internal/url').pathToFileURL(name).href);
  if (entry === undefined) return undefined;
  if (entry.map === undefined) entry.map = readMap(name, entry);
  return entry.map ?? undefined;
}

// The text of a source that a map brings along.
function embeddedSource(url) {
  for (const { map } of entries.values()) {
    const payload = map?.payload;
    const index = payload?.sources.indexOf(url) ?? -1;
    if (index !== -1) return payload.sourcesContent?.[index] ?? undefined;
  }
  return undefined;
}

function setSourceMapsSupport({ enabled, nodeModules, generatedCode }) {
  Object.assign(support, { enabled, nodeModules, generatedCode });
  hooks.keepSourceMap = enabled ? keep : undefined;
  internalBinding('errors').setStackMapper(
    enabled ? require('internal/modules/source_maps/stacks').mapStack : undefined
  );
}

const getSourceMapsSupport = () => Object.freeze({ __proto__: null, ...support });

module.exports = { embeddedSource, findSourceMap, getSourceMapsSupport, setSourceMapsSupport };
