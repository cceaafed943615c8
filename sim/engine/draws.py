"""What customers draw, and the columns of an arrival stream from which they draw it."""

from sim.scenario import Constant, Distribution, Queue
from sim.workload import Stream
from sim.workload.seeds import Column


class Draw:
    """One thing that is drawn for customers: its purpose, and the law that `owner`, a queue or a team, has for it.

    `constant` is its value where the law leaves nothing to chance. A handle time always counts as left to
    chance, as a forecast may scale it.
    """

    __slots__ = ("constant", "law", "owner", "purpose")

    def __init__(self, purpose: str, owner: str, law: Distribution) -> None:
        self.purpose = purpose
        self.owner = owner
        self.law = law
        certain = isinstance(law, Constant) and purpose != "handle_time"
        self.constant: float | None = law.mean if certain else None


class QueueDraws:
    """What is drawn from the laws of one queue; None where it has none for it."""

    __slots__ = (
        "extra_time", "guest_time", "handle_time", "handover_time", "joint_time", "leaving_patience", "patience",
        "transfer_patience",
    )  # fmt: skip

    def __init__(self, name: str, spec: Queue) -> None:
        def draw(purpose: str, law: Distribution | None, owner: str = name) -> Draw | None:
            return Draw(purpose, owner, law) if law is not None else None

        onward, together = spec.transfer, spec.conference
        self.handle_time = Draw("handle_time", name, spec.handle_time)
        self.patience = draw("patience", spec.patience)
        self.transfer_patience = draw("transfer_patience", spec.patience)
        self.leaving_patience = draw(
            "transfer_patience", onward.patience if onward else None, f"leaving {name}"
        )
        self.handover_time = draw("handover_time", onward.handover_time if onward else None)
        self.joint_time = draw("joint_time", together.joint_time if together else None)
        self.extra_time = draw("extra_time", together.extra_time if together else None)
        self.guest_time = draw("guest_time", together.guest_time if together else None)


class StreamDraws:
    """The columns of a stream, found by what is drawn and by occasion.

    `certain` says that nothing was given by hand, so that a constant law needs no columns.
    """

    __slots__ = ("certain", "stream", "uniforms", "values")

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.certain = not stream.draws.given
        self.uniforms: dict[str, dict[int, Column]] = {}
        self.values: dict[Draw, dict[int, Column]] = {}

    def uniform_column(self, purpose: str, k: int) -> Column:
        """Return the k-th uniform numbers of `purpose`, and keep them where later draws find them."""
        column = self.stream.draws.uniforms(purpose, k)
        self.uniforms.setdefault(purpose, {})[k] = column
        return column

    def value_column(self, draw: Draw, k: int) -> Column:
        """Return the k-th values of `draw`, and keep them where later draws find them."""
        scaled = draw.owner == self.stream.queue
        column = self.stream.draws.values(draw.purpose, draw.law, k, scaled=scaled)
        self.values.setdefault(draw, {})[k] = column
        return column
