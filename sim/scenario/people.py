"""Who the agents of a scenario are: persons of a roster by their names, all others by team and number."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import Mistake, did_you_mean, quoted
from sim.scenario.context import Finding
from sim.scenario.duties import TOLERANCE_S, Duty, Rostered, days_of
from sim.scenario.fields import ReadOnlyDict
from sim.scenario.local_times import DAY_S
from sim.scenario.numbers import clock_text

if TYPE_CHECKING:
    from sim.scenario.model import Scenario
    from sim.scenario.single_days import CalendarDay
    from sim.scenario.teams import Team


agent_name = "{}-{}".format
"""Name an agent after their team and their number in it, which counts from 1."""
_NUMBERED = re.compile(r"(.+)-([1-9][0-9]{0,5})")


def numbered(name: str) -> tuple[str, int] | None:
    """Return the team and the number that a name would be made of, whether there is such a team or not."""
    found = _NUMBERED.fullmatch(name)
    return None if found is None else (found[1], int(found[2]))


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a team: their skills there, and what rosters say of them."""

    name: str
    skills: Mapping[str, int]
    sources: tuple[tuple[Rostered, tuple[str | None, ...]], ...]

    def on(self, day: date | None) -> Iterator[Duty]:
        """Return their duties in the team on a day."""
        for rostered, teams in self.sources:
            yield from (duty for duty in rostered.on(day) if duty.team in teams)


class Stay(NamedTuple):
    """A duty in a run: seconds from opening, breaks as (start, length)."""

    start_s: float
    end_s: float
    breaks: tuple[tuple[float, float], ...]
    duty: Duty


def date_of(scenario: "Scenario", day: int) -> date | None:
    """Return the date of a day of the run, counted from its first; None where the scenario names none."""
    return None if scenario.opens is None else scenario.opens.date() + timedelta(days=day)


def stays(scenario: "Scenario", member: Member, added_s: float = 0.0) -> list[Stay]:
    """Return when a person is there in a team, in order of time; after the run those of `added_s` more seconds.

    A roster by dates alone goes on after its dates as on the last of them in the run.
    """
    if scenario.date is not None:
        of_date = (one for one in _on_date(scenario.date, member) if one.start_s < scenario.lasts + added_s)
        return sorted((one for one in of_date if one.end_s > one.start_s), key=lambda one: one.start_s)
    first, last = days_of(scenario.opens_at, scenario.lasts + added_s)
    by_dates = [rostered for rostered, _ in member.sources if rostered.is_by_dates]
    dates = {one for rostered in by_dates for one in rostered.dates}
    latest = _latest(scenario, dates)
    own = {
        day for rostered in by_dates for day in rostered.duties
    }  # 25:00 of the last date is on none of `dates`
    found = []
    for number in range(first, last + 1):
        day = date_of(scenario, number)
        goes_on = latest is not None and day is not None and day > latest and day not in dates | own
        for duty in member.on(latest if goes_on else day):
            stay = _stay(duty, number * DAY_S - scenario.opens_at)
            begins_in = scenario.lasts if goes_on else float("-inf"), scenario.lasts + added_s
            if stay.end_s > 0 and begins_in[0] <= stay.start_s < begins_in[1]:
                found.append(stay)
    return sorted(found, key=lambda one: one.start_s)


def _on_date(day: "CalendarDay", member: Member) -> Iterator[Stay]:
    """Return the duties of a single date of a calendar, by its clock."""
    instant = partial(day.calendar.instant, day.date)
    for duty in member.on(day.date):
        breaks = tuple((instant(at), instant(at + length) - instant(at)) for at, length in duty.breaks)
        yield Stay(instant(duty.start_s), instant(duty.end_s), breaks, duty)


def _stay(duty: Duty, midnight_s: float) -> Stay:
    breaks = tuple((midnight_s + at, length) for at, length in duty.breaks)
    return Stay(midnight_s + duty.start_s, midnight_s + duty.end_s, breaks, duty)


def _latest(scenario: "Scenario", dates: set[date]) -> date | None:
    """Return the last of some dates that is a day of the run."""
    days = {date_of(scenario, number) for number in range(days_of(scenario.opens_at, scenario.lasts)[1] + 1)}
    return max(dates.intersection(day for day in days if day is not None), default=None)


def content_of(scenario: "Scenario") -> list[Any]:
    """Return what rosters say of a run, as plain values: each person of each team, with skills and times."""
    return [
        [name, one.name, sorted(one.skills.items()), [stay[:3] for stay in stays(scenario, one)]]
        for name, team in scenario.teams.items()
        for one in team.members
    ]


# From rosters to teams.


