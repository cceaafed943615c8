"""Wanted precisions of figures, and the rule that ends the replications when they are reached."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor, isnan, nan
from typing import Self

from sim.errors import SimError, quoted
from sim.metrics import Figure, Figures, Metric, lookup
from sim.scenario import Scenario
from sim.scenario.numbers import decimal, duration

AT_LEAST = 10
"""Replications before a run may end: a variance estimated from fewer says little."""

AT_MOST = 1000
"""Replications at which a run ends by default."""

LOOK_AHEAD = 5
"""For so many more replications the interval must stay narrow (Hoad, Robinson and Davies 2010: kLimit)."""

_WANTED = re.compile(r"(?P<place>.+?)=(?:±|\+/?-)?\s*(?P<number>\d+(?:\.\d+)?|\.\d+)\s*(?P<unit>%|[a-z]*)")
_SELECTOR = re.compile(r":(?=[a-z_]+=)")


@dataclass(frozen=True, slots=True)
class Precision:
    """A figure and the wanted half width of its 95 % interval.

    `half_width` is in the metric's own unit (shares 0 to 1, seconds), or a share of the value where
    `relative`.
    """

    metric: str
    place: Mapping[str, str]
    half_width: float
    relative: bool
    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `service_level=±1%`, `wait_p90:queue=billing=±5s` or `offered:queue=billing:kind=transfer=±3%`.

        ± may be left out or written +-. For a share, ±1% is one percentage point; for every other metric it
        is one per cent of the value. Durations may be in s, m or h.

        Raises SimError for anything else, and with the nearest name for a metric that does not exist.
        """
        found = _WANTED.fullmatch(text.strip())
        if not found:
            raise SimError(
                f"{quoted(text)} is no precision; write service_level=±1% or wait_p90:queue=NAME=±5s"
            )
        name, *selectors = _SELECTOR.split(found["place"])
        if ":" in name:
            raise SimError(f"{quoted(text)} is no precision; write wait_p90:queue=NAME=±5s")
        metric = lookup(name)
        half_width, relative = _half_width(metric, found["number"], found["unit"], text)
        place = dict(_selector(one, text) for one in selectors)
        return cls(name, place, half_width, relative, text.strip())

    def figure(self, figures: Figures) -> Figure:
        """Return the figure.

        Raises SimError, with the nearest name, for one that does not exist.
        """
        return figures.value(self.metric, **self.place)  # type: ignore[arg-type]

    def reached(self, figure: Figure) -> float:
        """Return the half width of a figure's interval in the same terms as the wanted one; NaN without one.

        Where an interval is cut off on one side, as at 100 %, the wider half counts.
        """
        half = max(figure.high - figure.value, figure.value - figure.low)
        if not self.relative or half == 0:
            return half
        return half / abs(figure.value) if figure.value else nan


def precisions(wanted: Iterable[str | Precision], scenario: Scenario) -> tuple[Precision, ...]:
    """Read the wanted precisions.

    Raises SimError, one line for each, for texts that cannot be read and for figures that the scenario lacks.
    """
    from sim.metrics.cells import Axes, Cells

    cells = Cells.of(Axes.of(scenario))
    read, wrong = [], []
    for one in wanted:
        try:
            precision = one if isinstance(one, Precision) else Precision.parse(one)
            cells.row(precision.metric, precision.place)
            read.append(precision)
        except SimError as error:
            written = quoted(one if isinstance(one, str) else one.text)
            text = str(error)
            wrong.append(f"precision {text if text.startswith(written) else f'{written}: {text}'}")
    if wrong:
        raise SimError("\n".join(wrong))
    return tuple(read)


