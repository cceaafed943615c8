"""Rows chosen from a table of figures, be it a frame or columns, which need no pandas."""

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

from sim.metrics.columns import BoolArray, is_one_of
from sim.metrics.figures import Figure
from sim.metrics.metric import PLACE_COLUMNS
from sim.records.columns import Columns

if TYPE_CHECKING:
    import pandas as pd


def about(table: "pd.DataFrame | Columns", metrics: Collection[str]) -> list[Figure]:
    """Return the figures of some metrics."""
    return _rows(table, is_one_of(table, "metric", *metrics))


def over_all(table: "pd.DataFrame | Columns", apart: Collection[str] = ()) -> list[Figure]:
    """Return the figures over all but for the columns that set them apart."""
    whole = np.ones(len(table), dtype=np.bool_)
    for column in PLACE_COLUMNS:
        if column not in apart:
            whole &= is_one_of(table, column, "")
    return _rows(table, whole)


def _rows(table: "pd.DataFrame | Columns", chosen: BoolArray) -> list[Figure]:
    if not isinstance(table, Columns):
        return [Figure._make(row) for row in table[chosen][list(Figure._fields)].itertuples(index=False)]
    taken = table[chosen]
    cells = [taken.words(name) if name in taken.coded else taken[name].tolist() for name in Figure._fields]
    return [Figure._make(row) for row in zip(*cells, strict=True)]
