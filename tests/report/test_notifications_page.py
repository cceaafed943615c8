"""The page of the notices is the one the table makes."""

from pathlib import Path

from sim.report.reference import notifications_page as page
from sim.story.notifications import TEMPLATES

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "notifications.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "python -m sim.report.reference notifications > docs/reference/notifications.md"
    )


def test_it_has_every_notice() -> None:
    rows = [line for line in page().splitlines() if line.startswith("| ") and not line.startswith("| |")]
    assert len(rows) == len(TEMPLATES)
