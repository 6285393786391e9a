# SPDX-License-Identifier: Apache-2.0
"""How an addon registers, and that it does."""

from __future__ import annotations

import pytest
from edgejs.napi.check import check_file

CONSTRUCTOR = """
void {0}(void *);
static int module;
__attribute__((constructor)) static void register_module(void) {{ {0}(&module); }}
"""


def test_from_a_constructor(build, host):
    check = check_file(build(CONSTRUCTOR.format("napi_module_register"), module=False), host)
    assert (check.verdict, check.registration) == ("ok", ["napi_module_register"])


def test_both_ways(build, host):
    check = check_file(build(CONSTRUCTOR.format("napi_module_register")), host)
    assert check.registration == ["napi_module_register", "napi_register_module_v1"]


def test_not_at_all(build, host):
    check = check_file(build("int unrelated;", module=False), host)
    assert (check.verdict, check.registration) == ("refused", [])
    assert [reason.code for reason in check.reasons] == ["no-registration"]


@pytest.mark.parametrize(
    "source",
    [
        CONSTRUCTOR.format("node_module_register"),
        "void node_register_module_v137(void) {}",
        "int _ZN2v87Isolate10GetCurrentEv(void); int use(void) { return _ZN2v87Isolate10GetCurrentEv(); }",
        "extern void *_ZTVN4node9ObjectE[]; void *use(void) { return _ZTVN4node9ObjectE; }",
    ],
)
def test_the_v8_api_is_refused_as_such(build, host, source):
    check = check_file(build(source, module=False), host)
    assert check.verdict == "refused"
    assert [reason.code for reason in check.reasons] == ["v8-api"]
    assert "V8 API" in check.reasons[0].message


def test_nan_is_named(build, host):
    source = """
    void _ZN3Nan9HandleOneEv(void) {}
    int _ZN2v87Isolate10GetCurrentEv(void);
    int use(void) { return _ZN2v87Isolate10GetCurrentEv(); }
    """
    check = check_file(build(source), host)
    assert check.nan
    assert "nan" in check.reasons[0].message
