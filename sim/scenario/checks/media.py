"""Queues and channels belong to one medium each, and contacts do not change it."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sim.scenario.nearest import shown
from sim.scenario.surroundings import Finding, Place

if TYPE_CHECKING:
    from sim.scenario.model import Scenario


def unlike_media(scenario: "Scenario") -> Iterator[Finding]:
    """Find contacts that would enter, or be handed to, a queue of another medium than their channel's."""
    for i, stream in enumerate(scenario.arrivals):
        channel = scenario.channels.get(stream.channel or "")
        queue = scenario.queues.get(stream.queue or "")
        known = channel and queue and {channel.medium, queue.medium} <= set(scenario.media)
        if known and channel and queue and channel.medium != queue.medium:
            what = f"queue {shown(stream.queue)} is of medium {shown(queue.medium)}, "
            what += f"channel {shown(stream.channel)} of {shown(channel.medium)}; they have to be of the same"
            yield Finding(("arrivals", i, "queue"), what)
    for name, queue in scenario.queues.items():
        for key, part in (("transfer", queue.transfer), ("conference", queue.conference)):
            if part is not None:
                yield from _elsewhere(scenario, name, ("queues", name, key, "to"), part.to)


def _elsewhere(scenario: "Scenario", source: str, place: Place, to: Mapping[str, float]) -> Iterator[Finding]:
    medium = scenario.queues[source].medium
    for name in to:
        other = scenario.queues.get(name)
        if other is not None and other.medium != medium and {other.medium, medium} <= set(scenario.media):
            what = f"queue {shown(name)} is of medium {shown(other.medium)}, "
            what += f"queue {shown(source)} of {shown(medium)}; a conversation keeps its medium"
            yield Finding((*place, name), what, is_key=True)


def tasks_beyond_medium(scenario: "Scenario") -> Iterator[Finding]:
    """Find teams that would have more tasks open than the medium allows."""
    for name, team in scenario.teams.items():
        for medium, most in team.max_tasks.items():
            limit = scenario.media[medium].max_tasks if medium in scenario.media else most
            if most > limit:
                what = f"`{most}` is above the {limit} of medium {shown(medium)}; a team may only lower it"
                yield Finding(("teams", name, "max_tasks", medium), what)
