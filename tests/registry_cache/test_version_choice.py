# SPDX-License-Identifier: Apache-2.0
"""Which version a spec selects: npm-pick-manifest's rules."""

from __future__ import annotations

from typing import Any

import pytest
from edgejs.registry_cache import RegistryError
from edgejs.registry_cache.pick import pick
from edgejs.registry_cache.spec import parse

DOCUMENT: dict[str, Any] = {
    "name": "a",
    "dist-tags": {"latest": "1.2.0", "next": "2.0.0-rc.1", "broken": "9.9.9"},
    "versions": {
        "1.0.0": {},
        "1.1.0": {},
        "1.2.0": {},
        "1.3.0": {},
        "2.0.0-rc.1": {},
        "3.0.0": {"deprecated": "no"},
        "3.1.0": {"engines": {"node": ">=99"}},
        "3.2.0": {"deprecated": "no"},
        "4.0.0": {"deprecated": "all are"},
        "4.1.0": {"deprecated": "all are"},
        "5.0.0": {"deprecated": "yes", "engines": {"node": ">=99"}},
        "5.0.1": {"engines": {"node": ">=99"}},
    },
}


@pytest.mark.parametrize(
    ("arg", "expected"),
    [
        ("a", "1.2.0"),  # latest, not the highest
        ("a@*", "1.2.0"),
        ("a@^1.0.0", "1.2.0"),  # latest is in range
        ("a@1.1", "1.1.0"),
        ("a@>1.2.0 <2", "1.3.0"),
        ("a@next", "2.0.0-rc.1"),
        ("a@2", None),  # a prerelease is not in a plain range
        ("a@^2.0.0-rc.0", "2.0.0-rc.1"),
        ("a@v1.0.0", "1.0.0"),
        ("a@=1.0.0", "1.0.0"),
        ("a@3", "3.2.0"),  # rather deprecated than for another Node
        ("a@4", "4.1.0"),  # better a deprecated one than none
        ("a@5", "5.0.1"),
        ("a@1.0.0 - 1.1.5 || ^7", "1.1.0"),
        ("a@7", None),
        ("a@nosuchtag", None),
        ("a@broken", None),
        ("b@npm:a@1.1.x", "1.1.0"),
    ],
)
def test_version_choice(arg: str, expected: str | None) -> None:
    spec = parse(arg).registry
    if expected is not None:
        assert pick(DOCUMENT, spec, "v24.0.0") == expected
        return
    with pytest.raises(RegistryError) as caught:
        pick(DOCUMENT, spec, "v24.0.0")
    assert caught.value.code == "ETARGET"
    assert caught.value.message == f"No matching version found for {arg}."


def test_nothing_published() -> None:
    with pytest.raises(RegistryError, match="No versions available for a") as caught:
        pick({"name": "a", "versions": {}}, parse("a").registry, "v24.0.0")
    assert caught.value.code == "ENOVERSIONS"
