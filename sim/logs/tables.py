"""Contacts from a table, a row a contact: CSV in pieces, JSON lines, Parquet or Excel, by a map of its columns."""

import gzip
import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pandas as pd

from sim.errors import SimError, did_you_mean, one_line, quoted
from sim.logs.column_map import ColumnMap, found_map
from sim.logs.log import COLUMNS, OPTIONAL
from sim.logs.problems import Problems
from sim.logs.text import scenario_name
from sim.logs.times import form_of, read_times, seconds

PIECE = 250_000
"""Rows that are read at once: cells as text take a hundred times the room of what is kept of them."""

MOST_ROWS = 50_000_000
MOST_COLUMNS = 1_000
LONGEST_HEAD = 100_000
"""Characters."""
MOMENTS = ("offered_at", "answered_at", "abandoned_at", "ended_at", "consult_at", "transferred_at")
LENGTHS = ("wait_s", "talk_s", "hold_s", "wrap_up_s", "ring_s", "rings")
NAMES = ("queue", "kind", "channel", "agent", "transfer_to", "customer", "label")
SEPARATORS = ",;\t|"


def read_table(path: Path, mapped: ColumnMap | None, problems: Problems) -> pd.DataFrame:
    """Return the contacts of a table; without a map its columns are found by their heads.

    Rows that cannot be read are noted as problems. Raises SimError where the file is no such table.
    """
    pieces = _pieces(path, mapped)
    header = next(pieces)
    mapped = mapped or found_map(list(header.columns), path)
    _require(mapped, list(header.columns), path)
    reader = _Reader(path, mapped, problems)
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always", pd.errors.ParserWarning)
            parts = [part for piece in _counted(pieces, path) if len(part := reader.contacts(piece))]
    except (OverflowError, pd.errors.ParserError, UnicodeError, EOFError, OSError, ValueError) as problem:
        raise SimError(f"{path}: {_why(problem)}") from problem
    words = " ".join(str(one.message) for one in told)
    problems.note(
        "another number of cells than the header", map(int, re.findall(r"line (\d+): expected", words))
    )
    if not parts:
        why = f": {problems}" if problems else ""
        raise SimError(f"{path}: there is no contact that can be read{why}")
    return _together(parts)


def _require(mapped: ColumnMap, header: list[str], path: Path) -> None:
    missing = [name for name in mapped.needed if name not in header]
    if missing:
        hint = did_you_mean(missing[0], header)
        raise SimError(f"{path}: these columns are missing: {', '.join(map(quoted, missing))}; {hint}")


def _why(problem: Exception) -> str:
    if isinstance(problem, UnicodeError):
        return "is not text in UTF-8; save it as UTF-8"
    if isinstance(problem, EOFError):
        return "is cut off: the packed data have no end; copy the file again"
    if isinstance(problem, OSError):
        return f"cannot be read: {(problem.strerror or one_line(str(problem))).lower()}"
    return f"cannot be read as a log: {one_line(str(problem).strip().split(chr(10), 1)[0])[:300]}"


# Pieces of a file: first an empty one with the header alone.


def _pieces(path: Path, mapped: ColumnMap | None) -> Iterator[pd.DataFrame]:
    name = path.name.removesuffix(".gz").lower()
    try:
        if name.endswith((".jsonl", ".ndjson")):
            yield from _with_header(pd.read_json(path, lines=True, dtype=False, chunksize=PIECE))
        elif name.endswith(".parquet"):
            yield from _with_header([pd.read_parquet(path)])
        elif name.endswith((".xlsx", ".xls", ".ods")):
            yield from _with_header([pd.read_excel(path, dtype=str, engine="calamine")])
        else:
            yield from _csv(path, mapped)
    except ImportError as problem:
        extra = "parquet" if name.endswith(".parquet") else "excel"
        raise SimError(
            f'{path}: this form needs the extra [{extra}]: pip install "contact-routing-sim[{extra}]"'
        ) from problem
    except (OSError, EOFError, UnicodeError, ValueError, pd.errors.ParserError) as problem:
        raise SimError(f"{path}: {_why(problem)}") from problem


