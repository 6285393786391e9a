# SPDX-License-Identifier: Apache-2.0
"""The reader of tar headers finds what Python's `tarfile` finds, in every format that it writes."""

from __future__ import annotations

import io
import tarfile

import pytest
from edgejs.registry_cache.tar import TarError, entries

LONG = "package/" + "/".join(["a-folder-with-a-name"] * 12) + "/index.js"
FORMATS = {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}


def _archive(kind: int, names: list[str], **fields: object) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=kind) as archive:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = len(name.encode())
            for field, value in fields.items():
                setattr(info, field, value)
            archive.addfile(info, io.BytesIO(name.encode()))
    return buffer.getvalue()


@pytest.mark.parametrize("kind", FORMATS)
def test_names_modes_and_data(kind: str) -> None:
    names = ["package/a.js", f"package/{'d' * 120}/b.js", "package/empty"]
    if kind != "ustar":
        names += [LONG, "package/ünïcode/日本.js"]
    data = _archive(FORMATS[kind], names, mode=0o755)
    found = list(entries(memoryview(data)))
    assert [entry.name for entry in found] == names
    assert {(entry.kind, entry.executable) for entry in found} == {("0", True)}
    assert [data[entry.offset : entry.offset + entry.size].decode() for entry in found] == names


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE])
def test_other_kinds(kind: bytes) -> None:
    data = _archive(tarfile.PAX_FORMAT, ["package/x"], type=kind, size=0, linkname="y" * 200)
    assert [entry.kind for entry in entries(memoryview(data))] == [kind.decode()]


def test_a_global_header_and_a_size_in_the_extended_header() -> None:
    data = _archive(tarfile.PAX_FORMAT, ["package/x"], pax_headers={"size": "9", "comment": "c"})
    whole = tarfile.TarInfo.create_pax_global_header({"comment": "commit"}) + data
    assert [(entry.name, entry.size) for entry in entries(memoryview(whole))] == [("package/x", 9)]


def test_no_archive() -> None:
    for junk in (b"", b"x" * 400, b"x" * 4096, bytes(4096)):
        with pytest.raises(TarError, match="no header"):
            list(entries(memoryview(junk)))


def test_damage() -> None:
    data = bytearray(_archive(tarfile.USTAR_FORMAT, ["package/a", "package/b"]))
    with pytest.raises(TarError, match="unexpected end of data"):
        list(entries(memoryview(data)[: 512 + 3]))
    data[1024 + 3] ^= 1
    with pytest.raises(TarError, match="a header is damaged"):
        list(entries(memoryview(data)))


@pytest.mark.parametrize("records", [b"7 a=b\n", b"999 path=x\n", b"x path=y\n", b"0 path=y\n"])
def test_damaged_extended_headers(records: bytes) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, len(records)
    data = info.tobuf(tarfile.USTAR_FORMAT) + records.ljust(512, b"\0")
    with pytest.raises(TarError, match="an extended header is damaged"):
        list(entries(memoryview(data + _archive(tarfile.USTAR_FORMAT, ["package/a"]))))
