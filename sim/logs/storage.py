"""Calibrations and backtests on the disk: what `sim.open` gives back, and `sim report` shows."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from sim.errors import SimError, quoted
from sim.experiments.reading import Facts, inside, load_inside, read_csv, read_facts, read_json
from sim.experiments.storage import (
    GZIP,
    MANIFEST,
    OWN_FILES,
    for_spreadsheets,
    heading,
    put_json,
    put_scenario,
    write_whole,
)
from sim.logs.counts import ABANDONED, COUNTED, Floats
from sim.logs.estimates import Calibration
from sim.logs.laws import LawFit
from sim.logs.log import OpeningHours
from sim.logs.patience import Survival
from sim.logs.prediction import DEMANDS, Backtest
from sim.logs.writing import FITS, write
from sim.scenario.distributions import DAY_S, Exponential, Gamma, Hyperexponential, Lognormal, Weibull
from sim.version import __version__

if TYPE_CHECKING:
    import pandas as pd

ROWS, COUNTS = "rows.csv", "counts.csv.gz"
OBSERVED, BEFORE = "observed", "before"
"""What counts are of, beside the demands: of the log, and of the days replayed before anything was changed."""

MOST_DAYS = 366
"""That a search lasts which is read back."""
MOST_INTERVALS = 100_000
"""Of a day that is read back."""

_CALIBRATION: TypeAdapter[Calibration] = TypeAdapter(Calibration)


# A calibration: the scenario to work on, and beside it all that was fitted.


def save_calibration(found: Calibration, folder: Path, command: Sequence[str] = ()) -> Path:
    """Write the scenario with its files, the fits and a manifest into a folder, and return it.

    Raises SimError where the folder cannot be written or holds a scenario already, on which somebody may have worked.
    """
    write(found, folder)
    facts = {
        **heading("calibrate"), "log": Path(found.log.path).name, "from": str(found.log.first),
        "to": str(found.log.last), "digest": found.log.digest, "command": list(command), "version": __version__,
    }  # fmt: skip
    try:
        put_json(folder / FITS, _CALIBRATION.dump_python(found, mode="json"))
        put_json(folder / MANIFEST, facts)
    except OSError as error:
        raise SimError(f"{folder}: cannot be written: {error.strerror}; name another folder") from error
    return folder


def open_calibration(folder: Path) -> Calibration:
    """Read what `save_calibration` wrote, whatever the scenario beside it has become. Raises SimError."""
    path = folder / FITS
    try:
        found = _CALIBRATION.validate_python(read_json(path, "calibrate again"))
    except ValidationError as error:
        key = ".".join(map(str, error.errors()[0]["loc"]))
        raise _unlike(path, key) from None
    wrong = next(_misfits(found), None)
    if wrong is not None:
        raise _unlike(path, wrong)
    return found


def _unlike(path: Path, key: str) -> SimError:
    return SimError(
        f"{path}: does not tell of a calibration: {quoted(key)} is not as it was written; calibrate again"
    )


def _misfits(found: Calibration) -> Iterator[str]:
    """Find what cannot be as it was fitted: rows of another length than the day, curves without an axis."""
    hours = found.hours
    if not (0 < hours.every <= hours.lasts <= 7 * DAY_S and hours.lasts / hours.every <= MOST_INTERVALS):
        yield "hours"
        return
    if not {*hours.weekdays} >= {*hours.alike}:
        yield "hours.alike"
    slots = len(hours.edges) - 1
    if not found.dates or not found.people.teams:
        yield "dates" if not found.dates else "people.teams"
    for queue in found.queues:
        rows = [queue.volumes, *queue.weekdays.values(), *queue.counts]
        if any(len(one) != slots for one in rows if one or queue.volumes) or not {*range(7)} >= {
            *queue.weekdays
        }:
            yield "queues.volumes"
        if queue.volumes and len(queue.counts) != len(found.dates):
            yield "queues.counts"
        fit = queue.patience
        if fit is not None and fit.seen is not None and not _is_curve(fit.seen, fit.naive_s):
            yield "queues.patience.seen"
    if any(len(one.heads) != slots for one in found.people.teams):
        yield "people.teams.heads"
    laws = [*(queue.handle for queue in found.queues), found.people.wrap_up, found.people.ring]
    laws += [one.handle for one in (found.receiver,) if one] + [one.after for one in (found.returns,) if one]
    laws += [law for team in found.people.teams for law in (team.wrap_up, team.ring)]
    met = [queue.conference for queue in found.queues if queue.conference is not None]
    laws += [queue.transfer.handover for queue in found.queues if queue.transfer is not None]
    laws += [law for one in met for law in (one.joint, one.guest)]
    rings = [found.ring_times.common, *found.ring_times.own.values()]
    if not all(0.0 < one.seconds <= DAY_S for one in rings if one is not None):
        yield "ring_times"
    if not all(0.0 < one.seconds <= MOST_DAYS * DAY_S for one in found.ends.all):
        yield "ends"
    if not all(_is_fit(one) for one in laws if one is not None):
        yield "a law"


def _is_curve(seen: Survival, naive_s: float) -> bool:
    columns = (seen.at, seen.share, seen.low, seen.high)
    return len(seen.at) > 1 and len({len(one) for one in columns}) == 1 and naive_s > 0 and _increase(seen.at)


def _is_fit(fit: LawFit) -> bool:
    edges = fit.seen.edges
    is_known = isinstance(fit.best, Exponential | Gamma | Lognormal | Weibull | Hyperexponential)
    is_known = is_known and 0 < fit.part <= 1
    return (
        bool(fit.candidates) and is_known and len(edges) == len(fit.seen.counts) + 1 > 1 and _increase(edges)
    )


def _increase(values: Sequence[float]) -> bool:
    return bool(np.all(np.diff(values) > 0) and np.all(np.isfinite(values)))


# A backtest: the scenario, the rows for people, and the counts from which all is worked out.


def save_backtest(found: Backtest, folder: Path, command: Sequence[str] = ()) -> Path:
    """Write a backtest into a folder, whole or not at all, and return it. Raises SimError where the disk refuses."""
    write_whole(folder, lambda fresh: _fill(fresh, found, command))
    return folder


def _fill(folder: Path, found: Backtest, command: Sequence[str]) -> None:
    file = put_scenario(folder, found.scenario, {*OWN_FILES, ROWS, COUNTS})
    for_spreadsheets(found.rows).to_csv(folder / ROWS, index=False)
    for_spreadsheets(_frame_of(found)).to_csv(folder / COUNTS, index=False, compression=GZIP)
    hours = found.hours
    facts = {
        **heading("backtest"), "scenario": found.scenario.name, "scenario_hash": found.scenario.hash,
        "scenario_file": file, "log": found.log, "days": list(found.days), "queues": list(found.queues),
        "hours": [hours.opens, hours.closes, hours.every], "weekdays": list(hours.weekdays), "seed": found.seed,
        "replications": found.replications, "in_sample": found.in_sample, "left_out": found.left_out,
        "changed": list(found.changed), "verdict": found.verdict, "coverage": found.coverage, "width": found.width,
        "command": list(command), "version": __version__,
    }  # fmt: skip
    put_json(folder / MANIFEST, facts)


_PLACE = ("day", "queue", "interval")


def _frame_of(found: Backtest) -> "pd.DataFrame":
    """Return every count that is not 0 for all it counts: a row a replication, day, queue and interval, by number."""
    import pandas as pd

    parts = {OBSERVED: found.observed[None], **{str(one): found.simulated[one] for one in DEMANDS}}
    if found.before is not None:
        parts[BEFORE] = found.before
    frames = []
    for of, counts in parts.items():
        places = np.nonzero(counts.any(axis=-1))
        columns: dict[str, Any] = dict(zip(("replication", *_PLACE), places, strict=True))
        frames.append(
            pd.DataFrame({"of": of, **columns, **dict(zip(COUNTED, counts[places].T, strict=True))})
        )
    return pd.concat(frames, ignore_index=True)


class BacktestFacts(Facts):
    """What the manifest of a backtest says at least."""

    scenario_file: str
    log: str
    days: list[str]
    queues: list[str]
    hours: list[float]
    weekdays: list[int]
    seed: int
    replications: int
    in_sample: bool
    left_out: int
    changed: list[str]


def open_backtest(folder: Path) -> Backtest:
    """Read what `save_backtest` wrote. Raises SimError where the folder holds none, or not as it was written."""
    manifest = folder / MANIFEST
    facts, _ = read_facts(manifest, BacktestFacts)
    path = inside(folder, COUNTS, manifest)
    types = {
        "of": "str",
        "replication": "int64",
        **dict.fromkeys(_PLACE, "int64"),
        **dict.fromkeys(COUNTED[:ABANDONED], "float64"),
    }
    frame = read_csv(path, types)
    try:
        _complete(frame)
        opens, closes, every = facts.hours
        if not (every > 0 and 0 < (closes - opens) / every <= MOST_INTERVALS):
            raise ValueError
        hours = OpeningHours(opens, closes, every, tuple(facts.weekdays))
        shape = (len(facts.days), len(facts.queues), len(hours.edges) - 1, len(COUNTED))
        once, often = (1, *shape), (facts.replications, *shape)
        observed = _counts(frame, OBSERVED, once)[0]
        simulated = {demand: _counts(frame, demand, often) for demand in DEMANDS}
        before = _counts(frame, BEFORE, often) if facts.changed else None
    except (ValueError, KeyError, IndexError, TypeError, ZeroDivisionError, OverflowError, MemoryError):
        raise SimError(f"{path}: is not as it was written; test the scenario again") from None
    return Backtest(
        load_inside(folder, facts.scenario_file, manifest), facts.log, tuple(facts.days), tuple(facts.queues), hours,
        facts.replications, facts.seed, facts.in_sample, facts.left_out, observed, simulated, tuple(facts.changed),
        before,
    )  # fmt: skip


def _complete(frame: "pd.DataFrame") -> None:
    """Read who left and who found no agent; of an earlier version, in which all who were not answered had left."""
    if "abandoned" not in frame:
        frame["abandoned"], frame["no_agent"] = frame["offered"] - frame["answered"], 0.0
    for name in COUNTED[ABANDONED:]:
        frame[name] = frame[name].astype("float64")


def _counts(frame: "pd.DataFrame", of: str, shape: tuple[int, ...]) -> Floats:
    """Put counts back into their array. Raises ValueError and IndexError for places outside it."""
    if np.prod(shape, dtype=np.float64) > MOST_COUNTS:
        raise ValueError
    rows = frame[frame["of"] == of]
    if not (np.abs(rows[list(COUNTED)].to_numpy()) < MOST_OF_ONE).all():  # not of what is no number, either
        raise ValueError
    places = tuple(rows[name].to_numpy() for name in ("replication", *_PLACE))
    if any((one < 0).any() for one in places):
        raise ValueError
    found = np.zeros(shape)
    found[places] = rows[list(COUNTED)].to_numpy()
    return found


MOST_OF_ONE = 1e15
"""More than any count of contacts or sum of seconds; their squares are still numbers."""

MOST_COUNTS = 200_000_000
"""Numbers of a backtest that are read back: a year of fifty queues by quarter hours, forty times."""
