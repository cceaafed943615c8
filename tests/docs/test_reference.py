"""The reference pages are those that the code writes, and the code says only what they explain."""

from pathlib import Path

import pytest

from sim.cli.reference import commands_page
from sim.records import EVERYTHING, TABLES, Recorder
from sim.records.glossary import COLUMNS, EVENTS
from sim.report.reference import PAGES
from sim.scenario import load
from sim.workload import draw

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("page", PAGES)
def test_a_committed_page_is_what_the_code_writes(page: str) -> None:
    assert (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8") == PAGES[page]()


def test_the_page_of_commands_is_what_they_say() -> None:
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == commands_page()


def test_every_column_has_a_meaning() -> None:
    assert {table: [c.name for c in columns] for table, columns in TABLES.items()} == {
        table: list(columns) for table, columns in COLUMNS.items()
    }


def test_every_event_of_a_full_day_has_a_meaning() -> None:
    from sim.engine import simulate

    day = load(ROOT / "scenarios" / "reference.yaml")
    records = simulate(day, draw(day), Recorder(day, EVERYTHING))
    told = set(records.events["event"])
    assert len(told) > 20
    assert told <= set(EVENTS)
