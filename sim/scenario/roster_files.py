"""Rosters by person as planning tools export them: a row a shift, a break or a meeting, and how they are read."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PrivateAttr,
    SerializerFunctionWrapHandler,
    ValidationInfo,
    model_serializer,
)

from sim.errors import Mistake
from sim.scenario.context import Finding, several
from sim.scenario.csv_files import CsvTable
from sim.scenario.dialects import rows_where, table_of_any
from sim.scenario.duties import Kind, Rostered
from sim.scenario.fields import Name, Part, ReadOnlyDict
from sim.scenario.included_files import surroundings, table_text
from sim.scenario.interval_files import Header, OrName, Wanted
from sim.scenario.interval_rows import tell_unnamed
from sim.scenario.roster_rows import fill_below, people_of


class RosterFile(Part):
    """A file with one row a shift of a person, and how it is read."""

    file: str = Field(description="The file, CSV or Excel, relative to the scenario.")
    person: Header = Field(
        default="person", description="Column with the person's name or number; default person."
    )
    team: Header | None = Field(
        default=None,
        description="Column with the team; default team where there is one. Of a team's own file its rows are read.",
    )
    date: Header | None = Field(
        default=None,
        description="Column with the date, weekdays such as Mon, Mon-Fri or a list of them; default date where there "
        "is one, else every day.",
    )
    from_: Header = Field(
        alias="from",
        default="from",
        description="Column with the beginning, a clock time, alone or with a date, or a range; default from.",
    )
    to: Header = Field(
        default="to",
        description="Column with the end, the next day where it is not after the beginning; default to.",
    )
    activity: Header | None = Field(
        default=None,
        description="Column with what the row is: work, a break or a meeting within it, or a day off; "
        "default activity where there is one, else work.",
    )
    activities: Annotated[Mapping[Header, Kind], AfterValidator(ReadOnlyDict)] = Field(
        default=ReadOnlyDict(),
        description="Words of that column as work, break or off; default: the usual words, names of queues, "
        "channels and teams being work.",
    )
    breaks: tuple[Header, ...] = Field(
        default=(),
        description="Columns with the times of breaks such as 12:00-12:30, or two with their beginnings and ends; "
        "default breaks where there is one.",
    )
    levels: Annotated[Mapping[Header, Name], AfterValidator(ReadOnlyDict)] = Field(
        default=ReadOnlyDict(),
        description="Columns with levels from 0 to 10 and their skills, before the team's; default: columns with the "
        "name of a skill.",
    )
    where: Annotated[Mapping[Header, Wanted], AfterValidator(ReadOnlyDict)] = Field(
        default=ReadOnlyDict(), description="Values of other columns that a row has to have; default: none."
    )
    dates: Literal["day_first", "month_first"] | None = Field(
        default=None, description="How 02/03/2026 is read; default: found from the dates."
    )
    sheet: Header | None = Field(default=None, description="Sheet of an Excel file; default: its only one.")

    _people: tuple[Rostered, ...] = PrivateAttr(default=())
    _readings: tuple[str, ...] = PrivateAttr(default=())

    @property
    def people(self) -> tuple[Rostered, ...]:
        """Those who are in it, in the order of their first rows."""
        return self._people

    @property
    def readings(self) -> tuple[str, ...]:
        """What was read otherwise than it stands there, in words."""
        return self._readings

    def holding(self, people: Sequence[Rostered], readings: Sequence[str]) -> "RosterFile":
        """Keep what was read of it."""
        self._people = tuple(people)
        self._readings = tuple(dict.fromkeys(readings))
        return self

    @model_serializer(mode="wrap")
    def _write(self, handler: SerializerFunctionWrapHandler) -> Any:
        written: dict[str, Any] = handler(self)
        fields = {field.alias or name: name for name, field in type(self).model_fields.items()}
        given = {key: value for key, value in written.items() if fields[key] in self.model_fields_set}
        return self.file if list(given) == ["file"] else given

    def __str__(self) -> str:
        return self.file


def _read(file: RosterFile, info: ValidationInfo) -> RosterFile:
    """Put the people and their duties beside the file they come from."""
    around = surroundings(info)
    try:
        path, text, read_as = table_text(file.file, file.sheet, around)
        table = _table(path, text, file)
    except ValueError as error:
        place = ("file",) if len(file.model_fields_set) > 1 else ()
        raise several([Finding(place, str(error))]) from None
    table.readings[:0] = read_as
    table.mistakes = [_with_remedy(one, file) for one in table.mistakes]
    if not table.mistakes:
        fill_below(table, file)
        tell_unnamed(table, file.where, file.from_)
        table.rows = rows_where(table, table.rows, file.where.items())
    people = () if table.mistakes else people_of(table, file, around)
    if table.mistakes:
        table.mistakes.sort(key=lambda one: (one.line, one.column))
        raise several(table.shortened())
    return file.holding(people, table.readings)


def _table(path: str, text: str, file: RosterFile) -> CsvTable:
    """Read a roster with a row a shift, or with a column a day. Raises ValueError."""
    table = _named(path, text, file, _needed(file))
    given = file.model_fields_set
    if any(one.key == file.from_ for one in table.mistakes) and not given & {
        "from_",
        "to",
        "date",
        "activity",
    }:
        from sim.scenario.roster_grids import (  # few rosters are a grid
            are_shifts,
            columns_of_days,
            table_of_shifts,
        )

        columns = columns_of_days(text)
        if len(columns) > 1:
            needed = [name for name in (*columns, *_needed(file)) if name != file.from_]
            wide = _named(path, text, file, needed)
            if are_shifts(wide, columns) and not wide.mistakes:
                return table_of_shifts(wide, columns, file.person, "date", file.from_)
            return wide if wide.rows and wide.mistakes else table
    elif not table.mistakes and file.to not in table.rows[0]:
        from sim.scenario.roster_shapes import is_range, length_column, put_ends

        length = length_column([*table.rows[0]])
        if length is not None and not any(is_range(row.text(file.from_)) for row in table.rows):
            put_ends(table, file.from_, file.to, length)
    return table


def _named(path: str, text: str, file: RosterFile, needed: Sequence[str]) -> CsvTable:
    """Read a table with the names of persons, in one column or two. Raises ValueError."""
    table = table_of_any(path, text, needed)
    if "person" in file.model_fields_set or not any(one.key == file.person for one in table.mistakes):
        return table
    from sim.scenario.roster_shapes import table_with_names

    return table_with_names(path, text, needed, file.person) or table


_BY_FILE = OrName("file")
NamedRoster = Annotated[RosterFile, BeforeValidator(_BY_FILE), AfterValidator(_read), _BY_FILE]
"""A roster by the name of its file alone, with the usual columns, or with the columns that are read."""


def _needed(file: RosterFile) -> tuple[str, ...]:
    optional = (getattr(file, key) for key in ("team", "date", "activity"))
    to = (file.to,) if "to" in file.model_fields_set else ()
    named = (file.person, file.from_, *to, *filter(None, optional), *file.breaks, *file.levels, *file.where)
    return tuple(dict.fromkeys(named))


_KEYS = ("person", "from", "to")


def _with_remedy(one: Mistake, file: RosterFile) -> Mistake:
    """Say with a missing column which key names another one."""
    if "is missing" not in one.what or one.key not in _KEYS:
        return one
    what = f"{one.what}; name the column that holds it with `roster: {{file: {file.file}, {one.key}: ...}}`"
    return Mistake(one.file, one.line, one.column, one.key, what)
