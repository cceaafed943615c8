"""The draws of contacts and of agents: addressed columns of random numbers, made on first need."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.scenario import Constant, Queue
from sim.scenario.distributions import ByTime, CustomerLaw, Distribution
from sim.scenario.wall_clock import WallClock
from sim.workload.inverse import addresses, beside, parts_of, quantile, quantile_at
from sim.workload.seeds import KEPT, BlockColumn, Bools, Column, Floats, Numbers, Seeds, column, frozen

if TYPE_CHECKING:
    from sim.workload.workload import Stream


Given = Mapping[str, Sequence[Floats]]
"""Values written by hand or recorded: by purpose, one column for each k; NaN where none is given."""
Valuing = Callable[[Floats, slice], Floats]
Part = tuple[str, Bools]
"""Some of the contacts: what they are called, and which they are."""

OFTEN = 2
"""Up to this k, hardly a block is left out: columns of which all blocks would be kept are made whole."""

BLOCKS = (1024, 512, 256)
"""Contacts in a block of a column of k = 1, 2, and 3 and more; of k = 0 nearly every contact needs its number."""

ABOVE = " above"
"""Behind a purpose: what its first value of a contact exceeds, as of those who were answered before they gave up."""

CHUNK = 65_536
"""Contacts whose values are worked out at once: a law's intermediate results take as much memory as its values."""


class ContactDraws:
    """Columns of draws, one number a contact, made on first need and kept.

    A column is addressed by purpose and k (the k-th draw of that purpose, from 0). What is given for a
    contact, by hand or from a log, takes the place of the draw, in uniforms (read as the uniform itself)
    and in values alike. `arrivals` are there for laws by the time of day: the times from the opening, and the clock,
    or what it shows at the opening where it is never changed; all in seconds.
    """

    __slots__ = (
        "_address",
        "_given",
        "_laws",
        "_numbers",
        "_scale",
        "_seeds",
        "_size",
        "_uniforms",
        "_values",
        "arrivals",
    )

    def __init__(
        self, seeds: Seeds, address: str, size: int, given: Given | None = None, scale: Floats | None = None
    ) -> None:
        self._seeds = seeds
        self._address = address
        self._size = size
        self._given = {purpose: tuple(map(frozen, columns)) for purpose, columns in (given or {}).items()}
        self._scale = None if scale is None else frozen(scale)
        self._uniforms: dict[tuple[str, int], Column] = {}
        self._values: dict[tuple[str, int, int, str], Column] = {}
        self._laws: dict[CustomerLaw | None, int] = {}
        self._numbers: dict[int, tuple[CustomerLaw | None, int]] = {}
        self.arrivals: tuple[Floats, WallClock | float] | None = None

    def __len__(self) -> int:
        return self._size

    def uniforms(self, purpose: str, k: int = 0) -> Column:
        """Return the k-th draw over [0, 1) of that purpose, for each contact."""
        found = self._uniforms.get((purpose, k))
        if found is None:
            found = self._uniforms[purpose, k] = self._column(purpose, k, lambda u, _: u)
        return found

    def values(
        self,
        purpose: str,
        law: CustomerLaw | None,
        k: int = 0,
        *,
        scaled: bool = True,
        only: Part | None = None,
    ) -> Column:
        """Return the k-th value of that purpose for each contact, in the law's unit.

        It is the law's quantile of the contact's uniform. Without a law the value is infinite: it never comes. Values
        of purpose "handle_time" are multiplied by the forecast's `handle_scale`; `scaled=False` leaves that
        out, for the handling in another queue than the stream's, and `only` leaves it to some of the contacts.
        """
        scale = self._scale if scaled and purpose == "handle_time" else None
        key = (purpose, self._number(law), k, "" if scale is None else only[0] if only else "all")
        found = self._values.get(key)
        if found is None:
            if scale is not None and only is not None:
                scale = np.where(only[1], scale, 1.0)
            value_of = self._valuing(law, scale)
            if k == 0 and purpose + ABOVE in self._given:
                value_of = _exceeding(value_of, self._given[purpose + ABOVE][0])
            found = self._values[key] = self._column(purpose, k, value_of, parts_of(law))
        return found

    def gives(self, purpose: str) -> bool:
        """Return whether any value is given for that purpose, by hand or from a log."""
        return purpose in self._given

    @property
    def given(self) -> Given:
        """The values written by hand or recorded, by purpose and k."""
        return self._given

    @property
    def handle_scale(self) -> Floats | None:
        """Factor on each contact's handle time from the forecast's aht_s; None where there is none."""
        return self._scale

    def scaled(self, scale: Floats) -> "ContactDraws":
        """Return the same draws with a factor on each contact's handle time in the stream's queue."""
        return ContactDraws(self._seeds, self._address, self._size, self._given, scale)

    def _number(self, law: CustomerLaw | None) -> int:
        """Return the number of a law; equal laws share one, and so their columns.

        A law is looked up by its identity, as hashing one with thousands of values takes longer than a whole
        event; the entry keeps it alive, so that its id is not given to another.
        """
        found = self._numbers.get(id(law))
        if found is None:
            found = law, self._laws.setdefault(law, len(self._laws))
            self._numbers[id(law)] = found
        return found[1]

    def _column(self, purpose: str, k: int, value_of: Valuing, parts: int = 1) -> Column:
        """Make a column of values from as many columns of uniforms as a law has parts, each with its own address."""
        given = self._given.get(purpose, ())
        generators = [self._seeds.generator(self._address, part, k) for part in addresses(purpose, parts)]
        if k < max(1, len(given)) or (k <= OFTEN and self._size <= KEPT * BLOCKS[k - 1]):
            values = self._whole(generators, value_of)
            return column(values if k >= len(given) else np.where(np.isnan(given[k]), values, given[k]))
        numbers = [Numbers(generator) for generator in generators]
        return BlockColumn(
            self._size,
            BLOCKS[min(k, len(BLOCKS)) - 1],
            lambda start, stop: value_of(
                beside([one.between(start, stop) for one in numbers]), slice(start, stop)
            ),
        )

    def _whole(self, generators: Sequence[np.random.Generator], value_of: Valuing) -> Floats:
        if self._size <= CHUNK:
            return value_of(beside([one.random(self._size) for one in generators]), slice(0, self._size))
        values = np.empty(self._size)
        for start in range(0, self._size, CHUNK):
            some = slice(start, min(start + CHUNK, self._size))
            values[some] = value_of(beside([one.random(some.stop - some.start) for one in generators]), some)
        return values

    def _valuing(self, law: CustomerLaw | None, scale: Floats | None) -> Valuing:
        """Make the function from uniforms, and the contacts they belong to, to values of the law."""
        if law is None:
            return lambda u, _: np.full(u.size, math.inf)
        value_of = self._timed(law) if isinstance(law, ByTime) else lambda u, _: quantile(law, u)
        if scale is None:
            return value_of
        return lambda u, contacts: value_of(u, contacts) * scale[contacts]

    def _timed(self, law: ByTime) -> Valuing:
        if self.arrivals is None:
            raise ValueError("a law by the time of day needs to know when each contact arrives")
        times, clock = self.arrivals
        wall = WallClock.set_at(clock) if isinstance(clock, float) else clock
        return lambda u, contacts: quantile_at(law, u, wall.time(times[contacts]))

    def __getstate__(self) -> tuple[Any, ...]:
        return (self._seeds, self._address, self._size, self._given, self._scale), self.arrivals

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        ContactDraws.__init__(self, *state[0])
        self.arrivals = state[1]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ContactDraws):
            return NotImplemented
        return (
            (self._seeds, self._address, self._size) == (other._seeds, other._address, other._size)
            and _same(self._scale, other._scale)
            and _same_given(self._given, other._given)
        )

    __hash__ = None  # type: ignore[assignment]


