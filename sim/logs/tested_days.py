"""The days of a log as a scenario would have them: with the contacts that came, or as many as are modelled."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from sim.errors import SimError
from sim.logs.log import OpeningHours, day, handle_s, wait_s
from sim.logs.writing import WEEKDAY_FILE, WEEKDAYS
from sim.scenario import Scenario
from sim.scenario.arrivals import Arrivals, Contact
from sim.scenario.fields import ReadOnlyDict
from sim.scenario.replays import NOT_HANDED_ON
from sim.scenario.text_files import CSV, read_text

QUIET_SHARE = 0.3


NOTHING = {"patience_s": None, "handle_time_s": None, "label": None}


def _fields(waited: float, handled: float, wrap_up: float, to: str | None) -> dict[str, Any]:
    """Return what is recorded of a contact: of one who was answered a lower bound of the patience, else all of it."""
    if np.isnan(handled):
        return {"patience_s": max(0.0, waited)}
    found = {"waited_s": waited, "handle_time_s": handled, "transfer_to": to}
    if to is not None and to != NOT_HANDED_ON:
        found["transfer_after_s"] = handled
    return found if np.isnan(wrap_up) else {**found, "wrap_up_s": float(wrap_up)}


@dataclass(frozen=True)
class TestedDays:
    """The days of a log that a scenario stands for, each as a scenario of its own.

    With `replayed` the contacts that came keep what the log has of them: handle time, wrap-up, where they were handed
    on to, and a patience of what they waited, or more.
    """

    __test__ = False  # it is no test of pytest

    scenario: Scenario
    calls: pd.DataFrame
    log: str
    replayed: bool = False

    @cached_property
    def hours(self) -> OpeningHours:
        """The hours and intervals of the scenario."""
        opens = self.scenario.opens_at
        weekdays = tuple(sorted({weekday for weekday, *_ in self._by_weekday})) or (0, 1, 2, 3, 4)
        return OpeningHours(opens, opens + self.scenario.lasts, self.scenario.interval, weekdays)

    @cached_property
    def within(self) -> pd.DataFrame:
        """The contacts within the hours, of queues of the scenario, on days that are no exceptions."""
        calls = self.hours.select(self.calls)
        calls = calls[calls["queue"].isin(list(self.scenario.queues))]
        if "kind" in calls:
            calls = calls[calls["kind"].isna() | (calls["kind"].astype("str") == "inbound")]
        daily = day(calls).value_counts()
        kept = daily.index[daily >= QUIET_SHARE * daily.median()] if len(daily) else daily.index
        return calls[day(calls).isin(kept)].reset_index(drop=True)

    @cached_property
    def dates(self) -> tuple[pd.Timestamp, ...]:
        """The days. Raises SimError where the log has none that the scenario stands for."""
        found = tuple(sorted(day(self.within).unique()))
        if not found:
            raise SimError(
                f"{self.log}: no contact lies within the hours of the scenario and in one of its queues;"
                " look at `opens`, `lasts` and the names of the queues"
            )
        return found

    @cached_property
    def left_out(self) -> int:
        """Contacts of the log that are not compared: other hours, other queues, exceptional days."""
        return len(self.calls) - len(self.within)

    def actual(self, date: pd.Timestamp) -> Scenario:
        """Return the day with the very contacts that came; their patience and work are drawn, or are the log's."""
        here = self.within[day(self.within) == date]
        channels = self._channels
        at = self.hours.since_opening(here["offered_at"]).to_numpy()
        places = zip(here["queue"].astype("str"), at, strict=True)
        contacts = tuple(
            Contact(str(number), channels[queue], queue, float(moment), **{**NOTHING, **more})
            for number, ((queue, moment), more) in enumerate(zip(places, self._recorded(here), strict=True))
        )
        stream = Arrivals.model_construct(replay=f"{date:%Y-%m-%d}", contacts=contacts)
        return self._staffed(date).model_copy(update={"arrivals": (stream,), "busyness": None})

    def _recorded(self, calls: pd.DataFrame) -> Iterator[dict[str, Any]]:
        """Give what is recorded of each contact by the fields of `Contact`; nothing where days are not replayed."""
        if not self.replayed:
            yield from ({} for _ in range(len(calls)))
            return
        columns = [wait_s(calls), handle_s(calls)]
        columns += [
            calls[name] if name in calls else pd.Series(np.nan, calls.index) for name in ("wrap_up_s",)
        ]
        names = (
            calls["transfer_to"] if "transfer_to" in calls else pd.Series(None, calls.index, dtype="object")
        )
        moved = calls["transferred_at"].notna()
        knows = bool(names.notna().any())
        rows = zip(*columns, moved, names.astype("object"), strict=True)
        for waited, handled, wrap_up, is_moved, to in rows:
            yield _fields(waited, handled, wrap_up, (to if is_moved else NOT_HANDED_ON) if knows else None)

    def modelled(self, date: pd.Timestamp) -> Scenario:
        """Return the day with as many contacts as the scenario expects on its weekday."""
        day_ = self._staffed(date)
        streams = [self._expected(stream, date.day_of_week) for stream in day_.arrivals]
        return day_.model_copy(update={"arrivals": tuple(streams)})

    def _expected(self, stream: Arrivals, weekday: int) -> Arrivals:
        volumes = self._by_weekday.get((weekday, "queue", str(stream.queue)))
        if volumes is None or stream.per_hour is None:
            return stream
        hourly = tuple(volume * 3600.0 / self.hours.every for volume in volumes)
        return stream.model_copy(update={"per_hour": hourly, "every": self.hours.every})

    def _staffed(self, date: pd.Timestamp) -> Scenario:
        teams = dict(self.scenario.teams)
        for name, team in teams.items():
            heads = self._by_weekday.get((date.day_of_week, "team", name))
            if team.head_count is None or name in self._changed:
                continue
            more = self.added.get(name, 0)
            if heads is not None or more:
                known = team.head_count.counts if heads is None else [round(one) for one in heads]
                every = team.head_count.every if heads is None else self.hours.every
                agents = tuple(one + more if one else 0 for one in known)
                count = team.head_count.model_copy(update={"agents": agents, "every": every})
                teams[name] = team.model_copy(
                    update={"head_count": count, "agents": max(*agents, team.agents)}
                )
        return self.scenario.model_copy(update={"teams": ReadOnlyDict(teams)})

    @cached_property
    def added(self) -> Mapping[str, int]:
        """By team with a head-count, how many agents more its `agents` asks for than its file's: all day long."""
        most = (
            {name: max(agents, default=0) for name, agents in self._written.items()} if self._has_file else {}
        )
        return {
            name: team.agents - most[name]
            for name, team in self.scenario.teams.items()
            if name in most and name not in self._changed and team.agents > most[name]
        }

    @property
    def _has_file(self) -> bool:
        origin = self.scenario.origin
        return origin is not None and origin.folder is not None

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
    def _changed(self) -> frozenset[str]:
        """Teams whose head-count is not the file's any more: what was asked for comes before the weekday's."""
        origin = self.scenario.origin
        if origin is None or origin.folder is None:
            return frozenset(self.scenario.teams)
        written = self._written
        return frozenset(
            name
            for name, team in self.scenario.teams.items()
            if team.head_count is not None and written.get(name) != team.head_count.counts
        )

    @cached_property
    def _written(self) -> Mapping[str, tuple[int, ...]]:
        from sim.scenario import load

        origin = self.scenario.origin
        assert origin is not None
        file = load(origin.name)
        return {
            name: team.head_count.counts for name, team in file.teams.items() if team.head_count is not None
        }

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
