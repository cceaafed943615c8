"""Interval files as planning tools export them, and how a scenario says what is read of them."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    PrivateAttr,
    SerializerFunctionWrapHandler,
    WithJsonSchema,
    model_serializer,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from sim.errors import Mistake, quoted
from sim.scenario.csv_files import CsvTable
from sim.scenario.dialects import table_of_any
from sim.scenario.fields import Grain, Part, ReadOnlyDict, Switch
from sim.scenario.interval_rows import keep_wanted, leave_out_totals, put_colons
from sim.scenario.numbers import LONGEST_TEXT
from sim.scenario.text_files import printable
from sim.scenario.weekday_names import put_weekdays

FORECAST = ("interval_start", "volume", "aht_s")
"""The usual columns of a forecast: when, how many contacts, their mean handle time."""
HEAD_COUNT = ("interval_start", "agents")
MOST_ROWS = 200_000
"""Intervals of a file in a run, repeated ones counted each time."""


def _header(given: Any) -> Any:
    if not isinstance(given, str) or not given.strip() or len(given) > LONGEST_TEXT:
        raise ValueError(f"{quoted(given)} is not the name of a column")
    return printable(given).strip()


def _cell(given: Any) -> Any:
    return str(given) if isinstance(given, int | float) and not isinstance(given, bool) else given


Header = Annotated[str, BeforeValidator(_header)]
Wanted = Annotated[str, BeforeValidator(_cell), WithJsonSchema({"type": ["string", "number"]})]


class IntervalFile(Part):
    """A file with one row an interval, and how it is read."""

    path: str = Field(description="The file, CSV or Excel, relative to the scenario.")
    start: Header = Field(
        default=FORECAST[0],
        description="Column with the beginning of each interval: a date and time, a clock time, a range, or seconds "
        "from opening; default interval_start.",
    )
    volume: Header | None = Field(
        default=None,
        description="Column with the contacts, in a head-count the agents; default volume, agents.",
    )
    aht: Header | None = Field(
        default=None,
        description="Column with the mean handle time; default aht_s where there is one, else the queue's law.",
    )
    where: Annotated[Mapping[Header, Wanted], AfterValidator(ReadOnlyDict)] = Field(
        default=ReadOnlyDict(), description="Values of other columns that a row has to have; default: none."
    )
    day: Header | None = Field(
        default=None,
        description="Column with the date or the weekday, where `start` has the clock time alone.",
    )
    every: Grain | None = Field(
        default=None,
        description="Length of an interval, a duration; default: found from the rows, which have to be all there.",
    )
    levels: Switch = Field(
        default=False, description="on: a row of a head-count holds until the next one; default off."
    )
    repeats: Literal["daily", "weekly"] | None = Field(
        default=None,
        description="daily or weekly: the rows of one day or week are those of each; default: they stand once.",
    )
    aht_includes_wrap_up: Switch | None = Field(
        default=None,
        description="on: the mean wrap-up is taken off the mean handle time; default: read as without, and told.",
    )
    aht_unit: Literal["s", "ms", "min"] | None = Field(
        default=None,
        description="Unit of the mean handle time where it is a plain number; min also where a spreadsheet took 3:32 "
        "for hours; default: found, s.",
    )
    decimal: Literal["point", "comma"] | None = Field(
        default=None, description="point or comma: the decimal mark; default: found from the numbers."
    )
    dates: Literal["day_first", "month_first"] | None = Field(
        default=None,
        description="day_first or month_first: how 02/03/2026 is read; default: found from the dates.",
    )
    sheet: Header | None = Field(default=None, description="Sheet of an Excel file; default: its only one.")

    _content: tuple[Any, float] = PrivateAttr(default=((), 0.0))
    _readings: tuple[str, ...] = PrivateAttr(default=())

    @property
    def content(self) -> tuple[Any, float]:
        """What was read of it for the run: the rows or the agents of each interval, and an interval's length."""
        return self._content

    @property
    def readings(self) -> tuple[str, ...]:
        """What was read otherwise than it stands there, in words."""
        return self._readings

    def holding(self, content: Any, every: float, readings: Sequence[str]) -> "IntervalFile":
        """Keep what was read of it."""
        self._content = content, every
        self._readings = tuple(dict.fromkeys(readings))
        return self

    @model_serializer(mode="wrap")
    def _write(self, handler: SerializerFunctionWrapHandler) -> Any:
        written: dict[str, Any] = handler(self)
        given = {key: value for key, value in written.items() if key in self.model_fields_set}
        return self.path if list(given) == ["path"] else given

    def __str__(self) -> str:
        return self.path


class OrName:
    """Reads a file that is given by its name alone as a mapping with that key, and describes both."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, given: Any) -> Any:
        """Return the mapping; refuse what is neither the name of a file nor a mapping with one."""
        if isinstance(given, str):
            return {self._key: given}
        if isinstance(given, Mapping | Part):
            return given
        raise ValueError(f"{quoted(given)} is neither the name of a file nor {{{self._key}: FILE, ...}}")

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"anyOf": [{"type": "string"}, handler(schema)]}


_BY_PATH = OrName("path")
NamedFile = Annotated[IntervalFile, BeforeValidator(_BY_PATH), _BY_PATH]
"""An interval file by its name alone, with the usual columns, or with the columns that are read."""


# The table of a file.


def table_of_file(path: str, text: str, file: IntervalFile, usual: Sequence[str]) -> CsvTable:
    """Read the table of an interval file with the rows that `where` asks for, those of totals left out."""
    volume = file.volume or usual[1]
    needed = [
        file.start,
        volume,
        *([file.day] if file.day else ()),
        *([file.aht] if file.aht else ()),
        *file.where,
    ]
    table = table_of_any(path, text, tuple(dict.fromkeys(needed)))
    if file.volume is None and any(one.key == volume for one in table.mistakes):
        from sim.scenario.grids import table_of_grid  # few files are a grid

        table = table_of_grid(path, text, file, volume, MOST_ROWS) or table
    table.mistakes = [_with_remedy(one, file) for one in table.mistakes]
    if table.mistakes:
        return table
    put_colons(table, file.start)
    put_weekdays(table, file.day or file.start)
    keep_wanted(table, file.where, [file.day], file.start)
    leave_out_totals(table, [name for name in (file.start, file.day) if name])
    if not table.rows and not table.mistakes:
        table.mistakes.append(Mistake(path, 0, 0, "", "there are only rows of totals below the header"))
    return table


_KEYS = {"interval_start": "start", "volume": "volume", "agents": "volume", "aht_s": "aht"}


def _with_remedy(one: Mistake, file: IntervalFile) -> Mistake:
    """Say with a missing column which key names another one."""
    if "is missing" not in one.what or one.key not in _KEYS:
        return one
    key = _KEYS[one.key]
    what = f"{one.what}; name the column that holds it with `file: {{path: {file.path}, {key}: ...}}`"
    if key == "volume" and one.key == "agents":
        what += "; a row a person makes no head-count: give the file to `roster`, in place of `head_count`"
    return Mistake(one.file, one.line, one.column, one.key, what)
