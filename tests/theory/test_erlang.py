"""Erlang B, C and A against printed numbers and against the balance equations themselves."""

import math

import numpy as np
import pytest

from sim.errors import SimError
from sim.theory import (
    ErlangC,
    erlang_a,
    erlang_b,
    finite_queue,
    garnett,
    halfin_whitt,
    least_agents,
    safety_factor,
    square_root_staffing,
)
from theory.chains import balanced, queue, tagged

SECONDS_20 = 1 / 3  # in minutes


@pytest.mark.parametrize(("servers", "load", "blocked"), [(10, 8, 0.1216610643), (100, 90, 0.0269573805)])
def test_erlang_b_gives_the_printed_blocking(servers: int, load: float, blocked: float) -> None:
    assert erlang_b(servers, load) == pytest.approx(blocked, abs=5e-11)


def test_erlang_b_is_the_defining_sum() -> None:
    terms = [7.5**n / math.factorial(n) for n in range(10)]
    assert erlang_b(9, 7.5) == pytest.approx(terms[-1] / sum(terms), rel=1e-14)


def test_erlang_b_at_the_edges() -> None:
    assert erlang_b(0, 5) == 1
    assert erlang_b(0, 0) == 1
    assert erlang_b(3, 0) == 0
    assert erlang_b(50_000, 50_000) == pytest.approx(math.sqrt(2 / (math.pi * 50_000)), rel=5e-3)


def test_erlang_c_of_the_single_queue() -> None:
    line = ErlangC(4.2, 0.5, 12)
    assert line.delay_probability == pytest.approx(0.18388863, abs=5e-9)
    assert line.mean_wait == pytest.approx(0.10216035, abs=5e-9)
    assert line.queue_length == pytest.approx(0.42907347, abs=5e-9)
    assert line.occupancy == pytest.approx(0.7)
    assert line.waits_within(SECONDS_20) == pytest.approx(0.8990798, abs=5e-8)


def test_erlang_c_of_the_textbook_example() -> None:
    line = ErlangC(48, 1, 50)
    assert line.mean_wait == pytest.approx(0.34722781, abs=5e-9)
    assert line.waits_within(58.1 / 60) == pytest.approx(0.8998708, abs=5e-8)
    assert line.wait_percentile(0.8998708) * 60 == pytest.approx(58.1, abs=1e-4)
    assert line.queue_length == pytest.approx(16.666935, abs=5e-7)
    assert line.delay_probability == pytest.approx(0.69445561, abs=5e-9)
    assert line.waits_within(SECONDS_20) == pytest.approx(0.6434546, abs=5e-8)


def test_erlang_c_solves_its_balance_equations() -> None:
    law = balanced(queue(1.7, 0.5, 5, 0.0, 150))
    line = ErlangC(1.7, 0.5, 5)
    assert law[5:].sum() == pytest.approx(line.delay_probability, rel=1e-9)
    assert law[5:] @ np.arange(law.size - 5) == pytest.approx(line.queue_length, rel=1e-9)
    within = 1 - sum(law[5 + q] * (1 - tagged(q, 0.5, 5, 0.0, 0.8)[0]) for q in range(80))
    assert within == pytest.approx(line.waits_within(0.8), rel=1e-9)


def test_erlang_c_with_more_work_than_agents_waits_without_end() -> None:
    line = ErlangC(10, 1, 8)
    assert (line.delay_probability, line.occupancy) == (1, 1)
    assert line.mean_wait == line.wait_percentile(0.5) == math.inf
    assert line.waits_within(100) == 0
    assert ErlangC(1, 1, 8).wait_percentile(0.9) == 0


def test_erlang_a_of_the_single_queue() -> None:
    line = erlang_a(4.2, 0.5, 12, 1.0)
    assert line.delay_probability == pytest.approx(0.12737228, abs=5e-9)
    assert line.abandoned == pytest.approx(0.029678906, abs=5e-10)
    assert line.mean_wait == pytest.approx(0.029678906, abs=5e-10)
    assert line.asa == pytest.approx(0.02406008, abs=5e-9)
    assert line.queue_length == pytest.approx(0.1246514, abs=5e-8)
    assert line.occupancy == pytest.approx(0.67922477, abs=5e-9)
    assert line.abandoned_within(SECONDS_20) == pytest.approx(0.0233522, abs=5e-8)
    assert line.abandon_wait == pytest.approx(0.21338069, abs=5e-9)
    levels = [
        line.service_level(SECONDS_20, variant)
        for variant in ("answered_only", "exclude_abandoned_within", "credit_abandoned_within", "offered")
    ]
    assert levels == pytest.approx([0.9741822, 0.9678715, 0.9686218, 0.9452696], abs=5e-8)


def test_erlang_a_of_the_textbook_example() -> None:
    line = erlang_a(48, 1, 50, 0.5)
    assert line.abandoned == pytest.approx(0.030912249, abs=5e-10)
    assert line.mean_wait == pytest.approx(0.0618245, abs=5e-8)
    assert line.waits_within(12.5 / 60) == pytest.approx(0.9008502, abs=5e-8)
    assert line.wait_percentile(0.9008502) * 60 == pytest.approx(12.5, abs=1e-4)
    assert line.queue_length == pytest.approx(2.9675759, abs=5e-8)
    assert line.occupancy == pytest.approx(0.93032424, abs=5e-9)
    assert line.delay_probability == pytest.approx(0.46777407, abs=5e-9)
    assert line.asa == pytest.approx(0.06026500, abs=5e-9)
    assert line.abandon_wait == pytest.approx(0.11071408, abs=5e-9)
    assert line.service_level(SECONDS_20, "answered_only") == pytest.approx(0.9730997, abs=5e-8)


