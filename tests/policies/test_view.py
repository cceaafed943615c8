"""What a policy sees of the centre: the time, waits, lengths, recent service and busy shares; and heads, not lists."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from engine.worlds import at, centre

from sim.engine import simulate
from sim.engine.consulting import _all_words
from sim.policies import AgentView, PolicyError, RequestView
from sim.policies.selection import RankedRequests
from sim.workload import by_hand

CALLS_AND_MAILS = """
lasts: 2h
labels: {vip: {priority: 9}}
media: {chat: {max_tasks: 1}}
queues:
  calls:
    medium: chat
    handle_time: 100s
    service_level: {within: 60s, target: 80%}
    transfer: {probability: 100%, to: {calls: 100%}, patience: 1h, at_most: 1}
  mails: {medium: chat, handle_time: 100s}
teams:
  desk: {agents: 1, skills: {calls: 5, mails: 5}}
  spare: {agents: 2, skills: {mails: 1}}
"""
"""Each says whether they transfer, by the number that decides it: below 1 they do."""


class Asked:
    """A request selection that keeps what it was shown, and takes the first."""

    def __init__(self, look: Any) -> None:
        self.look = look
        self.seen: list[Any] = []

    def choose(self, agent: AgentView, waiting: Sequence[RequestView]) -> RequestView:
        self.seen.append(self.look(agent, waiting))
        return waiting[0]


def shown(look: Any, *contacts: dict[str, Any], changes: Sequence[str] = ()) -> list[Any]:
    """Return what the policy saw at each decision, which it is asked twice."""
    scenario = centre(CALLS_AND_MAILS, *changes)
    policy = Asked(look)
    said = [{"transfer": 1.0, **c, "channel": "web"} for c in contacts]
    simulate(scenario, by_hand(scenario, said), request_selection=policy)
    assert policy.seen[::2] == policy.seen[1::2]
    return policy.seen[::2]


def call(seconds: float, **said: Any) -> dict[str, Any]:
    return at(seconds, queue="calls", **said)


def test_the_time_and_the_waits_are_those_of_the_decision() -> None:
    def look(agent: AgentView, waiting: Sequence[RequestView]) -> Any:
        queue = agent.view.queues["calls"]
        return agent.view.now_s, [w.waited_s for w in waiting], queue.waiting, queue.longest_wait_s

    assert shown(look, call(0), call(10), call(30), call(70, patience=5)) == [
        (100, [90], 2, 90),  # the caller of 70 has left at 75
        (200, [170], 1, 170),
    ]


def test_a_policy_is_shown_the_head_of_each_queue_and_kind() -> None:
    """Of four calls the first of the highest priority, beside the first mail and the transfer that is behind all."""

    def look(_agent: AgentView, waiting: Sequence[RequestView]) -> Any:
        return [(w.queue_name, w.kind, w.id) for w in waiting]

    seen = shown(
        look,
        call(0, transfer=0.0), call(10), call(20, label="vip"), at(30, queue="mails"), at(31, queue="mails"),
        at(32, queue="mails"), at(33, queue="mails"), call(40, label="vip"),
        changes=("routing.exclude_requester=off", "routing.transfer_priority=2"),
    )  # fmt: skip
    # At 100 the first caller is transferred; both spare desks have a mail each.
    assert [("calls", "inbound", 3), ("mails", "inbound", 6), ("calls", "transfer", 9)] in seen


def test_the_queue_of_a_request_has_its_name_and_its_priority() -> None:
    def look(_agent: AgentView, waiting: Sequence[RequestView]) -> Any:
        return waiting[0].queue.name, waiting[0].queue.priority

    assert shown(look, call(0), call(10), changes=["queues.calls.priority=3"]) == [("calls", 3)]


def test_a_request_is_shown_with_its_place_and_the_priority_of_its_queue() -> None:
    def look(_agent: AgentView, waiting: Sequence[RequestView]) -> Any:
        one = waiting[0]
        return one.priority, one.queue_priority, one.placed_at, one.queue.name

    assert shown(look, call(0), call(10, label="vip"), changes=["queues.calls.priority=3"]) == [
        (9, 3, 10, "calls")
    ]


def test_who_has_moved_to_another_queue_waits_there() -> None:
    """At 100 the caller of 10 has waited for the mails for 40 s, and the longest wait for calls is that of 55."""

    def look(agent: AgentView, _waiting: Sequence[RequestView]) -> Any:
        queues = agent.view.queues
        return queues["calls"].longest_wait_s, queues["mails"].longest_wait_s

    moves = ["queues.calls.wait_limit={after: 50s, then: {queue: mails}}", "teams.spare.skills={calls: 0}"]
    assert shown(look, call(0), call(10), call(55), changes=moves)[0] == (45, 40)


def test_recent_service_counts_who_ended_within_half_an_hour() -> None:
    def look(agent: AgentView, _waiting: Sequence[RequestView]) -> Any:
        return agent.view.now_s, agent.view.queues["calls"].in_time_share

    seen = shown(
        look,
        call(0),  # answered at once
        call(5, patience=10),  # lost at 15
        call(10),  # answered at 100, after 90 s
        call(190), call(195, patience=3),  # answered at 200 after 10 s, and lost at 198: of four one was in time
        call(1810, handle_time=100), call(1815),  # at 1910 those of 0, 15 and 100 are over half an hour old
    )  # fmt: skip
    assert seen == [(100, 1 / 2), (200, 1 / 4), (1910, 2 / 3)]


def test_recent_service_where_nobody_was_served_is_good_and_without_a_threshold_a_mistake() -> None:
    def look(agent: AgentView, _waiting: Sequence[RequestView]) -> Any:
        return agent.view.queues["mails"].in_time_share

    level = "queues.mails.service_level={within: 1h, target: 80%}"
    assert shown(look, call(0), call(10), changes=[level]) == [1.0]
    with pytest.raises(PolicyError, match="raised LookupError: the queue has no service_level"):
        shown(look, call(0), call(10))


def test_capacity_is_slots_by_how_long_a_task_holds_one() -> None:
    """One desk of two slots, each held for 100 s at three quarters of the speed and 20 s of wrap-up."""

    def look(agent: AgentView, _waiting: Sequence[RequestView]) -> Any:
        return agent.view.queues["calls"].capacity_per_s

    how = [
        "media.chat={max_tasks: 2, pace: [100%, 75%]}",
        "teams.desk.wrap_up=20s",
        "teams.spare.skills={mails: 1}",
    ]
    found = shown(look, call(0), call(1), call(10), changes=how)
    assert found == [pytest.approx(2 / (100 / 0.75 + 20))]
    found = shown(look, call(0), call(1), call(10), changes=[*how, "queues.calls.aht_factor=2"])
    assert found == [pytest.approx(2 / (200 / 0.75 + 20))]


class Seeing:
    """A selection of agents that keeps what it saw of a queue, and leaves the first customer waiting."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def choose(
        self, request: RequestView, candidates: Sequence[AgentView], uniform: float
    ) -> AgentView | None:
        del uniform
        calls = request.view.queues["calls"]
        self.seen.append(
            (calls.waiting, calls.longest_wait_s, calls.in_time_share, calls.available, calls.idle)
        )
        return None if request.id == 1 else candidates[0]


