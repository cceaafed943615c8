"""CSV files beside a scenario: head-counts, forecasts, recorded contacts, seen values.

They are read while the scenario is loaded, from its own folder only, and every mistake names row and column.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationInfo

from sim.errors import quoted
from sim.scenario.context import Finding, Surroundings, several, surroundings_of
from sim.scenario.csv_files import (
    CsvTable,
    Row,
    table_from,
    text_of_file,
)
from sim.scenario.dialects import are_sums, decimal_mark, duration_reader, number_reader
from sim.scenario.export_headers import MEAN, says
from sim.scenario.grain import Intervals, intervals_of, levels_of
from sim.scenario.interval_files import FORECAST, HEAD_COUNT, MOST_ROWS, IntervalFile, table_of_file
from sim.scenario.numbers import decimal, duration_text, whole, within
from sim.scenario.spreadsheets import EXCEL, text_of_sheet

T = TypeVar("T")


def read_values(given: Mapping[str, Any], info: ValidationInfo) -> Mapping[str, Any]:
    """Put the values of an empirical law beside the file they come from."""
    if "values" in given:
        refuse_beside("values", given, ("file", "column"))
        return given
    if given.get("file") is None or not isinstance(given.get("column"), str):
        raise ValueError("an empirical law needs values, or file and column")
    table = table_of(given, "file", info, (given["column"],))
    values = table.read_column(given["column"], cell_number, table.rows)
    return {**given, "values": finished(table, values)}


def read_forecast(file: IntervalFile, info: ValidationInfo) -> IntervalFile:
    """Put the rows of a forecast (start, volume, mean handle time) beside the file they come from."""
    around = surroundings(info)
    table = _interval_table(file, FORECAST, around)
    if file.levels:
        raise several([Finding(("levels",), "levels are for head-counts; contacts arrive by the interval")])
    volume_name, aht_name = file.volume or FORECAST[1], file.aht or FORECAST[2]
    has_aht = aht_name in table.rows[0]
    numbers = table.distinct(volume_name, *([aht_name] if has_aht else ()))
    mark = decimal_mark(table, numbers, file.decimal)
    volumes = _by_row(table.rows, table.read_column(volume_name, number_reader(mark), table.rows))
    _stop_if_full(table)
    timed = [row for row in table.rows if volumes[id(row)] != 0] if has_aht else []
    read_aht = _above_0(
        duration_reader(table, [row[aht_name] for row in timed if row[aht_name].text], mark, file.aht_unit)
    )
    ahts = {id(row): table.read_if_any(row[aht_name], read_aht) for row in timed}
    _tell_sums(table, aht_name, [(ahts[id(row)], volumes[id(row)]) for row in timed])
    found = intervals_of(table, file, around)
    if found is None or table.mistakes:
        raise several(table.shortened())
    _tell_outside(found, volumes)
    rows = [
        (start, volumes[id(row)], ahts.get(id(row)))
        for start, row in zip(found.starts, found.rows, strict=True)
    ]
    return file.holding(rows, found.every, table.readings)


def _tell_sums(table: CsvTable, name: str, pairs: Sequence[tuple[float | None, float | None]]) -> None:
    """Tell of handle times that are read as means though they seem to be those of all contacts together."""
    if not says(name, MEAN) and are_sums([(time, count) for time, count in pairs if time and count]):
        table.readings.append(
            f"{quoted(name)} as the mean of one contact, though it grows with them as a sum does"
        )


def read_head_count(file: IntervalFile, info: ValidationInfo) -> IntervalFile:
    """Put the agents of each interval from opening on beside the file they come from."""
    around = surroundings(info)
    table = _interval_table(file, HEAD_COUNT, around)
    name = file.volume or HEAD_COUNT[1]
    number = number_reader(decimal_mark(table, table.distinct(name), file.decimal))
    count = within("agents", lambda text: int(whole(number(text))))
    read = table.read_column(name, count, table.rows)
    counts = _by_row(table.rows, read)
    _stop_if_full(table)
    steps = levels_of(table, file, around) if file.levels else None
    found = None if file.levels else intervals_of(table, file, around, counts_agents=True)
    if table.mistakes:
        raise several(table.shortened())
    if found is not None:
        _tell_outside(found, counts)
        steps = [*zip(found.starts, found.rows, strict=True)]
        if found.starts[0] >= 0:
            return file.holding([counts[id(row)] for row in found.rows], found.every, table.readings)
    assert steps is not None
    agents, every = _on_grid([(start, counts[id(row)] or 0) for start, row in steps], around.lasts)
    if not agents:
        what = f"the head-count changes every {duration_text(every)}; write its times in whole minutes"
        table.note(table.rows[0][file.start], what)
        raise several(table.shortened())
    return file.holding(agents, every, table.readings)


def _stop_if_full(table: CsvTable) -> None:
    if table.is_full:
        raise several(table.shortened())


def _by_row(rows: Sequence[Row], values: Sequence[T]) -> dict[int, T]:
    return {id(row): value for row, value in zip(rows, values, strict=True)}


def _on_grid(steps: Sequence[tuple[float, int]], lasts: float | None) -> tuple[list[int], float]:
    """Write steps with one number an interval, the longest that divides them; none where there are too many."""
    starts = [max(start, 0.0) for start, _ in steps]
    end = starts[-1] + 3600.0 if lasts is None else float(math.ceil(lasts))
    if any(start != round(start) for start in starts):
        return [], starts[-1] % 1
    every = float(math.gcd(*(round(one) for one in (*starts, end))))
    if end / every > MOST_ROWS:
        return [], every
    agents: list[int] = []
    for (_, count), begins, ends in zip(steps, starts, [*starts[1:], end], strict=True):
        agents += [count] * round((ends - begins) / every)
    return agents, every


def _tell_outside(found: Intervals, numbers: Mapping[int, float | None]) -> None:
    """Tell how many rows are not in the run, and what they sum to."""
    if found.left_out:
        total = math.fsum(numbers[id(row)] or 0.0 for row in found.left_out)
        count = len(found.left_out)
        rows = f"{count} rows" if count > 1 else "1 row"
        found.table.readings.append(f"{rows} outside the run left out, {total:,.10g} in all")


def _interval_table(file: IntervalFile, usual: Sequence[str], around: Surroundings) -> CsvTable:
    """Read the table of an interval file; a mistake in its name is one of the scenario."""
    try:
        path, text, read_as = table_text(file.path, file.sheet, around)
        table = table_of_file(path, text, file, usual)
    except ValueError as error:
        raise several([Finding(("path",) if "path" in _given(file) else (), str(error))]) from None
    table.readings[:0] = read_as
    if len(table.rows) > MOST_ROWS:  # before their times are read, which takes longer than to count them
        what = f"{len(table.rows):,} rows would be read; at most {MOST_ROWS:,}"
        table.note(table.rows[0][file.start], what)
    if table.mistakes:
        raise several(table.shortened())
    return table


def _given(file: IntervalFile) -> tuple[str, ...]:
    """Return the keys of a file that is given by more than its name."""
    return tuple(file.model_fields_set) if len(file.model_fields_set) > 1 else ()


def table_text(name: str, sheet: str | None, around: Surroundings) -> tuple[str, str, list[str]]:
    """Return the path of a table as messages show it, its text, and how it was read. Raises ValueError."""
    if not name.lower().endswith(EXCEL):
        if sheet is not None:
            raise ValueError(f"{quoted(name)} is no Excel file, so it has no sheets")
        return (*_path_and_text(name, around, any_encoding=True),)
    key = name if sheet is None else f"{name}#{sheet}"
    if key not in around.texts:
        around.texts[key] = text_of_sheet(_inside(name, around.folder), sheet)
    return name, around.texts[key], []


def text_of_table(path: Path) -> str:
    """Return the text of a table that a command names, CSV or the only sheet of an Excel file. Raises ValueError."""
    if path.name.lower().endswith(EXCEL):
        return text_of_sheet(path, None)
    return text_of_file(path, any_encoding=True)[0]


def _above_0(reader: Callable[[str], float]) -> Callable[[str], float]:
    def read(text: str) -> float:
        value = reader(text)
        if value == 0:
            raise ValueError(f"{quoted(text)} has to be above 0")
        return value

    return read


def refuse_beside(key: str, given: Mapping[str, Any], others: Sequence[str]) -> None:
    """Refuse keys that have no meaning beside another."""
    found = [Finding((other,), f"does not go with {key}") for other in others if given.get(other) is not None]
    if found:
        raise several(found)


def table_of(
    given: Mapping[str, Any],
    key: str,
    info: ValidationInfo,
    needed: Sequence[str],
    possible: Sequence[str] | None = None,
) -> CsvTable:
    """Read the file that a key names."""
    around = surroundings(info)
    try:
        path, text, _ = _path_and_text(given[key], around)
        table = table_from(path, text, needed, possible)
    except ValueError as error:
        raise several([Finding((key,), str(error))]) from None
    if not table.rows:
        raise several(table.shortened())
    return table


def surroundings(info: ValidationInfo) -> Surroundings:
    """Return where a file is named; where its times cannot be judged, that is told elsewhere."""
    around = surroundings_of(info) or Surroundings()
    if not around.clock_known:  # its times cannot be judged; `opens` itself is reported
        raise several([])
    return around


def finished(table: CsvTable, values: Sequence[T | None]) -> tuple[T, ...]:
    """Return what was read. Raises where the table has mistakes by now."""
    if table.mistakes:
        raise several(table.shortened())
    return tuple(value for value in values if value is not None)


def cell_number(text: str) -> float:
    """Read a number that is not below 0. Raises ValueError."""
    value = decimal(text)
    if value < 0:
        raise ValueError(f"{quoted(text)} has to be a number of at least 0")
    return value


def _path_and_text(
    name: Any, around: Surroundings, *, any_encoding: bool = False
) -> tuple[str, str, list[str]]:
    """Return the path of a file as messages show it, its text, and its encoding if it is another. Raises ValueError."""
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f"{quoted(name)} is not the name of a file")
    if name in around.texts:
        return name, around.texts[name], []
    path = _inside(name, around.folder)
    text, read_as = text_of_file(path, any_encoding=any_encoding)
    around.texts[name] = text
    return str(path), text, read_as


def _inside(name: str, folder: Path | None) -> Path:
    """Return the path of a file in the scenario's folder. Raises ValueError for every other."""
    if folder is None:
        raise ValueError(f"{quoted(name)} cannot be read, since this scenario is in no folder")
    path = folder / name
    if Path(name).is_absolute() or not path.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"{quoted(name)} is outside the scenario's folder; only files in it are read")
    return path
