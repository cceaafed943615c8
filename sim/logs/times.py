"""Dates and times of a log: in which form they are written, found from the data, and read as local clock times."""

import re
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FORMS = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S",
    "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M",
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d-%m-%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%d/%m/%Y %I:%M:%S %p",
)  # fmt: skip
"""Forms that are found by themselves, besides ISO 8601 with fractions or an offset, and seconds since 1970."""

LONGEST = 48
"""Bytes of a time that are kept: in none of the forms it has as many, unless among spaces."""
OF_TIMES = f"S{LONGEST}"
"""The type of a column of times as bytes, which are no objects each."""

ISO, EPOCH, EPOCH_MS = "ISO8601", "epoch", "epoch_ms"
LOOKED_AT = 20_000
EARLIEST = pd.Timestamp("1980-01-01")
LONGEST_S = 1e8
LATEST = pd.Timestamp("2200-01-01")


def form_of(cells: Sequence[str]) -> str:
    """Return the form in which times are written.

    Raises ValueError where no form fits, or two do and read differently.
    """
    sample = pd.Series(list(cells[:LOOKED_AT]), dtype="object")
    if sample.empty:
        return ISO
    if sample.str.fullmatch(r"\d{9,10}(\.\d+)?").all():
        return EPOCH
    if sample.str.fullmatch(r"\d{12,13}").all():
        return EPOCH_MS
    reads = {form: _parsed(sample, form) for form in FORMS}
    counts = {form: int(read.notna().sum()) for form, read in reads.items()}
    best = max(FORMS, key=lambda form: counts[form])
    if counts[best] >= len(sample) / 2:
        other = next(
            (
                form
                for form in FORMS
                if counts[form] >= 0.98 * counts[best] and not reads[form].equals(reads[best])
            ),
            None,
        )
        if other is not None:
            raise ValueError(
                f"`{sample[0]}` may be {best} or {other}: is the day or the month first? Write"
                f' times: "{best}" in a map file'
            )
        return ISO if best.startswith("%Y-") else best  # a later column may have fractions or an offset
    if pd.to_datetime(sample, format=ISO, errors="coerce", utc=True).notna().mean() >= 0.5:
        return ISO
    if counts[best]:
        known = reads[best].notna()
        raise ValueError(
            f"times are written in several forms, none of them by half: `{sample[known].iloc[0]}` is {best},"
            f' `{sample[~known].iloc[0]}` is not; write times: "{best}" in a map file to read those alone'
        )
    raise ValueError(
        f'`{sample[0]}` is no date and time in a form that is known; write times: "%d/%m/%Y %H:%M" in a map file'
    )


class Times:
    """Reads the times of a log piece by piece, in a form that is given or found in the first cells."""

    def __init__(self, form: str = "", zone: str = "") -> None:
        self.form, self.zone = form, zone
        self.uses_zone = False
        self.offsets: set[str] = set()

    @property
    def is_settled(self) -> bool:
        """Whether no more cells have to be looked at to know how all are read."""
        return bool(self.form) and (not self.zone or self.uses_zone)

    def read_bytes(self, cells: pd.Series) -> pd.Series | None:
        """Return cells of bytes as clock times where all are written plainly, as most logs have them; else None."""
        if self.form != ISO:
            return None
        values = cells.to_numpy()
        length = np.char.str_len(values)
        if not np.isin(length, list(PLAIN)).all() or (plain := _as_moments(values)) is None:
            return None
        if length.any():
            self.offsets.add("")
        return _bounded(plain.mask(plain.notna(), None) if self.zone else plain).set_axis(cells.index)

    def read(self, cells: pd.Series) -> pd.Series:
        """Return cells as clock times, NaT where one cannot be read. Raises ValueError where no form is found."""
        if cells.dtype.kind != "M" and not isinstance(cells.dtype, pd.DatetimeTZDtype):
            cells = as_text(cells)
        if not self.is_settled:
            given = cells.dropna().head(LOOKED_AT)
            if not self.form and len(given):
                self.form = form_of([str(cell) for cell in given])
            if self.zone and not self.uses_zone:
                self.uses_zone = _names_offset(given, self.form or ISO)
        return read_times(cells, self.form or ISO, self.zone, self.offsets)

    @property
    def reading(self) -> str:
        """What is to be told of times that name different distances from UTC, or of which some name none."""
        if self.zone or len(self.offsets) < 2:
            return ""
        named = ", ".join(one or "none" for one in sorted(self.offsets, reverse=True)[:5])
        return (
            f"the times name different distances from UTC ({named}) and are read as the clocks that they show;"
            " --time-zone Europe/Berlin makes them those of one place"
        )


