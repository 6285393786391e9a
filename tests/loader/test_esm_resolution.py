# SPDX-License-Identifier: Apache-2.0
"""Where the specifier of an import leads."""

import pytest

PACKAGE = {
    "node_modules/p/package.json": """{
        "exports": {
            ".": {"import": "./main.mjs", "require": "./main.cjs"},
            "./f/*": "./lib/*.mjs",
            "./f/hidden": null
        }
    }""",
    "node_modules/p/main.mjs": "export const from = 'import';",
    "node_modules/p/main.cjs": "exports.from = 'require';",
    "node_modules/p/lib/x.mjs": "export const from = 'pattern';",
    "node_modules/old/package.json": '{"main": "./lib"}',
    "node_modules/old/lib/index.js": "exports.from = 'main';",
    "node_modules/empty/package.json": "{}",
    "a.mjs": "export const from = 'file'; export const { search } = new URL(import.meta.url);",
    "b.js": "exports.b = 1;",
    "folder/index.js": "",
}


@pytest.mark.parametrize(
    ("specifier", "source"),
    [("p", "import"), ("p/f/x", "pattern"), ("./a.mjs", "file"), ("./folder/../a%2Emjs", "file")],
)
def test_found(imported, specifier, source):
    assert imported(PACKAGE, specifier)[0]["from"] == source


def test_main_without_exports(imported):
    assert imported(PACKAGE, "old")[0]["default"] == {"from": "main"}


def test_a_query_makes_another_module(imported):
    assert [found["search"] for found in imported(PACKAGE, "./a.mjs?1", "./a.mjs?2", "./a.mjs")] == [
        "?1",
        "?2",
        "",
    ]


@pytest.mark.parametrize(
    ("specifier", "code", "message"),
    [
        (
            "./b",
            "ERR_MODULE_NOT_FOUND",
            "Cannot find module '/b' imported from /importer.mjs\nDid you mean to import \"./b.js\"?",
        ),
        ("nope", "ERR_MODULE_NOT_FOUND", "Cannot find package 'nope' imported from /importer.mjs"),
        (
            "empty",
            "ERR_MODULE_NOT_FOUND",
            "Cannot find package '/node_modules/empty/index.js' imported from /importer.mjs",
        ),
        (
            "./folder",
            "ERR_UNSUPPORTED_DIR_IMPORT",
            "Directory import '/folder' is not supported resolving ES modules imported from /importer.mjs\n"
            'Did you mean to import "./folder/index.js"?',
        ),
        (
            "p/main.mjs",
            "ERR_PACKAGE_PATH_NOT_EXPORTED",
            "Package subpath './main.mjs' is not defined by \"exports\" in /node_modules/p/package.json "
            "imported from /importer.mjs",
        ),
        (
            "p/f/hidden",
            "ERR_PACKAGE_PATH_NOT_EXPORTED",
            "Package subpath './f/hidden' is not defined by \"exports\" in /node_modules/p/package.json "
            "imported from /importer.mjs",
        ),
        (
            "#x",
            "ERR_PACKAGE_IMPORT_NOT_DEFINED",
            'Package import specifier "#x" is not defined imported from /importer.mjs',
        ),
        (
            "@scope",
            "ERR_INVALID_MODULE_SPECIFIER",
            'Invalid module "@scope" is not a valid package name imported from /importer.mjs',
        ),
        ("node:nope", "ERR_UNKNOWN_BUILTIN_MODULE", "No such built-in module: node:nope"),
        (
            "data:text/plain,x",
            "ERR_UNKNOWN_MODULE_FORMAT",
            "Unknown module format: text/plain for URL data:text/plain,x",
        ),
        (
            "gopher://x",
            "ERR_UNSUPPORTED_ESM_URL_SCHEME",
            "Only URLs with a scheme in: file, data, and node are supported by the default ESM loader. "
            "Received protocol 'gopher:'",
        ),
    ],
)
def test_refused(imported, specifier, code, message):
    error = imported(PACKAGE, specifier)[0]
    assert (error["code"], error["message"]) == (code, message)
