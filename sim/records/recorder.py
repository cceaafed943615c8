"""Who takes down what happens: the engine tells a recorder, and never reads back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.records.schema import AGENT_STATES, STATE_REASONS, TABLES, VOCABULARIES, Column, clock_name
from sim.records.table import DERIVED, Arrays, Columns, Relations, Table
from sim.scenario import Scenario
from sim.scenario.teams import seats_of
from sim.scenario.wall_clock import WallClock

if TYPE_CHECKING:
    import pandas as pd


Append = Callable[[tuple[Any, ...]], None]

EVERYTHING = tuple(TABLES)
WITHOUT_EVENTS = tuple(name for name in TABLES if name != "events")
NOTHING: tuple[str, ...] = ()
NOBODY: Mapping[str, float] = {}


class Recorder:
    """Keeps the tables it was asked for; what is not kept costs the run nothing.

    Each of `requests`, `tasks`, `conversations`, `agent_states`, `whispers` and `events` is the function that
    takes a row of that table without its derived columns, or a change of an agent's state; it is None where
    the table is not wanted.
    """

    __slots__ = (
        "_media",
        "agent_states",
        "conversations",
        "events",
        "requests",
        "tables",
        "tasks",
        "whispers",
    )

    def __init__(self, scenario: Scenario, wanted: Iterable[str] = WITHOUT_EVENTS) -> None:
        self.tables = tables_of(scenario, wanted)
        self._media = ("", *scenario.media)
        self.requests = self._taker("requests")
        self.tasks = self._taker("tasks")
        self.conversations = self._taker("conversations")
        self.agent_states = self._taker("agent_states")
        self.whispers = self._taker("whispers")
        self.events = self._taker("events")

    def place(self, agent: int, medium: str = "") -> int:
        """Return the number of a place: the presence of an agent, counted through all teams, or their desk."""
        return agent * len(self._media) + self._media.index(medium)

    def pack(self) -> None:
        """Pack what was taken so far, so that a long run does not fill the memory."""
        for table in self.tables.values():
            table.pack()

    def _taker(self, name: str) -> Append | None:
        table = self.tables.get(name)
        return table.append if table is not None else None


def tables_of(scenario: Scenario, wanted: Iterable[str] = EVERYTHING) -> dict[str, Table]:
    """Make the tables wanted, empty, for names of that scenario."""
    vocabularies, relations = vocabularies_of(scenario), Relations.of(scenario)
    kept = set(wanted)
    return {
        name: AgentStateTable(columns, vocabularies, relations)
        if name == "agent_states"
        else Table(columns, vocabularies, _deriving(name, relations), relations.agent_of)
        for name, columns in TABLES.items()
        if name in kept
    }


def _deriving(name: str, relations: Relations) -> Callable[[Arrays], Arrays] | None:
    derive = DERIVED.get(name)
    return partial(derive, relations) if derive is not None else None


_known: list[tuple[Scenario, dict[str, tuple[str, ...]]]] = []
"""The vocabularies of the scenarios that were simulated last: those of 20 000 agents take as long as their day."""
KEPT = 4
KEPT_DATES = 32
"""Of dates of a calendar, which come again with each replication."""


def vocabularies_of(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Return every name that a table of this scenario may hold, by vocabulary, in the order of the scenario."""
    for known, names in _known:
        if known is scenario:
            return names
    found = _vocabularies_of(scenario)
    _known.insert(0, (scenario, found))
    del _known[KEPT if scenario.date is None else KEPT_DATES :]
    return found


