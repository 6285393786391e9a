# SPDX-License-Identifier: Apache-2.0
"""Diagnostic reports: when one is written, where, and what is in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

COMMAND = str(Path(sys.executable).with_name("edgejs"))


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "SEEN": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def the_report(folder: Path) -> dict[str, Any]:
    (path,) = folder.glob("report.*.json")
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def test_at_an_error_that_nobody_caught(tmp_path: Path) -> None:
    code = "throw Object.assign(new TypeError('wrong'), { extra: 7 })"
    result = run(tmp_path, "--report-uncaught-exception", "-e", code)
    assert result.returncode == 1
    assert "Writing Node.js report to file: report." in result.stderr
    report = the_report(tmp_path)
    assert (report["header"]["event"], report["header"]["trigger"]) == ("Exception", "Exception")
    stack = report["javascriptStack"]
    assert (stack["message"], stack["errorProperties"]) == ("TypeError: wrong", {"extra": "7"})
    assert stack["stack"][0].startswith("at <eval> ([eval]:1")


def test_none_when_it_was_caught(tmp_path: Path) -> None:
    code = "process.on('uncaughtException', () => {}); throw 1"
    assert run(tmp_path, "--report-uncaught-exception", "-e", code).returncode == 0
    assert not list(tmp_path.glob("report.*"))


def test_at_a_signal(tmp_path: Path) -> None:
    code = "const keep = setInterval(() => {}); process.kill(process.pid, 'SIGUSR1'); setTimeout(clearInterval, 50, keep)"
    run(tmp_path, "--report-on-signal", "--report-signal=SIGUSR1", "-e", code)
    header = the_report(tmp_path)["header"]
    assert (header["event"], header["trigger"]) == ("Signal", "SIGUSR1")


def test_when_the_heap_is_full(tmp_path: Path) -> None:
    code = "for (const a = [];;) a.push(new Array(999).fill(1))"
    result = run(tmp_path, "--report-on-fatalerror", "--max-heap-size=40", "-e", code)
    assert result.returncode == -6
    assert the_report(tmp_path)["header"]["trigger"] == "OOMError"


def test_what_is_in_it(tmp_path: Path) -> None:
    code = """
        setTimeout(() => {}, 10);
        const { header, ...rest } = process.report.getReport();
        console.log(JSON.stringify({ header, ...rest }));"""
    report = json.loads(run(tmp_path, "-e", code).stdout)
    assert report["header"]["reportVersion"] == 5
    assert report["header"]["cwd"] == str(tmp_path)
    assert report["environmentVariables"]["SEEN"] == "1"
    assert report["userLimits"]["open_files"]["soft"] > 0
    assert any("_core" in path for path in report["sharedObjects"])
    assert report["libuv"][-1]["type"] == "loop"
    assert any(handle["type"] == "timer" and handle["is_active"] for handle in report["libuv"])


def test_named_and_told_what_to_leave_out(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    code = """
        Object.assign(process.report, { directory: 'there', compact: true, excludeEnv: true, excludeNetwork: true });
        console.log(process.report.writeReport('name.json', new Error('given')));"""
    assert run(tmp_path, "-e", code).stdout == "name.json\n"
    text = (tmp_path / "there" / "name.json").read_text()
    assert text.count("\n") == 1
    report = json.loads(text)
    assert "environmentVariables" not in report
    assert "networkInterfaces" not in report["header"]
    assert report["javascriptStack"]["message"] == "Error: given"


def test_forbidden_by_permissions(tmp_path: Path) -> None:
    code = (
        "try { process.report.writeReport('x') } catch ({ code, resource }) { console.log(code, resource) }"
    )
    result = run(tmp_path, "--permission", "--allow-fs-read=*", "-e", code)
    assert result.stdout == "ERR_ACCESS_DENIED x\n"
    assert not (tmp_path / "x").exists()
