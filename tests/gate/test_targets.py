"""Targets for one interval, for each interval and for a label: the gate looks where planners look."""

import json

import pytest

import sim
from gate.formats import checked
from gate.small import DAY, held, stored
from sim.errors import ScenarioError
from sim.experiments.figure_selectors import with_targets
from sim.experiments.verdicts import verdicts
from sim.gate.margins import guarded, target_claims
from sim.gate.sequential import Verdict
from sim.report.check import written
from sim.report.targets import target_words

WORLD = """
name: One agent and a crowd at ten
opens: 2026-03-02 09:00
lasts: 2h
interval: 1h
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice, request_ttl: 2h}}
labels: {gold: {}}
queues: {line: {medium: voice, service_level: {within: 20s, target: 80%}, handle_time: 10m}}
teams: {people: {agents: 1, skills: {line: 5}}}
arrivals: [{replay: contacts.csv}]
targets:
"""
CONTACTS = """contact_id,channel,queue,offered_at,label
1,phone,line,2026-03-02T09:00:00,
2,phone,line,2026-03-02T09:20:00,
3,phone,line,2026-03-02T09:40:00,
4,phone,line,2026-03-02T10:00:00,gold
5,phone,line,2026-03-02T10:00:10,
6,phone,line,2026-03-02T10:30:00,
7,phone,line,2026-03-02T10:30:30,
"""
"""In the hour of nine 3 of 3 are answered at once; in that of ten 2 of 4, as two find the one agent busy for 10 min."""


@pytest.fixture
def world(tmp_path, monkeypatch):  # type: ignore[no-untyped-def]
    (tmp_path / "contacts.csv").write_text(CONTACTS, encoding="utf-8")

    def load(*targets: str) -> sim.Scenario:
        text = WORLD + "".join(f"  - {{{target}}}\n" for target in targets)
        return sim.loads(text, "world.yaml", tmp_path)

    return load


def found(scenario: sim.Scenario) -> list[tuple[str, float, str]]:
    checks = held(scenario, at_most=10)
    return [(one.claim.figure.text, round(one.value, 4), str(one.verdict)) for one in checks.findings]


def test_a_target_of_an_interval_is_about_that_alone(world) -> None:  # type: ignore[no-untyped-def]
    nine, ten = 'metric: service_level, interval: "09:00"', 'metric: service_level, interval: "10:00"'
    got = found(
        world(f"{nine}, at_least: 80%", f"{ten}, at_most: 70%", "metric: service_level, at_least: 60%")
    )
    assert got == [
        ("service_level:interval=09:00", 1.0, "pass"),
        ("service_level:interval=10:00", 0.5, "pass"),
        ("service_level", round(5 / 7, 4), "pass"),
    ]


def test_the_day_passes_and_the_interval_that_fails_is_named(world) -> None:  # type: ignore[no-untyped-def]
    scenario = world("metric: service_level, queue: line, each: interval, at_least: 60%")
    assert found(scenario) == [
        ("service_level:queue=line:interval=09:00", 1.0, "pass"),
        ("service_level:queue=line:interval=10:00", 0.5, "fail"),
    ]
    assert found(world("metric: service_level, queue: line, at_least: 60%"))[0][2] == "pass"
    checks = held(scenario, at_most=10)
    for format_ in ("text", "junit", "github", "markdown"):
        assert "service_level line 10:00 is 50.0 %" in written([checks], format_, 200).replace(
            "%25", "%"
        ).replace("\\", "")  # type: ignore[arg-type]
    rows = json.loads(written([checks], "json"))["scenarios"][0]["findings"]
    assert [row["interval"] for row in rows] == ["09:00", "10:00"]


def test_a_target_of_a_label_is_about_its_customers(world) -> None:  # type: ignore[no-untyped-def]
    assert found(world("metric: service_level, label: gold, at_least: 50%")) == [
        ("service_level:label=gold", 1.0, "pass")
    ]


