"""Situations in which something had no effect or went unsaid, and the sentence that now tells of it."""

import json
import re
from pathlib import Path

import pytest

import sim
from cases.test_right_answers import HERE, case
from sim.cli import main
from sim.errors import ScenarioError
from sim.report.sweep import sweep_text
from sim.scenario.hints import notes

CENTRE = """\
opens: 2026-03-02 08:00
lasts: 12h
media: {voice: {max_tasks: 1}, chat: {max_tasks: 2}}
channels: {phone: {medium: voice}, web: {medium: chat}}
routing: {queue_priority: on}
queues:
  calls: {medium: voice, priority: 2, handle_time: {exponential: {mean: HANDLE}}, patience: 3m,
          service_level: {within: 20s, target: 80%},
          steps: [{needs: calls >= 5, for: 15s}, {needs: calls >= 1}]}
  chats: {medium: chat, handle_time: {exponential: {mean: 6m}}}
teams:
  a: {skills: {calls: 5}, agents: 3}
  b: {skills: {calls: 1}, agents: 1}
  c: {skills: {chats: 1}, shifts: [{from: "09:00", to: "12:00", agents: 3}, {from: "16:00", to: "20:00", agents: 3}]}
arrivals: [{channel: phone, queue: calls, per_hour: 20}, {channel: web, queue: chats, per_hour: 10}]
"""

AHT = """\
opens: 2026-03-02 09:00
lasts: 1h
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues: {q: {medium: voice, handle_time: {exponential: {mean: 290s}}, service_level: {within: 20s, target: 80%}}}
teams: {t: {skills: {q: 1}, agents: 8}}
arrivals: [{channel: phone, queue: q, file: forecast.csv}]
"""


@pytest.fixture
def forecast(tmp_path: Path) -> Path:
    """A scenario whose forecast has handle times of its own."""
    text = "interval_start,volume,aht_s\n09:00,10,900\n09:30,10,300\n"
    (tmp_path / "forecast.csv").write_text(text, encoding="utf-8")
    path = tmp_path / "day.yaml"
    path.write_text(AHT, encoding="utf-8")
    return path


