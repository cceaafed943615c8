"""Random days with everything that the compiled engine knows: lists, supervisors, whispers, guards, a second day."""

from copy import deepcopy
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.random_scenarios import LASTS_S, Day, Draw, Spec, _law, _some, all_days

PULL = _some(reaction=_law(10), join=[0.6, 0.0, 1.0], second_agent=[0.5], whispers_per_minute=[3])
SUPERVISION = _some(whispers_per_minute=[2], barge_in=[0.7])
GUARDS = ["reserve_for_transfers", "reserve_idle_agents", "overflow_by_expected_wait", "threshold"]
ROUTING = _some(
    agent_selection=GUARDS,
    request_selection=[*GUARDS, "weighted_wait", "queue_ratio"],
    require_available_agent=["logged_in"],
    leave_when_empty=[True],
    last_agent=[True],
    steps_after_ring_out=["go_on"],
    ageing=[30],
    queue_priority=[True],
)
DAY_S = 86_400


@st.composite
def rich_days(draw: Draw) -> Day:
    """A day as elsewhere in these tests, with some of the rest."""
    day = draw(all_days())
    spec, contacts = deepcopy(day.spec), deepcopy(day.contacts)
    for change in (_whispers, _lists, _supervisors, _rules, _known_names, _limits, _habits, _returns):
        if draw(st.booleans()):
            change(draw, spec)
    if draw(st.integers(0, 3)) == 0:
        _second_day(spec, contacts)
    if draw(st.integers(0, 3)) == 0:
        _given(draw, contacts)
    if draw(st.integers(0, 3)) == 0:
        _guarded(draw, spec)
    rich = Day(spec, contacts)
    try:
        assert rich.scenario
    except ValidationError:
        assume(False)
    return rich


def _whispers(draw: Draw, spec: Spec) -> None:
    for queue in spec["queues"].values():
        if "conference" in queue:
            queue["conference"]["whispers_per_minute"] = draw(st.sampled_from([1, 6]))


def _lists(draw: Draw, spec: Spec) -> None:
    queue = draw(st.sampled_from(list(spec["queues"].values())))
    for key in ("ring_time", "capacity", "balk", "wait_limit", "steps_after_ring_out"):
        queue.pop(key, None)
    queue |= {"mode": "pull", "pull": draw(PULL)}


def _supervisors(draw: Draw, spec: Spec) -> None:
    some = draw(st.lists(st.sampled_from(list(spec["queues"])), min_size=1, unique=True))
    spec["teams"]["watch"] = {"agents": draw(st.integers(1, 2)), "role": "supervisor"}
    spec["supervision"] = {
        "team": "watch",
        "queues": some,
        "probability": 0.6,
        "after": draw(_law(20)),
        "lasts": draw(_law(60)),
    } | draw(SUPERVISION)


def _rules(draw: Draw, spec: Spec) -> None:
    spec["routing"] = spec.get("routing", {}) | draw(ROUTING)
    if spec["routing"].get("request_selection") in ("priority", "longest_waiting", "own_level"):
        spec["routing"].pop("ageing", None)


def _guarded(draw: Draw, spec: Spec) -> None:
    """Both decisions under a guard, so that requests are held back beside agents who are available."""
    guard = draw(st.sampled_from(GUARDS))
    spec["routing"] |= {"agent_selection": guard, "request_selection": guard}
    spec["routing"].pop("ageing", None)


def _limits(draw: Draw, spec: Spec) -> None:
    """Waiting rooms, tasks of a queue at once, and who balks when nobody is free."""
    names = list(spec["queues"])
    spec["waiting_rooms"] = {"lobby": {"capacity": draw(st.integers(0, 3)), "queues": names[:2]}}
    for queue in spec["queues"].values():
        queue |= draw(_some(max_tasks=[1]))
        if "balk" in queue:
            queue["balk"] = {"share": 0.6, "when": draw(st.sampled_from(["nobody_free", "nobody_available"]))}
    spec["teams"]["all"] |= draw(_some(max_tasks_by_queue=[{names[0]: 1}]))


def _habits(draw: Draw, spec: Spec) -> None:
    """Pauses of the agents' own, and what follows several ring-outs in a row."""
    for team in spec["teams"].values():
        if team.get("role") == "supervisor":
            continue
        team |= draw(
            _some(
                pauses=[{"every": {"exponential": {"mean": 200}}, "for": 60}, {"every": 100, "for": 40}],
                after_ring=[{"chat": {"log_out": True}}, {"chat": {"not_ready": 40, "misses": 2}}],
            )
        )
        if draw(st.booleans()):
            team["after_ring"] = {"chat": {"log_out": True, "misses": 2}}


def _returns(draw: Draw, spec: Spec) -> None:
    spec["customers"] = {
        "after_abandon": {"come_back": 0.7, "after": 60, "at_most": 3}
        | draw(_some(patience=["same"], only_while_open=[True])),
        "after_no_agent": {"ask_again": 0.7, "after": 30, "at_most": 2} | draw(_some(only_while_open=[True])),
    }


def _known_names(draw: Draw, spec: Spec) -> None:
    for channel in spec["channels"].values():
        channel["identified"] = draw(st.sampled_from([0.5, 1.0]))


def _second_day(spec: Spec, contacts: list[Any]) -> None:
    """Two days, of which the roster goes on for those who still wait: most come shortly before the end."""
    spec["lasts"] = 2 * DAY_S
    for ends_a_wait in ("drain", "closing"):
        spec.pop(ends_a_wait, None)
    for channel in spec["channels"].values():
        channel.pop("request_ttl", None)
    for team in spec["teams"].values():
        if "head_count" in team:
            team["head_count"]["every"] = "16h"
    for contact in contacts:
        contact["at"] += 2 * DAY_S - 2 * LASTS_S if contact["at"] >= 300 else 0


def _given(draw: Draw, contacts: list[Any]) -> None:
    for contact in contacts:
        contact |= draw(_some(patience=[30.0, 100.0], handle_time=[50.0]))
