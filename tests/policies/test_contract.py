"""The contract with a policy of one's own: what it sees, how it is found, and what happens when it breaks it."""

import subprocess
import sys
from collections.abc import Sequence
from importlib import metadata
from typing import Any

import pytest
from engine.worlds import at, centre

from sim.engine import simulate
from sim.errors import SimError
from sim.policies import (
    AgentView,
    GuardedAgents,
    PolicyError,
    RequestView,
    ReserveForTransfers,
    agent_selection,
    request_selection,
    selection,
)
from sim.records import EVERYTHING, Recorder, Records
from sim.scenario.routing import GUARDS, WEIGHTED
from sim.workload import by_hand

DESKS = """
media: {chat: {max_tasks: 2}}
queues:
  calls:
    medium: chat
    handle_time: 100s
    steps: [{needs: "calls >= 5", for: 10s}, {needs: "calls >= 1"}]
teams:
  desk: {agents: 2, skills: {calls: 5}, max_tasks: {chat: 1}}
  spare: {agents: 1, skills: {calls: 1}, max_tasks: {chat: 1}}
"""
FOUR = [{**at(t), "queue": "calls", "channel": "web"} for t in (0, 1, 2, 3)]


def run(agents: Any = None, requests: Any = None, *changes: str) -> Records:
    scenario = centre(DESKS, *changes)
    return simulate(
        scenario, by_hand(scenario, FOUR), Recorder(scenario, EVERYTHING),
        agent_selection=agents, request_selection=requests,
    )  # fmt: skip


class Agents:
    """An agent selection made of a function."""

    def __init__(self, choose: Any) -> None:
        self._choose = choose

    def choose(self, request: RequestView, candidates: Sequence[AgentView], uniform: float) -> Any:
        return self._choose(request, candidates, uniform)


class Requests:
    """A request selection made of a function."""

    def __init__(self, choose: Any) -> None:
        self._choose = choose

    def choose(self, agent: AgentView, waiting: Sequence[RequestView]) -> Any:
        return self._choose(agent, waiting)


def first(_request: RequestView, candidates: Sequence[AgentView], _lot: float) -> AgentView:
    return candidates[0]


# What it sees.


def test_it_sees_the_step_that_is_looked_through_and_the_queue_as_it_is() -> None:
    seen = []

    def choose(request: RequestView, candidates: Sequence[AgentView], _lot: float) -> AgentView:
        queue = request.queue
        seen.append(
            (
                request.id,
                request.step,
                [c.name for c in candidates],
                queue.waiting,
                queue.available,
                queue.name,
            )
        )
        return candidates[-1]

    run(Agents(choose))
    once = seen[::2]  # each is asked twice
    assert seen[1::2] == once
    assert once[:3] == [
        (1, 1, ["desk-1", "desk-2"], 1, 3, "calls"),
        (2, 1, ["desk-1"], 1, 2, "calls"),
        (3, 2, ["spare-1"], 2, 1, "calls"),  # at 12 the second step opens
    ]


def test_an_agents_own_step_is_the_first_they_belong_to() -> None:
    seen = []

    def choose(agent: AgentView, waiting: Sequence[RequestView]) -> RequestView:
        seen.append((agent.name, [(request.id, request.step) for request in waiting]))
        return waiting[0]

    run(None, Requests(choose))
    assert seen[::2] == [("desk-1", [(4, 1)])]
    seen.clear()
    run(None, Requests(choose), "teams.desk.agents=1", "teams.spare.agents=1")
    assert ("spare-1", [(4, 2)]) in seen


def test_the_capacity_is_what_the_first_steps_present_agents_close() -> None:
    seen = []

    def choose(request: RequestView, candidates: Sequence[AgentView], _lot: float) -> AgentView:
        seen.append(request.queue.capacity_per_s)
        return candidates[0]

    run(Agents(choose), None, "teams.desk.wrap_up=60s", "teams.desk.speed={calls: 50%}")
    assert seen[0] == pytest.approx(2 / (100 / 0.5 + 60))
    seen.clear()
    run(Agents(choose), None, "teams.desk.max_tasks={chat: 2}", "media.chat.slowdown=100%")
    assert seen[0] == pytest.approx(2 * 2 / 200)


@pytest.mark.parametrize("name", ["tasks", "max_tasks", "ready_since"])
def test_it_cannot_write_to_what_changes(name: str) -> None:
    def choose(_request: RequestView, candidates: Sequence[AgentView], _lot: float) -> AgentView:
        setattr(candidates[0], name, 7)
        return candidates[0]

    if name == "max_tasks":
        run(Agents(choose))  # a copy: nobody reads it back
        assert run(Agents(choose)).requests["agent"].tolist() == run(Agents(first)).requests["agent"].tolist()
    else:
        with pytest.raises(PolicyError, match="raised AttributeError"):
            run(Agents(choose))


# What happens when it breaks the contract.


def test_one_that_raises_is_named_with_the_moment_and_the_request() -> None:
    def choose(request: RequestView, candidates: Sequence[AgentView], _lot: float) -> AgentView:
        if request.id == 2:
            raise KeyError("gold")
        return candidates[0]

    with pytest.raises(PolicyError) as raised:
        run(Agents(choose))
    assert str(raised.value) == (
        "1.0 s after opening, inbound request 2 to calls: agent selection Agents: raised KeyError: 'gold'"
    )
    assert isinstance(raised.value, SimError)
    assert isinstance(raised.value.__cause__, KeyError)


