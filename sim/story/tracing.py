"""The story of one conversation of a simulated day, as a page of text."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

from sim.engine import simulate
from sim.errors import SimError, did_you_mean, quoted
from sim.metrics.formatting import duration
from sim.records import Recorder
from sim.records.events import EVENTS, Event, read_events
from sim.scenario.wall_clock import clock_of
from sim.story import Find, View
from sim.story.timeline import Line, lay_out, people, timeline, view
from sim.workload import draw

if TYPE_CHECKING:
    from sim.scenario import Queue, Scenario
    from sim.scenario.budget import Cap

SHORT_LIFE_S = 5.0
"""By how much a request that is to find nobody outlives an offer that rings."""


class NothingFoundError(SimError):
    """No conversation of the day is like that; as with `grep`, this is no mistake, and no success."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class EventSearch:
    """A thing to look for: how it is called, the event that shows it, and the keys that make it more frequent."""

    words: str
    shows: Callable[[Event], bool]
    remedy: "Callable[[Scenario], Iterable[str]]"


def find(events: Iterable[Event], what: Find) -> list[int]:
    """Return the numbers of the conversations in which it happens, in the order of their arrival."""
    shows = SEARCHES[what].shows
    return sorted({event.conversation for event in events if shows(event)})


def most_eventful(events: Iterable[Event]) -> int:
    """Return the number of the conversation in which most different things happen, the first of several."""
    seen: dict[int, set[str]] = {}
    for event in events:
        sights = seen.setdefault(event.conversation, set())
        sights.update(name for name, sight in SEARCHES.items() if sight.shows(event))
    return max(seen, key=lambda number: (len(seen[number]), -number))


def nothing_found(what: Find, conversations: int, scenario: "Scenario") -> NothingFoundError:
    """Describe that nothing was found, and which key would make it happen."""
    sight = SEARCHES[what]
    keys = list(sight.remedy(scenario))
    where = f"no conversation with {sight.words} among {conversations}"
    if not keys:
        return NothingFoundError(f"{where}: {_MISSING[what]}")
    return NothingFoundError(f"{where}; try --set {keys[0]}, or another --seed or --replication")


def _is_found(what: Find, **detail: object) -> Callable[[Event], bool]:
    """Make the question whether an event answers a search, those that say so in the table with these details."""
    names = frozenset(name for name, kind in EVENTS.items() if what in kind.found_by)
    return lambda event: event.name in names and all(event.detail[key] == one for key, one in detail.items())


def _of_queues(key: str, has: "Callable[[Queue], object]") -> "Callable[[Scenario], Iterable[str]]":
    """Make the assignments `queues.NAME.key` for the queues that have what the key belongs to."""
    return lambda scenario: [f"queues.{name}.{key}" for name, queue in scenario.queues.items() if has(queue)]


def _whispering(scenario: "Scenario") -> Sequence[str]:
    conferences = _of_queues("conference.whispers_per_minute=2", lambda queue: queue.conference)(scenario)
    lists = _of_queues("pull.whispers_per_minute=2", lambda queue: queue.pull)(scenario)
    return [*conferences, *lists, *_supervising("whispers_per_minute=2")(scenario)]


def _supervising(key: str) -> "Callable[[Scenario], Iterable[str]]":
    return lambda scenario: [f"supervision.{key}"] if scenario.supervision is not None else []


def _teams(key: str) -> "Callable[[Scenario], Iterable[str]]":
    return lambda scenario: [f"teams.{name}.{key}" for name in scenario.teams]


def _shorter_lives(scenario: "Scenario") -> Sequence[str]:
    """Return changes after which requests live hardly longer than an offer rings, or else offers ring out."""
    rings = max(scenario.ring_time_of(name) for name in scenario.queues)
    shortest = rings + SHORT_LIFE_S
    channels = [
        f"channels.{name}.request_ttl={shortest:g}s"
        for name, channel in scenario.channels.items()
        if channel.request_ttl is None or channel.request_ttl > shortest
    ]
    return [*channels, *_teams("accept.probability=20%")(scenario)]


def _handing_back(scenario: "Scenario") -> Sequence[str]:
    """Return changes after which teams hand back what is open at the end of their shifts."""
    return [
        f"teams.{name}.at_shift_end.{medium}=hand_back"
        for name, team in scenario.teams.items() if team.shifts and team.role == "agent"
        for medium in scenario.media
    ]  # fmt: skip


