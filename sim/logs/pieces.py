"""Tables as pieces of so many rows, with the lines of the file as index: CSV, JSON lines, Parquet and Excel."""

import io
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import pandas as pd

from sim.errors import SimError, one_line
from sim.logs.json_values import records
from sim.logs.problems import Problems
from sim.logs.times import OF_TIMES, are_cut
from sim.scenario.spreadsheets import EXCEL, text_of_sheet
from sim.scenario.text_files import opened_text

PIECE = 40_000
"""Rows that are read at once: as text they take ten times the room of what is kept, and so many fit into a cache."""

MOST_ROWS = 50_000_000
MOST_COLUMNS = 1_000
LONGEST_HEAD = 100_000
"""Characters."""
SEPARATORS = ",;\t|"


def pieces(
    path: Path,
    problems: Problems,
    needed: Sequence[str] = (),
    separator: str = "",
    times: Sequence[str] = (),
) -> Iterator[pd.DataFrame]:
    """Give a table in pieces, first an empty one with the header alone.

    Of a CSV file only the columns that are `needed` are kept, where any are named, and those of `times` as bytes.
    Raises SimError where the file is no table.
    """
    name = path.name.removesuffix(".gz").lower()
    try:
        if name.endswith((".jsonl", ".ndjson")):
            found = _json_lines(path, problems)
        elif name.endswith(".parquet"):
            found = _parquet(path)
        elif name.endswith(EXCEL):
            text = text_of_sheet(path, None)
            found = _csv(lambda: nullcontext(io.StringIO(text)), needed, ",", problems, times)
        else:
            found = _csv_file(path, needed, separator, problems, times)
        rows = 0
        for piece in found:
            rows += len(piece)
            if rows > MOST_ROWS:
                raise ValueError(f"it has more than {MOST_ROWS:,} rows; read it in parts")
            yield piece
    except (OSError, OverflowError, ValueError, pd.errors.ParserError) as problem:
        raise SimError(f"{path}: {_why(problem)}") from problem


def _why(problem: Exception) -> str:
    quote = re.search(r"EOF inside string starting at row (\d+)", str(problem))
    if quote:
        return f"a quotation mark in line {int(quote[1]) + 1} is never closed; close it, or take it out"
    text = one_line(str(problem).strip().split("\n", 1)[0])[:300]
    return f"it cannot be read as a log: {text}" if type(problem) is not ValueError else text


def _csv_file(
    path: Path, needed: Sequence[str], separator: str, problems: Problems, times: Sequence[str]
) -> Iterator[pd.DataFrame]:
    with opened_text(path) as file:
        first = file.readline(LONGEST_HEAD)
    if not first.strip():
        raise ValueError(f"{'its first line' if first else 'the file'} is empty; it needs a header")
    if len(first) == LONGEST_HEAD:
        raise ValueError(f"its first line has more than {LONGEST_HEAD:,} characters; it is no header")
    separator = separator or max(SEPARATORS, key=first.count)
    if first.count(separator) >= MOST_COLUMNS:
        raise ValueError(f"it has more than {MOST_COLUMNS:,} columns")
    found = _csv(lambda: opened_text(path), needed, separator, problems, times)
    header = next(found)
    yield header
    yield from found
    if _is_cut(path, header.shape[1], separator):
        problems.readings.append(
            "the last line ends before its last column, and no end of a line follows: the file seems to be cut off"
        )


def _is_cut(path: Path, columns: int, separator: str) -> bool:
    """Return whether a file ends within a row; a packed one that is cut off has no end and is refused."""
    with path.open("rb") as file:
        start = file.seek(0, io.SEEK_END)
        file.seek(max(0, start - LONGEST_HEAD))
        last = file.read().rsplit(b"\n", 1)[-1]
    is_packed = path.name.lower().endswith(".gz")
    return not is_packed and 0 < len(last) < LONGEST_HEAD and last.count(separator.encode()) < columns - 1


