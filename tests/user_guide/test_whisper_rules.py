"""Whispers rule by rule (R6.1 to R6.4), with those that the model refuses."""

import pytest
from engine.worlds import at, centre, world

from sim.engine.clock import Due
from sim.engine.conversation import Conversation
from sim.engine.ranks import ARRIVAL
from sim.engine.simulate import Centre
from sim.engine.whisper import Whispers
from sim.policies import AGENT_SELECTIONS, RankedRequests, request_key
from sim.records import EVERYTHING, Recorder, Records
from sim.workload import by_hand
from user_guide.walk import Walk, walk_through

DESK = """
channels: {web: {medium: chat, request_ttl: 150s}}
routing: {ring_time: 60s}
queues:
  sales:
    medium: chat
    handle_time: 100s
    conference:
      probability: 50%
      after: 50%
      to: {support: 100%}
      joint_time: 30s
      then: {guest_leaves: 100%}
      while_waiting: holds
  support: {medium: chat, handle_time: 60s}
teams:
  front: {agents: 2, skills: {sales: 5}, wrap_up: 20s}
  experts: {agents: 2, skills: {support: 5}, accept: {delay: 5s}}
"""
EVERY_10_S = "queues.sales.conference.whispers_per_minute=6"
SUPERVISED = (
    "teams.leads={agents: 1, role: supervisor}",
    "supervision={team: leads, queues: [sales], probability: 100%, after: 20s, lasts: 500s}",
)
FIRST_IN, SECOND_IN, THIRD_IN = 0.1, 0.5, 0.9


def conferenced(*changes: str, **said: float | list[float]) -> Walk:
    said = {"conference": 0, "whisper_gap": [60] * 20, "whisper_sender": [FIRST_IN] * 20, **said}
    return walk_through(DESK, *changes, ann=at(0, **said))


class Attempt(Due):
    """Somebody's try to whisper in ann's conversation at an instant."""

    def __init__(self, centre: Centre, team: str, number: int) -> None:
        self.centre = centre
        self.sender = centre.teams[team].agents[number - 1]
        self.sent: bool | None = None

    def fire(self, token: int) -> None:
        conversation = self.conversation()
        if conversation.whispers is None:
            conversation.whispers = Whispers(conversation)
        self.sent = conversation.whispers.send(self.sender)

    def conversation(self) -> Conversation:
        return next(iter(self.centre.router.parts)).conversation


def attempt(seconds: float, team: str, number: int, *changes: str) -> tuple[bool | None, Records]:
    """Let an agent of ann's conference try to whisper; whether it was sent, and what was recorded."""
    scenario = centre(DESK, *changes)
    workload = by_hand(scenario, [{"at": 0, "channel": "web", "queue": "sales", "conference": 0}])
    recorder = Recorder(scenario, EVERYTHING)
    requests = RankedRequests(request_key("priority", False, 0.0))
    running = Centre(scenario, workload, recorder, AGENT_SELECTIONS["fewest_tasks"], requests, requests)
    tried = Attempt(running, team, number)
    running.clock.schedule_due(seconds, ARRIVAL, tried)
    ending = running.run()
    return tried.sent, Records(scenario, recorder, 0, ending)


# R6.1: who may.


@pytest.mark.parametrize(
    ("seconds", "team", "number", "who"),
    [
        (20, "front", 1, "alone with the customer"),
        (52, "front", 1, "the colleague who is called has not accepted yet"),
        (52, "experts", 1, "only offered the request"),
        (60, "front", 2, "not in the conversation"),
        (60, "experts", 2, "a member of the queue that was asked, but not in"),
        (90, "front", 1, "alone again since the guest has left"),
        (90, "experts", 1, "in no longer"),
        (140, "front", 1, "in wrap-up"),
    ],
)
def test_r6_1_a_whisper_that_is_not_allowed_is_refused(
    seconds: float, team: str, number: int, who: str
) -> None:
    sent, records = attempt(seconds, team, number)
    assert sent is False, who
    [refused] = records.events[records.events["event"] == "whisper_refused"].to_dict("records")
    assert (refused["at"], refused["agent"]) == (seconds, f"{team}-{number}")
    assert len(records.whispers) == 0
    assert records.conversations["whispers"].tolist() == [0]


@pytest.mark.parametrize(("team", "number"), [("front", 1), ("experts", 1)])
def test_r6_1_with_two_in_either_may(team: str, number: int) -> None:
    sent, records = attempt(60, team, number)
    assert sent is True
    assert records.whispers.to_dict("records") == [
        {"conversation_id": 1, "at": 60, "sender": f"{team}-{number}", "readers": "front-1, experts-1"}
    ]


def test_r6_1_with_a_supervisor_who_looks_in_too() -> None:
    sent, records = attempt(40, "front", 1, *SUPERVISED)
    assert sent is True
    assert records.whispers["readers"].tolist() == ["front-1, leads-1, experts-1"]


