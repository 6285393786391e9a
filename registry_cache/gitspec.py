# SPDX-License-Identifier: Apache-2.0
"""Git dependencies: ``github:u/r#semver:^1``, ``u/r``, ``git+ssh://…``, ``git@host:u/r.git#branch``.

How npm-package-arg and hosted-git-info read them: what to fetch, which commit is meant, and what to record.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from .errors import RegistryError, unsupported

__all__ = ["GitSpec"]

_HOSTS = {"github": "github.com", "gitlab": "gitlab.com", "bitbucket": "bitbucket.org"}
_NAMES = {host: name for name, host in _HOSTS.items()}
_COMMIT = re.compile(r"[0-9a-fA-F]{40}(?:[0-9a-fA-F]{24})?\Z")
_SCP = re.compile(r"(?:git\+ssh://)?([^/@:]+@[^/:]+):(?!\d+/)(.+)\Z")


class GitSpec(NamedTuple):
    """`urls` to try in order; `committish` or a semver `range`, both may be ''; `saved` is for package.json.

    `repository` is what the lock file names, without ``#commit``: it identifies the repository.
    """

    urls: tuple[str, ...]
    repository: str
    committish: str
    range: str
    saved: str

    @property
    def commit(self) -> str:
        """The committish when it is a full commit, else ''."""
        return self.committish if _COMMIT.match(self.committish) else ""

    @classmethod
    @functools.cache
    def parse(cls, raw: str) -> GitSpec:
        """Reads a spec of type git. Raises RegistryError EUNSUPPORTEDPROTOCOL."""
        base, _, fragment = raw.partition("#")
        committish, wanted = _fragment(fragment, raw)
        hosted = _hosted(base)
        if hosted:
            host, path, explicit = hosted
            ssh = f"ssh://git@{_HOSTS[host]}/{path}.git"
            https = f"https://{_HOSTS[host]}/{path}.git"
            urls = (ssh,) if explicit == "ssh" else (https, ssh)
            saved = f"{host}:{path}" + (f"#{fragment}" if fragment else "")
            return cls(urls, f"git+{ssh}", committish, wanted, saved)
        scp = _SCP.match(base)
        if scp:
            url = f"{scp.group(1)}:{scp.group(2)}"
            return cls((url,), f"git+ssh://{url}", committish, wanted, raw)
        if base.startswith(("git+", "git:")):
            url = base.removeprefix("git+")
            return cls((url,), base, committish, wanted, raw)
        if re.match(r"(?:https?|ssh|file)://", base):
            return cls((base,), f"git+{base}", committish, wanted, f"git+{raw}")
        raise unsupported(base.partition(":")[0] + ":", raw)


def _fragment(fragment: str, raw: str) -> tuple[str, str]:
    """(committish, range) of what follows the ``#``; a ``path:`` is refused."""
    committish = wanted = ""
    for part in filter(None, fragment.split("::")):
        name, colon, value = part.partition(":")
        if part.startswith("-"):  # git would take it for an option
            raise RegistryError("EINVALIDGITREF", f"Invalid git reference: {raw}")
        if not colon:
            committish = part
        elif name == "semver":
            wanted = unquote(value)
        else:
            raise RegistryError("EUNSUPPORTEDGITPATH", f"`{name}:` in a git spec is not supported: {raw}")
    return committish, wanted


def _hosted(base: str) -> tuple[str, str, str] | None:
    """(host's short name, path, protocol named) for the three services that npm knows, else None."""
    short = re.match(r"(github|gitlab|bitbucket):(?!//)(.+)\Z", base)
    if short:
        return short.group(1), _trim(short.group(2)), ""
    if re.match(r"[^@:/\s.][^@:/\s]*/[^@:/\s]+\Z", base):
        return "github", _trim(base), ""
    scp = _SCP.match(base)
    if scp and scp.group(1).partition("@")[2] in _NAMES:
        return _NAMES[scp.group(1).partition("@")[2]], _trim(scp.group(2)), "ssh"
    parts = urlsplit(base.removeprefix("git+"))
    if parts.hostname in _NAMES and not parts.password and parts.path.count("/") == 2:
        return _NAMES[parts.hostname], _trim(parts.path), "ssh" if parts.scheme == "ssh" else ""
    return None


def _trim(path: str) -> str:
    return path.strip("/").removesuffix(".git")
