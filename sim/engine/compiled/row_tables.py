"""Rows that the compiled engine hands over, as the records' tables take them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from sim.engine.breaches import SHOWN, LastEvents
from sim.engine.compiled.layout import names, rows, structs
from sim.engine.compiled.world import Array
from sim.records import Recorder
from sim.records.recorder import CHANGES, vocabularies_of
from sim.records.schema import CONVERSATION_OUTCOMES, DISPOSITIONS, KINDS
from sim.records.schema import TABLES as TABLE_COLUMNS
from sim.scenario import Scenario

ROWS = 8192
"""Rows that are handed over at once: a few times the second-level cache, and some hundred calls a million rows."""
NAMES = 1 << 16

TABLES = names("Table")
EVENTS = names("Event")
STRUCTS = {
    "requests": "RequestRow",
    "tasks": "TaskRow",
    "conversations": "ConversationRow",
    "agent_states": "StateRow",
    "whispers": "WhisperRow",
    "events": "EventRow",
}
FIELDS = {name: name.removeprefix("agent_") for name in TABLES}
"""By table, the name of its rows where they are handed in."""

_spare: dict[str, Array] = {}
"""By table, the memory of a run that has ended."""

_SEATS = {"agent": "seat"}
"""Rows name an agent by the word of their seat."""

Take = Callable[[dict[str, Array]], None]


class Rows:
    """The memory that the engine writes rows into, and what becomes of them."""

    def __init__(self, scenario: Scenario, recorder: Recorder, agents: int) -> None:
        self._vocabularies = vocabularies_of(scenario)
        self._takers = {name: self._taker(recorder, name) for name in TABLES if getattr(recorder, name)}
        self.names = max(NAMES, len(scenario.queues), agents)
        self.spill = np.zeros(self.names, np.int32)
        self.arrays: dict[str, Array] = {}
        for name in self._takers:
            spare = _spare.pop(name, None)
            self.arrays[name] = rows(STRUCTS[name], ROWS) if spare is None else spare
        self._vocabulary = _Names(self._vocabularies, tuple(scenario.waiting_rooms))
        self._events = 0
        self._last = recorder.events if isinstance(recorder.events, LastEvents) else None

    def give_back(self) -> None:
        """Let a later run have the memory: to get it and touch it takes as long as many rows."""
        _spare.update(self.arrays)

    def take(self, table: int, n: int) -> None:
        """Take so many rows of a table."""
        name = TABLES[table]
        taken = self.arrays[name][:n]
        if name == "events" and self._last is not None and self._last.append is None:
            taken = self._last_of(taken, self._last)
        columns = _fields(taken)
        if name == "whispers":
            columns["readers"] = self._readers(taken)
        elif name == "events":
            columns |= self._of_events(taken)
        self._takers[name](columns)

    def _taker(self, recorder: Recorder, name: str) -> Take:
        """Return what takes the columns of a table: the table itself, or row by row what stands in its place."""
        append, table = getattr(recorder, name), recorder.tables.get(name)
        if table is not None and append == table.append:
            return table.take

        def take(columns: dict[str, Array]) -> None:
            for row in zip(*(self._values(name, columns)), strict=True):
                append(row)

        return take

    def _values(self, name: str, columns: dict[str, Array]) -> Iterator[list[Any]]:
        """Return the columns as the SimPy engine says them: names as words, the rest as Python's own numbers."""
        for column in CHANGES if name == "agent_states" else TABLE_COLUMNS[name]:
            if column.derived:
                continue
            values = columns[column.name]
            if column.type == "names":
                words = (*self._vocabularies[_SEATS.get(column.vocabulary, column.vocabulary)], None)
                yield [words[code] for code in values]
            else:
                yield (values.astype(bool) if column.type == "flag" else values).tolist()

    def _last_of(self, taken: Array, last: LastEvents) -> Array:
        """Return the events that may be shown; of those before them the contacts that came are counted."""
        before = taken[:-SHOWN]
        last.arrived += int(np.count_nonzero(before["event"] == EVENTS.index("arrived")))
        self._events += len(before)
        return taken[-SHOWN:]

    def _readers(self, taken: Array) -> Array:
        names = self._vocabulary.agents
        spans = zip(taken["reader_first"].tolist(), taken["reader_n"].tolist(), strict=True)
        texts = [", ".join(names[i] for i in self.spill[first : first + n]) for first, n in spans]
        return np.array(texts, dtype=object)

    def _of_events(self, taken: Array) -> dict[str, Array]:
        first = self._events + 1
        self._events += len(taken)
        details = np.empty(len(taken), object)
        details[:] = [self._detail(row) for row in taken.tolist()]
        return {
            "seq": np.arange(first, self._events + 1),
            "event": np.array(EVENTS, object)[taken["event"]],
            "medium": taken["medium"] + 1,
            "detail": details,
        }

    def _detail(self, row: tuple[Any, ...]) -> dict[str, Any]:
        say = _DETAILS.get(EVENTS[row[_EVENT]])
        if say is None:
            return {}
        return say(self._vocabulary, row, self.spill[row[_FIRST] : row[_FIRST] + row[_N]].tolist())


