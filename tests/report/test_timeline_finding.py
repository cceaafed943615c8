"""Which conversation is told, and what is said where there is none like it."""

import re
from collections.abc import Callable
from functools import cache
from typing import get_args

import pytest

from report.conftest import Day
from sim.errors import SimError
from sim.scenario import Scenario, loads
from sim.story import Find
from sim.story.tracing import SEARCHES, NothingFoundError, find, most_eventful, trace

QUIET = """
name: Quiet desk
lasts: 30m
media: {chat: {max_tasks: 1}}
channels: {web: {medium: chat, request_ttl: 5m}}
routing: {ring_time: 20s}
queues:
  calls: {medium: chat, handle_time: 60s, transfer: {probability: 0%, to: {help: 100%}},
    conference: {probability: 0%, after: 50%, to: {help: 100%}, joint_time: 5m, while_waiting: holds}}
  help: {medium: chat, handle_time: 60s}
teams:
  desk: {agents: 2, skills: {calls: 5}}
  helpers: {agents: 2, skills: {help: 5}}
  leads: {agents: 1, role: supervisor}
supervision: {team: leads, queues: [calls], probability: 0%, after: 5s, lasts: 60s}
arrivals: [{channel: web, queue: calls, per_hour: 60}]
"""
NEEDS_A_TRANSFER = "named", "warm"
NEEDS = {
    "whisper": "queues.calls.conference.probability=100%",
    "no-agent": "teams.desk.accept.probability=70%",
    "wait-limit": "queues.calls.wait_limit={after: 1h, then: end}",
    "sent-back": "teams.desk={skills: {calls: 5}, shifts: [{from: '00:00', to: '00:20', agents: 2}]}",
}
IN_THE_DAY = [what for what in get_args(Find) if what not in ("wait-limit", "sent-back")]


def quiet(*changes: str) -> Scenario:
    return loads(QUIET, overrides=changes)


def test_everything_that_may_be_asked_for_can_be_found() -> None:
    assert set(SEARCHES) == set(get_args(Find))


@pytest.fixture(scope="module")
def told(day: Day) -> Callable[[Find], str]:
    """The story of what was asked for, of which there is one however many tests read it."""
    return cache(lambda what: trace(day.scenario, wanted=what, width=300))


@pytest.mark.slow
@pytest.mark.parametrize("what", IN_THE_DAY)
def test_the_first_is_told_and_how_many_there_are(day: Day, told: Callable[[Find], str], what: Find) -> None:
    found = find(day.events, what)
    assert len(found) > 1
    page = told(what).splitlines()
    assert page[0].startswith(f"Reference day, seed 20260302, replication 0: conversation {found[0]} of ")
    assert page[2].startswith(f"The first of {len(found)} with {SEARCHES[what].words}; then {found[1]}")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("what", "shown"),
    [
        ("transfer", "transfers to|take over"), ("conference", "calls a colleague of"), ("whisper", r"\[whisper\]"),
        ("no-agent", "no agent"), ("ring-out", "lets it ring out after"), ("named", "naming|alone|could be named"),
        ("warm", "take over"), ("supervisor", "looks in silently"),
    ],
)  # fmt: skip
def test_what_was_asked_for_is_in_the_story(told: Callable[[Find], str], what: Find, shown: str) -> None:
    assert re.search(shown, told(what))


@pytest.mark.parametrize("what", get_args(Find))
def test_the_remedy_that_is_named_makes_it_happen(what: Find) -> None:
    """Some need a transfer, a conference to whisper in, an offer that rings, a limit or an end of shift, first."""
    base = [f"queues.calls.{one}.probability=100%" for one in ("transfer",) if what in NEEDS_A_TRANSFER]
    base += [NEEDS[what]] if what in NEEDS else []
    with pytest.raises(NothingFoundError) as nothing:
        trace(quiet(*base), wanted=what)
    said = str(nothing.value)
    assert said.startswith(f"no conversation with {SEARCHES[what].words} among 29; try --set ")
    [key] = re.findall(r"--set (\S+=\S+),", said)
    assert trace(quiet(*base, key), wanted=what)


