# SPDX-License-Identifier: Apache-2.0
"""Names in certificates, as OpenSSL and Node print them."""

from __future__ import annotations

import ipaddress
import json

from . import der

__all__ = ["attributes", "general_name", "general_values", "multiline", "text_of"]

_SHORT = {
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
    "1.2.840.113549.1.9.1": "emailAddress",
    "1.2.840.113549.1.9.2": "unstructuredName",
    "1.3.6.1.4.1.311.60.2.1.1": "jurisdictionL",
    "1.3.6.1.4.1.311.60.2.1.2": "jurisdictionST",
    "1.3.6.1.4.1.311.60.2.1.3": "jurisdictionC",
    "2.5.4.3": "CN",
    "2.5.4.4": "SN",
    "2.5.4.5": "serialNumber",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "street",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.12": "title",
    "2.5.4.13": "description",
    "2.5.4.15": "businessCategory",
    "2.5.4.17": "postalCode",
    "2.5.4.41": "name",
    "2.5.4.42": "GN",
    "2.5.4.43": "initials",
    "2.5.4.46": "dnQualifier",
    "2.5.4.97": "organizationIdentifier",
}
_ENCODINGS = {0x0C: "utf-8", 0x1E: "utf-16-be", 0x1C: "utf-32-be"}
EMAIL, DNS, DIRECTORY, URI, IP, REGISTERED = 0x81, 0x82, 0xA4, 0x86, 0x87, 0x88
_PLAIN = {EMAIL: "email", DNS: "DNS", URI: "URI"}


def text_of(tag: int, content: bytes) -> str:
    """A string of whatever ASN.1 type."""
    return content.decode(_ENCODINGS.get(tag, "latin-1"), "replace")


def attributes(name: bytes) -> list[tuple[str, str]]:
    """Short names and values of the content of a Name."""
    found = []
    for _set, relative in der.children(name):
        for _sequence, attribute in der.children(relative):
            (_, number), (tag, value) = der.children(attribute)
            oid = der.oid_text(number)
            found.append((_SHORT.get(oid, oid), text_of(tag, value)))
    return found


def _escaped(value: str) -> str:
    """RFC 2253's escapes, and control characters in hexadecimal digits."""
    shown = "".join(
        f"\\{ord(c):02X}" if c < " " or c == "\x7f" else "\\" + c if c in ',+"\\<>;' else c for c in value
    )
    if shown[:1] in ("#", " "):
        shown = "\\" + shown
    return shown[:-1] + "\\ " if shown.endswith(" ") and len(value) > 1 else shown


def multiline(name: bytes) -> str:
    """A name with an attribute a line."""
    return "\n".join(f"{short}={_escaped(value)}" for short, value in attributes(name))


def _quoted(prefix: str, value: str) -> str:
    """Node quotes what could be mistaken for more than one name."""
    if any(c in ",\"'\\" or not " " <= c <= "~" for c in value):
        return f"{prefix}:{json.dumps(value)}"
    return f"{prefix}:{value}"


def general_name(tag: int, content: bytes) -> str:
    """One name of a subjectAltName extension."""
    if tag in _PLAIN:
        return _quoted(_PLAIN[tag], content.decode("latin-1"))
    if tag == DIRECTORY:
        shown = ",".join(
            f"{short}={_escaped(value)}" for short, value in reversed(attributes(der.unpack(content)))
        )
        return _quoted("DirName", shown)
    if tag == IP:
        if len(content) not in (4, 16):
            return f"IP Address:<invalid length={len(content)}>"
        if len(content) == 4:
            return f"IP Address:{ipaddress.ip_address(content)}"
        groups = (f"{int.from_bytes(content[at : at + 2], 'big'):X}" for at in range(0, 16, 2))
        return "IP Address:" + ":".join(groups)
    if tag == REGISTERED:
        return f"Registered ID:{der.oid_text(content)}"
    return "othername:<unsupported>" if tag == 0xA0 else "X400Name:<unsupported>"


def general_values(names: bytes, tag: int) -> list[bytes]:
    """The contents of the names of one kind in a GeneralNames."""
    return [content for found, content in der.children(names) if found == tag]
