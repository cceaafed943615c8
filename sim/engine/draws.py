"""The draws of one arrival stream as the engine asks for them."""

from sim.scenario import Law
from sim.workload import Stream
from sim.workload.streams import Column


class StreamDraws:
    """The columns of a stream, found by purpose, the queue or team whose law it is, and occasion."""

    __slots__ = ("_columns", "_draws", "_values", "stream")

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self._draws = stream.draws
        self._columns: dict[tuple[str, int], Column] = {}
        self._values: dict[tuple[str, str, int], Column] = {}

    def uniform(self, purpose: str, k: int, contact: int) -> float:
        """Give the k-th uniform number of `purpose` for a contact."""
        try:
            return self._columns[purpose, k][contact]
        except KeyError:
            self._columns[purpose, k] = self._draws.uniforms(purpose, k)
            return self._columns[purpose, k][contact]

    def value(self, purpose: str, owner: str, law: Law, k: int, contact: int) -> float:
        """Give the k-th draw of `purpose` from the law that `owner`, a queue or a team, has for it."""
        try:
            return self._values[purpose, owner, k][contact]
        except KeyError:
            self._values[purpose, owner, k] = self._draws.values(purpose, law, k)
            return self._values[purpose, owner, k][contact]
