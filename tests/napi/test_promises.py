# SPDX-License-Identifier: Apache-2.0
"""Promises made by natives."""

from __future__ import annotations

OPEN = "const addon = require(process.argv[2]);\n"


def test_they_are_settled_by_the_native(expect, addon):
    source = """
    addon.promise().then((value) => {
      console.log('resolved', value);
      const second = addon.promise();
      addon.reject(new Error('mine'));
      return second;
    }).catch((e) => console.log('rejected', e.message));
    addon.resolve(5);
    console.log('first');
    """
    expect(OPEN + source, addon("asynchrony"), prints=["first", "resolved 5", "rejected mine"])


def test_a_rejection_that_nobody_handles(expect, addon):
    source = """
    process.on('unhandledRejection', (e) => console.log('unhandled', e));
    addon.promise();
    addon.reject('mine');
    """
    expect(OPEN + source, addon("asynchrony"), prints=["unhandled mine"])
