"""Bars, agreement, tables and the page; nothing is timed here."""

import pytest

from benchmarks.agreement import Estimate, disagreements
from benchmarks.before import Runner
from benchmarks.command import PARTS, main
from benchmarks.findings import Bar, Findings, Table, shown
from benchmarks.growth import worlds
from benchmarks.growth.memory import COLUMNS, DRAWS_ONLY, simulated
from benchmarks.laps import FAR
from benchmarks.memory import bytes_a_contact
from benchmarks.page import page
from benchmarks.printing import as_text
from benchmarks.sampling import ROOT, module, place_in_the_house, shares
from benchmarks.timing import Contestant, Lap, Race, interleaved
from sim.engine import simulate
from sim.scenario import loads
from sim.workload import draw


def test_a_bar_says_whether_it_is_met():
    assert Bar("fast", 1.5, at_least=1.5).is_met
    assert not Bar("fast", 1.49, at_least=1.5).is_met
    assert not Bar("small", 1025, at_most=1024, unit="B").is_met
    assert str(Bar("small", 1025, at_most=1024, unit="B")) == "not met   1025.00 B  (at most 1024 B)  small"


def test_equal_means_agree_and_others_do_not():
    one, other = Estimate.of([1.0, 2.0, 3.0, 2.0]), Estimate.of([1.5, 2.5, 2.0, 2.2])
    assert one.agrees(other)
    assert not one.agrees(Estimate.of([11.0, 12.0, 13.0, 12.0]))
    assert Estimate.known(2.0).agrees(Estimate.known(2.0))
    assert disagreements("it", {"wait": one}, {"wait": Estimate.known(40.0)}) == [
        "it: wait is 2 ± 0.41 in place of 40"
    ]


def test_a_ratio_is_the_median_of_the_rounds_ratios():
    timed = Race({"slow": [2.0, 30.0, 4.0], "fast": [1.0, 10.0, 1.0]})
    assert timed.ratio("slow", "fast") == 3.0
    assert timed.cost_us("slow") == 4.0


def test_everybody_runs_once_a_round_and_the_first_one_changes():
    order: list[str] = []

    def contestant(name: str) -> Contestant:
        return Contestant(name, lambda number: order.append(f"{name}{number}") or Lap(1e-6, 1))

    timed = interleaved([contestant(name) for name in "abc"], 3, lambda _: None)
    assert order == ["a0", "b0", "c0", "b1", "c1", "a1", "c2", "a2", "b2"]
    assert timed.costs == {name: [1.0] * 3 for name in "abc"}


def test_numbers_are_shown_with_three_digits():
    assert [shown(cell) for cell in (None, "x", 12, 1234.5, 0.12345, 1_000_000)] == [
        "-", "x", "12", "1\N{NO-BREAK SPACE}234", "0.123", "1\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}000",
    ]  # fmt: skip


@pytest.mark.slow
def test_memory_counts_what_each_contact_adds():
    def run(contacts: int) -> list[bytes]:
        return [bytes(1000) for _ in range(contacts)]

    assert bytes_a_contact(run, 500) == pytest.approx(1041, abs=15)


def test_time_is_put_where_it_is_spent():
    assert place_in_the_house(str(ROOT / "sim/engine/clock.py")).startswith("the clock")
    assert place_in_the_house(str(ROOT / "sim/engine/router.py")) == "engine"
    assert place_in_the_house("/usr/lib/python3/site-packages/simpy/core.py") == "SimPy"
    assert place_in_the_house("/usr/lib/python3/site-packages/numpy/core.py") is None
    assert module(str(ROOT / "sim/engine/router.py")) == "sim/engine/router.py"
    found = shares(lambda: sum(i * i for i in range(300_000)), lambda _: "here")
    assert found == {"here": 1.0}


@pytest.mark.parametrize(
    ("text", "contacts", "waiting"),
    [
        (worlds.of_agents(400, 40), 400, 0),
        (worlds.of_queues(400, 4), 400, 0),
        (worlds.of_teams(400, 4, 40), 400, 0),
        (worlds.of_waiting(1500, 300), 1500, 300),
    ],
    ids=["agents", "queues", "teams", "waiting"],
)
def test_centres_of_any_size_have_their_contacts_and_their_queue(text, contacts, waiting):
    scenario = loads(text)
    workload = draw(scenario)
    assert len(workload) == pytest.approx(contacts, abs=5 * contacts**0.5)
    records = simulate(scenario, workload)
    requests = records.requests
    halfway = scenario.lasts / 2
    there = (requests["placed_at"] < halfway) & (requests["placed_at"] + requests["wait"] > halfway)
    assert there.sum() == pytest.approx(waiting, abs=30 + 0.2 * waiting)


@pytest.mark.parametrize("what", ["", "all", DRAWS_ONLY])
def test_what_the_memory_is_measured_of_can_be_done(what):
    for model in COLUMNS:
        simulated(model, 100, what)


def findings() -> list[Findings]:
    parts = [Findings(letter, f"Part {letter}") for letter in PARTS]
    parts[0].tables.append(Table("Speed", ["", "us"], [["ours", 12.345], ["theirs", None]]))
    parts[0].bars.append(Bar("fast enough", 0.5, at_least=1.0))
    parts[1].notes.append("A remark.")
    parts[4].tables.append(
        Table("us a contact", ["", "together"], [["one queue", 20.0], ["rich model", 60.0]])
    )
    return parts


def test_findings_are_printed_with_the_bars_once_more_at_the_end():
    text = as_text(findings())
    assert "(a) Part a\n==========\n\nSpeed\n          us\nours    12.3\ntheirs     -\n" in text
    assert text.endswith("BARS\n\nnot met      0.50 x  (at least 1 x)  fast enough\n")


def test_the_page_tells_what_a_question_costs():
    text = page(findings(), 7)
    day = "| one day, a figure with its interval (20 days) | 5\N{NO-BREAK SPACE}000 | 0.13 | 0.083 | 0.046 |"
    assert day in text
    assert "| fast enough | 0.50 x | at least 1 x | **not met** |" in text
    assert "median of 7 rounds" in text
    assert "A remark." in text


def test_a_bar_that_is_not_met_fails_a_full_run(monkeypatch, capsys):
    monkeypatch.setattr("benchmarks.queue.race.race", lambda *_: findings()[0])
    assert main(["--only", "a"]) == 1
    assert main(["--only", "a", "--quick"]) == 0


@pytest.mark.slow
def test_two_engines_run_the_same_days_in_processes_of_their_own():
    one, other = Runner(ROOT, "simpy"), Runner(ROOT, "auto")
    text = worlds.of_agents(400, 10)
    laps = [runner.lap(text, 3, far) for runner in (one, other) for far in FAR]
    for runner in (one, other):
        runner.close()
    assert {lap.contacts for lap in laps} == {len(draw(loads(text), seed=3))}
    assert all(lap.seconds > 0 for lap in laps)


@pytest.mark.parametrize(
    "arguments", [["--only", "x"], ["--only", ""], ["--rounds", "0"], ["--only", "a", "--write", "p.md"]]
)
def test_mistakes_on_the_command_line_are_told(arguments, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert "usage: python -m benchmarks" in capsys.readouterr().err
