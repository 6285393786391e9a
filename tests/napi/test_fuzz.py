# SPDX-License-Identifier: Apache-2.0
"""Some random sequences of Node-API calls do not crash; ``make fuzz`` runs many more."""

import importlib.util
import random
import sys
from pathlib import Path


def test_programs_of_one_seed(addon, tmp_path):
    spec = importlib.util.spec_from_file_location("fuzz", Path(__file__).with_name("fuzz.py"))
    fuzz = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fuzz)
    generator = random.Random(24)
    programs = [generator.randbytes(generator.randrange(1, fuzz.LONGEST)) for _ in range(1000)]
    assert fuzz.Machine([sys.executable, "-m", "edgejs"], addon("fuzz")).run(programs) == (None, "")
