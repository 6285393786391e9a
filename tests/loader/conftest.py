# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from node_support import Run, run_edgejs, write_files

__all__ = ["run_edgejs"]

Evaluate = Callable[..., str]


@pytest.fixture
def tree(tmp_path: Path) -> "Callable[[Mapping[str, str]], Path]":
    """tree({"node_modules/a/index.js": "…"}) writes files below the folder that scripts run in."""

    def write(files: "Mapping[str, str]") -> Path:
        write_files(tmp_path, files)
        return tmp_path

    return write


@pytest.fixture
def required(run_edgejs: Run, tmp_path: Path) -> "Callable[..., list[object]]":
    """required("a", "./b") requires each in turn: what it gives, or {code, name, message} of the error, `/` for the folder."""
    import json

    script = """
    const results = process.argv.slice(2).map((request) => {
      try {
        const value = require(request);
        return value === undefined ? null : value;
      } catch ({ code, name, message }) {
        return { code, name, message: message.replaceAll(__dirname, '') };
      }
    });
    console.log(JSON.stringify(results));
    """

    def run(*requests: str) -> "list[object]":
        done = run_edgejs(script, *requests)
        assert done.returncode == 0, done.stderr
        results: list[object] = json.loads(done.stdout)
        return results

    return run


@pytest.fixture
def imported(run_edgejs: Run, tree: "Callable[[Mapping[str, str]], Path]") -> "Callable[..., list[object]]":
    """imported({"a.mjs": "…"}, "./a.mjs", "a") imports each in turn from an ES module: its namespace as an
    object, or {code, name, message} of the error, `/` for the folder."""
    import json

    script = """
    const folder = import.meta.dirname;
    const results = [];
    for (const specifier of process.argv.slice(2)) {
      try {
        const namespace = await import(specifier);
        results.push({ ...namespace });
      } catch ({ code, name, message }) {
        results.push({ code, name, message: message.replaceAll(folder, '') });
      }
    }
    console.log(JSON.stringify(results));
    """

    def run(files: "Mapping[str, str]", *specifiers: str) -> "list[object]":
        folder = tree({**files, "importer.mjs": script})
        done = run_edgejs(folder / "importer.mjs", *specifiers)
        assert done.returncode == 0, done.stderr
        results: list[object] = json.loads(done.stdout)
        return results

    return run
