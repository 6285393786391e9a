# SPDX-License-Identifier: Apache-2.0
"""`edgejs matrix run` over packages in folders."""

from __future__ import annotations

import json

CASE = "import p from 'fine'; console.log('noise'); console.log(JSON.stringify({answer: p.answer}));"


def columns(here):
    return ("--runtime", "edgejs", "--runtime", here, "--reference", "edgejs-reference")


def test_a_package_that_works(matrix, package, here):
    code, lines = matrix("run", package("fine", CASE), *columns(here))
    assert code == 0
    assert [(line["runtime"], line["verdict"]) for line in lines] == [
        ("edgejs-reference", "passes"),
        ("edgejs", "passes"),
    ]
    own = lines[1]
    assert own["purl"] == "pkg:npm/fine@1.2.3"
    assert own["outcome"]["document"] == {"answer": 42}
    assert own["outcome"]["seconds"] > 0 and own["outcome"]["peak_memory"] > 2**20


def test_without_a_case_it_is_loaded(matrix, package, here):
    code, lines = matrix("run", package("fine"), *columns(here))
    assert (code, lines[1]["verdict"]) == (0, "passes")
    assert "answer" in lines[1]["outcome"]["document"]["exports"]


def test_a_package_that_differs(matrix, package, here):
    case = "console.log(JSON.stringify({which: process.argv0.length, memory: process.execArgv}));"
    code, lines = matrix(
        "run", package("fine", case), "--runtime", "edgejs --no-deprecation", *columns(here)[2:]
    )
    assert (code, lines[1]["verdict"]) == (1, "differs")
    assert lines[1]["differences"][0]["path"] == "memory"


def test_an_addon_that_crashes(matrix, package, compile_addon, here):
    folder = package(
        "crash", "import crash from 'crash'; crash.inside();", "module.exports = require('./a.node');"
    )
    compile_addon("crashes", folder / "a.node")
    code, lines = matrix("run", folder, "--runtime", "edgejs")
    (line,) = lines
    assert (code, line["verdict"]) == (1, "crashes")
    assert line["reason"].startswith("SIGSEGV, inside napi_create_string_utf8, in a.node")
    assert line["outcome"]["static"][0]["verdict"] == "ok"


def test_an_addon_for_v8(matrix, package, compile_addon):
    folder = package("old", "import 'old';", "module.exports = require('./a.node');")
    compile_addon("v8-addon", folder / "a.node")
    code, lines = matrix("run", folder, "--runtime", "edgejs")
    assert (code, lines[0]["verdict"]) == (0, "not-applicable")


def test_an_endless_case(matrix, package):
    code, lines = matrix("run", package("endless", "for (;;);"), "--runtime", "edgejs", "--timeout", "1")
    assert (code, lines[0]["verdict"]) == (1, "times-out")
    assert lines[0]["reason"] == "not done after 1 s, in stage run"


def test_a_case_that_wants_all_memory(matrix, package):
    case = "const all = []; for (;;) all.push(Buffer.alloc(1 << 24, 1));"
    code, lines = matrix("run", package("large", case), "--runtime", "edgejs", "--memory", "256MiB")
    assert (code, lines[0]["verdict"]) == (1, "crashes")
    assert lines[0]["reason"] == "killed at the limit of memory of 256 MiB"


def test_children_end_with_the_case(matrix, package):
    case = """
    import { spawn } from 'node:child_process';
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    child.unref();
    console.log(JSON.stringify(child.pid));
    """
    _, lines = matrix("run", package("parent", case), "--runtime", "edgejs")
    status = f"/proc/{lines[0]['outcome']['document']}/stat"
    try:
        with open(status) as file:
            assert file.read().split()[2] == "Z"
    except FileNotFoundError:
        pass  # reaped already


def test_expected_output_may_be_recorded(matrix, package, here, tmp_path):
    folder = package("fine", CASE)
    matrix("run", folder, *columns(here))
    recorded = (tmp_path / "out.jsonl").rename(tmp_path / "recorded.jsonl")
    code, lines = matrix("run", folder, "--runtime", "edgejs", "--expect", recorded)
    assert (code, [line["verdict"] for line in lines]) == (0, ["passes"])


def test_a_cell_runs_again(matrix, package, here, capsys, tmp_path):
    _, lines = matrix("run", package("fine", CASE), *columns(here))
    capsys.readouterr()
    code, _ = matrix("cell", tmp_path / "out.jsonl", lines[1]["id"])
    assert code == 0
    assert json.loads(capsys.readouterr().out)["document"] == {"answer": 42}


def test_what_cannot_be_run(matrix, capsys):
    assert matrix("run", "./none")[0] == 2
    assert matrix("run", "fine", "--runtime", "python")[0] == 2
    assert "the name has to begin with edgejs, node, bun, deno" in capsys.readouterr().err
