# SPDX-License-Identifier: Apache-2.0
"""The Node that programs see is the Node that packages are chosen for."""

from edgejs.registry_cache.platforms import DEFAULT_NODE_VERSION

import edgejs


def test_they_agree():
    with edgejs.Runtime() as js:
        assert js.eval("process.version") == DEFAULT_NODE_VERSION
