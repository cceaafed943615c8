"""How a figure is estimated and judged, and that the table's answers are those of the formulas."""

import math
from dataclasses import replace

import numpy as np
import pytest

from sim.metrics.waiting import overlaps
from sim.theory import (
    ChatTeam,
    ErlangC,
    WarmTransfer,
    a_day,
    cobham,
    erlang_a,
    erlang_b,
    finite_queue,
    jackson,
    pollaczek_khinchine,
)
from sim.verification import CASES, Case, Verdict, verify
from sim.verification.case import Figure, Length, judged
from sim.verification.measures import Estimate, Observation, ratio_of_means
from sim.verification.runner import luck
from sim.workload import draw

BY_KEY = {case.key: case for case in CASES}
HERE, DAY = 1 / 3, (4.2, 0.5, 12, 480)


def test_a_ratio_is_that_of_the_sums_and_not_the_mean_of_ratios() -> None:
    found = ratio_of_means(np.array([1.0, 9.0]), np.array([2.0, 10.0]))
    assert found.value == pytest.approx(10 / 12)
    assert found.low < found.value < found.high


def test_the_interval_of_a_ratio_covers_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    covered = 0
    for _ in range(1000):
        whole = rng.poisson(200, 25).astype(float)
        found = ratio_of_means(rng.binomial(whole.astype(int), 0.8).astype(float), whole)
        covered += found.low <= 0.8 <= found.high
    assert 0.93 <= covered / 1000 <= 0.97


def test_controls_narrow_the_interval_and_leave_the_mean() -> None:
    rng = np.random.default_rng(8)
    covered, narrower = 0, 0
    for _ in range(500):
        known = rng.normal(size=(30, 2))
        noisy = 5.0 + known @ [3.0, -2.0] + rng.normal(size=30)
        plain, freed = ratio_of_means(noisy, np.ones(30)), ratio_of_means(noisy, np.ones(30), known)
        covered += freed.low <= 5.0 <= freed.high
        narrower += freed.half_width < plain.half_width / 2
    assert 0.93 <= covered / 500 <= 0.97
    assert narrower > 480


@pytest.mark.parametrize("key", ["A1", "A8 1", pytest.param("B6", marks=pytest.mark.slow), "B13"])
def test_the_luck_of_the_draw_is_nothing_in_the_mean(key: str) -> None:
    case = BY_KEY[key]
    scenario = case.load(Length(lasts="30h" if key[0] == "A" else None))
    edges = np.linspace(0, scenario.lasts, 4)
    found = [luck(Observation(scenario, draw(scenario, day), None, edges)) for day in range(200)]
    rows = np.concatenate(found)
    error = rows.std(axis=0) / math.sqrt(len(found))
    assert np.abs(rows.mean(axis=0) / error).max() < 4
    assert rows.std(axis=0).min() > 0


def test_one_day_alone_tells_nothing_about_the_error() -> None:
    found = ratio_of_means(np.array([3.0]), np.array([4.0]))
    assert (found.value, found.standard_error) == (0.75, math.inf)


def test_overlaps_cut_intervals_at_the_edges() -> None:
    starts, ends = np.array([0.0, 5.0, 12.0]), np.array([8.0, 15.0, 30.0])
    assert overlaps(starts, ends, np.array([0.0, 10.0, 20.0])) == pytest.approx([13.0, 13.0])


@pytest.mark.parametrize(
    ("value", "error", "answer_error", "verdict"),
    [
        (1.02, 0.01, 0.0, Verdict.AGREES),
        (1.05, 0.01, 0.0, Verdict.DIFFERS),
        (1.05, 0.01, 0.02, Verdict.AGREES),
        (1.02, 0.10, 0.0, Verdict.TOO_WIDE),
        (math.nan, 0.01, 0.0, Verdict.DIFFERS),
    ],
)
def test_verdicts(value: float, error: float, answer_error: float, verdict: Verdict) -> None:
    found = Estimate(value, error, value - 2 * error, value + 2 * error)
    figure = replace(BY_KEY["A1"].figures[0], expected=1.0, standard_error=answer_error)
    row = judged(BY_KEY["A1"], figure, found)
    assert row.verdict == verdict
    assert row.z == pytest.approx((value - 1) / math.hypot(error, answer_error), nan_ok=True)


