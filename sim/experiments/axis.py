"""A key of the scenario that is varied, and its values."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, Self

from sim.errors import SimError, shown
from sim.experiments.splitting import split_at_commas
from sim.scenario.fields import quantity

MOST = 1000
"""No range has more values than this: it would be a slip."""

_NUMBER = r"(\d+(?:\.\d+)?|\.\d+)\s*([%smhd]?)"
_RANGE = re.compile(rf"{_NUMBER}\s*\.\.\s*{_NUMBER}(?:\s*:\s*{_NUMBER})?")


@dataclass(frozen=True, slots=True)
class Axis:
    """A key such as `teams.frontline.agents` and the values it takes, each as it was written."""

    key: str
    values: tuple[Any, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `K=a,b,c`, `K=8..14` or `K=8..14:2`; ranges may have a unit, as 20s..60s:10s and 5%..20%:5%.

        Raises SimError for anything else.
        """
        key, equals, values = text.partition("=")
        if not equals or not key.strip() or not values.strip():
            raise SimError(f"--vary {shown(text)}: write KEY=8..14, KEY=8..14:2 or KEY=20s,40s")
        found = _RANGE.fullmatch(values.strip())
        written = _steps(found, text) if found else [one for one in split_at_commas(values) if one]
        return cls(key.strip(), tuple(written)).checked()

    @property
    def numbers(self) -> tuple[float, ...] | None:
        """The values as numbers, seconds and shares; None where one of them is none."""
        found = [_number(value) for value in self.values]
        known = [one for one in found if one is not None]
        return tuple(known) if len(known) == len(found) else None

    @property
    def column(self) -> tuple[Any, ...]:
        """The values as a table has them: numbers where all are, else as they were written."""
        return self.numbers or tuple(str(value) for value in self.values)

    def neighbours(self) -> list[tuple[int, int]]:
        """Give the positions of each value and the next larger one; none where they are no numbers."""
        numbers = self.numbers
        if numbers is None:
            return []
        order = sorted(range(len(numbers)), key=numbers.__getitem__)
        return list(pairwise(order))

    def checked(self) -> Self:
        """Return the axis. Raises SimError where it has no values, or one of them twice."""
        written = [str(value) for value in self.values]
        if not written:
            raise SimError(f"{self.key} has no values to take")
        twice = next((value for value in written if written.count(value) > 1), None)
        if twice is not None:
            raise SimError(f"{self.key} takes {shown(twice)} twice")
        return self


def axes_of(vary: Mapping[str, Sequence[Any]] | Sequence[str] | str) -> tuple[Axis, ...]:
    """Read what is varied, from a mapping of keys to values or from texts `K=8..14`.

    Raises SimError for what cannot be read, and where nothing is varied or a key twice.
    """
    if isinstance(vary, Mapping):
        axes = tuple(_axis(key, values) for key, values in vary.items())
    else:
        axes = tuple(Axis.parse(text) for text in ([vary] if isinstance(vary, str) else vary))
    if not axes:
        raise SimError("there is nothing to vary; write KEY=8..14")
    keys = [axis.key for axis in axes]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise SimError(f"{twice} is varied twice; give all its values at once")
    return axes


def _axis(key: str, values: Sequence[Any]) -> Axis:
    """Read the values of a key; a text is read as on the command line, and a single value is one."""
    if isinstance(values, str):
        return Axis.parse(f"{key}={values}")
    return Axis(key, tuple(values) if isinstance(values, Iterable) else (values,)).checked()


def _steps(found: "re.Match[str]", text: str) -> list[str]:
    """Write the values of a range, exact in every decimal."""
    low, _, high, unit, step, step_unit = found.groups()
    units = {one for one in (found[2], unit, step_unit) if one}
    if len(units) > 1:
        raise SimError(
            f"--vary {shown(text)}: has several units, {' and '.join(sorted(units))}; write all in one"
        )
    first, last, width = Decimal(low), Decimal(high), Decimal(step or 1)
    if last < first or width <= 0:
        raise SimError(f"--vary {shown(text)}: goes nowhere; write the smaller end first and a step above 0")
    count = int((last - first) / width) + 1
    if count > MOST:
        raise SimError(f"--vary {shown(text)}: has {count} values; at most {MOST}")
    return [f"{first + number * width}{units.copy().pop() if units else ''}" for number in range(count)]


def _number(value: Any) -> float | None:
    """Read a value as a number, as whole where it is; None for a switch, a name or a law."""
    if isinstance(value, bool):
        return None
    try:
        found = quantity(value)
    except ValueError:
        return None
    return int(found) if found == int(found) else found
