"""Rosters by person by the dice: names, several teams a day, own levels, breaks, meetings, nights, days off."""

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from sim.scenario import Scenario
from sim.scenario.context import survey
from twin.dice import Dice, Spec

Row = dict[str, Any]
NAMES = ("Ann", "Bo", "Cem Öz", "1047", "team0-2", "all-1", "Dee")
Stints = Sequence[Sequence[tuple[float, float]]]
PARTS: Stints = (
    ((-20, 9), (9, 16), (16, 45)),
    ((-60, 10), (20, 30)),
    ((0, 12), (12, 31)),
    ((5, 25),),
    ((0, 30),),
    ((-10, 600),),
    ((10, 14), (15, 18), (20, 24)),
)
"""Stints of one day in minutes from opening."""
BY_HOURS: Stints = (
    ((6, 14), (14, 22)), ((22, 30),), ((16, 23.5), (23.5, 32)), ((8, 12), (12, 17)), ((8, 17),), ((0, 8.5), (17, 24)),
)  # fmt: skip
"""Stints of one day of several, in hours."""
WHO_COMES = ("agents", "shifts", "head_count", "shrinkage", "counts")


def read(spec: Spec, texts: Mapping[str, str]) -> Scenario:
    """Read a scenario with the texts of the files that it names."""
    return Scenario.model_validate(spec, context=survey(spec, None, texts), by_alias=True, by_name=False)


def clock(minutes: float) -> str:
    """Write a time of the clock that lies so many minutes after midnight."""
    seconds = round(minutes * 60) % 86_400
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def of_half_an_hour(dice: Dice, spec: Spec) -> Mapping[str, str]:
    """Let some or all teams be of persons for a run of half an hour; return the texts of the rosters."""
    opens = str(spec.get("opens", "00:00"))[-5:]
    at = 60.0 * int(opens[:2]) + int(opens[3:])
    return of_persons(dice, spec, [[(at + a, at + b) for a, b in part] for part in PARTS], [None])


def of_several_days(dice: Dice, spec: Spec, days: Sequence[str | None]) -> Mapping[str, str]:
    """The same of a run of several days, with rows of these dates, weekdays and ranges of them."""
    return of_persons(dice, spec, [[(60 * a, 60 * b) for a, b in part] for part in BY_HOURS], days)


def of_persons(dice: Dice, spec: Spec, stints: Stints, days: Sequence[str | None]) -> Mapping[str, str]:
    """Let teams be of persons with such stints on such days; return the texts of the rosters."""
    teams = dice.sample(list(spec["teams"]), dice.randint(1, len(spec["teams"])))
    for name in teams:
        for key in WHO_COMES:
            spec["teams"][name].pop(key, None)
    people = dice.sample(NAMES, dice.randint(1, 5))
    rows = [
        row
        for person in people
        for day in dice.sample(days, dice.randint(1, min(3, len(days))))
        for row in _person(dice, {"person": person} | ({} if day is None else {"date": day}), teams, stints)
    ]
    levels = {person: _levels(dice, list(spec["queues"])) for person in people}
    for row in rows:
        row |= levels[row["person"]] if row.get("team") == teams[0] else {}
    always = {} if days[0] is None else {"date": "mon-sun"}
    for team in teams:
        begins, ends = dice.choice(dice.choice(stints))
        rows.append(
            {"person": f"only {team}", "team": team, "from": clock(begins), "to": clock(ends)} | always
        )
    dice.shuffle(rows)
    if dice.may(0.3):  # a file for each team, of which the rows of others are not read
        for name in teams:
            spec["teams"][name]["roster"] = f"{name}.csv"
        return {
            f"{name}.csv": _text([row for row in rows if row.get("team", name) == name]) for name in teams
        }
    spec["roster"] = "all.csv"
    return {"all.csv": _text(rows)}


def _person(dice: Dice, who: Row, teams: list[str], stints: Stints) -> list[Row]:
    """The rows of a person on a day: stints, each in any team, and what takes them away from the first or last."""
    if "date" in who and dice.may(0.15):
        return [who | {"activity": "Sick"}]
    chosen = dice.choice(stints)
    rows = [
        who | {"team": dice.choice(teams), "from": clock(begins), "to": clock(ends)}
        for begins, ends in chosen
    ]
    for at, share in ((0, 0.6), (-1, 0.3)):
        if dice.may(share) and (at == 0 or len(chosen) > 1):
            begins, ends = _within(dice, *chosen[at])
            what = {"activity": dice.choice(("Meeting", "Lunch", "Break"))}
            rows.append(who | {"team": rows[at]["team"], "from": clock(begins), "to": clock(ends)} | what)
    if dice.may(0.2) and len(rows) == len(chosen):
        rows[0]["breaks"] = "-".join(map(clock, _within(dice, *chosen[0])))
    return rows


def _within(dice: Dice, begins: float, ends: float) -> tuple[float, float]:
    """A break: as the stint begins, on the way or up to its end."""
    length = (ends - begins) * dice.choice((0.1, 0.25, 0.5))
    at = dice.choice((begins, begins, begins + (ends - begins) / 3, ends - length))
    return at, at + length


def _levels(dice: Dice, queues: list[str]) -> Row:
    if not dice.may(0.3):
        return {}
    return {queue: dice.choice((0, 1, 5, 9)) for queue in dice.sample(queues, dice.randint(1, len(queues)))}


def _text(rows: list[Row]) -> str:
    text = StringIO()
    columns = ["person", "team", "from", "to", *dict.fromkeys(column for row in rows for column in row)]
    writer = csv.DictWriter(text, list(dict.fromkeys(columns)))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
