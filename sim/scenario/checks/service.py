"""Who serves a queue, and whether there is time to."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.scenario.nearest import did_you_mean, shown
from sim.scenario.quantities import duration_text
from sim.scenario.surroundings import ANYTHING, Finding

if TYPE_CHECKING:
    from sim.scenario.model import Scenario


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
        lacks = f"team {shown(skilled[0])} has no agents with tasks in {shown(medium)}"
        return f"nobody can serve this queue; {lacks}"
    if scenario.queues[name].steps:
        return "nobody can serve this queue; no team has the skills that any of its steps needs"
    hint = did_you_mean(name, skills_of(scenario))
    return f"nobody can serve this queue; no team has a skill {shown(name)}, {hint}"


def skills_of(scenario: "Scenario") -> tuple[str, ...]:
    """Return the skills that any team has, each once."""
    return tuple(dict.fromkeys(skill for team in scenario.teams.values() for skill in team.skills))


def requested_queues(scenario: "Scenario") -> tuple[str, ...]:
    """Return the queues that contacts, transfers or conferences ask for, each once."""
    found = dict.fromkeys(
        name for source in entries(scenario).values() for name in reached(scenario, tuple(source))
    )
    return tuple(found)


def entries(scenario: "Scenario") -> dict[str, dict[str, None]]:
    """Return the queues that each channel's contacts enter."""
    found: dict[str, dict[str, None]] = {}
    for stream in scenario.arrivals:
        pairs = [(stream.channel, stream.queue), *((one.channel, one.queue) for one in stream.contacts)]
        for channel, queue in pairs:
            if channel is not None and queue is not None:
                found.setdefault(channel, {})[queue] = None
    return found


def reached(scenario: "Scenario", queues: tuple[str, ...]) -> tuple[str, ...]:
    """Return these queues and all that their agents hand on to, and so on."""
    found = dict.fromkeys(queues)
    todo = list(queues)
    while todo:
        queue = scenario.queues.get(todo.pop(0))
        parts = (queue.transfer, queue.conference) if queue is not None else ()
        new = [name for part in parts if part is not None for name in part.to if name not in found]
        found.update(dict.fromkeys(new))
        todo.extend(new)
    return tuple(found)


def is_skilled(scenario: "Scenario", team: str, queue: str) -> bool:
    """Tell whether a team fulfils any step of a queue."""
    skills = scenario.teams[team].skills
    return any(step.needs.holds(skills) for step in scenario.steps_of(queue))


def serves(scenario: "Scenario", team: str, queue: str) -> bool:
    """Tell whether a team's agents may be offered requests of a queue."""
    if scenario.teams[team].role != "agent" or not is_skilled(scenario, team, queue):
        return False
    return scenario.max_tasks_of(team, scenario.queues[queue].medium) > 0


def short_ttls(scenario: "Scenario") -> Iterator[Finding]:
    """Find channels whose requests run out before a single offer could ring out."""
    entered = entries(scenario)
    for name, channel in scenario.channels.items():
        queues = [one for one in reached(scenario, tuple(entered.get(name, ()))) if one in scenario.queues]
        ringing = [one for one in queues if scenario.queues[one].mode == "push"]
        longest = max(ringing, key=scenario.ring_time_of, default=None)
        if longest is None or channel.request_ttl is None:
            continue
        ring_time = scenario.ring_time_of(longest)
        if channel.request_ttl <= ring_time:
            rings = f"queue {shown(longest)} rings for {duration_text(ring_time)}"
            what = f"{shown(duration_text(channel.request_ttl))} has to be above the ring time; {rings}"
            yield Finding(("channels", name, "request_ttl"), what, rests_on=("ring_time", "routing"))


def unscalable_handle_times(scenario: "Scenario") -> Iterator[Finding]:
    """Find forecasts whose aht_s should scale a handle time that is always 0."""
    for i, stream in enumerate(scenario.arrivals):
        queue = scenario.queues.get(stream.queue or "")
        timed = any(row.aht_s is not None for row in stream.forecast)
        if queue is not None and timed and queue.handle_time.mean == 0:
            what = f"its aht_s scales the handle time of queue {shown(stream.queue)}, but that is always 0s"
            yield Finding(("arrivals", i, "file"), what)
