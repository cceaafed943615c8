"""Who takes down what happens: the engine tells a recorder, and never reads back."""

from collections.abc import Callable, Iterable
from typing import Any

from sim.records.schema import TABLES, VOCABULARIES
from sim.records.table import Table
from sim.scenario import Scenario

Append = Callable[[tuple[Any, ...]], None]

EVERYTHING = tuple(TABLES)
WITHOUT_EVENTS = tuple(name for name in TABLES if name != "events")
NOTHING: tuple[str, ...] = ()


class Recorder:
    """Keeps the tables it was asked for; what is not kept costs the run nothing.

    Each of `requests`, `tasks`, `conversations`, `agent_states`, `whispers` and `events` is the function that
    takes a row of that table, or None where the table is not wanted.
    """

    __slots__ = ("agent_states", "conversations", "events", "requests", "tables", "tasks", "whispers")

    def __init__(self, scenario: Scenario, wanted: Iterable[str] = WITHOUT_EVENTS) -> None:
        vocabularies = vocabularies_of(scenario)
        kept = set(wanted)
        self.tables = {
            name: Table(columns, vocabularies) for name, columns in TABLES.items() if name in kept
        }  # fmt: skip
        self.requests = self._taker("requests")
        self.tasks = self._taker("tasks")
        self.conversations = self._taker("conversations")
        self.agent_states = self._taker("agent_states")
        self.whispers = self._taker("whispers")
        self.events = self._taker("events")

    def pack(self) -> None:
        """Pack what was taken so far, so that a long run does not fill the memory."""
        for table in self.tables.values():
            table.pack()

    def _taker(self, name: str) -> Append | None:
        table = self.tables.get(name)
        return table.append if table is not None else None


def vocabularies_of(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Give every name that a table of this scenario may hold, by vocabulary, in the order of the scenario."""
    media = tuple(scenario.media)
    return {
        **VOCABULARIES,
        "queue": tuple(scenario.queues),
        "channel": tuple(scenario.channels),
        "medium": media,
        "medium_or_all": ("", *media),
        "label": tuple(scenario.labels),
        "team": tuple(scenario.teams),
        "agent": tuple(
            agent_name(team, n) for team, t in scenario.teams.items() for n in range(1, t.agents + 1)
        ),
        "stream": _stream_names(scenario),
    }


def _stream_names(scenario: Scenario) -> tuple[str, ...]:
    """Give the streams of the scenario, and those that a workload written by hand or replayed may have."""
    own = scenario.stream_names()
    pairs = [
        f"{channel}/{queue}"
        for channel, by in scenario.channels.items()
        for queue, at in scenario.queues.items()
        if by.medium == at.medium
    ]
    return tuple(dict.fromkeys([*own, *pairs]))


def agent_name(team: str, number: int) -> str:
    """Name an agent after his team and his number in it, which counts from 1."""
    return f"{team}-{number}"
