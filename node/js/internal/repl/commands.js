// SPDX-License-Identifier: Apache-2.0
//
// The commands of the prompt that begin with a dot.
'use strict';

const fs = require('fs');

function turnOnEditor(repl) {
  repl.editorMode = true;
  repl._prompt = '';
}

function turnOffEditor(repl) {
  repl.editorMode = false;
  repl.setPrompt(repl._initialPrompt);
}

function save(file) {
  if (file === '') {
    this.output.write('The "file" argument must be specified\n');
    this.displayPrompt();
    return;
  }
  try {
    fs.writeFileSync(file, this.lines.join('\n'));
    this.output.write(`Session saved to: ${file}\n`);
  } catch {
    this.output.write(`Failed to save: ${file}\n`);
  }
  this.displayPrompt();
}

function load(file) {
  if (file === '') {
    this.output.write('The "file" argument must be specified\n');
    this.displayPrompt();
    return;
  }
  try {
    if (fs.statSync(file).isFile()) {
      turnOnEditor(this);
      this.loading = true;
      this.write(fs.readFileSync(file, 'utf8'));
      this.loading = false;
      turnOffEditor(this);
      this.write('\n');
    } else this.output.write(`Failed to load: ${file} is not a valid file\n`);
  } catch {
    this.output.write(`Failed to load: ${file}\n`);
  }
  this.displayPrompt();
}

function help() {
  const names = Object.keys(this.commands).sort();
  const longest = Math.max(...names.map(({ length }) => length));
  for (const name of names) {
    const { help: text } = this.commands[name];
    const spaces = text ? ' '.repeat(longest - name.length + 3) : '';
    this.output.write(`.${name}${spaces}${text ?? ''}\n`);
  }
  this.output.write('\nPress Ctrl+C to abort current expression, Ctrl+D to exit the REPL\n');
  this.displayPrompt();
}

function defineDefaultCommands(repl) {
  repl.defineCommand('break', {
    help: 'Sometimes you get stuck, this gets you out',
    action() {
      this.clearBufferedCommand();
      this.displayPrompt();
    },
  });
  repl.defineCommand('clear', {
    help: repl.useGlobal ? 'Alias for .break' : 'Break, and also clear the local context',
    action() {
      this.clearBufferedCommand();
      if (!this.useGlobal) {
        this.output.write('Clearing context...\n');
        this.resetContext();
      }
      this.displayPrompt();
    },
  });
  repl.defineCommand('exit', {
    help: 'Exit the REPL',
    action() {
      this.close();
    },
  });
  repl.defineCommand('help', { help: 'Print this help message', action: help });
  repl.defineCommand('save', { help: 'Save all evaluated commands in this REPL session to a file', action: save });
  repl.defineCommand('load', { help: 'Load JS from a file into the REPL session', action: load });
  if (!repl.terminal) return;
  repl.defineCommand('editor', {
    help: 'Enter editor mode',
    action() {
      turnOnEditor(this);
      this.output.write('// Entering editor mode (Ctrl+D to finish, Ctrl+C to cancel)\n');
    },
  });
}

module.exports = { defineDefaultCommands, turnOffEditor };
