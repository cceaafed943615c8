"""What the columns of a roster hold, found by their headers, so that nobody has to write it down first."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from sim.errors import SimError, one_line, quoted
from sim.scenario.context import Surroundings
from sim.scenario.csv_files import CsvTable, Row
from sim.scenario.dialects import header_of, is_total, table_of_any
from sim.scenario.export_headers import NUMBER, says, words_of
from sim.scenario.interval_rows import with_colons
from sim.scenario.local_times import Column, stamp_of
from sim.scenario.roster_grids import are_shifts, columns_of_days, table_of_shifts
from sim.scenario.roster_shapes import BREAK, halves_of, is_range, join_names, length_column, put_ends
from sim.scenario.roster_words import kind_of, listed_days
from sim.scenario.weekday_names import put_weekdays

PATTERNS: dict[str, tuple[str, ...]] = {
    "person": (
        r"(agent|employee|person|staff|full|display|mitarbeiter|medewerker)?( )?name$|"
        r"(agent|employee|person|mitarbeiter(in)?|medewerker|emplead[oa]|collaborateur|nom(bre)?|naam)$",
        r"(agent|employee|person|staff|personal|mitarbeiter|medewerker)?( )?(number|id|nr|login)$",
        r"agent|employee|person|mitarbeiter|medewerker|emplead|collaborateur",
    ),
    "team": (
        r"(skill |agent )?(team|group|gruppe|groep|grupo|groupe|[ée]quipe|equipo)s?( name)?$",
        r"(desk|queue|department|site)s?( name)?$",
    ),
    "date": (
        r"(dates?|days?|weekdays?|days? of (the )?week|datum|tage?|wochentage?|fecha|d[ií]a|jour|dag|weekdag)$",
        r"(shift|start|begin|schicht|arbeits|work(ing)?) ?(dates?|days?|datum|tage?)$",
    ),
    "from": (
        r"(shift |activity |hora de |heure de )?(from|start|begin|beginn|von|van|d[ée]but|inicio|desde|entrada)"
        r"( time| date time)?$",
        r"(shift|hours|time|schicht|dienst|turno)$",
    ),
    "to": (
        r"(shift |activity |hora de |heure de )?(to|end|until|ende|bis|tot|einde|fin|hasta|salida)( time| date time)?$",
    ),
    "activity": (
        r"(activity|code|exception|event|aux|status|t[äa]tigkeit|activit[ée]|actividad|activiteit)"
        r"( name| code| type)?$",
    ),
    "breaks": (r"(breaks?|lunch|tea|meal|pausen?|pauses|pauzes?|descansos?|meetings?)( break| time)?$",),
}  # fmt: skip
"""Headers by what their columns hold, the likelier first; words in lower case without digits."""
OF_OTHERS = r"\b(group|team|skills?|type|e?mail|status|role|site|level|grade|contract|hours|department|queue|notes?)\b"
"""Words of headers that name no person, whatever else they say."""
SKILLS = r"(skills?|queues?|languages?|qualifications?|skill set|f[äa]higkeiten|comp[ée]tences?|habilidades)$"


@dataclass(frozen=True, slots=True)
class RosterExport:
    """A roster with its columns by key, those of breaks, its teams and dates, and activities that are not known.

    `told` are sentences on what of it is not read.
    """

    columns: dict[str, str]
    breaks: tuple[str, ...] = ()
    levels: dict[str, str] = field(default_factory=dict)
    teams: tuple[str, ...] = ()
    dates: frozenset[date] = frozenset()
    unknown: tuple[str, ...] = ()
    told: tuple[str, ...] = ()

    def without(self, made: Collection[str]) -> "RosterExport":
        """Return it without the keys of columns that are made of others, which no scenario has to write."""
        return replace(self, columns={key: name for key, name in self.columns.items() if key not in made})


def roster_of(path: str, text: str, queues: Collection[str]) -> RosterExport:
    """Find the columns of a roster. Raises SimError where none holds the persons or the times."""
    days = columns_of_days(text)
    table = _read(path, text, [*days]) if len(days) > 1 else CsvTable(path)
    if not are_shifts(table, days):
        table, days = _read(path, text, header_of(text, _is_known)), {}
    if not table.rows:
        raise SimError("\n".join(map(str, table.shortened())) or f"{one_line(path)}: there are no rows")
    before = len(table.readings)
    halves = _join_names(table)
    made = {"person"} if halves else set()
    there = [name for name in table.rows[0] if name and name not in halves]
    if days:
        by_day = _of_grid(table, days, queues, there, before)
        if by_day is not None:
            return by_day.without(made)
    found: dict[str, str] = {}
    for key in PATTERNS:
        names = _columns(table, key, [name for name in there if name not in found.values()])
        if names and key != "breaks":
            found[key] = _named(table, names) if key == "person" else names[0]
    length = length_column([name for name in there if name not in found.values()])
    needs_end = {"person", "from"} <= {*found} and "to" not in found
    if length is not None and needs_end and not any(is_range(row[found["from"]].text) for row in table.rows):
        put_ends(table, found["from"], "to", length)
        there.remove(length)
        found["to"] = "to"
        made.add("to")
    if table.mistakes:
        raise SimError("\n".join(map(str, table.shortened())))
    _require(table, found, there)
    free = [name for name in there if name not in found.values()]
    breaks = _breaks(table, free)
    levels = {name: queue for name in free for queue in queues if queue.lower() == words_of(name)}
    left = [name for name in free if name not in breaks and name not in levels]
    return RosterExport(
        found, breaks, levels, _values(table, found.get("team")), _dates(table, found), _unknown(table, found, queues),
        (*table.readings[before:], *_told(table, found, left)),
    ).without(made)  # fmt: skip


def _read(path: str, text: str, header: Sequence[str]) -> CsvTable:
    try:
        return table_of_any(path, text, header)
    except ValueError as error:
        raise SimError(f"{one_line(path)}: {error}") from None


def _join_names(table: CsvTable) -> tuple[str, ...]:
    """Add the column `person` where the name is in two columns and in no other, and return these."""
    header = [*table.rows[0]]
    halves = halves_of(header)
    if halves is None or any(_rank(name, "person") == 0 for name in header if name not in halves):
        return ()
    join_names(table, halves, "person")
    return halves


def _of_grid(
    wide: CsvTable, columns: dict[str, str], queues: Collection[str], there: Sequence[str], before: int
) -> RosterExport | None:
    """Find the columns of a roster with a column a day; None where none of them holds the persons."""
    there = [name for name in there if name not in columns]
    found: dict[str, str] = {}
    for key in ("person", "team"):
        names = _columns(wide, key, [name for name in there if name not in found.values()])
        if names:
            found[key] = _named(wide, names) if key == "person" else names[0]
    if "person" not in found:
        return None
    table = table_of_shifts(wide, columns, found["person"], "date", "from")
    if table.mistakes or not table.rows:
        raise SimError("\n".join(map(str, table.shortened())) or f"{one_line(wide.path)}: there are no rows")
    free = [name for name in there if name not in found.values()]
    levels = {name: queue for name in free for queue in queues if queue.lower() == words_of(name)}
    left = [name for name in free if name not in levels and not is_total([name])]
    told = (*table.readings[before:], *_told(table, found, left))
    days = _dates(table, {"date": "date", "from": "from"})
    return RosterExport(found, (), levels, _values(table, found.get("team")), days, (), told)


def _columns(table: CsvTable, key: str, there: Sequence[str]) -> list[str]:
    """Return the columns that may be of a key, the likeliest first; of beginnings those that hold times."""
    ranked = [(rank, name) for name in there if (rank := _rank(name, key)) is not None]
    names = [name for _, name in sorted(ranked, key=lambda one: one[0])]
    if key != "from":
        return names
    return [name for name in names if any(_is_clock(row[name].text) for row in table.rows)] or names


def _rank(header: str, key: str) -> int | None:
    if key == "person" and says(header, OF_OTHERS):
        return None
    return next((i for i, pattern in enumerate(PATTERNS[key]) if _is(header, pattern)), None)


def _is_clock(text: str) -> bool:
    stamp = stamp_of(with_colons(text))
    return (stamp is not None and stamp.clock_s is not None) or re.fullmatch(r"\d{3,4}", text) is not None


def _require(table: CsvTable, found: dict[str, str], there: Sequence[str]) -> None:
    """Raise SimError where no column has the persons, or the beginning or the end of their shifts."""
    path, names = one_line(table.path), ", ".join(map(quoted, there))
    counted = found.get("person", "")
    if _is(counted, r"agents|staff") and all(
        row.text(counted).replace(".", "").isdigit() for row in table.rows
    ):
        remedy = (
            f"agents by interval are no roster: give a team `head_count: {{file: {{path: {path}, ...}}}}`"
        )
        raise SimError(f"{path}: no column looks like the person; there is {names}; {remedy}")
    for key, what in (("person", "the person"), ("from", "the beginning of each shift")):
        if key in found:
            continue
        remedy = f"name it in a scenario with `roster: {{file: {path}, {key}: ...}}`"
        raise SimError(f"{path}: no column looks like {what}; there is {names}; {remedy}")
    stamps = (stamp_of(with_colons(row[found["from"]].text)) for row in table.rows)
    if "to" not in found and not any(one is not None and one.ends_s is not None for one in stamps):
        remedy = "give it in a column such as `To`, or write 08:00-16:30"
        raise SimError(f"{path}: no column looks like the end of each shift; there is {names}; {remedy}")


def _named(table: CsvTable, names: Sequence[str]) -> str:
    """Return the column with the names of persons; that with their numbers where two have one name."""
    number = next((name for name in names if says(name, NUMBER)), None)
    if number is None:
        return names[0]
    pairs = {(row[names[0]].text, row[number].text) for row in table.rows}
    return number if len({name for name, _ in pairs}) < len(pairs) else names[0]


def _told(table: CsvTable, found: Mapping[str, str], left: Sequence[str]) -> Iterator[str]:
    """Say of columns that are not read what they may have been for."""
    rest: list[str] = []
    for name in left:
        if says(name, BREAK):
            yield f"{quoted(name)} is not read: breaks need their times, such as 12:00-12:30"
        elif _is(name, SKILLS):
            yield (
                f"{quoted(name)} is not read: what a person can beyond their team is a level from 0 to 10 in a "
                "column for each queue"
            )
        elif _is(name, r"(end|finish|until|to) ?date$"):
            count = sum(_is_of_days(row, found, name) for row in table.rows)
            if count:  # else an end before the beginning says it
                yield f"{quoted(name)} is not read, which is another day in {count} of its rows: a row is of one day"
        elif _rank(name, "from") is not None or _rank(name, "to") is not None:
            yield f"{quoted(name)} is not read: each shift of a day is a row of its own"
        else:
            rest.append(name)
    if rest:
        yield f"{', '.join(map(quoted, rest))} {'is' if len(rest) == 1 else 'are'} not read"


def _is_of_days(row: Row, found: Mapping[str, str], ends_on: str) -> bool:
    """Return whether a row ends on another day than it begins, though not by its times."""
    begins, ends = (
        stamp_of(with_colons(row.text(found[key]))) if key in found else None for key in ("from", "to")
    )
    if (
        "date" not in found
        or begins is None
        or ends is None
        or row.text(ends_on) in ("", row.text(found["date"]))
    ):
        return False
    return begins.clock_s is not None and ends.clock_s is not None and begins.clock_s < ends.clock_s


def _is(header: str, pattern: str) -> bool:
    return re.match(pattern, words_of(header)) is not None


def _is_known(header: str) -> bool:
    return any(_rank(header, key) is not None for key in PATTERNS)


def _breaks(table: CsvTable, free: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of breaks: of ranges, and two beside each other with their beginnings and their ends."""
    found = [name for name in free if _rank(name, "breaks") is not None and _are_ranges(table, name)]
    for first, then in pairwise(free):
        if _is(first, BREAK + r" (start|begin|from)( time)?$") and _is(
            then, BREAK + r" (end|to|until)( time)?$"
        ):
            found += [first, then]
    return tuple(found)


