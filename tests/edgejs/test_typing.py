# SPDX-License-Identifier: Apache-2.0
"""The types of the public API hold under mypy --strict, and its examples are true."""

import doctest
import importlib
import subprocess
import sys

import pytest

USER_CODE = """
from __future__ import annotations

import asyncio
from pathlib import Path

import edgejs


def shrink(js: edgejs.Runtime, image: bytes) -> bytes:
    result: bytes = js.wait_for(js.require("sharp")(image).toBuffer()).to_py()
    return result


async def page(js: edgejs.Runtime) -> str:
    module = await js.aimport("unified")
    async with js.abort_signal() as signal:
        await module.process("text", signal=signal)
    await js.idle()
    return str(await js.aeval("return x", x=1))


with edgejs.Runtime(Path("."), timeout=1, memory_limit="1MiB", permissions=edgejs.Permissions()) as js:
    js.globals.answer = 42
    value = js.eval("[1]")
    if isinstance(value, edgejs.JSArray):
        value.append(2)
        copied: list[int] = value.to_py(depth=1)
    if isinstance(value, edgejs.JSBuffer):
        view: memoryview = value.view()
    code: int = js.run("app.js")
    try:
        js.install("left-pad@1", offline=True)
    except edgejs.JSError as error:
        text: str | None = error.code
    asyncio.run(page(js))

with edgejs.Pool(2, setup=lambda js: js.require("sharp")) as pool:
    thumbnail: object = pool.submit(shrink, b"").result()

shared = edgejs.proxy({"a": 1})
nothing = edgejs.null
big = edgejs.JSBigInt(1)
print(edgejs.require("lodash"), edgejs.eval("1"), edgejs.import_("chalk"))
"""


def test_user_code_under_strict_mypy(tmp_path):
    pytest.importorskip("mypy")
    (tmp_path / "user.py").write_text(USER_CODE)
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), "user.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stdout


def test_a_mistake_is_found(tmp_path):
    pytest.importorskip("mypy")
    (tmp_path / "user.py").write_text("import edgejs\nedgejs.Runtime(timeout='long')\n")
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), "user.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=110)
    assert 'Argument "timeout"' in done.stdout


@pytest.mark.parametrize("module", ["edgejs.runtime", "edgejs.proxies", "edgejs.collections", "edgejs.pool"])
def test_the_examples(module):
    outcome = doctest.testmod(importlib.import_module(module))
    assert outcome.attempted > 0 and outcome.failed == 0
