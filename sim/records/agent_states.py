"""The stays of agents in states: taken down as changes, three numbers each, and joined to stays when asked for."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.records.schema import AGENT_STATES, STATE_REASONS, Column
from sim.records.table import Relations, Table

OUT = -1
"""The state of who is not logged in."""

_CHANGES = (Column("place", "count"), Column("stay", "count"), Column("at", "number"))


def stay_of(state: str, reason: str = "") -> int:
    """Return the number by which a change names a state and its reason."""
    return AGENT_STATES.index(state) * len(STATE_REASONS) + STATE_REASONS.index(reason)


class AgentStateTable(Table):
    """The table of agent states.

    A row taken is (place, stay, at): from then on, in seconds from opening, the agent of that place is in that
    state. Places count agent by agent and, for each, their presence and then their media, both as the scenario
    declares them. A stay that lasted no time is none.
    """

    def __init__(
        self, columns: Sequence[Column], vocabularies: Mapping[str, Sequence[str]], relations: Relations
    ) -> None:
        super().__init__(columns, vocabularies)
        self._relations = relations
        self._changes = Table(_CHANGES, {})

    def __len__(self) -> int:
        return len(self.arrays()["agent"])

    @property
    def append(self) -> Callable[[tuple[Any, ...]], None]:
        """The function that takes a change."""
        return self._changes.append

    def pack(self) -> None:
        """Pack the changes taken so far."""
        self._changes.pack()

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the columns as arrays; a column of names as codes."""
        changes = self._changes.arrays()
        place, stay, at = changes["place"], changes["stay"], changes["at"]
        before = _before(place)
        ends = np.flatnonzero(before >= 0)
        begins = before[ends]
        lasting = (stay[begins] != OUT) & (at[ends] > at[begins])
        ends, begins = ends[lasting], begins[lasting]
        agent, medium = np.divmod(place[ends], len(self.names("medium")))
        state, reason = np.divmod(stay[begins], len(STATE_REASONS))
        return self.declared(
            {
                "agent": agent,
                "team": self._relations.team_of[agent],
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
    by_place = np.argsort(place, kind="stable")
    same = place[by_place[1:]] == place[by_place[:-1]]
    before[by_place[1:][same]] = by_place[:-1][same]
    return before
