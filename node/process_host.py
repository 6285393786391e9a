# SPDX-License-Identifier: Apache-2.0
"""What `process` asks the system: working directory, users, signals, resource use, standard input."""

from __future__ import annotations

import os
import time

from ..engine.errors import HostError, system_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["binding"]


def _cwd() -> str:
    try:
        return os.getcwd()
    except FileNotFoundError as err:
        error = system_error(err, "uv_cwd")
        error.properties["message"] = (
            "ENOENT: process.cwd failed with error no such file or directory, the current working "
            "directory was likely removed without changing the working directory, uv_cwd"
        )
        raise error from None
    except OSError as err:
        raise system_error(err, "uv_cwd") from None


def _chdir(directory: str) -> None:
    try:
        os.chdir(directory)
    except OSError as err:
        raise system_error(err, "chdir", os.getcwd(), directory) from None


def _system_error(errno: int) -> list[str]:
    """Name and text of a negative errno."""
    from ..engine.ffi import ffi, lib

    number = abs(errno)
    return [ffi.string(lib.ej_error_name(number)).decode(), ffi.string(lib.ej_error_message(number)).decode()]


def _set_title(title: str) -> None:
    """The name that `ps -o comm` shows: 15 bytes of it."""
    with open("/proc/self/comm", "wb") as comm:
        comm.write(title.encode()[:15])


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass").partition(b"\0")[0]


def _set_variable(name: str, value: str) -> None:
    """Sets an environment variable, Python's own view included. A name that is empty or has a `=` is none."""
    if name and "=" not in name:
        os.environb[_encode(name)] = _encode(value)
    if name == "TZ":
        time.tzset()  # for the local time of dates


def _unset_variable(name: str) -> None:
    if name and "=" not in name:
        os.environb.pop(_encode(name), None)
    if name == "TZ":
        time.tzset()


def _umask(mask: int | None) -> int:
    if mask is not None:
        return os.umask(mask)
    # The system only tells the old mask when it is given a new one.
    current = os.umask(0o022)
    os.umask(current)
    return current


def _kill(pid: int, signal: int) -> int:
    """0, or a negative errno."""
    try:
        os.kill(pid, signal)
    except OSError as err:
        return -(err.errno or 0)
    return 0


def _cpu_usage() -> list[int]:
    """Microseconds in user and in system code."""
    import resource

    usage = resource.getrusage(resource.RUSAGE_SELF)
    return [round(usage.ru_utime * 1e6), round(usage.ru_stime * 1e6)]


def _thread_cpu_usage() -> list[int]:
    import resource

    usage = resource.getrusage(resource.RUSAGE_THREAD)
    return [round(usage.ru_utime * 1e6), round(usage.ru_stime * 1e6)]


def _resource_usage() -> dict[str, int]:
    """`getrusage` under Node's names."""
    import resource

    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "userCPUTime": round(usage.ru_utime * 1e6),
        "systemCPUTime": round(usage.ru_stime * 1e6),
        "maxRSS": usage.ru_maxrss,
        "sharedMemorySize": usage.ru_ixrss,
        "unsharedDataSize": usage.ru_idrss,
        "unsharedStackSize": usage.ru_isrss,
        "minorPageFault": usage.ru_minflt,
        "majorPageFault": usage.ru_majflt,
        "swappedOut": usage.ru_nswap,
        "fsRead": usage.ru_inblock,
        "fsWrite": usage.ru_oublock,
        "ipcSent": usage.ru_msgsnd,
        "ipcReceived": usage.ru_msgrcv,
        "signalsCount": usage.ru_nsignals,
        "voluntaryContextSwitches": usage.ru_nvcsw,
        "involuntaryContextSwitches": usage.ru_nivcsw,
    }


def _available_memory() -> int:
    """Bytes that could be had without swapping."""
    with open("/proc/meminfo", encoding="ascii") as lines:
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))


def _constrained_memory() -> int:
    """The limit of the process's control group in bytes, 0 when there is none."""
    try:
        with open("/sys/fs/cgroup/memory.max", encoding="ascii") as limit:
            text = limit.read().strip()
    except OSError:
        return 0  # no control groups of version 2: nothing constrains the process
    return 0 if text == "max" else int(text)


def _user_id(name: str | int) -> int | None:
    """A user's number, None when the name is unknown."""
    if isinstance(name, int):
        return name
    import pwd

    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError:
        return None


def _group_id(name: str | int) -> int | None:
    """A group's number, None when the name is unknown."""
    if isinstance(name, int):
        return name
    import grp

    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        return None


def _setter(name: str) -> Callable[..., None]:
    function = getattr(os, name)

    def call(*args: Any) -> None:
        try:
            function(*args)
        except OSError as err:
            raise _credential_error(err, name) from None

    return call


def _credential_error(error: OSError, syscall: str) -> HostError:
    """`EPERM, Operation not permitted`: an older form of Node's, with the system's own text and number."""
    code = system_error(error).properties["code"]
    return HostError(f"{code}, {error.strerror}", errno=error.errno, code=str(code), syscall=syscall)


def _execve(path: str, arguments: list[str], environment: list[tuple[str, str]]) -> None:
    """Become another program. Whoever fails at that cannot go back, as in Node: the process aborts."""
    import sys

    try:
        os.execve(path, arguments, dict(environment))
    except OSError as error:
        sys.stderr.write(f"process.execve failed with error code {system_error(error).properties['code']}\n")
        sys.stderr.flush()
        os.abort()


def _glibc_version() -> str | None:
    """The version of glibc that runs, None with another C library."""
    if "CS_GNU_LIBC_VERSION" not in os.confstr_names:
        return None
    version = os.confstr("CS_GNU_LIBC_VERSION")
    return None if version is None else version.split()[-1]


def _shared_objects() -> list[str]:
    """Paths of the shared libraries that the process has mapped."""
    found: dict[str, None] = {}
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
        for line in maps:
            fields = line.split(maxsplit=5)
            if len(fields) == 6 and ".so" in fields[5]:
                found[fields[5].strip()] = None
    return list(found)


def _signal_numbers() -> dict[str, int]:
    import signal

    return {member.name: member.value for member in signal.Signals}


def binding(isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions, under the names that JavaScript calls them by."""

    functions: dict[str, Callable[..., Any]] = {
        "availableMemory": _available_memory,
        "chdir": _chdir,
        "constrainedMemory": _constrained_memory,
        "cpuUsage": _cpu_usage,
        "cwd": _cwd,
        "execve": _execve,
        "glibcVersion": _glibc_version,
        "groupId": _group_id,
        "kill": _kill,
        "resourceUsage": _resource_usage,
        "setTitle": _set_title,
        "setVariable": _set_variable,
        "sharedObjects": _shared_objects,
        "signalNumbers": _signal_numbers,
        "systemError": _system_error,
        "threadCpuUsage": _thread_cpu_usage,
        "umask": _umask,
        "unsetVariable": _unset_variable,
        "userId": _user_id,
    }
    for name in ("getegid", "geteuid", "getgid", "getgroups", "getuid"):
        functions[name] = getattr(os, name)
    for name in ("initgroups", "setegid", "seteuid", "setgid", "setgroups", "setuid"):
        functions[name] = _setter(name)
    return functions
