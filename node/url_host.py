# SPDX-License-Identifier: Apache-2.0
"""The WHATWG URL parser, ada, which is the one that Node has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ada_url
from ada_url import _ada_wrapper

from ..engine.ffi import ffi, lib

__all__ = ["binding"]

# The order of the parts as JavaScript and C take them.
_PARTS = (
    "href",
    "protocol",
    "username",
    "password",
    "host",
    "hostname",
    "port",
    "pathname",
    "search",
    "hash",
)


_FUNCTIONS = (
    *("parse", "parse_with_base", "can_parse", "can_parse_with_base", "is_valid", "free"),
    *(f"get_{part}" for part in _PARTS),
    *(f"set_{part}" for part in _PARTS),
)


def _address(name: str) -> int:
    function = _ada_wrapper.ffi.addressof(_ada_wrapper.lib, f"ada_{name}")
    return int(_ada_wrapper.ffi.cast("uintptr_t", function))


# For node/src/urls.c, which calls them without Python.
_addresses = ffi.new("uintptr_t[]", [_address(name) for name in _FUNCTIONS])
lib.ej_urls_use(_addresses)


def _is_domain(name: str) -> bool:
    """Whether labels in Punycode stand for what a domain may have: ada takes ASCII as it is, unlike Node."""
    text = ada_url.idna_to_unicode(name)  # leaves a label alone that stands for nothing
    if any(label.startswith("xn--") for label in text.split(".")):
        return False
    return bool(ada_url.idna_to_ascii(text) == name.encode("ascii"))


def _host(domain: str) -> str:
    try:
        name = str(ada_url.URL(f"ws://{domain}").hostname)
    except ValueError:
        return ""
    return "" if "xn--" in name and not _is_domain(name) else name


def _host_to_unicode(domain: str) -> str:
    return ada_url.idna_to_unicode(_host(domain))


def binding(_isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('url_host')`; this loads the parser of `urls`."""
    return {"isDomain": _is_domain, "toASCII": _host, "toUnicode": _host_to_unicode}
