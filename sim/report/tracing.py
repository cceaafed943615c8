"""The story of one conversation of a simulated day, as a page of text."""

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from sim.engine import simulate
from sim.errors import SimError, did_you_mean, shown
from sim.metrics.formatting import span
from sim.records import Recorder
from sim.records.events import Event, read_events
from sim.report.choices import Find, View
from sim.report.finding import SIGHTS, find, most_eventful, nothing_found
from sim.report.story_page import lay_out
from sim.report.timeline import Line, people, timeline, view
from sim.workload import draw

if TYPE_CHECKING:
    from sim.scenario import Scenario

OTHERS_SHOWN = 8


def trace(
    scenario: "Scenario",
    *,
    seed: int | None = None,
    replication: int = 0,
    wanted: Find | None = None,
    conversation: int | None = None,
    through: View = "all",
    agent: str | None = None,
    width: int = 100,
) -> str:
    """Simulate a day and tell one conversation of it.

    It is the one of that number, or the first in which what is `wanted` happens, else the one in which most
    happens. `through` says whose view it is; an agent's is that of `agent`, or of the first who comes in.

    Raises NothingFoundError where nothing like it happens, SimError for an unknown number or name.
    """
    day = _Day(scenario, seed, replication)
    number, why = day.choose(wanted, conversation)
    lines = timeline(day.of(number), day.lists)
    name = _agent(lines, number, agent) if through == "agent" else None
    head = [day.title(number), day.summary(number, through), *why, *_as_whom(lines, through, name)]
    body = lay_out(view(lines, through, name), through, name, scenario.opens_at, width)
    return "\n".join([*(row for line in head for row in wrap(line, width)), "", *body])


class _Day:
    """One replication with all its events."""

    def __init__(self, scenario: "Scenario", seed: int | None, replication: int) -> None:
        self.scenario = scenario
        self.seed = scenario.seed if seed is None else seed
        self.replication = replication
        self.lists = [name for name, queue in scenario.queues.items() if queue.mode == "pull"]
        recorder = Recorder(scenario, ("events", "conversations"))
        records = simulate(scenario, draw(scenario, replication, self.seed), recorder)
        self.events: list[Event] = read_events(records.events)
        table = records.conversations.sort_values("conversation_id")
        self.conversations = table.set_index("conversation_id").to_dict("index")

    def of(self, number: int) -> list[Event]:
        return [event for event in self.events if event.conversation == number]

    def choose(self, wanted: Find | None, number: int | None) -> tuple[int, list[str]]:
        """Give the number of the conversation to tell, and why it is this one."""
        count = len(self.conversations)
        if not count:
            raise SimError("nobody makes contact on this day")
        if number is not None:
            if number not in self.conversations:
                raise SimError(f"conversation {number}: there are {count}, numbered from 1")
            return number, []
        if wanted is None:
            return most_eventful(self.events), ["Chosen because most happens in it."]
        found = find(self.events, wanted)
        if not found:
            raise nothing_found(wanted, count, self.scenario)
        return found[0], [_first_of(found, wanted)]

    def title(self, number: int) -> str:
        where = f"seed {self.seed}, replication {self.replication}"
        return f"{self.scenario.name}, {where}: conversation {number} of {len(self.conversations)}"

    def summary(self, number: int, through: View) -> str:
        """Say how the conversation went, in one line; the customer's own knows of no whispers."""
        row = self.conversations[number]
        counted = [
            f"{row[name]} {name if row[name] != 1 else name[:-1]}"
            for name in ("agents", "transfers", "conferences", "whispers")
            if row[name] and (name != "whispers" or through != "customer")
        ]
        waited = [f"waits of {span(row['total_wait'])} in all"] if row["total_wait"] else []
        lasted = row["ended_at"] - row["arrived_at"]
        ended = f"{_OUTCOMES[row['outcome']]} after {span(lasted)}" if lasted == lasted else "unfinished"
        again = self._contacts_before(number)
        return "; ".join([f"{row['channel']} to {row['queue']}, {ended}", *waited, *counted, *again]) + "."

    def _contacts_before(self, number: int) -> list[str]:
        row = self.conversations[number]
        if not row["attempt"]:
            return []
        before = [
            str(other) for other, one in self.conversations.items()
            if one["customer_id"] == row["customer_id"] and one["attempt"] < row["attempt"]
        ]  # fmt: skip
        return [f"the customer's contact {row['attempt'] + 1}, before: conversation {', '.join(before)}"]


_OUTCOMES = {
    "handled": "served",
    "contained": "served by the bot",
    "balked": "balked",
    "abandoned": "abandoned",
    "blocked": "blocked",
    "no_agent": "ended without an agent",
    "disconnected": "sent away",
}


def _first_of(found: Sequence[int], wanted: Find) -> str:
    words = SIGHTS[wanted].words
    if len(found) == 1:
        return f"The only one with {words}."
    others = ", ".join(map(str, found[1 : OTHERS_SHOWN + 1]))
    more = " and more" if len(found) > OTHERS_SHOWN + 1 else ""
    return f"The first of {len(found)} with {words}; then {others}{more}."


def _agent(lines: Sequence[Line], number: int, name: str | None) -> str:
    """Give the agent whose view it is: the one named, or the first who does anything."""
    known = people(lines)
    if not known:
        raise SimError(f"conversation {number}: no agent sees anything of it")
    if name is None:
        return known[0]
    if name not in known:
        raise SimError(
            f"--agent {shown(name)} has no part in conversation {number}; {did_you_mean(name, known)}"
        )
    return name


def _as_whom(lines: Sequence[Line], through: View, name: str | None) -> list[str]:
    if through == "customer":
        return ["As the customer sees it."]
    if name is None:
        return []
    others = [other for other in people(lines) if other != name]
    return [f"As {name} sees it{'; --agent shows ' + ', '.join(others) if others else ''}."]