SEARCHES: dict[Find, EventSearch] = {
    "transfer": EventSearch(
        "a transfer",
        _is_found("transfer"),
        _of_queues("transfer.probability=100%", lambda queue: queue.transfer),
    ),
    "conference": EventSearch(
        "a conference",
        _is_found("conference"),
        _of_queues("conference.probability=100%", lambda queue: queue.conference),
    ),
    "whisper": EventSearch("a whisper", _is_found("whisper"), _whispering),
    "no-agent": EventSearch("no agent available", _is_found("no-agent"), _shorter_lives),
    "wait-limit": EventSearch(
        "a wait at its limit",
        _is_found("wait-limit"),
        _of_queues("wait_limit.after=1s", lambda queue: queue.wait_limit),
    ),
    "ring-out": EventSearch(
        "an offer that rang out", _is_found("ring-out"), _teams("accept.probability=50%")
    ),
    "named": EventSearch(
        "a transfer to a named agent",
        _is_found("named", kind="named_transfer"),
        _of_queues("transfer.named=100%", lambda queue: queue.transfer),
    ),
    "warm": EventSearch(
        "a warm transfer",
        _is_found("warm", warm=True),
        _of_queues("transfer.warm=100%", lambda queue: queue.transfer),
    ),
    "supervisor": EventSearch(
        "a supervisor in it", _is_found("supervisor"), _supervising("probability=100%")
    ),
    "sent-back": EventSearch("a way back to the queue", _is_found("sent-back"), _handing_back),
}
"""Everything that may be looked for."""

_MISSING: dict[Find, str] = {
    "transfer": "no queue has the key `transfer`",
    "conference": "no queue has the key `conference`",
    "whisper": "two are never in one together; no queue has `conference` or `pull`, nobody supervises",
    "no-agent": "there is no team",
    "wait-limit": "no queue has the key `wait_limit`",
    "ring-out": "there is no team",
    "named": "no queue has the key `transfer`",
    "warm": "no queue has the key `transfer`",
    "supervisor": "the scenario has no `supervision`",
    "sent-back": "no medium is `interrupted_by` another one, and no team has a shift that ends",
}


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
    cap: "Cap | None" = None,
) -> str:
    """Simulate a day and tell one conversation of it.

    It is the one of that number, or the first in which what is `wanted` happens, else the one in which most
    happens. `through` says whose view it is; an agent's is that of `agent`, or of the first who comes in.

    Raises NothingFoundError where nothing like it happens, SimError for an unknown number or name, and
    BudgetError where the day takes more than `cap`.
    """
    day = _Day(scenario, seed, replication, cap)
    number, why = day.choose(wanted, conversation)
    lines = timeline(day.of(number), day.lists)
    name = _agent(lines, number, agent) if through == "agent" else None
    head = [day.title(number), day.summary(number, through), *why, *_as_whom(lines, through, name)]
    body = lay_out(view(lines, through, name), through, name, clock_of(scenario), width)
    return "\n".join([*(row for line in head for row in wrap(line, width)), "", *body])


class _Day:
    """One replication with all its events."""

    def __init__(self, scenario: "Scenario", seed: int | None, replication: int, cap: "Cap | None") -> None:
        self.scenario = scenario
        self.seed = scenario.seed if seed is None else seed
        self.replication = replication
        self.lists = [name for name, queue in scenario.queues.items() if queue.mode == "pull"]
        recorder = Recorder(scenario, ("events", "conversations"))
        records = simulate(scenario, draw(scenario, replication, self.seed), recorder, cap=cap)
        self.events: list[Event] = read_events(records.events)
        table = records.conversations.sort_values("conversation_id")
        self.conversations = table.set_index("conversation_id").to_dict("index")

    def of(self, number: int) -> list[Event]:
        return [event for event in self.events if event.conversation == number]

    def choose(self, wanted: Find | None, number: int | None) -> tuple[int, list[str]]:
        """Return the number of the conversation to tell, and why it is this one."""
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
        """Describe how the conversation went, in one line; the customer's own knows of no whispers."""
        row = self.conversations[number]
        counted = [
            f"{row[name]} {name if row[name] != 1 else name[:-1]}"
            for name in ("agents", "transfers", "conferences", "whispers")
            if row[name] and (name != "whispers" or through != "customer")
        ]
        waited = [f"waits of {duration(row['total_wait'])} in all"] if row["total_wait"] else []
        lasted = row["ended_at"] - row["arrived_at"]
        ended = f"{_OUTCOMES[row['outcome']]} after {duration(lasted)}" if lasted == lasted else "unfinished"
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
    "voicemail": "ended in voice mail",
    "wait_limit": "ended at the wait limit",
}


def _first_of(found: Sequence[int], wanted: Find) -> str:
    words = SEARCHES[wanted].words
    if len(found) == 1:
        return f"The only one with {words}."
    others = ", ".join(map(str, found[1 : OTHERS_SHOWN + 1]))
    more = " and more" if len(found) > OTHERS_SHOWN + 1 else ""
    return f"The first of {len(found)} with {words}; then {others}{more}."


def _agent(lines: Sequence[Line], number: int, name: str | None) -> str:
    """Return the agent whose view it is: the one named, or the first who does anything."""
    known = people(lines)
    if not known:
        raise SimError(f"conversation {number}: no agent sees anything of it")
    if name is None:
        return known[0]
    if name not in known:
        raise SimError(
            f"--agent {quoted(name)} has no part in conversation {number}; {did_you_mean(name, known)}"
        )
    return name


def _as_whom(lines: Sequence[Line], through: View, name: str | None) -> list[str]:
    if through == "customer":
        return ["As the customer sees it."]
    if name is None:
        return []
    others = [other for other in people(lines) if other != name]
    return [f"As {name} sees it{'; --agent shows ' + ', '.join(others) if others else ''}."]