def _fields(taken: Array) -> dict[str, Array]:
    assert taken.dtype.names is not None
    return {name: taken[name] for name in taken.dtype.names}


class _Names:
    """The names of a scenario by number."""

    def __init__(self, words: Mapping[str, tuple[str, ...]], rooms: tuple[str, ...]) -> None:
        self.reasons = ("lines", "capacity", *rooms)
        self.agents = words["seat"]  # who is in several teams is named by the seat in the first
        self.queues = words["queue"]
        self.channels = words["channel"]
        self.labels = words["label"]


# What else there is to say of an event, in the order in which the SimPy engine says it.

_PLACES = {name: i for i, name in enumerate(structs()["EventRow"].names or ())}
_EVENT, _FIRST, _N = _PLACES["event"], _PLACES["name_first"], _PLACES["name_n"]
_A, _B, _C, _D = (_PLACES[name] for name in ("first", "second", "third", "fourth"))
_CUSTOMER = _PLACES["customer"]

Row = tuple[Any, ...]
Say = Callable[[_Names, Row, Sequence[int]], dict[str, Any]]


def _or_none(words: Sequence[str], number: int) -> str | None:
    return None if number < 0 else words[number]


_DETAILS: dict[str, Say] = {
    "arrived": lambda names, row, _: {
        "channel": names.channels[row[_A]],
        "customer": row[_CUSTOMER],
        "label": _or_none(names.labels, row[_B]),
        "identified": bool(row[_C]),
    },
    "blocked": lambda names, row, _: {"reason": names.reasons[row[_A]]},
    "conversation_ended": lambda _, row, __: {"outcome": CONVERSATION_OUTCOMES[row[_A]]},
    "request_placed": lambda _, row, __: {
        "kind": KINDS[row[_A]],
        "priority": row[_B],
        "note": bool(row[_C]),
    },
    "queue_emptied": lambda _, row, __: {"kind": KINDS[row[_A]]},
    "step_opened": lambda _, row, __: {"step": row[_A]},
    "requeued": lambda _, row, __: {"priority": row[_A]},
    "request_refused": lambda _, row, __: {"kind": KINDS[row[_A]]},
    "request_moved": lambda names, row, _: {"kind": KINDS[row[_A]], "to": names.queues[row[_B]]},
    "wait_limit_reached": lambda _, row, __: {"then": ("end", "voicemail")[row[_A]]},
    "dropdown_opened": lambda names, _, counts: {"available": dict(zip(names.queues, counts, strict=True))},
    "transfer_placed": lambda names, row, _: {
        "kind": KINDS[row[_A]],
        "note": bool(row[_B]),
        "warm": bool(row[_C]),
        "named": _or_none(names.agents, row[_D]),
    },
    "conference_placed": lambda _, row, __: {"note": bool(row[_A])},
    "sent_back": lambda _, row, __: {"reason": ("shift_end", "interrupted")[row[_A]]},
    "task_closed": lambda _, row, __: {"disposition": DISPOSITIONS[row[_A]]},
    "whisper": lambda names, _, agents: {"to": ", ".join(names.agents[i] for i in agents)},
}