def _exceeding(value_of: Valuing, floor: Floats) -> Valuing:
    """Draw from what is left of a law above each contact's floor, NaN where it has none; the law has one part.

    With F the law's distribution function it is the quantile of F(floor) + u (1 - F(floor)). Where the law has nothing
    above the floor, it is just above it.
    """

    def drawn(u: Floats, contacts: slice) -> Floats:
        least = floor[contacts]
        low, high = np.zeros(u.shape), np.ones(u.shape)
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            beneath = value_of(middle, contacts) <= least
            low, high = np.where(beneath, middle, low), np.where(beneath, high, middle)
        left = value_of(np.minimum(low + u * (1.0 - low), np.nextafter(1.0, 0.0)), contacts)
        return np.where(np.isnan(least), value_of(u, contacts), np.fmax(left, least + JUST_LONGER_S))

    return drawn


JUST_LONGER_S = 0.001
"""By so much a patience exceeds the wait at least: who gives up at the instant of their answer leaves."""
HALVINGS = 54
"""By so many halvings of [0, 1] a distribution function is known to the last bit."""


def _same(one: Floats | None, other: Floats | None) -> bool:
    if one is None or other is None:
        return one is other
    return np.array_equal(one, other, equal_nan=True)


def _same_given(one: Given, other: Given) -> bool:
    if one.keys() != other.keys():
        return False
    return all(
        len(columns) == len(other[purpose]) and all(map(_same, columns, other[purpose]))
        for purpose, columns in one.items()
    )


# Draws of agents.

_BLOCK = 64


