"""Each pair of kinds that can fall on one instant, in the order of the table of docs/rules.md.

Two things happen at 600 s in a centre that has nothing else in it, each in a queue and a team of its own. Which of
them was put into the calendar first makes no difference: each pair is tried both ways.
"""

from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from engine.worlds import Contact, at, centre, told_of
from sim.engine import ranks
from sim.engine.agent import Agent
from sim.engine.event_log import Log
from sim.engine.simulate import Centre

pytestmark = pytest.mark.usefixtures("on_simpy")

RULES = Path(__file__).parents[2] / "docs/rules.md"
T = 600

NOBODY = "{agents: 0, skills: {Q: 1}}"
SOMEBODY = "{agents: 1, skills: {Q: 1}}"
QUEUE = "{medium: chat, handle_time: 1h}"

Kind = tuple[str, str, Callable[[int], list[Contact]]]


def _nobody_comes(lead: int) -> list[Contact]:
    del lead
    return []


def _comes_before(lead: int, **said: Any) -> list[Contact]:
    return [at(T - lead, **said)]


def _shift(text: str, at_s: str) -> str:
    return f"{{skills: {{Q: 1}}, shifts: [{{from: '00:00', {text}, agents: 1, breaks: [{at_s}]}}]}}"


# By rank: its name, the queue, the team, and the contacts, for an entry made so many seconds before.
KINDS: dict[str, Kind] = {
    "GOES": (QUEUE, _shift("to: '00:10'", "{at: AGO, for: 1s}"), _nobody_comes),
    "CLOSING": (QUEUE, NOBODY, _nobody_comes),
    "CUSTOMER_LEAVES": (QUEUE, NOBODY, lambda lead: _comes_before(lead, patience=lead)),
    "ACCEPT": (QUEUE, SOMEBODY, lambda lead: _comes_before(lead, accept_delay=lead)),
    "HANDLING_ENDS": (QUEUE, SOMEBODY, lambda lead: _comes_before(lead, handle_time=lead)),
    "RING_TIMEOUT": (
        "{medium: chat, handle_time: 1h, ring_time: LEADs}",
        "{agents: 1, skills: {Q: 1}, accept: {probability: 50%}}",
        lambda lead: _comes_before(lead, accept=0.9),
    ),
    "REQUEST_TTL": (QUEUE, NOBODY, lambda lead: _comes_before(lead, channel="timed")),
    "STEP_OPENS": (
        "{medium: chat, handle_time: 1h, steps: [{needs: Q >= 9, for: LEADs}, {needs: Q >= 1}]}",
        NOBODY,
        _comes_before,
    ),
    "WRAP_UP_ENDS": (QUEUE, SOMEBODY, lambda lead: [at(T - lead - 50, handle_time=50, wrap_up=lead)]),
    "COMES": (QUEUE, _shift("to: '00:11'", "{at: AGO, for: LEADs}"), _nobody_comes),
    "EMPTIES": (
        "{medium: chat, handle_time: 1h, leave_when_empty: on}",
        _shift("to: '00:10'", "{at: AGO, for: LEADs}"),
        _comes_before,
    ),
    "ARRIVAL": (QUEUE, NOBODY, lambda lead: [at(T - lead), at(T)]),
    "LOOK": (
        "{medium: chat, handle_time: 1h, mode: pull, pull: {reaction: LEADs}}",
        SOMEBODY,
        _comes_before,
    ),
}

SEEN_AS = {
    "request_abandoned": "CUSTOMER_LEAVES",
    "accepted": "ACCEPT",
    "agent_left": "HANDLING_ENDS",
    "rang_out": "RING_TIMEOUT",
    "no_agent": "REQUEST_TTL",
    "step_opened": "STEP_OPENS",
    "task_closed": "WRAP_UP_ENDS",
    "queue_emptied": "EMPTIES",
    "arrived": "ARRIVAL",
}
"""The event by which one sees that something of a kind has happened; for the others see `trace`."""


