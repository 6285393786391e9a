# SPDX-License-Identifier: Apache-2.0
"""The WHATWG URL parser, ada, which is the one that Node has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ada_url

__all__ = ["binding"]

# The order of the parts as JavaScript takes them.
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


# The standard's special schemes: in URLs of others the host is no domain.
_WITH_DOMAINS = ("http:", "https:", "ws:", "wss:", "ftp:", "file:")


def _parts(url: ada_url.URL) -> list[str]:
    if "xn--" in url.hostname and url.protocol in _WITH_DOMAINS and not _is_domain(url.hostname):
        raise ValueError(url.hostname)
    return [getattr(url, part) for part in _PARTS]


def _is_domain(name: str) -> bool:
    """Whether labels in Punycode stand for what a domain may have: ada takes ASCII as it is, unlike Node."""
    text = ada_url.idna_to_unicode(name)  # leaves a label alone that stands for nothing
    if any(label.startswith("xn--") for label in text.split(".")):
        return False
    return bool(ada_url.idna_to_ascii(text) == name.encode("ascii"))


def _parse(text: str, base: str | None = None) -> list[str] | None:
    """The parts of a URL, or None when it is none."""
    try:
        return _parts(ada_url.URL(text, base))
    except ValueError:
        return None


def _update(href: str, part: str, value: str) -> list[str] | None:
    """The parts after one was set as the standard's setters do, or None when the value does not fit there."""
    url = ada_url.URL(href)
    try:
        setattr(url, part, value)
        return _parts(url)
    except ValueError:
        return None


def _host(domain: str) -> str:
    parts = _parse(f"ws://{domain}")
    return "" if parts is None else parts[_PARTS.index("hostname")]


def _host_to_unicode(domain: str) -> str:
    return ada_url.idna_to_unicode(_host(domain))


def binding(_isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('url_host')`."""
    return {"parse": _parse, "update": _update, "toASCII": _host, "toUnicode": _host_to_unicode}
