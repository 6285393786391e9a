# SPDX-License-Identifier: Apache-2.0
"""``link``: packages under development, offered to the user's other projects by a symbolic link.

They are kept with the global packages, in ``lib/node_modules`` below the prefix; their commands are linked
into ``bin`` beside ``lib``.
"""

from __future__ import annotations

import os

from .config import Config
from .errors import RegistryError, os_error
from .manifest import normalize
from .packagefile import PackageFile

__all__ = ["offer", "offered", "withdraw"]


def _place(config: Config, name: str) -> str:
    return os.path.join(config.prefix, "lib", "node_modules", name)


def _package(folder: str) -> tuple[str, dict[str, str]]:
    """Name and commands of the package in `folder`."""
    package = normalize(PackageFile.load(folder).original)
    name = package.get("name")
    if not name:
        raise RegistryError("ENONAME", f"the package in {folder} has no name to link it by")
    commands = package.get("bin")
    return str(name), commands if isinstance(commands, dict) else {}


def offer(folder: str, config: Config) -> str:
    """Links the package in `folder` for others to take, and gives its name. Raises RegistryError."""
    name, commands = _package(folder)
    place = _place(config, name)
    try:
        _relink(os.path.relpath(os.path.realpath(folder), os.path.dirname(place)), place)
        for command, target in commands.items():
            path = os.path.join(folder, target)
            if os.path.isfile(path):
                os.chmod(path, os.stat(path).st_mode | 0o111)
            link = os.path.join(config.prefix, "bin", command)
            _relink(os.path.relpath(os.path.join(place, target), os.path.dirname(link)), link)
    except OSError as error:
        raise os_error(error, "symlink", place) from error
    return name


def _relink(target: str, link: str) -> None:
    """Makes `link` lead to `target` at one stroke."""
    os.makedirs(os.path.dirname(link), exist_ok=True)
    temporary = f"{link}.{os.getpid():x}"
    os.symlink(target, temporary)
    os.replace(temporary, link)


def offered(name: str, config: Config) -> str:
    """The folder that was linked under `name`. Raises RegistryError ENOLINK."""
    place = _place(config, name)
    if not os.path.isdir(place):
        text = f"'{name}' is not linked: run `edgejs link` in its folder, or name the folder"
        raise RegistryError("ENOLINK", text, {"path": place})
    return os.path.realpath(place)


def withdraw(folder: str, config: Config) -> bool:
    """Takes back what `offer` did for the package in `folder`; False when it was not offered."""
    name, commands = _package(folder)
    place = _place(config, name)
    if not os.path.islink(place):
        return False
    try:
        for command, target in commands.items():
            link = os.path.join(config.prefix, "bin", command)
            wanted = os.path.relpath(os.path.join(place, target), os.path.dirname(link))
            if os.path.islink(link) and os.readlink(link) == wanted:
                os.unlink(link)
        os.unlink(place)
    except OSError as error:
        raise os_error(error, "unlink", place) from error
    return True
