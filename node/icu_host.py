# SPDX-License-Identifier: Apache-2.0
"""Where ICU is: the shared libraries, of Node's version, that a package of the Python index carries."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..engine.errors import HostError

__all__ = ["binding"]

# [package, the folder beside it with its libraries]; icu4py needs Python 3.11.
_CARRIERS = (("icu4py", "icu4py.libs"), ("icu", "pyicu_wheels.libs"))


def _library() -> tuple[str, str]:
    """The path of ICU's services, which load the rest of it, and what its functions' names end with."""
    for package, folder in _CARRIERS:
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            continue
        for path in (Path(spec.origin).parent.parent / folder).glob("libicui18n*.so.*"):
            major = path.name.partition(".so.")[2].partition(".")[0]
            return str(path), major
    raise HostError("Intl is not supported without the Python package icu4py", code="ERR_NO_ICU")


def binding(_isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('icu_host')`."""
    return {"library": _library}
