"""Claims put to the test look by look; series of numbers here, no simulation."""

import math

import numpy as np
import pytest

from sim.experiments.figure_selectors import FigureSelector
from sim.experiments.paired import Sampled
from sim.gate.sequential import Evidence, Hypothesis, Layer, SequentialTest, Verdict, gravest

ASA, LEVEL, LOAD = FigureSelector("asa"), FigureSelector("service_level"), FigureSelector("occupancy")


def series(values: np.ndarray) -> Sampled:
    return Sampled(values, np.ones(len(values)), is_ratio=False)


def claim(figure: FigureSelector, *sides: tuple[int, float], layer: Layer = Layer.PAIRED) -> Hypothesis:
    return Hypothesis(figure, layer, sides, "")


def tried(
    trial: SequentialTest,
    candidate: dict[FigureSelector, np.ndarray],
    base: dict[FigureSelector, np.ndarray] | None,
) -> SequentialTest:
    after = {figure: series(values) for figure, values in candidate.items()}
    before = None if base is None else {figure: series(values) for figure, values in base.items()}
    for size in trial.sizes:
        if trial.open and not trial.failed:
            trial.look(size, after, before)
    return trial


def noise(seed: int, size: int = 40) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=size)


def test_the_same_figures_pass_at_the_first_look() -> None:
    trial = tried(SequentialTest([claim(ASA, (1, 0.1))], 40), {ASA: noise(1)}, {ASA: noise(1)})
    assert [(f.verdict, f.replications) for f in trial.findings] == [(Verdict.PASS, 10)]


def test_what_is_decided_stays_decided_while_others_are_open() -> None:
    """The one that passed at ten is not looked at again, though its later days are bad."""
    quiet = np.concatenate([np.zeros(10), np.full(30, 9.0)])
    trial = tried(
        SequentialTest([claim(ASA, (1, 0.1)), claim(LEVEL, (-1, 1.0))], 40),
        {ASA: quiet, LEVEL: 2 * noise(2)},
        {ASA: np.zeros(40), LEVEL: 2 * noise(3)},
    )
    first = trial.findings[0]
    assert (first.verdict, first.replications) == (Verdict.PASS, 10)
    assert trial.findings[1].replications > 10


def test_surely_worse_fails_and_ends_it() -> None:
    trial = tried(SequentialTest([claim(ASA, (1, 0.5))], 40), {ASA: noise(4) + 5}, {ASA: noise(5)})
    assert trial.failed
    assert trial.findings[0].replications == 10


def test_neither_is_inconclusive_at_the_cap() -> None:
    trial = tried(SequentialTest([claim(ASA, (1, 0.5))], 40), {ASA: noise(16) + 0.5}, {ASA: noise(17)})
    assert [(f.verdict, f.replications) for f in trial.findings] == [(Verdict.INCONCLUSIVE, 40)]
    assert trial.open
    assert not trial.open_after(40)


def test_a_figure_without_a_better_side_may_move_neither_way() -> None:
    both = claim(LOAD, (1, 0.5), (-1, 0.5))
    for shift, verdict in ((0.0, Verdict.PASS), (3.0, Verdict.FAIL), (-3.0, Verdict.FAIL)):
        base = noise(8)
        trial = tried(SequentialTest([both], 40), {LOAD: base + shift + 0.1 * noise(9)}, {LOAD: base})
        assert trial.findings[0].verdict is verdict


def test_a_target_is_held_without_a_base() -> None:
    for bound, verdict in ((-1.0, Verdict.FAIL), (0.0, Verdict.INCONCLUSIVE), (1.5, Verdict.PASS)):
        trial = tried(
            SequentialTest([claim(ASA, (1, bound), layer=Layer.TARGET)], 40), {ASA: noise(10)}, None
        )
        assert trial.findings[0].verdict is verdict
        assert math.isnan(trial.findings[0].base)


def test_without_claims_there_is_nothing_to_look_at() -> None:
    assert SequentialTest([], 40).sizes == []
    assert not SequentialTest([], 40).open


