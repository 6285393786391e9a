#!python
# SPDX-License-Identifier: Apache-2.0
# Installed as the command `edgejs`. Installers write the interpreter's path into the first line.
import sys

from edgejs.cli import main

sys.exit(main(sys.argv[1:]))
