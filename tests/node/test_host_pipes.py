# SPDX-License-Identifier: Apache-2.0
"""Pipes that are read and written on a thread of their own."""

from __future__ import annotations

import os

import pytest
from edgejs.engine.errors import HostError
from edgejs.node.pipes import shared


def test_what_is_written_is_read_and_the_end_is_empty() -> None:
    reader, writer = os.pipe()
    pending = shared().read(reader, 100)
    shared().write(writer, b"text").result(10)
    assert pending.result(10) == b"text"
    shared().close(writer)
    assert shared().read(reader, 100).result(10) == b""
    shared().close(reader)


def test_more_than_a_pipe_holds_is_written_as_it_is_read() -> None:
    reader, writer = os.pipe()
    written = shared().write(writer, bytes(1_000_000))
    received = 0
    while received < 1_000_000:
        received += len(shared().read(reader, 65536).result(10) or b"")
    assert written.result(10) is None
    shared().close(writer)
    shared().close(reader)


def test_a_cancelled_read_takes_nothing() -> None:
    reader, writer = os.pipe()
    pending = shared().read(reader, 100)
    shared().cancel(reader)
    assert pending.result(10) is None
    os.write(writer, b"later")
    assert shared().read(reader, 100).result(10) == b"later"
    shared().close(writer)
    shared().close(reader)


def test_plain_files_can_be_read_too() -> None:
    descriptor = os.open(__file__, os.O_RDONLY)
    assert shared().read(descriptor, 5).result(10) == b"# SPD"
    shared().close(descriptor)


def test_nobody_reading_is_an_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with pytest.raises(HostError, match=r"^EPIPE: broken pipe, write"):
        shared().write(writer, b"x").result(10)
    shared().close(writer)
