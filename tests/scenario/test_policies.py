import subprocess
import sys
from importlib import metadata
from typing import Any

import pytest

from .small import mistakes, small, text_with


@pytest.mark.parametrize(
    "name", ["fewest_tasks", "most_tasks", "longest_available", "most_skilled", "round_robin", "random"]
)
def test_built_in_agent_selections(name: str) -> None:
    assert small(routing__agent_selection=name).routing.agent_selection == name


@pytest.mark.parametrize("name", ["priority", "longest_waiting"])
def test_built_in_request_selections(name: str) -> None:
    assert small(routing__request_selection=name).routing.request_selection == name


def test_an_installed_policy_is_known_by_its_name_and_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    point = metadata.EntryPoint("nearest_desk", "package_that_does_not_exist:choose", "sim.agent_selection")

    def entry_points(*, group: str) -> Any:
        return metadata.EntryPoints([point] if group == "sim.agent_selection" else [])

    monkeypatch.setattr(metadata, "entry_points", entry_points)
    assert small(routing__agent_selection="nearest_desk").routing.agent_selection == "nearest_desk"
    assert mistakes(text_with(routing="routing: {agent_selection: nearest_dsk}")) == [
        "day.yaml:16:28: routing.agent_selection: unknown policy `nearest_dsk`; did you mean `nearest_desk`?"
    ]
    assert mistakes(text_with(routing="routing: {request_selection: nearest_desk}")) == [
        "day.yaml:16:30: routing.request_selection: unknown policy `nearest_desk`; "
        "there is `priority`, `longest_waiting`, `priority_with_ageing`, `own_level`, `weighted_wait`, `queue_ratio`, "
        "`reserve_for_transfers`, `reserve_idle_agents`, `overflow_by_expected_wait`, `threshold`"
    ]


def test_reading_a_scenario_needs_no_numbers_package() -> None:
    code = "import sim.scenario, sys; print({'numpy', 'scipy', 'pandas', 'simpy'} & set(sys.modules))"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "set()\n"
    )