def test_the_formulas_take_the_handle_time_of_the_file(
    forecast: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ten contacts in half an hour of 900 s each are 5 Erlang, of 300 s each 5 / 3."""
    assert main(["erlang", str(forecast), "--replications", "2", "--jobs", "1", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [(row["aht_s"], row["load_erlang"]) for row in rows] == [(900, 5), (300, pytest.approx(5 / 3))]


def test_a_law_whose_mean_a_file_replaces_is_told(forecast: Path) -> None:
    for law in ("{lognormal: {mean: 600s, sd: 100s}}", "{exponential: {mean: 600s}}"):
        (said,) = notes(sim.load(forecast, [f"queues.q.handle_time={law}"]))
        assert "the mean of 10m here changes nothing" in said
        assert "change aht_factor instead" in said


def test_a_handle_time_of_seconds_and_hours_without_anybody_are_told() -> None:
    said = notes(sim.loads(CENTRE.replace("HANDLE", "4.8")))
    assert any("handle_time is 4.8 seconds on average; `4.8m` would be minutes" in one for one in said)
    assert any(
        "`chats` has demand and nobody from 08:00 to 09:00 and from 12:00 to 16:00" in one for one in said
    )
    likely = notes(sim.loads(CENTRE.replace("HANDLE", "4.8m")))
    assert not any("seconds on average" in one for one in likely)


@pytest.mark.parametrize(("sd", "told"), [("200%", True), ("20%", False)])
def test_an_improbable_busyness_is_told(sd: str, told: bool) -> None:
    said = notes(sim.loads(CENTRE.replace("HANDLE", "4m") + f"busyness: {{sd: {sd}}}\n"))
    assert any("is 0 or a multiple on most days" in one for one in said) == told


def test_an_impossible_busyness_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"busyness\.sd: `6` is too much.*did you mean `6%`\?"):
        sim.loads(CENTRE.replace("HANDLE", "4m") + "busyness: {sd: 6}\n")


@pytest.mark.slow
@pytest.mark.usefixtures("undrawn")
def test_the_assumptions_of_a_page_are_the_files_own(tmp_path: Path) -> None:
    """The order in force and the steps, those of what is swept as well."""
    day = sim.loads(CENTRE.replace("HANDLE", "4m"))
    run = sim.run(day, 2, jobs=1).report(tmp_path / "run.html")
    swept = sim.sweep(day, {"queues.calls.steps.0.for": ["5s", "15s"]}, replications=2, jobs=1)
    for page in (run, swept.report(tmp_path / "sweep.html")):
        text = page.read_text(encoding="utf-8")
        said = re.sub(r"<[^>]+>|\s+", " ", text[text.index('id="assumptions"') :])
        said = re.sub(r" +", " ", said)
        assert "the one of the queue of the highest priority (calls 2" in said
        assert "calls asks agents with calls &gt;= 5, after 15 s also those with calls &gt;= 1" in said


def test_an_unknown_key_in_a_choice_of_forms_is_that_of_the_form_that_was_meant() -> None:
    with pytest.raises(ScenarioError, match=r"after_ring\.voice\.pause: unknown key `pause`") as told:
        sim.loads(CENTRE.replace("agents: 1}", "agents: 1, after_ring: {voice: {pause: 3, not_ready: 5m}}}"))
    assert "unknown key `not_ready`" not in str(told.value)


@pytest.mark.usefixtures("undrawn")
def test_points_of_keys_that_end_alike_can_be_told_apart(tmp_path: Path) -> None:
    day = sim.loads(CENTRE.replace("HANDLE", "4m"))
    swept = sim.sweep(day, {"teams.a.agents": [3, 4], "teams.b.agents": [1, 2]}, replications=2, jobs=1)
    page = swept.report(tmp_path / "page.html").read_text(encoding="utf-8")
    for label in ("a.agents", "b.agents"):
        assert label in page


@pytest.mark.usefixtures("undrawn")
def test_a_headline_counts_what_was_measured_and_targets_always_are(tmp_path: Path) -> None:
    swept = sim.sweep(
        case("q03_sweep_headline"), {"teams.chatters.agents": [16, 18, 20]},
        metrics=["service_level", "abandon_rate"], replications=10, jobs=1,
    )  # fmt: skip
    page = swept.report(tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Both targets are met at 2 of 3 points: agents 18; agents 20." in page


def test_a_sweep_says_why_a_figure_within_its_bounds_meets_no_target_for_sure() -> None:
    """Nobody of those who were served abandoned; what the 125 who were not would have done is not known."""
    swept = sim.sweep(
        case("p42_gate_unfinished"), {"teams.t.shifts.0.agents": [11, 12]}, replications=3, jobs=1
    )
    said = sweep_text(swept, 1000)
    assert "Abandoned (0.0 % ±0.0, at most 5 %, left open by the unfinished)" in said


@pytest.mark.slow
@pytest.mark.parametrize(
    "asked",
    [
        ["run"],
        ["check"],
        ["erlang"],
        ["sweep", "--vary", "teams.t.shifts.0.agents=11,12", "--replications", "3"],
        ["compare", "--set", "teams.t.shifts.0.agents=11", "--replications", "3"],
        ["compare", "--set", "teams.t.shifts.0.agents=11", "--best", "service_level", "--replications", "20"],
    ],
    ids=" ".join,
)
def test_who_is_never_served_is_told_by_each_command(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    command, *options = asked
    main([command, str(HERE / "p42_gate_unfinished.yaml"), *options, "--jobs", "1"])
    printed = capsys.readouterr()
    said = (printed.out + printed.err).lower()
    assert re.search(r"unfinished|still open at the end", said)
    assert re.search(r"\b12\d\.\d\b", said)


@pytest.mark.slow
@pytest.mark.usefixtures("undrawn")
def test_who_is_never_served_is_told_by_page_and_notebook(tmp_path: Path) -> None:
    run = sim.run(case("p42_gate_unfinished"), 4, jobs=1)
    page = run.report(tmp_path / "page.html").read_text(encoding="utf-8")
    for shown in (page, run._repr_html_()):
        assert "have waited longer than the service level allows and count as too late" in " ".join(
            shown.split()
        )