def test_an_agent_who_was_not_offered_to_it_is_refused() -> None:
    kept: list[AgentView] = []

    def choose(_request: RequestView, candidates: Sequence[AgentView], _lot: float) -> AgentView:
        kept.append(candidates[0])
        return kept[0]

    with pytest.raises(PolicyError) as raised:
        run(Agents(choose))
    assert str(raised.value) == (
        "1.0 s after opening, inbound request 2 to calls: agent selection Agents: answered desk-1, none of desk-2"
    )


def test_something_that_is_no_agent_is_refused() -> None:
    with pytest.raises(PolicyError, match=r"answered 'desk-1', none of desk-1, desk-2$"):
        run(Agents(lambda _request, candidates, _lot: candidates[0].name))


def test_one_that_counts_its_calls_is_not_deterministic() -> None:
    calls = [0]

    def choose(_request: RequestView, candidates: Sequence[AgentView], _lot: float) -> AgentView:
        calls[0] += 1
        return candidates[calls[0] % len(candidates)]

    with pytest.raises(
        PolicyError, match=r"request 1 .* not deterministic: answered desk-2, and desk-1 when"
    ):
        run(Agents(choose))


def test_a_request_selection_is_held_to_it_too() -> None:
    about = "100.0 s after opening, inbound request 4 to calls: request selection Requests, for desk-1: "
    for policy, what in [
        (Requests(lambda _agent, _waiting: "the first"), "answered 'the first', none of request 4"),
        (Requests(lambda _agent, waiting: waiting[0].id / 0), "raised ZeroDivisionError: division by zero"),
    ]:
        with pytest.raises(PolicyError) as raised:
            run(None, policy)
        assert str(raised.value) == about + what


def test_nobody_is_a_good_answer_and_leaves_the_request_waiting() -> None:
    """Step by step: the first step's agents are turned down, the spare one of the second is taken."""
    answered = run(Agents(lambda request, agents, _lot: agents[0] if request.step == 2 else None)).requests
    assert set(answered["agent"].dropna()) == {
        "spare-1",
        "desk-1",
        "desk-2",
    }  # freed ones look for themselves
    assert answered.set_index("request_id").loc[1, "answered_at"] == 10


# How it is found.


def registered(monkeypatch: pytest.MonkeyPatch, name: str, value: str, group: str = selection.AGENTS) -> None:
    point = metadata.EntryPoint(name, value, group)

    def entry_points(**wanted: str) -> Any:
        return metadata.EntryPoints([point]).select(**wanted)

    monkeypatch.setattr(metadata, "entry_points", entry_points)
    selection._registered.cache_clear()
    selection._registered_over.cache_clear()


KEPT_FREE = GuardedAgents(ReserveForTransfers())


def test_a_registered_one_is_found_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    registered(monkeypatch, "kept_free", "policies.test_contract:KEPT_FREE")
    found = agent_selection("kept_free")
    assert isinstance(found, GuardedAgents)
    assert selection.name_of(found) == "kept_free"
    scenario = centre(DESKS, "routing.agent_selection=kept_free")
    waits = simulate(scenario, by_hand(scenario, FOUR)).requests.set_index("request_id")["wait"]
    assert waits.loc[1] == 0
    assert waits.loc[3] > 0


def test_a_class_is_made_into_a_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    registered(monkeypatch, "anybody", "sim.policies.selection:RandomSelection")
    assert type(agent_selection("anybody")).__name__ == "RandomSelection"


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("a_package_that_is_not_there:Policy", "cannot be loaded: ModuleNotFoundError"),
        ("sim.policies.guarded:GuardedAgents", "cannot be loaded: TypeError"),
        ("sim.policies.guarded:expected_wait_s", "cannot be loaded: TypeError"),
        ("sim.engine:simulate", "cannot be loaded: TypeError"),
        ("collections:OrderedDict", "has no `choose`"),
    ],
)
def test_what_is_registered_wrongly_is_said(monkeypatch: pytest.MonkeyPatch, value: str, what: str) -> None:
    registered(monkeypatch, "odd", value)
    with pytest.raises(PolicyError) as raised:
        agent_selection("odd")
    assert f"agent_selection `odd` ({value}): {what}" in str(raised.value)


def test_one_that_was_uninstalled_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    registered(monkeypatch, "other", "sim:nothing", selection.REQUESTS)
    with pytest.raises(PolicyError, match="request_selection `gone`: no installed package registers it"):
        request_selection("gone", queue_priority=False, ageing_s=0.0)


@pytest.mark.parametrize("name", [*GUARDS, *WEIGHTED])
def test_the_shipped_ones_are_named_in_a_scenario(name: str) -> None:
    agents = [f"routing.agent_selection={name}"] if name in GUARDS else []
    scenario = centre(DESKS, f"routing.request_selection={name}", *agents)
    assert len(simulate(scenario, by_hand(scenario, FOUR)).requests) == 4


def test_every_shipped_one_has_a_name_in_a_scenario() -> None:
    assert set(selection.SHIPPED) == {*GUARDS, *WEIGHTED}


def test_looking_up_a_built_in_one_reads_no_metadata() -> None:
    code = (
        "import sys; from sim.policies import agent_selection, request_selection;"
        "agent_selection('random'); request_selection('priority', False, 0.0);"
        "print('importlib.metadata' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
