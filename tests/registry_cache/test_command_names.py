# SPDX-License-Identifier: Apache-2.0
"""Every command has one place: its names do not clash, it loads, and the manual lists it as it is."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from edgejs.registry_cache.command import cli, main
from edgejs.registry_cache.commands import COMMANDS, NAMES
from registry_fixture import need_npm, run_edgejs, run_npm

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "packages.md"


def test_names_are_one_commands_each() -> None:
    assert len(NAMES) == sum(1 + len(entry.aliases) for entry in COMMANDS.values())


@pytest.mark.parametrize("name", COMMANDS)
def test_it_loads_and_is_in_the_manual(name: str) -> None:
    entry = COMMANDS[name]
    command = cli.get_command(click.Context(cli), name)
    assert command is not None and command.help
    aliases = ", ".join(f"`{alias}`" for alias in entry.aliases)
    assert f"| `{name}` | {aliases} | {entry.summary} |" in MANUAL.read_text().splitlines()


def test_unknown_commands(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    need_npm()
    assert main(["frobnicate"]) == 1
    assert capsys.readouterr().out == run_npm(project, "frobnicate").stdout.replace(
        "npm commands", "edgejs commands"
    ).replace("npm help", "edgejs --help")
    slip = run_edgejs(project, "instlal")
    assert (slip.returncode, "  edgejs install # Install packages" in slip.stdout) == (1, True)
