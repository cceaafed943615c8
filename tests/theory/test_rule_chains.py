"""The answers of the table are those of the chains, and the chains agree with what is known of them otherwise."""

from collections.abc import Callable

import pytest

from sim.theory import ErlangC, erlang_a, finite_queue
from sim.verification import CASES
from theory import rule_chains as chains
from theory.overflow_chain import overflow_by_steps

BY_KEY = {case.key: case for case in CASES}


def _answers(key: str) -> dict[str, float]:
    return {figure.name: figure.expected for figure in BY_KEY[key].figures}


@pytest.mark.parametrize(
    ("key", "chain"),
    [
        pytest.param("D1", chains.threshold, marks=pytest.mark.slow),
        ("D2", chains.reserve),
        ("D3", chains.shared_places),
        ("D4", chains.kept_patience),
        ("D5", chains.pauses),
        ("D6", chains.interrupted_chats),
        ("D7", chains.overflow),
        ("D7", overflow_by_steps),
        ("D8", chains.nobody_there),
        ("D9 M", chains.weighted_waits),
        ("D9 D", lambda: chains.weighted_waits(variation=0.0)),
        ("A12", chains.transfers_abandoned),
        pytest.param("A16 two", lambda: chains.n_model(second_first=True), marks=pytest.mark.slow),
        pytest.param("A16 one", lambda: chains.n_model(second_first=False), marks=pytest.mark.slow),
    ],
)
def test_the_table_has_the_answers_of_the_chain(key: str, chain: Callable[[], dict[str, float]]) -> None:
    answers, found = _answers(key), chain()
    assert set(answers) == set(found)
    assert answers == pytest.approx(found, rel=1e-4)


def test_without_pauses_it_is_erlang_a() -> None:
    known = erlang_a(1.3, 0.5, 4, 0.3)
    found = chains.pauses(every=0.0)
    assert found["share that waits"] == pytest.approx(known.delay_probability)
    assert found["share that abandons"] == pytest.approx(known.abandoned)
    assert found["share of the time away"] == 0


def test_without_a_reserve_it_is_erlang_a_of_both_together() -> None:
    """With the same patience and no reserve, who waits is a matter of priority alone; how many is not."""
    known = erlang_a(1.5, 0.5, 6, 0.25)
    found = chains.reserve(mails=1e-9, keep=0)
    assert found["calls: share that waits"] == pytest.approx(known.delay_probability, rel=1e-6)
    assert found["calls: mean wait, min"] == pytest.approx(known.mean_wait, rel=1e-6)


def test_shared_places_are_the_places_of_one_queue_of_both() -> None:
    known = finite_queue(1.8, 0.5, 4, 5)
    found = chains.shared_places()
    assert found["blocked, of the first queue"] == pytest.approx(known.blocked)
    assert found["mean wait, min"] == pytest.approx(known.mean_wait)


def test_where_nobody_is_impatient_it_is_erlang_c() -> None:
    known = ErlangC(1.6, 0.5, 4)
    found = chains.kept_patience(impatient=0.0)
    assert found["requests a minute"] == pytest.approx(1.6)
    assert found["occupancy"] == pytest.approx(0.8, rel=1e-3)
    assert found["mean number waiting"] == pytest.approx(known.queue_length, rel=0.02)


@pytest.mark.slow
def test_helpers_who_take_everything_share_the_load() -> None:
    """Without mails, and as many calls as ever, it is Erlang A with all agents."""
    known = erlang_a(1.5, 0.5, 6, 0.25)
    found = chains.threshold(mails=1e-9)
    assert found["calls: share that abandons"] == pytest.approx(known.abandoned, rel=1e-5)


def test_without_chats_or_calls_it_is_one_queue() -> None:
    found = chains.interrupted_chats(chats=1e-9)
    assert found["chats: mean time with the agent, min"] == pytest.approx(2 / 0.6)
    alone = chains.interrupted_chats(calls=1e-9)
    known = ErlangC(0.15, 0.5, 1)
    assert alone["chats: mean wait, min"] == pytest.approx(known.mean_wait, rel=1e-6)
    assert found["calls: mean wait, min"] == pytest.approx(ErlangC(0.2, 0.5, 1).mean_wait)


def test_waits_of_one_weight_are_those_of_one_line_and_of_far_apart_those_of_priorities() -> None:
    """M/M/1, and Cobham's formula for two priorities without interruption."""
    alike = chains.weighted_waits(weight=1.0)
    assert alike == pytest.approx(dict.fromkeys(alike, ErlangC(0.7, 1.0, 1).mean_wait))
    far = chains.weighted_waits(weight=1e9)
    assert far["heavy: mean wait, min"] == pytest.approx(0.7 / 0.65)
    assert far["light: mean wait, min"] == pytest.approx(0.7 / (0.65 * 0.3))


def test_an_endless_limit_is_erlang_c_and_none_at_all_is_erlang_b() -> None:
    known = ErlangC(1.4, 0.5, 3)
    assert chains.overflow(limit=200.0)["mean wait in the first queue, min"] == pytest.approx(
        known.mean_wait, rel=1e-3
    )
    assert chains.overflow(limit=1e-9)["share that goes on"] == pytest.approx(
        finite_queue(1.4, 0.5, 3, 0).blocked, rel=1e-6
    )


@pytest.mark.slow
def test_after_long_shifts_it_is_erlang_c() -> None:
    known = ErlangC(1.6, 0.5, 4)
    found = chains.nobody_there(calls=1.6, on=600.0)
    assert found["share that leaves as the last one goes"] * 1.6 * 660 == pytest.approx(
        known.queue_length, rel=1e-3
    )
