# SPDX-License-Identifier: Apache-2.0
"""Descriptors that are read on a thread of their own."""

from __future__ import annotations

import os

from edgejs.node.pipes import shared


def test_what_is_written_is_read_and_the_end_is_empty() -> None:
    reader, writer = os.pipe()
    pending = shared().read(reader, 100)
    os.write(writer, b"text")
    assert pending.result(10) == b"text"
    os.close(writer)
    assert shared().read(reader, 100).result(10) == b""
    os.close(reader)


def test_a_cancelled_read_takes_nothing() -> None:
    reader, writer = os.pipe()
    pending = shared().read(reader, 100)
    shared().cancel(reader)
    assert pending.result(10) is None
    os.write(writer, b"later")
    assert shared().read(reader, 100).result(10) == b"later"
    os.close(writer)
    os.close(reader)


def test_plain_files_can_be_read_too() -> None:
    descriptor = os.open(__file__, os.O_RDONLY)
    assert shared().read(descriptor, 5).result(10) == b"# SPD"
    os.close(descriptor)