def are_cut(cells: pd.Series) -> bool:
    """Return whether one of the cells of bytes may have been longer."""
    return bool((np.char.str_len(cells.to_numpy()) == LONGEST).any())


def text_of(cells: pd.Series) -> pd.Series:
    """Return cells of bytes as text."""
    return pd.Series([one.decode() for one in cells.to_numpy().tolist()], cells.index, dtype="object")


def as_text(cells: pd.Series) -> pd.Series:
    """Return cells as text, as JSON may have numbers and lists among them."""
    if pd.api.types.infer_dtype(cells, skipna=True) == "string":
        return cells
    text: pd.Series = cells.astype("object").map(str, na_action="ignore")
    return text


def read_times(cells: pd.Series, form: str, zone: str = "", offsets: set[str] | None = None) -> pd.Series:
    """Return cells as clock times to the millisecond, NaT where one cannot be read.

    Times with an offset become those of the `zone`, where those without one cannot be read; or without a zone stay the
    clock time that is written. The `offsets` are collected. Cells that are times already, as Parquet has them, stay.
    """
    seen = set() if offsets is None else offsets
    if isinstance(cells.dtype, pd.DatetimeTZDtype):
        return _local(cells, zone or str(cells.dt.tz))
    if cells.dtype.kind == "M":
        return _bounded(cells)
    if form in (EPOCH, EPOCH_MS):
        number = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
        return local_times(number / (1000.0 if form == EPOCH_MS else 1.0), zone).set_axis(cells.index)
    if form != ISO and not form.endswith(OFFSET_LAST):
        return _bounded(_parsed(cells, form))
    if form == ISO and (plain := _plain(cells.to_numpy(dtype=object))) is not None:
        seen.update(() if plain.isna().all() else ("",))
        return _bounded(plain.mask(plain.notna(), None) if zone else plain).set_axis(cells.index)
    if form == ISO and (utc := _of_utc(cells.to_numpy(dtype=object))) is not None:
        seen.add("Z")
        at = utc.set_axis(cells.index)
        return _local(at.dt.tz_localize("UTC"), zone) if zone else _bounded(at)
    text = cells.astype("object")
    told = text.notna() & with_offset(text, form)
    tails = {str(cell)[-6:] for cell in text.to_numpy()[told.to_numpy()]}
    seen.update(found[0].strip() for tail in tails if (found := re.search(OFFSET, tail)))
    bare = text[text.notna() & ~told]  # what stands for no time may be among them
    seen.update(("",) if _parsed(bare, form.removesuffix(OFFSET_LAST).rstrip()).notna().any() else ())
    if zone:
        text = text.where(told)
    if told.any() and (zone or text[told].str.endswith("Z").all()):
        whole = text.str.replace(r"([+-]\d{2})$", r"\1:00", regex=True)  # %z knows no hours alone
        return _local(pd.to_datetime(whole, format=form, errors="coerce", utc=True), zone)
    shown = text.where(~told, text.astype("str").str.replace(OFFSET, "", regex=True))
    return _bounded(_parsed(shown, form.removesuffix(OFFSET_LAST).rstrip()))


PLAIN = frozenset({0, len("2026-03-02 08:00:00"), len("2026-03-02 08:00:00.000")})
"""Lengths of times without an offset, as most logs have them, and of none."""


def _plain(cells: Sequence[str | None] | NDArray[np.object_]) -> pd.Series | None:
    """Return times that are all written so, by a reader of no other form; None where one is written otherwise."""
    text = np.array(cells, dtype=object)
    try:
        return _as_moments(text) if PLAIN.issuperset(map(len, text)) else None
    except TypeError:
        return None


