# SPDX-License-Identifier: Apache-2.0
"""What is made of results: tables, JUnit's XML, badges, the ratchet."""

from __future__ import annotations

import json
from xml.etree import ElementTree as xml

import pytest
from edgejs.napi.matrix.command import main
from lines import line, write

from edgejs.configuration import command_path


@pytest.fixture
def results(tmp_path):
    lines = [
        line("fine", "node24", "passes", is_reference=True),
        line("fine", "edgejs", "passes"),
        line("@scope/old", "edgejs", "not-applicable", "it uses the V8 API"),
        line("broken", "edgejs", "crashes", "SIGSEGV, inside napi_wrap \x01<&"),
    ]
    return write(tmp_path / "results.jsonl", lines)


def run(*arguments):
    return main([str(each) for each in arguments], command_path())


def test_the_table(results, capsys):
    assert run("report", results) == 0
    text = capsys.readouterr().out
    assert text.splitlines()[0].split() == ["package", "version", "node24", "1.0", "edgejs", "1.0"]
    assert "SIGSEGV, inside napi_wrap" in text
    assert "edgejs: 1 passes, 1 crashes, 1 not-applicable" in text


def test_junit(results, tmp_path):
    assert run("report", results, "--junit", tmp_path / "j.xml") == 0
    suites = {suite.get("name"): suite for suite in xml.parse(tmp_path / "j.xml").getroot()}
    suite = suites["edgejs 1.0"]
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "1", "1")
    failure = suite.find("testcase/failure")
    assert failure is not None and failure.get("type") == "crashes"
    assert suite.find("testcase/skipped").get("message") == "not-applicable: it uses the V8 API"


def test_badges(results, tmp_path):
    assert run("badge", results, "-o", tmp_path / "b.json") == 0
    assert json.loads((tmp_path / "b.json").read_text()) == {
        "schemaVersion": 1,
        "label": "edgejs",
        "message": "1 of 2",
        "color": "yellow",
    }
    assert run("badge", results, "-o", tmp_path / "b.svg", "--package", "fine") == 0
    image = xml.parse(tmp_path / "b.svg").getroot()
    assert [text.text for text in image.iter("{http://www.w3.org/2000/svg}text")] == ["edgejs", "works"]


def test_the_ratchet(results, tmp_path, capsys):
    better = write(
        tmp_path / "new.jsonl",
        [
            line("fine", "node24", "passes", is_reference=True),
            line("fine", "edgejs", "message-differs", "error.message"),
            line("broken", "edgejs", "passes"),
            line("new", "edgejs", "throws"),
        ],
    )
    assert run("diff", results, better) == 1
    assert capsys.readouterr().out.splitlines() == [
        "worse  fine@^1 edgejs: passes -> message-differs (error.message)",
        "other  broken@^1 edgejs: crashes -> passes",
        "other  new@^1 edgejs: not there -> throws",
        "other  @scope/old@^1 edgejs: not-applicable -> not there (not in the new run)",
    ]
    assert run("diff", results, results) == 0


def test_other_files_are_refused(tmp_path, capsys):
    (tmp_path / "x").write_text('{"a": 1}\n')
    assert run("report", tmp_path / "x") == 2
    assert capsys.readouterr().err.endswith("x:1: not a result of `matrix run`\n")
    assert run("report", tmp_path / "none") == 2
