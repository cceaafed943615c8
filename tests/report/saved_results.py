"""A folder of each kind of result, made once, and copies of it with another manifest."""

import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pandas as pd
import pytest

import sim
from sim.errors import SimError
from sim.gate.storage import save_checks

from .plots_day import DAY, drawn_day

FRESH: dict[str, Any] = {}


@cache
def saved(kind: str) -> Path:
    """A folder of each kind, made once; the result it was made from is in `FRESH`."""
    folder, day = Path(mkdtemp()) / kind, sim.loads(DAY)
    if kind == "run":
        FRESH[kind] = drawn_day()
        FRESH[kind].save(folder)
    elif kind == "comparison":
        more, slow = day.set("teams.desk.agents", 6), day.set("routing.ring_time", "60s")
        FRESH[kind] = sim.compare(day, more, slow, names=["six", "slow <ring>"], jobs=1)
        FRESH[kind].save(folder)
    elif kind == "staff":
        FRESH[kind] = sim.staff(day, days=4, check=6, at_most_days=60, jobs=1)
        FRESH[kind].save(folder)
    elif kind == "check":
        slow = day.set("routing.ring_time", "90s")
        FRESH[kind] = (sim.check(day, jobs=1, at_most=10), sim.check(slow, day, jobs=1, at_most=10))
        save_checks(FRESH[kind], folder)
    else:
        vary = ["teams.desk.agents=4,6", "routing.ring_time=20s,40s"]
        metrics = ["wait_p90", "service_level:queue=general"]
        FRESH[kind] = sim.sweep(day, vary, metrics=metrics, folder=folder, jobs=1)
    return folder


def pair(kind: str) -> tuple[Any, Any]:
    folder = saved(kind)
    return FRESH[kind], sim.open(folder)


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one, other, check_exact=True)


KINDS = ["run", "comparison", "sweep", "check", "staff"]


def edited(kind: str, tmp_path: Path, edit: Callable[[dict[str, Any]], object]) -> Path:
    """A copy of a folder with another manifest."""
    folder = tmp_path / kind
    shutil.copytree(saved(kind), folder)
    path = folder / ("sweep.json" if kind == "sweep" else "manifest.json")
    manifest = json.loads(path.read_text(encoding="utf-8"))
    edit(manifest)
    path.write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def put(*keys: Any, value: Any) -> Callable[[dict[str, Any]], object]:
    def edit(manifest: dict[str, Any]) -> None:
        place: Any = manifest
        for key in keys[:-1]:
            place = place[key]
        place[keys[-1]] = value

    return edit


def assert_said(act: Callable[[], object], message: str, folder: Path) -> None:
    with pytest.raises(SimError) as raised:
        act()
    said = str(raised.value)
    assert message in said
    assert len(said.splitlines()) == 1
    assert str(folder) in said
