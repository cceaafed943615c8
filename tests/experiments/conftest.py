"""The small scenario, decided by a policy through which a test sees how far another process is."""

from collections.abc import Callable
from pathlib import Path

import pytest
from watched import Watch


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    return Watch(tmp_path / "watch")


@pytest.fixture
def watched_file(scenario_file: Callable[..., Path]) -> Path:
    """The small scenario, decided by the policy."""
    return scenario_file("watched.yaml", **{"media:\n": "routing: {agent_selection: watched}\nmedia:\n"})
