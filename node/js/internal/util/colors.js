// SPDX-License-Identifier: Apache-2.0
//
// How many colours a terminal has, from its environment, and whether to use any.
'use strict';

const DEPTH_2 = 1;
const DEPTH_16 = 4;
const DEPTH_256 = 8;
const DEPTH_16M = 24;

// Terminals by the start of TERM.
const TERMS = {
  '__proto__': null,
  'eterm': DEPTH_16,
  'cons25': DEPTH_16,
  'console': DEPTH_16,
  'cygwin': DEPTH_16,
  'dtterm': DEPTH_16,
  'gnome': DEPTH_16,
  'hurd': DEPTH_16,
  'jfbterm': DEPTH_16,
  'konsole': DEPTH_16,
  'kterm': DEPTH_16,
  'mlterm': DEPTH_16,
  'mosh': DEPTH_16M,
  'putty': DEPTH_16,
  'st': DEPTH_16,
  'rxvt-unicode-24bit': DEPTH_16M,
  'terminator': DEPTH_16M,
  'xterm-kitty': DEPTH_16M,
};
const TERM_PATTERNS = [/ansi/, /color/, /linux/, /direct/, /^con[0-9]*x[0-9]/, /^rxvt/, /^screen/, /^xterm/, /^vt100/,
  /^vt220/];
const CI_SERVERS = {
  '__proto__': null,
  'APPVEYOR': DEPTH_256,
  'BUILDKITE': DEPTH_256,
  'CIRCLECI': DEPTH_16M,
  'DRONE': DEPTH_256,
  'GITEA_ACTIONS': DEPTH_16M,
  'GITHUB_ACTIONS': DEPTH_16M,
  'GITLAB_CI': DEPTH_256,
  'TRAVIS': DEPTH_256,
};

let warned = false;

function warnIgnored(env) {
  if (warned || (env.NODE_DISABLE_COLORS === undefined && env.NO_COLOR === undefined)) return;
  const name = env.NODE_DISABLE_COLORS ? 'NODE_DISABLE_COLORS' : 'NO_COLOR';
  if (!env[name]) return;
  warned = true;
  process.emitWarning(`The '${name}' env is ignored due to the 'FORCE_COLOR' env being set.`, 'Warning');
}

function depthOfCI(env) {
  for (const name of Object.keys(CI_SERVERS)) if (name in env) return CI_SERVERS[name];
  return env.CI_NAME === 'codeship' ? DEPTH_256 : DEPTH_2;
}

function depthOfForced(env) {
  switch (env.FORCE_COLOR) {
    case '':
    case '1':
    case 'true': return DEPTH_16;
    case '2': return DEPTH_256;
    case '3': return DEPTH_16M;
    default: return DEPTH_2;
  }
}

function depthOfTerm(env) {
  const term = env.TERM;
  if (term === 'dumb') return DEPTH_2;
  if (term.startsWith('xterm-256')) return DEPTH_256;
  const name = term.toLowerCase();
  if (TERMS[name] !== undefined) return TERMS[name];
  return TERM_PATTERNS.some((pattern) => pattern.test(name)) ? DEPTH_16 : DEPTH_2;
}

// Bits of colour: 1, 4, 8 or 24 (tty.WriteStream.prototype.getColorDepth).
function getColorDepth(env = process.env) {
  if (env.FORCE_COLOR !== undefined) {
    const depth = depthOfForced(env);
    if (depth !== DEPTH_2) warnIgnored(env);
    return depth;
  }
  if (env.NODE_DISABLE_COLORS || env.NO_COLOR || env.TERM === 'dumb') return DEPTH_2;
  if (env.TMUX) return DEPTH_16M;
  if (env.TF_BUILD && env.AGENT_NAME) return DEPTH_16;
  if ('CI' in env) return depthOfCI(env);
  if ('TEAMCITY_VERSION' in env) {
    return /^(9\.(0*[1-9]\d*)\.|\d{2,}\.)/.test(env.TEAMCITY_VERSION) ? DEPTH_16 : DEPTH_2;
  }
  const program = env.TERM_PROGRAM;
  if (program === 'iTerm.app') return /^([0-2]\.|$)/.test(env.TERM_PROGRAM_VERSION ?? '') ? DEPTH_256 : DEPTH_16M;
  if (program === 'HyperTerm' || program === 'MacTerm') return DEPTH_16M;
  if (program === 'Apple_Terminal') return DEPTH_256;
  if (env.COLORTERM === 'truecolor' || env.COLORTERM === '24bit') return DEPTH_16M;
  if (env.TERM) {
    const depth = depthOfTerm(env);
    if (depth !== DEPTH_2) return depth;
  }
  return env.COLORTERM ? DEPTH_16 : DEPTH_2;
}

// Whether text for a stream is coloured. Both arguments are functions, because looking at process.stdout makes it.
function shouldColorize(stream, isTerminal) {
  if (process.env.FORCE_COLOR !== undefined) return getColorDepth() > 2;
  if (!isTerminal()) return false;
  const target = stream();
  return typeof target.getColorDepth === 'function' ? target.getColorDepth() > 2 : true;
}

module.exports = { getColorDepth, shouldColorize };
