"""Contacts from a table, a row a contact, by a map of its columns."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import SimError, did_you_mean, one_line, quoted
from sim.logs.called_in import CONVERSATION, calls_in, put_beside
from sim.logs.column_map import ColumnMap, found_map
from sim.logs.hashes import conversations, hashed, keys_of
from sim.logs.log import COLUMNS, OPTIONAL
from sim.logs.outcomes import outcomes_of, went_on
from sim.logs.parts import put_together
from sim.logs.pieces import pieces
from sim.logs.problems import Problems
from sim.logs.text import named_for_scenarios
from sim.logs.times import Times, as_text, seconds, text_of, with_offset

MOMENTS = ("offered_at", "answered_at", "abandoned_at", "ended_at", "consult_at", "transferred_at")
KEPT = ("wrap_up_s", "ring_s", "rings", "rung_s", "warm_wait_s", "handover_s")
LENGTHS = ("wait_s", "talk_s", "hold_s", *KEPT)
NAMES = ("queue", "kind", "channel", "agent", "transfer_to", "label", "outcome")
CUSTOMER, LINE = "customer", ""
NOBODY = -1
NO_TIMES = frozenset(ColumnMap({}).missing)
"""What may stand for none and can be taken for no time."""

Part = dict[str, NDArray[Any]]
"""The contacts of a piece, column by column: names as numbers, and their lines under `LINE`."""


def read_table(path: Path, mapped: ColumnMap | None, problems: Problems, zone: str = "") -> pd.DataFrame:
    """Return the contacts of a table; without a map its columns are found by their heads.

    Rows that cannot be read are noted as problems. Raises SimError where the file is no such table.
    """
    header = list(next(pieces(path, problems, separator=mapped.separator if mapped else "")).columns)
    mapped = mapped or found_map(header, path)
    require(mapped.needed, header, path)
    first = mapped.without(CONVERSATION)
    found = pieces(path, problems, first.needed, mapped.separator, first.columns_of(MOMENTS))
    calls = contacts_of(found, first, path, problems, zone)
    if CONVERSATION in mapped.columns and "kind" in calls and calls_in(calls["kind"]).any():
        calls[CONVERSATION] = conversations(path, mapped, calls.index.to_numpy())
    return calls


def contacts_of(
    found: Iterable[pd.DataFrame], mapped: ColumnMap, path: Path, problems: Problems, zone: str = ""
) -> pd.DataFrame:
    """Return the contacts of pieces of a table. Raises SimError where there are none, or a zone has no use."""
    reader = _Reader(path, mapped, problems, zone or mapped.time_zone)
    try:
        whole = _Columns()
        for piece in found:
            whole.add(reader.contacts(piece))
    except (OverflowError, ValueError) as problem:
        raise SimError(f"{path}: {one_line(str(problem))}") from problem
    if not reader.times.uses_zone:
        refuse_zone(reader.times.zone, path)
    if not whole.rows:
        why = f": {problems}" if problems else ""
        raise SimError(f"{path}: there is no contact that can be read{why}")
    if reader.times.reading:
        problems.readings.append(reader.times.reading)
    if reader.with_agent_alone:
        what = "with an agent and no time of answer: taken for abandoned, though the agent may have answered"
        problems.readings.append(f"{reader.with_agent_alone:,} {what}")
    problems.readings += [told for name, names in reader.names.items() for told in _respelled(name, names)]
    return _named(whole, reader.names)


def _respelled(column: str, names: "_Names") -> Iterator[str]:
    shown = ", ".join(f"{quoted(other)} for {quoted(name)}" for other, name in list(names.others.items())[:3])
    more = f" and {len(names.others) - 3} more" if len(names.others) > 3 else ""
    if shown:
        yield f"`{column}`: names that differ in spaces and capitals alone are one: {shown}{more}"


def refuse_zone(zone: str, path: Path) -> None:
    """Raise SimError where a time zone is given, as the times of the log have no use for one."""
    if zone:
        raise SimError(
            f"{path}: its times do not say how far from UTC they are, so no time zone can make them local; leave"
            f" {quoted(zone)} out"
        )


def require(needed: Iterable[str], header: list[str], path: Path) -> None:
    """Raise SimError where columns are missing."""
    missing = [name for name in needed if name not in header]
    if missing:
        hint = did_you_mean(missing[0], header)
        raise SimError(f"{path}: these columns are missing: {', '.join(map(quoted, missing))}; {hint}")


# Rows as contacts.


class _Reader:
    """Makes contacts of the rows, piece by piece; the form of the times is found in the first."""

    def __init__(self, path: Path, mapped: ColumnMap, problems: Problems, zone: str) -> None:
        self.path, self.mapped, self.problems = path, mapped, problems
        self.times = Times(mapped.times, zone)
        self.with_agent_alone = 0
        self.names = {
            name: _Names(mapped.prefix.get(name, ""), mapped.missing)
            for name in NAMES
            if name in mapped.columns
        }

    def contacts(self, piece: pd.DataFrame) -> Part:
        for name, value in self.mapped.where.items():
            given = piece[name].astype("str")
            self.problems.note(f"no `{name}`", piece.index[given.isin(self.mapped.missing)])
            piece = piece[given == value]
        raw = {name: piece[column] for name, column in self.mapped.columns.items()}
        times = {name: self._moments(raw[name]) for name in MOMENTS if name in raw}
        lengths = {name: self._seconds(raw[name]) for name in LENGTHS if name in raw}
        lengths = self.mapped.whole_waits(lengths)
        for name, read in (*times.items(), *lengths.items()):
            self._note_unread(name, raw[name], read)
        named = {name: names.numbers(raw[name]) for name, names in self.names.items()}
        calls = _spans(pd.DataFrame(index=piece.index), times, lengths, named.get("agent"))
        for name, numbers in named.items():
            calls[name] = numbers
        for name in (CUSTOMER, CONVERSATION):
            if name in raw:
                calls[name] = hashed(self._cells(raw[name]))
        for name in KEPT:
            if name in lengths:
                calls[name] = lengths[name].astype("float32")
        if "agent" in calls:
            self.with_agent_alone += int(((calls["agent"] >= 0) & calls["answered_at"].isna()).sum())
            calls["agent"] = calls["agent"].where(calls["answered_at"].notna(), NOBODY)
        calls["key"] = keys_of(calls, self._cells(raw["contact"]) if "contact" in raw else None)
        kept = possible(calls, self.problems)
        return {LINE: kept.index.to_numpy(), **{str(name): kept[name].to_numpy() for name in kept}}

    def _cells(self, cells: pd.Series) -> pd.Series:
        """Return cells with what stands for none as missing."""
        cells = text_of(cells) if cells.dtype.kind == "S" else cells
        if cells.dtype.kind in "Mmfiub":
            return cells
        text = cells.astype("object")
        return text.mask(text.isin(self.mapped.missing) | text.isna(), None)

    def _moments(self, cells: pd.Series) -> pd.Series:
        """Return cells as times; as one of none is no time anyhow, they need not be looked for once all is known."""
        is_plain = self.times.is_settled and set(self.mapped.missing) <= NO_TIMES
        if cells.dtype.kind == "S":
            read = self.times.read_bytes(cells) if is_plain else None
            if read is not None:
                return read
            cells = text_of(cells)
        return self.times.read(cells if is_plain else self._cells(cells))

    def _seconds(self, cells: pd.Series) -> pd.Series:
        """Return cells as durations; what is written alike is read once."""
        if cells.dtype.kind in "Mmfiub" or pd.api.types.infer_dtype(cells, skipna=True) != "string":
            return seconds(self._cells(cells))
        codes, given = pd.factorize(cells.to_numpy(dtype=object))
        read = seconds(self._cells(pd.Series(given, dtype="object"))).to_numpy(dtype=np.float64)
        return pd.Series(np.append(read, np.nan)[codes], index=cells.index)

    def _note_unread(self, name: str, raw: pd.Series, read: pd.Series) -> None:
        none = read.isna().to_numpy()
        if raw.dtype.kind == "S":
            none = none & (raw.to_numpy() != b"")
        unread = self._cells(raw[none]).dropna()
        if unread.empty:
            return
        column = self.mapped.columns[name]
        if name in LENGTHS:
            below = unread.astype("str").str.match(r"\s*-\s*\d").to_numpy(dtype=bool)
            self.problems.note_cells(f"`{column}` is below 0", unread.index[below])
            unread = unread[~below]
        elif self.times.uses_zone:
            none = ~with_offset(unread, self.times.form).to_numpy(dtype=bool)
            self.problems.note_cells(f"`{column}` names no distance from UTC", unread.index[none])
            unread = unread[~none]
        self.problems.note_cells(f"`{column}` cannot be read", unread.index)


class _Names:
    """Numbers the names of a column in the order in which they come, the same in all pieces.

    Names that differ in spaces and capitals alone are one, by its first spelling; `others` has the further ones.
    """

    def __init__(self, prefix: str, missing: Iterable[str]) -> None:
        self.prefix, self.missing = prefix, frozenset(missing)
        self.others: dict[str, str] = {}
        self._spellings: list[str] = []
        self._numbers: dict[str, int] = {}

    def numbers(self, cells: pd.Series) -> NDArray[np.int32]:
        """Return the number of each cell's name, `NOBODY` where there is none."""
        codes, given = pd.factorize(as_text(cells).to_numpy(dtype=object))
        missing = self.missing if cells.dtype == "object" or cells.dtype == "str" else ()
        known = [NOBODY if one in missing else self._number(one) for one in given]
        return np.array([*known, NOBODY], dtype=np.int32)[codes]

    def _number(self, name: str) -> int:
        plain = self.prefix + _printable(name)
        number = self._numbers.setdefault(_folded(plain), len(self._spellings))
        if number == len(self._spellings):
            self._spellings.append(plain)
        elif plain != self._spellings[number]:
            self.others[plain] = self._spellings[number]
        return number

    def column(self, numbers: NDArray[np.int32]) -> pd.Categorical:
        """Return numbers as the names that they stand for."""
        return pd.Categorical.from_codes(numbers, pd.Index(self._spellings, dtype="str"))


