"""Fits a log's mean weekday."""

from math import ceil, sqrt

import pandas as pd

from sim.logs.arrivals import daily_offers, hourly_rates, spread, stream_busyness
from sim.logs.canonical import answered, day, handle_s, wait_s
from sim.logs.fitted import DayFit, QueueFit, SecondLine, Staff, TeamFit
from sim.logs.hours import OpeningHours, regular_queues
from sim.logs.laws import fit_law
from sim.logs.mismatch import mismatch
from sim.logs.patience import Waits, fit_patience
from sim.logs.returning import gaps, return_time
from sim.logs.skills import everyones, profiles, served, team_skills, teams
from sim.logs.staffing import busy, hours_by_day, logged_in, mean_head_count, on_duty, whole_heads
from sim.logs.transfers import linked_share, most_second_legs, second_legs, transfer_shares

FEWEST_LEFT = 100
"""A queue that fewer customers left than this takes the patience of all queues together."""

JUST_RUNG = 5.0
"""Seconds: who was answered so soon had nobody ahead of him, the telephone just rang."""


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
                handle_time=fit_law(handle_s(answered(part))),
                patience=fit_patience(waits) if known else of_all,
                own_patience=known,
                transfer=moved[queue],
            )
        )
    return tuple(fitted)


def _teams(calls: pd.DataFrame, table: pd.DataFrame, hours: OpeningHours) -> tuple[TeamFit, ...]:
    counts = served(calls)
    team_of = teams(profiles(counts))
    skills = team_skills(counts, team_of)
    heads = whole_heads(mean_head_count(on_duty(table), team_of, hours))
    sizes = team_of.value_counts()
    return tuple(TeamFit(name, sizes[name], tuple(skills[name]), tuple(heads[name])) for name in sizes.index)


def _second_line(calls: pd.DataFrame, hours: OpeningHours) -> SecondLine:
    most = most_second_legs(calls, hours)
    ample = ceil(2.0 * most + 4.0 * sqrt(most))
    return SecondLine(fit_law(second_legs(calls)), ample, linked_share(calls))


def _staff(calls: pd.DataFrame, table: pd.DataFrame) -> Staff:
    least, taken, most = (float(hours_by_day(spans(table)).mean()) for spans in (busy, on_duty, logged_in))
    wait = wait_s(answered(calls))
    return Staff(least, taken, most, float(wait[wait <= JUST_RUNG].median()), return_time(table))
