# SPDX-License-Identifier: Apache-2.0
"""`imports` of package.json: names that begin with #."""

import json

import pytest

IMPORTS = {
    "#dep": "plain",
    "#own": "./lib/own.js",
    "#p/*": "./lib/*.js",
    "#bad": "../x",
    "#cond": {"browser": "./b", "default": "./lib/own.js"},
}


@pytest.fixture
def package(tree):
    return tree(
        {
            "node_modules/pkg/package.json": json.dumps({"name": "pkg", "imports": IMPORTS}),
            "node_modules/pkg/lib/own.js": "module.exports = 'own'",
            "node_modules/plain/index.js": "module.exports = 'plain'",
        }
    )


@pytest.fixture
def inside(package, required):
    """inside("#x") requires it in a file of the package."""

    def run(request):
        (package / "node_modules/pkg/index.js").write_text(f"module.exports = require({json.dumps(request)})")
        return required("pkg")[0]

    return run


@pytest.mark.parametrize(
    ("request_", "found"), [("#dep", "plain"), ("#own", "own"), ("#p/own", "own"), ("#cond", "own")]
)
def test_what_they_stand_for(inside, request_, found):
    assert inside(request_) == found


def test_a_name_that_is_not_defined(inside):
    error = inside("#nope")
    assert (error["code"], error["name"]) == ("ERR_PACKAGE_IMPORT_NOT_DEFINED", "TypeError")
    assert error["message"] == (
        'Package import specifier "#nope" is not defined in package /node_modules/pkg/package.json'
        " imported from /node_modules/pkg/index.js"
    )


def test_a_target_outside(inside):
    assert inside("#bad")["code"] == "ERR_INVALID_PACKAGE_TARGET"


@pytest.mark.parametrize("request_", ["#", "#p/"])
def test_names_that_cannot_be(inside, request_):
    assert inside(request_)["code"] == "ERR_INVALID_MODULE_SPECIFIER"
