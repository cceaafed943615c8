"""Weekdays as tables name them in five languages, written in English before they are read."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from sim.errors import quoted
from sim.scenario.csv_files import CsvTable
from sim.scenario.dialects import is_total
from sim.scenario.local_times import MONTHS, WEEKDAYS, stamp_of

NAMES: dict[str, tuple[tuple[str, ...], str]] = {
    "English": (WEEKDAYS, "mo tu we th fr sa su"),
    "German": (
        ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"),
        "mo di mi do fr sa so",
    ),
    "French": (("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"), "lu ma me je ve sa di"),
    "Spanish": (("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"), "lu ma mi ju vi sa do"),
    "Dutch": (
        ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
        "ma di wo do vr za zo",
    ),
}  # fmt: skip
"""By language the weekdays from Monday on, and their first two letters."""
JOINING = {
    *("to", "and", "bis", "und", "au", "et", "al", "tot", "en", "daily", "every", "day", "days", "all", "täglich"),
    *("am", "pm", "uhr", "utc", "gmt"),
}  # fmt: skip
"""Words that may stand beside weekdays."""
LONGEST = 80
"""Letters of a day; a longer text is none."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_PLAIN = str.maketrans("áéíóúà", "aeioua")


def put_weekdays(table: CsvTable, column: str) -> None:
    """Write the weekdays of a column in English where all are of another language, and tell it.

    Two letters may be of several: `Di` is Tuesday in German and Sunday in French; the whole column decides, else
    they are noted.
    """
    cells = [cell for cell in table.distinct(column) if not is_total([cell.text])]
    words = {word: cell for cell in cells for word in _WORD.findall(cell.text)}
    names = [word for word in words if word.lower() not in JOINING]
    if not names or all(_is_english(word) for word in names):
        return
    readings = [found for language in NAMES if (found := _read(names, language)) is not None]
    if not readings:
        return
    for word in names:
        days = {found[word] for found in readings}
        if len(days) > 1:
            both = " or ".join(WEEKDAYS[day].capitalize() for day in sorted(days))
            table.note(words[word], f"{quoted(word)} may be {both}; write the weekdays in full")
            return
    known = {cell.text: _WORD.sub(lambda one: _short(readings[0], one[0]), cell.text) for cell in cells}
    first = next(text for text in known if known[text] != text)
    table.rows = [
        row.with_texts({column: known.get(row.text(column), row.text(column))}) for row in table.rows
    ]
    table.readings.append(f"{quoted(first)} as {known[first]}")


@lru_cache(maxsize=4096)
def is_day(text: str) -> bool:
    """Return whether a text is a date, a weekday of any language, or both, without a time of the day."""
    if len(text) > LONGEST:
        return False
    for language in NAMES if _WORD.search(text) else ("English",):
        english = text
        for word in _WORD.findall(text):
            english = english.replace(word, _short(_read([word], language) or {}, word))
        stamp = stamp_of(english)
        if stamp is not None and stamp.clock_s in (None, 0.0) and (stamp.date or stamp.weekday is not None):
            return stamp.ends_s is None
    return False


def _short(days: Mapping[str, int], word: str) -> str:
    """Return the English abbreviation of a weekday, any other word as it is."""
    return WEEKDAYS[days[word]][:3].capitalize() if word in days else word


def _is_english(word: str) -> bool:
    low = word.lower()
    return len(low) > 2 and (low[:3] in MONTHS or any(name.startswith(low) for name in WEEKDAYS))


def _read(words: Iterable[str], language: str) -> dict[str, int] | None:
    """Return the weekdays that words are in a language; None where one of them is none."""
    names, short = NAMES[language]
    found: dict[str, int] = {}
    for word in words:
        low = word.lower().translate(_PLAIN)
        at = [i for i, name in enumerate(names) if len(low) > 2 and name.startswith(low)]
        at += [i for i, two in enumerate(short.split()) if two == low]
        if low == "sonnabend" and language == "German":
            at = [5]
        if not at:
            return None
        found[word] = at[0]
    return found
