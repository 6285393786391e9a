# SPDX-License-Identifier: Apache-2.0
"""The plugin of pytest: tests in JavaScript beside those in Python."""

import subprocess
import sys

import pytest

PLUGIN = ["-p", "edgejs.pytest_plugin"]


@pytest.fixture
def project(tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return tmp_path


@pytest.fixture
def run(project):
    def run(*arguments):
        entry_points = [] if has_entry_point() else PLUGIN
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *entry_points, *arguments]
        return subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=60)

    return run


def has_entry_point():
    from importlib.metadata import entry_points

    return any(point.name == "edgejs" for point in entry_points(group="pytest11"))


def test_a_file_that_passes(project, run):
    (project / "adds.test.js").write_text(
        "const { test } = require('node:test'); const assert = require('node:assert');\n"
        "test('adds', () => assert.strictEqual(1 + 1, 2)); console.log('heard');"
    )
    done = run("-rP")
    assert "1 passed" in done.stdout and "heard" in done.stdout


def test_a_file_that_fails_says_what(project, run):
    (project / "fails.test.mjs").write_text(
        "import { describe, test } from 'node:test'; import assert from 'node:assert';\n"
        "describe('group', () => {\n"
        "  test('good', () => {});\n"
        "  test('wrong', async () => { await null; assert.strictEqual(1, 2) });\n"
        "});"
    )
    done = run()
    assert "1 failed" in done.stdout
    assert "line 4: wrong" in done.stdout and "1 !== 2" in done.stdout
    assert "good" not in done.stdout and "pytest_plugin.py" not in done.stdout


def test_a_file_that_throws(project, run):
    (project / "throws.test.js").write_text("require('node:test'); throw new Error('at once')")
    assert "at once" in run().stdout


def test_a_file_that_never_ends(project, run):
    (project / "waits.test.js").write_text("require('node:test'); setInterval(() => {}, 10_000)")
    done = run("-o", "edgejs_timeout=0.5")
    assert "did not end within 0.5 seconds" in done.stdout


def test_files_of_another_runner_are_left_alone(project, run):
    (project / "jest.test.js").write_text("test('x', () => expect(1).toBe(1))")
    assert "no tests ran" in run().stdout


def test_fixtures(project, run):
    (project / "lib.js").write_text("exports.n = 7")
    (project / "test_it.py").write_text(
        "def test_it(js_runtime, node_modules):\n"
        "    assert js_runtime.require('./lib').n == 7\n"
        "    assert callable(node_modules)\n"
    )
    done = run()
    assert "1 passed" in done.stdout, done.stdout


def test_nothing_of_the_engine_is_loaded_without_need(project, run):
    (project / "test_it.py").write_text(
        "import sys\ndef test_it():\n    assert not any(name.startswith('edgejs.engine') for name in sys.modules)\n"
    )
    done = run()
    assert "1 passed" in done.stdout, done.stdout
