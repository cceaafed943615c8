"""The table of cells that a scenario's figures fill."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache
from itertools import chain
from math import ceil, prod
from typing import TYPE_CHECKING, Any

from sim.errors import SimError, did_you_mean, quoted
from sim.metrics.catalogue import CATALOGUE, lookup
from sim.metrics.metric import DIMENSIONS, PLACE_COLUMNS, VARIANTS, Breakdown, Dimension, Metric, column_of
from sim.records.schema import AGENT_STATES, KINDS
from sim.scenario.day_rules import WEEKDAYS

if TYPE_CHECKING:
    import pandas as pd

    from sim.metrics.columns import BoolArray, FloatArray, IntArray
    from sim.records.table import Columns
    from sim.scenario import Scenario

DAY_S = 86_400.0
_ROUNDING = 1e-9  # of an interval: 0.3 / 0.1 must not make a fourth one


@dataclass(frozen=True, slots=True)
class Axes:
    """What figures are broken down by; it depends on the scenario alone, so replications fit together.

    With a calendar `day` has its open dates and the weekdays that come more than once, and `starts` are those of the
    first date; on a date alone, `open_hours` are when it opens and closes.

    `starts` are the intervals' beginnings in seconds from opening. The last one is open: it begins where
    arrivals stop and holds what is still placed and served after that.
    """

    queue: tuple[str, ...]
    team: tuple[str, ...]
    channel: tuple[str, ...]
    kind: tuple[str, ...]
    state: tuple[str, ...]
    label: tuple[str, ...]
    interval: tuple[str, ...]
    starts: tuple[float, ...]
    level: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    hours: tuple[str, ...] = ("open_hours",)
    day: tuple[str, ...] = ()
    day_starts: tuple[float, ...] = ()
    open_hours: tuple[float, float] | None = None
    dates: tuple[str, ...] = ()

    @classmethod
    def of(cls, scenario: "Scenario") -> "Axes":
        """Take the axes from a scenario, those that it was asked for lately again."""
        found = next((axes for known, axes in _known if known is scenario), None)
        if found is None:
            found = cls._of(scenario)
            _known.insert(0, (scenario, found))
            del _known[KEPT:]
        return found

    @classmethod
    def _of(cls, scenario: "Scenario") -> "Axes":
        dates = scenario.days
        if dates:
            dated = cls.of(dates[0].scenario)
            days = tuple(one.name for one in dates)
            return replace(dated, day=(*days, *repeated([one.weekday for one in dates])), dates=days)
        starts, clocks, open_hours = _intervals(scenario)
        midnights = _midnights(scenario)
        return cls(
            queue=tuple(scenario.queues),
            team=tuple(scenario.teams),
            channel=tuple(scenario.channels),
            kind=KINDS,
            state=AGENT_STATES,
            label=tuple(scenario.labels),
            interval=tuple(map(clock_text, clocks)),
            starts=starts,
            level=_levels(scenario),
            customers=_customers(scenario),
            day=_days(scenario, midnights),
            day_starts=midnights,
            open_hours=open_hours,
        )

    def names(self, dimension: Dimension) -> tuple[str, ...]:
        """Return the names along a dimension."""
        names: tuple[str, ...] = getattr(self, dimension)
        return names

    def column(self, name: str) -> tuple[str, ...]:
        """Return all names in a column of the tables."""
        return tuple(
            one for dimension in DIMENSIONS if column_of(dimension) == name for one in self.names(dimension)
        )

    def shape(self, by: Breakdown) -> tuple[int, ...]:
        """Return the number of names along each dimension of a breakdown."""
        return tuple(len(self.names(dimension)) for dimension in by)

    def interval_of(self, times: "FloatArray") -> "IntArray":
        """Return the number of the interval in which each time lies, -1 for NaN."""
        return _last_before(self.starts, times)

    def day_of(self, times: "FloatArray") -> "IntArray":
        """Return the number of the day in which each time lies, -1 for NaN; what comes after is of the last one."""
        return _last_before(self.day_starts, times)

    @property
    def edges(self) -> tuple[float, ...]:
        """Where an interval or a day begins, in order."""
        return tuple(sorted({*self.starts, *self.day_starts, *(self.open_hours or ())}))


_known: list[tuple["Scenario", Axes]] = []
"""The axes of the scenarios, and dates of a calendar, that were measured last."""
KEPT = 32


def _levels(scenario: "Scenario") -> tuple[str, ...]:
    """Return the further readings of the queues' service levels, each name once."""
    levels = [queue.service_level for queue in scenario.queues.values() if queue.service_level is not None]
    return tuple(dict.fromkeys(also.words for level in levels for also in level.also))


