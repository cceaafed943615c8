"""A table that grows row by row and is kept column by column; its columns without a frame, and as CSV."""

import os
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from gzip import GzipFile
from itertools import pairwise, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, overload

import numpy as np
from numpy.typing import NDArray
from pydantic_core import to_json

from sim.records.schema import Column
from sim.scenario import Scenario
from sim.scenario.teams import seats_of
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
        self._taken: Arrays = {}

    def __len__(self) -> int:
        return len(next(iter(self._arrays.values())) if self._rows is None else self._rows)

    @overload
    def __getitem__(self, wanted: str) -> NDArray[Any]: ...
    @overload
    def __getitem__(self, wanted: NDArray[np.bool_]) -> "Columns": ...
    def __getitem__(self, wanted: str | NDArray[np.bool_]) -> "NDArray[Any] | Columns":
        """Return a column by its name, or the rows that a mask chooses."""
        if isinstance(wanted, str):
            if self._rows is None:
                return self._arrays[wanted]
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


@dataclass(frozen=True, slots=True)
class Replications:
    """How many replications lie one after the other in a table, and of which each row is; None where there is one."""

    count: int = 1
    of: NDArray[np.int64] | None = None

    def cells(self, cells: Any, size: int) -> Any:
        """Return the rows' cells, below `size`, numbered through all replications."""
        return cells if self.of is None else self.of * size + cells

    def parts(self, rows: int) -> list[slice]:
        """Return which rows, of so many, are those of each replication."""
        ends = [rows] if self.of is None else np.searchsorted(self.of, range(1, self.count + 1)).tolist()
        return [slice(first, end) for first, end in pairwise([0, *ends])]

    def each(self, values: NDArray[np.float64]) -> "NDArray[np.float64] | float":
        """Return for each row the number of its replication."""
        return float(values[0]) if self.of is None else values[self.of]


ALONE = Replications()


def replications(table: "pd.DataFrame | Columns") -> Replications:
    """Return which replications lie in a table; they do only where it has been put together of theirs."""
    if not isinstance(table, Columns) or "replication" not in table.coded:
        return ALONE
    return Replications(len(table.names("replication")), table["replication"])


_DTYPES = {"number": np.float64, "count": np.int64, "flag": np.bool_, "text": np.object_}


