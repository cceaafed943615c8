"""`sim.backtest`: a scenario against days of a log that it was not fitted on."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

from sim.errors import SimError
from sim.logs.calibrating import day_of
from sim.logs.log import OpeningHours
from sim.logs.prediction import USUAL_REPLICATIONS, Backtest, run_backtest
from sim.logs.reading import COLUMNS_FORMAT, Log, read_log
from sim.logs.tested_dates import TestedDates, turn_of
from sim.logs.tested_days import TestedDays
from sim.logs.what_if import changed_keys
from sim.parallel.workers import Report, warn
from sim.scenario import Scenario
from sim.scenario.model import require_scenarios, require_whole
from sim.scenario.one_day import days_apart


def backtest(
    scenario: Scenario,
    log: "str | Path | Log",
    format_: str = COLUMNS_FORMAT,
    *,
    time_zone: str = "",
    from_: date | str | None = None,
    to: date | str | None = None,
    same_period: bool = False,
    replications: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    on_loss: Report = warn,
    on_progress: Callable[[int, int], None] | None = None,
) -> Backtest:
    """Simulate the days of a log, and set what happened beside what the scenario predicts.

    Of a scenario with a `calendar` those of its open dates are tested that the log has, each with its own contacts,
    hours and people. Each day is simulated `replications` times (39 unless given) with the contacts that came, and as
    often with as many as the scenario expects, so that wrong demand and wrong service are told apart. `from_` and `to`
    are days, both included, `time_zone` is as `sim.calibrate` has it. Where the scenario was changed since it was read
    from its file, by `set` or `--set`, it is a what-if: the customers of the log are replayed without and with the
    change (`Backtest.differences`), and more `agents` than the head-count has are there all day. Without `from_` and
    `to` the days of the log after those that the scenario was fitted on are tested, or where there are none those
    before. Raises SimError for days that it was fitted on, unless `same_period`, and for a calendar whose dates hang
    together.
    """
    require_scenarios(scenario)
    turn = _turn(scenario)
    require_whole(replications=replications, seed=seed)
    whole = log if isinstance(log, Log) else read_log(log, format_, time_zone)
    whole = whole.set_back(turn)
    first, last = day_of(from_, "from_"), day_of(to, "to")
    if first is None and last is None and not same_period:
        first, last = _other_days(scenario, whole)
    part = whole.between(first, last)
    in_sample = _overlaps(scenario, part)
    if in_sample and not same_period:
        fitted = scenario.fitted
        assert fitted is not None
        raise SimError(
            f"{part.path}: the scenario was fitted on {fitted.from_} to {fitted.to} of this log; test it on other days"
            f" (--from, --to), or with --same-period, which shows how well it fits and not how well it predicts"
        )
    asked = USUAL_REPLICATIONS if replications is None else replications
    if asked < 2:
        raise SimError(f"replications must be at least 2, not {asked}")
    unchanged, changed = changed_keys(scenario)
    of_days = TestedDays if scenario.calendar is None else TestedDates
    tested = of_days(scenario, part.calls, part.path, bool(changed), unchanged)
    changed = tuple(_all_day(one, tested.added) for one in changed)
    before = None if unchanged is None else of_days(unchanged, part.calls, part.path, replayed=True)
    return run_backtest(
        tested, Path(part.path).name, asked, scenario.seed if seed is None else seed, in_sample=in_sample,
        before=before, changed=changed, jobs=jobs, on_loss=on_loss, on_progress=on_progress,
    )  # fmt: skip


def _turn(scenario: Scenario) -> float:
    """Return when a business day becomes the next. Raises SimError where the dates of a calendar hang together."""
    if scenario.calendar is None:
        return OpeningHours.of_day(scenario.opens_at, scenario.lasts, scenario.interval, ()).turn
    turn = turn_of(scenario)
    if not turn:
        days_apart(scenario, "a log is tested date by date")
    return turn


def _all_day(change: str, added: Mapping[str, int]) -> str:
    """Say of a change of a team's agents beyond its head-count how many more there are all day."""
    team = next((name for name in added if change.startswith(f"teams.{name}.agents=")), None)
    return change if team is None else f"{change} ({added[team]} more all day)"


def _other_days(scenario: Scenario, log: Log) -> tuple[date | None, date | None]:
    """Return from and to of the days after those that were fitted, else before; without either where there are none."""
    fitted, day = scenario.fitted, timedelta(days=1)
    if fitted is None or not _overlaps(scenario, log):
        return None, None
    if fitted.to < log.last:
        return fitted.to + day, None
    return None, fitted.from_ - day if log.first < fitted.from_ else None


def _overlaps(scenario: Scenario, part: Log) -> bool:
    fitted = scenario.fitted
    if fitted is None or fitted.digest != part.digest:
        return False
    return part.first <= fitted.to and fitted.from_ <= part.last
