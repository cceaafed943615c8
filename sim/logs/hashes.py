"""Numbers in place of names that are never shown, of which there may be millions: contacts, customers, and so on."""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.logs.called_in import CONVERSATION
from sim.logs.column_map import ColumnMap
from sim.logs.pieces import pieces
from sim.logs.problems import Problems
from sim.logs.times import as_text


def hashed(cells: pd.Series) -> NDArray[np.uint64]:
    """Return a number for each name, 0 for none: there may be as many as rows, and none of them is ever shown."""
    found = np.zeros(len(cells), dtype=np.uint64)
    known = cells.notna().to_numpy()
    plain = [name.strip() for name in as_text(cells[known])]
    found[known] = pd.util.hash_array(np.array(plain, dtype=object), categorize=False)
    return found


def keys_of(calls: pd.DataFrame, contact: pd.Series | None) -> NDArray[np.uint64]:
    """Return a number for each row, the same for rows that repeat each other: those with one name, or else alike.

    64 bits of a hash: of ten million rows two that differ are taken for one with a chance of 3 in a million.
    """
    if contact is None:
        kept = calls.drop(columns=["wrap_up_s"], errors="ignore")
        return np.asarray(pd.util.hash_pandas_object(kept, index=False), dtype=np.uint64)
    own = pd.util.hash_array(as_text(contact).to_numpy(dtype=object), categorize=False)
    unnamed = contact.isna().to_numpy()
    if unnamed.any():  # a row without a name repeats none
        lines = calls.index.to_numpy()[unnamed]
        own[unnamed] = pd.util.hash_array(np.array([f"line {one}" for one in lines], dtype=object))
    return own


def conversations(path: Path, mapped: ColumnMap, lines: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return the number of the conversation of each row of a table, by the lines of the rows, which increase.

    They are read by themselves: few logs need them, and a column more makes each reading longer.
    """
    column = mapped.columns[CONVERSATION]
    found = np.zeros(len(lines), dtype=np.uint64)
    for piece in pieces(path, Problems(), (column,), mapped.separator):
        text = piece[column].astype("object")
        numbers = hashed(text.mask(text.isin(mapped.missing) | text.isna(), None))
        of = piece.index.to_numpy()
        place = np.searchsorted(lines, of)
        kept = place < len(lines)
        kept[kept] = lines[place[kept]] == of[kept]
        found[place[kept]] = numbers[kept]
    return found
