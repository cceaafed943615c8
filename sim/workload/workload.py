"""The contacts and draws of one replication, as a value: streams, and the workload they make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.errors import SimError
from sim.scenario import Scenario
from sim.scenario.wall_clock import WallClock
from sim.workload.draws import AgentDraws, ContactDraws
from sim.workload.inverse import Choice, choice_or_none
from sim.workload.seeds import Bools, Column, Floats, Seeds, column, frozen


def draws_address(name: str, entry: str) -> str:
    """Return the address of a stream's draws: its name, after that of the recorded day it is part of, if any."""
    return name if name == entry else f"{entry}:{name}"


class Recorded(NamedTuple):
    """What is recorded of a contact beyond values and uniform numbers, for the first agent whom they meet.

    The queue that this one hands them on to, after so many seconds of work (None: where the law has it, else at the
    end), and the agent who is offered them first.
    """

    transfer_to: str | None
    after_s: float | None
    agent: str | None


@dataclass(frozen=True, eq=False)
class Stream:
    """The contacts of one stream in order of arrival.

    It is named after its arrivals or "channel/queue"; `entry` is the name of the scenario's arrivals that it
    comes from, which is another one for a recorded day only, as that makes several streams. `times` are
    seconds from opening, before the scenario's end. `label_shares` says which share of the contacts carries
    which label, `written_labels` (empty or one a contact) which labels were given by hand or recorded.
    `queue_shares` are those of a stream that is split over queues, of which `queue` then is the first. `recorded`
    (empty or one a contact) says whom contacts were handed on to, and who answered them.
    """

    name: str
    channel: str
    queue: str
    entry: str
    times: Floats
    draws: ContactDraws
    label_shares: Mapping[str, float] = field(default_factory=dict)
    queue_shares: Mapping[str, float] = field(default_factory=dict)
    written_labels: Sequence[str | None] = ()
    recorded: Sequence[Recorded | None] = ()

    def __post_init__(self) -> None:
        frozen(self.times)

    def __len__(self) -> int:
        return self.times.size

    @cached_property
    def labels(self) -> Sequence[str | None]:
        """Each contact's label: the written one, else by the uniform "label" and the shares; or None."""
        if not self.label_shares:
            return self.written_labels or (None,) * len(self)
        drawn = self.label_choice.pick_each(self.draws.uniforms("label"))
        if not self.written_labels:
            return drawn
        return [written or label for written, label in zip(self.written_labels, drawn, strict=True)]

    @cached_property
    def queues(self) -> Sequence[str]:
        """Each contact's queue: by the uniform "queue" and the shares where the stream is split."""
        if not self.queue_shares:
            return (self.queue,) * len(self)
        return self.queue_choice.pick_each(self.draws.uniforms("queue"))

    @property
    def label_choice(self) -> Choice[str | None]:
        """Return the choice of a label by its uniform, "label", where none is written."""
        return choice_or_none(self.label_shares)

    @property
    def queue_choice(self) -> Choice[str]:
        """Return the choice of a queue by its uniform, "queue", where the stream is split."""
        return Choice(tuple(self.queue_shares), tuple(self.queue_shares.values()))

    def asking_for(self, queue: str) -> Bools:
        """Return which of the contacts ask for a queue."""
        return np.fromiter((one == queue for one in self.queues), dtype=np.bool_, count=len(self))

    @property
    def handle_scale(self) -> Column | None:
        """Factor on each contact's handle time from the forecast's aht_s; None where there is none."""
        scale = self.draws.handle_scale
        return None if scale is None else column(scale)

    def __getstate__(self) -> dict[str, Any]:
        return {name: part for name, part in vars(self).items() if name not in ("labels", "queues")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        frozen(self.times)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Stream):
            return NotImplemented
        return (
            (self.name, self.channel, self.queue, self.entry)
            == (other.name, other.channel, other.queue, other.entry)
            and np.array_equal(self.times, other.times)
            and list(self.label_shares.items()) == list(other.label_shares.items())
            and list(self.queue_shares.items()) == list(other.queue_shares.items())
            and tuple(self.written_labels) == tuple(other.written_labels)
            and tuple(self.recorded) == tuple(other.recorded)
            and self.draws == other.draws
        )

    __hash__ = None  # type: ignore[assignment]


class Order(NamedTuple):
    """All contacts by time of arrival: three columns of equal length, to be walked through together.

    Contacts of the same instant come by the order of their streams, then by their index in the stream.
    """

    times: Column
    streams: "memoryview[int]"
    contacts: "memoryview[int]"


@dataclass(frozen=True, eq=False)
class Workload:
    """The contacts of one replication with every draw that they and the agents may need.

    With a calendar `days` are those of its open dates.
    """

    streams: tuple[Stream, ...]
    seed: int
    replication: int
    agents: AgentDraws
    days: "tuple[Workload, ...]" = ()

    @classmethod
    def of_days(cls, days: "Sequence[Workload]", seeds: Seeds, scenario: Scenario) -> "Workload":
        """Make the workload of a calendar of those of its open dates, each with times from its own midnight.

        Where the dates hang together its streams are on their one clock.
        """
        from sim.scenario.single_days import joined_of

        pairs = zip(scenario.days, days, strict=True)
        by_s = [0.0 if joined_of(scenario) is None else date.midnight_s for date, _ in pairs]
        streams = tuple(
            replace(stream, times=stream.times + midnight_s) if midnight_s else stream
            for day, midnight_s in zip(days, by_s, strict=True)
            for stream in day.streams
        )
        return cls(streams, seeds.seed, seeds.replication, days[0].agents, tuple(days))

    @classmethod
    def of(cls, streams: tuple[Stream, ...], seeds: Seeds, scenario: Scenario) -> "Workload":
        """Make a scenario's workload of those streams, with the agents' draws of the same seeds."""
        clock = WallClock.of(scenario) if scenario.is_dated else scenario.opens_at
        for stream in streams:
            stream.draws.arrivals = stream.times, clock
        return cls(streams, seeds.seed, seeds.replication, AgentDraws(seeds))

    def __len__(self) -> int:
        return sum(map(len, self.streams))

    def order(self) -> Order:
        """All contacts, merged by (time, stream, index)."""
        times: Floats = np.concatenate([np.empty(0), *(stream.times for stream in self.streams)])
        sizes = np.array([len(stream) for stream in self.streams], np.int64)
        contacts = np.argsort(times, kind="stable")
        # One after the other, each in the place of what it is made of: this is the most that a long day ever needs.
        times = times[contacts]
        streams = np.repeat(np.arange(len(sizes)), sizes)[contacts]
        contacts -= (np.cumsum(sizes) - sizes)[streams]
        return Order(column(times), streams.data, contacts.data)

    def save(self, path: str | Path) -> None:
        """Write the workload to one compressed file (npz, no pickle), whole or not at all."""
        from sim.workload.files import save

        if self.days:
            raise SimError(
                "the workload of a calendar is drawn anew and not saved; save that of one of its `days`"
            )
        save(self, Path(path))

    @classmethod
    def load(cls, path: str | Path, scenario: Scenario) -> "Workload":
        """Read a workload saved before, to be run on `scenario`.

        Raises SimError where the file was not written by `save` or names a channel, queue or label that the scenario
        lacks.
        """
        from sim.workload.files import load

        return load(Path(path), scenario)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Workload):
            return NotImplemented
        return (self.seed, self.replication, self.streams) == (other.seed, other.replication, other.streams)

    __hash__ = None  # type: ignore[assignment]
