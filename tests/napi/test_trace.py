# SPDX-License-Identifier: Apache-2.0
"""--trace-napi: the record of the calls that addons make."""

from __future__ import annotations

import json

from edgejs.napi import trace
from edgejs.napi.command import main


def record(run, tmp_path, source, *arguments):
    file = tmp_path / "calls"
    outcome = run(source, *arguments, flags=(f"--trace-napi={file}",))
    return outcome, trace.read(file)


def test_it_counts_the_calls_of_each_function(run, addon, tmp_path):
    source = """
    const addon = require(process.argv[2]);
    for (let i = 0; i < 1000; i++) addon.make(`f${i}`);
    """
    outcome, found = record(run, tmp_path, source, addon("functions"))
    assert (outcome.stderr, outcome.code) == ("", 0)
    functions = {function.name: function for function in found.functions}
    assert functions["napi_get_cb_info"].statuses == {"napi_ok": 1000}
    assert functions["napi_create_function"].calls == 1000
    assert functions["napi_create_function"].nanoseconds >= functions["napi_create_function"].slowest > 0
    assert found.made == sum(function.calls for function in found.functions)


def test_it_keeps_the_statuses(run, addon, tmp_path):
    source = "try { require(process.argv[2]).make(5); } catch {}"
    _, found = record(run, tmp_path, source, addon("functions"))
    functions = {function.name: function for function in found.functions}
    assert functions["napi_get_value_string_utf8"].statuses == {"napi_string_expected": 1}


def test_the_last_calls_are_in_order(run, addon, tmp_path):
    source = "require(process.argv[2]).make('f')"
    _, found = record(run, tmp_path, source, addon("functions"))
    assert [(call.name, call.status) for call in found.calls[-3:]] == [
        ("napi_get_cb_info", "napi_ok"),
        ("napi_get_value_string_utf8", "napi_ok"),
        ("napi_create_function", "napi_ok"),
    ]
    assert [call.number for call in found.calls] == list(range(1, found.made + 1))


def test_only_the_last_ones_are_kept(run, addon, tmp_path):
    source = """
    const addon = require(process.argv[2]);
    for (let i = 0; i < 30000; i++) addon.make('f');
    """
    _, found = record(run, tmp_path, source, addon("functions"))
    assert found.made > 90000
    assert len(found.calls) == 2**16
    assert found.calls[-1].number == found.made


def test_calls_of_other_threads_are_recorded(run, addon, tmp_path):
    _, found = record(run, tmp_path, "require(process.argv[2])", addon("threadsafe-function"))
    assert found.made > 0


def test_a_child_writes_beside_its_parent(run, addon, tmp_path):
    source = """
    const { fork } = require('child_process');
    require(process.argv[2]);
    if (!process.argv[3]) fork(__filename, [process.argv[2], 'child']).on('exit', (code, signal) => console.log(code, signal));
    """
    outcome, _ = record(run, tmp_path, source, addon("functions"))
    assert outcome.lines == ["0 null"]
    (beside,) = tmp_path.glob("calls.*")
    assert trace.read(beside).made > 0


def test_a_file_that_cannot_be_written(run, tmp_path):
    outcome = run("", flags=(f"--trace-napi={tmp_path}/none/calls",))
    assert outcome.code == 1
    assert outcome.stderr.endswith(f"--trace-napi: {tmp_path}/none/calls: No such file or directory\n")


def test_the_command_summarizes(run, addon, tmp_path, capsys):
    record(run, tmp_path, "require(process.argv[2]).make('f')", addon("functions"))
    assert main(["trace", str(tmp_path / "calls"), "--calls", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("napi_get_cb_info ") and " 1 " in line for line in lines)
    assert " napi_create_function " in lines[-1]
    assert main(["trace", str(tmp_path / "calls"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["last"]["name"] == "napi_create_function"


def test_the_command_refuses_other_files(tmp_path, capsys):
    (tmp_path / "other").write_text("text")
    assert main(["trace", str(tmp_path / "other")]) == 1
    assert capsys.readouterr().err.endswith("other was not written by --trace-napi\n")
