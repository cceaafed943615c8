"""What was fitted from a log, as a document."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sim.logs.notes import WEEK, weekday_names
from sim.metrics.formatting import number, quantity
from sim.report.document import Cell, Document, Row, Section, Table, heads, share_cell
from sim.report.text_table import text
from sim.scenario.distributions import Empirical

if TYPE_CHECKING:
    from sim.logs.estimates import Calibration, QueueFit
    from sim.logs.laws import LawFit

QUEUES = ("offered", "day_sd", "interval_sd", "handle_time", "distance", "patience", "handed_on")
TEAMS = ("seen", "most", "skills")


def _days(found: "Calibration") -> str:
    """Name the days that were fitted."""
    ends = f"from {found.log.first} to {found.log.last}"
    return f"{found.days} ordinary days {ends}" if found.days != 1 else f"1 ordinary day {ends}"


def calibration_document(found: "Calibration", folder: Path | None = None) -> Document:
    """Build the tables of queues and teams, what is assumed, and, for a page, every candidate of every law."""
    rows = [Row(queue.name, _queue(queue)) for queue in found.queues]
    teams = [
        Row(team.name, [Cell(str(team.seen)), Cell(str(max(team.heads))), Cell(", ".join(team.skills))])
        for team in found.people.teams
    ]
    laws = dict(_laws(found))
    return Document(
        title=f"{Path(found.log.path).name}: {_days(found)}",
        tables=[
            Table("Queues", ("Queue", *heads(QUEUES)), rows, titled=False),
            Table("Teams", ("Team", *heads(TEAMS)), teams, words=True, titled=False),
        ],
        sections=[
            Section("Who comes when", "arrivals", details=[_busyness(found)]),
            Section("How long it takes", "durations", details=[_candidates(laws)]),
            *_conferences(found),
            Section("How long they wait for it", "patience", details=[_patience(found)]),
            Section("Who is there", "heads"),
        ],
        notes=[
            f"The mean day, of {weekday_names(found.hours.of_mean)}, has {found.expected:,.0f} contacts in"
            f" {quantity(found.hours.lasts, 's')} and {found.people.agent_hours:,.0f} agent-hours. Head-counts are"
            " agents seen at work, a lower bound: no agents' states are read, and service can be off by ten"
            " percentage points for that reason alone.",
            f"{_apart(found)}`{WEEK}` has each weekday by itself.",
            *_common(found),
            *_ringing(found),
            *_naive(found),
            *(f"A reading: {one}." for one in found.log.readings),
        ],
        places=[] if folder is None else [f"{folder / 'scenario.yaml'}"],
    )


def _conferences(found: "Calibration") -> "Iterator[Section]":
    """Give the section of the conferences, where there are any."""
    rows = [
        Row(
            queue.name,
            [
                share_cell(fit.share),
                Cell(f"{fit.rows:,}"),
                Cell(f"{fit.joined:,}"),
                share_cell(fit.after),
                Cell(", ".join(f"{one} {100 * part:.0f} %" for one, part in fit.to.items())),
                Cell({True: "holds", False: "works", None: "cannot be told"}[fit.holds]),
            ],
        )
        for queue in found.queues
        if (fit := queue.conference) is not None
    ]
    names = ("Queue", "Asked %", "Of answered", "Joined", "After % of work", "Whom", "Meanwhile the agent")
    if rows:
        yield Section(
            "Who is called in", "conferences", details=[Table("Conferences", names, rows, words=True)]
        )


def _apart(found: "Calibration") -> str:
    apart = found.hours.apart
    if not apart:
        return ""
    return f"The mean day is without {weekday_names(apart)}, of other hours or far other volumes. "


def _ringing(found: "Calibration") -> "Iterator[str]":
    common = found.ring_times.common
    if common is not None:
        yield f"Offers ring for {number(common.seconds, 1)} s: {common.words}."
    for queue, own in found.ring_times.own.items():
        yield f"Offers of {queue} ring for {number(own.seconds, 1)} s: {own.words}."


def calibration_text(found: "Calibration", folder: Path | None, width: int) -> str:
    """Write the document, no line longer than `width`."""
    return text(calibration_document(found, folder), width)


def laws_of(found: "Calibration") -> "dict[str, LawFit]":
    """Return the laws of durations that were fitted, by what they are of; those of a queue's own."""
    return dict(_laws(found))


