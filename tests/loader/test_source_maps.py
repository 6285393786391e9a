# SPDX-License-Identifier: Apache-2.0
"""--enable-source-maps, process.setSourceMapsEnabled, and the classes and functions of node:module about maps."""

import base64
import json

import pytest

# made.js, two lines, was "made" of the three lines of written.ts.
WRITTEN = "type Unused = 1;\nfunction fail(): never {\n    throw new Error('mapped'); }\nfail();\n"
MADE = "function f() { throw new Error('mapped'); }\nf();\n"
MAP = {
    "version": 3,
    "sources": ["written.ts"],
    "names": ["fail"],
    # 0:0 -> 1:0; 0:15 -> 2:4; 1:0 -> 3:0 named fail
    "mappings": "AACA,eACI;AACJA",
}


def inline(source_map):
    data = base64.b64encode(json.dumps(source_map).encode()).decode()
    return f"//# sourceMappingURL=data:application/json;base64,{data}\n"


@pytest.fixture
def files(tree):
    return tree(
        {
            "written.ts": WRITTEN,
            "made.js": MADE + "//# sourceMappingURL=made.js.map",
            "made.js.map": json.dumps(MAP),
            "inline.cjs": MADE
            + inline({**MAP, "sourcesContent": [WRITTEN], "sources": ["webpack:///written.ts"]}),
            "module.mjs": MADE + inline(MAP),
        }
    )


@pytest.mark.parametrize(
    "name, place",
    [
        ("made.js", "{0}/written.ts"),
        ("module.mjs", "{0}/written.ts"),
        ("inline.cjs", "webpack:///written.ts"),
    ],
)
def test_an_error_that_nobody_catches(files, run_edgejs, name, place):
    place = place.format(files)
    done = run_edgejs(files / name, options=["--enable-source-maps"])
    assert done.stderr.startswith(
        f"{place}:3\n    throw new Error('mapped'); }}\n    ^\n\nError: mapped\n    at fail ({place}:3:"
    )
    assert f"({place}:4:1)" in done.stderr


def test_without_the_option(files, run_edgejs):
    assert "written.ts" not in run_edgejs(files / "made.js").stderr


@pytest.mark.parametrize(
    "turn_on", ["process.setSourceMapsEnabled(true)", "require('module').setSourceMapsSupport(true)"]
)
def test_turned_on_by_the_program(files, run_edgejs, turn_on):
    done = run_edgejs(
        f"console.log(process.sourceMapsEnabled); {turn_on}; console.log(process.sourceMapsEnabled);\n"
        + "try { require('./made') } catch (error) { console.log(error.stack.split('\\n')[1]) }"
    )
    off, on, frame = done.stdout.splitlines()
    assert (off, on) == ("false", "true")
    assert frame.startswith(f"    at fail ({files}/written.ts:3:")


def test_prepare_stack_trace_sees_the_text_that_runs(files, run_edgejs):
    done = run_edgejs(
        "Error.prepareStackTrace = (error, sites) => `${sites[0].getFileName()}:${sites[0].getLineNumber()}`;\n"
        "try { require('./made') } catch (error) { console.log(error.stack) }",
        options=["--enable-source-maps"],
    )
    assert done.stdout == f"{files}/made.js:1\n"


def test_finding_a_map(files, run_edgejs):
    done = run_edgejs(
        "const { findSourceMap } = require('module');\n"
        "try { require('./made') } catch {}\n"
        "const map = findSourceMap(require.resolve('./made'));\n"
        "const { generatedLine, generatedColumn, ...rest } = map.findEntry(0, 20);\n"
        "console.log(JSON.stringify([generatedLine, generatedColumn, rest, map.findOrigin(1, 17), map.lineLengths]));\n"
        "console.log(JSON.stringify(map.payload.sources), findSourceMap('nothing'));",
        options=["--enable-source-maps"],
    )
    url = f"file://{files}/written.ts"
    found, rest = done.stdout.splitlines()
    assert json.loads(found) == [
        0,
        15,
        {"originalSource": url, "originalLine": 2, "originalColumn": 4},
        {"fileName": url, "lineNumber": 3, "columnNumber": 6},
        [43, 4, 32],
    ]
    assert rest == f'["{url}"] undefined'


def test_a_map_that_is_none_does_no_harm(tree, run_edgejs):
    folder = tree(
        {
            "a.js": "console.log(new Error('x').stack.split('\\n')[1])\n//# sourceMappingURL=missing.map",
            "b.js": "require('./a')\nconsole.log(new Error('x').stack.split('\\n')[1])\n"
            "//# sourceMappingURL=data:application/json;base64,e30K",
        }
    )
    done = run_edgejs(folder / "b.js", options=["--enable-source-maps"])
    assert [line.split(" (")[1].split(":")[0] for line in done.stdout.splitlines()] == [
        f"{folder}/a.js",
        f"{folder}/b.js",
    ]
