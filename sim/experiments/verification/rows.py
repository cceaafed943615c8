"""Which rows of a table count: tests of requests, tasks and conversations, to be combined."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

Mask = npt.NDArray[np.bool_]
Test = Callable[["pd.DataFrame"], Mask]


def everyone(table: "pd.DataFrame") -> Mask:
    """Count every row."""
    return np.ones(len(table), dtype=bool)


def where(column: str, *values: str) -> Test:
    """Count the rows whose column of names holds one of these."""

    def test(table: "pd.DataFrame") -> Mask:
        names = table[column].cat
        wanted = np.flatnonzero(names.categories.isin(values))
        return np.isin(names.codes.to_numpy(), wanted)

    return test


def both(*tests: Test) -> Test:
    """Count the rows that pass all the tests."""

    def test(table: "pd.DataFrame") -> Mask:
        passed = everyone(table)
        for one in tests:
            passed &= one(table)
        return passed

    return test


def unless(test: Test) -> Test:
    """Count the rows that do not pass the test."""

    def opposite(table: "pd.DataFrame") -> Mask:
        return ~test(table)

    return opposite


def either(*tests: Test) -> Test:
    """Count the rows that pass one of the tests or more."""

    def test(table: "pd.DataFrame") -> Mask:
        passed = ~everyone(table)
        for one in tests:
            passed |= one(table)
        return passed

    return test


def at_most(column: str, value: float) -> Test:
    """Count the rows whose number is at most `value`."""

    def test(table: "pd.DataFrame") -> Mask:
        return table[column].to_numpy() <= value

    return test


def between(column: str, low: float, high: float) -> Test:
    """Count the rows whose number lies in [low, high)."""

    def test(table: "pd.DataFrame") -> Mask:
        numbers = table[column].to_numpy()
        return (numbers >= low) & (numbers < high)

    return test


answered = where("outcome", "answered")
"""Requests that an agent accepted."""

abandoned = where("outcome", "abandoned")
"""Requests whose customer gave up, balkers among them."""

let_in = where("outcome", "answered", "abandoned")
"""Requests that were not turned away for want of a waiting place."""


def waits_at_all(table: "pd.DataFrame") -> Mask:
    """Count requests that were not answered at once."""
    return ~answered(table) | (table["wait"].to_numpy() > 0)
