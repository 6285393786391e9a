# SPDX-License-Identifier: Apache-2.0
"""The little of DER that `cryptography` does not show: algorithm identifiers, and the wrappings of keys."""

from __future__ import annotations

__all__ = [
    "INTEGER",
    "NULL",
    "OCTETS",
    "OID",
    "SEQUENCE",
    "children",
    "first",
    "integer",
    "octets",
    "oid",
    "oid_text",
    "pack",
    "sequence",
    "unpack",
]

INTEGER, BITS, OCTETS, NULL_TAG, OID, SEQUENCE = 0x02, 0x03, 0x04, 0x05, 0x06, 0x30
NULL = b"\x05\x00"


def pack(tag: int, content: bytes) -> bytes:
    """One element."""
    size = len(content)
    if size < 128:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def sequence(*elements: bytes) -> bytes:
    """A SEQUENCE of elements."""
    return pack(SEQUENCE, b"".join(elements))


def integer(value: int) -> bytes:
    """An INTEGER that is not negative."""
    return pack(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def octets(content: bytes) -> bytes:
    """An OCTET STRING."""
    return pack(OCTETS, content)


def oid(text: str) -> bytes:
    """An OBJECT IDENTIFIER, from its dotted form."""
    head, second, *rest = (int(part) for part in text.split("."))
    content = bytearray()
    for arc in (head * 40 + second, *rest):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(0x80 | arc & 0x7F)
        content += bytes(reversed(groups))
    return pack(OID, bytes(content))


def oid_text(content: bytes) -> str:
    """The dotted form of the content of an OBJECT IDENTIFIER."""
    arcs, arc = [], 0
    for byte in content:
        arc = arc << 7 | byte & 0x7F
        if byte < 0x80:
            arcs.append(arc)
            arc = 0
    head = min(arcs[0] // 40, 2)
    return ".".join(map(str, (head, arcs[0] - head * 40, *arcs[1:])))


def first(data: bytes) -> tuple[int, bytes, bytes]:
    """Tag and content of the element that `data` begins with, and what follows. ValueError if broken."""
    if len(data) < 2:
        raise ValueError("no element")
    tag, size, start = data[0], data[1], 2
    if size & 0x80:
        count = size & 0x7F
        start += count
        if not 0 < count < 9 or len(data) < start:
            raise ValueError("a broken length")
        size = int.from_bytes(data[2:start], "big")
    if len(data) < start + size:
        raise ValueError("an element is cut off")
    return tag, data[start : start + size], data[start + size :]


def unpack(data: bytes, tag: int = SEQUENCE) -> bytes:
    """The content of `data`, which is one element with `tag` and perhaps more after it."""
    found, content, _rest = first(data)
    if found != tag:
        raise ValueError(f"tag {found:#x} where {tag:#x} was expected")
    return content


def children(content: bytes) -> list[tuple[int, bytes]]:
    """Tags and contents of the elements that a content is made of."""
    elements = []
    while content:
        tag, inner, content = first(content)
        elements.append((tag, inner))
    return elements
