"""A workload written contact by contact, for literal tests and worked examples."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sim.errors import SimError, did_you_mean, shown
from sim.scenario import Scenario
from sim.scenario.arguments import require_scenarios
from sim.workload.streams import Seeds
from sim.workload.workload import Workload
from sim.workload.written import Contact, streams_of

_PLACE = ("at", "channel", "queue", "label")


def by_hand(
    scenario: Scenario, contacts: Sequence[Mapping[str, Any]], replication: int = 0, seed: int | None = None
) -> Workload:
    """Make a workload of exactly these contacts.

    One is {"at": 0, "channel": "web", "queue": "general", "label": "premium", "handle_time": [300, 200]}.
    Needed are `at` (seconds from opening), `channel` and `queue`. The name of any purpose may hold a number
    (k = 0) or a list of them (k = 0, 1, ...): the value itself where a law would be drawn from, the uniform
    itself where a share decides. None in a list and everything left out is drawn; a label left out is no
    label. There is one stream for each pair of channel and queue, named "channel/queue". Raises SimError for
    unknown names, missing keys and times outside the day, all at once.
    """
    require_scenarios(scenario)
    mistakes = [
        f"contact {i}: {what}" for i, contact in enumerate(contacts) for what in _wrong(scenario, contact)
    ]
    if mistakes:
        raise SimError("\n".join(mistakes))
    seeds = Seeds.of(scenario, replication, seed)
    return Workload.of(streams_of(map(_contact, contacts), seeds), seeds)


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """Say that a name is not there, and which one near it is."""
    return f"unknown {kind} {shown(name)}; {did_you_mean(name, known)}"


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
