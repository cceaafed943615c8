"""What a notebook shows of a scenario."""

from pathlib import Path

from sim.scenario import load

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def test_a_scenario_shows_its_queues_teams_and_arrivals() -> None:
    shown = load(SCENARIOS / "reference.yaml")._repr_html_()
    for text in (
        "general</th><td>chat</td><td>push</td><td>360</td><td>1 min</td><td>80%</td>",
        "frontline</th><td>9</td><td>general 7, community 3</td><td>08:00–16:00, 10:00–18:00</td>",
        "evening</th><td>4</td><td>general 4, billing 6</td><td>by head-count</td>",
        "leads</th><td>1</td><td>supervisor</td><td>the whole run</td>",
        "web/general</th><td>general</td><td>503</td>",
        "whatsapp/billing</th><td>billing</td><td>180</td>",
        "opens Mon 02 Mar 2026 08:00, lasts 10 h, seed 20260302",
    ):
        assert text in shown


def test_names_are_escaped() -> None:
    day = load(SCENARIOS / "erlang_a.yaml").set("name", "<b>A</b>")
    assert "&lt;b&gt;A&lt;/b&gt;" in day._repr_html_()
