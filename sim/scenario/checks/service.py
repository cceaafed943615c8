"""Who serves a queue, and whether there is time to."""

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sim.errors import did_you_mean, quoted
from sim.scenario.context import ANYTHING, Finding, Place
from sim.scenario.distributions import SHARES_TOLERANCE, ByTime, Sum
from sim.scenario.numbers import duration_text
from sim.scenario.people import agent_name, team_of_numbered
from sim.scenario.teams import is_skilled, serves, skills_of

if TYPE_CHECKING:
    from sim.scenario.model import Scenario
    from sim.scenario.queues import Queue


def unserved_queues(scenario: "Scenario") -> Iterator[Finding]:
    """Find push queues that get requests which no team may ever be offered."""
    for name in requested_queues(scenario):
        queue = scenario.queues.get(name)
        if queue is None or queue.mode == "pull" or queue.medium not in scenario.media:
            continue
        asked = {skill for step in queue.steps for skill in step.needs.attributes}
        if not asked <= set(skills_of(scenario)):
            continue  # a mistyped skill is reported as such
        if not any(serves(scenario, team, name) for team in scenario.teams):
            yield Finding(("queues", name), _nobody(scenario, name), is_key=True, rests_on=(ANYTHING,))


def _nobody(scenario: "Scenario", name: str) -> str:
    skilled = [team for team in scenario.teams if is_skilled(scenario, team, name)]
    if skilled:
        medium = scenario.queues[name].medium
        lacks = f"team {quoted(skilled[0])} has no agents with tasks in {quoted(medium)}"
        return f"nobody can serve this queue; {lacks}"
    if scenario.queues[name].steps:
        return "nobody can serve this queue; no team has the skills that any of its steps needs"
    hint = did_you_mean(name, skills_of(scenario))
    return f"nobody can serve this queue; no team has a skill {quoted(name)}, {hint}"


def requested_queues(scenario: "Scenario") -> tuple[str, ...]:
    """Return the queues that contacts, transfers or conferences ask for, each once."""
    recorded = (one for stream in scenario.arrivals for one in stream.contacts if one.is_handed_on)
    sources = [*map(tuple, entries(scenario).values()), tuple(str(one.transfer_to) for one in recorded)]
    found = dict.fromkeys(name for source in sources for name in reached(scenario, source))
    return tuple(found)


def entries(scenario: "Scenario") -> dict[str, dict[str, None]]:
    """Return the queues that each channel's contacts enter."""
    found: dict[str, dict[str, None]] = {}
    for stream in scenario.arrivals:
        pairs = [
            *((stream.channel, queue) for queue in stream.queues),
            *((one.channel, one.queue) for one in stream.contacts),
        ]
        for channel, queue in pairs:
            if channel is not None:
                found.setdefault(channel, {})[queue] = None
    return found


def reached(scenario: "Scenario", queues: tuple[str, ...]) -> tuple[str, ...]:
    """Return these queues and all that their agents hand on to, and so on."""
    found = dict.fromkeys(queues)
    todo = list(queues)
    while todo:
        queue = scenario.queues.get(todo.pop(0))
        parts = (queue.transfer, queue.conference) if queue is not None else ()
        named = [name for part in parts if part is not None for name in part.to]
        after = None if queue is None else after_limit(queue)
        new = [name for name in (*named, *([after] if after is not None else [])) if name not in found]
        found.update(dict.fromkeys(new))
        todo.extend(new)
    return tuple(found)


def after_limit(queue: "Queue") -> str | None:
    """Return the queue in which requests go on after the wait limit, None where there is none."""
    limit = queue.wait_limit
    return None if limit is None or isinstance(limit.then, str) else limit.then.queue


def circles_of_limits(scenario: "Scenario") -> Iterator[Finding]:
    """Find wait limits that send requests round in a circle."""
    for name, queue in scenario.queues.items():
        way, asked = [name], after_limit(queue)
        while asked is not None and asked in scenario.queues and asked not in way:
            way.append(asked)
            asked = after_limit(scenario.queues[asked])
        if asked == name:
            what = f"requests go round: {' to '.join(map(quoted, (*way, name)))}; let one of them end"
            yield Finding(("queues", name, "wait_limit", "then", "queue"), what)


def short_ttls(scenario: "Scenario") -> Iterator[Finding]:
    """Find channels whose requests run out before a single offer could ring out."""
    entered = entries(scenario)
    for name, channel in scenario.channels.items():
        queues = [one for one in reached(scenario, tuple(entered.get(name, ()))) if one in scenario.queues]
        ringing = [one for one in queues if scenario.queues[one].mode == "push"]
        longest = max(ringing, key=scenario.ring_time_of, default=None)
        if longest is None or channel.request_ttl is None:
            continue
        yield from _short(scenario, ("channels", name, "request_ttl"), channel.request_ttl, longest)
    for name, queue in scenario.queues.items():
        if queue.request_ttl is not None:
            yield from _short(scenario, ("queues", name, "request_ttl"), queue.request_ttl, name)
        for key, part in (("transfer", queue.transfer), ("conference", queue.conference)):
            if part is not None and part.request_ttl is not None:
                place = ("queues", name, key, "request_ttl")
                yield from (
                    one for asked in part.to for one in _short(scenario, place, part.request_ttl, asked)
                )


