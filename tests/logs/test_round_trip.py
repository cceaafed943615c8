"""A scenario simulated for 60 days, exported, calibrated and simulated again: what was put in comes back."""

from pathlib import Path

import numpy as np
import pytest

import sim
from logs.conftest import exported

CENTRE = """\
name: Two desks
opens: 2026-03-02 08:00
lasts: 8h
seed: 21
replications: 60
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  sales:
    medium: voice
    service_level: {within: 20s, target: 80%}
    handle_time: {gamma: {mean: 3m, sd: 90s}}
    patience: {exponential: {mean: 3m}}
    transfer: {probability: 25%, after: 40%, to: {support: 100%}}
  support:
    medium: voice
    handle_time: {lognormal: {mean: 5m, sd: 3m}}
    patience: {weibull: {shape: 1.2, scale: 5m}}
teams:
  sellers: {agents: 8, skills: {sales: 1}, wrap_up: 20s, accept: {probability: 90%, delay: 4s}}
  helpers: {agents: 8, skills: {support: 1}, wrap_up: 20s, accept: {probability: 90%, delay: 4s}}
arrivals:
  - {channel: phone, queue: sales, per_hour: 120, busyness: {sd: 15%, interval_sd: 12%}}
  - {channel: phone, queue: support, per_hour: 50, busyness: {sd: 15%, interval_sd: 12%}}
"""
EXPORTED = ("columns", "parquet", "expertflow")
WRITTEN = ("asterisk", "genesys-cloud", "amazon-connect", "twilio-taskrouter")


@pytest.fixture(scope="module")
def result() -> sim.Result:
    return sim.run(sim.loads(CENTRE), keep_tables="all", jobs=1)


@pytest.fixture(scope="module", params=[*EXPORTED, *WRITTEN])
def again(
    request: pytest.FixtureRequest, result: sim.Result, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, sim.Calibration, sim.Scenario]:
    """The name of a format, what was fitted from the days in it, and the scenario that was written."""
    folder = tmp_path_factory.mktemp(request.param)
    path, name = exported(result, request.param, folder)
    found = sim.calibrate(path, name, folder / "fitted")
    return request.param, found, sim.load(folder / "fitted" / "scenario.yaml")


@pytest.mark.slow
def test_what_was_simulated_comes_back_within_5_percent(
    result: sim.Result, again: tuple[str, sim.Calibration, sim.Scenario]
) -> None:
    """Rates, handle times, patience, transfers, accepting, wrap-up; the day's busyness as near as 60 days can say it.

    In whole seconds those who left within half a second have a wait of 0, which says nothing of patience: the law is
    7 % short there. A standard deviation of 60 days has a standard error of 1 / sqrt(120) of itself: 9 %, of which 2.5
    are allowed.
    """
    format_, found, fitted = again
    tables = result.recorded("requests")
    first = tables[tables["kind"] == "inbound"]
    for queue, mean in (("sales", 180.0), ("support", 300.0)):
        assert fitted.queues[queue].handle_time.mean == pytest.approx(mean, rel=0.05)
        stream = next(one for one in fitted.arrivals if one.queue == queue)
        offered = (first["queue"] == queue).sum() / 60 / 8
        assert np.mean(stream.per_hour) == pytest.approx(offered, rel=0.05)
    assert fitted.queues["sales"].patience is not None
    whole_seconds = format_ == "amazon-connect"
    assert fitted.queues["sales"].patience.mean == pytest.approx(180.0, rel=0.08 if whole_seconds else 0.05)
    assert fitted.queues["sales"].transfer.probability == pytest.approx(0.25, rel=0.05)
    assert dict(fitted.queues["sales"].transfer.to) == {"support": 1.0}
    for team in fitted.teams.values():
        assert team.accept.probability == pytest.approx(0.9, rel=0.05)
        assert team.wrap_up.mean == pytest.approx(20.0, rel=0.05)
        assert team.accept.delay.mean == pytest.approx(4.0, rel=0.05)
        assert team.head_count.agents == pytest.approx([8] * 16, abs=1)
    for queue in found.queues:
        both = (1 + found.common.day**2) * (1 + queue.factors.day**2) - 1
        assert both**0.5 == pytest.approx(0.15, rel=2.5 / 120**0.5)


@pytest.mark.slow
def test_waits_come_back_within_their_intervals(
    result: sim.Result, again: tuple[str, sim.Calibration, sim.Scenario]
) -> None:
    """Sixty days of what was fitted: waits, service and abandonment are no further apart than chance has them.

    Nothing in the log says who was there and free, nor for how long it rings in records of whole seconds: with the
    agents seen in a contact alone customers would wait for 23 % longer.
    """
    simulated = sim.run(again[2].set("replications", 60), jobs=1)
    before, after = (_waits(one) for one in (result, simulated))
    for figure, (value, half_width) in before.items():
        found, own = after[figure]
        assert found == pytest.approx(value, abs=float(np.hypot(half_width, own))), figure


def _waits(result: sim.Result) -> dict[tuple[str, str], tuple[float, float]]:
    """Return the figures of waiting of customers by queue and metric: the value and half of its interval."""
    rows = result.figures.fillna({"kind": "", "queue": "", "interval": "", "label": ""})
    rows = rows.query("kind == 'inbound' and queue != '' and interval == '' and label == ''")
    rows = rows[rows["metric"].isin(("asa", "service_level", "abandon_rate"))]
    return {(row.queue, row.metric): (row.value, (row.high - row.low) / 2) for row in rows.itertuples()}


SALES, SUPPORT = 120 / 2, 50 / 2
"""Contacts of half an hour, as they are asked for."""


@pytest.mark.slow
def test_the_busyness_of_an_interval_comes_back(result: sim.Result, tmp_path: Path) -> None:
    """12 % in each half hour, beside the noise of counting: 60 days of 16 half hours are 960 counts.

    Of n counts with a mean of m the estimate of the variance has a standard error of sqrt(2 / n) (0.12^2 + 1 / m), and
    that of 0.12 half of it as a part: 5 % of the 60 a half hour, 9 % of the 25. Of these 2.5 are allowed.
    """
    path, name = exported(result, "columns", tmp_path)
    found = sim.calibrate(path, name, tmp_path / "fitted")
    for queue in found.queues:
        count = SALES if queue.name == "sales" else SUPPORT
        error = (2 / 960) ** 0.5 * (0.12**2 + 1 / count) / (2 * 0.12**2)
        both = (1 + found.common.interval**2) * (1 + queue.factors.interval**2) - 1
        assert both**0.5 == pytest.approx(0.12, rel=2.5 * error)
