"""A run's figures side by side: a row a half hour, a day, a label or a team, a column a figure."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal, get_args

from sim.errors import SimError, did_you_mean, quoted
from sim.metrics.cells import Axes
from sim.metrics.metric import PLACE_COLUMNS
from sim.scenario import Scenario
from sim.scenario.teams import serves

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.result import Result

By = Literal["interval", "day", "label", "team"]

_SERVICE = ("offered", "answered", "service_level", "asa", "abandoned", "no_agent")
METRICS: Mapping[By, tuple[str, ...]] = {
    "interval": (*_SERVICE, "agents_there", "occupancy"),
    "day": (*_SERVICE, "occupancy"),
    "label": _SERVICE,
    "team": ("answered", "asa", "wait_p90", "missed_rate", "handle_time", "occupancy"),
}
"""The columns of each breakdown."""


def require_by(names: Iterable[str]) -> tuple[By, ...]:
    """Return the breakdowns of these names. Raises SimError, with the nearest name, for another one."""
    wanted = [names] if isinstance(names, str) else list(names)
    known = get_args(By)
    wrong = next((name for name in wanted if name not in known), None)
    if wrong is not None:
        raise SimError(f"no breakdown {quoted(wrong)}; {did_you_mean(wrong, known)}")
    return tuple(dict.fromkeys(wanted))  # type: ignore[arg-type]


def require_there(by: By, scenario: Scenario, batches: int | None = None) -> None:
    """Raise SimError where a run of a scenario, cut into batches or not, has nothing of this kind."""
    if by == "day" and not Axes.of(scenario).day:
        raise SimError(
            f"there is nothing by day: the run lasts {scenario.lasts / 3600:g} h, and days are told apart beyond 24 h"
        )
    if by == "label" and not scenario.labels:
        raise SimError("there is nothing by label: the scenario has no `labels`")
    if by == "interval" and batches:
        raise SimError("there is nothing by interval: the figures are those of the batches of one long run")


def broken_down(result: "Result", name: str) -> "pd.DataFrame":
    """Return the figures of a run by interval, day, label or team: a row a part of each queue, a column a figure.

    With a calendar the rows by interval are given for all days together, with an empty `day`, and for each.
    The rows of all queues come last, with an empty `queue`; those of a team come first, and those of its queues
    behind it where each team's part of a queue was measured. Agents and occupancy of a queue's half hour are those
    of all teams that serve it. Raises SimError for another name and where the run has no such parts.
    """
    (by,) = require_by([name])
    require_there(by, result.scenario, result.batches)
    return _by_team(result) if by == "team" else _by_queue(result, by)


def _by_queue(result: "Result", by: By) -> "pd.DataFrame":
    import pandas as pd

    axes = Axes.of(result.scenario)
    of_days = by == "interval" and bool(axes.dates)
    names = {"interval": axes.interval, "day": axes.day, "label": axes.label}[by]
    columns: tuple[str, ...] = ("day", by) if of_days else (by,)
    places = (
        [(day, name) for day in ("", *axes.day) for name in names] if of_days else [(one,) for one in names]
    )
    found = _values(result.figures, ("queue", *columns))
    staff = _values(result.figures, ("team", *columns)) if by == "interval" else {}
    queues = (
        [*result.scenario.queues, ""] if len(result.scenario.queues) > 1 else list(result.scenario.queues)
    )
    rows = []
    for queue in queues:
        teams = _teams_of(result, queue)
        for place in places:
            own = {metric: found.get((metric, queue, *place)) for metric in METRICS[by]}
            of_teams = _of_teams(staff, teams, place) if staff else {}
            if own["offered"] or of_teams.get("agents_there"):
                named = dict(zip(columns, place, strict=True))
                rows.append({"queue": queue, **named, **own, **of_teams})
    return _frame(pd.DataFrame(rows, columns=["queue", *columns, *METRICS[by]]))


def _by_team(result: "Result") -> "pd.DataFrame":
    import pandas as pd

    whole, parts = _values(result.figures, ("team",)), _values(result.figures, ("queue", "team"))
    rows = []
    for team in result.scenario.teams:
        rows.append({"team": team, "queue": "", **{one: whole.get((one, team)) for one in METRICS["team"]}})
        for queue in result.scenario.queues:
            cells = {one: parts.get((one, queue, team)) for one in METRICS["team"]}
            if cells["answered"]:
                rows.append({"team": team, "queue": queue, **cells})
    return _frame(pd.DataFrame(rows, columns=["team", "queue", *METRICS["team"]]))


def _frame(rows: "pd.DataFrame") -> "pd.DataFrame":
    """Return figures as floats, NaN where there are none."""
    return rows.astype({name: "float64" for name in rows if name not in PLACE_COLUMNS})


def _teams_of(result: "Result", queue: str) -> list[str]:
    scenario = result.scenario
    return [
        name
        for name, team in scenario.teams.items()
        if team.role == "agent" and (not queue or serves(scenario, name, queue))
    ]


def _of_teams(
    staff: Mapping[tuple[str, ...], float], teams: list[str], place: tuple[str, ...]
) -> dict[str, float | None]:
    """Return the agents of several teams and their occupancy, which is that of their busy and available time."""
    there = {team: staff.get(("agents_there", team, *place), 0.0) for team in teams}
    busy = sum(agents * staff.get(("occupancy", team, *place), 0.0) for team, agents in there.items())
    total = sum(there.values())
    return {"agents_there": total or None, "occupancy": busy / total if total else None}


def _values(figures: "pd.DataFrame", by: tuple[str, ...]) -> dict[tuple[str, ...], float]:
    """Look values up by metric and some of the columns, the others being empty."""
    others = [column for column in PLACE_COLUMNS if column not in by]
    rows = figures[(figures[others] == "").all(axis=1)]
    keys = rows[["metric", *by]].itertuples(index=False, name=None)
    return dict(zip(keys, rows["value"], strict=True))
