"""The keys that a sweep varies and the values they take, read from texts such as `teams.desk.agents=8..14`."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import prod
from typing import Any, Self

from sim.errors import SimError, one_line, quoted
from sim.experiments.variants import split_at_commas
from sim.scenario.numbers import EXACT, LONGEST_TEXT, quantity

MOST = 1000
"""Values that a key may take; more are taken for a slip."""
MOST_POINTS = 100_000
"""Combinations of values, each of which is a scenario of its own."""

TOGETHER = ";"
"""Stands between keys that move together, and between their values."""

_NUMBER = r"(\d+(?:\.\d+)?|\.\d+)\s*([%smhd]?)"
_RANGE = re.compile(rf"{_NUMBER}\s*\.\.\s*{_NUMBER}(?:\s*:\s*{_NUMBER})?")


@dataclass(frozen=True, slots=True)
class Axis:
    """A key such as `teams.frontline.agents` and the values it takes, each as it was written.

    Keys that move together are one axis: `teams.a.agents; teams.b.agents`, with values such as `4; 2`.
    """

    key: str
    values: tuple[Any, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `K=a,b,c`, `K=8..14` or `K=8..14:2`; ranges may have a unit, as 20s..60s:10s and 5%..20%:5%.

        `K=a,b; L=c,d` are keys that move together: a with c, then b with d. Raises SimError for anything else.
        """
        parts = [part for part in split_at_commas(text, TOGETHER) if part]
        if len(parts) > 1:
            return cls.together([cls._parsed(part) for part in parts])
        return cls._parsed(text).checked()

    @classmethod
    def _parsed(cls, text: str) -> Self:
        """Read one key and its values, of which one may come twice where another key moves with it."""
        key, equals, values = text.partition("=")
        if not equals or not key.strip() or not values.strip():
            raise SimError(f"--vary {quoted(text)}: write KEY=8..14, KEY=8..14:2 or KEY=20s,40s")
        found = _RANGE.fullmatch(values.strip())
        written = _steps(found, text) if found else [one for one in split_at_commas(values) if one]
        return cls(key.strip(), tuple(written))

    @classmethod
    def together(cls, axes: "Sequence[Axis]") -> Self:
        """Join axes to one on which they move together. Raises SimError where one has more values than another."""
        counts = [len(axis.values) for axis in axes]
        if len(set(counts)) > 1:
            have = ", ".join(
                f"{one_line(axis.key)} has {count}" for axis, count in zip(axes, counts, strict=True)
            )
            raise SimError(f"keys that move together need as many values each: {have}")
        rows = zip(*(axis.values for axis in axes), strict=True)
        joint = tuple(f"{TOGETHER} ".join(map(_as_text, row)) for row in rows)
        return cls(f"{TOGETHER} ".join(axis.key for axis in axes), joint).checked()

    @property
    def keys(self) -> list[str]:
        """The keys that it changes, several where they move together."""
        return split_at_commas(self.key, TOGETHER)

    def changes(self, value: Any) -> dict[str, Any]:
        """Return the value of each key that stands for a value of the axis."""
        keys = self.keys
        each = [value] if len(keys) == 1 else split_at_commas(str(value), TOGETHER)
        return dict(zip(keys, each, strict=True))

    @property
    def assignments(self) -> list[str]:
        """The values as they are written after `--vary`, each beside its key."""
        return [
            "; ".join(f"{key}={one}" for key, one in self.changes(value).items()) for value in self.values
        ]

    @property
    def numbers(self) -> tuple[float, ...] | None:
        """The values as numbers, seconds and shares; None where one of them is not a number."""
        found = [_number(value) for value in self.values]
        known = [one for one in found if one is not None]
        return tuple(known) if len(known) == len(found) else None

    @property
    def column(self) -> tuple[Any, ...]:
        """The values as a table has them: numbers where all are numbers, else as they were written."""
        return self.numbers or tuple(str(value) for value in self.values)

    def neighbours(self) -> list[tuple[int, int]]:
        """Return the positions of each value and the next larger one; empty where they are not numbers.

        Keys that move together go from point to point as they were written, where one of them has numbers.
        """
        numbers = self.numbers
        if numbers is not None:
            return list(pairwise(sorted(range(len(numbers)), key=numbers.__getitem__)))
        apart = zip(*(self.changes(value).values() for value in self.values), strict=True)
        if len(self.keys) == 1 or all(Axis(self.key, one).numbers is None for one in apart):
            return []
        return list(pairwise(range(len(self.values))))

    def checked(self) -> Self:
        """Return the axis. Raises SimError where it has no values, more than `MOST`, or one of them twice."""
        if len(self.values) > MOST:
            raise SimError(f"{one_line(self.key)} takes {len(self.values):,} values; at most {MOST}")
        written = [str(value) for value in self.values]
        if not written:
            raise SimError(f"{one_line(self.key)} has no values to take")
        twice = next((value for value in written if written.count(value) > 1), None)
        if twice is not None:
            raise SimError(f"{one_line(self.key)} takes {quoted(twice)} twice")
        return self


