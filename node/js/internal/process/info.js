// SPDX-License-Identifier: Apache-2.0
//
// Facts about this runtime that few programs ask for: process.config, features, release, report,
// allowedNodeEnvironmentFlags.
'use strict';

const {
  codes: { ERR_METHOD_NOT_IMPLEMENTED },
} = require('internal/errors');
const host = internalBinding('process_host');

const config = Object.freeze({
  target_defaults: Object.freeze({
    cflags: [],
    configurations: {},
    default_configuration: 'Release',
    defines: [],
    include_dirs: [],
    libraries: [],
  }),
  variables: Object.freeze({
    asan: 0,
    host_arch: process.arch,
    napi_build_version: process.versions.napi,
    node_module_version: Number(process.versions.modules),
    node_shared: false,
    node_use_amaro: true, // TypeScript runs
    node_use_openssl: false,
    target_arch: process.arch,
    v8_enable_i18n_support: 0,
  }),
});

function typescriptFeature() {
  const { getOptionValue } = require('internal/options');
  if (getOptionValue('--experimental-transform-types')) return 'transform';
  return getOptionValue('--strip-types') === false ? false : 'strip';
}

const features = {};
for (const [name, value] of Object.entries({
  inspector: false,
  debug: false,
  uv: true,
  ipv6: true,
  openssl_is_boringssl: false,
  tls_alpn: false,
  tls_sni: false,
  tls_ocsp: false,
  tls: false,
  cached_builtins: true,
  require_module: require('internal/options').getOptionValue('--require-module') !== false,
  typescript: typescriptFeature(),
})) {
  Object.defineProperty(features, name, {
    __proto__: null,
    configurable: false,
    enumerable: true,
    get: () => value,
  });
}

const release = { name: 'node', lts: 'Krypton' };

// A report holds what native packages look for: which C library runs, and what is loaded.
const report = {
  getReport(error) {
    if (error !== undefined) require('internal/validators').validateObject(error, 'err');
    return {
      header: {
        reportVersion: 5,
        event: 'JavaScript API',
        trigger: 'GetReport',
        filename: null,
        processId: process.pid,
        cwd: process.cwd(),
        commandLine: [process.execPath, ...process.execArgv, ...process.argv.slice(1)],
        nodejsVersion: process.version,
        glibcVersionRuntime: host.glibcVersion(),
        wordSize: 64,
        arch: process.arch,
        platform: process.platform,
        componentVersions: { ...process.versions },
        release: { ...release },
      },
      sharedObjects: host.sharedObjects(),
      environmentVariables: { ...process.env },
    };
  },
  writeReport() {
    throw new ERR_METHOD_NOT_IMPLEMENTED('process.report.writeReport');
  },
  directory: '',
  filename: '',
  compact: false,
  excludeNetwork: false,
  signal: 'SIGUSR2',
  reportOnFatalError: false,
  reportOnSignal: false,
  reportOnUncaughtException: false,
};

const FLAGS = [
  '--conditions',
  '--disable-warning',
  '--env-file',
  '--no-deprecation',
  '--no-warnings',
  '--preserve-symlinks',
  '--preserve-symlinks-main',
  '--require',
  '--throw-deprecation',
  '--trace-deprecation',
  '--trace-uncaught',
  '--trace-warnings',
  '--unhandled-rejections',
  '-C',
  '-r',
];

// A Set that takes flags in any spelling and cannot be changed.
class NodeEnvironmentFlagsSet extends Set {
  add() {
    return this;
  }

  delete() {
    return false;
  }

  clear() {}

  has(flag) {
    if (typeof flag !== 'string') return false;
    const name = flag.replace(/=.*$/s, '').replaceAll('_', '-');
    return FLAGS.includes(name) || FLAGS.includes(`--${name.replace(/^-+/, '')}`);
  }
}

const allowedNodeEnvironmentFlags = new NodeEnvironmentFlagsSet();
for (const flag of FLAGS) Set.prototype.add.call(allowedNodeEnvironmentFlags, flag);
Object.freeze(allowedNodeEnvironmentFlags);

module.exports = { allowedNodeEnvironmentFlags, config, features, release, report };
