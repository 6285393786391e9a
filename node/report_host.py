# SPDX-License-Identifier: Apache-2.0
"""Diagnostic reports: what `process.report` says of the machine and the process, and where it is written.

JavaScript gives the parts that are its own: the stack, the heap, the handles of the event loop. When the
runtime itself fails there are none of these. Source: https://nodejs.org/api/report.html
"""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
import time
from itertools import count

from ..engine.permissions import denied
from ..engine.values import null

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["binding", "write_fatal"]

# Of the process, as in Node: a worker's report is set up by them too.
_settings: dict[str, Any] = {
    "compact": False,
    "directory": "",
    "excludeEnv": False,
    "excludeNetwork": False,
    "filename": "",
    "reportOnFatalError": False,
}
_base: dict[str, Any] = {}  # what the main isolate knows of itself
_numbers = count(1)

_LIMITS = {
    "core_file_size_blocks": resource.RLIMIT_CORE,
    "data_seg_size_bytes": resource.RLIMIT_DATA,
    "file_size_blocks": resource.RLIMIT_FSIZE,
    "max_locked_memory_bytes": resource.RLIMIT_MEMLOCK,
    "max_memory_size_bytes": resource.RLIMIT_RSS,
    "open_files": resource.RLIMIT_NOFILE,
    "stack_size_bytes": resource.RLIMIT_STACK,
    "cpu_time_seconds": resource.RLIMIT_CPU,
    "max_user_processes": resource.RLIMIT_NPROC,
    "virtual_memory_bytes": resource.RLIMIT_AS,
}


def _build(parts: dict[str, Any], filename: object) -> dict[str, Any]:
    """A whole report. `parts`: event, trigger, base (of the header), and sections that are complete."""
    report = {
        "header": _header(parts, filename),
        "nativeStack": [],  # of the engine there is nothing to tell: its frames are JavaScript's
        "resourceUsage": _resource_usage(),
        "uvthreadResourceUsage": _usage(resource.RUSAGE_THREAD),
        "libuv": [],
        "workers": [],
        "javascriptStack": {"message": "No stack.\nUnavailable.", "errorProperties": {}},
        "environmentVariables": dict(os.environ),
        "userLimits": {name: _limit(number) for name, number in _LIMITS.items()},
        "sharedObjects": _shared_objects(),
        **parts["sections"],
    }
    if _settings["excludeEnv"]:
        del report["environmentVariables"]
    return report


def _header(parts: dict[str, Any], filename: object) -> dict[str, Any]:
    from . import os_host

    now = time.time()
    machine = os.uname()
    system = os_host.binding(None)
    header = {
        "reportVersion": 5,
        "event": parts["event"],
        "trigger": parts["trigger"],
        "filename": filename,
        "dumpEventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)),
        "dumpEventTimeStamp": str(int(now * 1000)),
        "processId": os.getpid(),
        **parts["base"],
        "osName": machine.sysname,
        "osRelease": machine.release,
        "osVersion": machine.version,
        "osMachine": machine.machine,
        "cpus": [{**cpu, **cpu.pop("times")} for cpu in system["cpus"]()],
        "host": machine.nodename,
    }
    if not _settings["excludeNetwork"]:
        header["networkInterfaces"] = parts.get("networkInterfaces", [])
    return header


def _usage(who: int) -> dict[str, Any]:
    usage = resource.getrusage(who)
    elapsed = max(1e-9, time.monotonic() - _started())
    return {
        "userCpuSeconds": usage.ru_utime,
        "kernelCpuSeconds": usage.ru_stime,
        "cpuConsumptionPercent": 100 * (usage.ru_utime + usage.ru_stime) / elapsed,
        "userCpuConsumptionPercent": 100 * usage.ru_utime / elapsed,
        "kernelCpuConsumptionPercent": 100 * usage.ru_stime / elapsed,
        "fsActivity": {"reads": usage.ru_inblock, "writes": usage.ru_oublock},
    }


def _started() -> float:
    """When the process began, on the monotonic clock."""
    with open("/proc/self/stat", encoding="ascii", errors="replace") as file:
        ticks = int(file.read().rpartition(")")[2].split()[19])
    return ticks / os.sysconf("SC_CLK_TCK")


def _resource_usage() -> dict[str, Any]:
    from . import process_host

    usage = resource.getrusage(resource.RUSAGE_SELF)
    memory = {}
    with open("/proc/meminfo", encoding="ascii") as lines:
        for line in lines:
            name, _, value = line.partition(":")
            memory[name] = int(value.split()[0]) * 1024
    with open("/proc/self/statm", encoding="ascii") as file:
        resident = int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    functions = process_host.binding(None)
    return {
        "free_memory": str(memory["MemFree"]),
        "total_memory": str(memory["MemTotal"]),
        "rss": str(resident),
        "constrained_memory": str(functions["constrainedMemory"]()),
        "available_memory": str(functions["availableMemory"]()),
        **_usage(resource.RUSAGE_SELF),
        "maxRss": str(usage.ru_maxrss * 1024),
        "pageFaults": {"IORequired": usage.ru_majflt, "IONotRequired": usage.ru_minflt},
    }


def _limit(number: int) -> dict[str, int | str]:
    soft, hard = resource.getrlimit(number)
    return {
        "soft": "unlimited" if soft == resource.RLIM_INFINITY else soft,
        "hard": "unlimited" if hard == resource.RLIM_INFINITY else hard,
    }


def _shared_objects() -> list[str]:
    from . import process_host

    found: list[str] = process_host.binding(None)["sharedObjects"]()
    return found


def _new_name(thread: int) -> str:
    return time.strftime(f"report.%Y%m%d.%H%M%S.{os.getpid()}.{thread}.{next(_numbers):03}.json")


def _write(parts: dict[str, Any], name: str, permissions: Any = None) -> str:
    """Write a report and say so on stderr; its name, "" when it could not be written."""
    asked = name or _settings["filename"]
    name = asked or _new_name(parts["base"]["threadId"] or 0)
    separators = (",", ":") if _settings["compact"] else None
    indent = None if _settings["compact"] else 2
    text = json.dumps(_build(parts, name), indent=indent, separators=separators) + "\n"
    if name in ("stdout", "stderr"):
        stream = sys.stdout if name == "stdout" else sys.stderr
        stream.write(text)
        stream.flush()
        return name
    path = os.path.join(_settings["directory"], name)
    if permissions is not None and not permissions.has("fs.write", path):
        raise denied("fs.write", asked or _settings["directory"] or os.getcwd())
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        where = f" directory: {_settings['directory']}" if _settings["directory"] else ""
        _say(f"\nFailed to open Node.js report file: {name}{where} (errno: {error.errno})\n")
        return ""
    _say(f"\nWriting Node.js report to file: {name}\nNode.js report completed\n")
    return name


def _say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def write_fatal(message: str, trigger: str) -> None:
    """The report of a runtime that fails, if one is wanted: from any thread, without JavaScript."""
    if not _settings["reportOnFatalError"]:
        return
    on_main = threading.current_thread() is threading.main_thread()
    base = {**_base, "threadId": 0 if on_main else None}
    _write({"event": message, "trigger": trigger, "base": base, "sections": {}}, "")


def binding(isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('report_host')`."""

    def introduce(base: dict[str, Any]) -> None:
        _base.update(base)

    return {
        "build": lambda parts: _build(parts, null),
        "get": _settings.get,
        "introduce": introduce,
        "set": _settings.__setitem__,
        "write": lambda parts, name: _write(parts, name, isolate.permissions),
    }
