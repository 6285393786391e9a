# SPDX-License-Identifier: Apache-2.0
"""The compatibility matrix: which native packages work in which runtime, and why not.

A row is a package in one version, a column a runtime. A *cell* is one run of the package's *case*, a small
JavaScript file that does the package's real work and prints one JSON document, in a process of its own with
limits. What a cell did is an *outcome*; next to the outcome of the *reference* column (Node) it becomes a
*verdict*.
"""
