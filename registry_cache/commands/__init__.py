# SPDX-License-Identifier: Apache-2.0
"""The package commands by name: npm's names, npm's other names for them, and where each is defined.

Each module of this folder holds click commands that belong together and is imported when one of them runs.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["COMMANDS", "NAMES", "Entry", "canonical"]


class Entry(NamedTuple):
    """Module (in this folder) and attribute of a command, its aliases, and one line about it."""

    module: str
    attribute: str
    aliases: tuple[str, ...]
    summary: str


COMMANDS: dict[str, Entry] = {
    "install": Entry(
        "installing",
        "install",
        ("i", "add", "in", "ins", "inst", "insta", "instal", "isnt", "isnta", "isntal", "isntall"),
        "Install packages, and record those that are named",
    ),
    "ci": Entry(
        "installing",
        "ci",
        ("clean-install", "ic", "install-clean", "isntall-clean"),
        "Install exactly what the lock file says",
    ),
    "uninstall": Entry(
        "installing", "uninstall", ("remove", "rm", "un", "r"), "Remove packages from the project"
    ),
    "update": Entry(
        "installing", "update", ("up", "upgrade", "udpate"), "Take the newest versions that ranges allow"
    ),
    "prune": Entry("installing", "prune", (), "Remove packages that nothing asks for"),
    "dedupe": Entry("installing", "dedupe", ("ddp",), "Let fewer copies of packages serve more dependents"),
    "ls": Entry("looking", "ls", ("list", "ll", "la", "tree"), "Print the tree of installed packages"),
    "explain": Entry("looking", "explain", ("why",), "Say which packages need a package"),
    "outdated": Entry("looking", "outdated", (), "Say which packages have newer versions"),
    "view": Entry("asking", "view", ("info", "show", "v"), "Print what the registry knows about a package"),
    "sbom": Entry("looking", "sbom", (), "Print a software bill of materials (CycloneDX)"),
    "audit": Entry("auditing", "audit", (), "Say which packages the registry warns of, and mend that"),
    "run": Entry("running", "run_", ("run-script", "rum", "urn"), "Run a script of package.json"),
    "test": Entry("running", "test", ("t", "tst"), "Run the script `test`"),
    "start": Entry("running", "start", (), "Run the script `start`"),
    "stop": Entry("running", "stop", (), "Run the script `stop`"),
    "restart": Entry("running", "restart", (), "Run the script `restart`"),
    "exec": Entry(
        "running", "exec_", ("x", "dlx"), "Run a command of a package, installed for the occasion if need be"
    ),
    "rebuild": Entry("trusting", "rebuild", ("rb",), "Run allowed install scripts again"),
    "approve-scripts": Entry("trusting", "approve", (), "Allow install scripts of packages"),
    "deny-scripts": Entry("trusting", "deny", (), "Forbid install scripts of packages"),
    "link": Entry("linking", "link", ("ln",), "Use packages under development in other projects"),
    "unlink": Entry("linking", "unlink", (), "Take a link back"),
    "pack": Entry("packing", "pack", (), "Make a tarball of a package"),
    "init": Entry("editing", "init", ("create", "innit"), "Make a package.json"),
    "pkg": Entry("editing", "pkg", (), "Read and change fields of package.json"),
    "config": Entry("settings", "config", ("c",), "Print settings"),
    "bin": Entry("settings", "bin_", (), "Print the folder of installed commands"),
    "root": Entry("settings", "root", (), "Print the node_modules folder"),
    "prefix": Entry("settings", "prefix", (), "Print the project's folder"),
    "cache": Entry("caching", "cache", ("store",), "List, check or empty the store"),
}
"""What is there, in the order in which help lists it."""

NAMES: dict[str, str] = {
    name: command for command, entry in COMMANDS.items() for name in (command, *entry.aliases)
}
"""Every name that works, with the command it means."""


def canonical(name: str) -> str | None:
    """The command that `name` means, or None."""
    return NAMES.get(name)
