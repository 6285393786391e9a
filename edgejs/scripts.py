# SPDX-License-Identifier: Apache-2.0
"""`edgejs run SCRIPT`: the scripts of package.json, run as npm runs them, with edgejs as their `node`."""

from __future__ import annotations

from edgejs.configuration import command_path

__all__ = ["run_script"]


def run_script(arguments: list[str]) -> int:
    """Run the script that `arguments` name, and its pre and post scripts; the first code that is not 0, or 0.

    Flags of `run` come before the name, what follows it is the script's. When package.json has no such
    script, a command of that name in node_modules/.bin is run; without a name the scripts are listed.
    """
    from edgejs.registry_cache.command import main

    return main(["run", *arguments], command_path())
