"""The columns of a table without a frame, and as CSV: the letters that pandas would write, without loading it."""

import os
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from gzip import GzipFile
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

from sim.scenario.text_files import cell_text

if TYPE_CHECKING:
    import pandas as pd

Arrays = dict[str, NDArray[Any]]


class Columns:
    """The columns of a table, or of some of its rows, as arrays; names as codes, -1 for none.

    What figures read of a frame, without the frame: `columns["wait"]`, `columns[mask]`, `len(columns)`; its columns
    are named one by one as it is gone through.
    """

    __slots__ = ("_arrays", "_names", "_rows", "_taken")

    def __init__(
        self, arrays: Arrays, names: Mapping[str, tuple[str, ...]], rows: NDArray[np.int64] | None = None
    ) -> None:
        self._arrays = arrays
        self._names = names
        self._rows = rows
        self._taken: Arrays = {} if rows is not None else arrays

    def __len__(self) -> int:
        return len(next(iter(self._arrays.values())) if self._rows is None else self._rows)

    @overload
    def __getitem__(self, wanted: str) -> NDArray[Any]: ...
    @overload
    def __getitem__(self, wanted: NDArray[np.bool_]) -> "Columns": ...
    def __getitem__(self, wanted: str | NDArray[np.bool_]) -> "NDArray[Any] | Columns":
        """Return a column by its name, or the rows that a mask chooses."""
        if isinstance(wanted, str):
            if wanted not in self._taken:
                self._taken[wanted] = self._arrays[wanted][self._rows]
            return self._taken[wanted]
        if wanted.all():
            return self
        chosen = np.flatnonzero(wanted)
        return Columns(self._arrays, self._names, chosen if self._rows is None else self._rows[chosen])

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    @property
    def coded(self) -> Container[str]:
        """The columns of names."""
        return self._names

    def names(self, column: str) -> tuple[str, ...]:
        """Return the names that a column may hold, by code."""
        return self._names[column]

    def words(self, column: str) -> list[str]:
        """Return the names that a column holds, row by row; there must be one in each."""
        return list(map(self._names[column].__getitem__, self[column].tolist()))


def frame_of(columns: Columns) -> "pd.DataFrame":
    """Return columns as a frame whose names are plain texts."""
    import pandas as pd

    texts = {name: np.array(columns.names(name), dtype=object) for name in columns if name in columns.coded}
    plain = {name: columns[name] for name in columns if name not in columns.coded}
    named = {name: pd.array(words[columns[name]], dtype="str") for name, words in texts.items()}
    return pd.DataFrame({name: named[name] if name in named else plain[name] for name in columns})


# As text.

ROWS = 50_000
"""So many rows are put together at once, so that a long table is not in memory a second time."""


def put_csv(path: Path, columns: Columns) -> None:
    """Write columns, texts so that a spreadsheet shows and does not work them out; packed where the name says so."""
    with path.open("wb") as file:
        if path.suffix != ".gz":
            file.writelines(pieces(columns))
            return
        with GzipFile(path.stem, "wb", 6, file, mtime=0) as packed:  # no time stamp: same bytes again
            packed.writelines(pieces(columns))
            packed.flush()  # as pandas does before the end: the same bytes, whoever writes


def pieces(columns: Columns) -> Iterator[bytes]:
    """Return the text in pieces: the names of the columns, then the rows."""
    yield _lines([",".join(map(_quoted, columns))])
    for first in range(0, len(columns), ROWS):
        texts = [_texts(columns, name, slice(first, first + ROWS)) for name in columns]
        yield _lines(map(",".join, zip(*texts, strict=True)))


def _lines(rows: Iterable[str]) -> bytes:
    return (os.linesep.join(rows) + os.linesep).encode()


def _texts(columns: Columns, name: str, part: slice) -> list[str]:
    """Return the cells of a column."""
    values = columns[name][part]
    if name in columns.coded:
        words = [
            *(_quoted(cell_text(word)) for word in columns.names(name)),
            "",
        ]  # the last one is that of -1, none
        return list(map(words.__getitem__, values.tolist()))
    return _WRITERS.get(values.dtype.kind, _objects)(values)


def _floats(values: NDArray[np.float64]) -> list[str]:
    missing = np.isnan(values)
    if missing.all():
        return [""] * len(values)
    texts = list(map(repr, values.tolist()))
    return ["" if text == "nan" else text for text in texts] if missing.any() else texts


def _plain(values: NDArray[Any]) -> list[str]:
    return list(map(str, values.tolist()))


def _objects(values: NDArray[np.object_]) -> list[str]:
    return [
        "" if one is None else _quoted(cell_text(one) if isinstance(one, str) else str(one))
        for one in values.tolist()
    ]


_WRITERS: dict[str, Callable[[NDArray[Any]], list[str]]] = {"f": _floats, "i": _plain, "b": _plain}


def _quoted(text: str) -> str:
    """Put a cell into quotes where a comma, a quote or the end of a line is in it."""
    if any(letter in text for letter in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text