@pytest.fixture
def trace(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Collect what happens at the instant, by kind and by queue or team."""
    seen: list[tuple[str, str]] = []

    def spy(owner: Any, method: str, noted: Callable[..., tuple[float, str, str] | None]) -> None:
        usual = getattr(owner, method)

        def also(self: Any, *args: Any, **named: Any) -> Any:
            found = noted(self, *args)
            if found is not None and found[0] == T and found[1:] not in seen:
                seen.append(found[1:])
            return usual(self, *args, **named)

        monkeypatch.setattr(owner, method, also)

    def written(log: Any, event: str, thing: Any, *_: Any) -> tuple[float, str, str]:
        conversation = getattr(thing, "conversation", thing)
        return log._clock.now, SEEN_AS.get(event, event), conversation.queue

    spy(Log, "request", written)
    spy(Log, "conversation", written)
    spy(Log, "arrival", lambda log, one: (log._clock.now, "ARRIVAL", one.queue))
    spy(Agent, "log_in", lambda agent: (agent.clock.now, "COMES", agent.team.name))
    spy(Agent, "log_out", lambda agent: (agent.clock.now, "GOES", agent.team.name))
    spy(Centre, "close", lambda centre: (centre.clock.now, "CLOSING", "CLOSING"))
    return seen


def _world(*kinds: tuple[str, int]) -> tuple[str, dict[str, Contact]]:
    """Write the centre in which these things happen at the instant, each put into the calendar so long before."""
    queues, teams, contacts = [], [], {}
    timed = "channels: {web: {medium: chat}}"
    for kind, lead in kinds:
        queue, team, come = KINDS[kind]
        made_at = T - lead - (kind == "GOES")
        for text, lines in ((queue, queues), (team, teams)):
            said = text.replace("Q", kind).replace("LEAD", str(lead))
            lines.append(f"  {kind}: " + said.replace("AGO", f"'00:{made_at // 60:02d}:{made_at % 60:02d}'"))
        for number, contact in enumerate(come(lead)):
            contacts[f"{kind}{number}"] = {"queue": kind, **contact}
        if kind == "REQUEST_TTL":
            timed = f"channels: {{web: {{medium: chat}}, timed: {{medium: chat, request_ttl: {lead}s}}}}"
    lasts = "10m" if "CLOSING" in dict(kinds) else "11m"
    lines = [timed, "queues:", *queues, "teams:", *teams, f"lasts: {lasts}", "drain: 0s"]
    return "\n".join(lines), contacts


NOT_SO = [("CLOSING", "COMES"), ("CLOSING", "ARRIVAL")]
"""Pairs that need more than a thing of its own each; they are in `test_ties.py`."""


@pytest.mark.parametrize(("first", "then"), [pair for pair in combinations(KINDS, 2) if pair not in NOT_SO])
def test_the_table_decides_whatever_was_in_the_calendar_first(
    first: str, then: str, trace: list[tuple[str, str]]
) -> None:
    for leads in ((60, 30), (30, 60)):
        trace.clear()
        text, contacts = _world((first, leads[0]), (then, leads[1]))
        told_of(centre(text), contacts)
        order = [kind for kind, where in trace if kind == where or (kind, where) == ("ACCEPT", "LOOK")]
        assert order == [first, {"LOOK": "ACCEPT"}.get(then, then)], leads


def test_the_rules_have_the_table_of_the_clock() -> None:
    table = RULES.read_text().partition("## Events of one instant")[2].partition("\n- ")[0]
    rows = [line.split("|")[1:3] for line in table.splitlines() if line.startswith("|")][2:]
    written = {name.strip(" `"): int(rank) for rank, name in rows}
    assert written == {name: rank for name, rank in vars(ranks).items() if name.isupper()}
    assert [name for name in written if name in KINDS] == list(KINDS)
