# SPDX-License-Identifier: Apache-2.0
"""process.stdout, stderr and stdin of a program whose streams are pipes."""

from node_support import run_edgejs

__all__ = ["run_edgejs"]


def test_stdin_is_read_to_its_end(run_edgejs):
    script = """
    let text = '';
    process.stdin.setEncoding('utf8').on('data', (chunk) => { text += chunk; }).on('end', () => console.log(text.length, text.slice(0, 5)));
    """
    assert run_edgejs(script, stdin="häuser" * 50_000).stdout == "300000 häuse\n"


def test_stdin_with_for_await(run_edgejs):
    script = "(async () => { for await (const chunk of process.stdin) console.log(chunk.toString()); })();"
    assert run_edgejs(script, stdin="text").stdout == "text\n"


def test_stdin_that_is_not_read_keeps_nobody_waiting(run_edgejs):
    assert run_edgejs("console.log(process.stdin.fd)").stdout == "0\n"


def test_writes_keep_their_order(run_edgejs):
    script = """
    console.log(1);
    process.stdout.write('2\\n');
    console.log(3);
    process.stdout.write(Buffer.from('4\\n'), () => console.log('written'));
    console.log(5);
    """
    assert run_edgejs(script).stdout == "1\n2\n3\n4\n5\nwritten\n"


def test_console_goes_through_a_replaced_write(run_edgejs):
    script = """
    const { write } = process.stdout;
    const lines = [];
    process.stdout.write = (text) => { lines.push(text); return true; };
    console.log('kept', 1);
    process.stdout.write = write;
    console.log(lines);
    """
    assert run_edgejs(script).stdout == "[ 'kept 1\\n' ]\n"
