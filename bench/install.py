# SPDX-License-Identifier: Apache-2.0
"""Installing side by side with npm: cold (empty caches) and warm (full caches, a lock file, no node_modules).

    python bench/install.py [--rounds N] [--loopback] [--command PYTHON -m edgejs.registry_cache] [PACKAGE...]

Both use the registry that npm is configured for; ``--loopback`` first copies what is needed into a
registry on this machine. Every round runs in new folders, and nothing is deleted before the end: ext4
avoids the inodes of files deleted a moment ago, which would slow down whoever comes next.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_PACKAGES = ["express", "lodash", "react", "webpack"]
_TARGETS = {"cold": 3.0, "warm": 10.0}
_SERVER = Path(__file__).resolve().parents[1] / "tests" / "fixtures" / "registry" / "server.py"


def _timed(command: list[str], cwd: Path, environment: dict[str, str]) -> float:
    """Seconds that a command takes; its output is shown when it fails."""
    started = time.perf_counter()
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return seconds


def _round(
    tool: list[str], flags: list[str], packages: list[str], root: Path, cache_flag: str
) -> dict[str, float]:
    """One cold and one warm install in a new folder below `root`."""
    folder = Path(tempfile.mkdtemp(dir=root))
    project = folder / "project"
    project.mkdir()
    (project / "package.json").write_text('{\n  "name": "bench",\n  "version": "1.0.0"\n}\n')
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment["EDGEJS_CACHE_DIR"] = str(folder / "cache")
    common = [*flags, cache_flag, str(folder / "cache")]
    seconds = {"cold": _timed([*tool, "install", *packages, *common], project, environment)}
    (project / "node_modules").rename(folder / "first_node_modules")
    seconds["warm"] = _timed([*tool, "install", *common], project, environment)
    return seconds


@contextlib.contextmanager
def _loopback(npm: str, packages: list[str], root: Path) -> Iterator[str]:
    """A registry on this machine that holds the tree of `packages`, as npm resolves it."""
    spec = importlib.util.spec_from_file_location("loopback_registry", _SERVER)
    assert spec and spec.loader
    server = importlib.util.module_from_spec(spec)
    sys.modules["loopback_registry"] = server
    spec.loader.exec_module(server)
    folder = Path(tempfile.mkdtemp(dir=root))
    (folder / "package.json").write_text("{}")
    subprocess.run(
        [
            npm,
            "install",
            *packages,
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--omit-lockfile-registry-resolved=false",
        ],
        cwd=folder,
        capture_output=True,
        check=True,
    )
    lock = json.loads((folder / "package-lock.json").read_text())
    with server.LoopbackRegistry() as registry:
        for location, entry in lock["packages"].items():
            if not location or "resolved" not in entry:
                continue
            name = entry.get("name") or location.rpartition("node_modules/")[2]
            pack = subprocess.run(
                [npm, "pack", f"{name}@{entry['version']}", "--json", "--ignore-scripts"],
                cwd=folder,
                capture_output=True,
                text=True,
                check=True,
            )
            tarball = (folder / json.loads(pack.stdout)[0]["filename"]).read_bytes()
            path = folder / location / "package.json"
            manifest = json.loads(path.read_text()) if path.exists() else {"name": name, **entry}
            registry.publish({**manifest, "name": name, "version": entry["version"]}, tarball=tarball)
        yield registry.url


def _report(times: dict[str, dict[str, list[float]]]) -> int:
    """Prints medians and ratios; 1 when a target is missed."""
    missed = 0
    print(f"{'':6}{'npm':>10}{'edgejs':>10}{'ratio':>8}   target")
    for kind, target in _TARGETS.items():
        npm, ours = (statistics.median(times[tool][kind]) for tool in ("npm", "edgejs"))
        ratio = npm / ours
        missed += ratio < target
        verdict = "" if ratio >= target else "  MISSED"
        print(f"{kind:6}{npm:9.2f}s{ours:9.2f}s{ratio:7.1f}x   {target:.0f}x{verdict}")
    return 1 if missed else 0


def main() -> int:
    """The benchmark; exit code 1 when a target is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("packages", nargs="*", default=_PACKAGES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--loopback", action="store_true", help="use a registry on this machine")
    parser.add_argument("--command", nargs="+", default=[sys.executable, "-m", "edgejs.registry_cache"])
    parser.add_argument("--json", action="store_true", help="print the measurements as JSON")
    options = parser.parse_args()
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is not installed: nothing to compare with")
    root = Path(tempfile.mkdtemp(prefix="bench-install-"))
    times: dict[str, dict[str, list[float]]] = {tool: {"cold": [], "warm": []} for tool in ("npm", "edgejs")}
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, root)
        flags = ["--no-audit", "--no-fund", "--ignore-scripts"]
        if options.loopback:
            flags.append("--registry=" + stack.enter_context(_loopback(npm, options.packages, root)))
        tools: dict[str, list[str]] = {"npm": [npm], "edgejs": options.command}
        for number in range(options.rounds):
            for tool in sorted(tools, reverse=bool(number % 2)):
                for kind, seconds in _round(tools[tool], flags, options.packages, root, "--cache").items():
                    times[tool][kind].append(seconds)
        facts: dict[str, Any] = {
            "packages": options.packages,
            "rounds": options.rounds,
            "cpus": os.cpu_count(),
            "python": platform.python_version(),
            "seconds": times,
        }
        if options.json:
            print(json.dumps(facts, indent=2))
        return _report(times)


if __name__ == "__main__":
    sys.exit(main())
