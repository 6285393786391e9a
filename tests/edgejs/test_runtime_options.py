# SPDX-License-Identifier: Apache-2.0
"""What a Runtime is made with."""

import io
import os

import pytest

import edgejs


def test_arguments():
    with edgejs.Runtime(argv=["a", "b"]) as js:
        assert js.eval("process.argv.slice(1)").to_py() == ["a", "b"]


def test_an_environment_of_its_own(monkeypatch):
    monkeypatch.setenv("EDGEJS_OUTSIDE", "1")
    with edgejs.Runtime(env={"INSIDE": "2"}) as js:
        assert js.eval("Object.keys(process.env)").to_py() == ["INSIDE"]
        js.eval("process.env.MORE = '3'; 0")
        assert js.eval("process.env.MORE") == "3"
    assert "MORE" not in os.environ


def test_the_environment_of_the_process_otherwise(monkeypatch):
    monkeypatch.setenv("EDGEJS_OUTSIDE", "1")
    with edgejs.Runtime() as js:
        assert js.eval("process.env.EDGEJS_OUTSIDE") == "1"


def test_streams_of_text():
    out, err = io.StringIO(), io.StringIO()
    with edgejs.Runtime(stdout=out, stderr=err) as js:
        js.eval("console.log('lög', [1]); console.error('bad'); process.stdout.write('raw'); 0")
    assert (out.getvalue(), err.getvalue()) == ("lög [ 1 ]\nraw", "bad\n")


def test_streams_of_bytes():
    out = io.BytesIO()
    with edgejs.Runtime(stdout=out) as js:
        js.eval("process.stdout.write(Buffer.from([255, 0])); console.log('é'); 0")
    assert out.getvalue() == b"\xff\x00\xc3\xa9\n"


def test_standard_input():
    with edgejs.Runtime(stdin=io.StringIO("one\ntwo")) as js:
        read = "new Promise((done) => { let t = ''; process.stdin.on('data', (d) => { t += d }).on('end', () => done(t)) })"
        assert js.wait_for(js.eval(read)) == "one\ntwo"


def test_an_exception_of_a_stream_reaches_the_script():
    class Full(io.StringIO):
        def write(self, text):
            raise OSError(28, "full")

    with edgejs.Runtime(stdout=Full()) as js:
        failed = "new Promise((done) => process.stdout.on('error', (e) => done(e.code)).write('x'))"
        assert js.wait_for(js.eval(failed)) == "ENOSPC"


def test_permissions_forbid(tmp_path):
    (tmp_path / "seen.txt").write_text("seen")
    (tmp_path / "hidden.txt").write_text("hidden")
    permissions = edgejs.Permissions()
    permissions.allow("fs.read", str(tmp_path / "seen.txt"))
    read = "(file) => require('fs').readFileSync(file, 'utf8')"
    with edgejs.Runtime(tmp_path, permissions=permissions) as js:
        assert js.eval(read)(str(tmp_path / "seen.txt")) == "seen"
        with pytest.raises(edgejs.JSError) as caught:
            js.eval(read)(str(tmp_path / "hidden.txt"))
        assert caught.value.code == "ERR_ACCESS_DENIED"
        with pytest.raises(edgejs.JSError) as caught:
            js.eval("require('child_process').execSync('true')")
        assert caught.value.code == "ERR_ACCESS_DENIED"


def test_objects_of_python_can_be_given_to_a_restricted_script():
    class Api:
        def answer(self):
            return 42

    with edgejs.Runtime(permissions=edgejs.Permissions()) as js:
        assert js.eval("(api) => api.answer()")(Api()) == 42


@pytest.mark.parametrize("timeout", [0, -1])
def test_a_timeout_that_is_none(timeout):
    with pytest.raises(ValueError, match="positive"):
        edgejs.Runtime(timeout=timeout)