def test_the_p_of_several_claims_is_holms() -> None:
    """The harder one alone would fail at this look; beside nineteen others that hold it does not."""
    base = np.zeros(10)
    shift = np.linspace(-1.2, 2.0, 10)
    p = Evidence.of_difference(series(base), series(shift)).p_above(-0.35)
    assert 0.05 / 20 < p < 0.05
    figures = [FigureSelector("asa", (("queue", str(n)),)) for n in range(20)]
    trial = tried(
        SequentialTest(
            [claim(figure, (1, -0.35 if n == 0 else 50.0)) for n, figure in enumerate(figures)], 10
        ),
        dict.fromkeys(figures, shift),
        dict.fromkeys(figures, base),
    )
    assert trial.findings[0].verdict is Verdict.INCONCLUSIVE
    assert [finding.held_back for finding in trial.findings] == [True] + [False] * 19
    alone = tried(
        SequentialTest([claim(figures[0], (1, -0.35))], 10), {figures[0]: shift}, {figures[0]: base}
    )
    assert alone.findings[0].verdict is Verdict.FAIL
    assert not alone.findings[0].held_back


@pytest.mark.parametrize(
    ("truth", "wrong"),
    [
        pytest.param(0.0, Verdict.FAIL, marks=pytest.mark.slow),
        (0.5, Verdict.FAIL),
        pytest.param(1.0, Verdict.PASS, marks=pytest.mark.slow),
    ],
)
def test_the_error_is_kept_over_the_looks(truth: float, wrong: Verdict) -> None:
    """Eight correlated figures, margin 0.5: equal, just as bad as allowed, and twice as bad; 300 trials each."""
    figures = [FigureSelector("asa", (("queue", str(n)),)) for n in range(8)]
    random = np.random.default_rng(11)
    errors = 0
    for _ in range(300):
        day = random.normal(size=40)
        base = {f: day + random.normal(size=40) for f in figures}
        after = {f: day + random.normal(size=40) + (truth if n == 0 else 0) for n, f in enumerate(figures)}
        trial = tried(SequentialTest([claim(f, (1, 0.5)) for f in figures], 40), after, base)
        errors += gravest(f.verdict for f in trial.findings) is wrong
    assert errors <= 0.05 * 300


def test_the_gravest_verdict_decides() -> None:
    every = [Verdict.PASS, Verdict.INCONCLUSIVE, Verdict.REFUSED, Verdict.FAIL]
    assert gravest(every) is Verdict.FAIL
    assert gravest(every[:3]) is Verdict.REFUSED
    assert gravest(every[:2]) is Verdict.INCONCLUSIVE
    assert gravest([]) is Verdict.PASS
    assert [verdict.exit_code for verdict in (Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.REFUSED)] == [
        0, 1, 3, 4,
    ]  # fmt: skip


NOBODY = np.full(40, math.nan)


def test_a_figure_of_nobody_before_and_now_is_no_worse_once_all_days_are_seen() -> None:
    trial = tried(SequentialTest([claim(ASA, (1, 0.1))], 40), {ASA: NOBODY}, {ASA: NOBODY})
    (found,) = trial.findings
    assert (found.verdict, found.replications) == (Verdict.PASS, 40)
    assert found.is_same
    assert np.isnan([found.value, found.base, found.low, found.high]).all()


@pytest.mark.parametrize(("candidate", "base"), [(NOBODY, noise(7)), (noise(7), NOBODY)])
def test_a_figure_of_nobody_on_one_side_alone_is_not_decided(candidate: np.ndarray, base: np.ndarray) -> None:
    trial = tried(SequentialTest([claim(ASA, (1, 0.1))], 40), {ASA: candidate}, {ASA: base})
    (found,) = trial.findings
    assert found.verdict is Verdict.INCONCLUSIVE
    assert not found.is_same


def test_a_target_of_nobody_is_not_decided() -> None:
    trial = tried(SequentialTest([claim(ASA, (1, 9.0), layer=Layer.TARGET)], 20), {ASA: NOBODY}, None)
    assert [f.verdict for f in trial.findings] == [Verdict.INCONCLUSIVE]


def test_limits_of_shares_are_told_as_shares_can_be_and_decide_nothing() -> None:
    rare = np.zeros(20)
    rare[3] = 0.1
    few = tried(SequentialTest([claim(LEVEL, (1, 0.5), layer=Layer.TARGET)], 10), {LEVEL: rare}, None)
    assert few.findings[0].low == 0.0
    assert 0.0 < few.findings[0].high < 0.1
    wild = np.tile([0.0, 1.0], 10)
    most = tried(SequentialTest([claim(LEVEL, (-1, -0.99), layer=Layer.TARGET)], 2), {LEVEL: wild}, None)
    assert (most.findings[0].low, most.findings[0].high) == (0.0, 1.0)
    assert most.findings[0].verdict is Verdict.INCONCLUSIVE
    apart = tried(SequentialTest([claim(LEVEL, (-1, 0.1))], 2), {LEVEL: wild}, {LEVEL: 1 - wild})
    assert (apart.findings[0].low, apart.findings[0].high) == (-1.0, 1.0)