def test_r6_1_whispers_begin_and_end_with_the_second_agent() -> None:
    """The guest is in from 55 to 85; the whispers that would follow are not sent."""
    assert conferenced(EVERY_10_S).whispers == [
        "65 front-1: front-1, experts-1",
        "75 front-1: front-1, experts-1",
    ]


def test_r6_1_none_while_the_guest_is_only_being_looked_for() -> None:
    walk = conferenced(
        EVERY_10_S,
        "teams.experts.agents=0",
        "teams.front.agents=1",
        "teams.front.skills={sales: 5, support: 1}",
    )
    assert [e for e in walk.events() if e["event"].startswith("whisper")] == []


def test_r6_1_conference_and_supervision_add_their_rates() -> None:
    """6 a minute of the agents and 6 of the supervisor: every 5 s from 55 on, every 10 s before."""
    walk = conferenced(EVERY_10_S, *SUPERVISED, "supervision.whispers_per_minute=6")
    assert [line.split()[0] for line in walk.whispers][:6] == ["30", "40", "50", "60", "65", "70"]


# R6.2: who reads.


def test_r6_2_all_who_are_in_read_it_monitors_included() -> None:
    walk = conferenced(*SUPERVISED, EVERY_10_S)
    assert walk.whispers[0] == "65 front-1: front-1, experts-1, leads-1"
    told = [n for n in walk.notifications if n.kind == "whisper"]
    assert {n.audience for n in told} == {("front-1", "experts-1", "leads-1")}


def test_r6_2_the_customer_never_does() -> None:
    walk = conferenced(*SUPERVISED, EVERY_10_S)
    assert len(walk.whispers) > 1
    assert not [n for n in walk.notifications if n.kind == "whisper" and "customer" in n.audience]
    assert not [line for line in walk.lines() if line.whispered and line.seen_by("customer")]


def test_r6_2_who_joins_later_reads_what_was_said_before() -> None:
    """A whisper to the supervisor at 30; the guest joins at 55."""
    walk = conferenced(*SUPERVISED, "supervision.whispers_per_minute=6", whisper_gap=[0, 60, 9000])
    assert walk.whispers == ["30 front-1: front-1, leads-1, experts-1"]
    [line] = [line for line in walk.lines() if line.whispered]
    assert (line.readers, line.read_later) == (("front-1", "leads-1"), ["experts-1"])


def test_r6_2_who_has_left_does_not_read_what_is_said_later() -> None:
    walk = conferenced(
        "supervision={team: leads, queues: [sales], probability: 100%, after: 20s, lasts: 40s}",
        SUPERVISED[0],
        EVERY_10_S,
    )
    assert walk.whispers == ["65 front-1: front-1, experts-1", "75 front-1: front-1, experts-1"]


# R6.3, R6.4.


def test_r6_3_a_silent_monitor_may_whisper() -> None:
    """The documents say so; a later desk does not show the tab. Here it is shown."""
    walk = conferenced(
        *SUPERVISED, "supervision.whispers_per_minute=6", conference=0.9, whisper_sender=[THIRD_IN] * 20
    )
    assert walk.whispers[0] == "30 leads-1: front-1, leads-1"


def test_r6_4_whispers_change_nothing_else() -> None:
    silent, whispered = conferenced(), conferenced(EVERY_10_S)

    def without_whispers(walk: Walk) -> list[tuple[object, ...]]:
        return [(e["at"], e["event"], e["agent"]) for e in walk.events() if e["event"] != "whisper"]

    assert len(whispered.events()) == len(silent.events()) + 2
    assert without_whispers(whispered) == without_whispers(silent)
    assert whispered.tasks() == silent.tasks()


LIST = """
queues:
  chats:
    medium: chat
    handle_time: 100s
    mode: pull
    pull: {second_agent: 100%}
    conference: {probability: 50%, after: 20%, to: {help: 100%}, joint_time: 10s, then: {both_stay: 100%}}
  help:
    medium: chat
    handle_time: 100s
    conference: {probability: 50%, after: 50%, to: {nobody: 100%}, whispers_per_minute: 20}
  nobody: {medium: chat, handle_time: 1s}
teams:
  front: {agents: 2, skills: {chats: 1}}
  helper: {agents: 1, skills: {help: 1}}
"""


def test_the_rate_of_the_conference_asked_for_last_begins_with_a_leaving_as_well() -> None:
    """The helper asks for a conference at 70; the three are in since 20, and front-2 leaves at 100."""
    told = world(LIST, ann=at(0, conference=[0.1, 0.9, 0.1], whisper_gap=[60] * 20))
    assert told.story[2:] == [
        "70 ann: helper-1 sees chats 0 help 0 nobody 0, helper-1 calls nobody, placed in nobody at 10",
        "100 ann: front-2 leaves, front-2 DONE",
        "103 ann: whisper",
        "106 ann: whisper",
        "109 ann: whisper",
        "110 ann: front-1 leaves, front-1 DONE, helper-1 leaves, request cancelled, ends handled, helper-1 DONE",
    ]
