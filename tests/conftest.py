# SPDX-License-Identifier: Apache-2.0
"""Plugins that all tests share."""

pytest_plugins = ["registry_fixture"]
