# SPDX-License-Identifier: Apache-2.0
"""Outside suites, run on edgejs or on another runtime, and the results known of them.

``python -m tests.conformance SUITE --dir PATH``; nothing of any suite is in this repository.
"""
