"""One source of contacts: who comes through one channel for one queue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from sim.workload.choice import choice_or_none
from sim.workload.draws import ContactDraws
from sim.workload.streams import Column, Floats, column, frozen


def draws_address(name: str, entry: str) -> str:
    """Return what a stream's draws are addressed by: its name, after that of a recorded day it is part of."""
    return name if name == entry else f"{entry}:{name}"


@dataclass(frozen=True, eq=False)
class Stream:
    """The contacts of one stream in order of arrival.

    It is named after its arrivals or "channel/queue"; `entry` is the name of the scenario's arrivals that it
    comes from, which is another one for a recorded day only, as that makes several streams. `times` are
    seconds from opening, before the scenario's end. `label_shares` says which share of the contacts carries
    which label, `written_labels` (empty or one a contact) which labels were given by hand or recorded.
    """

    name: str
    channel: str
    queue: str
    entry: str
    times: Floats
    draws: ContactDraws
    label_shares: Mapping[str, float] = field(default_factory=dict)
    written_labels: Sequence[str | None] = ()

    def __post_init__(self) -> None:
        frozen(self.times)

    def __len__(self) -> int:
        return self.times.size

    @cached_property
    def labels(self) -> Sequence[str | None]:
        """Each contact's label: the written one, else by his uniform "label" and the shares; or None."""
        if not self.label_shares:
            return self.written_labels or (None,) * len(self)
        drawn = choice_or_none(self.label_shares).pick_each(self.draws.uniforms("label"))
        if not self.written_labels:
            return drawn
        return [written or label for written, label in zip(self.written_labels, drawn, strict=True)]

    @property
    def handle_scale(self) -> Column | None:
        """Factor on each contact's handle time from the forecast's aht_s; None where there is none."""
        scale = self.draws.handle_scale
        return None if scale is None else column(scale)

    def __getstate__(self) -> dict[str, Any]:
        return {name: part for name, part in vars(self).items() if name != "labels"}

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
            and tuple(self.written_labels) == tuple(other.written_labels)
            and self.draws == other.draws
        )

    __hash__ = None  # type: ignore[assignment]
