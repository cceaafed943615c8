"""The best of several: found as often as stated where the answer is known, and no longer simulated than it takes."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

import sim
from experiments.test_feasibility import MAIL
from sim.cli import main
from sim.experiments.figure_selectors import FigureSelector, amount_of, goal_of, share_of
from sim.experiments.kim_nelson import FIRST, KimNelson
from sim.experiments.paired import Sampled
from sim.experiments.search import levels
from sim.report.best import selection_text

ROOT = Path(__file__).parents[2]
Draw = Callable[[np.random.Generator, int], tuple[np.ndarray, np.ndarray]]


@pytest.fixture(scope="module")
def small(small_text: str) -> sim.Scenario:
    return sim.loads(small_text)


def search(draw: Draw, rng: np.random.Generator, systems: int, delta: float, confidence: float) -> KimNelson:
    """Let the rule choose from streams that cost nothing, one observation after the other."""
    rule = KimNelson(systems, delta, confidence)
    tops, bottoms = draw(rng, FIRST)
    rule.start([Sampled(t, b, is_ratio=True) for t, b in zip(tops, bottoms, strict=True)])
    while rule.chosen is None:
        top, bottom = draw(rng, 1)
        tops, bottoms = np.hstack([tops, top]), np.hstack([bottoms, bottom])
        rule.look(tops.shape[1], (tops.sum(axis=1) / bottoms.sum(axis=1)).tolist())
    return rule


def normal(means: Sequence[float], sds: Sequence[float], shared: float) -> Draw:
    """Normal observations with a part that all have in common."""

    def draw(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
        own = rng.standard_normal((len(means), count)) * np.array(sds)[:, None]
        common = rng.standard_normal(count) * shared
        return np.array(means)[:, None] + own + common, np.ones((len(means), count))

    return draw


def shares(levels: Sequence[float]) -> Draw:
    """Service levels of days of unequal size, the same customers for all: whom the better ones add are drawn."""

    def draw(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
        offered = rng.poisson(200 * rng.gamma(50, 1 / 50, count)).astype(float)
        both = rng.binomial(offered.astype(int), 0.6)
        extra = [rng.binomial(offered.astype(int) - both, (level - 0.6) / 0.4) for level in levels]
        return both + np.array(extra, dtype=float), np.tile(offered, (len(levels), 1))

    return draw


def found(draw: Draw, best: int, systems: int, delta: float, confidence: float, trials: int) -> float:
    """How often the best is found."""
    rng = np.random.default_rng(20260302)
    return sum(search(draw, rng, systems, delta, confidence).chosen == best for _ in range(trials)) / trials


def test_the_best_is_found_as_often_as_stated_where_it_leads_by_just_delta() -> None:
    """All others equal and delta behind: the hardest case there is."""
    independent = normal([0, 0, 1, 0, 0], [2, 2, 2, 2, 2], shared=0)
    assert found(independent, 2, 5, delta=1, confidence=0.9, trials=300) >= 0.9
    unequal = normal([0, 0, 0, 1], [0.5, 1, 4, 2], shared=5)
    assert found(unequal, 3, 4, delta=1, confidence=0.9, trials=300) >= 0.9


def test_the_best_service_level_is_found_as_often_as_stated() -> None:
    assert found(shares([0.78, 0.78, 0.80]), 2, 3, delta=0.02, confidence=0.95, trials=300) >= 0.95


def test_a_search_without_the_slack_would_err_more_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail."""
    monkeypatch.setattr(KimNelson, "_h2", lambda _self, _count: 0.0)
    independent = normal([0, 0, 1, 0, 0], [2, 2, 2, 2, 2], shared=0)
    assert found(independent, 2, 5, delta=1, confidence=0.9, trials=100) < 0.9


def test_what_is_shared_costs_nothing_and_the_hopeless_leave_first() -> None:
    rng = np.random.default_rng(1)
    rule = search(normal([0, 5, 9, 10], [1, 1, 1, 1], shared=100), rng, 4, delta=1, confidence=0.95)
    assert rule.chosen == 3
    assert rule.left_after[0] == rule.left_after[1] == FIRST
    assert rule.left_after[3] is None


def test_equals_are_settled_at_the_end_of_the_triangle() -> None:
    rule = KimNelson(2, 1.0, 0.95)
    same = Sampled(np.arange(20.0), np.ones(20), is_ratio=True)
    rule.start([same, same])
    assert (rule.chosen, rule.left_after) == (0, [None, 20])


def test_the_bounds_are_those_of_the_paper() -> None:
    """n = 10, k = 2, 95 %: eta = ((2 * .05)^(-2/9) - 1) / 2 = 0.33405, h² = 18 eta = 6.0129."""
    rule = KimNelson(2, 1.0, 0.95)
    assert rule._h2(10) == pytest.approx(6.0129, abs=1e-4)