def test_an_interval_in_which_nobody_came_misses_nothing(world) -> None:  # type: ignore[no-untyped-def]
    scenario = world(
        "metric: service_level, label: gold, at_least: 50%", "metric: asa, each: interval, at_most: 1h"
    )
    longer = scenario.set("lasts", "3h")
    assert [verdict for _, _, verdict in found(longer)] == ["pass"] * 4


def test_the_page_names_the_worst_interval(world) -> None:  # type: ignore[no-untyped-def]
    scenario = world("metric: service_level, each: interval, at_least: 60%", "metric: asa, at_most: 1h")
    run = sim.run(scenario, replications=3, jobs=1)
    every, whole = verdicts(scenario, run.figures)
    assert (every.answer, whole.answer) == ("missed", "met")
    assert target_words(every).endswith("every interval (worst: 10:00)")
    assert every.figure is not None
    assert every.figure.value == 0.5


def test_a_sweep_measures_the_intervals_and_a_baseline_is_not_held_to_each() -> None:
    day = sim.loads(DAY + "  - {metric: service_level, queue: front, each: interval, at_least: 5%}\n")
    names = [one.text for one in with_targets([], [day])]
    assert names[2:] == [f"service_level:queue=front:interval={at}" for at in ("09:00", "09:30", "10:00")]
    assert not any("interval" in one.text for one in guarded(day))
    assert [claim.number for claim in target_claims(day)] == [0, 1, 2, 2, 2]
    assert held(day, stored(day, 10)).verdict is Verdict.PASS


def test_each_day_of_a_run_of_several_has_to_keep_to_it(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """The hour of ten on the next day: 3 of 3 in time on the first day, 2 of 4 on the second, 5 of 7 together."""
    (tmp_path / "contacts.csv").write_text(
        CONTACTS.replace("2026-03-02T10", "2026-03-03T10"), encoding="utf-8"
    )
    text = WORLD.replace("lasts: 2h", "lasts: 30h")
    each = "  - {metric: service_level, queue: line, each: day, at_least: 60%}\n"
    scenario = sim.loads(text + each, "world.yaml", tmp_path)
    assert found(scenario) == [
        ("service_level:queue=line:day=2026-03-02", 1.0, "pass"),
        ("service_level:queue=line:day=2026-03-03", 0.5, "fail"),
    ]
    (verdict,) = verdicts(scenario, sim.run(scenario, 3, jobs=1).figures)
    assert verdict.answer == "missed"
    assert target_words(verdict).endswith("every day (worst: 2026-03-03)")
    counted = sim.loads(text + each.replace("each", "on_days: 60%, each"), "world.yaml", tmp_path)
    assert [(value, verdict) for _, value, verdict in found(counted)] == [(1.0, "pass"), (0.0, "fail")]


def test_a_run_of_a_day_is_one_day(world) -> None:  # type: ignore[no-untyped-def]
    assert found(world("metric: service_level, each: day, at_least: 60%")) == [
        ("service_level", round(5 / 7, 4), "pass")
    ]


@pytest.mark.parametrize(
    ("target", "says"),
    [
        (
            'metric: asa, interval: "09:10", at_most: 2m',
            "targets.0.interval: no interval `09:10`; did you mean",
        ),
        ("metric: asa, label: golf, at_most: 2m", "targets.0.label: no label `golf`; did you mean `gold`?"),
        ("metric: cost, each: interval, at_most: 2", "targets.0.metric: cost is not given by interval"),
        ('metric: asa, each: interval, interval: "09:00", at_most: 2m', "leave one of them out"),
        (
            "metric: asa, each: hour, at_most: 2m",
            "targets.0.each: `hour` is not allowed; allowed: `interval`",
        ),
    ],
)
def test_mistakes_are_told_at_their_key(world, target: str, says: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ScenarioError) as mistake:
        held(world(target))
    assert says in str(mistake.value)


@pytest.mark.slow
def test_other_targets_are_as_they_were() -> None:
    assert [claim.is_part for claim in target_claims(checked().scenario)] == [False, False]
