"""What a notebook shows of a scenario."""

from pathlib import Path

from sim.scenario import load

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def test_a_scenario_shows_its_queues_teams_and_arrivals() -> None:
    shown = load(SCENARIOS / "reference.yaml")._repr_html_()
    for text in (
        "general</th><td>chat</td><td>push</td><td>360</td><td>1 min</td><td>80%</td>",
        "5 08:00 to 16:00, break 12:00 for 30 min; 4 10:00 to 18:00, break 13:30 for 30 min",
        "evening</th><td>4</td><td>0 to 4, every 1 h anew</td><td>general 4, billing 6</td>",
        "leads</th><td>1</td><td>the whole run</td><td>supervisor</td>",
        "web/general</th><td>general</td><td>503</td>",
        "whatsapp/billing</th><td>billing</td><td>180</td>",
        "Monday 2 March 2026, 08:00 to 18:00, seed 20260302",
    ):
        assert text in shown


def test_names_are_escaped() -> None:
    day = load(SCENARIOS / "erlang_a.yaml").set("name", "<b>A</b>")
    assert "&lt;b&gt;A&lt;/b&gt;" in day._repr_html_()
