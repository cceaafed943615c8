"""How long offers ring, and how soon they are accepted: by hand, and out of simulated days of known laws."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from logs.conftest import Frame
from sim.logs.laws import spread_out
from sim.logs.ringing import RingTimes, accepting, ring_times


def rung(lengths: list[float], queue: str = "q1") -> pd.DataFrame:
    """Contacts of which one offer rang out for so long, answered at once."""
    return pd.DataFrame({"queue": queue, "rings": 1.0, "rung_s": lengths, "ring_s": 0.0})


def told(calls: pd.DataFrame) -> float | None:
    common = ring_times(calls).common
    return None if common is None else common.seconds


def test_it_rings_as_long_as_most_ring_outs_last() -> None:
    """Twenty last about 15 s and eleven were declined: 20 of 31 are 65 %; of 41 with 21 declined, less than half."""
    fifteen = [14.9, 15.0, 15.1, 15.3] * 5
    found = ring_times(rung([*fifteen, *np.linspace(1, 12, 11)])).common
    assert found is not None
    assert (found.seconds, found.rows, found.is_read) == (15.1, 31, True)
    assert found.share == pytest.approx(20 / 31)
    assert told(rung([*fifteen, *np.linspace(1, 12, 21)])) is None


def test_too_few_ring_outs_tell_nothing() -> None:
    assert told(rung([15.0] * 10)) == 15.0
    assert told(rung([15.0] * 9)) is None


def test_answers_that_came_later_show_that_offers_were_declined() -> None:
    """Of 100 answers two came 25 s after the offer: it did not ring for 15 s only."""
    calls = rung([15.0] * 100)
    calls.loc[:0, "ring_s"] = 25.0
    assert told(calls) == 15.0
    calls.loc[:1, "ring_s"] = 25.0
    assert told(calls) is None


def test_queues_that_ring_for_another_time_have_their_own() -> None:
    found = ring_times(pd.concat([rung([20.0] * 40), rung([30.0] * 12, "q2"), rung([20.2] * 12, "q3")]))
    assert found.common is not None
    assert found.common.seconds == 20.0
    assert {name: one.seconds for name, one in found.own.items()} == {"q2": 30.0}
    assert found.shortest_s == 20.0
    apart = ring_times(pd.concat([rung([20.0] * 20), rung([30.0] * 20, "q2"), rung([40.0] * 20, "q3")]))
    assert apart.common is None
    assert {name: one.seconds for name, one in apart.own.items()} == {"q1": 20.0, "q2": 30.0, "q3": 40.0}


def waited(frame: Frame, rest: list[float]) -> pd.DataFrame:
    """Contacts with two ring-outs and 3 s of the answering agent, of whose wait so much is left for each ring-out."""
    since = pd.Timestamp("2014-03-03 09:00:00")
    at = [since + pd.Timedelta(seconds=2 * one + 3) for one in rest]
    calls = frame(*[("q1", str(since), str(one), "2014-03-03 10:00:00", "a") for one in at])
    return calls.assign(rings=2.0, ring_s=3.0)


def test_waits_tell_of_ring_outs_where_agents_were_found_at_once(frame: Frame) -> None:
    """Of 60 waits 20 are twice 12 s and 3 s; the others are longer, as nobody was free. Twelve are too few of them."""
    longer = [12.0 + 3.0 * one for one in range(1, 41)]
    found = ring_times(waited(frame, [12.0] * 20 + longer)).common
    assert found is not None
    assert (found.seconds, found.rows, found.is_read) == (12.0, 60, False)
    assert found.share == pytest.approx(1 / 3)
    assert told(waited(frame, [12.0] * 12 + longer)) is None
    assert told(waited(frame, [12.0] * 20 + longer[:34] + [5.0, 6.0, 7.0, 8.0, 9.0, 10.0])) == 12.0
    assert told(waited(frame, [12.0] * 20 + longer[:33] + [5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 8.5])) is None


def test_waits_of_a_few_seconds_and_few_waits_tell_nothing(frame: Frame) -> None:
    """Offers that are declined at once leave as little; and of fewer than 50 waits any pile is chance."""
    assert told(waited(frame, [5.0] * 50)) == 5.0
    assert told(waited(frame, [4.0] * 50)) is None
    assert told(waited(frame, [5.0] * 49)) is None


def test_without_ring_outs_nothing_is_told_of_them(frame: Frame) -> None:
    assert ring_times(frame(("q1", "09:00:00", "09:00:05", "09:05:00", "a"))) == RingTimes()


def test_answers_after_the_ringing_are_ring_outs() -> None:
    """Of 2,000 offers 90 % would be accepted after an exponential time of 8 s, but ring for 12 s.

    1,800 x (1 - exp(-12 / 8)) = 1,398 are, the other 602 ring out: 30 %.
    """
    quantiles = (np.arange(1800) + 0.5) / 1800
    soon = -8.0 * np.log1p(-quantiles)
    soon = soon[soon <= 12.0]
    assert len(soon) == round(1800 * (1 - np.exp(-1.5)))
    taken = pd.DataFrame({"ring_s": soon, "rings": 0.0})
    calls = pd.concat([taken, pd.DataFrame({"rings": [1.0] * (2000 - len(soon))})])
    found = accepting(calls, taken, 12.0)
    assert found.law is not None
    assert found.share == pytest.approx(0.9, abs=0.02)
    assert found.law.law.mean == pytest.approx(8.0, rel=0.03)
    assert found.rows == 2000
    cut = accepting(calls, taken, None)
    assert cut.law is not None
    assert cut.share == pytest.approx(len(soon) / 2000)
    assert cut.law.mean == pytest.approx(float(spread_out(soon).mean()), rel=0.01)


CENTRE = """\
name: Two desks
opens: 2026-03-02 08:00
lasts: 8h
seed: 8
replications: 12
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
routing: {ring_time: 15s}
queues:
  sales:
    medium: voice
    handle_time: {gamma: {mean: 3m, sd: 90s}}
    patience: {exponential: {mean: 5m}}
  support:
    medium: voice
    handle_time: {lognormal: {mean: 5m, sd: 3m}}
    patience: {exponential: {mean: 5m}}
    ring_time: 25s
