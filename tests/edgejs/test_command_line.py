# SPDX-License-Identifier: Apache-2.0
"""The command line runs programs as Node's does."""

import subprocess
import sys

import edgejs


def test_a_file_with_its_arguments(edgejs_command, tmp_path):
    (tmp_path / "app.js").write_text(
        "console.log(process.argv.slice(2).join('|'), __filename === process.argv[1])"
    )
    done = edgejs_command("app.js", "-x", "--flag=1", "last")
    assert (done.stdout, done.stderr, done.returncode) == ("-x|--flag=1|last true\n", "", 0)


def test_eval(edgejs_command):
    done = edgejs_command("-e", "console.log(1 + 1)")
    assert (done.stdout, done.returncode) == ("2\n", 0)


def test_print(edgejs_command):
    assert edgejs_command("-p", "[1, 'a']").stdout == "[ 1, 'a' ]\n"
    assert edgejs_command("-p", "'text'").stdout == "text\n"
    assert edgejs_command("--print", "undefined").stdout == "undefined\n"


def test_standard_input(edgejs_command):
    assert edgejs_command(stdin="console.log('from stdin')").stdout == "from stdin\n"
    assert edgejs_command("-", "a", stdin="console.log(process.argv[2])").stdout == "a\n"


def test_version_and_help(edgejs_command):
    assert edgejs_command("--version").stdout == f"v{edgejs.__version__}\n"
    assert edgejs_command("-h").stdout.startswith("Usage: edgejs ")


def test_an_unknown_option_is_exit_code_9(edgejs_command):
    done = edgejs_command("--frobnicate", "x.js")
    assert done.returncode == 9
    assert done.stderr.endswith(": bad option: --frobnicate\n")


def test_a_missing_argument_is_exit_code_9(edgejs_command):
    done = edgejs_command("-e")
    assert done.returncode == 9
    assert done.stderr.endswith(": -e requires an argument\n")


def test_a_missing_file(edgejs_command, tmp_path):
    done = edgejs_command("nope.js")
    assert done.returncode == 1
    assert f"Error: Cannot find module '{tmp_path}/nope.js'" in done.stderr
    assert "code: 'MODULE_NOT_FOUND'" in done.stderr


def test_exit_codes(edgejs_command):
    assert edgejs_command("-e", "process.exit(3)").returncode == 3
    assert edgejs_command("-e", "process.exitCode = 4").returncode == 4
    assert edgejs_command("-e", "throw new Error('x')").returncode == 1
    assert edgejs_command("-e", "Promise.reject(new Error('x'))").returncode == 1


def test_running_imports_nothing_that_only_installing_needs(tmp_path):
    program = """
import sys
from edgejs.cli import main
main(["-e", "console.log(1)"])
unwanted = {"requests", "click", "rich", "typing", "re", "json", "edgejs.registry_cache"}
print(sorted(unwanted & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("1\n[]\n", "")
