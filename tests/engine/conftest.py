# SPDX-License-Identifier: Apache-2.0
from collections.abc import Iterator

import pytest
from edgejs.engine import Isolate

from edgejs.configuration import configuration


@pytest.fixture
def isolate() -> Iterator[Isolate]:
    """A booted isolate with nothing on its loop."""
    made = Isolate(configuration(["edgejs"], [], embedded=True))
    yield made
    made.close()


@pytest.fixture
def evaluate(isolate):
    """Evaluates JavaScript source in `isolate`."""
    function = isolate.get(isolate.host, "evalScript")
    return lambda source: isolate.call(function, None, source)
