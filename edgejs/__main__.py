# SPDX-License-Identifier: Apache-2.0
"""`python -m edgejs`: the same as the command `edgejs`."""

import sys

from edgejs.cli import main

sys.exit(main(sys.argv[1:]))