def _laws(found: "Calibration") -> "Iterator[tuple[str, LawFit]]":
    for queue in found.queues:
        if queue.handle_is_own:
            yield f"{queue.name}: handle time", queue.handle
        if queue.transfer is not None and queue.transfer.handover is not None:
            yield f"{queue.name}: handover of a warm transfer", queue.transfer.handover
        if queue.conference is not None and queue.conference.joint is not None:
            yield f"{queue.name}: time of both in a conference", queue.conference.joint
        if queue.conference is not None and queue.conference.guest is not None:
            yield f"{queue.name}: further agent alone", queue.conference.guest
    if found.people.wrap_up is not None:
        yield (
            ("Wrap-up" if found.people.wrap_up_is_read else "From one contact to the next, others waiting"),
            found.people.wrap_up,
        )
    if found.people.ring is not None:
        yield (
            "Time to accept" if found.people.ring_is_read else "Waits of those whose agent had been free",
            found.people.ring,
        )
    for team in found.people.teams:
        if team.wrap_up is not None:
            yield f"{team.name}: wrap-up", team.wrap_up
        if team.ring is not None:
            yield f"{team.name}: time to accept", team.ring
    if found.receiver is not None:
        yield "Second part of contacts handed on", found.receiver.handle
    if found.returns is not None:
        yield "Time until who abandoned comes again", found.returns.after


def _queue(queue: "QueueFit") -> list[Cell]:
    patience = "-" if queue.patience is None else number(queue.patience.law.mean, 0)
    return [
        Cell(number(sum(queue.volumes), 1)),
        share_cell(queue.factors.day),
        share_cell(queue.factors.interval),
        Cell(number(queue.handle.mean, 0)),
        Cell(number(queue.handle.distance, 3)),
        Cell(patience),
        Cell("-") if queue.transfer is None else share_cell(queue.transfer.share),
    ]


def _busyness(found: "Calibration") -> Table:
    """Return the factors on the contacts of days and half hours, common and each queue's own."""
    pairs = [("common to all", found.common), *((queue.name, queue.factors) for queue in found.queues)]
    rows = [Row(name, [share_cell(one.day), share_cell(one.interval)]) for name, one in pairs]
    return Table("Busyness: standard deviation beyond Poisson", ("Queue", "Day %", "Interval %"), rows)


def _candidates(laws: "dict[str, LawFit]") -> Table:
    rows = []
    for what, fit in laws.items():
        taken = "the durations themselves" if isinstance(fit.law, Empirical) else fit.name
        rows.append(Row(f"{what} ({fit.rows:,})", [Cell(""), Cell(""), Cell(taken)]))
        rows += [
            Row(law, [Cell(f"{aic:,.0f}"), Cell(f"{far:.3f}"), Cell("")], 1)
            for law, aic, far in fit.candidates
        ]
    return Table("Laws that were tried", ("Durations (number)", "AIC", "KS distance", "Taken"), rows)


def _patience(found: "Calibration") -> Table:
    rows = [
        Row(
            queue.name,
            [
                Cell(f"{fit.left:,}"),
                Cell(f"{fit.censored:,}"),
                Cell(type(fit.law).__name__.lower() if fit.is_own else "that of all queues"),
                Cell(number(fit.law.mean, 0)),
                Cell(number(fit.naive_s, 0) if fit.is_own else "-"),
                share_cell(fit.balk),
            ],
        )
        for queue in found.queues
        if (fit := queue.patience) is not None
    ]
    names = ("Queue", "Left", "Answered first", "Law", "Mean s", "Mistaken mean s", "Left at once %")
    return Table("Patience", names, rows)


def _common(found: "Calibration") -> list[str]:
    if not found.common.day and not found.common.interval:
        return []
    return [
        f"All queues together, days of one weekday differ by {100 * found.common.day:.1f} % (standard deviation beyond"
        f" Poisson) and its intervals by another {100 * found.common.interval:.1f} %; the table has what each"
        " queue adds."
    ]


def _naive(found: "Calibration") -> list[str]:
    own = [queue for queue in found.queues if queue.patience is not None and queue.patience.is_own]
    if not own:
        return []
    shortest = min(own, key=lambda queue: queue.patience.naive_s if queue.patience else 0.0)
    fit = shortest.patience
    assert fit is not None
    return [
        f"Patience is fitted with those who were answered as censored. The mean wait of those who left,"
        f" {fit.naive_s:.0f} s in {shortest.name}, is not it, though often taken for it: the law's mean is"
        f" {fit.law.mean:.0f} s."
    ]
