# SPDX-License-Identifier: Apache-2.0
"""Module resolution and loading: CommonJS today, in JavaScript under ``js/``.

Every file of ``js/`` is compiled in as the builtin ``internal/modules/<path>``. The folder reads what
the registry client installed through the file system only.
"""