def test_a_selection_of_agents_alone_sees_the_waits_and_who_is_idle() -> None:
    policy, two_slots = Seeing(), "media.chat.max_tasks=2"
    contacts = [{**call(seconds, transfer=1.0), "channel": "web"} for seconds in (0, 10, 30)]
    scenario = centre(CALLS_AND_MAILS, two_slots)
    simulate(scenario, by_hand(scenario, contacts), agent_selection=policy)
    # The desk has the second caller as the third one comes; the first is taken from the queue, where nobody asks it.
    assert policy.seen[::2] == policy.seen[1::2]
    assert policy.seen[::2] == [(1, 0, 1.0, 1, 1), (2, 10, 1.0, 1, 1), (2, 30, 1.0, 1, 0)]


def test_the_busy_share_is_of_those_who_are_present() -> None:
    def look(agent: AgentView, _waiting: Sequence[RequestView]) -> Any:
        return {name: team.busy_share for name, team in agent.view.teams.items()}

    away = "teams.spare={skills: {mails: 1}, shifts: [{from: '00:00', to: '00:03', agents: 2}]}"
    mails = [at(5, queue="mails", handle_time=150), at(6, queue="mails", handle_time=60)]
    seen = shown(look, call(0), call(10), call(20), *mails, changes=[away])
    assert seen == [
        {"desk": 0.0, "spare": 0.5},  # at 100 the one mail is done and the other is not; the desk is free
        {"desk": 0.0, "spare": 1.0},  # at 200 nobody of the spare desks is there
    ]


