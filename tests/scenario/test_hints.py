from pathlib import Path
from typing import Any

import pytest

from sim.scenario import load, loads, notes

from .small import REFERENCE, SMALL, small, text_with


def test_an_ordinary_scenario_has_none() -> None:
    assert notes(small(arrivals__0__labels={"gold": 0.1})) == []


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"arrivals__2__queue": "calls", "labels__silver": {}}, "no customer has the label `silver`"),
        ({"channels__mail": {"medium": "chat"}}, "nobody arrives by channel `mail`"),
        ({"arrivals": []}, "there are no arrivals, so nothing will happen"),
        ({"routing__ageing": "30s"},
         "routing.ageing is not used; it needs routing.request_selection: priority_with_ageing"),
        ({"queues__sales__priority": 2},
         "the priorities of queues are not used, since routing.queue_priority is off"),
        ({"arrivals__1__queue": "sales"},
         "queue `help` is not used: no contact arrives in it and nobody hands on to it"),
        ({"queues__sales__steps": [{"needs": "sales >= 1 or help >= 2 and calls >= 3"}]},
         "queue `sales`: `sales >= 1 or help >= 2 and calls >= 3` is read from left to right, "
         "as `(sales >= 1 or help >= 2) and calls >= 3`"),
        ({"teams__crew__agents": 0}, "queue `help`: there are no agents who can serve it"),
        ({"teams__crew__skills__cooking": 3}, "team `crew`: no queue asks for the skill `cooking`"),
        ({"teams__idle": {"agents": 1}}, "team `idle` has nothing to do: it has the skills for no queue"),
        ({"teams__boss": {"agents": 1, "role": "supervisor"}},
         "team `boss` has nothing to do: it is no team of agents and does not supervise"),
        ({"teams__crew__head_count": {"agents": [1, 2]}},
         "team `crew`: 1 of 3 agents never log in, the largest head-count is 2"),
    ],
)  # fmt: skip
def test_what_may_surprise(changes: dict[str, Any], note: str) -> None:
    assert note in notes(small(**changes))


def test_agents_who_are_shared_out_over_shifts() -> None:
    assert notes(load(REFERENCE).set("teams.frontline.agents", 11)) == [
        "team `frontline`: its 11 agents are shared out over its shifts as 6, 5, in proportion to 5, 4"
    ]


def test_a_list_that_nobody_looks_at(tmp_path: Path) -> None:
    text = text_with(teams="teams:\n  crew: {agents: 3, skills: {sales: 5, calls: 5}}").replace(
        "help: {medium: chat,", "help: {medium: chat, mode: pull,"
    )
    assert "queue `help`: there are no agents who can serve it" in notes(loads(text, folder=tmp_path))
    assert notes(loads(SMALL)) == ["no customer has the label `gold`"]