@pytest.mark.parametrize(
    ("what", "missing"),
    [
        ("transfer", "no queue has the key `transfer`"),
        ("conference", "no queue has the key `conference`"),
        ("named", "no queue has the key `transfer`"),
        ("warm", "no queue has the key `transfer`"),
        ("supervisor", "the scenario has no `supervision`"),
        ("wait-limit", "no queue has the key `wait_limit`"),
        ("sent-back", "no medium is `interrupted_by` another one, and no team has a shift that ends"),
        ("whisper", "two are never in one together; no queue has `conference` or `pull`, nobody supervises"),
    ],
)
def test_where_no_key_would_help_it_says_what_is_missing(what: Find, missing: str) -> None:
    scenario = quiet("queues.calls.transfer=null", "queues.calls.conference=null", "supervision=null")
    with pytest.raises(NothingFoundError, match=re.escape(missing)):
        trace(scenario, wanted=what)


def test_nothing_found_is_not_a_mistake_of_the_users() -> None:
    assert NothingFoundError.exit_code == 1
    assert SimError.exit_code == 2


def test_without_a_wish_the_most_eventful_is_told(day: Day) -> None:
    number = most_eventful(day.events)
    found = {what: set(find(day.events, what)) for what in SEARCHES}
    counts = {n: sum(n in one for one in found.values()) for n in {e.conversation for e in day.events}}
    assert number == min(n for n, count in counts.items() if count == max(counts.values()))
    page = trace(day.scenario, width=300).splitlines()
    assert f"conversation {number} of" in page[0]
    assert page[2] == "Chosen because most happens in it."


def test_of_several_alike_the_first_is_told() -> None:
    assert "conversation 1 of 29" in trace(quiet()).splitlines()[0]


def test_a_number_that_is_not_there() -> None:
    with pytest.raises(SimError, match="conversation 99: there are 29, numbered from 1"):
        trace(quiet(), conversation=99)


def test_a_day_without_contacts() -> None:
    with pytest.raises(SimError, match="nobody makes contact on this day"):
        trace(quiet("arrivals.0.per_hour=0"))


def test_another_seed_and_another_replication_are_other_days() -> None:
    days = {trace(quiet(), conversation=1, **day) for day in ({}, {"seed": 7}, {"replication": 1})}
    assert len(days) == 3
    assert trace(quiet(), conversation=1) == trace(quiet(), conversation=1)


def test_the_summary_says_how_it_went(day: Day) -> None:
    row = day.records.conversations.set_index("conversation_id").loc[1]
    summary = trace(day.scenario, conversation=1, width=300).splitlines()[1]
    assert summary.startswith(f"{row['channel']} to {row['queue']}, ")
    assert summary.endswith(".")


def test_a_customer_who_comes_back_is_known_by_their_contacts_before() -> None:
    scenario = quiet(
        "teams.desk.agents=1",
        "queues.calls.handle_time=20m",
        "queues.calls.patience=60s",
        "customers={after_abandon: {come_back: 100%, after: 2m, at_most: 2}}",
    )
    pages = [trace(scenario, conversation=number, width=300).splitlines()[1] for number in range(1, 30)]
    assert any("the customer's contact 2, before: conversation " in page for page in pages)
    assert any(re.search(r"contact 3, before: conversation \d+, \d+", page) for page in pages)


# Through whose eyes.


def test_the_customers_own_page_knows_of_no_whispers(day: Day) -> None:
    page = trace(day.scenario, wanted="whisper", through="customer", width=300)
    assert "whisper" in page.splitlines()[2]  # why this one was chosen, which the reader has asked for
    own = page.splitlines()[1:2] + page.splitlines()[3:]
    assert own[1] == "As the customer sees it."
    assert not [line for line in own if "hisper" in line]


def test_an_agents_page_is_that_of_the_first_one_in_or_of_the_one_named(day: Day) -> None:
    first = trace(day.scenario, wanted="conference", through="agent", width=300).splitlines()[3]
    name, others = re.fullmatch(r"As (\S+) sees it; --agent shows (.*)\.", first).groups()  # type: ignore[union-attr]
    other = others.split(", ")[0]
    assert other != name
    page = trace(day.scenario, wanted="conference", through="agent", agent=other, width=300).splitlines()
    assert page[3].startswith(f"As {other} sees it; --agent shows {name}")


def test_an_agent_without_a_part_in_it_is_a_mistake_with_the_nearest_name(day: Day) -> None:
    with pytest.raises(
        SimError, match=r"`front-1` has no part in conversation \d+; did you mean `frontline-"
    ):
        trace(day.scenario, wanted="conference", through="agent", agent="front-1")


def test_a_conversation_without_agents_is_seen_by_none() -> None:
    scenario = quiet("channels.web.lines=1", "queues.calls.handle_time=1h")
    with pytest.raises(SimError, match="conversation 2: no agent sees anything of it"):
        trace(scenario, conversation=2, through="agent")
