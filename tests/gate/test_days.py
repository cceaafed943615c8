"""Targets for a share of days: counted day by day, decided by exact binomial limits."""

import json
from math import inf, isnan, nan
from pathlib import Path

import numpy as np
import pytest

import sim
from gate.formats import checked
from gate.small import DAY, held, stored
from sim.errors import ScenarioError
from sim.experiments.figure_selectors import FigureSelector
from sim.experiments.paired import Sampled
from sim.experiments.verdicts import verdicts
from sim.gate.days import DayCount, DaysKept, on_days
from sim.gate.result import CheckResult
from sim.gate.sequential import Evidence, Verdict
from sim.report.check import written
from sim.report.check.machine import checks_of
from sim.report.targets import answer, target_words


def test_the_limits_are_those_of_clopper_and_pearson() -> None:
    """All of n: alpha^(1/n) = 0.05^0.1 = 0.7411. 9 of 10: p with P(X >= 9) = 10 p^9 (1 - p) + p^10 = 0.05 is 0.6058."""
    assert DayCount.of_days(10, 10).limits(0.05) == (pytest.approx(0.7411, abs=1e-4), 1.0)
    low, high = DayCount.of_days(9, 10).limits(0.05)
    assert 10 * low**9 * (1 - low) + low**10 == pytest.approx(0.05)
    assert low == pytest.approx(0.6058, abs=1e-4)
    assert 1 - high**10 == pytest.approx(0.05)  # P(X <= 9)
    assert DayCount.of_days(0, 10).limits(0.05) == (0.0, pytest.approx(1 - 0.7411, abs=1e-4))
    assert DayCount.of_days(9, 10).reversed().limits(0.05) == (-high, -low)


def test_the_probability_of_so_few_days_is_the_binomial_one() -> None:
    """Of ten days at 90 %: P(X <= 6) = 0.01280, P(X <= 8) = 1 - 0.9^10 - 10 * 0.1 * 0.9^9 = 0.26390."""
    assert DayCount.of_days(6, 10).reversed().p_above(-0.9) == pytest.approx(0.01280, abs=1e-5)
    assert DayCount.of_days(8, 10).reversed().p_above(-0.9) == pytest.approx(0.26390, abs=1e-5)
    assert DayCount.of_days(10, 10).p_above(0.9) == pytest.approx(0.9**10)


def claim(metric: str, *sides: tuple[int, float], share: float = 0.9):  # type: ignore[no-untyped-def]
    return on_days(FigureSelector(metric), sides, share, "", 0, False)


def test_days_are_counted_each_by_itself() -> None:
    """Of a ratio by its own parts, of a mean by its own value, and not where nobody was counted; the bound is kept."""
    ratio = Sampled(np.array([8.0, 7.0, 1.0, 0.0]), np.array([10.0, 10.0, 10.0, 0.0]), True)
    counted = claim("service_level", (-1, -0.7)).evidence(ratio)
    assert isinstance(counted, DayCount)
    assert (counted.kept, counted.days) == (2, 3)
    mean = Sampled(np.array([10.0, 30.0, nan, 31.0]), np.zeros(4), False)
    both = claim("wait_p90", (1, 30.0), (-1, -20.0)).evidence(mean)
    assert isinstance(both, DayCount)
    assert (both.kept, both.days) == (1, 3)
    nobody = claim("asa", (1, 30.0)).evidence(Sampled(np.zeros(2), np.zeros(2), True))
    assert isnan(nobody.value)
    assert nobody.limits(0.05) == (-inf, inf)
    assert nobody.p_above(0.9) == 1.0


def test_a_wrong_verdict_comes_as_seldom_as_it_says() -> None:
    """Where exactly 90 % of days are good, P(X <= k) <= 0.05 holds for so few k that they come in less than 5 %."""
    from scipy.stats import binom

    wanted = claim("asa", (1, 30.0))
    for days in (10, 20, 40, 160):
        every = [DayCount.of_days(k, days) for k in range(days + 1)]
        chances = binom.pmf(range(days + 1), days, 0.9)
        assert sum(p for one, p in zip(every, chances, strict=True) if wanted.p_broken(one) <= 0.05) <= 0.05
        assert sum(p for one, p in zip(every, chances, strict=True) if wanted.holds(one, 0.05)) <= 0.05


def day(target: str) -> sim.Scenario:
    return sim.loads(DAY.partition("targets:")[0] + "targets:\n  - {" + target + "}\n")


