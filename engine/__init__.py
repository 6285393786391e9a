# SPDX-License-Identifier: Apache-2.0
"""The interpreter: isolates, their event loop, and the bridge between Python and JavaScript."""

from edgejs.engine.errors import HostError, JSError, ProcessExit, system_error
from edgejs.engine.isolate import Isolate
from edgejs.engine.values import JSBigInt, Reference, null

__all__ = ["HostError", "Isolate", "JSBigInt", "JSError", "ProcessExit", "Reference", "null", "system_error"]