def test_erlang_a_solves_its_balance_equations_and_tagged_chains() -> None:
    line, law = erlang_a(6, 1, 5, 0.4), balanced(queue(6, 1, 5, 0.4, 70))
    ends = [tagged(q, 1, 5, 0.4, 0.7) for q in range(40)]
    assert line.found[:30] == pytest.approx(law[:30], abs=1e-12)
    assert line.abandoned_within(0.7) == pytest.approx(
        sum(law[5 + q] * end[1] for q, end in enumerate(ends)), rel=1e-9
    )
    assert line.answered_within(0.7) == pytest.approx(
        law[:5].sum() + sum(law[5 + q] * end[0] for q, end in enumerate(ends)), rel=1e-9
    )


def test_erlang_a_of_an_overloaded_giant_keeps_its_digits() -> None:
    line = erlang_a(60_000, 1, 50_000, 0.5)
    assert line.abandoned == pytest.approx(1 / 6, rel=1e-3)
    assert line.found.sum() == pytest.approx(1, abs=1e-12)
    assert line.answered + line.abandoned == pytest.approx(1, abs=1e-12)


def test_erlang_a_with_endless_patience_comes_to_erlang_c() -> None:
    patient, endless = erlang_a(4.2, 0.5, 12, 1e-7), ErlangC(4.2, 0.5, 12)
    assert patient.mean_wait == pytest.approx(endless.mean_wait, rel=1e-5)
    assert patient.waits_within(0.5) == pytest.approx(endless.waits_within(0.5), rel=1e-5)


def test_five_waiting_places() -> None:
    line = finite_queue(4.2, 0.5, 12, 5)
    assert line.delay_probability == pytest.approx(0.15786136, abs=5e-9)
    assert line.blocked == pytest.approx(0.0094768743, abs=5e-11)
    assert (line.mean_wait, line.asa) == pytest.approx((0.061124241, 0.061124241), abs=5e-10)
    assert line.queue_length == pytest.approx(0.25428889, abs=5e-9)
    assert line.occupancy == pytest.approx(0.69336619, abs=5e-9)
    assert line.service_level(SECONDS_20) == pytest.approx(0.9275582, abs=5e-8)


def test_no_waiting_places_is_erlang_b() -> None:
    assert finite_queue(8, 1, 10, 0).blocked == pytest.approx(erlang_b(10, 8), rel=1e-12)


def test_waiting_places_with_abandonment_solve_their_balance_equations() -> None:
    line, law = finite_queue(6, 1, 5, 4, 0.4), balanced(queue(6, 1, 5, 0.4, 9))
    assert line.found == pytest.approx(law, abs=1e-12)
    assert line.abandoned == pytest.approx(0.4 * (law[5:] @ np.arange(5)) / 6, rel=1e-12)
    assert line.blocked + line.answered + line.abandoned == pytest.approx(1, abs=1e-12)


def test_square_root_staffing_comes_close_to_erlang_c() -> None:
    beta = safety_factor(0.2)
    assert halfin_whitt(beta) == pytest.approx(0.2, abs=1e-9)
    agents = square_root_staffing(400, beta)
    exact = least_agents(lambda count: ErlangC(400, 1, count).delay_probability <= 0.2, start=401)
    assert abs(agents - exact) <= 1
    assert agents == math.ceil(400 + beta * 20)


def test_a_queue_of_millions_is_refused_in_a_line() -> None:
    """A hundred an hour who wait for a century: some 87 million of them wait at once."""
    with pytest.raises(SimError, match=r"more than 2,097,152 would be there at once"):
        erlang_a(arrival_rate=100 / 3600, service_rate=1 / 300, servers=1, patience_rate=1 / (36500 * 86400))


def test_garnett_comes_close_to_erlang_a() -> None:
    beta = (50 - 48) / math.sqrt(48)
    assert garnett(beta, 2.0) == pytest.approx(0.46777407, abs=0.02)
    assert garnett(beta, 1e9) == pytest.approx(halfin_whitt(beta), abs=1e-3)
    assert garnett(-1.0, 1.0) > garnett(1.0, 1.0)


def test_least_agents_is_the_first_that_keeps_the_promise() -> None:
    agents = least_agents(lambda count: erlang_a(30, 0.2, count, 0.3).service_level(SECONDS_20) >= 0.8)
    assert erlang_a(30, 0.2, agents, 0.3).service_level(SECONDS_20) >= 0.8
    assert erlang_a(30, 0.2, agents - 1, 0.3).service_level(SECONDS_20) < 0.8
    with pytest.raises(SimError, match="even 100 agents"):
        least_agents(lambda count: False, at_most=100)


def test_numbers_that_mean_nothing_are_refused_in_one_line() -> None:
    with pytest.raises(
        SimError, match=r"arrival rate must be above 0, not -1; service rate must be above 0, not 0"
    ):
        ErlangC(-1, 0, 5)
    with pytest.raises(SimError, match="servers must be at least 1"):
        ErlangC(1, 1, 0)
    with pytest.raises(SimError, match="patience rate"):
        erlang_a(1, 1, 1, 0)
    with pytest.raises(SimError, match="portion must lie between 0 and 1"):
        ErlangC(1, 1, 2).wait_percentile(1.2)
    with pytest.raises(SimError, match="below 1"):
        erlang_a(1, 1, 1, 1).wait_percentile(1)