def _with_header(frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    for number, frame in enumerate(frames):
        if not number:
            yield frame.iloc[:0]
        yield frame.astype("object")


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """Open the text of a log, packed by gzip or not. Raises OSError and UnicodeError while it is read."""
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
    opener = gzip.open if packed else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
        yield file


def _csv(path: Path, mapped: ColumnMap | None) -> Iterator[pd.DataFrame]:
    with opened(path) as file:
        first = file.readline(LONGEST_HEAD)
    if "\0" in first or not first.strip():
        raise ValueError(
            "it holds NUL characters" if "\0" in first else "the file is empty; it needs a header"
        )
    if len(first) == LONGEST_HEAD:
        raise ValueError(f"its first line has more than {LONGEST_HEAD:,} characters; it is no header")
    separator = (mapped.separator if mapped else "") or max(SEPARATORS, key=first.count)
    if first.count(separator) >= MOST_COLUMNS:
        raise ValueError(f"it has more than {MOST_COLUMNS:,} columns")
    with opened(path) as file:
        options: dict[str, Any] = {
            "sep": separator,
            "dtype": str,
            "keep_default_na": False,
            "on_bad_lines": "warn",
        }
        head = pd.read_csv(file, nrows=0, **options)
        yield head
        file.seek(0)
        wanted = [name for name in mapped.needed if name in head.columns] if mapped else None
        yield from pd.read_csv(file, usecols=wanted, chunksize=PIECE, **options)


def _counted(pieces: Iterator[pd.DataFrame], path: Path) -> Iterator[pd.DataFrame]:
    rows = 0
    for piece in pieces:
        rows += len(piece)
        if rows > MOST_ROWS:
            raise SimError(f"{path}: it has more than {MOST_ROWS:,} rows; read it in parts")
        yield piece


# Rows as contacts.


class _Reader:
    """Makes contacts of the rows, piece by piece; the form of the times is found in the first."""

    def __init__(self, path: Path, mapped: ColumnMap, problems: Problems) -> None:
        self.path, self.mapped, self.problems = path, mapped, problems
        self.row = 2
        self.form = mapped.times

    def contacts(self, piece: pd.DataFrame) -> pd.DataFrame:
        first, self.row = self.row, self.row + len(piece)
        piece = piece.reset_index(drop=True)
        piece.index = pd.RangeIndex(first, first + len(piece))
        for name, value in self.mapped.where.items():
            piece = piece[piece[name] == value]
        raw = {name: self._cells(piece[column]) for name, column in self.mapped.columns.items()}
        times = {name: self._times(raw[name]) for name in MOMENTS if name in raw}
        lengths = {name: seconds(raw[name]) for name in LENGTHS if name in raw}
        for name, read in (*times.items(), *lengths.items()):
            self.problems.note(
                f"`{self.mapped.columns[name]}` cannot be read", read.index[raw[name].notna() & read.isna()]
            )
        calls = _spans(pd.DataFrame(index=piece.index), times, lengths, raw)
        for name in NAMES:
            if name in raw:
                calls[name] = self._named(name, raw[name])
        for name in ("wrap_up_s", "ring_s", "rings"):
            if name in lengths:
                calls[name] = lengths[name].astype("float32")
        if "contact" in raw:
            calls["contact"] = raw["contact"]
        return self._kept(calls)

    def _cells(self, cells: pd.Series) -> pd.Series:
        text = cells.where(cells.notna(), None)
        return text.mask(text.isin(self.mapped.missing))

    def _times(self, cells: pd.Series) -> pd.Series:
        given = cells.dropna()
        if not self.form and len(given):
            self.form = form_of([str(cell) for cell in given.head(20_000)])
        return read_times(cells, self.form or "ISO8601", self.mapped.time_zone)

    def _named(self, name: str, cells: pd.Series) -> pd.Series:
        prefix = self.mapped.prefix.get(name, "")
        column = cells.astype("str").where(cells.notna()).astype("category")
        named = {old: prefix + _printable(str(old)) for old in column.cat.categories}
        return (
            column.cat.rename_categories(named)
            if len(set(named.values())) == len(named)
            else column.map(named)
        )

    def _kept(self, calls: pd.DataFrame) -> pd.DataFrame:
        """Leave out what cannot be a contact, and note why."""
        note = self.problems.note
        fine = pd.Series(True, index=calls.index)
        for what, wrong in (
            ("no queue", calls["queue"].isna()),
            ("no time of arrival", calls["offered_at"].isna()),
            ("no end", calls["ended_at"].isna()),
            ("the times run backwards", ~_in_order(calls)),
        ):
            note(what, calls.index[fine & wrong])
            fine &= ~wrong
        return calls[fine]


def _printable(name: str) -> str:
    """Return a name of the log as the scenario may have it; what a terminal would obey becomes a question mark."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", "?", name.strip())[:200]


def _spans(
    calls: pd.DataFrame, times: dict[str, pd.Series], lengths: dict[str, pd.Series], raw: dict[str, pd.Series]
) -> pd.DataFrame:
    """Put together when a contact came, was answered and ended, from moments or from durations."""
    never = pd.Series(np.datetime64("NaT", "ms"), index=calls.index)
    wait, talk = (_length(lengths.get(name)) for name in ("wait_s", "talk_s"))
    work = (
        talk
        if "hold_s" not in lengths or talk is None
        else talk + _length(lengths["hold_s"]).fillna(pd.Timedelta(0))
    )
    ended = times.get("ended_at", never)
    offered = times.get("offered_at")
    if offered is None:
        offered = ended - (wait if wait is not None else pd.Timedelta(0)) - work.fillna(pd.Timedelta(0))
    answered = times.get("answered_at")
    if answered is None:
        taken = raw["agent"].notna() if "agent" in raw and talk is None else (talk > pd.Timedelta(0))
        answered = (offered + wait).where(taken)
    left = times.get("abandoned_at", never)
    if "ended_at" not in times or "abandoned_at" in times:
        ended = ended.fillna(left)
    if work is not None:
        ended = ended.where(ended.notna() | answered.isna(), answered + work)
    if wait is not None:
        ended = ended.where(ended.notna() | answered.notna(), offered + wait)
    calls["offered_at"], calls["answered_at"], calls["ended_at"] = offered, answered, ended
    for name in ("consult_at", "transferred_at"):
        calls[name] = times.get(name, never)
    return calls


def _length(given: pd.Series | None) -> Any:
    return None if given is None else pd.to_timedelta(given, unit="s")


def _in_order(calls: pd.DataFrame) -> pd.Series:
    """Return in which rows offer, answer, consult, transfer and end, where given, follow each other."""
    latest = calls["offered_at"]
    fine = pd.Series(True, index=calls.index)
    for name in ("answered_at", "consult_at", "transferred_at", "ended_at"):
        at = calls[name]
        fine &= at.isna() | latest.isna() | (at >= latest)
        latest = at.fillna(latest)
    return fine


def _together(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Join the pieces; names become categories over all of them."""
    from pandas.api.types import union_categoricals

    columns: dict[str, Any] = {}
    for name in parts[0].columns:
        own = [part[name] for part in parts]
        if isinstance(own[0].dtype, pd.CategoricalDtype):
            columns[name] = union_categoricals([one.astype("category") for one in own])
        else:
            columns[name] = np.concatenate([one.to_numpy() for one in own])
        for part in parts:
            del part[name]
    index = np.concatenate([part.index.to_numpy() for part in parts])
    calls = pd.DataFrame(columns, index=index)
    if "agent" not in calls:
        calls["agent"] = pd.Categorical([None] * len(calls))
    answered = calls["answered_at"].notna()
    calls["agent"] = calls["agent"].where(answered)
    return calls


def finished(calls: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """Leave out rows that repeat another, and put the contacts in the order of their arrival, counted from 0."""
    same = ["contact"] if "contact" in calls else [name for name in calls.columns if name != "wrap_up_s"]
    repeated = calls.duplicated(subset=same) & (calls["contact"].notna() if "contact" in calls else True)
    problems.note("the row repeats another", calls.index[repeated])
    calls = calls[~repeated].sort_values("offered_at", kind="stable").reset_index(drop=True)
    calls["contact_id"] = calls.index
    for name in ("queue", "transfer_to", "channel", "label"):
        if name in calls:
            calls[name] = (
                calls[name].astype("str").where(calls[name].notna()).map(_scenario_names(calls[name]))
            )
            calls[name] = calls[name].astype("category")
    calls["outcome"] = pd.Categorical.from_codes(
        calls["answered_at"].isna().astype("int8"), pd.Index(["answered", "abandoned"])
    )
    return calls.reindex(columns=[*COLUMNS, *(name for name in OPTIONAL if name in calls)])


def _scenario_names(names: pd.Series) -> dict[str, str]:
    """Return each name as a scenario may have it; two that become alike are told apart by a number."""
    found: dict[str, str] = {}
    for one in sorted(map(str, names.dropna().unique())):
        plain, count = scenario_name(one), 1
        while plain in found.values():
            count += 1
            plain = f"{scenario_name(one)[:46]} {count}"
        found[one] = plain
    return found
