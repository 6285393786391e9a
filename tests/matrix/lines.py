# SPDX-License-Identifier: Apache-2.0
"""Lines of results, made up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def line(
    package: str,
    runtime: str,
    verdict: str,
    reason: str = "",
    *,
    version: str = "1.2.3",
    is_reference: bool = False,
) -> dict[str, Any]:
    return {
        "format": 1,
        "id": f"{package} {runtime}",
        "package": package,
        "spec": "^1",
        "version": version,
        "purl": f"pkg:npm/{package}@{version}",
        "runtime": runtime,
        "runtime_version": "1.0",
        "is_reference": is_reference,
        "verdict": verdict,
        "reason": reason,
        "differences": [],
        "outcome": {
            "stage": "end",
            "seconds": 1.5,
            "peak_memory": 2**20,
            "document": {"text": f"</script> of {package}"},
            "stderr": "some\x02 text",
            "static": [],
            "trace": {"made": 3, "functions": [], "last": None, "crash": None},
        },
        "cell": {},
        "host": {"machine": "x86_64", "system": "Linux", "libc": "glibc 2.36"},
        "when": "2026-01-01T00:00:00+00:00",
    }


def write(path: Path, lines: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(each) + "\n" for each in lines))
    return path
