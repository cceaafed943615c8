"""Every name that is used has to be there."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import did_you_mean, quoted
from sim.scenario.context import Finding, Place, Surroundings
from sim.scenario.teams import skills_of

if TYPE_CHECKING:
    from sim.scenario.model import Scenario
    from sim.scenario.queues import Queue
    from sim.scenario.targets import Target
    from sim.scenario.teams import Team


class Use(NamedTuple):
    """A name that is used, its kind, and whether it stands as a key."""

    place: Place
    kind: str
    name: str
    is_key: bool = False


SINGULAR = {
    "channels": "channel",
    "labels": "label",
    "media": "medium",
    "queues": "queue",
    "skills": "skill",
    "teams": "team",
}


def unknown_names(scenario: "Scenario", around: Surroundings | None) -> Iterator[Finding]:
    """Find names of queues, channels, media, labels, teams and skills that are nowhere defined."""
    known = {kind: (*names, *_more(around, kind)) for kind, names in names_of(scenario).items()}
    for use in _uses(scenario):
        if use.name not in known[use.kind]:
            what = (
                f"unknown {SINGULAR[use.kind]} {quoted(use.name)}; {did_you_mean(use.name, known[use.kind])}"
            )
            yield Finding(use.place, what, use.is_key)


def names_of(scenario: "Scenario") -> dict[str, tuple[str, ...]]:
    """Return the names of each kind that a scenario defines."""
    return {
        "media": tuple(scenario.media),
        "channels": tuple(scenario.channels),
        "labels": tuple(scenario.labels),
        "queues": tuple(scenario.queues),
        "teams": tuple(scenario.teams),
        "skills": skills_of(scenario),
    }


def _more(around: Surroundings | None, kind: str) -> tuple[str, ...]:
    return () if around is None else around.names.get(kind, ())


def _uses(scenario: "Scenario") -> Iterator[Use]:
    for name, channel in scenario.channels.items():
        yield Use(("channels", name, "medium"), "media", channel.medium)
    for name, medium in scenario.media.items():
        yield from _keys(("media", name, "interrupted_by"), "media", medium.interrupted_by)
    for name, queue in scenario.queues.items():
        yield from _of_queue(("queues", name), queue)
    for name, team in scenario.teams.items():
        yield from _of_team(("teams", name), team)
    for name, room in scenario.waiting_rooms.items():
        for i, queue_name in enumerate(room.queues):
            yield Use(("waiting_rooms", name, "queues", i), "queues", queue_name)
    if scenario.supervision is not None:
        yield Use(("supervision", "team"), "teams", scenario.supervision.team)
        for i, queue_name in enumerate(scenario.supervision.queues):
            yield Use(("supervision", "queues", i), "queues", queue_name)
    yield from _of_arrivals(scenario)
    yield from _of_targets(("targets",), scenario.targets)
    yield from _of_targets(("staffing", "goals"), scenario.staffing.goals)
    yield from _keys(("staffing", "teams"), "teams", scenario.staffing.teams)
    for i, template in enumerate(scenario.staffing.shifts):
        yield Use(("staffing", "shifts", i, "team"), "teams", template.team)


def _of_targets(place: Place, targets: "Iterable[Target]") -> Iterator[Use]:
    for i, target in enumerate(targets):
        named = {"queue": target.queue, "team": target.team, "channel": target.channel}
        yield from _given((*place, i), named)


def _of_queue(place: Place, queue: "Queue") -> Iterator[Use]:
    yield Use((*place, "medium"), "media", queue.medium)
    for i, step in enumerate(queue.steps):
        for skill in step.needs.attributes:
            yield Use((*place, "steps", i, "needs"), "skills", skill)
    if queue.wait_limit is not None and not isinstance(queue.wait_limit.then, str):
        yield Use((*place, "wait_limit", "then", "queue"), "queues", queue.wait_limit.then.queue)
    if queue.transfer is not None:
        yield from _keys((*place, "transfer", "to"), "queues", queue.transfer.to)
    if queue.conference is not None:
        yield from _keys((*place, "conference", "to"), "queues", queue.conference.to)


def _of_team(place: Place, team: "Team") -> Iterator[Use]:
    yield from _keys((*place, "after_ring"), "media", team.after_ring)
    yield from _keys((*place, "at_shift_end"), "media", team.at_shift_end)
    yield from _keys((*place, "max_tasks"), "media", team.max_tasks)
    yield from _keys((*place, "max_tasks_by_queue"), "queues", team.max_tasks_by_queue)
    yield from _keys((*place, "speed"), "queues", team.speed)


def _of_arrivals(scenario: "Scenario") -> Iterator[Use]:
    for i, stream in enumerate(scenario.arrivals):
        one = None if isinstance(stream.queue, Mapping) else stream.queue
        yield from _given(("arrivals", i), {"channel": stream.channel, "queue": one})
        if one is None:
            yield from _keys(("arrivals", i, "queue"), "queues", stream.queues)
        yield from _keys(("arrivals", i, "labels"), "labels", stream.labels)


def _given(place: Place, names: Mapping[str, str | None]) -> Iterator[Use]:
    for key, name in names.items():
        if name is not None:
            yield Use((*place, key), f"{key}s", name)


def _keys(place: Place, kind: str, names: Iterable[str]) -> Iterator[Use]:
    for name in names:
        yield Use((*place, name), kind, name, is_key=True)
