"""The days of a log as a scenario would have them: with the contacts that came, or as many as are modelled."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.errors import SimError, quoted
from sim.logs.log import OpeningHours, day, handle_s, left, wait_s
from sim.logs.nights import cut_days
from sim.logs.notes import WEEKDAY_FILE
from sim.logs.text import number, scenario_name
from sim.logs.writing import FITS
from sim.scenario import Scenario
from sim.scenario.arrivals import Arrivals, Contact
from sim.scenario.day_rules import WEEKDAYS
from sim.scenario.fields import ReadOnlyDict
from sim.scenario.replays import NOT_HANDED_ON
from sim.scenario.text_files import CSV, read_text

if TYPE_CHECKING:
    from sim.logs.estimates import Calibration

QUIET_SHARE = 0.3
Counts = Any
"""Agents by interval, or such lists by the days that they are for."""


def more_of(given: Counts, more: int) -> Counts:
    """Return a head-count with so many agents more where there are any."""
    if isinstance(given, Mapping):
        return ReadOnlyDict({rule: more_of(counts, more) for rule, counts in given.items()})
    return tuple(one + more if one else 0 for one in given)


NOTHING: dict[str, Any] = {"patience_s": None, "handle_time_s": None, "label": None}


def _fields(waited: float, handled: float, wrap_up: float, has_left: bool, to: str | None) -> dict[str, Any]:
    """Return what is recorded of a contact: of one who left all of the patience, else a lower bound of it."""
    if has_left:
        return {"patience_s": max(0.0, waited)}
    if np.isnan(handled):
        return {"waited_s": max(0.0, waited)}
    found = {"waited_s": waited, "handle_time_s": handled, "transfer_to": to}
    if to is not None and to != NOT_HANDED_ON:
        found["transfer_after_s"] = handled
    return found if np.isnan(wrap_up) else {**found, "wrap_up_s": float(wrap_up)}


@dataclass(frozen=True)
class TestedDays:
    """The days of a log that a scenario stands for, each as a scenario of its own.

    With `replayed` the contacts that came keep what the log has of them: handle time, wrap-up, where they were handed
    on to, and a patience of what they waited, or more. `unchanged` is the scenario as it was before.
    """

    __test__ = False  # it is no test of pytest

    scenario: Scenario
    calls: pd.DataFrame
    log: str
    replayed: bool = False
    unchanged: Scenario | None = None

    @cached_property
    def hours(self) -> OpeningHours:
        """The hours and intervals of the scenario."""
        opens = self.scenario.opens_at
        weekdays = tuple(sorted({weekday for weekday, *_ in self._by_weekday})) or (0, 1, 2, 3, 4)
        return OpeningHours.of_day(opens, self.scenario.lasts, self.scenario.interval, weekdays)

    @cached_property
    def within(self) -> pd.DataFrame:
        """The contacts within the hours, of queues of the scenario, on days that are no exceptions."""
        calls = self.while_open
        calls = calls[calls["queue"].isin(list(self.scenario.queues))]
        if "kind" in calls:
            calls = calls[calls["kind"].isna() | (calls["kind"] == "inbound")]
        return self.ordinary(calls).reset_index(drop=True)

    @cached_property
    def while_open(self) -> pd.DataFrame:
        """The contacts within the hours."""
        return self.hours.select(self.calls)

    def ordinary(self, calls: pd.DataFrame) -> pd.DataFrame:
        """Return the contacts of days on which not far less came than on the others."""
        daily = day(calls).value_counts()
        kept = daily.index[daily >= QUIET_SHARE * daily.median()] if len(daily) else daily.index
        kept = kept.difference(cut_days(self.calls["offered_at"], self.hours.turn))
        found: pd.DataFrame = calls[day(calls).isin(kept)]
        return found

    @cached_property
    def dates(self) -> tuple[pd.Timestamp, ...]:
        """The days. Raises SimError where the log has none that the scenario stands for."""
        found = tuple(sorted(day(self.within).unique()))
        if not found:
            raise SimError(
                f"{self.log}: no contact lies within the hours of the scenario and in one of its queues; "
                f"{self._other_names or f'look at {self.where_to_look}'}"
            )
        return found

    @property
    def _other_names(self) -> str:
        """What the queues are called on both sides where none of the log is one of the scenario."""
        there = [str(one) for one in self.calls["queue"].value_counts().index]
        if not there or set(there) & set(self.scenario.queues):
            return ""
        theirs, ours = (", ".join(map(quoted, list(names)[:3])) for names in (there, self.scenario.queues))
        return (
            f"queues of the log are {theirs}, of the scenario {ours}: read the log by the --as of its calibration, or"
            " rename the queues"
        )

    @property
    def where_to_look(self) -> str:
        """What of the scenario does not go with a log of which no contact is left."""
        return "`opens`, `lasts` and the names of the queues"

    def moments(self, calls: pd.DataFrame) -> "pd.Series[float]":
        """Return when contacts of a day came, in seconds on the clock of its scenario."""
        return self.hours.since_opening(calls["offered_at"])

    @cached_property
    def left_out(self) -> int:
        """Contacts of the log that are not compared: other hours, other queues, exceptional days."""
        return len(self.calls) - len(self.within)

    def actual(self, date: pd.Timestamp) -> Scenario:
        """Return the day with the very contacts that came; their patience and work are drawn, or are the log's."""
        here = self.within[day(self.within) == date]
        channels = self._channels
        at = self.moments(here).to_numpy()
        places = zip(here["queue"].astype("str"), at, strict=True)
        contacts = tuple(
            Contact(str(number), channels[queue], queue, float(moment), **{**NOTHING, **more})
            for number, ((queue, moment), more) in enumerate(zip(places, self._recorded(here), strict=True))
        )
        stream = Arrivals.model_construct(replay=f"{date:%Y-%m-%d}", contacts=contacts)
        # Whoever comes again, or asks again, is among those who came.
        customers = self.scenario.customers.model_copy(update={"after_abandon": None, "after_no_agent": None})
        given = {"arrivals": (stream,), "busyness": None, "customers": customers}
        return self.staffed(date).model_copy(update=given)

    def _recorded(self, calls: pd.DataFrame) -> Iterator[dict[str, Any]]:
        """Give what is recorded of each contact by the fields of `Contact`; nothing where days are not replayed."""
        if not self.replayed:
            yield from ({} for _ in range(len(calls)))
            return
        columns = [wait_s(calls), handle_s(calls)]
        columns += [
            calls[name] if name in calls else pd.Series(np.nan, calls.index) for name in ("wrap_up_s",)
        ]
        columns.append(left(calls))
        names = (
            calls["transfer_to"] if "transfer_to" in calls else pd.Series(None, calls.index, dtype="object")
        )
        moved = calls["transferred_at"].notna()
        knows = bool(names.notna().any())
        rows = zip(*columns, moved, names.astype("object"), strict=True)
        for waited, handled, wrap_up, has_left, is_moved, to in rows:
            yield _fields(
                waited, handled, wrap_up, has_left, (to if is_moved else NOT_HANDED_ON) if knows else None
            )

    def modelled(self, date: pd.Timestamp) -> Scenario:
        """Return the day with as many contacts as the scenario expects on its weekday."""
        day_ = self.staffed(date)
        streams = [self._expected(stream, date.day_of_week) for stream in day_.arrivals]
        return day_.model_copy(update={"arrivals": tuple(streams)})

    def _expected(self, stream: Arrivals, weekday: int) -> Arrivals:
        """Return a stream with the volumes of a weekday, unless it was given others since it was fitted."""
        queue = str(stream.queue)
        volumes = self._by_weekday.get((weekday, "queue", queue))
        if volumes is None or stream.per_hour is None or stream.per_hour != self._fitted_rates.get(queue):
            return stream
        hourly = tuple(volume * 3600.0 / self.hours.every for volume in volumes)
        return stream.model_copy(update={"per_hour": hourly, "every": self.hours.every})

    def staffed(self, date: pd.Timestamp) -> Scenario:
        """Return the scenario with the head-counts of a day's weekday, of teams that have those that were fitted."""
        teams = dict(self.scenario.teams)
        for name, team in teams.items():
            if team.head_count is None:
                continue
            heads = None
            if team.head_count.agents == self._fitted_heads.get(name):
                heads = self._by_weekday.get((date.day_of_week, "team", name))
            more = self.added.get(name, 0)
            if heads is None and not more:
                continue
            every = team.head_count.every if heads is None else self.hours.every
            given = team.head_count.agents if heads is None else tuple(round(one) for one in heads)
            agents = more_of(given, more)
            count = team.head_count.model_copy(update={"agents": agents, "every": every})
            teams[name] = team.model_copy(
                update={"head_count": count, "agents": max(*count.counts, team.agents)}
            )
        return self.scenario.model_copy(update={"teams": ReadOnlyDict(teams)})

    @cached_property
    def added(self) -> Mapping[str, int]:
        """By team with a head-count, how many agents more are there all day, as its `agents` were changed to more."""
        before = {} if self.unchanged is None else self.unchanged.teams
        found = {}
        for name, team in self.scenario.teams.items():
            if team.head_count is not None and name in before and team.agents != before[name].agents:
                found[name] = team.agents - max(team.head_count.counts)
        return {name: more for name, more in found.items() if more > 0}

    @cached_property
    def _fits(self) -> "Calibration | None":
        """What was fitted, from the scenario's folder; None of a scenario that was not, or of an earlier version."""
        origin = self.scenario.origin
        if origin is None or origin.folder is None or self.scenario.fitted is None:
            return None
        if not (origin.folder / FITS).is_file():
            return None
        found: Calibration = import_module("sim.logs.storage").open_calibration(origin.folder)
        return found

    @cached_property
    def _fitted_heads(self) -> Mapping[str, tuple[int, ...]]:
        """By team, the head-count that was fitted: only such a one is the mean of those by weekday."""
        return (
            {}
            if self._fits is None
            else {scenario_name(one.name): one.heads for one in self._fits.people.teams}
        )

    @cached_property
    def _fitted_rates(self) -> Mapping[str, tuple[float, ...]]:
        """By queue, the contacts an hour that were fitted, as they were written."""
        queues = () if self._fits is None else self._fits.queues
        hourly = 3600.0 / self.hours.every
        return {one.name: tuple(float(number(volume * hourly)) for volume in one.volumes) for one in queues}

    @cached_property
    def _channels(self) -> dict[str, str]:
        """By queue, the channel of its contacts."""
        found = {
            name: next(
                (c for c, channel in self.scenario.channels.items() if channel.medium == queue.medium), ""
            )
            for name, queue in self.scenario.queues.items()
        }
        for stream in self.scenario.arrivals:
            for queue in stream.queues:
                found[queue] = stream.channel or found[queue]
        return found

    @cached_property
    def _by_weekday(self) -> Mapping[tuple[int, str, str], tuple[float, ...]]:
        """By weekday, kind and name, what each interval has; empty where there is no file of it beside the scenario."""
        origin = self.scenario.origin
        if origin is None or origin.folder is None or self.scenario.fitted is None:
            return {}
        file = origin.folder / WEEKDAY_FILE
        if not file.is_file():
            return {}
        found: dict[tuple[int, str, str], list[float]] = {}
        try:
            for row in csv.DictReader(io.StringIO(read_text(file, CSV))):
                key = WEEKDAYS.index(row["weekday"]), row["of"], row["name"]
                found.setdefault(key, []).append(float(row["value"]))
        except (ValueError, KeyError, TypeError) as error:
            raise SimError(f"{file}: is not as `sim calibrate` wrote it; calibrate again") from error
        slots = round(self.scenario.lasts / self.scenario.interval)
        return {
            key: tuple(values)
            for key, values in found.items()
            if len(values) == slots and np.all(np.isfinite(values))
        }
