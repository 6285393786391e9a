# SPDX-License-Identifier: Apache-2.0
"""An addon that asks for a Node-API version from the future. (Node 24 crashes on one.)"""

from __future__ import annotations


def test_it_is_refused(expect, addon):
    source = """
    try { require(process.argv[2]); } catch (e) { console.log(e.code, e.message.replace(/^.*node /, '')); }
    """
    reason = "requires Node-API version 11, but this version of Node.js only supports version 10 add-ons."
    expect(source, addon("registration", "API_VERSION=11"), prints=[f"ERR_DLOPEN_FAILED {reason}"])