def _are_ranges(table: CsvTable, name: str) -> bool:
    texts = [row[name].text for row in table.rows if row[name].text]
    stamps = [stamp_of(with_colons(re.split(r"[;,+]", text)[0])) for text in texts]
    return bool(texts) and all(one is not None and one.ends_s is not None for one in stamps)


def _values(table: CsvTable, column: str | None) -> tuple[str, ...]:
    if column is None:
        return ()
    return tuple(dict.fromkeys(row[column].text for row in table.rows if row[column].text))


def _dates(table: CsvTable, found: dict[str, str]) -> frozenset[date]:
    """Return the dates of the rows; none where a row is of a weekday or of every day."""
    scratch = CsvTable(
        table.path, table.rows, separator=table.separator
    )  # questions are asked when the scenario is read
    column = found.get("date", found["from"])
    put_weekdays(scratch, column)
    cells = [row[column] for row in scratch.rows if row[column].text]
    if any(listed_days(cell.text) is not None for cell in cells):
        return frozenset()
    moments = Column(scratch, cells, None, Surroundings()).moments() if cells else []
    days = [None if one is None else one.day for one in moments]
    return frozenset() if None in days else frozenset(day for day in days if day is not None)


def _unknown(table: CsvTable, found: dict[str, str], queues: Collection[str]) -> tuple[str, ...]:
    known = {name.lower() for name in (*queues, *_values(table, found.get("team")))}
    return tuple(text for text in _values(table, found.get("activity")) if kind_of(text, known) is None)
