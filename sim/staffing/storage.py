"""Plans on the disk: the scenario with its plan, the roster for a spreadsheet, and all that was found."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from math import isfinite, nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from sim.errors import SimError
from sim.experiments.figure_selectors import FigureSelector
from sim.experiments.reading import Facts, inside, load_inside, read_csv, read_facts, read_json, read_table
from sim.experiments.storage import MANIFEST, for_spreadsheets, heading, put_json, put_scenario, write_whole
from sim.gate.sequential import Verdict
from sim.metrics import Figure
from sim.scenario import Scenario
from sim.staffing.choices import ShiftLine
from sim.staffing.judging import GoalResult
from sim.staffing.plan import Plan, Price, Spent, Staffed
from sim.staffing.search import Round
from sim.version import __version__

if TYPE_CHECKING:
    import pandas as pd

PLAN, ROSTER, RESULT = "plan.yaml", "plan.csv", "result.json"
TABLES = ("by_team", "by_queue")
OWN = {MANIFEST, PLAN, ROSTER, RESULT, "figures.csv", "report.html", *(f"{name}.csv" for name in TABLES)}


def save_plan(plan: Plan, folder: Path, command: Sequence[str] = ()) -> Path:
    """Write a plan into a folder, whole or not at all, and return it. Raises SimError where the disk refuses."""
    write_whole(folder, lambda fresh: fill(fresh, plan, command))
    return folder


def fill(folder: Path, plan: Plan, command: Sequence[str]) -> None:
    """Write the files of a plan into a folder."""
    base = put_scenario(folder / "base", plan.base)
    name = put_scenario(folder, plan.scenario, OWN)
    file = str(Path(name).with_name(PLAN))
    (folder / name).rename(folder / file)
    for_spreadsheets(roster(plan)).to_csv(folder / ROSTER, index=False)
    for_spreadsheets(plan.figures).to_csv(folder / "figures.csv", index=False)
    for table in TABLES:
        for_spreadsheets(getattr(plan, table)).to_csv(folder / f"{table}.csv", index=False)
    put_json(folder / RESULT, _plain({**_found(plan)}))
    facts = {
        **heading("staff"), "scenario": plan.base.name, "scenario_hash": plan.base.hash, "scenario_file": file,
        "base_file": base, "verdict": str(plan.verdict), "seed": plan.seed, "check": plan.check,
        "interrupted": plan.interrupted, "spent": asdict(plan.spent), "command": list(command), "version": __version__,
    }  # fmt: skip
    put_json(folder / MANIFEST, facts)


def roster(plan: Plan) -> "pd.DataFrame":
    """Return the shifts with their agents, or the head-counts by interval where there are no shifts."""
    import pandas as pd

    if plan.shifts:
        found = pd.DataFrame(plan.shifts).rename(columns={"start": "from", "end": "to", "breaks": "break"})
        return found.round({"cost": 6})  # sums of hours times rates, which end in 0.00000000000003
    rows = [
        {"interval_start": start, "team": team, "agents": whole_or_part(agents)}
        for team, heads in plan.heads.items()
        for start, agents in zip(dict.fromkeys(plan.by_team["interval"]), heads, strict=True)
    ]
    return pd.DataFrame(rows, columns=["interval_start", "team", "agents"])


def whole_or_part(count: float) -> int | float:
    """Return a head-count as a whole number where it is one: a break of part of an interval makes parts."""
    return int(count) if count == int(count) else count


def _found(plan: Plan) -> dict[str, Any]:
    return {
        "plan": _staffed(plan.plan),
        "shifts": [one._asdict() for one in plan.shifts],
        "beside": {name: _staffed(one) for name, one in plan.beside.items()},
        "prices": [asdict(one) for one in plan.prices],
        "path": [one._asdict() for one in plan.path],
    }


def _staffed(one: Staffed) -> dict[str, Any]:
    goals = [{**asdict(goal), "figure": goal.figure.text, "verdict": str(goal.verdict)} for goal in one.goals]
    return {
        "cost": one.cost, "hours": one.hours, "heads": dict(one.heads), "goals": goals,
        "overtime_h": one.overtime_h, "overtime_cost": one.overtime_cost,
    }  # fmt: skip


def _plain(value: Any) -> Any:
    """Return a value as JSON has it, None for a number that there is not."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and not isfinite(value) else value


