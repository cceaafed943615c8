"""The plans of a calendar on the disk: one roster and one scenario of all dates, and a folder for each of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field

from sim.experiments.reading import Facts, inside, load_inside, read_facts
from sim.experiments.storage import MANIFEST, for_spreadsheets, heading, put_json, put_scenario, write_whole
from sim.staffing.calendar_plan import CalendarPlan
from sim.staffing.storage import PLAN, ROSTER, fill, open_plan, roster
from sim.version import __version__

if TYPE_CHECKING:
    import pandas as pd

DATES = "dates.csv"
OWN = {MANIFEST, PLAN, ROSTER, DATES, "report.html"}


def dates_roster(found: CalendarPlan) -> "pd.DataFrame":
    """Return the rosters of all dates, one under the other, with the date of each line."""
    import pandas as pd

    rosters = [roster(plan) for plan in found.plans]
    for date, one in zip(found.dates, rosters, strict=True):
        one.insert(0, "date", date)
    return pd.concat(rosters, ignore_index=True)


def save_dates(found: CalendarPlan, folder: Path, command: Sequence[str] = ()) -> Path:
    """Write plans into a folder, whole or not at all, and return it. Raises SimError where the disk refuses."""
    write_whole(folder, lambda fresh: _fill(fresh, found, command))
    return folder


def _fill(folder: Path, found: CalendarPlan, command: Sequence[str]) -> None:
    base = put_scenario(folder / "base", found.base)
    name = put_scenario(folder, found.scenario, OWN)
    file = str(Path(name).with_name(PLAN))
    (folder / name).rename(folder / file)
    for_spreadsheets(dates_roster(found)).to_csv(folder / ROSTER, index=False)
    for_spreadsheets(found.table).to_csv(folder / DATES, index=False)
    for date, plan in zip(found.dates, found.plans, strict=True):
        (folder / date).mkdir()
        fill(folder / date, plan, command)
    facts = {
        **heading("staff_dates"), "scenario": found.base.name, "scenario_hash": found.base.hash,
        "scenario_file": file, "base_file": base, "dates": list(found.dates), "verdict": str(found.verdict),
        "seed": found.plans[0].seed, "interrupted": found.interrupted, "command": list(command),
        "version": __version__,
    }  # fmt: skip
    put_json(folder / MANIFEST, facts)


class DatesFacts(Facts):
    """What the manifest of the plans of a calendar says at least."""

    base_file: str
    dates: list[str] = Field(min_length=1)


def open_dates(folder: Path) -> CalendarPlan:
    """Read what `save_dates` wrote. Raises SimError where the folder holds no plans, or not as they were written."""
    manifest = folder / MANIFEST
    facts, _ = read_facts(manifest, DatesFacts)
    base = load_inside(inside(folder, "base", manifest), facts.base_file, manifest)
    return CalendarPlan(base, tuple(open_plan(inside(folder, date, manifest)) for date in facts.dates))
