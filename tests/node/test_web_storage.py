# SPDX-License-Identifier: Apache-2.0
"""localStorage and sessionStorage, behind --experimental-webstorage."""

import sqlite3

from node_support import run_edgejs

__all__ = ["run_edgejs"]

FLAG = "--experimental-webstorage"

ITEMS = """
const s = sessionStorage;
s.b = 1;
s['a key'] = {};
s.setItem('lone', '\\ud800');
console.log(s, s.length, s.key(0), s.key(3), s.lone === '\\ud800');
console.log(Object.keys(s), 'b' in s, delete s.b, s.b, s.getItem('b'), JSON.stringify(s));
s.getItem = 'own';
console.log(typeof s.getItem, Object.keys(s).length, s.length, Object.getOwnPropertyDescriptor(s, 'lone').writable);
s.clear();
console.log(s, s.length);
"""
SHOWN = """\
Storage { 'a key': '[object Object]', b: '1', lone: '\\ud800' } 3 a key null true
[ 'a key', 'b', 'lone' ] true true undefined null {"a key":"[object Object]","lone":"\\ud800"}
function 2 3 true
Storage {} 0
"""


def test_items_are_properties(run_edgejs):
    assert run_edgejs(ITEMS, options=[FLAG]).stdout == SHOWN


def test_there_is_none_without_the_option(run_edgejs):
    script = "console.log(typeof localStorage, typeof sessionStorage, typeof Storage)"
    assert run_edgejs(script).stdout == "undefined undefined undefined\n"


def test_local_storage_stays(run_edgejs, tmp_path):
    options = [FLAG, f"--localstorage-file={tmp_path / 'items'}"]
    run_edgejs("localStorage.setItem('kept', 'ü')", options=options)
    assert run_edgejs("console.log(localStorage.kept)", options=options).stdout == "ü\n"
    with sqlite3.connect(tmp_path / "items") as connection:
        rows = connection.execute("SELECT key, value FROM nodejs_webstorage").fetchall()
        assert rows == [("kept".encode("utf-16-le"), "ü".encode("utf-16-le"))]
        assert connection.execute("SELECT total_size FROM nodejs_webstorage_state").fetchall() == [(10,)]


def test_too_much_is_refused(run_edgejs):
    script = """
    try { sessionStorage.big = 'x'.repeat(6 * 1024 * 1024) } catch (e) { console.log(e.name, e instanceof DOMException) }
    console.log(sessionStorage.length);
    """
    assert run_edgejs(script, options=[FLAG]).stdout == "QuotaExceededError true\n0\n"


def test_local_storage_needs_a_file(run_edgejs):
    script = "try { localStorage } catch (e) { console.log(e.code, e.message) }"
    message = "The argument '--localstorage-file' is an invalid localStorage location. Received ''"
    assert run_edgejs(script, options=[FLAG]).stdout == f"ERR_INVALID_ARG_VALUE {message}\n"


def test_permissions_hold_for_its_file(run_edgejs, tmp_path):
    script = "try { localStorage.a = 1 } catch (e) { console.log(e.code, e.permission) }"
    options = [FLAG, "--permission", "--allow-fs-read=*", f"--localstorage-file={tmp_path / 'items'}"]
    assert run_edgejs(script, options=options).stdout == "ERR_ACCESS_DENIED FileSystemWrite\n"
    assert not (tmp_path / "items").exists()
