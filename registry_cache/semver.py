# SPDX-License-Identifier: Apache-2.0
"""npm's version grammar, by `nodesemver` in loose mode, with every parse remembered.

Parsing a range costs about 30 microseconds and testing a version against a parsed range about 5, so
ranges and versions are parsed once a process.
"""

from __future__ import annotations

import functools
import re
from typing import Any

__all__ = [
    "clean",
    "eq",
    "gt",
    "gte",
    "intersects_caret",
    "is_range",
    "lt",
    "satisfies",
    "sort_key",
    "subset",
    "valid",
]

_PLAIN = re.compile(r"\d{1,15}\.\d{1,15}\.\d{1,15}(?:-[0-9A-Za-z.-]+)?\Z")
_FULL = re.compile(r"[v=\s]*\d+\.\d+\.\d+")
_LOWEST_PRERELEASE: tuple[Any, ...] = ()


@functools.cache
def _range(text: str) -> Any | None:
    """The parsed range, or None when `text` is no range."""
    import nodesemver

    try:
        return nodesemver.make_range(text, True)
    except ValueError:
        return None


@functools.cache
def _version(text: str) -> Any | None:
    """The parsed version, or None; ``1`` is none, which nodesemver alone would take for one."""
    import nodesemver

    if not _FULL.match(text):
        return None
    try:
        return nodesemver.make_semver(text, True)
    except ValueError:
        return None


@functools.cache
def satisfies(version: str, wanted: str, *, prerelease: bool = False) -> bool:
    """Does `version` lie in the range `wanted`? Loose; False for what cannot be parsed (as semver)."""
    if not version:
        return False
    parsed = _range(wanted)
    if parsed is None or _version(version) is None:
        return False
    return bool(parsed.test(version, include_prerelease=prerelease))


def is_range(text: str) -> bool:
    """Is `text` a range (``semver.validRange``, loose)? Empty and ``*`` are."""
    return _range(text) is not None


@functools.cache
def valid(text: str) -> str | None:
    """The normalised version when `text` is one (``v1.2.3`` gives ``1.2.3``), else None."""
    parsed = _version(text.strip())
    return None if parsed is None else str(parsed.version)


def clean(text: str) -> str | None:
    """`valid` after dropping leading ``=`` and ``v`` (``semver.clean``)."""
    return valid(re.sub(r"^[\s=v]+", "", text))


@functools.cache
def sort_key(version: str) -> tuple[Any, ...]:
    """A key that sorts versions by precedence; what is no version sorts first.

    A release is greater than each of its prereleases; numeric identifiers are less than words.
    """
    core, text = version, ""
    if _PLAIN.match(version):
        core, _, text = version.partition("-")
        numbers = tuple(int(part) for part in core.split("."))
        words: list[Any] = text.split(".") if text else []
    else:
        parsed = _version(version)
        if parsed is None:
            return ((-1, -1, -1), False, _LOWEST_PRERELEASE)
        numbers = (parsed.major, parsed.minor, parsed.patch)
        words = list(parsed.prerelease)
    identifiers = tuple(
        (0, int(word), "") if isinstance(word, int) or word.isdecimal() else (1, 0, word) for word in words
    )
    return (numbers, not identifiers, identifiers)


def gt(left: str, right: str) -> bool:
    return sort_key(left) > sort_key(right)


def gte(left: str, right: str) -> bool:
    return sort_key(left) >= sort_key(right)


def lt(left: str, right: str) -> bool:
    return sort_key(left) < sort_key(right)


def eq(left: str, right: str) -> bool:
    return sort_key(left) == sort_key(right)


def _bounds(text: str) -> list[tuple[tuple[Any, ...], bool, tuple[Any, ...] | None, bool]]:
    """Each alternative of a range as (lowest, inclusive, highest or None, inclusive)."""
    parsed = _range(text)
    if parsed is None:
        return []
    zero = sort_key("0.0.0")
    found = []
    for comparators in parsed.set:
        low, low_in, high, high_in = zero, True, None, False
        for comparator in comparators:
            operator, bound = comparator.operator, comparator.semver
            if not hasattr(bound, "version"):
                continue  # the ANY comparator of "*"
            key = sort_key(bound.version)
            if operator in ("", "=", None):
                low, low_in, high, high_in = key, True, key, True
            elif operator in (">", ">=") and key >= low:
                low, low_in = key, operator == ">="
            elif operator in ("<", "<=") and (high is None or key <= high):
                high, high_in = key, operator == "<="
        found.append((low, low_in, high, high_in))
    return found


def _inside(inner: Any, outer: Any) -> bool:
    low, low_in, high, high_in = inner
    out_low, out_low_in, out_high, out_high_in = outer
    starts = low > out_low or (low == out_low and (out_low_in or not low_in))
    if out_high is None:
        return starts
    if high is None:
        return False
    return starts and (high < out_high or (high == out_high and (out_high_in or not high_in)))


def subset(inner: str, outer: str) -> bool:
    """Does each alternative of `inner` lie inside one of `outer`'s (``semver.subset``)?"""
    if outer.strip() in ("", "*"):
        return True
    outers = _bounds(outer)
    inners = _bounds(inner)
    return bool(inners) and all(any(_inside(one, other) for other in outers) for one in inners)


def intersects_caret(left: str, right: str) -> bool:
    """Do two ranges share a version (``semver.intersects``)?"""
    for low, low_in, high, high_in in _bounds(left):
        for low2, low2_in, high2, high2_in in _bounds(right):
            before = high2 is not None and (low > high2 or (low == high2 and not (low_in and high2_in)))
            after = high is not None and (low2 > high or (low2 == high and not (low2_in and high_in)))
            if not before and not after:
                return True
    return False
