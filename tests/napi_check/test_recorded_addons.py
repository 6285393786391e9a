# SPDX-License-Identifier: Apache-2.0
"""The verdicts on real addons: objects that import, look up and register as they do, held against this edgejs."""

import json
from pathlib import Path

import pytest
from edgejs.napi.check import check_file

FACTS = json.loads((Path(__file__).parents[1] / "fixtures" / "addon-facts.json").read_text())
# Imported by a constructor; the other ways to register are functions of the addon's own.
REGISTERS = ("napi_module_register", "node_module_register")
LOOK_UP = "void *dlsym(void *, const char *); void *get(const char *n) { return dlsym((void *)0, n); }\n"


def source_of(facts: dict) -> str:
    entries = [name for name in facts["registration"] if name not in REGISTERS]
    names = {*facts["imported"], *facts["libuv"], *facts["cpp"]} | set(REGISTERS) & set(facts["registration"])
    lines = [f"void {name}(void) {{}}" for name in entries]
    lines += [f"void {name}(void);" for name in sorted(names)]
    lines.append(f"void *const imported[] = {{{', '.join(sorted(names)) or '0'}}};")
    if facts["probed"]:
        lines.append(
            LOOK_UP
            + "const char *const probed[] = {"
            + ", ".join(f'"{name}"' for name in facts["probed"])
            + "};"
        )
    return "\n".join(lines)


@pytest.mark.parametrize("facts", FACTS, ids=[facts["package"] for facts in FACTS])
def test_verdict(facts, build, host):
    check = check_file(build(source_of(facts), module=False), host)
    assert check.verdict == facts["verdict"], check.reasons
    assert (check.binding, check.registration) == (facts["binding"], facts["registration"])
    assert (check.imported, check.probed) == (facts["imported"], facts["probed"])
    if facts["verdict"] == "refused":
        assert [reason.code for reason in check.reasons] == ["v8-api"]
