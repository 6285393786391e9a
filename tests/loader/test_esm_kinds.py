# SPDX-License-Identifier: Apache-2.0
"""What can be imported: source text, CommonJS, builtins, JSON and data: URLs."""


def test_commonjs_has_names_a_default_and_itself(imported):
    files = {
        "c.cjs": "exports.a = 1; exports.b = 2; module.exports.c = 3;",
        "again.cjs": "module.exports = require('./c.cjs');",
        "marked.cjs": "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = 'd';",
    }
    plain = {"a": 1, "b": 2, "c": 3}
    found = imported(files, "./c.cjs", "./again.cjs", "./marked.cjs")
    assert found[0] == {**plain, "default": plain, "module.exports": plain}
    assert found[1] == found[0]
    assert found[2] == {"__esModule": True, "default": {"default": "d"}, "module.exports": {"default": "d"}}


def test_a_builtin_has_names_that_can_be_brought_up_to_date(tree, run_edgejs):
    folder = tree(
        {
            "main.mjs": """
            import fs, { readFileSync } from 'fs';
            import { syncBuiltinESMExports } from 'node:module';
            const before = readFileSync === fs.readFileSync;
            fs.readFileSync = () => 'patched';
            const stale = readFileSync === fs.readFileSync;
            syncBuiltinESMExports();
            console.log(before, stale, readFileSync());
            """
        }
    )
    assert run_edgejs(folder / "main.mjs").stdout == "true false patched\n"


def test_json_needs_its_attribute(imported):
    bad, module = imported(
        {"d.json": '{"x": 1}', "ok.mjs": "export { default } from './d.json' with { type: 'json' };"},
        "./d.json",
        "./ok.mjs",
    )
    assert bad["code"] == "ERR_IMPORT_ATTRIBUTE_MISSING"
    assert bad["message"].endswith('/d.json" needs an import attribute of "type: json"')
    assert module == {"default": {"x": 1}}


def test_other_attributes_are_refused(imported):
    files = {
        "m.mjs": "",
        "css.mjs": "import './m.mjs' with { type: 'css' };",
        "json.mjs": "import './m.mjs' with { type: 'json' };",
        "other.mjs": "import './m.mjs' with { other: 'x' };",
    }
    codes = [error["code"] for error in imported(files, "./css.mjs", "./json.mjs", "./other.mjs")]
    unsupported = "ERR_IMPORT_ATTRIBUTE_UNSUPPORTED"
    assert codes == [unsupported, "ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE", unsupported]


def test_data_urls(imported):
    found = imported(
        {}, "data:text/javascript,export default 1", "data:text/javascript;base64,ZXhwb3J0IGRlZmF1bHQgMg=="
    )
    assert found == [{"default": 1}, {"default": 2}]


def test_the_package_or_the_syntax_tells_what_js_is(imported):
    files = {
        "m/package.json": '{"type": "module"}',
        "m/x.js": "export const kind = typeof require;",
        "c/package.json": '{"type": "commonjs"}',
        "c/x.js": "exports.kind = typeof require;",
        "free/esm.js": "export const kind = typeof require;",
        "free/cjs.js": "exports.kind = typeof require;",
        "q.txt": "",
    }
    found = imported(files, "./m/x.js", "./c/x.js", "./free/esm.js", "./free/cjs.js", "./q.txt")
    assert [each.get("kind") for each in found[:4]] == ["undefined", "function", "undefined", "function"]
    assert found[4]["code"] == "ERR_UNKNOWN_FILE_EXTENSION"
    assert found[4]["message"] == 'Unknown file extension ".txt" for /q.txt'


def test_import_meta(tree, run_edgejs):
    script = (
        "const { dirname, filename, main, url } = import.meta; console.log(dirname, filename, main, url);"
    )
    resolve = "console.log(import.meta.resolve('./y'), import.meta.resolve('fs'));"
    folder = tree({"main.mjs": f"import './sub/x.mjs'; {resolve}", "sub/x.mjs": script})
    assert run_edgejs(folder / "main.mjs").stdout == (
        f"{folder}/sub {folder}/sub/x.mjs false file://{folder}/sub/x.mjs\nfile://{folder}/y node:fs\n"
    )


def test_json_is_the_object_that_require_gives(tree, run_edgejs):
    folder = tree(
        {
            "d.json": '{"x": 1}',
            "change.cjs": "require('./d.json').x = 'changed';",
            "main.mjs": "import './change.cjs'; import d from './d.json' with { type: 'json' }; console.log(d.x);",
        }
    )
    assert run_edgejs(folder / "main.mjs").stdout == "changed\n"


def test_an_imported_module_stays_when_its_file_goes(tree, run_edgejs):
    folder = tree(
        {
            "gone.mjs": "export {};",
            "main.mjs": """
            import { rmSync } from 'fs';
            const first = await import('./gone.mjs');
            rmSync(new URL('./gone.mjs', import.meta.url));
            console.log(first === await import('./gone.mjs'));
            """,
        }
    )
    assert run_edgejs(folder / "main.mjs").stdout == "true\n"


def test_the_list_of_a_large_bundle_names_its_exports(imported):
    padding = "// padding of a large bundle\n" * 25_000
    listed = "// Annotate the CommonJS export names for ESM import in node:\n0 && (module.exports = {\n  a,\n  b\n});\n"
    files = {"bundle.cjs": f"(() => {{ module.exports = {{ a: 1, b: 2 }};\n{padding}{listed}}})();"}
    found = imported(files, "./bundle.cjs")[0]
    assert (found["a"], found["b"]) == (1, 2)