def _customers(scenario: "Scenario") -> tuple[str, ...]:
    """Return the reading by customer, where customers come back; without it they are their contacts."""
    again = scenario.customers
    return ("by_customer",) if again.after_no_agent or again.after_abandon else ()


def _last_before(starts: tuple[float, ...], times: "FloatArray") -> "IntArray":
    import numpy as np  # whoever asks for names alone needs none

    if not starts:
        return np.full(len(times), -1)
    found = np.searchsorted(np.array(starts), times, side="right") - 1
    return np.where(np.isnan(times), -1, found)


def _midnights(scenario: "Scenario") -> tuple[float, ...]:
    """Return where the days of a run of more than 24 h begin, in seconds from opening; none for a shorter one."""
    if scenario.lasts <= DAY_S or scenario.date is not None:
        return ()
    first = DAY_S - scenario.opens_at % DAY_S
    return (0.0, *(first + number * DAY_S for number in range(ceil((scenario.lasts - first) / DAY_S))))


def _days(scenario: "Scenario", midnights: tuple[float, ...]) -> tuple[str, ...]:
    """Name days by their dates, and by their number where the scenario has no date."""
    if scenario.opens is None:
        return tuple(f"day {number}" for number, _ in enumerate(midnights, start=1))
    first = scenario.opens.date()
    return tuple((first + timedelta(days=number)).isoformat() for number, _ in enumerate(midnights))


def clock_text(seconds: float) -> str:
    """Write seconds since midnight as `08:00`, or `08:00:30`, with `+1d ` before it on the next day."""
    days, rest = divmod(seconds, DAY_S)
    minutes, second = divmod(rest, 60)
    text = f"{int(minutes) // 60:02d}:{int(minutes) % 60:02d}"
    if second:
        text += f":{second:06.3f}".rstrip("0").rstrip(".")
    return f"+{int(days)}d {text}" if days else text


def _intervals(
    scenario: "Scenario",
) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, float] | None]:
    """Return where intervals begin, what the clock shows then, and the opening hours of a date of a calendar."""
    one = scenario.date
    if one is None:
        starts = _starts(scenario.lasts, scenario.interval)
        return starts, tuple(scenario.opens_at + start for start in starts), None
    return one.starts(scenario.interval), _starts(one.grid_s, scenario.interval), (one.opens_s, one.closes_s)


def _starts(lasts: float, interval: float) -> tuple[float, ...]:
    count = ceil(lasts / interval - _ROUNDING)
    return (*(k * interval for k in range(count)), lasts)


def repeated(weekdays: Sequence[str]) -> tuple[str, ...]:
    """Return the weekdays that come more than once, in the order in which they first come."""
    return tuple(one for one in dict.fromkeys(weekdays) if weekdays.count(one) > 1)


