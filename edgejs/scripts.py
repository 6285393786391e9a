# SPDX-License-Identifier: Apache-2.0
"""`edgejs run SCRIPT`: the scripts of package.json, run as npm runs them, with edgejs as their `node`."""

from __future__ import annotations

from edgejs.configuration import command_path

__all__ = ["run_script"]


def run_script(name: str, arguments: list[str]) -> int:
    """Run script `name` with its pre and post scripts; the first exit code that is not 0, else 0.

    When package.json has no such script, a command of that name in node_modules/.bin is run. What
    starts with a dash before the name is a flag of `run`.
    """
    from edgejs.registry_cache.command import main

    return main(["run", name, *arguments], command_path())
