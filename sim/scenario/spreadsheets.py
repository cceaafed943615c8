"""Excel files as tables of text, read by the optional library python-calamine."""

import csv
import io
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sim.errors import did_you_mean, one_line, quoted
from sim.scenario.text_files import CONTROLS, CSV, bytes_of

EXCEL = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
"""Endings of the names of files that are read as Excel files."""


def text_of_sheet(path: Path, sheet: str | None) -> str:
    """Return a sheet of an Excel file as comma-separated text; without a name its only one. Raises ValueError.

    Dates and times are written as ISO has them, durations as h:mm:ss, numbers in full.
    """
    calamine = _library()
    name = one_line(str(path))
    try:
        data = bytes_of(path, CSV, binary=True)
        _check_size(data)
    except ValueError as error:
        raise ValueError(f"`{name}`: {error}") from None
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        wanted = _wanted(name, book.sheet_names, sheet)
        rows = book.get_sheet_by_name(wanted).to_python(skip_empty_area=False)
    except ValueError:
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise ValueError(f"`{name}` is not an Excel file that can be read; save it anew, or as CSV") from None
    return _as_csv(rows)


def _library() -> Any:
    try:
        import python_calamine
    except ImportError:
        what = "Excel files are read by python-calamine: pip install 'contact-routing-sim[excel]'"
        raise ValueError(f"{what}; or save the sheet as CSV") from None
    return python_calamine


def _check_size(data: bytes) -> None:
    """Refuse a small file that would become a huge one. Raises ValueError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(one.file_size for one in packed.infolist())
    except (zipfile.BadZipFile, OSError, RuntimeError):
        return  # an old .xls file is not packed
    if size > CSV.bytes:
        raise ValueError(f"it has more than {CSV.bytes // 1_000_000} MB unpacked; {CSV.remedy}")


def _wanted(name: str, sheets: list[str], sheet: str | None) -> str:
    if sheet is not None and sheet in sheets:
        return sheet
    if sheet is not None:
        raise ValueError(f"`{name}` has no sheet {quoted(sheet)}; {did_you_mean(sheet, sheets)}")
    if len(sheets) == 1:
        return sheets[0]
    listed = ", ".join(map(quoted, sheets[:6]))
    raise ValueError(f"`{name}` has {len(sheets)} sheets ({listed}); name one with `sheet`")


def _as_csv(rows: list[list[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([[_cell(value) for value in row] for row in rows])
    return out.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("seconds")
    if isinstance(value, timedelta):
        return _duration(value.total_seconds())
    text = " ".join(str(value).split())
    return "".join(letter for letter in text if letter not in CONTROLS)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"
