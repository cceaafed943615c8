"""Dates and times of a log: in which form they are written, found from the data, and read as local clock times."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

FORMS = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S",
    "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M",
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d-%m-%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%d/%m/%Y %I:%M:%S %p",
)  # fmt: skip
"""Forms that are found by themselves, besides ISO 8601 with fractions or an offset, and seconds since 1970."""

ISO, EPOCH, EPOCH_MS = "ISO8601", "epoch", "epoch_ms"
LOOKED_AT = 20_000
EARLIEST = pd.Timestamp("1980-01-01")
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
        return best
    if _parsed(sample, ISO).notna().mean() >= 0.5:
        return ISO
    raise ValueError(
        f'`{sample[0]}` is no date and time in a form that is known; write times: "%d/%m/%Y %H:%M" in a map file'
    )


def read_times(cells: pd.Series, form: str, zone: str = "") -> pd.Series:
    """Return cells as clock times to the millisecond, NaT where one cannot be read.

    Times with an offset become those of the `zone`, or without one stay the clock time that is written.
    """
    if form in (EPOCH, EPOCH_MS):
        seconds = pd.to_numeric(cells, errors="coerce") / (1000.0 if form == EPOCH_MS else 1.0)
        at = pd.to_datetime(seconds.where(seconds.between(0, 7e9)), unit="s", errors="coerce")
        return _local(at.dt.tz_localize("UTC"), zone)
    if form != ISO:
        return _bounded(_parsed(cells, form))
    text = cells.astype("object")
    has_offset = text.dropna().head(LOOKED_AT).str.contains(r"(?:Z|[+-]\d{2}:?\d{2})$", regex=True).any()
    if not has_offset:
        return _bounded(_parsed(text, ISO))
    if zone:
        return _local(pd.to_datetime(text, format=ISO, errors="coerce", utc=True), zone)
    return _bounded(_parsed(text.str.replace(r"(?:Z|[+-]\d{2}:?\d{2})$", "", regex=True), ISO))


def _local(at: pd.Series, zone: str) -> pd.Series:
    local = at.dt.tz_convert(zone) if zone else at
    return _bounded(local.dt.tz_localize(None))


def _parsed(cells: pd.Series, form: str) -> pd.Series:
    return pd.to_datetime(cells, format=form, errors="coerce")


def _bounded(at: pd.Series) -> pd.Series:
    """Leave out years that no log has, and keep milliseconds."""
    kept = at.where(at.isna() | at.between(EARLIEST, LATEST))
    return kept.astype("datetime64[ms]")


def seconds(cells: pd.Series) -> pd.Series:
    """Return durations in seconds: 75, 1:15 and 0:01:15 alike; NaN where one cannot be read or is below 0."""
    number = pd.to_numeric(cells, errors="coerce")
    timed = cells.astype("object").where(number.isna() & cells.notna())
    if timed.notna().any():
        parts = timed.str.extract(r"^(?:(\d+):)?(\d{1,2}):(\d{2}(?:\.\d+)?)$").astype("float64")
        number = number.fillna(parts[0].fillna(0.0) * 3600 + parts[1] * 60 + parts[2])
    return number.where((number >= 0) & np.isfinite(number))