class Table:
    """Rows are taken as tuples in the order of `columns`; `pack` turns them into arrays, a tenth of the memory.

    Derived columns are left out of the rows; `derive` works them out of the others. Rows name an agent by the word of
    their seat, as who is in several teams has one in each; the columns have the agent.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        vocabularies: Mapping[str, Sequence[str]],
        derive: Callable[[Arrays], Arrays] | None = None,
        agent_of: NDArray[np.int64] | None = None,
    ) -> None:
        self.columns = tuple(columns)
        self._stored = tuple(column for column in columns if not column.derived)
        self._derive = derive
        self._names = {c.name: tuple(vocabularies[c.vocabulary]) for c in columns if c.type == "names"}
        words = {"agent": vocabularies.get("seat", ())} if agent_of is not None else {}
        self._words = {
            c.name: tuple(words.get(c.vocabulary, self._names[c.name])) for c in columns if c.type == "names"
        }
        self._agent_of = agent_of
        self._agents = [c.name for c in columns if c.vocabulary == "agent" and agent_of is not None]
        self._rows: list[tuple[Any, ...]] = []
        self._chunks: list[list[NDArray[Any]]] = []

    def __len__(self) -> int:
        return len(self._rows) + sum(len(chunk[0]) for chunk in self._chunks)

    @property
    def append(self) -> Callable[[tuple[Any, ...]], None]:
        """The function that takes a row: a list's own, as it is called several times a contact."""
        return self._rows.append

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the columns as arrays; a column of names as codes, -1 for none."""
        self.pack()
        parts = zip(*self._chunks, strict=True) if self._chunks else repeat((), len(self._stored))
        stored = {
            column.name: self._joined(column, part) for column, part in zip(self._stored, parts, strict=False)
        }
        found = stored if self._derive is None else self.declared(stored | self._derive(stored))
        if self._agent_of is not None:
            found |= {name: self._agent_of[found[name]].astype(found[name].dtype) for name in self._agents}
        return found

    def _joined(self, column: Column, parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
        if len(parts) == 1:  # as the compiled engine hands over: what it took is never changed
            return parts[0]
        return np.concatenate(parts) if parts else self._packed(column, ())

    def declared(self, arrays: Arrays) -> Arrays:
        """Return columns in the order and of the types in which they are declared."""
        return {
            column.name: arrays[column.name].astype(self._type_of(column), copy=False)
            for column in self.columns
        }

    def names(self, column: str) -> tuple[str, ...]:
        """Return the names that a column may hold, by code."""
        return self._names[column]

    def frame(self) -> "pd.DataFrame":
        """Return the table as a frame."""
        import pandas as pd

        arrays = self.arrays()
        return pd.DataFrame({name: self._series(name, values) for name, values in arrays.items()}, copy=False)

    def as_columns(self) -> Columns:
        """Return the table as columns."""
        return Columns(self.arrays(), self._names)

    def _series(self, name: str, values: NDArray[Any]) -> Any:
        import pandas as pd

        if name not in self._names:
            return values
        return pd.Categorical.from_codes(
            values, categories=pd.Index(self._names[name], dtype="str"), validate=False
        )

    def take(self, columns: Mapping[str, NDArray[Any]]) -> None:
        """Take many rows at once, as columns by name; names as codes. What is handed in is copied."""
        self._chunks.append([np.array(columns[c.name], dtype=self._type_of(c)) for c in self._stored])

    def pack(self) -> None:
        """Pack the rows taken so far."""
        if self._rows:
            fields = zip(*self._rows, strict=True)
            self._chunks.append([self._packed(c, f) for c, f in zip(self._stored, fields, strict=True)])
            self._rows.clear()

    def _packed(self, column: Column, values: Sequence[Any]) -> NDArray[Any]:
        if column.type == "names":
            codes = _coding(self._words[column.name])
            return np.fromiter(map(codes.__getitem__, values), self._type_of(column), len(values))
        if column.type == "text":
            return np.array(values, dtype=object)
        return np.fromiter(values, self._type_of(column), len(values))

    def _type_of(self, column: Column) -> Any:
        return (
            _code_type(len(self._words[column.name]) + 1) if column.type == "names" else _DTYPES[column.type]
        )


@lru_cache(maxsize=64)  # the names of 20 000 agents take longer than a tenth of their day
def _coding(names: tuple[str, ...]) -> Mapping[str | None, int]:
    codes: dict[str | None, int] = {name: code for code, name in enumerate(names)}
    codes[None] = -1
    return codes


def _code_type(size: int) -> type[np.signedinteger[Any]]:
    """Return the type that pandas would pick for that many categories."""
    return np.int8 if size < 128 else np.int16 if size < 32768 else np.int32


# Columns that follow from others are not recorded: they are worked out when a table is asked for.


@dataclass(frozen=True)
class Relations:
    """What a name belongs to, by codes; -1, which is none, gives -1.

    Each seat's team, each queue's medium, and each seat's agent where some have several, else None.
    """

    team_of: NDArray[np.int64]
    medium_of: NDArray[np.int64]
    agent_of: NDArray[np.int64] | None = None

    @classmethod
    def of(cls, scenario: Scenario) -> Self:
        """Take them from a scenario."""
        media = list(scenario.media)
        sizes = [team.agents for team in scenario.teams.values()]
        teams = np.repeat(np.arange(len(sizes)), sizes)
        queues = [media.index(queue.medium) for queue in scenario.queues.values()]
        both = np.append(teams, -1), np.append(np.array(queues, np.int64), -1)
        return cls(*both, _agents_of_seats(scenario))


def _agents_of_seats(scenario: Scenario) -> NDArray[np.int64] | None:
    """Return the agent of each seat; None where each has one, as in most scenarios."""
    if not any(team.members for team in scenario.teams.values()):
        return None  # who is only numbered sits in one team
    seats = seats_of(scenario)
    numbers = {name: i for i, name in enumerate(dict.fromkeys(seat.name for seat in seats))}
    if len(numbers) == len(seats):
        return None
    return np.append(np.array([numbers[seat.name] for seat in seats], np.int64), -1)


def _of_requests(relations: Relations, stored: Mapping[str, NDArray[Any]]) -> Arrays:
    return {
        "medium": relations.medium_of[stored["queue"]],
        "team": relations.team_of[stored["agent"]],
    }


def _of_tasks(relations: Relations, stored: Mapping[str, NDArray[Any]]) -> Arrays:
    """Return what follows of a task: the alert ended with the answer, or with the task where no agent answered."""
    reserved, answered = stored["task_reserved_time"], stored["task_answered_time"]
    alert_ended = np.where(np.isnan(answered), stored["task_end_time"], answered)
    return {
        "team": relations.team_of[stored["agent_id"]],
        "mrd_id": relations.medium_of[stored["queue_id"]],
        "task_queue_duration": _or_zero(reserved - stored["task_queue_time"]),
        "task_alert_duration": _or_zero(alert_ended - reserved),
        "channel_session_id": stored["conversation_id"],
    }


def _or_zero(durations: NDArray[Any]) -> NDArray[Any]:
    """Return 0 where there was no reservation."""
    return np.where(np.isnan(durations), 0.0, durations)


Derive = Callable[[Relations, Mapping[str, NDArray[Any]]], Arrays]

DERIVED: dict[str, Derive] = {"requests": _of_requests, "tasks": _of_tasks}
"""By table, what works out its derived columns."""


# As CSV: the letters that pandas would write, without loading it.

ROWS = 50_000
"""So many rows are put together at once, so that a long table is not in memory a second time."""

PACKED = 4
"""The level of gzip: half the time of its usual 6, for 6 % more bytes."""


def put_csv(path: Path, columns: Columns) -> None:
    """Write columns, texts so that a spreadsheet shows and does not work them out; packed where the name says so."""
    with path.open("wb") as file:
        if path.suffix != ".gz":
            file.writelines(pieces(columns))
            return
        with GzipFile(path.stem, "wb", PACKED, file, mtime=0) as packed:  # no time stamp: same bytes again
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
        words = np.array([*map(_quoted, map(cell_text, columns.names(name))), ""], dtype=object)
        found: list[str] = words[values].tolist()  # the last one is that of -1, none
        return found
    return _WRITERS.get(values.dtype.kind, _objects)(values)


LEAST, MOST = 1e-4, 1e16
"""Smaller and larger numbers have an exponent, which JSON writes otherwise than Python."""


def _floats(values: NDArray[np.float64]) -> list[str]:
    if np.isnan(values).all():
        return [""] * len(values)
    texts = _numbers(values)
    size = np.abs(values)
    for at in np.flatnonzero((size > 0) & (size < LEAST) | (size >= MOST)).tolist():
        texts[at] = repr(float(values[at]))
    return texts


def _numbers(values: NDArray[Any]) -> list[str]:
    """Return numbers as Python writes them, NaN as nothing: JSON's are the same, in a quarter of the time."""
    return to_json(values.tolist())[1:-1].decode().replace("NaN", "").split(",") if len(values) else []


def _flags(values: NDArray[np.bool_]) -> list[str]:
    return list(map(str, values.tolist()))


def _objects(values: NDArray[np.object_]) -> list[str]:
    return [
        "" if one is None else _quoted(cell_text(one) if isinstance(one, str) else str(one))
        for one in values.tolist()
    ]


_WRITERS: dict[str, Callable[[NDArray[Any]], list[str]]] = {"f": _floats, "i": _numbers, "b": _flags}


def _quoted(text: str) -> str:
    """Put a cell into quotes where a comma, a quote or the end of a line is in it."""
    if any(letter in text for letter in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text
