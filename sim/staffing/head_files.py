"""Head-counts by interval and team that somebody else made, from a table: interval_start, team, agents."""

from collections.abc import Callable, Iterator
from pathlib import Path

from sim.errors import ScenarioError, SimError, did_you_mean, quoted
from sim.scenario import Scenario
from sim.scenario.context import Surroundings
from sim.scenario.csv_files import CsvTable, Row
from sim.scenario.dialects import decimal_mark, number_reader, table_of_any
from sim.scenario.included_files import text_of_table
from sim.scenario.interval_rows import fill_merged, leave_out_totals
from sim.scenario.local_times import DAY_S, Column, Moment
from sim.scenario.numbers import clock_text, whole, within
from sim.staffing.dates import edges_of

COLUMNS = ("interval_start", "team", "agents")
ROSTER = ("from", "to", "agents")
"""Columns that a roster of shifts has."""


def read_heads(
    path: Path, scenario: Scenario, on_reading: Callable[[str], None] | None = None
) -> dict[str, tuple[int, ...]]:
    """Read head-counts by interval and team from a CSV or Excel file.

    `on_reading` is told what was read otherwise than it stands there. Raises ScenarioError with every mistake at its
    place.
    """
    try:
        text = text_of_table(path)
        table = table_of_any(str(path), text, COLUMNS)
        is_roster = bool(table.mistakes) and not table_of_any(str(path), text, ROSTER).mistakes
    except ValueError as error:
        raise SimError(str(error)) from None
    if is_roster:
        raise SimError(
            f"{path}: this is a roster of shifts, and --given takes head-counts by interval ({', '.join(COLUMNS)}); a"
            " plan of `sim staff` is judged as the scenario beside it: sim check plan.yaml"
        )
    found = _Heads(table, scenario).read() if not table.mistakes else {}
    if table.mistakes:
        raise ScenarioError(table.shortened())
    if on_reading is not None and table.readings:
        on_reading(f"{path} was read with {'; '.join(table.readings)}")
    return _whole(path, scenario, found)


def _whole(path: Path, scenario: Scenario, found: dict[tuple[str, float], int]) -> dict[str, tuple[int, ...]]:
    """Return the agents of each team, one number an interval. Raises SimError where a row is missing."""
    intervals = edges_of(scenario)[:-1].tolist()
    teams = dict.fromkeys(team for team, _ in found)
    missing = [(team, at) for team in teams for at in intervals if (team, at) not in found]
    if missing:
        team, at = missing[0]
        raise SimError(
            f"{path}: there is no row of team {quoted(team)} at {clock_text(at + scenario.opens_at)}; each team has"
            f" one for every interval ({len(missing)} missing)"
        )
    return {team: tuple(found[team, at] for at in intervals) for team in teams}


class _Heads:
    """The cells of such a table; what is wrong is noted in it."""

    def __init__(self, table: CsvTable, scenario: Scenario) -> None:
        self._table, self._scenario = table, scenario
        self._teams = tuple(name for name, team in scenario.teams.items() if team.role == "agent")
        self._starts = edges_of(scenario)[:-1].tolist()
        opens = scenario.opens
        self._day = (
            scenario.date.date if scenario.date is not None else None if opens is None else opens.date()
        )

    def read(self) -> dict[tuple[str, float], int]:
        """Return the agents by team and the second in which their interval begins."""
        table = self._table
        found: dict[tuple[str, float], int] = {}
        lines: dict[tuple[str, float], int] = {}
        fill_merged(table, ("team",), "interval_start")
        leave_out_totals(table, ("interval_start",))
        for row, at, team, agents in self._cells():
            first = lines.setdefault((team, at), row.line)
            if first != row.line:
                what = f"{quoted(row.text('interval_start'))} of team {quoted(team)} is there twice"
                table.note(row["interval_start"], f"{what}, first in line {first}")
            found[team, at] = agents
        return found

    def _cells(self) -> Iterator[tuple[Row, float, str, int]]:
        table, opens = self._table, self._scenario.opens
        around = Surroundings(opens=opens, lasts=self._scenario.lasts, clock_known=True)
        numbers = number_reader(decimal_mark(table, table.distinct("agents"), None))
        counts = table.read_column(
            "agents", within("agents", lambda text: int(whole(numbers(text)))), table.rows
        )
        moments = Column(table, [row["interval_start"] for row in table.rows], None, around).moments()
        for row, agents, moment in zip(table.rows, counts, moments, strict=True):
            team, at = row.text("team"), None if moment is None else self._second(moment)
            if team not in self._teams:
                table.note(row["team"], f"unknown team {quoted(team)}; {did_you_mean(team, self._teams)}")
            elif at is not None and at not in self._starts:
                table.note(
                    row["interval_start"], f"no interval begins at {quoted(row.text('interval_start'))}"
                )
            elif at is not None and agents is not None:
                yield row, at, team, agents

    def _second(self, moment: Moment) -> float:
        """Return the second of the day at which a moment is: a clock time that is past already is of the day after."""
        scenario, first = self._scenario, self._starts[0]
        if moment.seconds is not None:
            return moment.seconds
        at = (moment.clock_s or 0.0) - scenario.opens_at
        if self._day is not None and moment.day is not None:
            return at + (moment.day - self._day).days * DAY_S
        if self._day is not None and moment.weekday is not None:
            return at + (moment.weekday - self._day.weekday()) % 7 * DAY_S
        return at + DAY_S if at < first else at