@dataclass(frozen=True)
class Cells:
    """For every metric and breakdown a block of cells, in the order of the catalogue and of the axes."""

    axes: Axes
    metrics: tuple[Metric, ...]
    by_team: bool = False

    @classmethod
    def of(cls, axes: Axes, only: Iterable[str] | None = None, by_team: bool = False) -> "Cells":
        """Lay out the cells of all metrics, or only of those named; `by_team` with each team's part of a queue.

        Raises SimError where there is no metric of such a name.
        """
        return _laid_out(axes, None if only is None else tuple(only), by_team)

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what travels between processes, the axes and names; the layout is made again there."""
        return _laid_out, (self.axes, tuple(metric.name for metric in self.metrics), self.by_team)

    def __len__(self) -> int:
        return self._layout[1]

    @cached_property
    def _layout(self) -> tuple[dict[tuple[str, Breakdown], slice], int]:
        blocks: dict[tuple[str, Breakdown], slice] = {}
        size = 0
        for metric in self.metrics:
            for by in metric.breakdowns:
                blocks[metric.name, by] = slice(size, size + prod(self.axes.shape(by)))
                size = blocks[metric.name, by].stop
        return blocks, size

    @cached_property
    def blocks(self) -> tuple[tuple[tuple[Breakdown, slice], ...], ...]:
        """For each metric its breakdowns, each with its rows."""
        return tuple(
            tuple((by, self.block(metric.name, by)) for by in metric.breakdowns) for metric in self.metrics
        )

    @cached_property
    def rows(self) -> tuple[slice, ...]:
        """For each metric its rows, of all its breakdowns."""
        return tuple(slice(parts[0][1].start, parts[-1][1].stop) for parts in self.blocks)

    @cached_property
    def is_ratio(self) -> "BoolArray":
        """Describe for each cell whether it is a ratio of means."""
        return self._spread([metric.is_ratio for metric in self.metrics])

    @cached_property
    def is_share(self) -> "BoolArray":
        """Describe for each cell whether it lies between 0 and 1."""
        return self._spread([metric.is_share for metric in self.metrics])

    def _spread(self, flags: list[bool]) -> "BoolArray":
        import numpy as np

        sizes = [sum(prod(self.axes.shape(by)) for by in metric.breakdowns) for metric in self.metrics]
        return np.repeat(np.array(flags, dtype=np.bool_), sizes)

    def unit_of(self, metric: str) -> str:
        """Return the unit of a metric."""
        return self._metric(metric).unit

    def block(self, metric: str, by: Breakdown) -> slice:
        """Return the rows of a metric in a breakdown."""
        return self._layout[0][metric, by]

    def row(self, metric: str, place: Mapping[str, str]) -> int:
        """Return the row of a metric at a place, such as `{"queue": "billing", "kind": "transfer"}`.

        Raises SimError for a name that does not exist and for a breakdown in which the metric has no meaning.
        """
        found = self._metric(metric)
        names = self._dimensions(found, place)
        by = tuple(d for d in DIMENSIONS if d in names)
        if by not in found.breakdowns:
            raise SimError(f"{metric} is not given {_words(by)}; it is given {_all_words(found)}")
        within = 0
        for dimension in by:
            within = within * len(self.axes.names(dimension)) + self._position(dimension, names[dimension])
        return int(self._layout[0][metric, by].start) + within

    def columns(self) -> "Columns":
        """Return metric, place and unit of each cell."""
        import numpy as np

        from sim.records.table import Columns

        units = tuple(dict.fromkeys(metric.unit for metric in self.metrics))
        names = {"metric": tuple(metric.name for metric in self.metrics)}
        names |= {column: tuple(dict.fromkeys(("", *self.axes.column(column)))) for column in PLACE_COLUMNS}
        sizes = [sum(rows.stop - rows.start for _, rows in parts) for parts in self.blocks]
        each = np.arange(len(self.metrics))
        unit = np.array([units.index(metric.unit) for metric in self.metrics], dtype=np.int64)
        codes = {
            "metric": np.repeat(each, sizes),
            **{column: np.zeros(len(self), dtype=np.int64) for column in PLACE_COLUMNS},
            "unit": np.repeat(unit, sizes),
        }
        blocks = tuple(chain.from_iterable(self.blocks))
        kinds = {by for by, _ in blocks}  # 44 of 909 blocks of a support day
        places = {by: self._places(by, names) for by in kinds}
        for by, rows in blocks:
            for column, own in places[by].items():
                codes[column][rows] = own
        return Columns(codes, {**names, "unit": units})

    def _places(self, by: Breakdown, names: Mapping[str, tuple[str, ...]]) -> "dict[str, IntArray]":
        """Return the columns of a breakdown's cells, as codes of names."""
        import numpy as np

        shape = self.axes.shape(by)
        found = {}
        for dimension, at in zip(by, np.indices(shape, sparse=True), strict=True):
            column = column_of(dimension)
            own = np.array([names[column].index(name) for name in self.axes.names(dimension)], np.int64)
            found[column] = np.broadcast_to(own[at], shape).ravel()
        return found

    def frame(self) -> "pd.DataFrame":
        """Return metric, place and unit of each cell as a frame."""
        from sim.records.table import frame_of

        return frame_of(self.columns())

    def _metric(self, name: str) -> Metric:
        found = next((metric for metric in self.metrics if metric.name == name), None)
        if found is None:
            raise SimError(f"{lookup(name).name} was not measured in this run")
        return found

    def _dimensions(self, metric: Metric, place: Mapping[str, str]) -> dict[Dimension, str]:
        own = dict.fromkeys(dimension for by in metric.breakdowns for dimension in by)
        names: dict[Dimension, str] = {}
        for column, name in place.items():
            if column not in PLACE_COLUMNS:
                raise SimError(f"no column {quoted(column)}; {did_you_mean(column, PLACE_COLUMNS)}")
            if name:
                names[self._dimension(metric, [d for d in own if column_of(d) == column], column, name)] = (
                    name
                )
        return names

    def _dimension(self, metric: Metric, possible: list[Dimension], column: str, name: str) -> Dimension:
        """Return which of the dimensions of a column a name is one of."""
        found = next((one for one in possible if name in self.axes.names(one)), None)
        if found is None and column == "variant":
            there = [one for dimension in possible for one in self.axes.names(dimension)]
            raise SimError(f"{metric.name} has no variant {quoted(name)}; {did_you_mean(name, there)}")
        return found or (possible[0] if possible else column)  # type: ignore[return-value]

    def _only(self, weekday: str) -> str | None:
        """Return the one date of a calendar that is that weekday; None where it has none, or several."""
        found = [
            one for one in self.axes.dates if WEEKDAYS[date.fromisoformat(one).weekday()] == weekday.lower()
        ]
        return found[0] if len(found) == 1 else None

    def _position(self, dimension: Dimension, name: str) -> int:
        names = self.axes.names(dimension)
        if dimension == "day" and name not in names and (only := self._only(name)):
            return names.index(only)
        if name not in names:
            raise SimError(f"no {dimension} {quoted(name)}; {did_you_mean(name, names)}")
        return names.index(name)


