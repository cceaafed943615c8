"""The cheapest plan that surely meets all targets, and what is said where none does."""

from dataclasses import replace

import pytest
from scipy.stats import binom

import sim
from sim.experiments.feasibility import cheapest, nearest, points_of
from sim.experiments.figure_selectors import beside_service
from sim.report.feasibility import feasibility_words

MAIL = """\
name: Mail of two days
opens: 2026-03-02 08:00
lasts: 48h
seed: 4
replications: 20
currency: EUR
media: {mail: {max_tasks: 1}}
channels: {mail: {medium: mail}}
queues: {mails: {medium: mail, handle_time: 30m, service_level: {within: 120h, target: 80%}}}
teams:
  desk: {skills: {mails: 5}, shifts: [{agents: 2, from: "08:00", to: "16:00"}], cost_per_hour: 10}
arrivals: [{channel: mail, queue: mails, per_hour: 2}]
targets: [{metric: service_level, at_least: 80%}]
"""
TWO_OR_ONE = "teams.desk.shifts.0.agents=2,1; teams.desk.cost_per_hour=10,14"


@pytest.fixture(scope="module")
def two_or_one() -> sim.Sweep:
    """Two agents at 10 an hour, or one at 14; the 96 mails are 48 hours of work."""
    return sim.sweep(sim.loads(MAIL), TWO_OR_ONE, metrics=["service_level", "cost"], jobs=1)


def test_the_cost_of_tomorrow_decides_which_is_the_cheapest(two_or_one: sim.Sweep) -> None:
    """One agent writes 32 of 96 mails in two days for 16 x 14 = 224, and the 64 others in 32 hours for 448.

    Two are half idle on the first day, and write 16 + 32 mails for 32 x 10 = 320, the 48 others for 240.
    """
    two, one = points_of(two_or_one, ["two", "one"])
    costs = [two_or_one.figure(point, 1).value for point in (0, 1)]
    assert costs == [pytest.approx(320, rel=0.03), pytest.approx(224, rel=0.03)]
    assert two.cost is not None
    assert one.cost is not None
    assert two.cost.value == pytest.approx(320 + 240, rel=0.08)
    assert one.cost.value == pytest.approx(224 + 448, rel=0.08)
    assert two.cost.low < two.cost.value < two.cost.high
    assert not two.meets_all  # 48 mails come a day, and no plan writes as many: the backlog grows
    met = [
        replace(plan, verdicts=[replace(held, settled="met") for held in plan.verdicts])
        for plan in (two, one)
    ]
    assert cheapest(reversed(met)) is met[0]
    said = list(feasibility_words(met, "EUR"))
    assert said[0] == "The target is met at 2 of 2 points: two; one."
    assert said[1].startswith("The cheapest of them is two, at a cost of 5")
    assert said[1].endswith(" EUR.")


def test_where_none_surely_meets_all_the_nearest_is_named_with_what_it_lacks(small_text: str) -> None:
    strict = sim.loads(small_text.split("targets:")[0]).set(
        "targets",
        [
            {"metric": "service_level", "queue": "calls", "at_least": 0.999},
            {"metric": "abandon_rate", "at_most": 0.9},
            {"metric": "asa", "at_most": "150m"},
        ],
    )
    swept = sim.sweep(strict, "teams.desk.agents=1,3", metrics=["asa"], replications=5, jobs=1)
    plans = points_of(swept, ["one", "three"])
    assert cheapest(plans) is None
    assert nearest(plans).met == 2
    (said,) = feasibility_words(plans, "")
    assert said.startswith("No point meets all 3 targets for sure; the nearest is")
    assert "which meets 2 of 3; not surely met is Service level calls (" in said
    assert said.endswith("at least 99.9 %).")


@pytest.mark.slow
def test_a_share_of_days_is_counted_day_by_day(small_text: str) -> None:
    """Held against an own count of the days, and against the binomial's tail at both limits."""
    one = sim.loads(small_text.split("targets:")[0])
    asked = {"metric": "asa", "at_most": "20s", "on_days": 0.6}
    swept = sim.sweep(one.set("targets", [asked]), "teams.desk.agents=2,3,8", replications=20, jobs=1)
    plans = points_of(swept, ["two", "three", "eight"])
    for plan, agents in zip(plans, (2, 3, 8), strict=True):
        run = sim.run(one.set("teams.desk.agents", agents), 20, jobs=1, keep_tables="all")
        answered = run.requests[run.requests["outcome"] == "answered"]
        means = answered.groupby("replication")["wait"].mean()
        (held,) = plan.verdicts
        assert held.days is not None
        kept = int((means <= 20).sum())
        assert held.days.value == pytest.approx(kept / len(means))
        if 0 < kept < len(means):
            assert binom.sf(kept - 1, len(means), held.days.low) == pytest.approx(0.025)
            assert binom.cdf(kept, len(means), held.days.high) == pytest.approx(0.025)
        wanted = "met" if held.days.low >= 0.6 else "missed" if held.days.high < 0.6 else "open"
        assert held.answer == wanted
    assert {plan.verdicts[0].answer for plan in plans} >= {"met", "missed"}
    (said,) = feasibility_words(plans[:1], "")
    assert said.endswith(" of days, at most 20 s on 60% of days).")


def test_what_service_takes_stands_beside_it(small_text: str) -> None:
    free = sim.loads(small_text)
    paid = free.set("teams.desk.cost_per_hour", 20)
    assert beside_service(["asa"], [free]) == ["asa", "occupancy"]
    assert beside_service(["service_level:queue=calls"], [free, paid])[1:] == ["occupancy", "cost"]
    assert beside_service(["cost", "asa"], [paid]) == ["cost", "asa", "occupancy"]
    assert beside_service(["handle_time"], [paid]) == ["handle_time"]
    assert beside_service([], [paid]) == []
    assert beside_service(["asaa"], [paid]) == ["asaa"]


READINGS = """\
lasts: 2h
seed: 3
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  calls:
    medium: voice
    handle_time: {exponential: {mean: 3m}}
    patience: {exponential: {mean: 4m}}
    service_level: {within: 20s, target: 80%, also: [{within: 60s}, {within: 1s}]}
teams: {desk: {agents: 9, skills: {calls: 5}}}
arrivals: [{channel: phone, queue: calls, per_hour: 120}]
"""


def test_a_target_of_another_reading_is_held_against_its_own_figures() -> None:
    """Of 97 % within a minute 95 % are surely in time, within a second they surely are not."""
    day = sim.loads(READINGS)

    def asks(variant: str) -> sim.Scenario:
        target = {"metric": "service_level", "queue": "calls", "variant": variant, "at_least": 0.95}
        return day.set("targets", [target])

    verdicts = [sim.check(asks(name), at_most=10, jobs=1).verdict for name in ("within 60s", "within 1s")]
    assert verdicts == ["pass", "fail"]
    swept = sim.sweep(asks("within 60s"), "teams.desk.agents=5,9", metrics=["asa"], replications=5, jobs=1)
    assert [plan.meets_all for plan in points_of(swept, ["5", "9"])] == [False, True]
    assert "service_level:variant=within 60s:queue=calls" in [one.text for one in swept.wanted]
    with pytest.raises(sim.SimError, match="service_level has no variant `within 61s`; did you mean `within"):
        sim.check(asks("within 61s"), at_most=10, jobs=1)
