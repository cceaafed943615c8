"""In a notebook scenarios, results, comparisons and sweeps show themselves as tables and pictures."""

import inspect
import re
from base64 import b64decode
from xml.etree import ElementTree

import pytest
from pydantic import BaseModel

import sim
from sim.report import plots

from .plots_day import DAY, drawn_day, sheet
from .test_html_page import Tree


def pictures_of(page: str) -> dict[str, ElementTree.Element]:
    """The pictures of a page by their alternative text, each a drawing of its own."""
    found = re.findall(r'<img alt="([^"]*)"[^>]* src="data:image/svg\+xml;base64,([^"]*)">', page)
    assert len(found) == page.count("<img")
    return {alt: ElementTree.fromstring(b64decode(data)) for alt, data in found}


def tables_in(page: str) -> int:
    tree = Tree()
    tree.feed(page)
    return len(tree.root.all("table"))


def test_a_result_shows_its_tables_its_waits_and_its_service_level() -> None:
    page = drawn_day()._repr_html_()
    assert tables_in(page) == 4
    assert list(pictures_of(page)) == ["Wait of the answered requests (s)", "Service level (%)"]


def test_a_scenario_shows_what_comes_and_who_is_there() -> None:
    page = sim.loads(DAY)._repr_html_()
    assert tables_in(page) == 3
    assert list(pictures_of(page)) == ["Expected contacts (per hour)", "Agents on duty (number)"]


def test_a_comparison_shows_its_differences_by_unit() -> None:
    day = sim.loads(DAY)
    compared = sim.compare(
        day, day.set("teams.desk.agents", 5), metrics=["service_level", "asa"], replications=2
    )
    assert list(pictures_of(compared._repr_html_())) == [
        "Differences in percentage points",
        "Differences in s",
    ]


def test_a_sweep_shows_its_points_as_one_writes_them_and_its_curves() -> None:
    day = sim.loads(DAY)
    swept = sim.sweep(day, {"teams.desk.agents": [3, 5]}, metrics=["service_level", "asa"], replications=2)
    page = swept._repr_html_()
    assert list(pictures_of(page))[:2] == ["Service level (%)", "Average speed of answer (s)"]
    assert re.search(r'<th scope="col">Service level, %</th>', page)
    assert re.search(r'<th scope="row">3</th><td>\d+\.\d <span class="spread">±\d+\.\d</span></td>', page)


def test_what_comes_and_who_is_there_are_what_the_scenario_says() -> None:
    day = sim.loads(DAY)
    ax = plots.demand(day, ax=sheet())
    tops = [patch.get_data().values.tolist() for patch in ax.patches]
    assert tops == [pytest.approx([50.0] * 4), pytest.approx([15.0] * 4)]
    assert [text.get_text() for text in ax.texts] == ["general", "hotline"]
    ax = plots.staffing(day, ax=sheet())
    desk, experts = (patch.get_data() for patch in ax.patches)
    assert desk.values.tolist() == pytest.approx([4, 4, 2, 4])  # a break of 15 min at nine
    assert (experts.values - experts.baseline).tolist() == pytest.approx([2] * 4)


def test_tab_finds_names_and_everything_public_has_its_help() -> None:
    day, result = sim.loads(DAY), drawn_day()
    assert {"load", "run", "compare", "sweep", "check", "Scenario"} <= set(dir(sim))
    assert {"figures", "requests", "conversations", "plot", "save"} <= set(dir(result))
    assert {"waits", "service_level", "transfer_flow"} <= set(dir(result.plot))
    assert {"set", "queues", "teams", "routing"} <= set(dir(day))
    assert list(day.queues) == ["general", "experts", "hotline"]
    assert {"patience", "transfer", "handle_time"} <= set(dir(day.queues["general"]))
    for thing in (result, day, sim.Comparison, sim.Sweep, plots):
        names = [name for name in dir(thing) if not name.startswith("_") and name not in dir(BaseModel)]
        bare = [n for n in names if callable(getattr(thing, n)) and not inspect.getdoc(getattr(thing, n))]
        assert bare == []
    for name in sim.__all__:
        assert inspect.getdoc(getattr(sim, name)), name
