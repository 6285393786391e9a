# SPDX-License-Identifier: Apache-2.0
"""The numbers of this system that Node publishes: `fs.constants` and `os.constants`."""

from __future__ import annotations

import errno
import os
import stat

__all__ = ["binding"]

TYPE_CHECKING = False  # typing costs more to import than what this module needs
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

_OPEN_FLAGS = "O_NOCTTY O_TRUNC O_APPEND O_DIRECTORY O_NOATIME O_NOFOLLOW O_SYNC O_DSYNC O_DIRECT O_NONBLOCK"
_FORMATS = "S_IFREG S_IFDIR S_IFCHR S_IFBLK S_IFIFO S_IFLNK S_IFSOCK"
_PERMISSIONS = (
    "S_IRWXU S_IRUSR S_IWUSR S_IXUSR S_IRWXG S_IRGRP S_IWGRP S_IXGRP S_IRWXO S_IROTH S_IWOTH S_IXOTH"
)
_DIRENT_KINDS = "UNKNOWN FILE DIR LINK FIFO SOCKET CHAR BLOCK"
_DLOPEN_FLAGS = "RTLD_LAZY RTLD_NOW RTLD_GLOBAL RTLD_LOCAL RTLD_DEEPBIND"

_ERRORS = """
E2BIG EACCES EADDRINUSE EADDRNOTAVAIL EAFNOSUPPORT EAGAIN EALREADY EBADF EBADMSG EBUSY ECANCELED
ECHILD ECONNABORTED ECONNREFUSED ECONNRESET EDEADLK EDESTADDRREQ EDOM EDQUOT EEXIST EFAULT EFBIG
EHOSTUNREACH EIDRM EILSEQ EINPROGRESS EINTR EINVAL EIO EISCONN EISDIR ELOOP EMFILE EMLINK EMSGSIZE
EMULTIHOP ENAMETOOLONG ENETDOWN ENETRESET ENETUNREACH ENFILE ENOBUFS ENODATA ENODEV ENOENT ENOEXEC
ENOLCK ENOLINK ENOMEM ENOMSG ENOPROTOOPT ENOSPC ENOSR ENOSTR ENOSYS ENOTCONN ENOTDIR ENOTEMPTY
ENOTSOCK ENOTSUP ENOTTY ENXIO EOPNOTSUPP EOVERFLOW EPERM EPIPE EPROTO EPROTONOSUPPORT EPROTOTYPE
ERANGE EROFS ESPIPE ESRCH ESTALE ETIME ETIMEDOUT ETXTBSY EWOULDBLOCK EXDEV
"""
_SIGNALS = """
SIGHUP SIGINT SIGQUIT SIGILL SIGTRAP SIGABRT SIGIOT SIGBUS SIGFPE SIGKILL SIGUSR1 SIGSEGV SIGUSR2
SIGPIPE SIGALRM SIGTERM SIGCHLD SIGSTKFLT SIGCONT SIGSTOP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGXCPU
SIGXFSZ SIGVTALRM SIGPROF SIGWINCH SIGIO SIGPOLL SIGPWR SIGSYS
"""
# Numbers that the `signal` and `errno` modules leave out on some Python versions; Linux has them everywhere.
_UNNAMED = {"SIGSTKFLT": 16, "SIGIOT": 6, "SIGPOLL": 29, "ENOTSUP": 95, "RTLD_DEEPBIND": 8}

_PRIORITIES = {
    "PRIORITY_LOW": 19,
    "PRIORITY_BELOW_NORMAL": 10,
    "PRIORITY_NORMAL": 0,
    "PRIORITY_ABOVE_NORMAL": -7,
    "PRIORITY_HIGH": -14,
    "PRIORITY_HIGHEST": -20,
}


def _numbers(owner: Any, names: Iterable[str]) -> dict[str, int]:
    """The numbers that a module has under these names; what this system lacks is left out, as in Node."""
    found = {name: getattr(owner, name, _UNNAMED.get(name)) for name in names}
    return {name: int(number) for name, number in found.items() if number is not None}


def _fs() -> dict[str, int]:
    kinds = {f"UV_DIRENT_{kind}": number for number, kind in enumerate(_DIRENT_KINDS.split())}
    return {
        "UV_FS_SYMLINK_DIR": 1,
        "UV_FS_SYMLINK_JUNCTION": 2,
        **_numbers(os, ["O_RDONLY", "O_WRONLY", "O_RDWR"]),
        **kinds,
        "S_IFMT": 0o170000,
        **_numbers(stat, _FORMATS.split()),
        **_numbers(os, ["O_CREAT", "O_EXCL"]),
        "UV_FS_O_FILEMAP": 0,
        **_numbers(os, _OPEN_FLAGS.split()),
        **_numbers(stat, _PERMISSIONS.split()),
        **_numbers(os, ["F_OK", "R_OK", "W_OK", "X_OK"]),
        "UV_FS_COPYFILE_EXCL": 1,
        "COPYFILE_EXCL": 1,
        "UV_FS_COPYFILE_FICLONE": 2,
        "COPYFILE_FICLONE": 2,
        "UV_FS_COPYFILE_FICLONE_FORCE": 4,
        "COPYFILE_FICLONE_FORCE": 4,
    }


def _os() -> dict[str, Any]:
    import signal

    return {
        "UV_UDP_REUSEADDR": 4,
        "dlopen": _numbers(os, _DLOPEN_FLAGS.split()),
        "errno": _numbers(errno, _ERRORS.split()),
        "signals": _numbers(signal, _SIGNALS.split()),
        "priority": _PRIORITIES,
    }


def binding(_isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('host_constants')`."""
    return {"fs": _fs, "os": _os}