def _short(scenario: "Scenario", place: Place, ttl: float, queue: str) -> Iterator[Finding]:
    spec = scenario.queues.get(queue)
    if spec is None or spec.mode != "push":
        return
    ring_time = scenario.ring_time_of(queue)
    if ttl <= ring_time:
        rings = f"queue {quoted(queue)} rings for {duration_text(ring_time)}"
        what = f"{quoted(duration_text(ttl))} has to be above the ring time; {rings}"
        yield Finding(place, what, rests_on=("ring_time", "routing"))


def ttls_of(scenario: "Scenario", name: str) -> list[float | None]:
    """Return the times-to-live that requests for a queue may have; None for one without."""
    entered = entries(scenario)
    own = scenario.queues[name].request_ttl
    channels = [
        scenario.channels[one] for one, queues in entered.items() if name in reached(scenario, tuple(queues))
    ]
    found = [one.request_ttl if own is None else own for one in channels]
    for queue in scenario.queues.values():
        parts = [part for part in (queue.transfer, queue.conference) if part is not None and name in part.to]
        found += [part.request_ttl for part in parts if part.request_ttl is not None]
    return found


def unscalable_handle_times(scenario: "Scenario") -> Iterator[Finding]:
    """Find forecasts whose aht_s should scale a handle time that is always 0."""
    for i, stream in enumerate(scenario.arrivals):
        timed = any(row.aht_s is not None for row in stream.forecast)
        for name in stream.queues if timed else ():
            queue = scenario.queues.get(name)
            if queue is not None and queue.handle_time.mean == 0:
                what = f"its aht_s scales the handle time of queue {quoted(name)}, but that is always 0s"
                yield Finding(("arrivals", i, "file"), what)


def tasks_that_were_measured(scenario: "Scenario") -> Iterator[Finding]:
    """Find handle times that are said to be measured with more open tasks than an agent can have."""
    for name, queue in scenario.queues.items():
        medium = scenario.media.get(queue.medium)
        if medium is not None and queue.handle_time_at_tasks > medium.max_tasks:
            most = f"the {medium.max_tasks} of medium {quoted(queue.medium)}"
            what = f"`{queue.handle_time_at_tasks:g}` is above {most}; nobody has more open"
            yield Finding(("queues", name, "handle_time_at_tasks"), what, rests_on=("max_tasks",))


def undrawable_patience(scenario: "Scenario") -> Iterator[Finding]:
    """Find laws of patience of which none can be drawn that exceeds a recorded wait: those that are sums."""
    waited = {
        one.queue for stream in scenario.arrivals for one in stream.contacts if one.waited_s is not None
    }
    for name, queue in scenario.queues.items():
        law = queue.patience
        entries = law.entries.values() if isinstance(law, ByTime) else (law,)
        if name in waited and any(isinstance(one, Sum) for one in entries):
            what = "a sum cannot be drawn beyond a wait that was recorded (waited_s); give one law, or patience_s"
            yield Finding(("queues", name, "patience"), what)


def strange_agents(scenario: "Scenario") -> Iterator[Finding]:
    """Find agents of recorded contacts whom no team has: `frontline-3`, the third of a team, or a person's name."""
    people = {member.name for team in scenario.teams.values() for member in team.members}
    for i, stream in enumerate(scenario.arrivals):
        strange = [
            one for one in stream.contacts
            if one.agent is not None and one.agent not in people and not _is_numbered(scenario, one.agent)
        ]  # fmt: skip
        for one in strange[:MOST_STRANGE]:
            hint = did_you_mean(str(one.agent), sorted(_near_agents(scenario)))
            what = f"contact {quoted(one.contact_id)} has the agent {quoted(str(one.agent))}, whom no team has; {hint}"
            yield Finding(("arrivals", i, "replay"), what)


def _is_numbered(scenario: "Scenario", name: str) -> bool:
    team = team_of_numbered(scenario, name)
    return team is not None and not scenario.teams[team].members


def _near_agents(scenario: "Scenario") -> Iterator[str]:
    """Give the names of agents that an unknown one may have been meant for."""
    for name, team in scenario.teams.items():
        numbered = (agent_name(name, number) for number in range(1, min(team.agents, MOST_NEAR) + 1))
        yield from (one.name for one in team.members[:MOST_NEAR]) if team.members else numbered