def test_figures_without_error_agree_only_to_the_digit() -> None:
    exact = Estimate(1.0, 0.0, 1.0, 1.0)
    assert judged(BY_KEY["A1"], replace(BY_KEY["A1"].figures[0], expected=1.0), exact).z == 0
    assert judged(BY_KEY["A1"], replace(BY_KEY["A1"].figures[0], expected=1.1), exact).z == -math.inf


def answers(key: str) -> list[float]:
    return [figure.expected for figure in BY_KEY[key].figures]


def test_answers_of_the_single_queue_are_those_of_the_formulas() -> None:
    c, a, k = ErlangC(4.2, 0.5, 12), erlang_a(4.2, 0.5, 12, 1), finite_queue(4.2, 0.5, 12, 5)
    assert answers("A1") == pytest.approx(
        [c.delay_probability, c.mean_wait, c.queue_length, c.occupancy, c.waits_within(HERE)], rel=1e-7
    )
    assert answers("A2") == pytest.approx(
        [
            *(
                a.delay_probability,
                a.abandoned,
                a.mean_wait,
                a.asa,
                a.abandon_wait,
                a.queue_length,
                a.occupancy,
            ),
            a.service_level(HERE, "answered_only"),
            a.service_level(HERE, "exclude_abandoned_within"),
            a.service_level(HERE, "credit_abandoned_within"),
            *(a.service_level(HERE), a.abandoned_within(HERE)),
        ],
        rel=1e-5,
    )
    levels = [k.delay_probability, k.blocked, k.mean_wait, k.queue_length, k.occupancy, k.service_level(HERE)]
    assert answers("A3") == pytest.approx(levels, rel=1e-7)


def test_answers_of_the_textbook_example_are_those_of_the_formulas() -> None:
    c, a = ErlangC(48, 1, 50), erlang_a(48, 1, 50, 0.5)
    assert answers("A5 C") == pytest.approx(
        [
            *(c.delay_probability, c.mean_wait, c.waits_within(58.1 / 60), c.waits_within(HERE)),
            *(c.queue_length, c.occupancy),
        ],
        rel=1e-6,
    )
    assert answers("A5 A") == pytest.approx(
        [
            *(
                a.delay_probability,
                a.abandoned,
                a.mean_wait,
                a.asa,
                a.abandon_wait,
                a.waits_within(12.5 / 60),
            ),
            *(a.queue_length, a.occupancy, a.service_level(HERE, "answered_only")),
        ],
        rel=1e-6,
    )


def test_answers_of_the_rest_are_those_of_the_formulas() -> None:
    for key, sd in (("A9 M", 1), ("A9 D", 0), ("A9 G", 2)):
        assert answers(key) == pytest.approx([pollaczek_khinchine(0.8, 1, sd), 0.8])
    assert answers("A10 10") == pytest.approx([erlang_b(10, 8)], abs=5e-11)
    assert answers("A10 100") == pytest.approx([erlang_b(100, 90)], abs=5e-11)
    for nth, (rates, service, servers) in enumerate(
        [((1.2, 1.5), 0.5, 6), ((0.3, 0.5), 1, 1), ((20, 22), 1, 45)]
    ):
        both = ErlangC(sum(rates), service, servers)
        urgent, others = cobham(rates, service, servers)
        expected = [both.delay_probability, urgent, others, both.mean_wait]
        assert answers(f"A8 {nth + 1}") == pytest.approx(expected, rel=1e-6)


