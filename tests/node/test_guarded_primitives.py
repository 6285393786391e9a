# SPDX-License-Identifier: Apache-2.0
"""Every primitive in Python says what it needs under --permission."""

from __future__ import annotations

import importlib
import pkgutil

import edgejs.node
from edgejs.engine.isolate import Isolate
from edgejs.node.permissions import _MOSTLY_FREE, _TABLE

from edgejs.configuration import configuration


def test_the_table_is_complete() -> None:
    isolate = Isolate(configuration(["edgejs"], [], embedded=True))
    unknown = []
    for module in pkgutil.iter_modules(edgejs.node.__path__):
        binding = getattr(importlib.import_module(f"edgejs.node.{module.name}"), "binding", None)
        if binding is None or module.name == "permissions":
            continue
        needs = _TABLE.get(module.name, ())
        if needs is None or module.name in _MOSTLY_FREE:
            continue
        unknown += [f"{module.name}.{name}" for name in binding(isolate) if name not in (*needs, "submit")]
    isolate.close()
    assert unknown == []
