"""Contacts that are known one by one: written by hand or recorded in a log."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.workload.draws import ContactDraws
from sim.workload.stream import Stream, draws_address
from sim.workload.streams import Floats, Seeds

Key = tuple[str, str]
"""Channel and queue."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One known contact, arriving at `at` seconds; `values` by purpose and k, NaN where none is given."""

    at: float
    channel: str
    queue: str
    label: str | None
    values: Mapping[str, Sequence[float]]


def streams_of(
    contacts: Iterable[Contact],
    seeds: Seeds,
    entry: str | None = None,
    label_shares: Mapping[str, float] | None = None,
) -> tuple[Stream, ...]:
    """Make one stream for each pair of channel and queue, in the order in which the pairs first appear.

    A stream is named "channel/queue"; `entry` names the recorded day, None stands for contacts by hand. Within
    a stream contacts stand by time, those of the same instant as they were written.
    """
    groups: dict[Key, list[Contact]] = defaultdict(list)
    for contact in contacts:
        groups[contact.channel, contact.queue].append(contact)
    return tuple(_stream(key, group, seeds, entry, label_shares or {}) for key, group in groups.items())


def _stream(
    key: Key, contacts: list[Contact], seeds: Seeds, entry: str | None, label_shares: Mapping[str, float]
) -> Stream:
    name = "/".join(key)
    contacts.sort(key=lambda contact: contact.at)
    labels = tuple(contact.label for contact in contacts)
    return Stream(
        name=name,
        channel=key[0],
        queue=key[1],
        entry=entry or name,
        times=np.array([contact.at for contact in contacts], dtype=np.float64),
        draws=ContactDraws(seeds, draws_address(name, entry or name), len(contacts), _given(contacts)),
        label_shares=label_shares,
        written_labels=labels if any(labels) else (),
    )


def _given(contacts: list[Contact]) -> dict[str, list[Floats]]:
    depth: dict[str, int] = {}
    for contact in contacts:
        for purpose, values in contact.values.items():
            depth[purpose] = max(depth.get(purpose, 0), len(values))
    given = {purpose: [np.full(len(contacts), np.nan) for _ in range(k)] for purpose, k in depth.items()}
    for index, contact in enumerate(contacts):
        for purpose, values in contact.values.items():
            for k, value in enumerate(values):
                given[purpose][k][index] = value
    return {purpose: columns for purpose, columns in given.items() if not np.isnan(columns).all()}
