"""What recorded days would have been with something changed: the same customers, replayed with and without it."""

from collections.abc import Mapping
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.logs.counts import figures_of
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from sim.logs.prediction import Backtest

MOVED = ("calendar.from", "calendar.days")
NO_CHANGE = frozenset(
    {"name", "description", "seed", "replications", "targets", "staffing", "fitted", *MOVED}
)
"""Keys that change no day."""


def changed_keys(scenario: Scenario) -> "tuple[Scenario | None, tuple[str, ...]]":
    """Return a scenario as its file has it, and what of it was changed since, as `key=value`; none without a file."""
    from sim.scenario import load

    origin = scenario.origin
    if origin is None or origin.folder is None:
        return None, ()
    file = load(origin.name)
    if file.origin is None:
        return None, ()
    found = tuple(_differences(file.origin.data, origin.data, ""))
    if not found:
        return None, ()
    if scenario.calendar is not None and file.calendar is not None:
        dates = (scenario.calendar.from_.isoformat(), scenario.calendar.days)
        file = file.set(dict(zip(MOVED, dates, strict=True)))
    return file, found


def _differences(before: Any, after: Any, where: str) -> "list[str]":
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        keys = {key: f"{where}.{key}" if where else str(key) for key in (*before, *after)}
        return [
            one
            for key, path in keys.items() if path not in NO_CHANGE
            for one in _differences(before.get(key), after.get(key), path)
        ]  # fmt: skip
    return [] if before == after else [f"{where}={after}"]


def what_if_rows(found: "Backtest") -> "pd.DataFrame":
    """Return what was observed, replayed as it was and with the change, a row a queue, day and metric.

    `difference` is the mean over the replications, which have the same customers and the same draws on both sides, and
    `half_width` that of its 95 % interval (Student).
    """
    import pandas as pd

    rows: list[tuple[Any, ...]] = []
    levels = product((("",), found.days), (("",), found.queues)) if found.before is not None else ()
    for days, queues in levels:
        axes = (*((0,) if days == ("",) else ()), *((1,) if queues == ("",) else ()), 2)
        rows += _level(found, days, queues, axes)
    names = [
        "queue",
        "day",
        "metric",
        "observed",
        "replayed",
        "changed",
        "difference",
        "half_width",
    ]
    return pd.DataFrame(rows, columns=names)


def _level(
    found: "Backtest", days: tuple[str, ...], queues: tuple[str, ...], axes: tuple[int, ...]
) -> list[tuple[Any, ...]]:
    from scipy import stats

    assert found.before is not None
    count = 1.0 if days != ("",) else float(len(found.days))
    seen = figures_of(found.observed.sum(axis=axes, keepdims=True), count)
    inner = tuple(axis + 1 for axis in axes)
    was, now = (
        figures_of(counts.sum(axis=inner, keepdims=True), count)
        for counts in (found.before, found.simulated["actual"])
    )
    rows = []
    t = float(stats.t.ppf(0.975, found.replications - 1))
    for metric in found.metrics:
        for d, q, _ in np.ndindex(seen[metric].shape):
            pairs = [one[metric][:, d, q, 0] for one in (was, now)]
            known = np.isfinite(pairs[0]) & np.isfinite(pairs[1])
            if known.sum() < 2:
                continue
            apart = (pairs[1] - pairs[0])[known]
            half = t * float(apart.std(ddof=1)) / len(apart) ** 0.5
            means = [float(one[known].mean()) for one in pairs]
            rows.append(
                (queues[q], days[d], metric, float(seen[metric][d, q, 0]), *means, float(apart.mean()), half)
            )
    return rows
