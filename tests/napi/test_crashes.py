# SPDX-License-Identifier: Apache-2.0
"""What --trace-napi tells of a process that an addon ended."""

from __future__ import annotations

import signal

import pytest
from edgejs.napi import trace


@pytest.fixture
def crash(run, addon, tmp_path):
    def end(function):
        file = tmp_path / "calls"
        source = f"require(process.argv[2]).{function}()"
        outcome = run(source, addon("crashes"), flags=(f"--trace-napi={file}",))
        return outcome, trace.read(file)

    return end


def test_a_fault_in_the_addon(crash):
    outcome, found = crash("fault")
    assert outcome.code == -signal.SIGSEGV
    assert (found.crash.signal, found.crash.address) == ("SIGSEGV", 8)
    assert (found.last.name, found.last.status) == ("napi_define_properties", "napi_ok")
    assert any("crashes-" in frame for frame in found.crash.backtrace)
    assert "signal 11, address 0x8, after napi_define_properties\nnative backtrace:\n" in outcome.stderr


def test_a_fault_inside_of_a_call(crash):
    outcome, found = crash("inside")
    assert outcome.code == -signal.SIGSEGV
    assert (found.last.name, found.last.status) == ("napi_create_string_utf8", None)
    assert "inside napi_create_string_utf8" in outcome.stderr


def test_a_fault_of_another_thread(crash):
    outcome, found = crash("thread")
    assert outcome.code == -signal.SIGSEGV
    assert found.crash.thread != found.pid
    assert found.last.name == "napi_define_properties"


def test_a_fatal_error(crash):
    outcome, found = crash("fatal")
    assert outcome.code == -signal.SIGABRT
    assert (found.last.name, found.last.status) == ("napi_fatal_error", None)
    assert "FATAL ERROR: here on purpose" in outcome.stderr


def test_what_no_handler_sees(crash):
    outcome, found = crash("killed")
    assert outcome.code == -signal.SIGKILL
    assert found.crash is None
    assert found.last.name == "napi_define_properties"
