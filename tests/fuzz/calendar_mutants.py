"""Mutants of calendars: dates, hours and rules by day, holidays, and the files by weekday and date beside them."""

import random
from collections.abc import Iterator
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.scenario import Scenario, load, loads
from sim.scenario.loading import changed
from sim.scenario.single_days import only_on

from . import mutators

WEEK = """\
calendar:
  from: 2026-03-27
  days: 4
  time_zone: Europe/Berlin
  open: {mon-fri: "08:00-10:00", sat: "09:00-10:30", 2026-03-29: "01:00-04:00"}
  holidays: [2026-04-03]
media: {voice: {max_tasks: 1}, mail: {max_tasks: 2}}
channels: {phone: {medium: voice}, post: {medium: mail}}
queues:
  calls: {medium: voice, handle_time: 4m, patience: 3m, service_level: {within: 20s, target: 80%}}
  late: {medium: voice, handle_time: 2m, open: {fri: "09:00-11:00", sat: closed}}
  letters: {medium: mail, handle_time: 5m}
teams:
  crew:
    skills: {calls: 5, late: 3}
    shifts:
      - {days: mon-fri, from: "08:00", to: "10:00", agents: 2, breaks: [{days: fri, at: "09:00", for: 10m}]}
      - {days: sat, from: "09:00", to: "10:30", agents: 1}
  desk: {skills: {letters: 5}, head_count: {agents: {mon-fri: [2, 1]}, every: 1h}}
  more: {skills: {calls: 2, letters: 1}, head_count: {file: week_heads.csv}}
  named: {skills: {calls: 4}, roster: week_people.csv}
arrivals:
  - channel: phone
    queue: calls
    file: {path: week_calls.csv, start: Hour, day: Weekday, volume: Calls, repeats: weekly}
  - {channel: phone, queue: late, per_hour: {mon-fri: 10, sat: 6, 2026-03-27: 12}}
  - {channel: post, queue: letters, per_hour: 8, busyness: {sd: 15%, interval_sd: 10%, every: 30m}}
targets: [{metric: service_level, queue: calls, each: day, at_least: 10%}]
"""
FILES = {
    "week_calls.csv": "Weekday,Hour,Calls\nFriday,08:00,9\nFriday,09:00,12\nsat,09:00,7\nSaturday,10:00,5\n"
    "Sunday,01:00,5\nSunday,02:00,4\nSunday,03:00,3\nMonday,08:00,11\nMonday,09:00,8\n",
    "week_heads.csv": "interval_start,agents\n2026-03-27 08:00,1\n2026-03-27 09:00,2\n2026-03-28 09:00,1\n"
    "2026-03-28 10:00,1\n2026-03-29 01:00,1\n2026-03-29 02:00,1\n2026-03-29 03:00,1\n"
    "2026-03-30 08:00,1\n2026-03-30 09:00,1\n",
    "week_people.csv": "person,date,from,to,activity,calls\nAnna,2026-03-27,08:00,10:00,work,\n"
    "Anna,2026-03-27,08:20,08:30,break,\nBo,sat,09:00,10:30,,7\nBo,mon-fri,22:00,01:30,,\nCem,mon,08:30,09:30,,\n",
}
SWITCHES = (
    ("", ""), ("", ""), ("", ""),
    ("handle_time: 5m}", "handle_time: 5m, carry_over: on}"),
    ('fri: "09:00-11:00"', 'fri: "09:00-26:00"'),
    ("holidays: [2026-04-03]", "holidays: DE-BY"),
    ("time_zone: Europe/Berlin", "time_zone: Australia/Lord_Howe"),
    ("  time_zone: Europe/Berlin\n", ""),
    ("targets:", "closing: clear_queues\ntargets:"),
)  # fmt: skip
"""What else a calendar may be: one that carries over, goes on over midnight, closes its queues."""
DAYS = [
    "mon", "fri", "sat-mon", "mon-sun", "tue-tue", "sun", "2026-03-29", "2026-03-28", "9999-12-31", "0001-01-01",
    "2026-02-30", "mon-", "Montag", "weekday", "2026-3-2", "mon-xyz", "20260328", "\x1b",
]  # fmt: skip
HOURS = [
    "closed", "00:00-24:00", "23:00-25:00", "02:00-03:00", "02:30-02:31", "20:00-08:00", "08:00-48:00", "8-20",
    "08:00-", "25:00-26:00", "00:00-00:00:01", "24:00-30:00",
]  # fmt: skip
HOLIDAYS: list[Any] = [
    "DE", "US-NY", "DE-XX", "XX", "de", "D\x1b", "DE-", ["2026-03-27"], ["2026-03-27", "2026-03-27"], ["mon"], "on", 5,
    [None], "2026-03-28", ["9999-12-31"],
]  # fmt: skip
SPANS: list[tuple[str, Any]] = [
    ("days", 1), ("days", 2), ("days", 366), ("days", 367), ("days", 0), ("from", "9999-12-30"), ("from", "0001-01-01"),
    ("from", "2026-10-25"), ("from", "2026-03-29"), ("from", "2011-12-29"), ("time_zone", "Pacific/Apia"),
    ("time_zone", "UTC"), ("time_zone", "Mars/Base"), ("time_zone", "../../etc/passwd"), ("time_zone", "posixrules"),
]  # fmt: skip
OPTIONS = (
    "mon",
    "fri",
    "2026-03-28",
    "2026-03-29",
    "2026-04-09",
    "MON",
    "",
    "1",
    "9999-99-99",
    "\x1b[2J",
    "sat",
)