class Watch:
    """The stopping rule: it takes the figures after each replication, in order.

    The run ends after the first number of replications from which on every interval is as narrow as wanted and
    stays so for `LOOK_AHEAD` more, or 5 % more beyond the hundredth. Source: K. Hoad, S. Robinson and
    R. Davies (2010), Automated selection of the number of replications for a discrete-event simulation,
    Journal of the Operational Research Society 61, 1632-1644.
    """

    def __init__(self, wanted: Sequence[Precision]) -> None:
        self.wanted = wanted
        self._narrow_since: list[int | None] = [None] * len(wanted)

    def enough(self, figures: Figures) -> bool:
        """Take the figures after one more replication, and return whether it was the last one needed."""
        done = figures.replications
        for number, one in enumerate(self.wanted):
            narrow = one.reached(one.figure(figures)) <= one.half_width
            since = self._narrow_since[number]
            self._narrow_since[number] = (since or done) if narrow else None
        return done >= AT_LEAST and all(
            since is not None and done >= since + look_ahead(since) for since in self._narrow_since
        )

    def forecast(self, figures: Figures, at_most: int) -> int:
        """Estimate the number of replications needed: the width falls with its square root."""
        done = figures.replications
        needed = [AT_LEAST]
        for one, since in zip(self.wanted, self._narrow_since, strict=True):
            width = one.reached(one.figure(figures))
            if since is not None:
                needed.append(since + look_ahead(since))
            elif isnan(width):
                needed.append(at_most)
            else:
                narrow = max(done, min(at_most, round(done * (width / one.half_width) ** 2)))
                needed.append(narrow + look_ahead(narrow))
        return min(at_most, max(needed))

    def endings(self, figures: Figures) -> tuple["Ending", ...]:
        """Return how it ended for each figure."""
        return tuple(
            Ending(one, one.figure(figures), one.reached(one.figure(figures)), since)
            for one, since in zip(self.wanted, self._narrow_since, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Ending:
    """The precision reached: the figure, its half width, and since when that was narrow enough.

    `reached` is in the terms of `wanted`; `narrow_since` is the number of replications from which on the
    interval was narrow enough, None where it is not.
    """

    wanted: Precision
    figure: Figure
    reached: float
    narrow_since: int | None

    def __str__(self) -> str:
        place = "".join(f" {name}" for name in self.wanted.place.values())
        what = f"{self.wanted.metric}{place}: "
        if isnan(self.reached):
            return what + "no interval, as there are too few data"
        verdict = "reached" if self.narrow_since is not None else "not reached"
        since = f", narrow enough from replication {self.narrow_since} on" if self.narrow_since else ""
        return f"{what}{self._shown(self.wanted.half_width)} {verdict}: {self._shown(self.reached)}{since}"

    def _shown(self, half_width: float) -> str:
        if self.wanted.relative:
            return f"±{half_width * 100:.3g} % of the value"
        if self.figure.unit == "share":
            return f"±{half_width * 100:.3g} %"
        return f"±{half_width:.3g} s" if self.figure.unit == "s" else f"±{half_width:.3g}"


def look_ahead(narrow_since: int) -> int:
    """Return the number of replications for which an interval must stay narrow once it is."""
    return max(LOOK_AHEAD, floor(LOOK_AHEAD * narrow_since / 100))


def _selector(text: str, whole: str) -> tuple[str, str]:
    dimension, equals, name = text.partition("=")
    if not equals or not name:
        raise SimError(f"{quoted(whole)} is no precision; write wait_p90:queue=NAME=±5s")
    return dimension, name


def _half_width(metric: Metric, number: str, unit: str, text: str) -> tuple[float, bool]:
    """Return the half width in the metric's unit, or as a share of the value and True."""
    if unit == "%":
        value, relative = decimal(number) / 100, not metric.is_share
    elif unit and metric.unit != "s":
        raise SimError(f"{metric.name} is not a time; write {metric.name}=±1%" + _or_plain(metric))
    else:
        value, relative = _plain(metric, number, unit), False
    if value <= 0:
        raise SimError(f"{quoted(text)} must be above 0")
    return value, relative


def _or_plain(metric: Metric) -> str:
    return "" if metric.is_share else f" (of its value) or ±0.1 ({metric.unit})"


def _plain(metric: Metric, number: str, unit: str) -> float:
    if metric.unit != "s":
        return decimal(number)
    try:
        return duration(number + unit)
    except ValueError as error:
        raise SimError(str(error)) from None
