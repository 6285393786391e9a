# SPDX-License-Identifier: Apache-2.0
"""Whether the name in a certificate stands for a host: OpenSSL's rules, with its flags."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["matches"]


def matches(name: str, host: str, options: dict[str, Any]) -> bool:
    """`options`: wildcards (true), partialWildcards (true), multiLabelWildcards, singleLabelSubdomains."""
    name, host = name.lower(), host.lower()
    if host.startswith(".") and len(host) > 1:  # any host below it
        if not name.endswith(host) or len(name) == len(host):
            return False
        return not options.get("singleLabelSubdomains") or "." not in name[: -len(host)]
    if name == host:
        return True
    if "*" not in name or not options.get("wildcards", True):
        return False
    label, _, rest = name.partition(".")
    if label.count("*") != 1 or "*" in rest or rest.count(".") < 1 or label.startswith("xn--"):
        return False
    partial = label != "*"
    if partial and not options.get("partialWildcards", True):
        return False
    before, after = label.split("*")
    tail = after + "." + rest
    if not host.startswith(before) or not host.endswith(tail) or len(host) < len(before) + len(tail) + 1:
        return False
    star = host[len(before) : len(host) - len(tail)]
    if "." in star:
        return not partial and bool(options.get("multiLabelWildcards"))
    if partial and host.startswith("xn--"):
        return False
    return all(c.isalnum() or c == "-" for c in star)
