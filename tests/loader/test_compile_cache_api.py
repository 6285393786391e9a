# SPDX-License-Identifier: Apache-2.0
"""module.enableCompileCache and NODE_COMPILE_CACHE: entries in a folder of the program's choice."""

import json

import pytest

ENABLE = (
    "const { enableCompileCache, getCompileCacheDir, constants } = require('module');\n"
    "console.log(JSON.stringify([enableCompileCache(process.argv[2]), getCompileCacheDir() ?? null]));\n"
)


@pytest.fixture
def program(tree):
    return tree({"p.cjs": ENABLE + "require('./small.cjs')", "small.cjs": "console.log(__filename)"})


def test_enabled_by_the_program(program, run_edgejs):
    for _ in range(2):
        first, second = run_edgejs(program / "p.cjs", str(program / "kept")).stdout.splitlines()
        result, folder = json.loads(first)
        assert result == {"status": 1, "directory": str(program / "kept")}
        assert folder.startswith(f"{program}/kept/v24.")
        assert second == f"{program}/small.cjs"
        assert len(list((program / "kept").glob("*/*"))) == 1


def test_enabled_by_the_environment(program, run_edgejs):
    done = run_edgejs(program / "p.cjs", env={"NODE_COMPILE_CACHE": "kept"})
    result, folder = json.loads(done.stdout.splitlines()[0])
    assert result == {"status": 2, "directory": folder}
    assert len(list((program / "kept").glob("*/*"))) == 2


def test_turned_off(program, run_edgejs):
    done = run_edgejs(program / "p.cjs", "kept", env={"NODE_DISABLE_COMPILE_CACHE": "1"})
    assert json.loads(done.stdout.splitlines()[0]) == [
        {"status": 3, "message": "Disabled by NODE_DISABLE_COMPILE_CACHE"},
        None,
    ]


def test_a_folder_that_cannot_be_made(program, run_edgejs):
    done = run_edgejs(program / "p.cjs", str(program / "p.cjs" / "x"))
    assert json.loads(done.stdout.splitlines()[0]) == [
        {"status": 0, "message": "Cannot create cache directory: not a directory"},
        None,
    ]


def test_a_portable_cache_moves_along(program, run_edgejs):
    source = "require('module').enableCompileCache({ directory: __dirname + '/kept', portable: true });\n"
    for folder in ("one", "two"):
        if folder == "one":
            (program / "one").mkdir()
            (program / "one" / "p.cjs").write_text(source + "require('./small.cjs')")
            (program / "one" / "small.cjs").write_text("console.log(__filename)")
        else:
            (program / "one").rename(program / "two")
        done = run_edgejs(program / folder / "p.cjs", env={"NODE_DEBUG_NATIVE": "COMPILE_CACHE"})
        assert done.stdout == f"{program}/{folder}/small.cjs\n"
    assert "small.cjs was accepted" in done.stderr
