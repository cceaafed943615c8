"""What the comparisons share."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from sim.scenario import Scenario, loads


@pytest.fixture
def world_of() -> Callable[[dict[str, Any]], Scenario]:
    """Make a scenario of plain data."""
    return lambda data: loads(json.dumps(data))
