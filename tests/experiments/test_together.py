"""Several keys at once: what a step of keys that move together brings, and which rows are of the same customers."""

import math
from pathlib import Path

import pytest

import sim
from sim.report.comparison import comparison_text
from sim.report.sweep import sweep_text

BOTH = "teams.desk.agents=4,3; teams.experts.agents=1,2"

SHARED = """\
name: Shared
opens: 2026-03-02 08:00
lasts: 2h
seed: 7
replications: 3
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  own: {medium: voice, handle_time: {exponential: {mean: 5m}}, patience: {exponential: {mean: 4m}}}
  partner: {medium: voice, handle_time: {exponential: {mean: 5m}}, patience: {exponential: {mean: 4m}}}
labels: {gold: {priority: 2}, silver: {}}
teams:
  own: {agents: 9, skills: {own: 5}}
  partner: {agents: 6, skills: {partner: 5}}
arrivals:
  - {channel: phone, queue: {own: 60%, partner: 40%}, per_hour: 200, labels: {gold: 10%, silver: 20%}}
"""
FIGURES = [
    "asa",
    "asa:queue=own",
    "asa:queue=partner",
    "asa:channel=phone",
    "asa:label=gold",
    "asa:label=silver",
]


@pytest.fixture(scope="module")
def small(small_text: str) -> sim.Scenario:
    return sim.loads(small_text)


@pytest.fixture(scope="module")
def shared() -> sim.Scenario:
    return sim.loads(SHARED)


def test_a_step_of_keys_that_move_together_is_the_paired_difference(
    small: sim.Scenario, tmp_path: Path
) -> None:
    swept = sim.sweep(small, BOTH, metrics=["asa"], replications=3, jobs=1, folder=tmp_path / "s")
    first, second = (
        small.set({"teams.desk.agents": desk, "teams.experts.agents": experts})
        for desk, experts in ((4, 1), (3, 2))
    )
    pair = sim.compare(first, second, metrics=["asa"], replications=3, jobs=1).figure("asa")
    (step,) = swept.steps[swept.steps["metric"] == "asa"].to_dict("records")
    assert (step["lower"], step["upper"]) == ("4; 1", "3; 2")
    assert (step["difference"], step["low"], step["high"]) == (pair.difference, pair.low, pair.high)
    assert math.isnan(step["per_one"])
    assert sim.open(tmp_path / "s").steps.equals(swept.steps)
    assert "4; 1 → 3; 2" in sweep_text(swept, 100)


def test_they_step_from_point_to_point_as_written_beside_another_key(small: sim.Scenario) -> None:
    vary = ["teams.desk.agents=4,2,3; routing.agent_selection=longest_available,fewest_tasks,fewest_tasks",
            "seed=1,2"]  # fmt: skip
    steps = sim.sweep(small, vary, metrics=["asa"], replications=2, jobs=1).steps.query("metric == 'asa'")
    joint = steps[steps["key"].str.contains(";")]
    assert joint[["lower", "upper", "seed"]].values.tolist() == [
        ["4; longest_available", "2; fewest_tasks", 1],
        ["4; longest_available", "2; fewest_tasks", 2],
        ["2; fewest_tasks", "3; fewest_tasks", 1],
        ["2; fewest_tasks", "3; fewest_tasks", 2],
    ]
    assert len(steps[steps["key"] == "seed"]) == 3


def test_names_alone_that_move_together_have_no_steps(small: sim.Scenario) -> None:
    vary = "routing.agent_selection=longest_available,fewest_tasks; routing.last_agent=off,on"
    assert sim.sweep(small, vary, metrics=["asa"], replications=2, jobs=1).steps.empty


def met(scenario: sim.Scenario) -> dict[tuple[int, float], tuple[str, bool, float]]:
    """Each customer by replication and instant of arrival: the queue, whether they were answered, and the wait."""
    rows = sim.run(scenario, 3, keep_tables="all", jobs=1).recorded("requests")
    columns = ["replication", "placed_at", "queue", "outcome", "wait"]
    return {
        (day, came): (queue, outcome == "answered", wait)
        for day, came, queue, outcome, wait in rows[columns].itertuples(index=False)
    }