@pytest.mark.slow
def test_the_best_staffing_is_found_and_the_others_are_not_simulated_on(small: sim.Scenario) -> None:
    """Three to eight agents at the desk: the most agents have the best service level, and some are soon behind."""
    others = [small.set("teams.desk.agents", agents) for agents in (6, 7, 8)]
    found = sim.best(small, *others, metric="service_level:queue=calls", delta=0.005, jobs=1)
    assert found.name == "teams.desk.agents=8"
    assert found.best == others[-1]
    assert found.names[0] == "base"
    assert FIRST in found.left_after
    assert found.replications > FIRST
    assert found.simulated == sum(left or found.replications for left in found.left_after)
    assert found.candidates[0].candidate == "teams.desk.agents=8"
    assert (found.table["behind"].dropna() > 0).all()
    again = sim.best(small, *others, metric="service_level:queue=calls", delta=0.005, jobs=1)
    assert again.table.equals(found.table)


@pytest.mark.slow
def test_lower_is_better_for_waits_and_means_may_be_missing(small: sim.Scenario) -> None:
    """A replication in which nobody was served has no percentile and weighs nothing."""
    rare = (
        small.set("channels.phone.request_ttl", "9h")
        .set("arrivals.0.per_hour", 3)
        .set("queues.calls.patience", "9h")
        .set("teams.desk.agents", 1)
    )
    found = sim.best(rare, rare.set("teams.desk.wrap_up", "30m"), metric="wait_p90", delta=60, jobs=1)
    assert found.goal == "low"
    assert found.name == "base"
    assert found.candidates[1].behind > 0
    assert any(np.isnan(sim.run(rare, 1, seed=seed).figure("wait_p90").value) for seed in range(5, 35))


def test_it_says_when_it_cannot_decide(small: sim.Scenario) -> None:
    twin = small.set("teams.desk.wrap_up", "20.5s")
    found = sim.best(small, twin, metric="service_level", delta=0.0001, at_most=25, jobs=1)
    assert (found.chosen, found.name, found.best) == (None, None, None)
    assert found.still_in == (0, 1)
    assert found.replications == 25
    assert "not decided" in repr(found)


def test_mistakes(small: sim.Scenario) -> None:
    more = small.set("teams.desk.agents", 4)
    for wrong, told in (
        ({"metric": "occupancy"}, "give the goal, high or low"),
        ({"metric": "asa"}, "give a delta in s"),
        ({"metric": "asa", "delta": -1}, "above 0"),
        ({"metric": "service_level", "confidence": 1.0}, "between 50% and 100%"),
        ({"metric": "service_level", "at_most": 5}, "begins with 20"),
        ({"metric": "service_levl"}, "did you mean `service_level`"),
    ):
        with pytest.raises(sim.SimError, match=told):
            sim.best(small, more, **wrong)
    with pytest.raises(
        sim.SimError, match=r"nothing to choose from; give other scenarios, such as base\.set\("
    ):
        sim.best(small, metric="asa")


def test_goals_and_amounts_are_those_of_the_metric() -> None:
    assert goal_of(FigureSelector("service_level"), None) == "high"
    assert goal_of(FigureSelector("wait_p90"), None) == goal_of(FigureSelector("asa"), None) == "low"
    assert goal_of(FigureSelector("occupancy"), "low") == "low"
    assert amount_of("1%", FigureSelector("service_level"), "--delta") == 0.01
    assert amount_of("1m", FigureSelector("asa"), "--delta") == 60
    assert amount_of("12.5", FigureSelector("cost"), "--delta") == 12.5
    assert share_of("90%", "--confidence") == 0.9
    for text, metric in (("5s", "service_level"), ("1%", "asa"), ("1%", "cost"), ("much", "asa")):
        with pytest.raises(sim.SimError, match="--delta"):
            amount_of(text, FigureSelector(metric), "--delta")


# Subject to targets.


@pytest.fixture(scope="module")
def mail() -> sim.Scenario:
    """Two agents write 96 mails, which is 48 hours of work, partly after the two days."""
    return sim.loads(MAIL)


@pytest.mark.slow
def test_the_cost_of_tomorrow_is_part_of_what_is_chosen_by(mail: sim.Scenario) -> None:
    """In the two days one agent costs 224 and two cost 320; with what they leave to tomorrow 672 and 560."""
    one = mail.set({"teams.desk.shifts.0.agents": 1, "teams.desk.cost_per_hour": 14})
    found = sim.best(mail, one, metric="cost", delta=20, jobs=1, names=["one"])
    assert found.name == "base"
    values = {row.candidate: row.value for row in found.candidates}
    assert values == {"base": pytest.approx(560, rel=0.08), "one": pytest.approx(672, rel=0.08)}
    without = [sim.run(each, 3, jobs=1).figure("cost").value for each in (mail, one)]
    assert without[1] < without[0]


