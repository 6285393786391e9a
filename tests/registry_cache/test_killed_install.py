# SPDX-License-Identifier: Apache-2.0
"""An install that is killed leaves nothing that the next one cannot finish."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from registry_fixture import read_json, run_edgejs, snapshot

COMMAND = [sys.executable, "-m", "edgejs.registry_cache", "install", "a"]


def _publish(registry: Any) -> None:
    registry.publish(
        {
            "name": "a",
            "version": "1.0.0",
            "dependencies": {"b": "1", "c": "1"},
            "bin": {"a": "index.js", "a2": "index.js"},
        }
    )
    registry.publish({"name": "b", "version": "1.0.0"}, {f"file{n}.js": f"{n}" for n in range(50)})
    registry.publish({"name": "c", "version": "1.0.0"})


def _complete(project: Path, run: Callable[..., Any]) -> None:
    result = run(project, "install", "a")
    assert result.returncode == 0, result.stderr
    assert read_json(project / "package.json")["dependencies"] == {"a": "^1.0.0"}
    assert set(read_json(project / "package-lock.json")["packages"]) == {
        "",
        *(f"node_modules/{name}" for name in "abc"),
    }
    assert len(list((project / "node_modules/b").iterdir())) == 52
    assert [
        path.name for path in (project / "node_modules").iterdir() if path.name.startswith(".edgejs")
    ] == []
    assert sorted(path.name for path in (project / "node_modules/.bin").iterdir()) == ["a", "a2"]


@pytest.mark.parametrize("path", ["/b", "/c/-/c-1.0.0.tgz"])
def test_killed_while_waiting(path: str, project: Path, registry: Any) -> None:
    _publish(registry)
    before = snapshot(project)
    gate = registry.hold(path)
    process = subprocess.Popen(COMMAND, cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    registry.wait_for(path)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    gate.set()
    assert {name: data for name, data in snapshot(project).items() if "/.edgejs-" not in name} == before
    _complete(project, run_edgejs)


@pytest.mark.parametrize("call", ["os.rename", "os.symlink", "os.replace"])
def test_killed_inside_a_call_of_python(call: str, project: Path, registry: Any) -> None:
    """Dies at the second use of the call: while moving, linking commands, or writing the lock file."""
    _publish(registry)
    script = f"""
import os, signal
real, left = {call}, [1]
def deadly(*args, **options):
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    return real(*args, **options)
{call} = deadly
from edgejs.registry_cache import install
install(["a"])
"""
    killed = subprocess.run([sys.executable, "-c", script], cwd=project, check=False)
    assert killed.returncode == -signal.SIGKILL
    _complete(project, run_edgejs)


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize("call", ["write", "utimensat", "link", "mkdir"])
def test_killed_inside_a_system_call(call: str, project: Path, registry: Any) -> None:
    """Dies in the middle of storing or linking the files of a package, which is done in C."""
    _publish(registry)
    inject = ["strace", "-f", "-o", os.devnull, "-e", f"inject={call}:signal=KILL:when=5"]
    killed = subprocess.run(
        [*inject, *COMMAND], cwd=project, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    assert killed.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)
    _complete(project, run_edgejs)


def test_killed_at_fifty_moments(project: Path, registry: Any) -> None:
    """Each moment later than the one before, over the time that a whole install takes; one store for all."""
    _publish(registry)
    started = time.monotonic()
    assert run_edgejs(project, "install", "a").returncode == 0
    whole = time.monotonic() - started
    for number in range(50):
        folder = project.parent / f"project-{number}"
        folder.mkdir()
        (folder / "package.json").write_text("{}")
        if number % 10 == 0:
            shutil.rmtree(os.environ["EDGEJS_CACHE_DIR"])
        process = subprocess.Popen(COMMAND, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=whole * number / 50)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _complete(folder, run_edgejs)