def _csv(
    opened: Callable[[], AbstractContextManager[TextIO]],
    needed: Sequence[str],
    separator: str,
    problems: Problems,
    times: Sequence[str],
) -> Iterator[pd.DataFrame]:
    options: dict[str, Any] = {"sep": separator, "keep_default_na": False}
    with opened() as file:
        header = pd.read_csv(file, nrows=0, dtype=object, **options)
    yield header
    kept = [name for name in needed if name in header] or list(header.columns)
    as_bytes = [name for name in kept if name in times]
    # All columns are read: only then the parser tells of rows that are too long. Each text is an object, which takes
    # most of the time: of columns that are not needed a byte is enough, which is always the same object.
    types: dict[str, Any] = {name: object if name in kept else "S1" for name in header}
    first = 2
    for short in (True, False) if as_bytes else (False,):
        options["dtype"] = types | dict.fromkeys(as_bytes, OF_TIMES) if short else types
        with opened() as file, pd.read_csv(file, chunksize=PIECE, on_bad_lines="warn", **options) as reader:
            line = 2
            while True:
                piece, too_long = _next(reader)
                if piece is not None and short and any(map(are_cut, (piece[name] for name in as_bytes))):
                    break
                if line >= first:
                    problems.note("another number of cells than the header", too_long)
                if piece is None:
                    return
                if len(piece) and not isinstance(piece.index, pd.RangeIndex):
                    raise ValueError("its rows have more cells than its header; give each column a name")
                piece.index = pd.RangeIndex(line, line + len(piece))
                line += len(piece)
                if line > first:
                    first = line
                    yield piece[kept]


def _next(reader: Iterator[pd.DataFrame]) -> tuple[pd.DataFrame | None, list[int]]:
    """Return the next piece, and the lines of rows with more cells than the header."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", pd.errors.ParserWarning)
        piece = next(reader, None)
    words = " ".join(str(one.message) for one in told)
    return piece, [int(line) for line in re.findall(r"line (\d+): expected", words)]


def _json_lines(path: Path, problems: Problems) -> Iterator[pd.DataFrame]:
    found = records(path, problems)
    first = True
    while rows := list(islice(found, PIECE)):
        lines, values = zip(*rows, strict=True)
        piece = pd.DataFrame(list(values), index=list(lines), dtype=object)
        if piece.shape[1] > MOST_COLUMNS:
            raise ValueError(f"it has more than {MOST_COLUMNS:,} columns")
        if first:
            yield piece.iloc[:0]
            first = False
        yield piece
    if first:
        raise ValueError("there is no value in it; it needs one {...} in each line")


def _parquet(path: Path) -> Iterator[pd.DataFrame]:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        raise ValueError(
            "Parquet files are read by pyarrow: pip install 'contact-routing-sim[parquet]'; or save it as CSV"
        ) from None
    try:
        with parquet.ParquetFile(path) as file:
            if len(file.schema_arrow.names) > MOST_COLUMNS:
                raise ValueError(f"it has more than {MOST_COLUMNS:,} columns")
            yield file.schema_arrow.empty_table().to_pandas(ignore_metadata=True)
            first = 1
            for batch in file.iter_batches(PIECE):
                piece = batch.to_pandas(ignore_metadata=True)
                piece.index = pd.RangeIndex(first, first + len(piece))
                first += len(piece)
                yield piece
    except ArrowException as problem:
        raise ValueError(f"it is no Parquet file that can be read: {one_line(str(problem))[:200]}") from None


def frames_of(rows: Iterable[tuple[int, tuple[Any, ...]]], columns: Sequence[str]) -> Iterator[pd.DataFrame]:
    """Give rows with their lines as pieces of a table."""
    left = iter(rows)
    while part := list(islice(left, PIECE)):
        lines, cells = zip(*part, strict=True)
        named = dict(zip(columns, map(list, zip(*cells, strict=True)), strict=True))
        yield pd.DataFrame(named, index=list(lines), dtype=object)