class AgentDraws:
    """Uniform numbers addressed by team, the agent's number in it, purpose and k.

    An agent's numbers depend neither on the number of colleagues nor on the order in which they are asked for.
    """

    __slots__ = ("_blocks", "_seeds", "_values")

    def __init__(self, seeds: Seeds) -> None:
        self._seeds = seeds
        self._blocks: dict[tuple[str, int, str], list[float]] = {}
        self._values: dict[tuple[str, int, str, int], tuple[Distribution, list[float]]] = {}

    def uniform(self, team: str, number: int, purpose: str, k: int = 0) -> float:
        """Return the k-th number over [0, 1) of that purpose for that agent."""
        return self.uniforms(team, number, purpose, k)[k]

    def uniforms(self, team: str, number: int, purpose: str, k: int) -> list[float]:
        """Return the first numbers of that purpose for that agent, with the k-th among them."""
        block = self._blocks.get((team, number, purpose))
        return self._grown(team, number, purpose, k) if block is None or k >= len(block) else block

    def value(self, team: str, number: int, purpose: str, law: Distribution, k: int = 0) -> float:
        """Return the k-th value of that purpose for that agent, the law's quantile of the uniform number.

        A block of them is made at once; one number at a time would cost ten times as much.
        """
        return self.values(team, number, purpose, law, k)[k]

    def values(self, team: str, number: int, purpose: str, law: Distribution, k: int) -> list[float]:
        """Return the first values of that purpose for that agent, with the k-th among them."""
        law_and_block = self._values.get((team, number, purpose, id(law)))
        if law_and_block is None or k >= len(law_and_block[1]):
            values = self._drawn(team, number, purpose, law, k)
            law_and_block = self._values[team, number, purpose, id(law)] = law, values
        return law_and_block[1]

    def _drawn(self, team: str, number: int, purpose: str, law: Distribution, k: int) -> list[float]:
        if isinstance(law, Constant):  # asks for no uniforms
            return [law.value] * max(_BLOCK, 2 * (k + 1))
        values: list[float] = quantile(law, self._uniforms(team, number, purpose, law, k)).tolist()
        return values

    def _uniforms(self, team: str, number: int, purpose: str, law: Distribution, k: int) -> Floats:
        columns = addresses(purpose, parts_of(law))
        for one in columns:
            self.uniform(team, number, one, k)
        blocks = [self._blocks[team, number, one] for one in columns]
        size = min(map(len, blocks))  # another law of this purpose may have asked for more of the first
        return beside([np.array(block[:size]) for block in blocks])

    def _grown(self, team: str, number: int, purpose: str, k: int) -> list[float]:
        size = max(_BLOCK, 2 * (k + 1))
        numbers: list[float] = self._seeds.uniforms(size, "agents", team, number, purpose).tolist()
        self._blocks[team, number, purpose] = numbers
        return numbers

    def __getstate__(self) -> Seeds:
        return self._seeds

    def __setstate__(self, seeds: Seeds) -> None:
        AgentDraws.__init__(self, seeds)


# What customers draw, and the columns of an arrival stream from which they draw it.


class Draw:
    """One thing that is drawn for customers: its purpose, and the law that `owner`, a queue or a team, has for it.

    `constant` is its value where the law leaves nothing to chance; without a law that is infinite. A handle time
    always counts as left to chance, as a forecast may scale it.
    """

    __slots__ = ("constant", "law", "owner", "purpose")

    def __init__(self, purpose: str, owner: str, law: CustomerLaw | None) -> None:
        self.purpose = purpose
        self.owner = owner
        self.law = law
        self.constant: float | None = None
        if law is None:
            self.constant = math.inf
        elif isinstance(law, Constant) and purpose != "handle_time":
            self.constant = law.value


class QueueDraws:
    """What is drawn from the laws of one queue; None where it has none for it.

    Patience has no law where customers wait for ever, yet a value may be given for some of them.
    """

    __slots__ = (
        "extra_time", "guest_time", "handle_time", "handover_time", "joint_time", "leaving_patience", "patience",
        "set_up_time", "transfer_patience", "wrap_up",
    )  # fmt: skip

    def __init__(self, name: str, spec: Queue, handle_time: CustomerLaw | None = None) -> None:
        def draw(purpose: str, law: CustomerLaw | None, owner: str = name) -> Draw | None:
            return Draw(purpose, owner, law) if law is not None else None

        onward, together = spec.transfer, spec.conference
        self.handle_time = Draw("handle_time", name, handle_time or spec.handle_time)
        self.patience = Draw("patience", name, spec.patience)
        self.transfer_patience = Draw("transfer_patience", name, spec.patience)
        self.leaving_patience = draw(
            "transfer_patience", onward.patience if onward else None, f"leaving {name}"
        )
        self.wrap_up = draw("wrap_up", spec.wrap_up)
        self.set_up_time = draw("set_up_time", onward.set_up_time if onward else None)
        self.handover_time = draw("handover_time", onward.handover_time if onward else None)
        self.joint_time = draw("joint_time", together.joint_time if together else None)
        self.extra_time = draw("extra_time", together.extra_time if together else None)
        self.guest_time = draw("guest_time", together.guest_time if together else None)


class StreamDraws:
    """The columns of a stream, found by what is drawn and by occasion.

    `certain` says that nothing was given by hand, so that a constant law needs no columns.
    """

    __slots__ = ("certain", "stream", "uniforms", "values")

    def __init__(self, stream: "Stream") -> None:
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
        stream, owner = self.stream, draw.owner
        if owner in stream.queue_shares and stream.handle_scale is not None:
            part = f"queue {owner}", stream.asking_for(owner)
            column = stream.draws.values(draw.purpose, draw.law, k, only=part)
        else:
            column = stream.draws.values(draw.purpose, draw.law, k, scaled=owner == stream.queue)
        self.values.setdefault(draw, {})[k] = column
        return column
