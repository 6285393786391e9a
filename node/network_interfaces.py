# SPDX-License-Identifier: Apache-2.0
"""The network interfaces that are up, with their addresses, out of Linux' /proc, /sys and ioctl."""

from __future__ import annotations

import fcntl
import ipaddress
import os
import socket
import struct
from collections.abc import Iterator
from typing import Any

__all__ = ["interfaces"]

# ioctl requests and flags, linux/sockios.h and linux/if.h
_SIOCGIFFLAGS, _SIOCGIFADDR, _SIOCGIFNETMASK = 0x8913, 0x8915, 0x891B
_IFF_UP, _IFF_LOOPBACK, _IFF_RUNNING = 0x1, 0x8, 0x40


def _ask(probe: socket.socket, request: int, name: str) -> bytes:
    return fcntl.ioctl(probe.fileno(), request, struct.pack("256s", name.encode()[:15]))


def _address(probe: socket.socket, request: int, name: str) -> str:
    return socket.inet_ntoa(_ask(probe, request, name)[20:24])


def _hardware_address(name: str) -> str:
    try:
        with open(f"/sys/class/net/{name}/address", encoding="ascii") as address:
            return address.read().strip()
    except FileNotFoundError:  # tunnels have none
        return "00:00:00:00:00:00"


def _version4(probe: socket.socket, name: str) -> Iterator[dict[str, Any]]:
    try:
        address = _address(probe, _SIOCGIFADDR, name)
    except OSError:  # EADDRNOTAVAIL: this interface speaks no IPv4
        return
    netmask = _address(probe, _SIOCGIFNETMASK, name)
    prefix = ipaddress.ip_network(f"0.0.0.0/{netmask}").prefixlen
    yield {"address": address, "netmask": netmask, "family": "IPv4", "cidr": f"{address}/{prefix}"}


def _version6(name: str) -> Iterator[dict[str, Any]]:
    try:
        with open("/proc/net/if_inet6", encoding="ascii") as table:
            lines = table.read().splitlines()
    except FileNotFoundError:  # a kernel without IPv6
        return
    for line in lines:
        digits, _index, prefix, _scope, _flags, owner = line.split()
        if owner != name:
            continue
        address = ipaddress.IPv6Address(bytes.fromhex(digits))
        mask = ipaddress.ip_network(f"::/{int(prefix, 16)}").netmask
        yield {
            "address": str(address),
            "netmask": str(mask),
            "family": "IPv6",
            "cidr": f"{address}/{int(prefix, 16)}",
            "scopeid": socket.if_nametoindex(name) if address.is_link_local else 0,
        }


def interfaces() -> list[dict[str, Any]]:
    """One entry for each address: name, address, netmask, family, cidr, mac, internal; IPv4 first."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        names = []
        for name in sorted(os.listdir("/sys/class/net"), key=socket.if_nametoindex):
            (flags,) = struct.unpack_from("H", _ask(probe, _SIOCGIFFLAGS, name), 16)
            if flags & _IFF_UP and flags & _IFF_RUNNING:
                names.append((name, bool(flags & _IFF_LOOPBACK)))
        for version in (lambda name: _version4(probe, name), _version6):
            for name, internal in names:
                for entry in version(name):
                    found.append(
                        {"name": name, **entry, "mac": _hardware_address(name), "internal": internal}
                    )
    return found
