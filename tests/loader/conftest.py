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