@pytest.mark.parametrize("name", ["queues", "teams"])
def test_the_view_cannot_be_written_to(name: str) -> None:
    def look(agent: AgentView, _waiting: Sequence[RequestView]) -> Any:
        getattr(agent.view, name)["calls"] = None

    with pytest.raises(PolicyError, match="raised TypeError: 'mappingproxy' object does not support"):
        shown(look, call(0), call(10))


def test_a_decision_is_shown_no_more_where_a_thousand_wait() -> None:
    sizes = shown(
        lambda _agent, waiting: (len(waiting), waiting[0].queue.waiting),
        call(0, handle_time=5000),
        *[call(1)] * 1000,
    )
    assert sizes[0] == (1, 1000)


def test_an_agent_and_a_request_are_shown_with_all_that_is_known_of_them() -> None:
    """At 100 the desk ends its first offer, 40 s of wrap-up follow, and the call of 10 waits for 130 s."""

    def look(agent: AgentView, waiting: Sequence[RequestView]) -> Any:
        one, team = waiting[0], agent.view.teams["desk"]
        skills = [agent.skill(queue) for queue in ("calls", "mails", "other")]
        person = agent.name, agent.team_name, agent.rank, agent.max_tasks, agent.tasks, skills
        when = agent.ready_since, agent.offered_last, one.placed_at, one.enqueued_at, one.waited_s
        which = one.id, one.kind, one.queue_name, one.step, one.priority, one.queue_priority
        return person, when, which, (team.name, one.queue.available, one.view.now_s)

    seen = shown(look, call(0), call(10), changes=["teams.desk.wrap_up=40s", "queues.calls.priority=2"])
    assert seen == [
        (("desk-1", "desk", 0, 1, 0, [5, 5, 0]), (140, 1, 10, 10, 130), (2, "inbound", "calls", 1, 1, 2),
         ("desk", 1, 140)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("shown_to", "words"), [(8, "1, 2, 3, 4, 5, 6, 7, 8"), (9, "1, 2, 3, 4, 5, 6, 7, 8, ...")]
)
def test_a_message_names_eight_at_most(shown_to: int, words: str) -> None:
    assert _all_words(range(1, shown_to + 1)) == words


def test_a_key_alone_looks_at_no_skill() -> None:
    """By the skill the second would come first."""
    agent = SimpleNamespace(skill={"calls": 1, "mails": 9}.__getitem__)
    waiting = [SimpleNamespace(queue_name=queue, placed_at=at) for queue, at in (("calls", 5), ("mails", 7))]
    by_time = RankedRequests(lambda one: (one.placed_at,))
    assert by_time.choose(agent, waiting) is waiting[0]  # type: ignore[arg-type]
    by_level = RankedRequests(lambda one: (one.placed_at,), by_own_level=True)
    assert by_level.choose(agent, waiting) is waiting[1]  # type: ignore[arg-type]
