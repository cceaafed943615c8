"""Who is there on dates that hang together: stints and head-counts date by date, on one clock."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from sim.engine.agent import Agent
from sim.engine.head_counts import DAY_S, HeadCount
from sim.engine.roster import Shifts, Stint, Team, absent, stints_in, stints_of
from sim.scenario import HeadCount as HeadCountSpec
from sim.scenario.day_contents import counts_on
from sim.workload import Workload

if TYPE_CHECKING:
    from sim.engine.tomorrow import Tomorrow
    from sim.scenario.single_days import CalendarDay, Linked


def start_dated(
    linked: "Linked", workload: Workload, teams: dict[str, Team], tomorrow: "Tomorrow | None"
) -> None:
    """Start the shifts and head-counts of all, date by date; who is absent is drawn for each date."""
    for team in teams.values():
        spec = team.spec.head_count
        if spec is not None and team.agents:
            steps = _steps(linked, workload, team, spec)
            team.head_count = HeadCount(team.agents, (), 1.0, 0.0, tomorrow, steps)
            team.head_count.start(team.head_count.life())
            continue
        for agent in team.agents:
            if agent.home is team:
                agent.shifts = shifts = Shifts(agent, _stints(linked, workload, team, agent), tomorrow)
                shifts.start(shifts.life())


def _stints(linked: "Linked", workload: Workload, team: Team, agent: Agent) -> Iterator[Stint]:
    """Return the stints of an agent: those of the date before that reach into the first, then date by date."""
    for number, day in enumerate(chain(linked.before, linked.days, linked.following), -len(linked.before)):
        drawn = workload.days[number] if 0 <= number < len(linked.days) else None
        if drawn is not None and len(agent.seats) < 2 and absent(team, agent, drawn):
            continue
        for stint in _on(day, team, agent, drawn or workload):
            if stint.end > 0 and (number >= 0 or stint.start < 0):
                yield replace(stint, start=max(stint.start, 0.0), is_added=number >= len(linked.days))


def _on(day: "CalendarDay", team: Team, agent: Agent, drawn: Workload) -> Iterator[Stint]:
    """Return the stints of an agent on a date; a team without working hours is there while it is open."""
    if not team.spec.shifts and not team.spec.members:
        yield Stint(day.midnight_s + day.opens_s, day.midnight_s + day.closes_s, ())
        return
    if team.spec.members:
        stints = stints_in(day.scenario, agent, drawn, DAY_S)
    else:
        stints = stints_of(day.scenario, day.scenario.teams[team.name], agent.number, DAY_S)
    for stint in stints:
        breaks = tuple((day.midnight_s + at, length) for at, length in stint.breaks)
        yield replace(
            stint, start=day.midnight_s + stint.start, end=day.midnight_s + stint.end, breaks=breaks
        )


def _steps(
    linked: "Linked", workload: Workload, team: Team, spec: HeadCountSpec
) -> Iterator[tuple[float, int]]:
    """Return when a head-count changes, and to what, less those who are absent on that date; at night it is 0."""
    if not linked.days[0].midnight_s and linked.days[0].opens_s:
        yield 0.0, 0
    for number, day in enumerate(chain(linked.days, linked.following)):
        for clock_s, count in counts_on(day, spec):
            away = number < len(linked.days) and sum(
                absent(team, one, workload.days[number]) for one in team.agents[:count]
            )
            at = day.midnight_s + day.calendar.instant(day.date, clock_s)
            if (clock_s or count) and (spec.file is not None or at < day.midnight_s + day.closes_s):
                yield at, count - away
        if spec.file is None:
            yield day.midnight_s + day.closes_s, 0