# A plan read back from its folder.


class StaffFacts(Facts):
    """What the manifest of a plan says at least."""

    scenario_file: str
    base_file: str
    seed: int
    check: int
    interrupted: bool
    spent: dict[str, float]
    command: list[str]
    version: str


class _Goal(Facts):
    number: int
    figure: str
    wanted: str
    verdict: str
    value: float | None
    low: float | None
    high: float | None
    days_on_target: float | None


class _Staffed(Facts):
    cost: float
    hours: float
    heads: dict[str, list[float]]
    goals: list[_Goal]
    overtime_h: float = 0.0
    overtime_cost: float = 0.0


class _Result(Facts):
    plan: _Staffed
    shifts: list[dict[str, Any]]
    beside: dict[str, _Staffed]
    prices: list[dict[str, Any]]
    path: list[dict[str, Any]]


def open_plan(folder: Path) -> Plan:
    """Read what `save_plan` wrote. Raises SimError where the folder holds no plan, or not as it was written."""
    facts, _ = read_facts(folder / MANIFEST, StaffFacts)
    path = folder / RESULT
    try:
        found = _Result.model_validate(read_json(path))
        shifts = TypeAdapter(tuple[ShiftLine, ...]).validate_python(
            [tuple(one.values()) for one in found.shifts]
        )
        prices = tuple(Price(**_numbers(one)) for one in found.prices)
        rounds = TypeAdapter(tuple[Round, ...]).validate_python([tuple(one.values()) for one in found.path])
        plan, beside = _opened(found.plan), {name: _opened(one) for name, one in found.beside.items()}
        took = facts.spent
        spent = Spent(int(took["days"]), took["cpu_s"], int(took.get("bound_days", 0)))
    except ValidationError as error:
        key = ".".join(map(str, error.errors()[0]["loc"]))
        raise SimError(
            f"{path}: does not tell of a plan: `{key}` is not as it was written; plan again"
        ) from None
    except (TypeError, ValueError, KeyError) as error:
        raise SimError(f"{path}: does not tell of a plan: {error}; plan again") from None
    return Plan(
        base=_scenario(folder / "base", facts.base_file, folder),
        scenario=_scenario(folder, facts.scenario_file, folder),
        plan=plan,
        shifts=shifts,
        beside=beside,
        prices=prices,
        by_team=_table(folder / "by_team.csv", ("interval", "team", "binding")),
        by_queue=_table(folder / "by_queue.csv", ("interval", "queue")),
        figures=read_table(folder / "figures.csv", Figure),
        path=rounds,
        spent=spent,
        seed=facts.seed,
        check=facts.check,
        interrupted=facts.interrupted,
    )


def _scenario(home: Path, name: str, folder: Path) -> Scenario:
    return load_inside(
        inside(folder, str(home.relative_to(folder)) or ".", folder / MANIFEST), name, folder / MANIFEST
    )


def _opened(one: _Staffed) -> Staffed:
    heads = {name: tuple(counts) for name, counts in one.heads.items()}
    goals = tuple(map(_goal, one.goals))
    return Staffed(one.cost, one.hours, heads, goals, one.overtime_h, one.overtime_cost)


def _goal(one: _Goal) -> GoalResult:
    numbers = (one.value, one.low, one.high, one.days_on_target)
    value, low, high, kept = (nan if number is None else number for number in numbers)
    return GoalResult(
        one.number, FigureSelector.parse(one.figure), one.wanted, Verdict(one.verdict), value, low, high, kept
    )


def _numbers(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: nan if one is None else one for key, one in row.items()}


def _table(path: Path, texts: Sequence[str]) -> "pd.DataFrame":
    """Read a table by interval: texts, and numbers in all other columns."""
    heads = map(str, read_csv(path, {}))
    return read_csv(path, {name: "str" if name in texts else "float64" for name in heads})
