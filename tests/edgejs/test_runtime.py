# SPDX-License-Identifier: Apache-2.0
"""edgejs.Runtime: a JavaScript runtime inside a Python program."""

import pytest

import edgejs


@pytest.fixture
def project(tmp_path):
    package = tmp_path / "node_modules" / "pair"
    package.mkdir(parents=True)
    (package / "package.json").write_text('{"name": "pair", "version": "1.0.0", "main": "pair.js"}')
    (package / "pair.js").write_text(
        "exports.make = (a, b) => [a, b]; exports.size = 2; exports.where = __dirname;"
    )
    return tmp_path


def test_require_finds_packages_of_its_folder(project):
    with edgejs.Runtime(cwd=project) as js:
        pair = js.require("pair")
        assert pair.size == 2
        assert pair.where == str(project / "node_modules" / "pair")


def test_require_of_a_file(project):
    (project / "lib.js").write_text("module.exports = { n: 7 }")
    with edgejs.Runtime(cwd=project) as js:
        assert js.require("./lib").n == 7


def test_a_missing_package_has_nodes_code(project):
    with edgejs.Runtime(cwd=project) as js, pytest.raises(edgejs.JSError) as caught:
        js.require("nope")
    assert caught.value.code == "MODULE_NOT_FOUND"
    assert caught.value.message.startswith("Cannot find module 'nope'\nRequire stack:")


def test_eval_gives_the_value_of_a_script():
    with edgejs.Runtime() as js:
        assert js.eval("1 + 1") == 2
        assert js.eval("let x = 'a'; x + 'b'") == "ab"


def test_two_runtimes_share_nothing():
    with edgejs.Runtime() as one, edgejs.Runtime() as two:
        one.eval("globalThis.mine = 1")
        assert two.eval("typeof mine") == "undefined"


def test_a_closed_runtime_says_so():
    js = edgejs.Runtime()
    js.close()
    with pytest.raises(ValueError, match="closed"):
        js.eval("1")
    assert repr(js) == "<edgejs.Runtime closed>"


def test_timers_run_when_asked():
    with edgejs.Runtime() as js:
        js.eval("globalThis.done = false; setTimeout(() => { done = true }, 1); 0")
        js.run_until_idle()
        assert js.eval("done") is True


def test_promise_jobs_run_before_a_call_returns():
    with edgejs.Runtime() as js:
        js.eval(
            "globalThis.steps = []; Promise.resolve().then(() => steps.push('job')); steps.push('script')"
        )
        assert js.eval("steps").to_py() == ["script", "job"]


def test_the_default_runtime(project, monkeypatch):
    monkeypatch.chdir(project)
    monkeypatch.setattr("edgejs.default._local.holder", None)
    assert edgejs.require("pair").make(1, [2, 3]).to_py() == [1, [2, 3]]
