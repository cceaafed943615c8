"""Contacts that are known one by one: recorded in a log, or written by hand for tests and worked examples."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.errors import SimError, did_you_mean, quoted
from sim.scenario import Scenario
from sim.scenario.model import require_scenarios
from sim.workload.draws import ContactDraws
from sim.workload.seeds import Floats, Seeds
from sim.workload.workload import Recorded, Stream, Workload, draws_address

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
    recorded: Recorded | None = None


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
    recorded = tuple(contact.recorded for contact in contacts)
    return Stream(
        name=name,
        channel=key[0],
        queue=key[1],
        entry=entry or name,
        times=np.array([contact.at for contact in contacts], dtype=np.float64),
        draws=ContactDraws(seeds, draws_address(name, entry or name), len(contacts), _given(contacts)),
        label_shares=label_shares,
        written_labels=labels if any(labels) else (),
        recorded=recorded if any(recorded) else (),
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


_PLACE = ("at", "channel", "queue", "label")


def by_hand(
    scenario: Scenario, contacts: Sequence[Mapping[str, Any]], replication: int = 0, seed: int | None = None
) -> Workload:
    """Make a workload of exactly these contacts.

    One is {"at": 0, "channel": "web", "queue": "general", "label": "premium", "handle_time": [300, 200]}.
    Needed are `at` (seconds from opening), `channel` and `queue`. The name of any purpose may hold a number
    (k = 0) or a list of them (k = 0, 1, ...): the value itself where a law would be drawn from, the uniform
    itself where a share decides. None in a list and every purpose left out is drawn; without a label the
    contact has none. There is one stream for each pair of channel and queue, named "channel/queue". Raises SimError for
    unknown names, missing keys and times outside the day, all at once.
    """
    require_scenarios(scenario)
    if scenario.calendar is not None:
        return _by_date(scenario, contacts, replication, seed)
    mistakes = [
        f"contact {i}: {what}" for i, contact in enumerate(contacts) for what in _wrong(scenario, contact)
    ]
    if mistakes:
        raise SimError("\n".join(mistakes))
    seeds = Seeds.of(scenario, replication, seed)
    return Workload.of(streams_of(map(_contact, contacts), seeds), seeds, scenario)


def _by_date(
    scenario: Scenario, contacts: Sequence[Mapping[str, Any]], replication: int, seed: int | None
) -> Workload:
    """Make the workload of a calendar: contacts by date, `at` from the midnight of the first."""
    days = scenario.days
    found: list[list[Mapping[str, Any]]] = [[] for _ in days]
    for number, contact in enumerate(contacts):
        at = contact.get("at", -1.0)
        place = next((i for i, day in enumerate(days) if 0 <= at - day.midnight_s < day.closes_s), None)
        if place is None:
            raise SimError(f"contact {number}: at {at} s it is closed")
        found[place].append({**contact, "at": at - days[place].midnight_s})
    each = [by_hand(day.scenario, some, replication, seed) for day, some in zip(days, found, strict=True)]
    return Workload.of_days(each, Seeds.of(scenario, replication, seed), scenario)


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """Describe that a name is unknown, and suggest the nearest known one."""
    return f"unknown {kind} {quoted(name)}; {did_you_mean(name, known)}"


def _contact(row: Mapping[str, Any]) -> Contact:
    values = {purpose: _numbers(value) for purpose, value in row.items() if purpose not in _PLACE}
    return Contact(float(row["at"]), row["channel"], row["queue"], row.get("label"), values)


def _numbers(value: float | Sequence[float | None] | None) -> list[float]:
    if value is None or isinstance(value, int | float):
        value = [value]
    return [float("nan") if number is None else float(number) for number in value]


def _wrong(scenario: Scenario, row: Mapping[str, Any]) -> list[str]:
    missing = [f"`{key}` is missing" for key in ("at", "channel", "queue") if key not in row]
    if missing:
        return missing
    wrong = []
    if not 0 <= row["at"] < scenario.lasts:
        wrong.append(f"at {row['at']} s is outside the day of [0, {scenario.lasts:g}) s")
    places = {"channel": scenario.channels, "queue": scenario.queues, "label": scenario.labels}
    for kind, known in places.items():
        name = row.get(kind)
        if name is not None and name not in known:
            wrong.append(unknown(kind, name, known))
    return wrong
