"""Which of several changed keys is the likeliest cause of a figure that has changed."""

from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum

from sim.scenario import Scenario
from sim.scenario.teams import serves

Key = tuple[str | int, ...]
"""The steps to a key of a scenario, with the numbers of list entries."""

PARTS = {"queue": "queues", "team": "teams", "channel": "channels"}
"""The columns of a figure's place and the sections of a scenario that define what stands in them."""

NO_CAUSES = frozenset({"name", "description", "targets"})
"""Keys that change no event."""

HANDED_ON = frozenset({"transfer", "conference"})
"""Keys of a queue that make requests of the kinds in whose names they are."""


class Nearness(IntEnum):
    """How near a key is to a figure; the smaller, the nearer."""

    OWN = 0  # of the queue, team or channel that the figure is about
    FEEDING = 1  # of a team that serves the queue, of a queue that passes customers on to it
    COMMON = 2  # of the whole centre, such as the ring time
    OTHER = 3  # of another queue, team or channel
    NONE = 4  # of nothing that happens


def steps(key: str) -> Key:
    """Split a key into its steps."""
    return tuple(int(step) if step.isdecimal() else step for step in key.split("."))


def nearest_cause(keys: Sequence[Key], place: Mapping[str, str], scenario: Scenario) -> Key:
    """Return the key nearest to the figure of a place, the first of several that are equally near.

    A figure of all queues is nearest to the first key that changes events.
    """
    return min(keys, key=lambda key: min(_nearness(key, place, scenario)))


def _nearness(key: Key, place: Mapping[str, str], scenario: Scenario) -> Iterator[Nearness]:
    section, *below = key
    if section in NO_CAUSES:
        yield Nearness.NONE
        return
    kind = place.get("kind")
    if kind is not None and any(step in HANDED_ON and step in kind for step in map(str, below)):
        yield Nearness.OWN
    if not {*PARTS} & {*place}:
        yield Nearness.COMMON
        return
    yield from _by_part(section, below, place, scenario)


def _by_part(
    section: str | int, below: Sequence[str | int], place: Mapping[str, str], scenario: Scenario
) -> Iterator[Nearness]:
    if section == "arrivals" and below and isinstance(below[0], int):
        yield from _of_stream(below[0], place, scenario)
        return
    column = next((column for column, part in PARTS.items() if part == section), None)
    if column is None or not below:
        yield Nearness.COMMON
        return
    name = str(below[0])
    if place.get(column) == name:
        yield Nearness.OWN
    elif _feeds(column, name, place, scenario):
        yield Nearness.FEEDING
    else:
        yield Nearness.OTHER


def _of_stream(number: int, place: Mapping[str, str], scenario: Scenario) -> Iterator[Nearness]:
    """Yield how near the arrivals of a stream are, which lead straight to their queue and channel."""
    if number >= len(scenario.arrivals):  # it is gone
        yield Nearness.COMMON
        return
    stream = scenario.arrivals[number]
    asked = {column: place[column] for column in ("queue", "channel") if column in place}
    own = asked and all(getattr(stream, column) == name for column, name in asked.items())
    yield Nearness.OWN if own else Nearness.OTHER


def _feeds(column: str, name: str, place: Mapping[str, str], scenario: Scenario) -> bool:
    """Return whether a team serves the figure's queue, or a queue passes customers on to it or shares its team."""
    queue, team = place.get("queue"), place.get("team")
    if column == "team" and queue is not None and name in scenario.teams:
        return serves(scenario, name, queue)
    if column == "queue" and team is not None and team in scenario.teams:
        return serves(scenario, team, name)
    if column == "queue" and queue is not None and name in scenario.queues:
        transfer = scenario.queues[name].transfer
        return transfer is not None and queue in transfer.to
    return False