def axes_of(vary: Mapping[Any, Sequence[Any]] | Sequence[str] | str) -> tuple[Axis, ...]:
    """Read what is varied, from a mapping of keys to values or from texts `K=8..14`.

    Raises SimError for texts that cannot be read, without keys, and for a key given twice.
    """
    if isinstance(vary, Mapping):
        axes = tuple(_axis(key, values) for key, values in vary.items())
    else:
        axes = tuple(Axis.parse(text) for text in ([vary] if isinstance(vary, str) else vary))
    if not axes:
        raise SimError("there is nothing to vary; write KEY=8..14")
    points = prod(len(axis.values) for axis in axes)
    if points > MOST_POINTS:
        raise SimError(f"the values make {points:,} points; at most {MOST_POINTS:,}")
    keys = [key for axis in axes for key in axis.keys]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise SimError(f"{one_line(twice)} is varied twice; give all its values at once")
    return axes


def labels_of(keys: Sequence[str]) -> list[str]:
    """Return the shortest end of each key that no other key has: `agents`, or `own.agents` beside `partner.agents`.

    Keys that move together have one label with all their ends.
    """
    apart = [split_at_commas(key, TOGETHER) for key in keys]
    ends = iter(_ends_of([key for several in apart for key in several]))
    return [f"{TOGETHER} ".join(next(ends) for _ in several) for several in apart]


def _ends_of(keys: Sequence[str]) -> list[str]:
    ends = [[key.split(".")[-count:] for count in range(1, key.count(".") + 2)] for key in keys]
    return [
        ".".join(next((end for end in own if _is_alone(end, others)), own[-1]))
        for own, others in ((own, [one for one in ends if one is not own]) for own in ends)
    ]


def _is_alone(end: list[str], others: list[list[list[str]]]) -> bool:
    return not any(end in one for one in others)


def _axis(key: str | tuple[str, ...], values: Sequence[Any]) -> Axis:
    """Return the axis of a key; a text is read as on the command line, a single value is a list of one.

    Of several keys that move together each value is a list with one for each key.
    """
    keys = split_at_commas(key, TOGETHER) if isinstance(key, str) else list(key)
    if len(keys) > 1 and not isinstance(values, str):
        rows = [split_at_commas(one, TOGETHER) if isinstance(one, str) else list(one) for one in values]
        if any(len(row) != len(keys) for row in rows):
            raise SimError(f"{len(keys)} keys move together; give {len(keys)} values for each point")
        return Axis.together([Axis(one, tuple(row[at] for row in rows)) for at, one in enumerate(keys)])
    key = keys[0] if len(keys) == 1 else f"{TOGETHER} ".join(keys)
    if isinstance(values, str):
        return Axis.parse(f"{key}={values}")
    return Axis(key, tuple(values) if isinstance(values, Iterable) else (values,)).checked()


def _steps(found: "re.Match[str]", text: str) -> list[str]:
    """Return the values of a range as text, exact in every decimal."""
    low, _, high, unit, step, step_unit = found.groups()
    units = {one for one in (found[2], unit, step_unit) if one}
    if len(units) > 1:
        raise SimError(
            f"--vary {quoted(text)}: has several units, {' and '.join(sorted(units))}; write all in one"
        )
    if len(found[0]) > LONGEST_TEXT:
        raise SimError(f"--vary {quoted(text)}: has numbers of more than {LONGEST_TEXT} characters")
    first, last, width = Decimal(low), Decimal(high), Decimal(step or 1)
    if last < first or width <= 0:
        raise SimError(f"--vary {quoted(text)}: goes nowhere; write the smaller end first and a step above 0")
    steps = EXACT.divide(EXACT.subtract(last, first), width)
    if steps >= MOST:
        raise SimError(f"--vary {quoted(text)}: has {EXACT.add(steps, 1):.6g} values; at most {MOST}")
    count = int(steps) + 1
    return [
        f"{EXACT.fma(number, width, first)}{units.copy().pop() if units else ''}" for number in range(count)
    ]


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _number(value: Any) -> float | None:
    """Return a value as a number, an int where it is whole; None for a switch, a name or a law."""
    if isinstance(value, bool):
        return None
    try:
        found = quantity(value)
    except ValueError:
        return None
    return int(found) if found == int(found) else found
