"""All the random numbers of one replication, as a value."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.scenario import Scenario
from sim.workload.agents import AgentDraws
from sim.workload.stream import Stream
from sim.workload.streams import Column, Floats, Seeds, column


class Order(NamedTuple):
    """All contacts by time of arrival: three columns of equal length, to be walked through together.

    Contacts of the same instant come by the order of their streams, then by their index in the stream.
    """

    times: Column
    streams: "memoryview[int]"
    contacts: "memoryview[int]"


@dataclass(frozen=True, eq=False)
class Workload:
    """The contacts of one replication with every draw that they and the agents may need."""

    streams: tuple[Stream, ...]
    seed: int
    replication: int
    agents: AgentDraws

    @classmethod
    def of(cls, streams: tuple[Stream, ...], seeds: Seeds) -> "Workload":
        """Make a workload of those streams, with the agents' draws of the same seeds."""
        return cls(streams, seeds.seed, seeds.replication, AgentDraws(seeds))

    def __len__(self) -> int:
        return sum(map(len, self.streams))

    def order(self) -> Order:
        """All contacts, merged by (time, stream, index)."""
        times: Floats = np.concatenate([np.empty(0), *(stream.times for stream in self.streams)])
        sizes = [len(stream) for stream in self.streams]
        streams = np.repeat(np.arange(len(sizes)), sizes)
        contacts = np.concatenate([np.empty(0, np.int64), *map(np.arange, sizes)])
        by_time = np.argsort(times, kind="stable")
        return Order(column(times[by_time]), streams[by_time].data, contacts[by_time].data)

    def save(self, path: str | Path) -> None:
        """Write the workload to one compressed file (npz, no pickle), whole or not at all."""
        from sim.workload.files import save

        save(self, Path(path))

    @classmethod
    def load(cls, path: str | Path, scenario: Scenario) -> "Workload":
        """Read a workload saved before, to be run on `scenario`.

        Raises SimError where the file is none of ours or names a channel, queue or label that the scenario
        lacks.
        """
        from sim.workload.files import load

        return load(Path(path), scenario)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Workload):
            return NotImplemented
        return (self.seed, self.replication, self.streams) == (other.seed, other.replication, other.streams)

    __hash__ = None  # type: ignore[assignment]
