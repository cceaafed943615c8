"""What must hold in every run: routing, over random centres."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from engine.random_scenarios import Day, all_days, days, on
from engine.running import Run
from engine.shadow import AVAILABLE, Shadow
from sim.policies import AGENT_SELECTIONS, request_selection
from sim.records import EVERYTHING, NOTHING, WITHOUT_EVENTS
from sim.scenario import Scenario


@on(all_days())
def test_every_contact_ends_in_exactly_one_outcome(day: Day) -> None:
    run = Run(day)
    arrived = Counter(e["conversation_id"] for e in run.events if e["event"] == "arrived")
    ended = {e["conversation_id"]: e for e in run.events if e["event"] == "conversation_ended"}
    rows = {row["conversation_id"]: row for row in run.conversations}
    assert len(rows) == len(run.conversations) == len(arrived)
    assert set(arrived.values()) <= {1}
    assert len({row["customer_id"] for row in run.conversations}) == len(day.contacts)
    for number, row in rows.items():
        if row["outcome"] == "unfinished":
            assert number not in ended
            assert row["ended_at"] is None
            assert day.scenario.drain is not None or _waits_for_ever(run, number)
        else:
            assert ended[number]["detail"]["outcome"] == row["outcome"]
            assert ended[number]["at"] == row["ended_at"]


def _waits_for_ever(run: Run, conversation: int) -> bool:
    """Whether a contact ended in a queue that nobody comes to, with a customer of endless patience and no TTL."""
    last = max(
        (r for r in run.requests if r["conversation_id"] == conversation), key=lambda r: r["request_id"]
    )
    patient = run.scenario.queues[last["queue"]].patience is None
    endless = time_to_live(run.scenario, last) is None
    return last["outcome"] == "unfinished" and patient and endless


@on(all_days())
def test_no_agent_is_above_their_slots_nor_twice_in_a_conversation(day: Day) -> None:
    shadow = Shadow(Run(day))
    for _ in shadow.instants():
        for (agent, medium), tasks in shadow.slots.items():
            assert 0 <= tasks <= day.scenario.max_tasks_of(agent.rpartition("-")[0], medium)
        for (agent, queue), tasks in shadow.of_queue.items():
            assert 0 <= tasks <= shadow.most_of_queue(agent, queue)
        for agents in shadow.inside.values():
            assert len(agents) == len(set(agents))


@on(all_days())
def test_nobody_is_offered_a_request_who_is_not_ready_or_active(day: Day) -> None:
    """READY or ACTIVE is an agent who is on and has a slot free; a member of an open step, unless they are named."""
    shadow = Shadow(Run(day))
    for event in shadow.events():
        if event["event"] != "offered":
            continue
        agent, request = event["agent"], shadow.waiting.get(event["request_id"])
        medium = day.scenario.queues[event["queue"]].medium
        assert shadow.slots[agent, medium] < day.scenario.max_tasks_of(agent.rpartition("-")[0], medium)
        assert shadow.states_at(agent, medium, event["at"]) - {"NOT_READY", "PENDING_NOT_READY"}
        assert request is None or shadow.may_serve(agent, request)


@on(all_days())
def test_nobody_waits_while_an_agent_who_may_serve_them_is_available(day: Day) -> None:
    run = Run(day)
    shadow = Shadow(run)
    for now in shadow.instants():
        for waiting in shadow.waiting.values():
            medium = day.scenario.queues[waiting.queue].medium
            for agent in shadow.agents():
                if shadow.state(agent, medium, now) in AVAILABLE:
                    assert not shadow.may_serve(agent, waiting), (now, agent, waiting)


@on(all_days())
def test_nobody_is_passed_over_by_a_request_with_a_lesser_claim(day: Day) -> None:
    """No other request that this agent might have been offered at this moment is before the one offered."""
    shadow = Shadow(Run(day))
    for event in shadow.events():
        taken = shadow.waiting.get(event["request_id"])
        if event["event"] != "offered" or taken is None:
            continue
        medium = day.scenario.queues[taken.queue].medium
        agent = event["agent"]
        others = [
            other
            for other in shadow.waiting.values()
            if day.scenario.queues[other.queue].medium == medium and shadow.may_serve(agent, other)
        ]
        line = shadow.in_line([taken, *others], agent, event["at"])
        assert line[taken.request] == min(line.values()), (event, line)


def time_to_live(scenario: Scenario, row: dict[str, Any]) -> float | None:
    """Return what the scenario says by kind of request, else by queue, else by channel."""
    if row["from_queue"] is not None:
        spec = scenario.queues[row["from_queue"]]
        part = spec.conference if row["kind"] == "conference" else spec.transfer
        if part is not None and part.request_ttl is not None:
            return part.request_ttl
    own = scenario.queues[row["queue"]].request_ttl
    return scenario.channels[row["channel"]].request_ttl if own is None else own


@on(all_days())
def test_a_request_never_outlives_its_ttl_by_more_than_one_ring(day: Day) -> None:
    run = Run(day)
    moved = {row["conversation_id"] for row in run.requests if row["outcome"] == "moved"}
    for row in run.requests:
        ttl = time_to_live(day.scenario, row)
        if ttl is not None:
            longest = ttl + day.scenario.ring_time_of(row["queue"])
            assert run.until(row["ended_at"]) - row["placed_at"] <= longest + 1e-9
            routing = day.scenario.routing
            required = routing.leave_when_empty or routing.require_available_agent != "off"
            goes_on = row["conversation_id"] in moved  # its time-to-live began with another request
            # A limit may end a search before its time.
            limited = day.scenario.queues[row["queue"]].wait_limit is not None
            early = required or goes_on or limited or row["kind"] == "named_transfer"
            if row["outcome"] == "no_agent" and not early:
                assert row["wait"] >= ttl - 1e-9


@on(days())
def test_requests_offers_and_tasks_balance(day: Day) -> None:
    run = Run(day)
    events = Counter(event["event"] for event in run.events)
    requests = {row["request_id"]: row for row in run.requests}
    blocked = sum(e["event"] == "blocked" and e["detail"]["reason"] != "lines" for e in run.events)
    assert len(requests) == len(run.requests)
    assert len(requests) == events["request_placed"] + events["balked"] - blocked
    outcomes = Counter(row["outcome"] for row in run.requests)
    assert outcomes["answered"] == events["accepted"] == events["agent_joined"]
    assert sum(outcomes.values()) == len(requests)
    assert sum(row["offers"] for row in run.requests) == events["offered"]
    assert sum(row["ring_outs"] for row in run.requests) == events["rang_out"]
    for number, row in requests.items():
        tasks = [task for task in run.tasks if task["request_id"] == number]
        reserved = [task for task in tasks if task["task_reserved_time"] is not None]
        answered = [task for task in tasks if task["task_answered_time"] is not None]
        assert len(reserved) == row["offers"]
        assert len(answered) == (row["outcome"] == "answered")
        assert sum(task["task_disposition"] == "RONA" for task in tasks) in (
            row["ring_outs"],
            row["ring_outs"] - 1,
        )


@pytest.mark.slow
@on(days())
def test_conversations_follow_from_their_requests(day: Day) -> None:
    run = Run(day)
    for row in run.conversations:
        of_it = [r for r in run.requests if r["conversation_id"] == row["conversation_id"]]
        requests = [r for r in of_it if r["outcome"] != "moved"]
        answered = [r for r in requests if r["outcome"] == "answered"]
        transfers = [r for r in requests if r["kind"] == "transfer"]
        requests = [r for r in requests if r["kind"] != "rerouted"]
        assert row["agents"] == len(answered)
        assert row["transfers"] == len(transfers)
        assert len(requests) - len(transfers) <= 1
        requests = [r for r in of_it if r["outcome"] != "moved"]
        if answered:
            assert row["answered_at"] == answered[0]["answered_at"]
        last = max(requests, key=lambda r: r["request_id"])["outcome"] if requests else None
        expected = {
            "handled": ("answered",),
            "balked": ("abandoned",),
            "abandoned": ("abandoned",),
            "no_agent": ("no_agent",),
            "disconnected": ("disconnected",),
            "voicemail": ("voicemail",),
            "wait_limit": ("wait_limit",),
            "contained": (None,),
            "blocked": (None,),
            "unfinished": ("answered", "unfinished", None),
        }[row["outcome"]]
        assert last in expected


# One trajectory, however it is looked at and decided.


@on(all_days())
def test_the_same_seed_gives_the_same_records(day: Day) -> None:
    once, again = Run(day), Run(Day(day.spec, day.contacts))
    assert once.horizon == again.horizon
    for name in EVERYTHING:
        assert once.rows(name) == again.rows(name)


@pytest.mark.slow
@on(all_days())
def test_recording_less_changes_nothing(day: Day) -> None:
    everything, tables, nothing = (Run(day, wanted) for wanted in (EVERYTHING, WITHOUT_EVENTS, NOTHING))
    assert everything.horizon == tables.horizon == nothing.horizon
    for name in WITHOUT_EVENTS:
        assert everything.rows(name) == tables.rows(name)


class _Shown:
    """A policy that hides how it is made, so that the engine has to show it everybody."""

    def __init__(self, policy: object) -> None:
        self.choose = policy.choose  # type: ignore[attr-defined]


@on(all_days())
def test_the_ordered_heaps_choose_as_the_rules_do_when_shown_everybody(day: Day) -> None:
    routing = day.scenario.routing
    by_rule = request_selection(routing.request_selection, routing.queue_priority, routing.ageing)
    # Who is sent away first at closing follows the order of waiting, which a policy of one's own does not have.
    day = replace(day, spec={**day.spec, "closing": "serve_out"})
    shown = Run(
        day,
        agent_selection=_Shown(AGENT_SELECTIONS[routing.agent_selection]),
        request_selection=_Shown(by_rule),
    )
    usual = Run(day)
    for name in EVERYTHING:
        assert usual.rows(name) == shown.rows(name)