def test_keys_changed_together_leave_the_customers_and_mark_what_is_of_others(shared: sim.Scenario) -> None:
    """By hand: everybody is found again at their instant; some go from the partner's line to our own, none back."""
    change = {"arrivals.0.queue": {"own": "70%", "partner": "30%"}, "teams.partner.agents": 5}
    moved = shared.set(change)
    was, now = met(shared), met(moved)
    assert was.keys() == now.keys()
    sides = [(was[at][0], now[at][0]) for at in was]
    assert sides.count(("partner", "own")) == pytest.approx(0.1 * len(was), abs=3 * (0.09 * len(was)) ** 0.5)
    assert sides.count(("own", "partner")) == 0
    better, worse = (
        sum(
            two[at][1] > one[at][1] if two[at][1] != one[at][1] else one[at][2] - two[at][2] >= 1
            for at in was
        )
        for one, two in ((was, now), (now, was))
    )
    compared = sim.compare(shared, moved, metrics=FIGURES, jobs=1)
    assert compared.has_the_same_customers
    row = compared.customer_effects[0]
    assert (row.better, row.worse) == (pytest.approx(better / len(was)), pytest.approx(worse / len(was)))
    same = [one.same_customers for one in compared.differences if one.metric == "asa"]
    assert same == [True, False, False, True, True, True]
    assert "own*" in comparison_text(compared, 120)


@pytest.mark.parametrize(
    ("key", "value", "others"),
    [
        ("arrivals.0.queue", {"partner": "40%", "own": "60%"}, {"own", "partner"}),
        ("arrivals.0.labels", {"gold": "20%", "silver": "20%"}, {"gold", "silver"}),
        ("arrivals.0.labels", {"gold": "10%", "silver": "10%"}, {"silver"}),
        ("arrivals.0.labels", {"silver": "20%", "gold": "10%"}, {"gold", "silver"}),
        ("labels.gold.priority", 9, set()),
    ],
)
def test_a_row_of_those_who_draw_another_queue_or_label_is_marked(
    shared: sim.Scenario, key: str, value: object, others: set[str]
) -> None:
    """Also where the share is as before: another order of the names gives them to other customers."""
    compared = sim.compare(shared, shared.set(key, value), metrics=FIGURES, replications=2, jobs=1)
    assert compared.has_the_same_customers
    marked = {one.queue or one.label for one in compared.differences if not one.same_customers}
    assert marked == others


def test_streams_of_two_files_are_matched_by_name_in_whatever_order() -> None:
    """The second file has the two streams the other way round, under the names that they have in the first."""
    line = "  - {channel: phone, queue: %s, per_hour: 60, name: %s}\n"
    head = SHARED.partition("arrivals:")[0] + "arrivals:\n"
    ours, theirs = line % ("own", "a"), line % ("partner", "b")
    one, two = sim.loads(head + ours + theirs), sim.loads(head + theirs + ours)
    compared = sim.compare(one, two, metrics=["asa"], names=["round"], jobs=1)
    assert compared.has_the_same_customers
    assert {row.stream for row in compared.customer_effects} == {"", "a", "b"}
    assert all((row.better, row.worse) == (0, 0) for row in compared.customer_effects)
    renamed = sim.compare(one, sim.loads(head + theirs + line % ("own", "c")), metrics=["asa"], jobs=1)
    row = renamed.customer_effects[0]
    assert not renamed.has_the_same_customers
    assert row.compared == next(each.compared for each in renamed.customer_effects if each.stream == "b")
    assert row.added > 0


@pytest.mark.parametrize(
    ("vary", "same"),
    [
        ("teams.own.agents=8,9", True),
        ("teams.own.agents=8,9; queues.own.volume_factor=1,1.1", False),
        ("arrivals.0.per_hour=190,200", False),
    ],
)
def test_steps_are_said_to_be_on_the_same_customers_only_where_they_are(
    shared: sim.Scenario, vary: str, same: bool
) -> None:
    text = " ".join(sweep_text(sim.sweep(shared, vary, metrics=["asa"], replications=2, jobs=1), 100).split())
    assert ("of a difference on the same customers" in text) == same
    assert "of a difference" in text
