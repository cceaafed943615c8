"""The words of rosters: activities as work, breaks and days off, and weekdays."""

import re
from collections.abc import Collection

from sim.scenario.duties import Day, Kind
from sim.scenario.local_times import WEEKDAYS

_WORDS: tuple[tuple[Kind, str], ...] = (
    ("work", (
        r"|work(ing)?( time)?|(on )?(shift|duty)|available|ready|(on )?(the )?(phone|call|chat|mail|e-?mail|queue)s?|"
        r"inbound|outbound|acd|regular|open( time| shift)?|"
        r"arbeit(szeit)?|dienst|schicht|telefon|travail|trabajo|werk"
    )),
    ("off", (
        r"(day )?off\b.*|(annual |sick |parental |unpaid )?leave|vacation|holidays?|pto|absen(t|ce)\b.*|"
        r"sick(ness)?\b.*|ill(ness)?|unavailable|frei|urlaub|krank\b.*|cong[ée]s?"
    )),
    ("break", (
        r".*\b(breaks?|lunch|dinner|meal|rest|pause|coffee|tea|meetings?|trainings?|coaching|briefing|huddle|1:1|"
        r"one to one|one-on-one|team talk|e-?learning|admin|projects?)\b.*|mittag.*|.*pause|.*besprechung|"
        r".*schulung|repas|r[ée]union"
    )),
)  # fmt: skip
"""What an activity is taken for by its words; the first that fits. Compiled where there is a roster."""

_RANGE = re.compile(r"([a-z]{3,9})\.?\s*(?:-|–|to|bis)\s*([a-z]{3,9})\.?", re.IGNORECASE)
_DAILY = re.compile(r"daily|every day|all( days)?|täglich", re.IGNORECASE)


def kind_of(text: str, names: Collection[str]) -> Kind | None:
    """Return what an activity is by its words, or by the `names` of what is worked for; None where it is not known."""
    low = text.lower()
    found = next((kind for kind, words in _WORDS if re.fullmatch(words, low)), None)
    return "work" if found is None and low in names else found


def is_off(text: str) -> bool:
    """Return whether a cell of times says that there is no shift."""
    low = text.lower()
    return re.fullmatch(r"[-–—x/]+|n/?a|rest( day)?|rdo|libre|repos|vrij|descanso", low) is not None or (
        not low[:1].isdigit() and low != "" and kind_of(low, ()) == "off"
    )


def weekdays(text: str) -> tuple[int, int] | None:
    """Read a range of weekdays such as mon-fri; None where it is none."""
    found = _RANGE.fullmatch(text.strip())
    ends = (None, None) if found is None else (_weekday(found[1]), _weekday(found[2]))
    return None if ends[0] is None or ends[1] is None else (ends[0], ends[1])


def listed_days(text: str) -> tuple[Day, ...] | None:
    """Read every day, a range of weekdays, or a list of weekdays and ranges; None where it is none of these."""
    if _DAILY.fullmatch(text):
        return (None,)
    joined = re.sub(r"\s*(?:-|–|\b(?:to|bis|au|al|tot|t/m)\b)\s*", "-", text)
    found: list[Day] = []
    for part in filter(None, re.split(r"[\s,;/+&]+(?:(?:and|und|et|y|en)\s+)?", joined.strip())):
        span = weekdays(part)
        day = _weekday(part.rstrip(".")) if span is None else span
        if day is None:
            return None
        found.append(day)
    return tuple(dict.fromkeys(found)) if len(found) > 1 or (found and isinstance(found[0], tuple)) else None


def _weekday(word: str) -> int | None:
    low = word.lower()
    return next((i for i, name in enumerate(WEEKDAYS) if len(low) > 2 and name.startswith(low)), None)
