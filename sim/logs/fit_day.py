"""The fit of a log's mean weekday, as plain values for a scenario."""

from dataclasses import dataclass
from math import ceil, sqrt

import pandas as pd

from sim.logs.arrivals import (
    daily_offers,
    hourly_rates,
    linked_share,
    mismatch,
    most_second_legs,
    second_legs,
    spread,
    stream_busyness,
    transfer_shares,
)
from sim.logs.laws import likeliest_law
from sim.logs.log import OpeningHours, answered, day, handle_s, regular_queues, wait_s
from sim.logs.patience import Waits, fit_patience
from sim.logs.staffing import (
    busy,
    everyones,
    gaps,
    hours_by_day,
    logged_in,
    mean_head_count,
    on_duty,
    profiles,
    return_time,
    served,
    team_skills,
    teams,
    whole_heads,
)
from sim.scenario.distributions import Distribution


@dataclass(frozen=True, slots=True)
class QueueFit:
    """One queue: contacts an hour by interval, its day factor's sd, laws in seconds, share transferred."""

    name: str
    per_hour: tuple[float, ...]
    busyness: float
    handle_time: Distribution
    patience: Distribution
    own_patience: bool
    transfer: float


@dataclass(frozen=True, slots=True)
class TeamFit:
    """One team: agents seen in the log, queues served, and how many were on duty in each interval."""

    name: str
    seen: int
    skills: tuple[str, ...]
    head_count: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SecondLine:
    """The receivers of transfers: law of their part in seconds, and agents enough that no transfer waits."""

    handle_time: Distribution
    agents: int
    linked: float


@dataclass(frozen=True, slots=True)
class Staff:
    """Agent-hours a day (`busy` <= `on_duty` <= `logged_in`); seconds to ring and to return to the queue."""

    busy: float
    on_duty: float
    logged_in: float
    ring: float
    return_time: float

    @property
    def wrap_up(self) -> float:
        """Mean seconds of an agent's own between two calls: the return without the ring."""
        return max(0.0, self.return_time - self.ring)


@dataclass(frozen=True, slots=True)
class DayFit:
    """The mean weekday of a log: days it was taken from, contacts a day, shares as 0..1."""

    days: int
    offered: float
    left_out: float
    day_spread: float
    busyness: float
    queues: tuple[QueueFit, ...]
    teams: tuple[TeamFit, ...]
    second_line: SecondLine
    staff: Staff

    @property
    def seen(self) -> int:
        """Agents in the log."""
        return sum(team.seen for team in self.teams)

    @property
    def everyones(self) -> tuple[str, ...]:
        """The queues that every team serves."""
        first, *others = self.teams
        return tuple(queue for queue in first.skills if all(queue in team.skills for team in others))


FEWEST_LEFT = 100
"""Abandonments of a queue for a patience of its own; below, it takes that of all queues together."""

JUST_RUNG = 5.0
"""Seconds: a call answered so soon did not wait for an agent, the telephone just rang."""


def fit_day(log: pd.DataFrame, hours: OpeningHours) -> DayFit:
    """Fit the mean weekday within `hours` of a log in the canonical frame."""
    offered = hours.select(log)
    calls = regular_queues(offered)
    table = gaps(calls, everyones(served(calls)))
    days = day(calls).nunique()
    return DayFit(
        days=days,
        offered=len(calls) / days,
        left_out=1.0 - len(calls) / len(offered),
        day_spread=spread(daily_offers(calls).sum(axis=1)),
        busyness=mismatch(calls, on_duty(table), hours),
        queues=_queues(calls, hours),
        teams=_teams(calls, table, hours),
        second_line=_second_line(calls, hours),
        staff=_staff(calls, table),
    )


def _queues(calls: pd.DataFrame, hours: OpeningHours) -> tuple[QueueFit, ...]:
    rates, moved = hourly_rates(calls, hours), transfer_shares(calls)
    own = stream_busyness(daily_offers(calls))
    of_all = fit_patience(Waits.of(calls))
    fitted = []
    for queue in calls["queue"].value_counts().index:
        part = calls[calls["queue"] == queue]
        waits = Waits.of(part)
        known = bool(waits.left.sum() >= FEWEST_LEFT)
        fitted.append(
            QueueFit(
                name=queue,
                per_hour=tuple(rates[queue]),
                busyness=own[queue],
                handle_time=likeliest_law(handle_s(answered(part))),
                patience=fit_patience(waits) if known else of_all,
                own_patience=known,
                transfer=moved[queue],
            )
        )
    return tuple(fitted)


def _teams(calls: pd.DataFrame, table: pd.DataFrame, hours: OpeningHours) -> tuple[TeamFit, ...]:
    counts = served(calls)
    team_of = teams(profiles(counts), counts)
    skills = team_skills(counts, team_of)
    heads = whole_heads(mean_head_count(on_duty(table), team_of, hours))
    sizes = team_of.value_counts()
    return tuple(TeamFit(name, sizes[name], tuple(skills[name]), tuple(heads[name])) for name in sizes.index)


def _second_line(calls: pd.DataFrame, hours: OpeningHours) -> SecondLine:
    most = most_second_legs(calls, hours)
    ample = ceil(2.0 * most + 4.0 * sqrt(most))
    return SecondLine(likeliest_law(second_legs(calls)), ample, linked_share(calls))


def _staff(calls: pd.DataFrame, table: pd.DataFrame) -> Staff:
    least, taken, most = (float(hours_by_day(spans(table)).mean()) for spans in (busy, on_duty, logged_in))
    wait = wait_s(answered(calls))
    return Staff(least, taken, most, float(wait[wait <= JUST_RUNG].median()), return_time(table))
