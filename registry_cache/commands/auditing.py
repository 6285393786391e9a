# SPDX-License-Identifier: Apache-2.0
"""``audit``: what the registry warns of in what is installed, mending it, and the registry's signatures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from ..errors import RegistryError
from .installing import finish
from .options import tree_shape
from .session import Session, run

__all__ = ["audit"]

_FORCED = "\nTo address all issues{possible}{breaking}, run:\n  edgejs audit fix --force"
_REVIEW = "\nSome issues need review, and may require choosing\na different dependency."


@click.command()
@click.argument("task", required=False, type=click.Choice(["fix", "signatures"]), metavar="[fix|signatures]")
@click.option("--audit-level", type=click.Choice(["info", "low", "moderate", "high", "critical", "none"]))
@click.option("--package-lock-only", "locked", is_flag=True, help="Read (and fix) the lock file only")
@tree_shape
def audit(task: str | None, audit_level: str | None, locked: bool, **options: Any) -> None:
    """Report known vulnerabilities; exit code 1 if any is as bad as --audit-level (low) or worse.

    With `fix`, replace vulnerable packages by versions that are not and that package.json allows (others
    with --force). With `signatures`, check the registry's signatures of what is installed.
    """
    if task == "fix":
        finish(
            options, "audit", lambda project, session: project.fix(dry_run=session.dry_run, lock_only=locked)
        )
    elif task == "signatures":
        run(options, "audit", lambda session: _signatures(session, locked))
    else:
        run(options, "audit", lambda session: _audit(session, audit_level or "low", locked))


def _audit(session: Session, level: str, locked: bool) -> int:
    from ..audit import LEVELS

    try:
        report = session.project().audit(locked=locked)
    except RegistryError as error:
        if error.details.get("method") == "POST":
            session.notice(f"edgejs warn audit {error.message}")
            raise RegistryError("EAUDIT", "audit endpoint returned an error", error.details) from error
        raise
    if session.wants_json:
        session.print_json(report)
    else:
        session.print("\n".join(_detailed(report)))
    counts = report["metadata"]["vulnerabilities"]
    bad = LEVELS[LEVELS.index(level) :] if level in LEVELS else ()
    return 1 if any(counts[one] for one in bad) else 0


def _detailed(report: Mapping[str, Any]) -> Iterator[str]:
    """npm's report for people (npm-audit-report)."""
    found = report["vulnerabilities"]
    if found:
        yield "# edgejs audit report\n"
        printed: set[str] = set()
        for name, one in found.items():
            if any(isinstance(via, dict) for via in one["via"]):
                yield from _one(name, found, printed, "")
    yield from _summary(report)


def _one(name: str, found: Mapping[str, Any], printed: set[str], indent: str) -> Iterator[str]:
    """One vulnerable package, and below it those that are vulnerable for it."""
    if name in printed:
        return
    printed.add(name)
    one = found[name]
    yield f"{indent}{name}  {one['range']}"
    if not indent and one["severity"] != "low":
        yield f"Severity: {one['severity']}"
    for via in one["via"]:
        if isinstance(via, str):
            yield f"{indent}Depends on vulnerable versions of {via}"
        elif not indent:
            yield f"{via['title']} - {via['url']}"
    if not indent:
        yield from _remedy(one["fixAvailable"])
    for path in one["nodes"]:
        yield indent + path
    for effect in one["effects"]:
        yield from _one(effect, found, printed, indent + "  ")
    if not indent:
        yield ""


def _remedy(fix: bool | Mapping[str, Any]) -> Iterator[str]:
    if fix is True:
        yield "fix available via `edgejs audit fix`"
    elif fix is False:
        yield "No fix available"
    else:
        yield "fix available via `edgejs audit fix --force`"
        which = "a breaking change" if fix["isSemVerMajor"] else "outside the stated dependency range"
        yield f"Will install {fix['name']}@{fix['version']}, which is {which}"


def _summary(report: Mapping[str, Any]) -> Iterator[str]:
    counts = dict(report["metadata"]["vulnerabilities"])
    total = counts.pop("total")
    if not total:
        yield "found 0 vulnerabilities"
        return
    levels = [(level, count) for level, count in counts.items() if count and level != "info"]
    if len(levels) == 1:
        ((level, count),) = levels
        yield f"{count} {level} severity vulnerabilit{'y' if count == 1 else 'ies'}"
    else:
        yield f"{total} vulnerabilities ({', '.join(f'{count} {level}' for level, count in levels)})"
    fixes = [one["fixAvailable"] for one in report["vulnerabilities"].values()]
    forced = [fix for fix in fixes if isinstance(fix, dict)]
    hopeless = False in fixes
    if True in fixes:
        which = "issues that do not require attention" if forced or hopeless else "all issues"
        yield f"\nTo address {which}, run:\n  edgejs audit fix"
    if forced:
        breaking = " (including breaking changes)" if any(fix["isSemVerMajor"] for fix in forced) else ""
        yield _FORCED.format(possible=" possible" if hopeless else "", breaking=breaking)
    if hopeless:
        yield _REVIEW


def _signatures(session: Session, locked: bool) -> int:
    from ..signatures import verify

    result = verify(session.project(), locked=locked)
    if result.attested:
        names = ", ".join(one.pkgid for one in result.attested)
        session.notice(f"edgejs warn audit provenance attestations are not checked: {names}")
    if session.wants_json:
        session.print_json(
            {
                "invalid": [one.to_json() for one in result.invalid],
                "missing": [one.to_json() for one in result.missing],
                "attestationsNotChecked": [one.to_json() for one in result.attested],
            }
        )
        return 1 if result.invalid or result.missing else 0
    audited = "1 package" if result.audited == 1 else f"{result.audited} packages"
    session.print(f"audited {audited} in {int(result.seconds)}s\n")
    if result.verified:
        session.print(f"{_signed(result.verified, 'verified')}\n")
    if result.missing:
        missing = _signed(len(result.missing), "missing")
        session.print(f"{missing} but the registry is providing signing keys:\n")
        session.print("\n".join(f"{one.pkgid} ({one.registry})" for one in result.missing))
    if result.invalid:
        session.print(f"{_signed(len(result.invalid), 'invalid')}:\n")
        session.print("\n".join(f"{one.pkgid} ({one.registry})" for one in result.invalid))
        these = "this package since it was" if len(result.invalid) == 1 else "these packages since they were"
        session.print(f"\nSomeone might have tampered with {these} published on the registry!\n")
    return 1 if result.invalid or result.missing else 0


def _signed(count: int, how: str) -> str:
    if count == 1:
        return f"1 package has {'an' if how == 'invalid' else 'a'} {how} registry signature"
    return f"{count} packages have {how} registry signatures"
