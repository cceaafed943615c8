"""Random days of persons: several teams in a day, levels of their own, meetings, breaks and shifts over midnight."""

import csv
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import assume
from hypothesis import strategies as st

from engine.compiled.random_centres import rich_days
from engine.random_scenarios import Day, Draw, Spec, all_days
from sim.errors import ScenarioError
from sim.scenario import Scenario, loads
from sim.scenario.yaml_tree import text_of
from sim.workload import Workload, by_hand

NAMES = ("Ann", "Bo", "Cem", "Dee", "Eve")
BUSY = ("00:00", "00:30"), ("00:05", "00:25"), ("23:50", "00:20"), ("00:10", "01:00"), ("00:12", "00:17")
PARTS = (("00:00", "00:09"), ("00:09", "00:16"), ("00:16", "00:29")), (("23:00", "00:10"), ("00:20", "00:30"))
AWAY = ("00:00", "00:04"), ("00:06", "00:08"), ("00:12", "00:14"), ("00:12", "00:15:30"), ("00:25", "00:30")
Row = dict[str, str]


@dataclass(frozen=True)
class RosteredDay(Day):
    """A day whose agents are those of a roster, in the teams that say nothing of their agents."""

    rows: list[Row]

    @cached_property
    def roster(self) -> str:
        """The roster as its file has it."""
        text = StringIO()
        columns = list(dict.fromkeys(column for row in self.rows for column in row))
        writer = csv.DictWriter(text, columns)
        writer.writeheader()
        writer.writerows(self.rows)
        return text.getvalue()

    @cached_property
    def scenario(self) -> Scenario:
        """The centre."""
        with TemporaryDirectory() as folder:
            Path(folder, "r.csv").write_text(self.roster, encoding="utf-8")
            return loads(text_of(self.spec | {"roster": "r.csv"}), "day.yaml", folder)

    @cached_property
    def workload(self) -> Workload:
        """Its customers."""
        return by_hand(self.scenario, self.contacts)


@st.composite
def rostered_days(draw: Draw) -> RosteredDay:
    """A day as elsewhere in these tests, where some or all teams are of persons."""
    day = draw(st.one_of(all_days(), rich_days()))
    spec = deepcopy(day.spec)
    spec["teams"].setdefault("experts", deepcopy(spec["teams"]["all"]))
    teams = list(spec["teams"]) if draw(st.booleans()) else ["all", "experts"]
    for name in teams:
        for key in ("agents", "shifts", "head_count", "shrinkage"):
            spec["teams"][name].pop(key, None)
    rows = [row for person in NAMES[draw(st.integers(0, 4)) :] for row in draw(_person(person, teams, spec))]
    rows += [{"person": f"only {team}", "team": team, "from": "00:00", "to": "00:20"} for team in teams]
    rostered = RosteredDay(spec, day.contacts, draw(st.permutations(rows)))
    try:
        assert rostered.scenario
    except ScenarioError:
        assume(False)
    return rostered


@st.composite
def _person(draw: Draw, person: str, teams: list[str], spec: Spec) -> list[Row]:
    """One person's rows: a stint or several, each in any of the teams, and what takes them away from it."""
    stints = draw(st.one_of(st.sampled_from(PARTS), st.sampled_from(BUSY).map(lambda one: (one,))))
    rows = [
        {"person": person, "team": draw(st.sampled_from(teams)), "from": begin, "to": end}
        for begin, end in stints
    ]
    able = list(spec["queues"])
    if draw(st.integers(0, 3)) == 0:
        levels = {name: str(draw(st.integers(0, 9))) for name in able[: draw(st.integers(1, len(able)))]}
        rows = [row | levels for row in rows if row["team"] == rows[0]["team"]]
    if draw(st.booleans()):
        begin, end = draw(st.sampled_from(AWAY))
        rows.append({"person": person, "from": begin, "to": end, "activity": "Meeting"})
    return rows
