"""What the gate says, on a terminal or in the log of a job."""

from collections.abc import Mapping, Sequence
from itertools import islice
from textwrap import wrap

from sim.experiments.figure_selectors import FigureSelector
from sim.gate.acceptance import Accepted
from sim.gate.changes import CustomerChange, CustomerDay, FirstDifference
from sim.gate.probe import Row as LoggedRow
from sim.gate.result import CheckResult, WhatChanged
from sim.gate.sequential import Inconclusive, Verdict, gravest
from sim.metrics.formatting import clock, duration
from sim.records.events import Event
from sim.report.check.words import code_changes, document, head, number, sentence, signed
from sim.report.document import Cell, Row
from sim.report.text_table import table, titled
from sim.story.timeline import lay_out, timeline

# What accepting a baseline changes, for the reviewer of the change.

HEADS = ("Was", "Is", "Change")
FIRST_HEADS = ("Is",)


def accepted_text(accepted: Sequence[Accepted], width: int) -> str:
    """Write a block for each baseline."""
    return "\n\n".join("\n".join(_accepted_block(one, width)) for one in accepted)


def _accepted_block(accepted: Accepted, width: int) -> list[str]:
    written = f"{accepted.scenario.name}: accepted {accepted.after.most} replications in {accepted.path}"
    lines = [*wrap(written, width), *(f"  {line}" for line in _said(accepted))]
    if accepted.before is None or accepted.trace_changed or _any_moved(accepted):
        heads = HEADS if accepted.before else FIRST_HEADS
        lines += ["", *table(["Figure", *heads], _rows(accepted), width)]
    return lines


def _said(accepted: Accepted) -> list[str]:
    if accepted.problem:
        return [f"the one that was there is replaced: {accepted.problem}"]
    if accepted.before is None:
        return ["it is the first one"]
    said = [str(change) for change in (*accepted.keys, *accepted.margins_changed)]
    said += code_changes(accepted.code_changed, accepted.policies_changed)
    trace = "has changed" if accepted.trace_changed else "is the same, to the last event"
    return [*said, f"the trace {trace}"]


def _any_moved(accepted: Accepted) -> bool:
    return any(was != now for was, now in accepted.values().values())


def _rows(accepted: Accepted) -> list[Row]:
    return [
        Row(head(figure), _cells(figure, was, now) if accepted.before else [Cell(number(figure, now))])
        for figure, (was, now) in accepted.values().items()
    ]


def _cells(figure: FigureSelector, was: float, now: float) -> list[Cell]:
    return [Cell(number(figure, was)), Cell(number(figure, now)), Cell(signed(figure, now - was))]


# What changed, told: keys, the first event that differs, and the stories of the customers hit hardest.

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


def hits(checked: CheckResult, width: int) -> list[str]:
    """Describe how the customers hit hardest fared before and now, as `sim trace` does."""
    fared = checked.changed.fared if checked.changed else None
    if fared is None:
        return []
    return [line for hit in fared.hardest for line in _hit(hit, checked, width)]


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
    return lay_out(lines, "all", None, checked.scenario.opens_at, width)


def _fared(changed: WhatChanged) -> list[str]:
    if changed.fared is None:
        return [f"how the customers fared before is not known: {changed.why_not}"]
    fared = changed.fared
    return [
        f"of the {fared.customers} customers of replication 0, {fared.worse} fare worse and {fared.better} better"
    ]


def _hit(hit: CustomerChange, checked: CheckResult, width: int) -> list[str]:
    return [
        "",
        *wrap(customer(hit), width),
        *_told("before", hit.before, checked, width),
        *_told("now", hit.after, checked, width),
    ]


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


def text(found: Sequence[CheckResult], width: int, inconclusive: Inconclusive | None = None) -> str:
    """Write a block for each scenario, and for several a line with the sum of it."""
    blocks = [_block(checked, width) for checked in found]
    if len(found) > 1:
        blocks.append(_sum(found))
    if inconclusive and gravest(checked.verdict for checked in found) is Verdict.INCONCLUSIVE:
        blocks.append(f"Inconclusive counts as a {inconclusive} here (--inconclusive).")
    return "\n\n".join(blocks)


def _block(checked: CheckResult, width: int) -> str:
    if checked.verdict is Verdict.REFUSED:
        return "\n".join([f"{checked.name}: {checked.verdict.upper()}", *_indented(checked.refusal, width)])
    found = document(checked)
    parts = [
        *(wrap(line, width) for line in (found.title, *found.sentences)),
        *(["", *titled(table, width)] for table in found.tables),
        _changes(checked, width),
        *(["", *wrap(note, width)] for note in found.notes),
        _reasons(checked, width),
    ]
    return "\n".join(line for part in parts for line in part)


def _changes(checked: CheckResult, width: int) -> list[str]:
    if checked.changed is None:
        return []
    said = what_changed(checked.changed, checked.scenario.opens_at)
    return ["", "What changed", *_indented(said, width), *hits(checked, width)]


def _reasons(checked: CheckResult, width: int) -> list[str]:
    """Describe once more, last, why it is no pass."""
    deciding = [finding for finding in checked.findings if finding.verdict is checked.verdict]
    if checked.verdict is Verdict.PASS:
        return []
    said = [f"{checked.verdict.upper()}: {sentence(finding)}" for finding in deciding]
    if checked.trace_fails:
        said.insert(0, f"{checked.verdict.upper()}: the trace has changed, and --exact allows no change")
    return ["", *(line for one in said for line in wrap(one, width, subsequent_indent="  "))]


def _indented(lines: Sequence[str], width: int) -> list[str]:
    wrapped = (
        wrap(line, width, initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False)
        for line in lines
    )
    return [row for rows in wrapped for row in rows]


def _sum(found: Sequence[CheckResult]) -> str:
    counted = {one: sum(checked.verdict is one for checked in found) for one in Verdict}
    parts = ", ".join(f"{count} {one}" for one, count in counted.items() if count)
    return f"{gravest(checked.verdict for checked in found).upper()}: {len(found)} scenarios: {parts}"
