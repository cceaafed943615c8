"""What the metrics ask of a run's records."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pandas as pd


class Recorded(Protocol):
    """The tables a run leaves behind; `horizon_s` is when it ended, in seconds from opening."""

    @property
    def requests(self) -> "pd.DataFrame":
        """One row a search for an agent."""
        ...

    @property
    def tasks(self) -> "pd.DataFrame":
        """One row an attempt to serve."""
        ...

    @property
    def conversations(self) -> "pd.DataFrame":
        """One row a contact."""
        ...

    @property
    def agent_states(self) -> "pd.DataFrame":
        """One row a stay of an agent in a state."""
        ...

    @property
    def whispers(self) -> "pd.DataFrame":
        """One row a whisper."""
        ...

    @property
    def horizon_s(self) -> float:
        """When the simulation ended."""
        ...
