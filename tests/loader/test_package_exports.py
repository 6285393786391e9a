# SPDX-License-Identifier: Apache-2.0
"""`exports` of package.json, as Node resolves it. Expectations were recorded from Node."""

import json

import pytest

MANIFEST = {
    "name": "pkg",
    "exports": {
        ".": {"import": "./i.mjs", "node": {"require": "./lib/r.js"}, "default": "./lib/d.js"},
        "./feat/*": "./lib/*.js",
        "./feat/internal/*": None,
        "./feat/spec/*.x": "./lib/spec-*.js",
        "./list": ["bad", "./lib/r.js"],
        "./missing": "./lib/zz.js",
        "./outside": "../x.js",
        "./modules": "./node_modules/x",
        "./only-import": {"import": "./x.mjs"},
        "./number": {"0": "./x"},
    },
}


@pytest.fixture
def package(tree):
    return tree(
        {
            "node_modules/pkg/package.json": json.dumps(MANIFEST),
            "node_modules/pkg/lib/r.js": "module.exports = 'r'",
            "node_modules/pkg/lib/d.js": "module.exports = 'd'",
            "node_modules/pkg/lib/spec-a.js": "module.exports = 'spec-a'",
            "node_modules/pkg/lib/self.js": "module.exports = require('pkg/feat/d') + ' by itself'",
        }
    )


def test_conditions_patterns_and_lists(package, required):
    assert required("pkg", "pkg/feat/d", "pkg/feat/spec/a.x", "pkg/list") == ["r", "d", "spec-a", "r"]


def test_a_package_may_require_itself_by_name(package, required):
    assert required("pkg/feat/self") == ["d by itself"]


@pytest.mark.parametrize("subpath", ["./feat/internal/x", "./only-import", "./lib/r.js"])
def test_what_is_not_exported(package, required, subpath):
    assert required(f"pkg{subpath[1:]}") == [
        {
            "code": "ERR_PACKAGE_PATH_NOT_EXPORTED",
            "name": "Error",
            "message": f"Package subpath '{subpath}' is not defined by \"exports\" in /node_modules/pkg/package.json",
        }
    ]


@pytest.mark.parametrize(
    ("subpath", "target", "hint"),
    [("./outside", "../x.js", '; targets must start with "./"'), ("./modules", "./node_modules/x", "")],
)
def test_targets_outside_the_package(package, required, subpath, target, hint):
    assert required(f"pkg{subpath[1:]}") == [
        {
            "code": "ERR_INVALID_PACKAGE_TARGET",
            "name": "Error",
            "message": f"Invalid \"exports\" target {json.dumps(target)} defined for '{subpath}' in the package config "
            f"/node_modules/pkg/package.json{hint}",
        }
    ]


def test_a_target_that_does_not_exist(package, required):
    assert required("pkg/missing") == [
        {
            "code": "MODULE_NOT_FOUND",
            "name": "Error",
            "message": "Cannot find module '/node_modules/pkg/lib/zz.js'",
        }
    ]


def test_numeric_keys(package, required):
    (error,) = required("pkg/number")
    assert error["code"] == "ERR_INVALID_PACKAGE_CONFIG"
    assert error["message"].endswith('"exports" cannot contain numeric property keys.')


def test_no_main(tree, required):
    tree({"node_modules/sub/package.json": json.dumps({"exports": {"./x": "./x.js"}})})
    assert required("sub") == [
        {
            "code": "ERR_PACKAGE_PATH_NOT_EXPORTED",
            "name": "Error",
            "message": 'No "exports" main defined in /node_modules/sub/package.json',
        }
    ]
