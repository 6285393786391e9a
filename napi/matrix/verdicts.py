# SPDX-License-Identifier: Apache-2.0
"""From outcomes to verdicts. The codes are for programs and do not change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from .processes import Limits

__all__ = ["CODES", "FAILURES", "FINE", "Difference", "Verdict", "differences", "judge"]

CODES = {
    "passes": "the case printed what it prints in the reference",
    "message-differs": "only texts of error messages differ from the reference",
    "differs": "the case printed something else than in the reference",
    "load-fails": "the package could not be loaded",
    "throws": "the case ended with an error",
    "crashes": "a signal ended the process, or it wanted more memory than it may have",
    "times-out": "the case did not end in time",
    "install-fails": "the package could not be installed",
    "not-applicable": "the addon is built for the V8 API, not for Node-API",
    "skipped": "this machine lacks a system library that the addon needs",
    "no-reference": "the case ran, but there is nothing to compare with",
}
FINE = frozenset({"passes", "message-differs"})
FAILURES = frozenset({"differs", "load-fails", "throws", "crashes", "times-out", "install-fails"})

_LOADING = {"ERR_DLOPEN_FAILED", "MODULE_NOT_FOUND", "ERR_MODULE_NOT_FOUND"}
_SYSTEM = {"missing-library", "library-version"}
MOST_DIFFERENCES = 50


@dataclass(frozen=True)
class Difference:
    """One place of two documents: a path like ``rows[2].name`` and what each has, `None` where nothing is."""

    path: str
    reference: Any
    here: Any


@dataclass(frozen=True)
class Verdict:
    code: str
    reason: str = ""
    differences: list[Difference] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "verdict": self.code,
            "reason": self.reason,
            "differences": [asdict(each) for each in self.differences],
        }


def judge(
    outcome: dict[str, Any], reference: dict[str, Any] | None, limits: Limits, *, is_node: bool = False
) -> Verdict:
    """The verdict on an outcome; `reference` is that of the reference column, `None` if there is none.

    The reference column's own outcome is judged with itself as reference. `is_node`: the runtime is Node,
    which has the V8 API. Elsewhere an addon for it may fail in any way, or its package do without it.
    """
    verdict = _judge(outcome, reference, limits)
    v8 = None if is_node else _v8_only(outcome.get("static") or [])
    return verdict if v8 is None or verdict.code in FINE else Verdict("not-applicable", v8)


def _v8_only(static: list[dict[str, Any]]) -> str | None:
    """What the static check says if every addon of the package uses the V8 API."""
    messages = [
        reason["message"] for file in static for reason in file["reasons"] if reason["code"] == "v8-api"
    ]
    return messages[0] if messages and not any(file["verdict"] == "ok" for file in static) else None


def _judge(outcome: dict[str, Any], reference: dict[str, Any] | None, limits: Limits) -> Verdict:
    if outcome["stage"] == "install":
        return Verdict("install-fails", _first_line(outcome["error"]["message"]))
    if outcome["stage"] == "worker":
        return Verdict("crashes", _first_line(outcome["error"]["message"]))
    if outcome.get("limit") == "time":
        return Verdict("times-out", f"not done after {limits.seconds:g} s, in stage {outcome['stage']}")
    if outcome.get("limit"):
        most = f" of {limits.memory >> 20} MiB" if outcome["limit"] == "memory" else ""
        return Verdict("crashes", f"killed at the limit of {outcome['limit']}{most}")
    if outcome.get("signal"):
        return Verdict("crashes", _crash(outcome))
    if not _ran(outcome):
        if outcome.get("error") or outcome.get("code"):
            return _failed(outcome, reference)
        return Verdict("throws", "it ended without printing a JSON document")
    if reference is None or not _ran(reference):
        why = "" if reference is None else "the reference printed none: " + _what(reference)
        return Verdict("no-reference", why)
    return _compare(outcome, reference)


def _ran(outcome: dict[str, Any]) -> bool:
    """The case came to its end and printed its document; its exit code is part of what it did."""
    is_ended = outcome["stage"] == "end" and not outcome.get("signal")
    return is_ended and outcome.get("error") is None and outcome.get("document") is not None


def _compare(here: dict[str, Any], reference: dict[str, Any]) -> Verdict:
    found = list(differences(reference["document"], here["document"]))
    if here["code"] != reference["code"]:
        found.append(Difference("(exit code)", reference["code"], here["code"]))
    if not found:
        return Verdict("passes")
    only_messages = all(
        each.path.rpartition(".")[2] == "message"
        and isinstance(each.here, str)
        and isinstance(each.reference, str)
        for each in found
    )
    places = ", ".join(each.path or "the document" for each in found[:3])
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return Verdict("message-differs" if only_messages else "differs", places + more, found[:MOST_DIFFERENCES])


def differences(reference: Any, here: Any, path: str = "") -> Iterator[Difference]:
    """The places where two documents differ, outermost only."""
    if isinstance(reference, dict) and isinstance(here, dict):
        for key in [*reference, *(key for key in here if key not in reference)]:
            place = f"{path}.{key}" if path else key
            if key in reference and key in here:
                yield from differences(reference[key], here[key], place)
            else:
                yield Difference(place, reference.get(key), here.get(key))
    elif isinstance(reference, list) and isinstance(here, list) and len(reference) == len(here):
        for at, (one, other) in enumerate(zip(reference, here, strict=True)):
            yield from differences(one, other, f"{path}[{at}]")
    elif (type(reference) is not type(here) and not _are_numbers(reference, here)) or reference != here:
        yield Difference(path, reference, here)


def _are_numbers(*values: Any) -> bool:
    return all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values)


def _failed(outcome: dict[str, Any], reference: dict[str, Any] | None) -> Verdict:
    errors = list(_chain(outcome.get("error")))
    is_loading = outcome["stage"] in ("start", "load") or any(each.get("code") in _LOADING for each in errors)
    if not is_loading:
        return Verdict("throws", _what(outcome))
    static = outcome.get("static") or []
    reasons = [reason for file in static for reason in file["reasons"]]
    if reasons and not any(file["verdict"] == "ok" for file in static):
        codes = {reason["code"] for reason in reasons}
        text = "; ".join(dict.fromkeys(reason["message"] for reason in reasons))
        if codes & _SYSTEM:
            return Verdict("skipped", text)
        return Verdict("load-fails", f"{text} ({_what(outcome)})")
    return Verdict("load-fails", _what(outcome))


def _chain(error: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    while error:
        yield error
        error = error.get("cause")


def _what(outcome: dict[str, Any]) -> str:
    """An outcome that is no document, in a line."""
    error = outcome.get("error")
    if error:
        causes = [f"{each.get('name')}: {_first_line(str(each.get('message')))}" for each in _chain(error)]
        return " < ".join(causes)
    if outcome.get("signal") or outcome.get("limit"):
        return str(outcome.get("limit") or outcome.get("signal"))
    lines = (outcome.get("stderr") or "").strip().splitlines()
    return f"exit code {outcome.get('code')}" + (f": {lines[-1][:300]}" if lines else "")


def _crash(outcome: dict[str, Any]) -> str:
    """The signal, the last Node-API call and the innermost frame outside of the runtime."""
    parts = [outcome["signal"]]
    found = outcome.get("trace")
    if found and found["last"]:
        last = found["last"]
        parts.append(f"{'after' if last['status'] else 'inside'} {last['name']}")
    if found and found["crash"]:
        frame = next((each for each in found["crash"]["backtrace"] if ".node(" in each), None)
        if frame:
            parts.append("in " + frame.rpartition("/")[2])
    return ", ".join(parts)


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")[:500]
