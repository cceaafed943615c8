"""Policies from a Python file: which selection a class is, and what is no policy."""

from pathlib import Path

import pytest

from sim.errors import SimError
from sim.policies.files import policies_of

OWN = """\
class Agents:
    def choose(self, request, candidates, uniform): ...
class Requests:
    def choose(self, agent, waiting): ...
class Rule:
    def allows(self, request): ...
class Nothing:
    choose = 3
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.py"
    path.write_text(OWN, encoding="utf-8")
    return path


def test_a_class_is_the_selection_that_its_method_takes(own: Path) -> None:
    found = policies_of([f"{own}:Agents", f"{own}:Requests"])
    assert {kind: type(one).__name__ for kind, one in found.items()} == {
        "agent_selection": "Agents",
        "request_selection": "Requests",
    }
    assert [*policies_of([f"{own}:Rule"])] == ["agent_selection", "request_selection"]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["Agents", "Rule"], "is a second agent selection; give one of each"),
        (["Nothing"], "is no policy; it needs the method"),
        (["Agent"], "there is no class `Agent`; did you mean `Agents`"),
    ],
)
def test_mistakes_are_named(names: list[str], said: str, own: Path) -> None:
    with pytest.raises(SimError, match=said):
        policies_of([f"{own}:{name}" for name in names])
