# SPDX-License-Identifier: Apache-2.0
"""The door to the compiled core, and its only importer.

Python loads extension modules privately, but addons look for `napi_*` and `uv_*` among the process's global
symbols: opening the module once more, without loading it again, makes its exported names global.
"""

from __future__ import annotations

import os

from edgejs.engine import _core  # type: ignore[attr-defined]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ffi: Any = _core.ffi
lib: Any = _core.lib
_global_names = ffi.dlopen(_core.__file__, os.RTLD_NOW | os.RTLD_GLOBAL | os.RTLD_NOLOAD)

__all__ = ["ffi", "lib"]
