"""Looking up a conversation by what happens in it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import SimError
from sim.records.events import Event
from sim.report.choices import Find

if TYPE_CHECKING:
    from sim.scenario import Queue, Scenario


SHORT_LIFE_S = 5.0
"""By how much a request that is to find nobody outlives an offer that rings."""


class NothingFoundError(SimError):
    """No conversation of the day is like that; as with `grep`, this is no mistake, and no success."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Sight:
    """A thing to look for: how it is called, the event that shows it, and the keys that make it more frequent."""

    words: str
    shows: Callable[[Event], bool]
    remedy: "Callable[[Scenario], Iterable[str]]"


def find(events: Iterable[Event], what: Find) -> list[int]:
    """Give the numbers of the conversations in which it happens, in the order of their arrival."""
    shows = SIGHTS[what].shows
    return sorted({event.conversation for event in events if shows(event)})


def most_eventful(events: Iterable[Event]) -> int:
    """Give the number of the conversation in which most different things happen, the first of several."""
    seen: dict[int, set[str]] = {}
    for event in events:
        sights = seen.setdefault(event.conversation, set())
        sights.update(name for name, sight in SIGHTS.items() if sight.shows(event))
    return max(seen, key=lambda number: (len(seen[number]), -number))


def nothing_found(what: Find, conversations: int, scenario: "Scenario") -> NothingFoundError:
    """Say that nothing was found, and which key would make it happen."""
    sight = SIGHTS[what]
    keys = list(sight.remedy(scenario))
    where = f"no conversation with {sight.words} among {conversations}"
    if not keys:
        return NothingFoundError(f"{where}: {_MISSING[what]}")
    return NothingFoundError(f"{where}; try --set {keys[0]}, or another --seed or --replication")


def _is(*names: str) -> Callable[[Event], bool]:
    return lambda event: event.name in names


def _is_with(name: str, **detail: object) -> Callable[[Event], bool]:
    return lambda event: event.name == name and all(event.detail[key] == one for key, one in detail.items())


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
    """Let requests live hardly longer than an offer rings, where they live longer; else let the offers ring out."""
    rings = max(scenario.ring_time_of(name) for name in scenario.queues)
    shortest = rings + SHORT_LIFE_S
    channels = [
        f"channels.{name}.request_ttl={shortest:g}s"
        for name, channel in scenario.channels.items()
        if channel.request_ttl is None or channel.request_ttl > shortest
    ]
    return [*channels, *_teams("accept.probability=20%")(scenario)]


SIGHTS: dict[Find, Sight] = {
    "transfer": Sight(
        "a transfer",
        _is("transfer_placed"),
        _of_queues("transfer.probability=100%", lambda queue: queue.transfer),
    ),
    "conference": Sight(
        "a conference",
        _is("conference_placed"),
        _of_queues("conference.probability=100%", lambda queue: queue.conference),
    ),
    "whisper": Sight("a whisper", _is("whisper"), _whispering),
    "no-agent": Sight("no agent available", _is("no_agent"), _shorter_lives),
    "ring-out": Sight("an offer that rang out", _is("rang_out"), _teams("accept.probability=50%")),
    "named": Sight(
        "a transfer to a named agent",
        _is_with("transfer_placed", kind="named_transfer"),
        _of_queues("transfer.named=100%", lambda queue: queue.transfer),
    ),
    "warm": Sight(
        "a warm transfer",
        _is_with("transfer_placed", warm=True),
        _of_queues("transfer.warm=100%", lambda queue: queue.transfer),
    ),
    "supervisor": Sight(
        "a supervisor in it", _is("monitor_joined", "barged_in"), _supervising("probability=100%")
    ),
}
"""Everything that may be looked for."""

_MISSING: dict[Find, str] = {
    "transfer": "no queue has the key `transfer`",
    "conference": "no queue has the key `conference`",
    "whisper": "two are never in one together; no queue has `conference` or `pull`, nobody supervises",
    "no-agent": "there is no team",
    "ring-out": "there is no team",
    "named": "no queue has the key `transfer`",
    "warm": "no queue has the key `transfer`",
    "supervisor": "the scenario has no `supervision`",
}