MOST_STRANGE = 5
"""Contacts with an unknown agent that are told."""
MOST_NEAR = 100
"""Agents of a team whose names are compared with an unknown one."""


def multiplied_recordings(scenario: "Scenario") -> Iterator[Finding]:
    """Find queues whose recorded contacts a factor would multiply, which are as many as they are."""
    recorded = {one.queue for stream in scenario.arrivals for one in stream.contacts}
    for name, queue in scenario.queues.items():
        if queue.volume_factor != 1 and name in recorded:
            what = f"queue {quoted(name)} has recorded contacts, whose number is that of their file"
            yield Finding(("queues", name, "volume_factor"), what)


# Queues and channels belong to one medium each, and contacts do not change it.


def unlike_media(scenario: "Scenario") -> Iterator[Finding]:
    """Find contacts that would enter, or be handed to, a queue of another medium than their channel's."""
    for i, stream in enumerate(scenario.arrivals):
        channel = scenario.channels.get(stream.channel or "")
        for name in stream.queues:
            queue = scenario.queues.get(name)
            known = channel and queue and {channel.medium, queue.medium} <= set(scenario.media)
            if known and channel and queue and channel.medium != queue.medium:
                what = f"queue {quoted(name)} is of medium {quoted(queue.medium)}, "
                what += f"channel {quoted(stream.channel)} of {quoted(channel.medium)}; they have to be of the same"
                yield Finding(("arrivals", i, "queue"), what)
    for name, queue in scenario.queues.items():
        after = after_limit(queue)
        if after is not None:
            yield from _elsewhere(
                scenario, name, ("queues", name, "wait_limit", "then", "queue"), {after: 1.0}
            )
        for key, part in (("transfer", queue.transfer), ("conference", queue.conference)):
            if part is not None:
                yield from _elsewhere(scenario, name, ("queues", name, key, "to"), part.to)


def _elsewhere(scenario: "Scenario", source: str, place: Place, to: Mapping[str, float]) -> Iterator[Finding]:
    medium = scenario.queues[source].medium
    for name in to:
        other = scenario.queues.get(name)
        if other is not None and other.medium != medium and {other.medium, medium} <= set(scenario.media):
            what = f"queue {quoted(name)} is of medium {quoted(other.medium)}, "
            what += f"queue {quoted(source)} of {quoted(medium)}; a conversation keeps its medium"
            yield Finding(
                place if place[-1] == "queue" else (*place, name), what, is_key=place[-1] != "queue"
            )


def interruptions_of_itself(scenario: "Scenario") -> Iterator[Finding]:
    """Find media that would interrupt themselves."""
    for name, medium in scenario.media.items():
        if name in medium.interrupted_by:
            what = "a medium does not interrupt itself; max_tasks bounds its own tasks"
            yield Finding(("media", name, "interrupted_by", name), what, is_key=True)


def tasks_beyond_medium(scenario: "Scenario") -> Iterator[Finding]:
    """Find teams that would have more tasks open than the medium allows."""
    for name, team in scenario.teams.items():
        for medium, most in team.max_tasks.items():
            limit = scenario.media[medium].max_tasks if medium in scenario.media else most
            if most > limit:
                what = f"`{most}` is above the {limit} of medium {quoted(medium)}; a team may only lower it"
                yield Finding(("teams", name, "max_tasks", medium), what)


# Shares that belong together sum to 100 %, or to no more than that.


def shares_of_destinations(scenario: "Scenario") -> Iterator[Finding]:
    """Find transfers and conferences whose shares do not sum to 100 %."""
    for name, queue in scenario.queues.items():
        for key, part in (("transfer", queue.transfer), ("conference", queue.conference)):
            total = 1.0 if part is None else math.fsum(part.to.values())
            if abs(total - 1) > SHARES_TOLERANCE:
                what = f"the shares sum to {total * 100:.10g}%, they have to sum to 100%"
                yield Finding(("queues", name, key, "to"), what, rests_on=("to.*",))


def shares_of_queues(scenario: "Scenario") -> Iterator[Finding]:
    """Find arrivals that are split over queues by shares that do not sum to 100 %."""
    for i, stream in enumerate(scenario.arrivals):
        total = math.fsum(stream.queues.values())
        if stream.queues and abs(total - 1) > SHARES_TOLERANCE:
            what = f"the shares sum to {total * 100:.10g}%, they have to sum to 100%"
            yield Finding(("arrivals", i, "queue"), what, rests_on=("queue.*",))


def shares_of_labels(scenario: "Scenario") -> Iterator[Finding]:
    """Find arrivals whose labels are given to more than all customers."""
    for i, stream in enumerate(scenario.arrivals):
        total = math.fsum(stream.labels.values())
        if total > 1 + SHARES_TOLERANCE:
            what = f"the shares sum to {total * 100:.10g}%, at most 100% is possible"
            yield Finding(("arrivals", i, "labels"), what)
