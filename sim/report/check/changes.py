"""What changed, told: keys, the first event that differs, and the stories of the customers hit hardest."""

from collections.abc import Mapping, Sequence
from itertools import islice

from sim.gate.changes import CustomerChange, CustomerDay, FirstDifference
from sim.gate.probe import Row as LoggedRow
from sim.gate.result import CheckResult, WhatChanged
from sim.metrics.formatting import clock, duration
from sim.records.events import Event
from sim.report.check.words import code_changes
from sim.report.document import Listing, Section
from sim.story.timeline import lay_out, timeline

KEYS_SHOWN = 12


def what_changed(changed: WhatChanged, opens_at: float) -> list[str]:
    """Describe what differs from the baseline, one thing a line; `opens_at` is in seconds since midnight."""
    lines = [str(key) for key in islice(changed.keys, KEYS_SHOWN)]
    if len(changed.keys) > KEYS_SHOWN:
        lines.append(f"... and {len(changed.keys) - KEYS_SHOWN} keys more")
    lines += code_changes(changed.code, changed.policies)
    lines += [f"{package}: {before} -> {after}" for package, before, after in changed.versions]
    if changed.first is None:
        return [*lines, f"not one of the {changed.events_after} events of replication 0"]
    return [*lines, *first_event(changed.first, opens_at), *_fared(changed)]


def first_event(first: FirstDifference, opens_at: float) -> list[str]:
    """Describe which event is the first that differs."""
    when = clock(opens_at + first.at)
    if not first.known:
        return [f"the first event that differs is one of {first.number} to {first.upto}, from {when} on"]
    return [
        f"the first event that differs is number {first.number}, at {when}:",
        f"  before: {_event(first.before, opens_at)}",
        f"  now:    {_event(first.after, opens_at)}",
    ]


def changes(checked: CheckResult, width: int) -> Section:
    """Return what differs from the baseline, and how the customers hit hardest fared before and now."""
    if checked.changed is None:
        return Section("What changed", "changed")
    lines = what_changed(checked.changed, checked.scenario.opens_at)
    return Section(
        "What changed", "changed", lists=[Listing("What changed", lines)], stories=hits(checked, width)
    )


def hits(checked: CheckResult, width: int) -> dict[str, str]:
    """Return how the customers hit hardest fared before and now, as `sim trace` tells it, by a line about each."""
    fared = checked.changed.fared if checked.changed else None
    return {customer(hit): _hit(hit, checked, width) for hit in (fared.hardest if fared else ())}


def customer(hit: CustomerChange) -> str:
    """Describe in one line how a customer fared before and now."""
    return (
        f"Customer {hit.customer}: {hit.before.outcome} after waits of {duration(hit.before.wait)} before,"
        f" {hit.after.outcome} after waits of {duration(hit.after.wait)} now"
    )


def story(events: Sequence[LoggedRow], checked: CheckResult, width: int) -> list[str]:
    """Describe a conversation from its events."""
    lists = [name for name, queue in checked.scenario.queues.items() if queue.mode == "pull"]
    lines = timeline([_read(row) for row in events], lists)
    opens_at = checked.scenario.opens_at
    return lay_out(lines, "all", None, lambda at: opens_at + at, width)


def _fared(changed: WhatChanged) -> list[str]:
    if changed.fared is None:
        return [f"how the customers fared before is not known: {changed.why_not}"]
    fared = changed.fared
    return [
        f"of the {fared.customers} customers of replication 0, {fared.worse} fare worse and {fared.better} better"
    ]


def _hit(hit: CustomerChange, checked: CheckResult, width: int) -> str:
    lines = [*_told("before", hit.before, checked, width), *_told("now", hit.after, checked, width)]
    return "\n".join(lines)


def _told(when: str, fate: CustomerDay, checked: CheckResult, width: int) -> list[str]:
    told = story(fate.events, checked, width - 2)
    return [f"  {when} (conversation {fate.conversation}):", *(f"  {line}".rstrip() for line in told)]


def _read(row: LoggedRow) -> Event:
    _, at, name, conversation, request, agent, queue, _, detail = row
    return Event(float(at), name, int(conversation), int(request or 0), agent, queue, detail or {})


def _event(row: LoggedRow | None, opens_at: float) -> str:
    if row is None:
        return "nothing more"
    _, at, name, conversation, _, agent, queue, _, detail = row
    about = [f"conversation {conversation}"] if conversation else []
    about += [str(part) for part in (agent, queue) if part]
    about += [
        f"{key} {_plain(value)}" for key, value in (detail or {}).items() if value not in (None, False, "")
    ]
    return f"{clock(opens_at + at)} {name} ({', '.join(about)})"


def _plain(value: object) -> str:
    """Write the counts that an agent sees in the list of queues as they see them."""
    if isinstance(value, Mapping):
        return " ".join(f"{key} {count}" for key, count in value.items())
    return str(value)