def take_rosters(scenario: "Scenario") -> Iterator[Finding | Mistake]:
    """Give each team its members, and find what does not go together with a roster."""
    for name, team in scenario.teams.items():
        members = _members(scenario, name, team)
        team.hold(members)
        if members:
            yield from _beside(name, team)
        elif team.roster is not None:
            what = f"no row is of team {quoted(name)}; {did_you_mean(name, _teams_of(team.roster.people))}"
            yield Finding(("teams", name, "roster"), what)
        elif team.agents == 0 and "agents" not in team.model_fields_set and not team.shifts:
            what = "no row of `roster` is of this team; write `agents: 0` where nobody is in it"
            yield Finding(("teams", name), what, rests_on=("roster",))
    yield from _overlaps(scenario)
    yield from _alike(scenario)


def _teams_of(people: tuple[Rostered, ...]) -> list[str]:
    return [team for one in people for team in one.teams if team is not None]


def _members(scenario: "Scenario", name: str, team: "Team") -> tuple[Member, ...]:
    sources: dict[str, list[tuple[Rostered, tuple[str | None, ...]]]] = {}
    only = (None,) if len(scenario.teams) == 1 else ()
    whole = () if scenario.roster is None else scenario.roster.people
    own = () if team.roster is None else team.roster.people
    for people, teams in ((whole, (name, *only)), (own, (name, None))):
        for one in people:
            if set(one.teams).intersection(teams):
                sources.setdefault(one.name, []).append((one, teams))
    return tuple(
        Member(person, _skills(name, team, found), tuple(found)) for person, found in sources.items()
    )


def _skills(
    name: str, team: "Team", sources: list[tuple[Rostered, tuple[str | None, ...]]]
) -> Mapping[str, int]:
    """Return the team's skills with the levels of the file before them."""
    skills = dict(team.skills)
    for rostered, _ in sources:
        skills |= rostered.levels.get(name) or rostered.levels.get(None) or {}
    return ReadOnlyDict(skills)


def _beside(name: str, team: "Team") -> Iterator[Finding]:
    """Find what a team with a roster has no use for."""
    for key in ("agents", "shifts", "head_count"):
        if key in team.model_fields_set and getattr(team, key):
            what = "does not go with a roster by person, which says who is there when"
            yield Finding(("teams", name, key), what, is_key=True, rests_on=("roster",))
    if team.shrinkage:
        what = "does not go with a roster by person, whose absences are known: days off are rows of it"
        yield Finding(("teams", name, "shrinkage"), what, is_key=True, rests_on=("roster",))


def _overlaps(scenario: "Scenario") -> Iterator[Mistake]:
    """Find persons who would be in two places at once."""
    told: set[tuple[Duty, Duty]] = set()
    by_person: dict[str, list[tuple[Stay, str]]] = {}
    for name, team in scenario.teams.items():
        for member in team.members:
            found = by_person.setdefault(member.name, [])
            found += [(stay, name) for stay in stays(scenario, member)]
    for person, found in by_person.items():
        in_time = sorted(found, key=lambda one: one[0].start_s)
        for (before, _), (stay, _) in pairwise(in_time):
            if stay.start_s < before.end_s - TOLERANCE_S and (before.duty, stay.duty) not in told:
                told.add((before.duty, stay.duty))
                yield _overlap(person, stay.duty, before.duty)


def _overlap(person: str, duty: Duty, other: Duty) -> Mistake:
    place = duty.place
    elsewhere = "" if other.place.file == place.file else f" of {quoted(other.place.file)}"
    what = f"{quoted(person)}: {_hours(duty)} overlaps {_hours(other)} in line {other.place.line}{elsewhere}"
    return Mistake(place.file, place.line, place.column, place.header, what)


def _hours(duty: Duty) -> str:
    return f"{clock_text(duty.start_s)} to {clock_text(duty.end_s)}"


def _alike(scenario: "Scenario") -> Iterator[Mistake | Finding]:
    """Find persons of the name of an agent who is only numbered."""
    for name, team in scenario.teams.items():
        for member in team.members:
            of = team_of_numbered(scenario, member.name)
            if of is not None and not scenario.teams[of].members:
                what = f"the person {quoted(member.name)} has the name of an agent of team {quoted(of)}"
                yield Finding(("teams", name), what, rests_on=("roster",))


def team_of_numbered(scenario: "Scenario", name: str) -> str | None:
    """Return the team of an agent who is named after it and their number in it, such as `desk-3`; None of others."""
    found = numbered(name)
    team = None if found is None else scenario.teams.get(found[0])
    return found[0] if found is not None and team is not None and found[1] <= team.agents else None
