# SPDX-License-Identifier: Apache-2.0
"""Node's standard library: JavaScript modules in `js/` over host primitives, the Python modules here.

A primitive module `<name>` has one public function, `binding(isolate)`, which returns the functions that
JavaScript gets from `internalBinding('<name>')`. It is imported when JavaScript first asks for it.
"""

__all__: list[str] = []
