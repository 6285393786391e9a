# SPDX-License-Identifier: Apache-2.0
"""`edgejs run SCRIPT` runs package.json's scripts as npm does."""

import json

import pytest


@pytest.fixture
def project(tmp_path):
    scripts = {
        "prebuild": "echo pre",
        "build": "echo build",
        "postbuild": "echo post",
        "fail": "exit 3",
        "where": "node where.js",
        "tool": "tool",
    }
    (tmp_path / "package.json").write_text(json.dumps({"name": "p", "version": "1.2.3", "scripts": scripts}))
    (tmp_path / "where.js").write_text(
        "console.log(process.versions.edgejs !== undefined, process.env.npm_package_name)"
    )
    tool = tmp_path / "node_modules" / ".bin" / "tool"
    tool.parent.mkdir(parents=True)
    tool.write_text('#!/bin/sh\necho tool "$@"\n')
    tool.chmod(0o755)
    return tmp_path


def test_pre_and_post_scripts_run_around_it(project, edgejs_command):
    lines = edgejs_command("run", "build").stdout.split("\n")
    assert [line for line in lines if line in ("pre", "build", "post")] == ["pre", "build", "post"]
    assert "> p@1.2.3 build" in lines


def test_its_exit_code_is_ours(project, edgejs_command):
    assert edgejs_command("run", "fail").returncode == 3


def test_node_on_its_path_is_edgejs(project, edgejs_command):
    assert edgejs_command("run", "where").stdout.endswith("\ntrue p\n")


def test_local_commands_are_on_its_path_and_arguments_are_quoted(project, edgejs_command):
    assert edgejs_command("run", "tool", "a b", "$HOME").stdout.endswith("\ntool a b $HOME\n")


def test_a_file_of_that_name_wins(project, edgejs_command):
    (project / "build").write_text("console.log('the file')")
    assert edgejs_command("run", "build").stdout == "the file\n"


def test_a_missing_script(project, edgejs_command):
    done = edgejs_command("run", "biuld")
    assert done.returncode == 1
    assert 'Missing script: "biuld"' in done.stderr
    assert "edgejs run build" in done.stderr


def test_without_a_name_the_scripts_are_listed(project, edgejs_command):
    done = edgejs_command("run")
    assert done.returncode == 0
    assert "  build\n    echo build\n" in done.stdout


def test_a_broken_package_json(project, edgejs_command):
    (project / "package.json").write_text("{ nope")
    done = edgejs_command("run", "build")
    assert done.returncode == 1
    assert "code EJSONPARSE" in done.stderr


def test_commands_and_slips_of_the_pen(project, edgejs_command):
    (project / "test.js").write_text("console.log('the file')")
    assert 'Missing script: "test"' in edgejs_command("test").stderr
    assert edgejs_command("run", "test.js").stdout == "the file\n"
    unknown = edgejs_command("frobnicate")
    assert (unknown.returncode, unknown.stdout.splitlines()[0]) == (1, 'Unknown command: "frobnicate"')
    assert "  edgejs install # " in edgejs_command("intsall").stdout
    (project / "frobnicate.js").write_text("console.log('a file after all')")
    assert edgejs_command("frobnicate").stdout == "a file after all\n"


def test_install_scripts_get_edgejs_as_node(project, edgejs_command):
    manifest = json.loads((project / "package.json").read_text())
    manifest["scripts"]["postinstall"] = "node -p process.versions.edgejs"
    (project / "package.json").write_text(json.dumps(manifest))
    done = edgejs_command("install")
    assert done.returncode == 0
    assert "undefined" not in done.stdout
    assert "> p@1.2.3 postinstall\n> node -p process.versions.edgejs" in done.stdout