def _as_moments(values: NDArray[Any]) -> pd.Series | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # an offset that fits into such a length
            return pd.Series(values.astype("datetime64[ms]"))
    except (TypeError, ValueError, Warning):
        return None


def _of_utc(cells: NDArray[np.object_]) -> pd.Series | None:
    """Return times that all end with a Z and are plain before it; None where one is written otherwise."""
    known = [cell for cell in cells if cell]
    if not known or not all(map(_ends_with_z, known)):
        return None
    return _plain([cell[:-1] if cell else "" for cell in cells])


def _ends_with_z(cell: object) -> bool:
    return isinstance(cell, str) and cell.endswith("Z")  # Parquet and Excel have cells of other kinds


def local_times(seconds_since_1970: NDArray[np.float64], zone: str = "") -> pd.Series:
    """Return seconds since 1970 as clock times of a zone, to the millisecond; without one those of UTC."""
    known = np.abs(seconds_since_1970) < 7e9  # false for NaN
    ms = np.where(known, np.round(np.where(known, seconds_since_1970, 0.0) * 1000.0), np.iinfo(np.int64).min)
    at = pd.Series(ms.astype(np.int64).view("datetime64[ms]"))
    return _local(at.dt.tz_localize("UTC"), zone) if zone else _bounded(at)


def _names_offset(cells: pd.Series, form: str) -> bool:
    """Return whether times say how far from UTC they are, so that a time zone can make them local."""
    if form in (EPOCH, EPOCH_MS) or isinstance(cells.dtype, pd.DatetimeTZDtype):
        return True
    return form.endswith((ISO, OFFSET_LAST)) and bool(with_offset(cells, form).any())


OFFSET_LAST = "%z"
"""How a form ends that a map file gives for times with an offset."""
OFFSET = r"\s?(?:Z|[+-]\d{1,2}(?::?\d{2})?)$"
"""The end of a time that says how far from UTC it is, as Z, +01:00, +0100 or, as PostgreSQL has it, +01."""
_ISO_WITH_OFFSET = r"[T ]\d{2}[\d:.,]*" + OFFSET
"""A date alone ends like an offset too, in -02."""


def with_offset(cells: pd.Series, form: str) -> pd.Series:
    """Return which cells have a time that ends with an offset."""
    pattern = _ISO_WITH_OFFSET if form == ISO else OFFSET
    found: pd.Series = cells.astype("str").str.contains(pattern, regex=True)
    return found


def _local(at: pd.Series, zone: str) -> pd.Series:
    local = at.dt.tz_convert(zone) if zone else at
    return _bounded(local.dt.tz_localize(None))


def _parsed(cells: pd.Series, form: str) -> pd.Series:
    return pd.to_datetime(cells, format=form, errors="coerce")


def _bounded(at: pd.Series) -> pd.Series:
    """Leave out years that no log has, and keep milliseconds."""
    kept = at.where(at.isna() | at.between(EARLIEST, LATEST))
    return kept.astype("datetime64[ms]")


DECIMAL_COMMA = r"^(\s*(?:[\d:]*:)?\d+),(\d{1,2}|\d{4,})(?=\s*$)"


def seconds(cells: pd.Series) -> pd.Series:
    """Return durations in seconds: 75, 1:15 and 0:01:15 alike; NaN for others, those below 0 and above 3 years.

    A comma is one of decimals, as in 12,5, unless three digits follow: 1,200 may be so many thousands.
    """
    number = pd.to_numeric(cells, errors="coerce")
    timed = cells.astype("object").where(number.isna() & cells.notna())
    if timed.notna().any():
        plain = timed.astype("str").str.replace(DECIMAL_COMMA, r"\1.\2", regex=True)
        timed = plain.where(timed.notna())
        number = number.fillna(pd.to_numeric(timed, errors="coerce"))
        parts = timed.str.extract(r"^(?:(\d+):)?(\d{1,2}):(\d{2}(?:\.\d+)?)$").astype("float64")
        number = number.fillna(parts[0].fillna(0.0) * 3600 + parts[1] * 60 + parts[2])
    return number.where((number >= 0) & (number <= LONGEST_S))
