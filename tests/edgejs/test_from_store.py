# SPDX-License-Identifier: Apache-2.0
"""`edgejs --from-store`: a program runs with the packages of the store that its lock file names."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from edgejs.registry_cache.store import Store
from registry_fixture import read_json, run_edgejs, write_json

APP = """\
import { createRequire } from 'node:module';
import fs from 'node:fs';
import a from 'a';
const require = createRequire(import.meta.url);
const file = require.resolve('a/data.txt');
console.log(a, require('a') === a, fs.readFileSync(file, 'utf8'), fs.existsSync('node_modules'));
"""


@pytest.fixture
def app(project: Path, registry) -> Path:
    a = {
        "index.js": "module.exports = 'a with ' + require('b') + ' ' + require('fs').readFileSync(__dirname + '/data.txt', 'utf8')",
        "data.txt": "data",
    }
    registry.publish(
        {"name": "a", "version": "1.0.0", "dependencies": {"b": "1"}, "bin": {"a": "index.js"}}, a
    )
    registry.publish({"name": "b", "version": "1.2.0"}, {"index.js": "module.exports = 'b'"})
    assert run_edgejs(project, "install", "a").returncode == 0
    shutil.rmtree(project / "node_modules")
    (project / "src").mkdir()
    (project / "src" / "app.mjs").write_text(APP)
    return project


def run(app: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [
        str(Path(sys.executable).with_name("edgejs")),
        "--from-store",
        *(arguments or ("src/app.mjs",)),
    ]
    return subprocess.run(command, cwd=app, capture_output=True, text=True, timeout=60)


def trees(app: Path) -> list[Path]:
    return sorted((app.parent / "store" / "trees-v1").iterdir())


def test_import_require_and_files(app):
    for _ in range(2):
        done = run(app)
        assert (done.stdout, done.stderr) == ("a with b data true data false\n", "")
    assert len(trees(app)) == 1


def test_a_text_of_the_command_line(app):
    assert run(app, "-p", "require('a')").stdout == "a with b data\n"


def test_workers_and_forks_have_the_packages_too(app):
    (app / "both.js").write_text(
        "const { Worker, isMainThread, parentPort } = require('worker_threads');\n"
        "if (!isMainThread) parentPort.postMessage(require('a'));\n"
        "else if (process.send) process.send(require('a'));\n"
        "else { new Worker(__filename).on('message', console.log);\n"
        "  require('child_process').fork(__filename).on('message', (text) => console.log(text)); }"
    )
    assert run(app, "both.js").stdout == "a with b data\na with b data\n"


def test_workspaces_are_the_projects_own_folders(app):
    package = read_json(app / "package.json")
    write_json(app / "package.json", {**package, "workspaces": ["packages/*"]})
    (app / "packages" / "w").mkdir(parents=True)
    write_json(
        app / "packages" / "w" / "package.json", {"name": "w", "version": "1.0.0", "dependencies": {"b": "1"}}
    )
    (app / "packages" / "w" / "index.js").write_text("module.exports = 'w with ' + require('b')")
    assert run_edgejs(app, "install").returncode == 0
    shutil.rmtree(app / "node_modules")
    assert run(app, "-p", "require('w')").stdout == "w with b\n"


def test_another_lock_file_is_another_tree(app, registry):
    run(app)
    registry.publish({"name": "b", "version": "1.3.0"}, {"index.js": "module.exports = 'newer b'"})
    assert run_edgejs(app, "update").returncode == 0
    shutil.rmtree(app / "node_modules")
    assert run(app).stdout.startswith("a with newer b")
    assert len(trees(app)) == 2
    assert "Trees that nothing asks for removed: 1" in run_edgejs(app, "cache", "verify").stdout
    assert run(app).stdout.startswith("a with newer b")


def test_without_a_lock_file(app):
    (app / "package-lock.json").unlink()
    done = run(app)
    assert done.returncode == 1
    assert "ENOLOCK: No package-lock.json or npm-shrinkwrap.json in " in done.stderr


def test_a_package_that_is_not_in_the_store(app):
    store = Store(str(app.parent / "store"))
    store.forget(read_json(app / "package-lock.json")["packages"]["node_modules/b"]["integrity"])
    done = run(app)
    assert done.returncode == 1
    assert (
        "ENOTCACHED: 1 package(s) of the lock file are not in the store: b@1.2.0. `edgejs ci`" in done.stderr
    )


def test_an_altered_file_is_not_used(app):
    store = Store(str(app.parent / "store"))
    entry = store.entry(read_json(app / "package-lock.json")["packages"]["node_modules/b"]["integrity"])
    key = next(key for path, key, _size in entry.files if path == "index.js")
    path = store.content_path(key)
    os.chmod(path, 0o644)
    Path(path).write_text("module.exports = 'changed'")
    assert "ENOTCACHED" in run(app).stderr
    assert not any(tree.is_dir() for tree in trees(app))


@pytest.mark.skipif(sys.platform != "linux", reason="the lock file names another platform")
def test_optional_packages_of_other_platforms_are_left_out(app, registry):
    registry.publish({"name": "p", "version": "1.0.0", "os": ["darwin"]})
    registry.publish({"name": "q", "version": "1.0.0", "optionalDependencies": {"p": "1"}})
    assert run_edgejs(app, "install", "q").returncode == 0
    shutil.rmtree(app / "node_modules")
    assert run(app, "-p", "require.resolve('q/package.json').length > 0").stdout == "true\n"