def test_the_cheapest_that_surely_meets_all_targets(mail: sim.Scenario) -> None:
    """One mail an agent and half hour: with 8 hours of arrivals a day, 16 mails, one agent is at their limit."""
    day = mail.set({"lasts": "8h", "queues.mails.service_level.within": "30m", "arrivals.0.per_hour": 4})
    others = [day.set("teams.desk.shifts.0.agents", agents) for agents in (3, 4, 6)]
    found = sim.best(day, *others, metric="cost", subject_to="targets", jobs=1, names=["3", "4", "6"])
    assert [found.meets_targets(at) for at in range(4)] == [False, True, True, True]
    assert found.name == "3"
    assert found.left_after[0] == FIRST
    assert found.delta == pytest.approx(0.01 * 2 * 8 * 10, rel=0.1)
    strict = day.set("targets", [{"metric": "service_level", "at_least": 0.9999}])
    nobody = sim.best(
        strict, strict.set("teams.desk.wrap_up", "1s"), metric="cost", subject_to="targets", jobs=1
    )
    assert (nobody.name, nobody.chosen, nobody.still_in) == (None, None, ())
    said = selection_text(nobody, 300)
    assert (
        "No scenario meets the target for sure; the nearest is base; not surely met is Service level ("
        in said
    )


def test_who_is_compared_once_the_targets_are_settled_is_left_out_then(mail: sim.Scenario) -> None:
    """A target that every day meets, on 80 % of days: 20 of 20 days do not show it, 40 of 40 do."""
    day = mail.set({"lasts": "8h", "arrivals.0.per_hour": 4, "teams.desk.shifts.0.agents": 4})
    day = day.set("targets", [{"metric": "service_level", "at_least": 0, "on_days": "80%"}])
    more = day.set("teams.desk.shifts.0.agents", 6)
    found = sim.best(day, more, metric="cost", subject_to="targets", at_most=200, jobs=1)
    assert (found.name, found.left_after) == ("base", (None, 40))
    assert found.simulated == 80


@pytest.mark.slow
def test_one_that_may_meet_them_is_not_chosen_and_looked_at_to_the_end(mail: sim.Scenario) -> None:
    """A bound at the figure itself is met or missed by no number of days."""
    day = mail.set({"lasts": "8h", "queues.mails.service_level.within": "30m", "arrivals.0.per_hour": 4})
    close = sim.run(day, 30, jobs=1).figure("service_level").value
    bound = day.set("targets", [{"metric": "service_level", "at_least": round(close, 3)}])
    more = bound.set("teams.desk.shifts.0.agents", 5)
    found = sim.best(bound, more, metric="cost", subject_to="targets", at_most=30, jobs=1, names=["five"])
    assert [found.meets_targets(at) for at in (0, 1)] == [None, True]
    assert (found.name, found.left_after) == ("five", (30, None))


def test_looks_at_targets_spend_no_more_than_their_error() -> None:
    found = levels(160, 0.05)
    assert list(found) == [20, 40, 80, 160]
    assert sum(1 - level for level in found.values()) == pytest.approx(0.05)
    assert found[20] == pytest.approx(1 - 0.05 / 8)
    assert list(levels(25, 0.05)) == [20, 25]
    assert levels(20, 0.1) == {20: pytest.approx(0.9)}


@pytest.mark.slow
def test_the_sentence_names_who_is_worse_off(
    mail: sim.Scenario, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Half of the pace: every conversation takes half an hour longer, and that is said though nobody waits longer."""
    day = tmp_path / "mail.yaml"
    day.write_text(
        MAIL.replace("lasts: 48h", "lasts: 8h").replace("agents: 2", "agents: 40"), encoding="utf-8"
    )
    asked = ["compare", str(day), "--subject-to", "targets", "--replications", "20", "--jobs", "1"]
    slow = "slow: queues.mails.handle_time=60m, teams.desk.cost_per_hour=1"
    assert main([*asked, "--candidate", slow]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "Both" not in printed
    assert "The target is met by 2 of 2 scenarios: base; slow. The cheapest: slow, at a cost of 3" in printed
    assert (
        "slow against base: 0.0 % of customers better off, 0.0 % worse, the conversation longer for 100.0 %"
        in printed
    )
    assert "cost, EUR" in printed
    assert (
        main([*asked, "--set", "queues.mails.service_level.within=1s", "--best", "asa", "--delta", "1s"]) == 0
    )
    unpaid = tmp_path / "unpaid.yaml"
    unpaid.write_text(MAIL.replace(", cost_per_hour: 10", ""), encoding="utf-8")
    assert main(["compare", str(unpaid), "--set", "lasts=8h", "--subject-to", "targets"]) == 2
    assert "nobody costs anything; give the teams a `cost_per_hour`" in capsys.readouterr().err
    late = ["--set", "queues.mails.handle_time=9h"]
    strict = (
        day.read_text(encoding="utf-8")
        .replace("at_least: 80%", "at_least: 99%")
        .replace("agents: 40", "agents: 1")
    )
    day.write_text(strict.replace("within: 120h", "within: 1m"), encoding="utf-8")
    assert main([*asked, *late]) == 1
    assert "every scenario surely misses a target" in capsys.readouterr().err