teams:
  sellers:
    agents: 12
    skills: {sales: 1}
    wrap_up: 20s
    accept: {probability: 90%, delay: {gamma: {mean: 8s, sd: 6s}}}
  helpers:
    agents: 9
    skills: {support: 1}
    wrap_up: 20s
    accept: {probability: 90%, delay: {gamma: {mean: 8s, sd: 6s}}}
arrivals:
  - {channel: phone, queue: sales, per_hour: 120}
  - {channel: phone, queue: support, per_hour: 50}
"""


@pytest.fixture(scope="module")
def contacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ringing")
    return sim.export(sim.run(sim.loads(CENTRE), keep_tables="all", jobs=1), "csv", folder)[0]


@pytest.mark.slow
@pytest.mark.parametrize("has_ring_outs", [True, False])
def test_ring_time_and_accepting_come_back(contacts: Path, tmp_path: Path, has_ring_outs: bool) -> None:
    """Gamma with mean 8 s: 10 % of it is beyond 15 s, so that of sales 81 % of the offers are accepted."""
    log = pd.read_csv(contacts)
    path = tmp_path / "contacts.csv"
    (log if has_ring_outs else log.drop(columns="rung_s")).to_csv(path, index=False)
    found = sim.calibrate(path, out=tmp_path / "fitted")
    fitted = sim.load(tmp_path / "fitted" / "scenario.yaml")
    assert fitted.ring_time_of("sales") == pytest.approx(15.0, abs=0.11)
    assert fitted.ring_time_of("support") == pytest.approx(25.0, abs=0.11)
    assert found.ring_times.own.keys() <= {"sales", "support"}
    for team in fitted.teams.values():
        assert team.accept.probability == pytest.approx(0.9, rel=0.03)
        assert team.accept.delay.mean == pytest.approx(8.0, rel=0.05)
    assert sim.open(tmp_path / "fitted") == found
