# SPDX-License-Identifier: Apache-2.0
"""What a command-line argument or a dependency entry means; what cannot be installed is named."""

from __future__ import annotations

import pytest
from edgejs.registry_cache import RegistryError
from edgejs.registry_cache.spec import escape_name, parse, require_registry, resolve


@pytest.mark.parametrize(
    ("arg", "name", "kind", "wanted"),
    [
        ("lodash", "lodash", "range", "*"),
        ("lodash@", "lodash", "range", "*"),
        ("lodash@4", "lodash", "range", "4"),
        ("lodash@1.2.3", "lodash", "version", "1.2.3"),
        ("lodash@latest", "lodash", "tag", "latest"),
        ("@s/p", "@s/p", "range", "*"),
        ("@s/p@^1.0.0", "@s/p", "range", "^1.0.0"),
        ("x@>=1 <2 || 3", "x", "range", ">=1 <2 || 3"),
    ],
)
def test_registry_specs(arg: str, name: str, kind: str, wanted: str) -> None:
    spec = parse(arg)
    assert (spec.name, spec.type, spec.fetch_spec) == (name, kind, wanted)


def test_alias() -> None:
    spec = parse("my@npm:@s/real@^2")
    assert (spec.name, spec.type, spec.registry.name, spec.registry.fetch_spec) == (
        "my",
        "alias",
        "@s/real",
        "^2",
    )


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("git+https://h.invalid/x.git", "git"),
        ("github:u/r", "git"),
        ("u/r", "git"),
        ("git@h.invalid:u/r.git", "git"),
        ("file:../x", "directory"),
        ("./x", "directory"),
        ("file:x.tgz", "file"),
        ("../x.tar.gz", "file"),
        ("https://h.invalid/x.tgz", "remote"),
        ("workspace:*", "workspace"),
    ],
)
def test_other_kinds_are_refused_by_name(raw: str, kind: str) -> None:
    for spec in (resolve("x", raw), parse(f"x@{raw}"), parse(raw)):
        assert spec.type == kind
        with pytest.raises(RegistryError, match="Unsupported URL Type") as caught:
            require_registry(spec)
        assert caught.value.code == "EUNSUPPORTEDPROTOCOL"
        assert raw in caught.value.message


@pytest.mark.parametrize(
    ("arg", "text"),
    [
        (".x", "name cannot start with a period"),
        ("_x", "name cannot start with an underscore"),
        ("node_modules", "node_modules is not a valid package name"),
        ("a b", "name can only contain URL-friendly characters"),
        ("@s/", "name can only contain URL-friendly characters"),
    ],
)
def test_bad_names(arg: str, text: str) -> None:
    with pytest.raises(RegistryError, match=text) as caught:
        parse(f"{arg}@1")
    assert caught.value.code == "EINVALIDPACKAGENAME"


def test_bad_tag() -> None:
    with pytest.raises(
        RegistryError, match="Tags may not have any characters that encodeURIComponent encodes"
    ):
        parse("a@no such tag")


def test_escaped_name() -> None:
    assert escape_name("@s/p") == "@s%2fp"
