"""A guard keeps the order underneath it: priority, the queues' own and ageing, unless it is told another one."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import sim
from sim.engine import simulate
from sim.policies import GuardedAgents, GuardedRequests, PolicyError, RankedRequests, request_key
from sim.policies.files import policies_of
from sim.policies.guarded import Threshold
from sim.scenario import Scenario
from sim.workload import by_hand

DESK = """
lasts: 1h
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
labels: {vip: {priority: 5}}
queues:
  gold: {medium: voice, priority: 10, handle_time: 100s}
  normal: {medium: voice, priority: 1, handle_time: 100s}
teams: {desk: {agents: 1, skills: {gold: 5, normal: 5}}}
arrivals: [{channel: phone, queue: gold, per_hour: 1, labels: {vip: 1%}}, {channel: phone, queue: normal, per_hour: 1}]
"""
CALLS = [
    {"at": 0, "channel": "phone", "queue": "normal"},
    {"at": 10, "channel": "phone", "queue": "normal"},
    {"at": 40, "channel": "phone", "queue": "normal", "label": "vip"},
    {"at": 50, "channel": "phone", "queue": "gold"},
]
"""While the first is served until 100 s an early caller, one of priority 5 and one for the better queue come."""

BY_QUEUE, BY_PRIORITY, BY_AGE = ([2, 1, 0], [1, 0, 2], [0, 1, 2])
"""In which place the three who wait are served: the early one, the one of priority 5, the one for the better queue."""


class Anybody:
    """A rule that forbids nothing."""

    def allows(self, request: object) -> bool:
        """Return that every request may be offered."""
        return True


def places(scenario: Scenario, **policies: object) -> list[int]:
    """Return in which place the three who wait are served."""
    run = simulate(scenario, by_hand(scenario, CALLS), **policies)  # type: ignore[arg-type]
    answered = run.requests.set_index("request_id").sort_index()["answered_at"].loc[2:].tolist()
    return [sorted(answered).index(at) for at in answered]


@pytest.mark.parametrize("rule", ["priority", "overflow_by_expected_wait", "reserve_for_transfers"])
@pytest.mark.parametrize(
    ("switches", "expected"),
    [
        ({"routing.queue_priority": True}, BY_QUEUE),
        ({}, BY_PRIORITY),
        ({"routing.ageing": "5s"}, BY_AGE),
        ({"routing.queue_priority": True, "routing.ageing": "5s"}, [1, 2, 0]),
    ],
)
def test_a_shipped_guard_keeps_the_order(rule: str, switches: dict[str, object], expected: list[int]) -> None:
    """With 5 s a point, the early caller's 30 s count 6 points, more than the 4 between them and priority 5."""
    aged = rule == "priority" and "routing.ageing" in switches
    named = {"routing.request_selection": "priority_with_ageing" if aged else rule}
    scenario = sim.loads(DESK).set({**switches, **named})
    # The reserve would hold back everybody's own requests where there is one agent.
    policies = {"request_selection": GuardedRequests(Anybody())} if rule == "reserve_for_transfers" else {}
    assert places(scenario, **policies) == expected


def test_a_guard_that_is_told_an_order_keeps_to_it() -> None:
    told = RankedRequests(request_key("longest_waiting", queue_priority=False, ageing_s=0.0))
    scenario = sim.loads(DESK).set("routing.queue_priority", True)
    assert places(scenario, request_selection=GuardedRequests(Anybody(), told)) == [0, 1, 2]


class OwnGuard:
    """A guard of somebody's own, which takes the order that it is given."""

    order = RankedRequests(request_key("longest_waiting", queue_priority=False, ageing_s=0.0))

    def over(self, order: RankedRequests) -> "OwnGuard":
        """Return one over that order."""
        made = OwnGuard()
        made.order = order
        return made

    def choose(self, agent, waiting):  # type: ignore[no-untyped-def]
        """Return the first in the order."""
        return self.order.choose(agent, waiting)


