# SPDX-License-Identifier: Apache-2.0
"""What stands behind the JavaScript modules `crypto` and `tls`: hashlib, and `cryptography` for the rest."""

import warnings

# JavaScript asks for old algorithms by name; its author knows that they are old.
warnings.filterwarnings("ignore", module=r"edgejs\.node\.crypto\b")