def a_week(folder: Path, chance: random.Random) -> Scenario:
    """Read a calendar that is changed in its text, its tree or one of its files, and now and then some of its days."""
    before, after = chance.choice(SWITCHES)
    files = {**FILES, "week.yaml": WEEK.replace(before, after) if before else WEEK}
    match chance.randrange(4):
        case 0:
            files["week.yaml"] = mutators.text_mutant(files["week.yaml"], chance)
        case 1:
            name = chance.choice(sorted(FILES))
            files[name] = _dated(files[name], chance)
    for name, text in files.items():
        (folder / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    week = load(folder / "week.yaml")
    if chance.random() < 0.6:
        tree = _tree_mutant(_tree_of(folder), chance)
        week = changed(week, {key: tree.get(key) for key in {**_tree_of(folder), **tree}})
    if chance.random() < 0.3:
        day, first, last = (chance.choice(OPTIONS) for _ in range(3))
        asked = chance.choice(
            [(day, None, None), (None, first, None), (None, first, last), (day, first, last)]
        )
        week = only_on(week, *asked)
    return week


@lru_cache(maxsize=1)
def _tree_of(folder: Path) -> dict[str, Any]:
    origin = loads(WEEK, "week.yaml", folder).origin
    assert origin is not None
    return dict(origin.data)


def _tree_mutant(tree: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Change the rules of days, the hours, the holidays or the span; else anything."""
    if chance.random() < 0.3:
        return mutators.tree_mutant(tree, chance)
    tree = deepcopy(tree)
    for _ in range(chance.choice([1, 1, 2])):
        match chance.randrange(5):
            case 0:
                rules = chance.choice(list(_rules(tree)))
                rules[chance.choice(DAYS)] = rules.pop(chance.choice(list(rules)))
            case 1:
                chance.choice([tree["calendar"]["open"], tree["queues"]["late"]["open"]])[
                    chance.choice(DAYS)
                ] = chance.choice(HOURS)
            case 2:
                tree["calendar"]["holidays"] = chance.choice(HOLIDAYS)
            case 3:
                key, value = chance.choice(SPANS)
                tree["calendar"][key] = value
            case _:
                shifts = tree["teams"]["crew"]["shifts"]
                chance.choice([*shifts, *shifts[0]["breaks"]])["days"] = chance.choice(
                    [*DAYS, None, 3, ["mon"]]
                )
    return tree


def _rules(node: Any) -> Iterator[dict[str, Any]]:
    """Return what is given by day."""
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        if isinstance(value, dict) and any(str(key) in DAYS or str(key) == "mon-fri" for key in value):
            yield value
        yield from _rules(value)


def _dated(text: str, chance: random.Random) -> str:
    """Change a file, most often a date, a weekday or a time in it."""
    if chance.random() < 0.4:
        return mutators.text_mutant(text, chance)
    lines = text.splitlines()
    at = chance.randrange(1, len(lines))
    cells = lines[at].split(",")
    cells[chance.randrange(len(cells))] = chance.choice([*DAYS, *mutators.TIMES, *mutators.MILD])
    return "\n".join([*lines[:at], ",".join(cells), *lines[at + 1 :]]) + "\n"
