# SPDX-License-Identifier: Apache-2.0
"""Building an addon from source: what ``node-gyp`` does with a ``binding.gyp``, against our Node-API headers.

GYP itself is the package gyp-next, kept by Node; it writes a Makefile, and ``make`` builds. Addons that
include V8's or Node's own C++ headers do not compile here: these headers do not come along.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

__all__ = ["GypError", "build", "clean", "configure", "node_on_path"]

_INCLUDE = Path(__file__).with_name("include")
_SETTINGS = Path(__file__).with_name("addon.gypi")
_ARCHITECTURES = {"x86_64": "x64", "aarch64": "arm64", "armv7l": "arm", "i686": "ia32"}


class GypError(Exception):
    """The addon cannot be built; the message says why, output of the tools went to stderr before."""


@contextmanager
def node_on_path(node: str | None) -> Iterator[None]:
    """While it lasts, the commands in a ``binding.gyp`` find the program `node` under that name."""
    if node is None:
        yield
        return
    before = os.environ.get("PATH", os.defpath)
    with tempfile.TemporaryDirectory(prefix="edgejs-gyp-") as folder:
        os.symlink(node, os.path.join(folder, "node"))
        os.environ["PATH"] = folder + os.pathsep + before
        try:
            yield
        finally:
            os.environ["PATH"] = before


def configure(folder: Path, *, debug: bool = False, defines: Sequence[str] = ()) -> None:
    """Writes ``build/Makefile`` and ``build/config.gypi`` from ``binding.gyp`` in `folder`.

    `defines` are GYP's, ``name=value``. Raises GypError.
    """
    if not (folder / "binding.gyp").exists():
        raise GypError(f"binding.gyp not found (cwd: {folder}) while trying to load binding.gyp")
    try:
        import gyp  # noqa: F401
    except ImportError:
        raise GypError(
            "building addons from source needs the Python package gyp-next: pip install 'edgejs[gyp]'"
        ) from None
    build_folder = folder / "build"
    build_folder.mkdir(exist_ok=True)
    config = build_folder / "config.gypi"
    config.write_text(json.dumps(_config(debug), indent=2) + "\n", encoding="utf-8")
    includes = [str(config), str(_SETTINGS)]
    if (folder / "config.gypi").exists():
        includes.append(str(folder / "config.gypi"))
    arguments = ["binding.gyp", "-f", "make", "--depth=.", "--no-parallel"]
    arguments += [word for path in includes for word in ("-I", path)]
    arguments += ["--generator-output", "build", "-Goutput_dir=."]
    variables = {
        "library": "shared_library",
        "visibility": "default",
        "node_root_dir": str(_INCLUDE),
        "module_root_dir": str(folder),
        "node_engine": "quickjs",
    }
    arguments += [f"-D{name}={value}" for name, value in variables.items()]
    arguments += [f"-D{define}" for define in defines]
    # A process of its own: GYP keeps its state in globals, and goes by the working folder.
    command = [sys.executable, "-c", "import sys, gyp; sys.exit(gyp.main(sys.argv[1:]))", *arguments]
    if subprocess.run(command, cwd=folder, check=False).returncode != 0:
        raise GypError("`gyp` failed")


def _config(debug: bool) -> dict[str, object]:
    """What ``process.config`` would say of this build; addons read these variables."""
    machine = platform.machine()
    architecture = _ARCHITECTURES.get(machine, machine)
    return {
        "target_defaults": {"default_configuration": "Debug" if debug else "Release"},
        "variables": {
            "host_arch": architecture,
            "target_arch": architecture,
            "napi_build_version": "10",
            "nodedir": str(_INCLUDE),
            "standalone_static_library": 1,
        },
    }


def build(folder: Path, *, debug: bool | None = None, jobs: int | None = None) -> None:
    """Runs ``make`` in ``build``, `jobs` at a time; `debug` None means as configured. Raises GypError."""
    config = folder / "build" / "config.gypi"
    if not config.exists():
        raise GypError("You must run `edgejs napi gyp configure` first!")
    if debug is None:
        kind = json.loads(config.read_text(encoding="utf-8"))["target_defaults"]["default_configuration"]
    else:
        kind = "Debug" if debug else "Release"
    make = os.environ.get("MAKE") or shutil.which("make")
    if make is None:
        raise GypError("not found: make")
    command = [make, f"BUILDTYPE={kind}", "-C", "build", f"-j{jobs or 1}"]
    code = subprocess.run(command, cwd=folder, check=False).returncode
    if code != 0:
        raise GypError(f"`make` failed with exit code: {code}")


def clean(folder: Path) -> None:
    """Removes ``build``."""
    shutil.rmtree(folder / "build", ignore_errors=True)
