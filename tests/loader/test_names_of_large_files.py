# SPDX-License-Identifier: Apache-2.0
"""Export names of CommonJS files that are too large to be lexed whole: what cannot matter is left out first."""

import pytest

BODY = (
    "  var total = 0; for (var i = 0; i < 10; i++) { total += values[i] / 2; } // exports.comment = 1\n" * 40
)
FILLER = "/* exports.inComment = 1 */\n" + "".join(
    f"function filler{number}(values) {{\n{BODY}  return '}}' + /[/{{]'\"/.source + total;\n}}\n"
    for number in range(20)
)

HEAD = """\
'use strict';
Object.defineProperty(exports, '__esModule', { value: true });
Object.defineProperty(exports, 'getter', { enumerable: true, get: function () { return filler1.length; } });
exports.first = 1;
(function () { exports.inside = 2; })();
function late() { exports.late = 3; %s }
"""
TAIL = (
    "module.exports.last = 4; var text = 'exports.inString = 1', pattern = /exports.inPattern = 1/; late();\n"
)


@pytest.mark.parametrize("extra", ["", "var t = `${1}`;", "if (1) {} /x/.test('');"])
def test_names(tree, imported, extra):
    source = HEAD % BODY.replace("values", "[]") + FILLER + extra + TAIL
    assert len(source) > 70_000
    (found,) = imported({"large.cjs": source}, "./large.cjs")
    names = set(found) - {"default", "module.exports", "__esModule"}
    assert names == {"getter", "first", "inside", "late", "last"}


def test_a_text_without_an_end(imported):
    (found,) = imported({"broken.cjs": "exports.a = 1;" + FILLER + "/* never closed"}, "./broken.cjs")
    assert found["name"] == "SyntaxError"
