# SPDX-License-Identifier: Apache-2.0
"""The package commands: arguments in, exit code out."""

from __future__ import annotations

import gc
import importlib
import sys
from collections.abc import Sequence

import click

from .commands import COMMANDS, NAMES, canonical
from .suggest import unknown_command

__all__ = ["cli", "main"]


class _Commands(click.Group):
    """The table of commands, npm's other names and typing mistakes included, each imported when it runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = canonical(cmd_name)
        if name is None:
            return None
        entry = COMMANDS[name]
        module = importlib.import_module(f".commands.{entry.module}", __package__)
        command: click.Command = getattr(module, entry.attribute)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """npm packages without npm."""


def main(argv: Sequence[str], node: str | None = None) -> int:
    """Runs one command and gives its exit code: 0, 1 for a failure, 2 for wrong usage, or a script's own.

    `node` is the program that scripts of packages shall find under that name; None leaves it to PATH.
    """
    if argv and not argv[0].startswith("-") and argv[0] not in NAMES:
        print(unknown_command(argv[0]))
        return 1
    collecting = gc.isenabled()
    gc.disable()  # parsed packuments are millions of objects and no cycles: a tenth of the time went there
    try:
        cli.main(args=list(argv), prog_name="edgejs", standalone_mode=False, obj=node)
    except click.ClickException as error:
        error.show()
        return 2
    except click.Abort:
        return 130
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 1
    finally:
        if collecting:
            gc.enable()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