def _folded(name: str) -> str:
    """Return what a name has in common with its other spellings; of numbers such as `0051xB3` capitals are a part."""
    plain = " ".join(name.split())
    is_number = " " not in plain and any(map(str.isdigit, plain))
    is_mixed = plain not in (plain.lower(), plain.upper(), plain.capitalize())
    return plain if is_number and is_mixed else plain.casefold()


def possible(calls: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """Leave out what cannot be a contact, and note why."""
    fine = pd.Series(True, index=calls.index)
    for what, wrong in (
        ("no queue", calls["queue"] < 0 if calls["queue"].dtype.kind == "i" else calls["queue"].isna()),
        ("no time of arrival", calls["offered_at"].isna()),
        ("no end", calls["ended_at"].isna()),
        ("the times run backwards", ~_in_order(calls)),
    ):
        problems.note(what, calls.index[fine & wrong])
        fine &= ~wrong
    return calls if fine.all() else calls[fine]


def _printable(name: str) -> str:
    """Return a name of the log as the scenario may have it; what a terminal would obey becomes a question mark."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", "?", name.strip())[:200]


def _spans(
    calls: pd.DataFrame,
    times: dict[str, pd.Series],
    lengths: dict[str, pd.Series],
    agent: NDArray[np.int32] | None,
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
        taken = agent >= 0 if agent is not None and talk is None else (talk > pd.Timedelta(0))
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


class _Columns:
    """Columns that grow where they lie, so that there is never a second copy of all."""

    def __init__(self) -> None:
        self.rows = 0
        self._columns: dict[str, NDArray[Any]] = {}

    def add(self, part: Part) -> None:
        """Add the rows of a piece."""
        rows = self.rows + len(part[LINE])
        for name, values in part.items():
            column = self._columns.setdefault(name, np.empty(0, values.dtype))
            if rows > len(column):
                column.resize(max(rows, len(column) * 9 // 8), refcheck=False)
            column[self.rows : rows] = values
        self.rows = rows

    def taken(self) -> dict[str, NDArray[Any]]:
        """Return the columns as they are."""
        for column in self._columns.values():
            column.resize(self.rows, refcheck=False)
        return self._columns


def _named(whole: _Columns, names: Mapping[str, _Names]) -> pd.DataFrame:
    """Return columns as a table, with names in place of their numbers."""
    columns: dict[str, Any] = dict(whole.taken())
    for name, joined in columns.items():
        if name in names:
            columns[name] = names[name].column(joined)
        elif name == CUSTOMER:
            codes, given = pd.factorize(joined)
            known = np.where(joined != 0, codes, NOBODY).astype(np.int32)
            columns[name] = pd.Categorical.from_codes(known, pd.RangeIndex(len(given)))
    index = columns.pop(LINE)
    return pd.DataFrame(columns, index=index, copy=False)


def finished(calls: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """Put the rows of each contact together, and the contacts in the order of their arrival, counted from 0."""
    if "key" not in calls:
        calls["key"] = keys_of(calls, None)
    left_out = put_together(calls, problems) | went_on(calls, problems)
    put_beside(calls, left_out)
    order = np.argsort(calls["offered_at"].to_numpy(), kind="stable")
    order = order[~left_out[order]]
    in_order = len(order) == len(calls) and bool(np.all(order[1:] > order[:-1]))
    columns: dict[str, Any] = {"contact_id": np.arange(len(order))}
    for name in (*COLUMNS[1:], *OPTIONAL):
        if name in calls:
            cells = calls.pop(name)
            given = cells.array if isinstance(cells.dtype, pd.CategoricalDtype) else cells.to_numpy()
            columns[name] = given if in_order else given[order]
            if name == "kind" and isinstance(columns[name], pd.Categorical):
                columns[name] = columns[name].rename_categories(str.lower)
            if name in ("queue", "transfer_to", "consult_to", "channel", "label"):
                columns[name] = named_for_scenarios(columns[name])
        elif name in COLUMNS:
            never = np.full(len(order), np.datetime64("NaT", "ms"))
            columns[name] = pd.Categorical([None] * len(order)) if name in ("agent", "outcome") else never
    words = columns["outcome"]
    columns["outcome"] = outcomes_of(columns, words if len(words.categories) else None, problems)
    return pd.DataFrame(columns, copy=False)
