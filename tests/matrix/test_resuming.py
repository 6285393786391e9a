# SPDX-License-Identifier: Apache-2.0
"""A run that was killed goes on where it was."""

from __future__ import annotations

import subprocess

from edgejs.napi.matrix.results import load

from edgejs.configuration import command_path


def settled(lines):
    """What does not change from one run to another."""
    return {(line["id"], line["verdict"], str(line["outcome"]["document"])) for line in lines}


def test_killed_in_the_middle(tmp_path, package):
    folders = [package(f"p{i}", f"console.log(JSON.stringify({i}));") for i in range(6)]
    out = tmp_path / "out.jsonl"
    options = ["--runtime", "edgejs", "--work", str(tmp_path / "work"), "-o", str(out)]
    command = [command_path(), "matrix", "run", *options, *map(str, folders)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for _ in range(2):
        process.stderr.readline()
    process.kill()
    process.wait()
    process.stderr.close()
    before = load(out)
    assert 2 <= len(before) < 6
    with out.open("a") as file:
        file.write('{"format": 1, "id": "half a li')
    done = subprocess.run([*command, "--resume"], capture_output=True, text=True, check=True)
    assert len([line for line in done.stderr.splitlines() if " edgejs " in line]) == 6 - len(before)
    resumed = load(out)
    subprocess.run(command, capture_output=True, check=True)
    assert settled(resumed) == settled(load(out))
