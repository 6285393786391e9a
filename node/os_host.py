# SPDX-License-Identifier: Apache-2.0
"""What the JavaScript module `os` asks the system."""

from __future__ import annotations

import errno
import os

from ..engine.errors import HostError, system_error

__all__ = ["binding"]

TYPE_CHECKING = False  # typing costs more to import than what this module needs
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def _system_fault(err: OSError, syscall: str) -> HostError:
    """Node's `ERR_SYSTEM_ERROR`, which `os` throws instead of a plain errno error."""
    code = errno.errorcode.get(err.errno or 0, "UNKNOWN")
    text = str(system_error(err, syscall)).removeprefix(f"{code}: ").removesuffix(f", {syscall}")
    info = {"errno": -(err.errno or 0), "code": code, "message": text, "syscall": syscall}
    return HostError(
        f"A system error occurred: {syscall} returned {code} ({text})",
        name="SystemError",
        code="ERR_SYSTEM_ERROR",
        info=info,
        errno=info["errno"],
        syscall=syscall,
    )


def _uname() -> list[str]:
    system = os.uname()
    return [system.sysname, system.release, system.version, system.machine, system.nodename]


def _meminfo() -> dict[str, int]:
    """Bytes by name out of /proc/meminfo."""
    with open("/proc/meminfo", encoding="ascii") as lines:
        pairs = (line.split() for line in lines)
        return {pair[0].rstrip(":"): int(pair[1]) * 1024 for pair in pairs}


def _total_memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _free_memory() -> int:
    """What could be had without swapping, as libuv counts it."""
    return _meminfo()["MemAvailable"]


def _uptime() -> float:
    with open("/proc/uptime", encoding="ascii") as uptime:
        return float(uptime.read().split()[0])


def _load() -> list[float]:
    return list(os.getloadavg())


def _cpu_models() -> dict[str, tuple[str, int]]:
    """Model name and MHz of each processor out of /proc/cpuinfo, where the architecture tells them."""
    models: dict[str, tuple[str, int]] = {}
    with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as cpuinfo:
        for block in cpuinfo.read().split("\n\n"):
            fields = dict(
                [part.strip() for part in line.split(":", 1)] for line in block.splitlines() if ":" in line
            )
            if "processor" in fields:
                speed = int(float(fields.get("cpu MHz", 0)))
                models[fields["processor"]] = (fields.get("model name", "unknown"), speed)
    return models


def _cpus() -> list[dict[str, Any]]:
    """Model, speed and milliseconds spent in each state, for each processor."""
    ticks = 1000 // os.sysconf("SC_CLK_TCK")
    models = _cpu_models()
    found = []
    with open("/proc/stat", encoding="ascii") as lines:
        for line in lines:
            name, *counts = line.split()
            if not name.startswith("cpu") or name == "cpu":
                continue
            user, nice, system, idle, _wait, irq = (int(count) * ticks for count in counts[:6])
            model, speed = models.get(name[3:], ("unknown", 0))
            times = {"user": user, "nice": nice, "sys": system, "idle": idle, "irq": irq}
            found.append({"model": model, "speed": speed, "times": times})
    return found


def _available_parallelism() -> int:
    return len(os.sched_getaffinity(0))


def _user(raw: bool) -> dict[str, Any]:
    """The entry of the process' user; a user without one is an error, as in Node."""
    import pwd

    try:
        entry = pwd.getpwuid(os.geteuid())
    except KeyError:
        raise _system_fault(OSError(errno.ENOENT, os.strerror(errno.ENOENT)), "uv_os_get_passwd") from None
    texts = {"username": entry.pw_name, "homedir": entry.pw_dir, "shell": entry.pw_shell}
    shown: dict[str, Any] = {name: os.fsencode(text) if raw else text for name, text in texts.items()}
    return {"uid": entry.pw_uid, "gid": entry.pw_gid, **shown}


def _home() -> str:
    return os.environ.get("HOME") or str(_user(False)["homedir"])


def _get_priority(pid: int) -> int:
    try:
        return os.getpriority(os.PRIO_PROCESS, pid)
    except OSError as err:
        raise _system_fault(err, "uv_os_getpriority") from None


def _set_priority(pid: int, priority: int) -> None:
    try:
        os.setpriority(os.PRIO_PROCESS, pid, priority)
    except OSError as err:
        raise _system_fault(err, "uv_os_setpriority") from None


def _interfaces() -> list[dict[str, Any]]:
    from .network_interfaces import interfaces

    return interfaces()


def binding(_isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('os_host')`."""
    return {
        "availableParallelism": _available_parallelism,
        "cpus": _cpus,
        "freeMemory": _free_memory,
        "getPriority": _get_priority,
        "home": _home,
        "interfaces": _interfaces,
        "load": _load,
        "setPriority": _set_priority,
        "totalMemory": _total_memory,
        "uname": _uname,
        "uptime": _uptime,
        "user": _user,
    }
