# SPDX-License-Identifier: Apache-2.0
"""A plugin of pytest: tests in JavaScript are collected beside those in Python.

A file that is called `*.test.js`, `.mjs` or `.cjs` and says `node:test` is one item, run by `edgejs` in a
process of its own; what failed in it is listed. Fixtures: `js_runtime`, `node_modules`. Only these few lines
are loaded where there is none of this.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from edgejs import Runtime

__all__ = ["JSFile", "JSItem", "js_runtime", "node_modules"]

_ENDINGS = (".test.js", ".test.mjs", ".test.cjs")
_REPORTER = str(Path(__file__).with_name("pytest_reporter.cjs"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Settings of the plugin."""
    parser.addini("edgejs_timeout", "seconds that a file of JavaScript tests may take (60)", default="60")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Files of tests for another runner do not ask for node:test."""
    if not file_path.name.endswith(_ENDINGS) or b"node:test" not in file_path.read_bytes():
        return None
    return JSFile.from_parent(parent, path=file_path)


class JSFile(pytest.File):
    """A file of tests in JavaScript."""

    def collect(self) -> Iterator[pytest.Item]:
        """Its one item: which tests there are, only running it tells."""
        yield JSItem.from_parent(self, name="node:test")


class JSItem(pytest.Item):
    """A run of one file of tests."""

    def runtest(self) -> None:
        """Run it; raises JSFailures."""
        from edgejs.configuration import command_path

        limit = float(self.config.getini("edgejs_timeout"))
        command = [command_path(), f"--test-reporter={_REPORTER}", str(self.path)]
        try:
            done = subprocess.run(
                command, cwd=self.config.rootpath, capture_output=True, text=True, timeout=limit
            )
        except subprocess.TimeoutExpired as error:
            raise JSFailures(f"did not end within {limit:g} seconds") from error
        results, output = _results(done.stdout)
        self.add_report_section("call", "stdout", output)
        self.add_report_section("call", "stderr", done.stderr)
        failed = [result for result in results if not result["passed"] and not result["isSuite"]]
        if failed:
            raise JSFailures("\n\n".join(map(_describe, failed)))
        if done.returncode != 0:
            raise JSFailures(f"exit code {done.returncode}\n{done.stderr}")
        ran = [result for result in results if not result.get("skip")]
        if results and not ran:
            pytest.skip("every test in it is skipped")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What failed in JavaScript, without the frames of this plugin."""
        if isinstance(excinfo.value, JSFailures):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The file, for the summary."""
        return self.path, None, self.path.name


class JSFailures(Exception):
    """What failed in a file of JavaScript tests."""


def _results(output: str) -> tuple[list[dict[str, Any]], str]:
    """The reporter's lines, and what the tests themselves have printed."""
    results, rest = [], []
    for line in output.splitlines(keepends=True):
        if line.startswith('{"passed":'):
            results.append(json.loads(line))
        else:
            rest.append(line)
    return results, "".join(rest)


def _describe(result: dict[str, Any]) -> str:
    return f"line {result['line']}: {result['name']}\n{result.get('text') or 'failed'}"


@pytest.fixture
def js_runtime(request: pytest.FixtureRequest) -> Iterator[Runtime]:
    """An edgejs.Runtime in pytest's root folder, closed after the test."""
    from edgejs import Runtime

    with Runtime(request.config.rootpath) as runtime:
        yield runtime


@pytest.fixture(scope="session")
def node_modules(request: pytest.FixtureRequest) -> Callable[..., Path]:
    """A function: `node_modules("lodash@4")` gives a folder that has the packages installed.

    It is kept in pytest's cache, so that packages are fetched once.
    """

    def install(*specs: str) -> Path:
        from hashlib import sha256

        from edgejs.registry_cache import install

        cache = request.config.cache
        assert cache is not None, "pytest's cache is turned off"
        name = sha256("\0".join(sorted(specs)).encode()).hexdigest()[:16]
        folder = cache.mkdir("edgejs") / name
        if not (folder / "node_modules").is_dir():
            folder.mkdir(exist_ok=True)
            install(specs, str(folder))
        return Path(folder)

    return install
