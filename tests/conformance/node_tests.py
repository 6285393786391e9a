# SPDX-License-Identifier: Apache-2.0
"""Node's own tests of its modules: ``test/parallel`` and its neighbours in its repository.

They are cut into areas, one list of known results each. A file that asks for Node's insides does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .case import Case, Toolbox

__all__ = ["AREAS", "NodeTests", "flags_of"]

# What the names of an area's files begin with, below test/. Of two that fit, the longer one has the file.
AREAS: dict[str, tuple[str, ...]] = {
    "module": (
        "es-module/test-",
        "module-hooks/test-",
        "parallel/test-module",
        "parallel/test-require",
        "parallel/test-compile",
        "parallel/test-preload",
        "parallel/test-cwd-enoent",
    ),
    "path": ("parallel/test-path",),
    "querystring": ("parallel/test-querystring",),
    "punycode": ("parallel/test-punycode",),
    "string-decoder": ("parallel/test-string-decoder",),
    "intl": ("parallel/test-intl", "parallel/test-icu-", "parallel/test-tz-", "parallel/test-process-env-tz"),
    "os": ("parallel/test-os",),
    "url": ("parallel/test-url",),
    "whatwg": ("parallel/test-whatwg",),
    "events": ("parallel/test-events",),
    "eventtarget": ("parallel/test-eventtarget",),
    "event-emitter": ("parallel/test-event-",),
    "diagnostics-channel": ("parallel/test-diagnostics-channel",),
    "console": ("parallel/test-console",),
    "timers": ("parallel/test-timers", "parallel/test-next-tick", "parallel/test-microtask"),
    "buffer": ("parallel/test-buffer", "parallel/test-blob", "parallel/test-file"),
    "stream": ("parallel/test-stream", "parallel/test-readable"),
    "webstreams": ("parallel/test-webstream", "parallel/test-global-webstreams"),
    "readline": ("parallel/test-readline",),
    "util": (
        "parallel/test-util",
        "parallel/test-mime",
        "parallel/test-errors",
        "parallel/test-structuredClone",
    ),
    "assert": ("parallel/test-assert",),
    "fs": (
        "parallel/test-fs",
        "parallel/test-fastutf8stream",
        "parallel/test-file-write",
        "parallel/test-watch",
    ),
    "child-process": ("parallel/test-child-process",),
    "process": (
        "parallel/test-process",
        "parallel/test-promise",
        "parallel/test-signal",
        "parallel/test-stdin",
    ),
    "report": ("report/test-report",),
    "async-hooks": ("parallel/test-async-hooks", "parallel/test-async-wrap", "async-hooks/test-"),
    "async-local-storage": ("parallel/test-async-local-storage", "parallel/test-asyncresource"),
    "perf-hooks": ("parallel/test-perf", "parallel/test-performance"),
    "abort": ("parallel/test-abort",),
    "worker": ("parallel/test-worker", "parallel/test-broadcastchannel", "parallel/test-messag"),
    "wasi": ("wasi/test-", "parallel/test-wasi"),
    "vm": ("parallel/test-vm", "parallel/test-shadow"),
    "v8": ("parallel/test-v8",),
    "repl": ("parallel/test-repl",),
    "runner": ("parallel/test-runner",),
    "sqlite": ("parallel/test-sqlite",),
    "permission": ("parallel/test-permission",),
    "cluster": ("parallel/test-cluster",),
    "domain": ("parallel/test-domain",),
    "cli": ("parallel/test-cli", "parallel/test-dotenv", "parallel/test-stdio", "parallel/test-global"),
    "net": ("parallel/test-net",),
    "http": ("parallel/test-http-",),
    "http2": ("parallel/test-http2",),
    "https": ("parallel/test-https",),
    "dns": ("parallel/test-dns",),
    "dgram": ("parallel/test-dgram",),
    "zlib": ("parallel/test-zlib",),
    "crypto": ("parallel/test-crypto",),
    "webcrypto": ("parallel/test-webcrypto",),
    "tls": ("parallel/test-tls",),
}

# Node's own runner passes what the first such line names (tools/test.py).
FLAGS = re.compile(r"^//\s*Flags:(.*)$", re.MULTILINE)
# Node's insides, V8's syntax for its own functions, and the inspector.
UNCOUNTED = re.compile(
    r"^//\s*Flags:.*(--expose[-_]internals|--allow[-_]natives[-_]syntax|--inspect)"
    r"|skipIfInspectorDisabled|(require\(|from )['\"](node:)?inspector",
    re.MULTILINE,
)
ENVIRONMENT = {
    "NODE_TEST_KNOWN_GLOBALS": "0",  # globals that V8 has and others lack are tested elsewhere
    "NODE_SKIP_FLAG_CHECK": "1",  # flags are given here
}


def flags_of(source: str) -> Sequence[str]:
    """The command line options that a test asks for."""
    found = FLAGS.search(source)
    return found[1].split() if found else ()


@dataclass(frozen=True)
class NodeTests:
    """The tests of one area."""

    area: str

    def cases(self, root: Path, tools: Toolbox) -> Iterator[Case]:
        tests = root / "test"
        for folder in sorted({prefix.partition("/")[0] for prefix in AREAS[self.area]}):
            for script in sorted((tests / folder).glob("test-*.*js")):
                name = script.relative_to(tests).as_posix()
                source = script.read_text(encoding="utf-8", errors="replace")
                if _area(name) == self.area and not UNCOUNTED.search(source):
                    arguments = (*flags_of(source), str(script))
                    yield Case(name, arguments, root, ENVIRONMENT, timeout=30)


def _area(name: str) -> str | None:
    fitting = [
        (len(prefix), area)
        for area, prefixes in AREAS.items()
        for prefix in prefixes
        if name.startswith(prefix)
    ]
    return max(fitting)[1] if fitting else None