@lru_cache(maxsize=8)
def _laid_out(axes: Axes, only: tuple[str, ...] | None, by_team: bool) -> Cells:
    wanted = CATALOGUE.keys() if only is None else {lookup(name).name for name in only}
    metrics = tuple(metric for name, metric in CATALOGUE.items() if name in wanted)
    if axes.dates:
        metrics = tuple(map(_with_days, metrics))
    return Cells(axes, tuple(map(_with_teams, metrics)) if by_team else metrics, by_team)


def _with_teams(metric: Metric) -> Metric:
    """Return a metric that is given by queue and by team, with each team's part of a queue too."""
    if not {("queue",), ("team",)} <= {*metric.breakdowns}:
        return metric
    return replace(metric, breakdowns=(*metric.breakdowns, ("queue", "team")))


def _with_days(metric: Metric) -> Metric:
    """Return a metric with what it has by at most two dimensions also for each day of a calendar."""
    by_day = (
        tuple(one for one in DIMENSIONS if one in (*by, "day")) for by in metric.breakdowns if len(by) <= 2
    )
    return replace(metric, breakdowns=tuple(dict.fromkeys((*metric.breakdowns, *by_day))))


def _words(by: Breakdown) -> str:
    return "by " + " and ".join(map(_word, by)) if by else "over all"


def _word(dimension: Dimension) -> str:
    return "variant" if dimension in VARIANTS else dimension


def _all_words(metric: Metric) -> str:
    plain = [by for by in metric.breakdowns if not set(VARIANTS) & set(by)]
    told = ", ".join(map(_words, plain))
    return told if len(plain) == len(metric.breakdowns) else f"{told}; by variant too"