def test_the_gate_decides_on_days_and_not_on_their_mean() -> None:
    """16 of 20 days keep to 18 s, as their mean does; P(X <= 16) = 0.0159 of days at 95 %, at a level of 0.025."""
    scenario = day("metric: asa, on_days: 95%, at_most: 18s")
    (finding,) = held(scenario, at_most=20).findings
    runs = [sim.simulate(scenario, sim.draw(scenario, number)) for number in range(20)]
    each = [sim.measure(run, scenario).value("asa") for run in runs]
    assert (sum(value <= 18 for value in each), finding.value, finding.replications) == (16, 0.8, 20)
    assert sum(each) / 20 < 18
    assert finding.verdict is Verdict.FAIL
    assert finding.p == pytest.approx(0.0159, abs=1e-4)
    loose = held(day("metric: asa, on_days: 60%, at_most: 1h"), at_most=20)
    assert (loose.findings[0].value, str(loose.verdict)) == (1.0, "pass")
    assert not isinstance(loose.findings[0].claim.evidence, Evidence)


def test_it_goes_with_each_interval_and_a_baseline_is_held_to_the_mean() -> None:
    scenario = day("metric: asa, queue: front, each: interval, on_days: 60%, at_most: 1h")
    found = held(scenario, stored(scenario, 10), at_most=20)
    names = [dict(one.claim.figure.place)["interval"] for one in found.findings if not one.is_paired]
    assert names == ["09:00", "09:30", "10:00"]
    assert found.verdict is Verdict.PASS


def test_every_format_says_what_was_counted_and_json_is_read_back() -> None:
    found = held(day("metric: asa, queue: front, on_days: 90%, at_most: 18s"), at_most=10)
    for format_ in ("text", "junit", "github", "markdown"):
        text = written([found], format_, 200).replace("%25", "%").replace("%2C", ",")  # type: ignore[arg-type]
        assert "asa front, days with at most 18 s" in text, text
        assert "at least 90 %" in text
    whole = json.loads(written([found], "json"))
    (row,) = whole["scenarios"][0]["findings"]
    assert (row["metric"], row["unit"], row["target"]) == ("asa", "share", {"at_least": 0.9})
    assert row["days_with"] == {"at_most": 18.0}
    (again,) = checks_of(whole)[0].findings
    assert isinstance(again.claim.figure, DaysKept)
    assert again.claim.figure == found.findings[0].claim.figure


def test_a_saved_check_opens_as_it_was(tmp_path: Path) -> None:
    scenario = day("metric: asa, queue: front, each: interval, on_days: 90%, at_most: 18s")
    found = held(scenario, stored(scenario, 10), at_most=10)
    opened = sim.open(found.save(tmp_path / "check"))
    assert isinstance(opened, CheckResult)
    assert repr(opened.findings) == repr(found.findings)
    assert written([opened], "text", 200) == written([found], "text", 200)


def test_a_page_leaves_it_to_the_gate() -> None:
    scenario = day("metric: asa, queue: front, on_days: 90%, at_most: 1h")
    (verdict,) = held_by_page = verdicts(scenario, sim.run(scenario, 3, jobs=1).figures)
    assert verdict.answer == "left"
    assert answer(held_by_page) == "The one target is left to sim check."
    assert target_words(verdict).endswith("front, on 90% of days")


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("metric: asa, on_days: 100%, at_most: 2m", "no number of days shows that all do"),
        ("metric: asa, on_days: 0, at_most: 2m", "on_days is a share between 0% and 100%"),
        ("metric: asa, on_days: 90, at_most: 2m", "targets.0.on_days: "),
    ],
)
def test_mistakes_are_told_at_their_key(target: str, says: str) -> None:
    with pytest.raises(ScenarioError) as mistake:
        held(day(target))
    assert says in str(mistake.value)


def test_a_replication_of_several_days_is_refused() -> None:
    longer = day("metric: asa, on_days: 90%, at_most: 2m").set("lasts", "30h")
    with pytest.raises(
        ScenarioError, match=r"targets\.0\.on_days: counts replications as days, and one lasts 30 h"
    ):
        held(longer)


def test_other_rows_are_as_they_were() -> None:
    assert all(
        "days_with" not in row for row in json.loads(written([checked()], "json"))["scenarios"][0]["findings"]
    )
