"""The dates of a log as a scenario with a calendar would have them: each on its own clock from midnight."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from sim.logs.log import OpeningHours, clock_s, day
from sim.logs.nights import cut_days
from sim.logs.tested_days import TestedDays, more_of
from sim.scenario import Scenario
from sim.scenario.calendar import MOST_DAYS, stretches
from sim.scenario.day_contents import hours_of
from sim.scenario.distributions import DAY_S
from sim.scenario.fields import ReadOnlyDict
from sim.scenario.single_days import CalendarDay, linked_places

TIMES = ["offered_at", "answered_at", "ended_at", "transferred_at"]


def hours_of_dates(scenario: Scenario, dates: Iterable[CalendarDay]) -> OpeningHours:
    """Return the hours from the earliest opening of dates to the latest closing, in whole intervals of the scenario."""
    every, dates = scenario.interval, tuple(dates)
    times = [
        hours for one in dates for queue in scenario.queues
        if (hours := hours_of(scenario, one.calendar, queue, one.date)) is not None
    ]  # fmt: skip
    opens = min((one.opens for one in times), default=0.0) // every * every
    closes = -(-max((one.closes for one in times), default=every) // every) * every
    return OpeningHours.of_day(
        opens, closes - opens, every, tuple(sorted({one.date.weekday() for one in dates}))
    )


def turn_of(scenario: Scenario) -> float:
    """Return the clock time at which a business day of a calendar becomes the next, 0 where that is midnight.

    So it is of hours over midnight too where the dates hang together by anything else, or are never closed between.
    """
    hours = hours_of_dates(scenario, scenario.days)
    others = [place for place in linked_places(scenario) if place[-2:-1] != ("open",)]
    return 0.0 if others or hours.closes > hours.turn + DAY_S else hours.turn


def on_the_wall(calls: pd.DataFrame, date: CalendarDay, turn: float = 0.0) -> pd.DataFrame:
    """Return contacts of a simulated date, told by the time that its clock showed when they came.

    What they waited and took is left as it was, also where the clock was changed meanwhile. `turn` is what the clock
    of the contacts was set back by.
    """
    at = clock_s(calls["offered_at"]).to_numpy() + turn
    moved = np.zeros(len(calls))
    zone, after = date.calendar.time_zone, date.length_s
    for one in stretches(date.date, zone):
        moved[(at >= one.start) & (at < one.end)] = one.shift
    for one in stretches(date.date + timedelta(days=1), zone):
        moved[(at >= after + one.start) & (at < after + one.end)] = DAY_S - after + one.shift
    by = pd.Series(pd.to_timedelta(moved, unit="s"), calls.index)
    return calls.assign(**{name: calls[name] + by for name in TIMES})


@dataclass(frozen=True)
class TestedDates(TestedDays):
    """The dates of a calendar that a log has, each with the hours, contacts and people that the calendar gives it."""

    @cached_property
    def _open_dates(self) -> Mapping[pd.Timestamp, CalendarDay]:
        """The open dates of the calendar that the log has."""
        there = set(day(self.calls).unique())
        found = {pd.Timestamp(one.date): one for one in self.scenario.days}
        return {date: one for date, one in found.items() if date in there}

    @cached_property
    def hours(self) -> OpeningHours:
        """From the earliest opening of the dates to the latest closing, in whole intervals of the scenario."""
        found = hours_of_dates(self.scenario, self._open_dates.values())
        return replace(found, turn=turn_of(self.scenario))

    @cached_property
    def while_open(self) -> pd.DataFrame:
        """The contacts that came on these dates while their queue was open."""
        calls = self.calls[day(self.calls).isin(list(self._open_dates))].reset_index(drop=True)
        at = self._clock_s(calls).to_numpy()
        kept = np.zeros(len(calls), dtype=bool)
        dates, queues = day(calls), calls["queue"].astype("str")
        for date, one in self._open_dates.items():
            for queue in self.scenario.queues:
                hours = hours_of(self.scenario, one.calendar, queue, one.date)
                if hours is not None:
                    kept |= (dates == date) & (queues == queue) & (at >= hours.opens) & (at < hours.closes)
        found: pd.DataFrame = calls[kept]
        return found

    def ordinary(self, calls: pd.DataFrame) -> pd.DataFrame:
        """Return all contacts, as the calendar says what is no ordinary day, but those of a night cut by midnight."""
        cut = cut_days(self.calls["offered_at"], self.hours.turn)
        return calls[~day(calls).isin(cut)] if len(cut) else calls

    @property
    def where_to_look(self) -> str:
        """What of the calendar does not go with a log of which no contact is left."""
        dates = day(self.calls)
        calendar = self.scenario.calendar
        assert calendar is not None
        if not len(dates) or self._open_dates:
            return "`calendar.open` and the names of the queues"
        first, last = dates.min(), dates.max()
        days = min((last - first).days + 1, MOST_DAYS)
        return (
            f"`calendar`: its dates are {calendar.dates[0]} to {calendar.dates[-1]}, those of the log {first:%Y-%m-%d} "
            f"to {last:%Y-%m-%d}; --set calendar.from={first:%Y-%m-%d} --set calendar.days={days}"
        )

    def moments(self, calls: pd.DataFrame) -> pd.Series:
        """Return when contacts of a date came, in seconds that have gone by since its midnight."""
        clock_s = self._clock_s(calls)
        if not len(calls):
            return clock_s
        one = self._open_dates[day(calls).iloc[0]]
        return clock_s.map(lambda at: one.calendar.instant(one.date, at))

    def _clock_s(self, calls: pd.DataFrame) -> pd.Series:
        return clock_s(calls["offered_at"]) + self.hours.turn

    def staffed(self, date: pd.Timestamp) -> Scenario:
        """Return what is simulated on a date, with those who are there all day beyond a head-count."""
        scenario = self._open_dates[date].scenario
        teams = dict(scenario.teams)
        for name, more in self.added.items():
            count = teams[name].head_count
            assert count is not None
            count = count.model_copy(update={"agents": more_of(count.agents, more)})
            agents = max(*count.counts, teams[name].agents)
            teams[name] = teams[name].model_copy(update={"head_count": count, "agents": agents})
        return scenario.model_copy(update={"teams": ReadOnlyDict(teams)})

    def modelled(self, date: pd.Timestamp) -> Scenario:
        """Return the date with as many contacts as the calendar expects."""
        return self.staffed(date)
