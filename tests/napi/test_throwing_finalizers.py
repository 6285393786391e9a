# SPDX-License-Identifier: Apache-2.0
"""An exception out of a finalizer is uncaught, whatever the addon's version; but a thread-safe function's
finalizer is under the policy for callbacks. As in Node 24, which gave these lines."""

from __future__ import annotations

import pytest

SOURCE = """
const addon = require(process.argv[2]);
process.on('uncaughtException', (e) => console.log('uncaught', e.message));
process.on('warning', (w) => console.log('warning', w.code));
(async () => {
  for (const [name, make] of Object.entries(addon)) {
    let seen = false;
    const see = () => { seen = true; };
    process.once('uncaughtException', see).once('warning', see);
    make(() => {});
    while (!seen) { gc(); await new Promise(setImmediate); }
    process.off('uncaughtException', see).off('warning', see);
  }
})();
"""
OBJECTS = ["external", "wrapped", "watched", "buffer", "arrayBuffer"]


@pytest.mark.parametrize(
    ("version", "threadsafe"), [(8, "warning DEP0168"), (10, "uncaught threadsafe")], ids=["8", "10"]
)
def test_of_each_kind(run, addon, version, threadsafe):
    path = addon("throwing-finalizers", f"NAPI_VERSION={version}")
    outcome = run(SOURCE, path, flags=("--expose-gc",))
    assert outcome.lines == [*(f"uncaught {name}" for name in OBJECTS), threadsafe]
    assert outcome.code == 0
