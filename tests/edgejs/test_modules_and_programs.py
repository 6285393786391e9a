# SPDX-License-Identifier: Apache-2.0
"""ES modules in a runtime, and whole programs."""

import asyncio
import io

import pytest

import edgejs


@pytest.fixture
def project(tmp_path):
    (tmp_path / "late.mjs").write_text(
        "await new Promise((r) => setTimeout(r, 5)); export const n = 7; export default 'd'"
    )
    package = tmp_path / "node_modules" / "esm"
    package.mkdir(parents=True)
    (package / "package.json").write_text('{"name": "esm", "type": "module", "exports": "./index.js"}')
    (package / "index.js").write_text(
        "export const where = import.meta.dirname; export function twice(x) { return 2 * x }"
    )
    (tmp_path / "program.js").write_text(
        "console.log(process.argv.slice(2).join()); setTimeout(() => { console.log('late'); process.exitCode = 3 }, 1)"
    )
    return tmp_path


@pytest.fixture
def js(project):
    with edgejs.Runtime(project) as runtime:
        yield runtime


def test_import_of_a_package(js, project):
    module = js.import_("esm")
    assert module.twice(4) == 8
    assert module.where == str(project / "node_modules" / "esm")


def test_import_waits_for_a_top_level_await(js):
    module = js.import_("./late.mjs")
    assert (module.n, module.default) == (7, "d")


def test_aimport(js):
    async def main():
        return (await js.aimport("./late.mjs")).n

    assert asyncio.run(main()) == 7


def test_import_refuses_inside_the_loop(js):
    async def main():
        with pytest.raises(RuntimeError, match=r"await aimport\('esm'\)"):
            js.import_("esm")

    asyncio.run(main())


def test_a_module_that_is_not_there(js):
    with pytest.raises(edgejs.JSModuleNotFound) as caught:
        js.import_("nothing")
    assert caught.value.code == "ERR_MODULE_NOT_FOUND"


def test_a_program_runs_to_its_end(project):
    out = io.StringIO()
    with edgejs.Runtime(project, stdout=out) as js:
        assert js.run("program.js", "a", "b") == 3
    assert out.getvalue() == "a,b\nlate\n"


def test_a_program_that_exits_ends_the_runtime(project):
    (project / "exit.js").write_text("process.exit(5)")
    with edgejs.Runtime(project) as js:
        assert js.run("exit.js") == 5
        assert js.exited == 5
        assert repr(js) == "<edgejs.Runtime exited with code 5>"
        with pytest.raises(edgejs.ProcessExit):
            js.eval("1")


def test_a_program_that_throws(project):
    (project / "throw.js").write_text("throw new Error('lost')")
    err = io.StringIO()
    with edgejs.Runtime(project, stderr=err) as js:
        assert js.run("throw.js") == 1
    assert "Error: lost" in err.getvalue()