def test_answers_of_the_networks_are_those_of_the_formulas() -> None:
    first, second = jackson((3, 0.5), ((0, 0.3), (0, 0)), (0.5, 0.5), (8, 4))
    (again,) = jackson((2,), ((0.25,),), (1,), (4,))
    pools = [
        [pool.delay_probability, pool.mean_wait, pool.queue_length, pool.occupancy]
        for pool in (first, second)
    ]
    assert answers("A11 1") == pytest.approx([*pools[0], second.arrival_rate, *pools[1]], rel=1e-7)
    expected = [again.arrival_rate, again.delay_probability, again.mean_wait, again.occupancy]
    assert answers("A11 2") == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize(("nth", "rate"), [(1, None), (2, 2.0)])
def test_answers_of_warm_transfer_are_those_of_the_chain(nth: int, rate: float | None) -> None:
    pools = WarmTransfer(3, (8, 3), (0.5, 0.7), (0.3, 0.2), 0.3, rate)
    expected = [
        *(pools.delay_probability, pools.abandoned, pools.mean_wait, pools.occupancy, pools.transfer_rate),
        *(pools.transfer_abandoned, pools.transfer_wait, pools.second_occupancy),
    ]
    assert answers(f"A13 {nth}") == pytest.approx(expected, abs=5e-7)


@pytest.mark.parametrize(("key", "spread"), [("fewest", True), ("most", False)])
def test_answers_of_chats_are_those_of_the_chain(key: str, spread: bool) -> None:
    team = ChatTeam(2, 0.9, 0.1, (0.5, 0.35, 0.26), spread)
    expected = [
        *(team.delay_probability, team.abandoned, team.mean_wait, team.queue_length, team.in_service),
        *(team.slot_use, team.busy, team.handle_time, team.concurrency),
    ]
    assert answers(f"A15 {key}") == pytest.approx(expected, abs=5e-7)


def test_answers_of_days_are_those_of_the_equations() -> None:
    def exact(key: str) -> list[float]:
        return [
            figure.expected for figure in BY_KEY[key].figures if (figure.source or "").startswith("exact")
        ]

    days = [a_day(*DAY), a_day(*DAY, 1.0), a_day(*DAY, places=5)]
    heads = [
        [
            day.offered * day.waits.answered_within(HERE),
            day.waits.service_level(HERE, "answered_only"),
            day.waits.asa,
            day.waits.occupancy,
        ]
        for day in days
    ]
    lost, full = days[1].waits, days[2].waits
    late = lost.answered_within(HERE) / (lost.answered + lost.abandoned - lost.abandoned_within(HERE))
    assert exact("A4 B1") == pytest.approx(heads[0], rel=1e-5)
    assert exact("A4 B2") == pytest.approx([days[1].offered * lost.abandoned, *heads[1], late], rel=3e-5)
    assert exact("A4 B3") == pytest.approx([days[2].offered * full.blocked, *heads[2]], rel=1e-5)
    overloaded = a_day(7, 0.5, 12, 60)
    assert answers("B4 full") == pytest.approx([overloaded.waiting_at_close], rel=1e-7)


def _short(case: Case, *figures: Figure) -> Case:
    return replace(case, figures=figures, quick=replace(case.quick, lasts="200h", batches=30))


def test_a_wrong_answer_is_told() -> None:
    occupancy = BY_KEY["A1"].figures[3]
    right, wrong = verify(_short(BY_KEY["A1"], occupancy, replace(occupancy, expected=0.77)), quick=True)
    assert right.verdict == Verdict.AGREES
    assert wrong.verdict == Verdict.DIFFERS
    assert wrong.z < -4


def test_a_wrong_model_is_told() -> None:
    """With eleven agents more contacts wait: what agrees for twelve no longer does."""
    base = BY_KEY["A1"]
    eleven = replace(base, overrides={**base.overrides, "teams.desk.agents": 11})
    rows = verify(_short(eleven, base.figures[0], base.figures[4]), quick=True)
    assert [row.verdict for row in rows] == [Verdict.DIFFERS] * 2
    assert rows[1].z < 0 < rows[0].z
