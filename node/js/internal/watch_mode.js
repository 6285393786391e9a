// SPDX-License-Identifier: Apache-2.0
//
// --watch: runs the program as a child, and again when a file changes that it loaded, or one below --watch-path. The child
// says through its channel what it loads.
'use strict';

const { getOptionValue } = require('internal/options');

const kReports = 'WATCH_REPORT_DEPENDENCIES'; // Node's name: set for the child
const kSettle = 200; // ms in which changes are one

// In the child: tells of every file that the loader reads.
function reportDependencies() {
  if (internalBinding('environment').get(kReports) === undefined || process.send === undefined) return;
  const files = internalBinding('module_files');
  const { readFileUtf8 } = files;
  files.readFileUtf8 = (path) => {
    if (process.connected) process.send({ 'watch:require': [path] });
    return readFileUtf8(path);
  };
}

// The options without those of watching; `--watch-path x` is two words.
function childOptions() {
  const kept = [];
  const { execArgv } = process;
  for (let i = 0; i < execArgv.length; i++) {
    if (!execArgv[i].startsWith('--watch')) kept.push(execArgv[i]);
    else if (/^--watch-(?:path|kill-signal)$/.test(execArgv[i])) i++;
  }
  return kept;
}

class Watched {
  #watchers = new Map(); // folder -> watcher
  #files = new Set();
  #timer;
  #onChange;

  constructor(onChange) {
    this.#onChange = onChange;
  }

  // Editors replace files: the folder is watched for the name.
  addFile(path) {
    if (this.#files.has(path)) return;
    this.#files.add(path);
    const { dirname, join } = require('path');
    const folder = dirname(path);
    if (this.#watchers.has(folder)) return;
    this.#watch(folder, false, (name) => this.#files.has(join(folder, name)));
  }

  addFolder(path) {
    this.#watch(path, true, () => true);
  }

  #watch(folder, recursive, concerns) {
    const watcher = require('fs').watch(folder, { recursive }, (event, name) => {
      if (name === null || concerns(name)) this.#changed();
    });
    watcher.on('error', () => {}); // a folder that has gone changes no more
    this.#watchers.set(folder, watcher);
  }

  #changed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onChange, kSettle);
  }

  forgetFiles() {
    this.#files.clear();
  }
}

class Supervisor {
  #command;
  #name;
  #child;
  #watched = new Watched(() => this.#restart());

  constructor() {
    this.#command = [...childOptions(), ...process.argv.slice(1)];
    this.#name = require('internal/util/inspect').inspect(process.argv.slice(1).join(' '));
    for (const path of getOptionValue('--watch-path') ?? []) this.#watched.addFolder(path);
    setInterval(() => {}, 2 ** 30); // waits for changes, whatever becomes of the child
    for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => this.#end(signal));
  }

  #say(text) {
    process.stdout.write(`${text}\n`);
  }

  start() {
    const child = require('child_process').spawn(process.execPath, this.#command, {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, [kReports]: '1' },
    });
    this.#child = child;
    child.on('message', (message) => {
      if (getOptionValue('--watch-path') === undefined) message['watch:require']?.forEach((path) => this.#watched.addFile(path));
    });
    child.once('exit', (code) => {
      if (this.#child !== child) return; // killed to run again
      this.#child = undefined;
      const verb = code === 0 ? 'Completed running' : 'Failed running';
      this.#say(`${verb} ${this.#name}. Waiting for file changes before restarting...`);
    });
  }

  #restart() {
    const before = this.#child;
    this.#child = undefined;
    this.#watched.forgetFiles();
    if (!getOptionValue('--watch-preserve-output')) process.stdout.write('\u001Bc');
    this.#say(`Restarting ${this.#name}`);
    if (before === undefined) {
      this.start();
      return;
    }
    before.once('exit', () => this.start());
    before.kill(getOptionValue('--watch-kill-signal') ?? 'SIGTERM');
  }

  #end(signal) {
    if (this.#child === undefined) process.exit();
    this.#child.once('exit', () => process.exit());
    this.#child.kill(signal);
  }
}

function watch() {
  new Supervisor().start();
}

module.exports = { reportDependencies, watch };
