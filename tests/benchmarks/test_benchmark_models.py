"""The benchmark's models agree before they are compared for speed; nothing is timed here."""

import shutil
from importlib import import_module

import pytest

from benchmarks.agreement import Estimate, disagreements, estimates
from benchmarks.queue import in_simmer, ours, plain_heapq, simpy_callbacks, simpy_idiomatic
from benchmarks.queue.model import exact, figures
from benchmarks.rich import ours as rich
from benchmarks.rich.figures import figures as rich_figures
from benchmarks.rich.figures import searches
from benchmarks.rich.idiomatic import Centre

CUSTOMERS, RUNS = 3000, 10


def run_ours(customers: int, seed: int):
    return ours.visits(ours.recorded(customers, seed))


def of(peer: str):
    def run(customers: int, seed: int):
        pytest.importorskip(peer)
        return import_module(f"benchmarks.queue.in_{peer}").run(customers, seed)

    return run


@pytest.mark.parametrize(
    ("run", "customers"),
    [
        (run_ours, CUSTOMERS),
        pytest.param(simpy_idiomatic.run, CUSTOMERS, marks=pytest.mark.slow),
        pytest.param(simpy_callbacks.run, CUSTOMERS, marks=pytest.mark.slow),
        (plain_heapq.run, CUSTOMERS),
        pytest.param(of("ciw"), CUSTOMERS, marks=pytest.mark.slow),
        pytest.param(of("salabim"), 1500, marks=pytest.mark.slow),
    ],
    ids=["ours", "idiomatic", "callbacks", "heapq", "ciw", "salabim"],
)
def test_every_engine_has_erlangs_answer(run, customers):
    runs = [figures(run(customers, seed), customers) for seed in range(RUNS if customers == CUSTOMERS else 4)]
    truth = {name: Estimate.known(value) for name, value in exact().items()}
    assert not disagreements("it", estimates(runs), truth)


def test_the_two_plain_versions_are_the_same_customer_by_customer():
    """Drawing in the same order, they differ by rounding alone."""
    one, other = plain_heapq.run(1500, 3), simpy_callbacks.run(1500, 3)
    assert [visit[2] for visit in one] == [visit[2] for visit in other]
    assert [visit[:2] for visit in one] == [pytest.approx(visit[:2], abs=1e-6) for visit in other]


def test_recording_nothing_simulates_the_same_customers():
    assert ours.unrecorded(500, 3) == ours.count(ours.recorded(500, 3))
    assert rich.unrecorded(300, 3) == len(rich.recorded(300, 3).requests.query("kind == 'inbound'"))


@pytest.mark.slow
def test_the_rich_model_has_the_answers_of_the_one_written_by_hand():
    until = 2500 / rich.PER_SECOND
    written = []
    for seed in range(6):
        centre = Centre(seed)
        centre.run(until)
        written.append(rich_figures(centre.done, until))
    simulated = [rich_figures(searches(rich.recorded(2500, seed)), until) for seed in range(6)]
    assert not disagreements("ours", estimates(simulated), estimates(written))


def test_nobody_is_left_in_the_centre_written_by_hand():
    centre = Centre(5)
    centre.run(3000.0)
    assert all(desk.tasks == 0 and not desk.paused for desk in centre.desks)
    assert not any(centre.waiting)
    inbound = [search for search in centre.done if search.kind == "inbound"]
    lost = [s for s in centre.done if s.kind != "conference" and s.outcome != "answered"]
    assert centre.handled == len(inbound) - len(lost)


def test_simmer_is_left_out_where_there_is_no_r(monkeypatch):
    monkeypatch.setattr(in_simmer, "which", lambda _: None)
    in_simmer.is_there.cache_clear()
    assert not in_simmer.is_there()
    in_simmer.is_there.cache_clear()


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("Rscript") is None or not in_simmer.is_there(), reason="needs R with simmer")
def test_simmer_has_erlangs_answer():
    runs = [figures(in_simmer.run(CUSTOMERS, seed)[1], CUSTOMERS) for seed in range(RUNS)]
    truth = {name: Estimate.known(value) for name, value in exact().items()}
    assert not disagreements("simmer", estimates(runs), truth)
