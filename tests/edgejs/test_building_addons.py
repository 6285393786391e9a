# SPDX-License-Identifier: Apache-2.0
"""A package with a binding.gyp and no prebuilt addon is compiled when its install script is allowed, and loads."""

import shutil

import pytest
from registry_fixture import write_json

BINDING = """
{
  'variables': {'greeting': '<!(node -p "process.versions.quickjs ? 1 : 2")'},
  'targets': [{'target_name': 'hello', 'sources': ['hello.c'], 'defines': ['GREETING=<(greeting)']}],
}
"""
SOURCE = """
#include <node_api.h>
static napi_value init(napi_env env, napi_value exports) {
  napi_value number;
  napi_create_int32(env, GREETING, &number);
  napi_set_named_property(env, exports, "greeting", number);
  return exports;
}
NAPI_MODULE(NODE_GYP_MODULE_NAME, init)
"""


@pytest.fixture(autouse=True)
def tools():
    missing = [tool for tool in ("make", "cc", "c++") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"NOT INSTALLED: {', '.join(missing)}; nothing was compiled")


def test_an_install_builds_it_against_our_headers(project, registry, edgejs_command):
    files = {"binding.gyp": BINDING, "hello.c": SOURCE}
    files["index.js"] = "module.exports = require('./build/Release/hello.node')"
    manifest = {"name": "hello", "version": "1.0.0", "gypfile": True}
    registry.publish({**manifest, "scripts": {"install": "node-gyp rebuild"}}, files)
    done = edgejs_command("install", "hello", "--allow-scripts=hello", "-C", str(project))
    assert done.returncode == 0, done.stderr
    (project / "app.js").write_text("console.log(require('hello').greeting)")
    done = edgejs_command(str(project / "app.js"))
    assert (done.stdout, done.stderr) == ("1\n", "")


@pytest.mark.network
def test_a_package_with_node_addon_api(tmp_path, edgejs_command, monkeypatch):
    monkeypatch.setenv("npm_config_build_from_source", "true")  # it has prebuilt addons too
    write_json(tmp_path / "package.json", {"name": "clock", "version": "1.0.0"})
    done = edgejs_command("install", "microtime@3.1.1", "--allow-scripts=microtime", "-C", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "node_modules/microtime/build/Release/microtime.node").exists()
    (tmp_path / "app.js").write_text("console.log(require('microtime').now() / 1e6 > Date.now() / 1e3 - 60)")
    done = edgejs_command(str(tmp_path / "app.js"))
    assert (done.stdout, done.stderr) == ("true\n", "")


def test_a_debug_build(tmp_path, edgejs_command):
    (tmp_path / "binding.gyp").write_text(BINDING)
    (tmp_path / "hello.c").write_text(SOURCE)
    assert edgejs_command("napi", "gyp", "configure", "--debug").returncode == 0
    assert edgejs_command("napi", "gyp", "build").returncode == 0
    assert (tmp_path / "build" / "Debug" / "hello.node").exists()
    assert edgejs_command("napi", "gyp", "clean").returncode == 0
    assert not (tmp_path / "build").exists()


def test_source_that_does_not_compile(project, registry, edgejs_command):
    files = {"binding.gyp": BINDING, "hello.c": "#include <v8.h>\n"}
    registry.publish(
        {"name": "old", "version": "1.0.0", "scripts": {"install": "node-gyp rebuild"}, "gypfile": True},
        files,
    )
    done = edgejs_command("install", "old", "--allow-scripts=old", "-C", str(project))
    assert done.returncode == 1
    assert "v8.h" in done.stderr
    assert "gyp ERR! `make` failed with exit code: 2" in done.stderr
    assert not (project / "node_modules" / "old").exists()


def test_without_a_binding(edgejs_command):
    done = edgejs_command("napi", "gyp", "rebuild")
    assert done.returncode == 1
    assert "binding.gyp not found" in done.stderr


def test_building_before_configuring(tmp_path, edgejs_command):
    write_json(tmp_path / "package.json", {})
    done = edgejs_command("napi", "gyp", "build")
    assert done.returncode == 1
    assert "You must run" in done.stderr
