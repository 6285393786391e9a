# SPDX-License-Identifier: Apache-2.0
"""What an addon links, and the version of Node-API that this needs."""

from __future__ import annotations

import pytest
from edgejs.napi.check import check_file

USE = "int {0}(void); int use_{0}(void) {{ return {0}(); }}\n"


@pytest.mark.parametrize(
    ("names", "version"),
    [
        (["napi_create_object"], 1),
        (["napi_create_object", "napi_is_date"], 5),
        (["node_api_symbol_for", "napi_get_instance_data"], 9),
        (["napi_create_object", "node_api_set_prototype"], "experimental"),
    ],
)
def test_the_newest_function_decides(build, host, names, version):
    check = check_file(build("".join(USE.format(name) for name in names)), host)
    assert (check.verdict, check.binding, check.imported) == ("ok", "linked", sorted(names))
    assert check.api_needed == version


def test_libuv(build, host):
    check = check_file(build(USE.format("uv_hrtime") + USE.format("uv_queue_work")), host)
    assert (check.verdict, check.libuv) == ("ok", ["uv_hrtime", "uv_queue_work"])
    assert (check.binding, check.imported, check.api_needed) == ("none", [], None)
