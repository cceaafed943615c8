"""The draws of one arrival stream as the engine asks for them."""

from sim.scenario import Constant, Law
from sim.workload import Stream
from sim.workload.streams import Column


class StreamDraws:
    """The columns of a stream, found by purpose, the queue or team whose law it is, and occasion.

    `certain` says that nothing was given by hand, so that a constant law needs no columns for later occasions.
    """

    __slots__ = ("certain", "stream", "uniforms", "values")

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.certain = not stream.draws.given
        self.uniforms: dict[tuple[str, int], Column] = {}
        self.values: dict[tuple[str, str, int], Column] = {}

    def uniform(self, purpose: str, k: int, contact: int) -> float:
        """Give the k-th uniform number of `purpose` for a contact."""
        column = self.uniforms.get((purpose, k))
        if column is None:
            column = self.uniforms[purpose, k] = self.stream.draws.uniforms(purpose, k)
        return column[contact]

    def value(self, purpose: str, owner: str, law: Law, k: int, contact: int) -> float:
        """Give the k-th draw of `purpose` from the law that `owner`, a queue or a team, has for it.

        The column is kept in `values`, where later draws find it.
        """
        if k and self.certain and law.__class__ is Constant and purpose != "handle_time":
            return law.value
        column = self.stream.draws.values(purpose, law, k, scaled=owner == self.stream.queue)
        self.values[purpose, owner, k] = column
        return column[contact]
