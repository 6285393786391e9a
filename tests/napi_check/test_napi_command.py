# SPDX-License-Identifier: Apache-2.0
"""``edgejs napi check`` and ``edgejs napi symbols``: output and exit codes."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


def edgejs(*arguments, cwd):
    command = [sys.executable, "-m", "edgejs", "napi", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60)


def test_a_good_addon(build, tmp_path):
    source = "int napi_throw(void); int use(void) { return napi_throw(); }"
    done = edgejs("check", build(source), "--verbose", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("ok  ")
    assert "  imported      napi_throw\n" in done.stdout
    assert "  Node-API      not declared, 1 needed, linked\n" in done.stdout


def test_a_refused_addon(build, tmp_path):
    done = edgejs("check", build("int absent(void); int use(void) { return absent(); }"), cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.splitlines()[1] == "  not offered here: absent"


def test_json(build, tmp_path):
    path = build("")
    done = edgejs("check", path, "--json", cwd=tmp_path)
    document = json.loads(done.stdout)
    assert (done.returncode, document["passes"]) == (0, True)
    assert document["files"][0]["registration"] == ["napi_register_module_v1"]
    assert document["files"][0]["path"] == str(path)


@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_nothing_of_that_name(tmp_path, flags):
    done = edgejs("check", "absent", *flags, cwd=tmp_path)
    assert done.returncode == 1
    message = f"absent is not a file, a folder, or a package installed in {tmp_path}"
    if flags:
        assert json.loads(done.stdout)["error"] == message
    else:
        assert done.stderr == f"edgejs napi check: {message}\n"


def test_symbols(tmp_path):
    listed = edgejs("symbols", "--json", cwd=tmp_path)
    document = json.loads(listed.stdout)
    by_name = {function["name"]: function for function in document["functions"]}
    assert by_name["napi_create_object"]["status"] == "implemented"
    assert by_name["napi_create_date"]["since"] == 5
    assert document["total"] == len(by_name)
    shown = edgejs("symbols", cwd=tmp_path).stdout.splitlines()
    assert shown[-1] == f"{document['implemented']} of {document['total']} implemented"


def test_nothing_is_loaded(build, tmp_path):
    marker = tmp_path / "loaded"
    source = f"""
    int creat(const char *, unsigned);
    __attribute__((constructor)) static void run(void) {{ creat("{marker}", 0600); }}
    """
    assert edgejs("check", build(source), cwd=tmp_path).returncode == 0
    assert not marker.exists()