def test_a_guard_of_one_s_own_is_given_the_order() -> None:
    scenario = sim.loads(DESK).set("routing.queue_priority", True)
    assert places(scenario, request_selection=OwnGuard()) == BY_QUEUE


@pytest.mark.parametrize("guard", [GuardedRequests(Anybody()), OwnGuard(), None])
def test_a_guard_keeps_the_agent_s_own_level_first(guard: object) -> None:
    """The one agent is better at the normal queue, so its callers go first, of them the one of priority 5."""
    level = sim.loads(DESK).set({"routing.request_selection": "own_level", "teams.desk.skills.normal": 9})
    assert places(level, request_selection=guard) == [1, 0, 2]
    equal = sim.loads(DESK).set({"routing.request_selection": "own_level", "routing.queue_priority": True})
    assert places(equal, request_selection=guard) == BY_QUEUE
    better = equal.set("teams.desk.skills.normal", 9)
    assert places(better, request_selection=guard) == [1, 0, 2]


def test_a_shipped_guard_by_policy_keeps_the_rule_that_the_scenario_names(tmp_path: Path) -> None:
    """As above, the guard being one of those that come with the package; it can hold back nothing here."""
    file = tmp_path / "mine.py"
    file.write_text("import sim.policies\nclass Helpers(sim.policies.Threshold): pass\n", encoding="utf-8")
    policies = policies_of([f"{file}:Helpers"])
    level = sim.loads(DESK).set({"routing.request_selection": "own_level", "teams.desk.skills.normal": 9})
    assert places(level, **policies) == [1, 0, 2]
    assert places(level.set("routing.request_selection", "longest_waiting"), **policies) == [0, 1, 2]


@pytest.mark.parametrize(
    ("step", "waiting", "allowed"), [(1, 0, True), (2, 4, False), (2, 5, True), (2, 6, True)]
)
def test_later_steps_help_while_enough_wait(step: int, waiting: int, allowed: bool) -> None:
    request: Any = SimpleNamespace(step=step, queue=SimpleNamespace(waiting=waiting))
    assert Threshold(waiting=5).allows(request) is allowed


class Failing:
    """A rule that cannot be asked."""

    def allows(self, request: object) -> bool:
        """Fail."""
        raise ValueError("no such column")


class Fickle:
    """A rule that says something else each time."""

    def __init__(self) -> None:
        self.says = False

    def allows(self, request: object) -> bool:
        """Return the opposite of what was said before."""
        self.says = not self.says
        return self.says


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Failing(), "inbound request 1 to normal: agent selection .*: raised ValueError: no such column"),
        (Fickle(), "agent selection .*: is not deterministic: allowed it once, and not when asked again"),
    ],
)
def test_a_rule_of_one_s_own_is_held_to_its_word(rule: Any, said: str) -> None:
    scenario = sim.loads(DESK)
    with pytest.raises(PolicyError, match=said):
        simulate(scenario, by_hand(scenario, CALLS), agent_selection=GuardedAgents(rule))


@pytest.mark.parametrize(("is_allowed", "chosen"), [(True, "idle"), (False, None)])
def test_a_guard_asks_its_order_for_those_alone_that_its_rule_allows(
    is_allowed: bool, chosen: str | None
) -> None:
    rule: Any = SimpleNamespace(allows=lambda _: is_allowed)
    last: Any = SimpleNamespace(choose=lambda _request, candidates, _uniform: candidates[-1])
    assert GuardedAgents(rule, last).choose(None, ("busy", "idle"), 0.5) == chosen  # type: ignore[arg-type, comparison-overlap]
    tasks = [
        SimpleNamespace(tasks=n, ready_since=0.0, rank=n, offered_last=0, skill=lambda _: 1) for n in (2, 1)
    ]
    fewest = GuardedAgents(rule).choose(SimpleNamespace(queue_name="gold"), tasks, 0.5)  # type: ignore[arg-type]
    assert fewest is (tasks[1] if is_allowed else None)