def _vocabularies_of(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    media, seats = tuple(scenario.media), seats_of(scenario)
    return {
        **VOCABULARIES,
        "queue": tuple(scenario.queues),
        "channel": tuple(scenario.channels),
        "medium": media,
        "medium_or_all": ("", *media),
        "label": tuple(scenario.labels),
        "team": tuple(scenario.teams),
        "agent": tuple(dict.fromkeys(seat.name for seat in seats)),
        "seat": tuple(seat.word for seat in seats),
        "stream": _stream_names(scenario),
    }


def _stream_names(scenario: Scenario) -> tuple[str, ...]:
    """Return the streams of the scenario, and those that a workload written by hand or replayed may have."""
    own = scenario.stream_names()
    pairs = [
        f"{channel}/{queue}"
        for channel, by in scenario.channels.items()
        for queue, at in scenario.queues.items()
        if by.medium == at.medium
    ]
    return tuple(dict.fromkeys([*own, *pairs]))


class Ending:
    """How a run ended, in seconds from opening.

    `horizon_s` is the instant at which it did. Where log-ins were added after its own days for those who still
    waited, `first_added_s` is the first of them, `added` each such agent's first, and `work_ended_s` the last work
    that ended before; else `work_ended_s` is the horizon too. `returns_elsewhere` are the customers of a date
    of a calendar who would have come back on another one.
    """

    __slots__ = ("added", "first_added_s", "horizon_s", "returns_elsewhere", "work_ended_s")

    def __init__(
        self,
        horizon_s: float,
        work_ended_s: float | None = None,
        first_added_s: float = float("inf"),
        added: Mapping[str, float] = NOBODY,
        returns_elsewhere: int = 0,
    ) -> None:
        self.horizon_s = horizon_s
        self.work_ended_s = horizon_s if work_ended_s is None else work_ended_s
        self.first_added_s = first_added_s
        self.added = added
        self.returns_elsewhere = returns_elsewhere


class Records:
    """The tables of one run, each a frame that is built when first asked for.

    `horizon_s` is the instant at which the run ended, `ending` says more of it. A table that was not recorded
    is empty, with its columns. With a calendar `days` are the records of its open dates, each on its own clock.
    """

    days: "tuple[Any, ...]" = ()

    def __init__(self, scenario: Scenario, recorder: Recorder, replication: int, ending: Ending) -> None:
        self.replication = replication
        self.horizon_s = ending.horizon_s
        self.ending = ending
        left_out = [name for name in TABLES if name not in recorder.tables]
        both = tables_of(scenario, left_out) | recorder.tables
        self.tables = {name: both[name] for name in TABLES}
        stays = self.tables["agent_states"]
        assert isinstance(stays, AgentStateTable)
        stays.until_s = ending.horizon_s
        self._columns: dict[str, Columns] = {}

    @cached_property
    def requests(self) -> "pd.DataFrame":
        """Return one row a search for an agent, from its placing to its end, over all offers."""
        return self.tables["requests"].frame()

    @cached_property
    def tasks(self) -> "pd.DataFrame":
        """Return one row an attempt to serve: the vendor's `agent_task`."""
        return self.tables["tasks"].frame()

    @cached_property
    def conversations(self) -> "pd.DataFrame":
        """Return one row a contact."""
        return self.tables["conversations"].frame()

    @cached_property
    def agent_states(self) -> "pd.DataFrame":
        """Return one row a stay of an agent in a state, by medium; the rows without a medium are their presence."""
        return self.tables["agent_states"].frame()

    @cached_property
    def whispers(self) -> "pd.DataFrame":
        """Return one row a whisper, with those who could read it when it was sent."""
        return self.tables["whispers"].frame()

    @cached_property
    def events(self) -> "pd.DataFrame":
        """Return everything that happened, in order, where the run was asked for it."""
        return self.tables["events"].frame()

    def columns(self, name: str) -> Columns:
        """Return a table as columns, which are made once."""
        if name not in self._columns:
            self._columns[name] = self.tables[name].as_columns()
        return self._columns[name]

    def forget(self) -> None:
        """Let go of what was made of the tables: it is as large as they are, and quickly made again."""
        self._columns.clear()
        self.days = ()
        for name in self.tables:
            vars(self).pop(name, None)


class Recorded(Protocol):
    """The tables a run leaves behind, and how it ended."""

    @property
    def requests(self) -> "pd.DataFrame":
        """One row a search for an agent."""

    @property
    def tasks(self) -> "pd.DataFrame":
        """One row an attempt to serve."""

    @property
    def conversations(self) -> "pd.DataFrame":
        """One row a contact."""

    @property
    def agent_states(self) -> "pd.DataFrame":
        """One row a stay of an agent in a state."""

    @property
    def whispers(self) -> "pd.DataFrame":
        """One row a whisper."""

    @property
    def ending(self) -> Ending:
        """How the simulation ended."""


# The stays of agents in states: taken down as changes, three numbers each, and joined to stays when asked
# for.

OUT = -1
"""The state of who is not logged in."""

CHANGES = (Column("place", "count"), Column("stay", "count"), Column("at", "number"))


def stay_of(state: str, reason: str = "") -> int:
    """Return the number by which a change names a state and its reason."""
    return AGENT_STATES.index(state) * len(STATE_REASONS) + STATE_REASONS.index(reason)


class AgentStateTable(Table):
    """The table of agent states.

    A row taken is (place, stay, at): from then on, in seconds from opening, the agent of that place is in that
    state. Places count agent by agent and, for each, their presence and then their media, both as the scenario
    declares them. A stay that lasted no time is none. No stay ends after `until_s`, the end of the run.
    """

    def __init__(
        self, columns: Sequence[Column], vocabularies: Mapping[str, Sequence[str]], relations: Relations
    ) -> None:
        super().__init__(columns, vocabularies, agent_of=relations.agent_of)
        self._relations = relations
        self._changes = Table(CHANGES, {})
        self.until_s = float("inf")

    def __len__(self) -> int:
        return len(self.arrays()["agent"])

    @property
    def append(self) -> Callable[[tuple[Any, ...]], None]:
        """The function that takes a change."""
        return self._changes.append

    def take(self, columns: Mapping[str, NDArray[Any]]) -> None:
        """Take many changes at once."""
        self._changes.take(columns)

    def pack(self) -> None:
        """Pack the changes taken so far."""
        self._changes.pack()

    def changes(self) -> Arrays:
        """Return the changes taken so far, none after the end of the run."""
        changes = self._changes.arrays()
        # A run in which somebody waits for nobody stops after 30 days: that is a rule for stopping and no time worked.
        return {**changes, "at": np.minimum(changes["at"], self.until_s)}

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the columns as arrays; a column of names as codes."""
        changes = self.changes()
        place, stay, at = changes["place"], changes["stay"], changes["at"]
        before = _before(place)
        ends = np.flatnonzero(before >= 0)
        begins = before[ends]
        lasting = (stay[begins] != OUT) & (at[ends] > at[begins])
        ends, begins = ends[lasting], begins[lasting]
        seat, medium = np.divmod(place[ends], len(self.names("medium")))
        state, reason = np.divmod(stay[begins], len(STATE_REASONS))
        return self.declared(
            {
                "agent": seat if self._agent_of is None else self._agent_of[seat],
                "team": self._relations.team_of[seat],
                "medium": medium,
                "state": state,
                "reason": reason,
                "started_at": at[begins],
                "ended_at": at[ends],
            }
        )


def _before(place: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each change the number of the last one of the same place, -1 for the first one."""
    before = np.full(len(place), -1)
    # numpy sorts 16 bits in linear time
    small = len(place) > 0 and place.max() <= np.iinfo(np.uint16).max
    by_place = np.argsort(place.astype(np.uint16) if small else place, kind="stable")
    same = place[by_place[1:]] == place[by_place[:-1]]
    before[by_place[1:][same]] = by_place[:-1][same]
    return before


# Wall clocks: for people, beside the seconds that everything is reckoned in.


def with_clocks(name: str, frame: "pd.DataFrame", opens: datetime, clock: WallClock) -> "pd.DataFrame":
    """Return a frame of the table of that name with the wall clock beside each instant, NaT for never."""
    import pandas as pd

    clocks = {column.name: clock_name(column) for column in TABLES[name]}
    columns: dict[str, pd.Series] = {}
    for column in map(str, frame):
        columns[column] = frame[column]
        if clocks.get(column):
            columns[clocks[column]] = pd.Series(
                _moments(opens, clock.shown(frame[column].to_numpy())), frame.index
            )
    return pd.DataFrame(columns, copy=False)


def _moments(opens: datetime, seconds: NDArray[np.float64]) -> NDArray[np.datetime64]:
    never = np.isnan(seconds)
    micros = np.rint(np.where(never, 0.0, seconds) * 1e6).astype("timedelta64[us]")
    return np.where(never, np.datetime64("NaT", "us"), np.datetime64(opens, "us") + micros)
