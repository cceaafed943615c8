"""Who is there on dates that hang together: stints and head-counts date by date, on one clock."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from sim.engine.agent import Agent
from sim.engine.head_counts import HeadCount, Step
from sim.engine.roster import (
    Shifts,
    Stint,
    Team,
    absent,
    breaks_from,
    is_away,
    shift_number,
    stints_in,
    stints_of,
)
from sim.scenario import HeadCount as HeadCountSpec
from sim.scenario import Scenario
from sim.scenario.calendar import DAY_S
from sim.scenario.day_contents import counts_on
from sim.scenario.wall_clock import WallClock
from sim.workload import Workload

if TYPE_CHECKING:
    from sim.engine.tomorrow import Tomorrow
    from sim.scenario.single_days import CalendarDay, Linked

OfShifts = dict[tuple[int, int | None], tuple[Stint, ...]]
"""The stints of a team's shifts, by the number of the date and the place of the shift."""


def start_dated(
    scenario: Scenario,
    linked: "Linked",
    workload: Workload,
    teams: dict[str, Team],
    tomorrow: "Tomorrow | None",
) -> None:
    """Start the shifts and head-counts of all, date by date; who is absent is drawn for each date."""
    for team in teams.values():
        spec = team.spec.head_count
        if spec is not None and team.agents:
            steps = steps_on_dates(linked, workload, team, spec)
            team.head_count = HeadCount(team.agents, (), 1.0, WallClock.of(scenario), tomorrow, steps)
            team.head_count.start(team.head_count.life())
            continue
        of_shifts: OfShifts = {}
        for agent in team.agents:
            if agent.home is team:
                stints = stints_on_dates(linked, workload, team, agent, of_shifts)
                agent.shifts = shifts = Shifts(agent, stints, tomorrow)
                shifts.start(shifts.life())


def stints_on_dates(
    linked: "Linked", workload: Workload, team: Team, agent: Agent, of_shifts: OfShifts
) -> Iterator[Stint]:
    """Return the stints of an agent: those of the date before that reach into the first, then date by date.

    In `of_shifts` those of a shift are kept for the others of the team.
    """
    for number, day in enumerate(chain(linked.before, linked.days, linked.following), -len(linked.before)):
        drawn = workload.days[number] if 0 <= number < len(linked.days) else None
        if drawn is not None and len(agent.seats) < 2 and absent(team, agent, drawn):
            continue
        if team.spec.members:
            yield from _on(linked, number, day, stints_in(day.scenario, agent, drawn, DAY_S))
            continue
        of_date = number, shift_number(day.scenario.teams[team.name], agent.number)
        if of_date not in of_shifts:
            of_shifts[of_date] = tuple(_on(linked, number, day, _of_team(day, team, agent.number)))
        yield from of_shifts[of_date]


def _of_team(day: "CalendarDay", team: Team, number: int) -> Iterable[Stint]:
    """Return the stints of an agent by number; a team without working hours is there while it is open."""
    if not team.spec.shifts:
        return (Stint(day.opens_s, day.closes_s, ()),)
    return stints_of(day.scenario, day.scenario.teams[team.name], number, DAY_S)


def _on(linked: "Linked", number: int, day: "CalendarDay", stints: Iterable[Stint]) -> Iterator[Stint]:
    """Return stints of a date on the one clock; of the date before, those that reach into the first."""
    for stint in stints:
        start, end = day.midnight_s + stint.start, day.midnight_s + stint.end
        if end > 0 and (number >= 0 or start < 0):
            begin = max(start, 0.0)
            breaks = breaks_from(begin, ((day.midnight_s + at, length) for at, length in stint.breaks))
            yield replace(
                stint, start=begin, end=end, breaks=breaks, is_added=number >= len(linked.days),
                begins_away=is_away(begin, breaks),
            )  # fmt: skip


def steps_on_dates(linked: "Linked", workload: Workload, team: Team, spec: HeadCountSpec) -> Iterator[Step]:
    """Return when a head-count changes, and to what, less those who are absent on that date; at night it is 0.

    That of a date ends as the next one's begins, also where the date before is open still.
    """
    if not linked.days[0].midnight_s and linked.days[0].opens_s:
        yield 0.0, 0, ()
    kept: list[Step] = []
    for number, day in enumerate(chain(linked.days, linked.following)):
        drawn = workload.days[number] if number < len(linked.days) else None
        away = () if drawn is None else tuple(one for one in team.agents if absent(team, one, drawn))
        steps = [
            (at, count - sum(one.number <= count for one in away), away)
            for at, count in _counts_of(day, spec)
        ]
        begins = steps[0][0] if steps else float("inf")
        yield from (step for step in kept if step[0] < begins)
        kept = steps
    yield from kept


def _counts_of(day: "CalendarDay", spec: HeadCountSpec) -> Iterator[tuple[float, int]]:
    """Return when the head-count of a date changes, and to what."""
    for clock_s, count in counts_on(day, spec):
        at = day.midnight_s + day.calendar.instant(day.date, clock_s)
        if (clock_s or count) and (spec.file is not None or at < day.midnight_s + day.closes_s):
            yield at, count
    if spec.file is None:
        yield day.midnight_s + day.closes_s, 0
