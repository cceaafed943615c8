"""The page of events says what is written: every event of the engine, and what its row holds."""

import ast
from collections.abc import Mapping
from typing import Any

import pytest

from docs.pages import ROOT
from sim.engine import simulate
from sim.records import EVERYTHING, Recorder
from sim.records.events import EVENT_KINDS, EventKind
from sim.scenario import Scenario, load
from sim.workload import draw

KNOWN = {event.name: event for events in EVENT_KINDS.values() for event in events}
HARD = {
    "closing": "clear_queues",
    "teams.billing.agents": 1,
    "teams.engineers.agents": 1,
    "queues.general.capacity": 2,
    "queues.billing.balk": "90%",
    "channels.phone.lines": 2,
    "queues.general.transfer.warm": "50%",
    "queues.general.transfer.named": "40%",
    "queues.billing.wait_limit": {"after": "60s", "then": "voicemail"},
    "queues.general.transfer.named_falls_back": "on",
    "queues.technical.steps": [{"needs": "technical >= 1", "for": "5s"}, {"needs": "general >= 1"}],
}
"""Changes of the reference day after which things happen that else are rare."""


def _hard_day() -> Scenario:
    day = load(ROOT / "scenarios" / "reference.yaml")
    for key, value in HARD.items():
        day = day.set(key, value)
    return day


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    days = [load(ROOT / "scenarios" / "reference.yaml"), _hard_day()]
    return [row for day in days for row in _events(day)]


def _events(day: Scenario) -> list[dict[str, Any]]:
    return simulate(day, draw(day), Recorder(day, EVERYTHING)).events.to_dict("records")  # type: ignore[return-value]


def test_every_event_the_engine_can_write_is_explained_and_no_other() -> None:
    assert _written() == set(KNOWN)


def _written() -> set[str]:
    """Every name that the engine's code gives the log, directly or through a variable."""
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "sim" / "engine").glob("*.py"))
    calls = [node for text in texts for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    logged = [
        node.value
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in ("request", "member", "conversation", "admit")
        for argument in call.args
        for node in ast.walk(argument)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return {name for name in logged if name.islower()} - {"abandoned"} | {"agent_joined"}


def test_most_events_happen_on_these_days(rows: list[dict[str, Any]]) -> None:
    assert set(KNOWN) - {row["event"] for row in rows} <= {
        "request_refused", "whisper_refused", "request_cancelled", "ttl_expired", "disconnected",
        "queue_emptied", "sent_back",
    }  # fmt: skip


def test_a_row_holds_what_the_page_says(rows: list[dict[str, Any]]) -> None:
    wrong = {(row["event"], *what) for row in rows if (what := _differs(row, KNOWN[row["event"]]))}
    assert wrong == set()


def _differs(row: Mapping[str, Any], event: EventKind) -> list[str]:
    says = {"agent": event.agent, "queue": event.queue, "medium": "the medium of the contact"}
    filled = {column: isinstance(row[column], str) and row[column] != "" for column in says}
    wrong = [
        column for column, meaning in says.items()
        if not meaning.startswith("(") and filled[column] != bool(meaning)
    ]  # fmt: skip
    wrong += ["conversation_id"] * (not row["conversation_id"])
    wrong += ["request_id"] * (bool(row["request_id"]) != event.request)
    return wrong + ["detail"] * (list(row["detail"]) != list(event.detail))
