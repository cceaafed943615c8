"""The figures of a simulated run, beside the same ones taken from its tables by other means."""

import numpy as np
import pandas as pd
import pytest

from metrics.by_hand import world
from sim.engine import simulate
from sim.metrics import Measures, measure
from sim.records import Records
from sim.workload import draw

Run = tuple[Records, Measures]


@pytest.fixture(scope="module")
def run() -> Run:
    """An hour of three chats an agent, with ringing, wrap-up and impatience, and a drain after it."""
    scenario = world(
        arrivals__0__per_hour="75",
        queues__general__handle_time="{exponential: {mean: 5m}}",
        queues__general__patience="{exponential: {mean: 2m}}",
        queues__general__transfer="{probability: 30%, to: {billing: 100%}}",
        teams__front__accept="{probability: 80%, delay: 5s}",
        teams__front__wrap_up="30s",
    )
    records = simulate(scenario, draw(scenario, 0))
    return records, measure(records, scenario)


def test_something_happened(run: Run) -> None:
    _, measured = run
    for name in (
        "answered",
        "abandoned",
        "delayed",
        "handled",
        "transfer_rate",
        "missed_rate",
        "wrap_up_time",
    ):
        assert measured.value(name) > 0, name


def test_requests_by_queue_and_kind(run: Run) -> None:
    records, measured = run
    for (queue, kind), part in records.requests.groupby(["queue", "kind"], observed=True):
        answered = part[part["outcome"] == "answered"]
        assert measured.value("placed", queue=queue, kind=kind) == len(part)
        assert measured.value("asa", queue=queue, kind=kind) == pytest.approx(answered["wait"].mean())
        within = (answered["wait"] <= {"general": 20, "billing": 60}[queue]).sum()
        assert measured.value("service_level", queue=queue, kind=kind) == pytest.approx(within / len(part))


def test_handling_by_team(run: Run) -> None:
    records, measured = run
    done = records.tasks[records.tasks["task_answered_time"].notna()]
    times = done["task_wrap_up_time"].fillna(done["task_end_time"]) - done["task_answered_time"]
    for team, mean in times.groupby(done["team"], observed=True).mean().items():
        assert measured.value("handle_time", team=team) == pytest.approx(mean)


def test_busy_time_and_slots(run: Run) -> None:
    records, measured = run
    done = records.tasks[records.tasks["task_answered_time"].notna()]
    total = (done["task_end_time"] - done["task_answered_time"]).sum()
    assert measured.parts("concurrency")[0] == pytest.approx(total)
    busy = sum(_union(part) for _, part in done.groupby("agent_id", observed=True))
    assert measured.parts("occupancy")[0] == pytest.approx(busy)
    assert busy < total
    by_interval = measured.numerator[measured.cells.block("occupancy", ("interval",))]
    assert by_interval.sum() == pytest.approx(busy)


def test_waiting_obeys_littles_law_on_the_path(run: Run) -> None:
    records, measured = run
    until = (records.requests["placed_at"] + records.requests["wait"]).clip(upper=3600)
    area = (until - records.requests["placed_at"].clip(upper=3600)).sum()
    assert 3600 * measured.value("queue_length_mean") == pytest.approx(area)


def test_states_make_up_all_of_the_time(run: Run) -> None:
    _, measured = run
    shares = measured.values[measured.cells.block("state_share", ("state",))]
    assert np.nansum(shares) == pytest.approx(1)


def _union(tasks: pd.DataFrame) -> float:
    """The time in which at least one of the tasks is open, task after task."""
    total, until = 0.0, 0.0
    for start, end in sorted(zip(tasks["task_answered_time"], tasks["task_end_time"], strict=True)):
        total += max(end, until) - max(start, until)
        until = max(end, until)
    return total
