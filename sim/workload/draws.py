"""Every random number of the contacts of one stream."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from sim.scenario.laws import Law
from sim.workload.quantiles import quantile
from sim.workload.streams import Column, Floats, Seeds, column, frozen

Given = Mapping[str, Sequence[Floats]]
"""Values written by hand or recorded: by purpose, one column for each k; NaN where none is given."""


class ContactDraws:
    """Columns of draws, one number a contact, made on first need and kept.

    A column is addressed by purpose and k (the k-th draw of that purpose, from 0). What is given for a
    contact, by hand or from a log, takes the place of his draw, in uniforms (read as the uniform itself)
    and in values alike.
    """

    __slots__ = ("_address", "_given", "_scale", "_seeds", "_size", "_uniforms", "_values")

    def __init__(
        self, seeds: Seeds, address: str, size: int, given: Given | None = None, scale: Floats | None = None
    ) -> None:
        self._seeds = seeds
        self._address = address
        self._size = size
        self._given = {purpose: tuple(map(frozen, columns)) for purpose, columns in (given or {}).items()}
        self._scale = None if scale is None else frozen(scale)
        self._uniforms: dict[tuple[str, int], Column] = {}
        self._values: dict[tuple[str, int, int, bool], tuple[Law | None, Column]] = {}

    def __len__(self) -> int:
        return self._size

    def uniforms(self, purpose: str, k: int = 0) -> Column:
        """Return the k-th draw over [0, 1) of that purpose, for each contact."""
        found = self._uniforms.get((purpose, k))
        if found is None:
            found = column(self._or_given(purpose, k, self._drawn(purpose, k)))
            self._uniforms[purpose, k] = found
        return found

    def values(self, purpose: str, law: Law | None, k: int = 0, *, scaled: bool = True) -> Column:
        """Return the k-th value of that purpose for each contact, in the law's unit.

        It is the law's quantile of his uniform. Without a law the value is infinite: it never comes. Values
        of purpose "handle_time" are multiplied by the forecast's `handle_scale`; `scaled=False` leaves that
        out, for the handling in another queue than the stream's.
        """
        # A law is known by its identity, as hashing one with thousands of values takes longer than a whole
        # event; the entry keeps it alive, so that its id is not given to another.
        key = (purpose, id(law), k, scaled)
        found = self._values.get(key)
        if found is None:
            found = law, column(self._or_given(purpose, k, self._valued(purpose, law, k, scaled)))
            self._values[key] = found
        return found[1]

    def gives(self, purpose: str) -> bool:
        """Whether anything is given for that purpose, by hand or from a log."""
        return purpose in self._given

    @property
    def given(self) -> Given:
        """What was written by hand or recorded, by purpose and k."""
        return self._given

    @property
    def handle_scale(self) -> Floats | None:
        """Factor on each contact's handle time from the forecast's aht_s; None where there is none."""
        return self._scale

    def _drawn(self, purpose: str, k: int) -> Floats:
        return self._seeds.uniforms(self._size, self._address, purpose, k)

    def _valued(self, purpose: str, law: Law | None, k: int, scaled: bool) -> Floats:
        if law is None:
            return np.full(self._size, math.inf)
        values = quantile(law, self._drawn(purpose, k))
        if scaled and purpose == "handle_time" and self._scale is not None:
            values = values * self._scale
        return values

    def _or_given(self, purpose: str, k: int, drawn: Floats) -> Floats:
        columns = self._given.get(purpose, ())
        if k >= len(columns):
            return drawn
        return np.where(np.isnan(columns[k]), drawn, columns[k])

    def __getstate__(self) -> tuple[Seeds, str, int, Given, Floats | None]:
        return self._seeds, self._address, self._size, self._given, self._scale

    def __setstate__(self, state: tuple[Seeds, str, int, Given, Floats | None]) -> None:
        ContactDraws.__init__(self, *state)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ContactDraws):
            return NotImplemented
        return (
            (self._seeds, self._address, self._size) == (other._seeds, other._address, other._size)
            and _same(self._scale, other._scale)
            and _same_given(self._given, other._given)
        )

    __hash__ = None  # type: ignore[assignment]


def _same(one: Floats | None, other: Floats | None) -> bool:
    if one is None or other is None:
        return one is other
    return np.array_equal(one, other, equal_nan=True)


def _same_given(one: Given, other: Given) -> bool:
    if one.keys() != other.keys():
        return False
    return all(
        len(columns) == len(other[purpose]) and all(map(_same, columns, other[purpose]))
        for purpose, columns in one.items()
    )
