"""The reference pages, made from the code: scenario keys, metrics, tables, events, notices.

`python -m sim.report.reference events > docs/reference/events.md` writes one; `python -m sim.cli.reference` writes
that of the commands.
"""

import sys
from collections.abc import Callable, Iterator
from typing import Any

from sim.metrics.catalogue import GROUPS
from sim.metrics.metric import VARIANTS, Breakdown, Metric
from sim.records.events import EVENT_KINDS, EventKind
from sim.records.schema import COLUMNS, TABLES
from sim.report.scenario import default_of, meaning_of
from sim.scenario import schema
from sim.story.notifications import TEMPLATES, Kind, Template

# The page of the documentation that lists every event of the log.

_EVENTS_INTRODUCTION = """\
# Events

Made from the table in the code; `python -m sim.report.reference events` writes it.

The table of events tells a day moment by moment: `sim run FILE --events` keeps it beside the [other
tables](tables.md), `sim trace` turns one conversation of it into sentences, and the [notices](notifications.md)
are read off it. Its columns are those of [the table](tables.md#events):

- Every event below belongs to a conversation: `conversation_id` is always there, and so is its `medium`.
  `request_id` is there where the event is about one search for an agent.
- `agent` and `queue` hold what is said here, and are empty where nothing is said. In brackets: only at times.
- `detail` holds further words by their names.
- Events of the same instant stand in the order in which they happened, which `seq` counts.
"""


def events_page() -> str:
    """Write the whole page as Markdown."""
    return "\n".join(
        [_EVENTS_INTRODUCTION, *(_events_section(title, events) for title, events in EVENT_KINDS.items())]
    )


def _events_section(title: str, events: tuple[EventKind, ...]) -> str:
    head = [
        "| event | when it is written | request_id | agent | queue | detail |",
        "|---|---|---|---|---|---|",
    ]
    return "\n".join([f"## {title}", "", *head, *map(_event_row, events), ""])


def _event_row(event: EventKind) -> str:
    detail = "; ".join(f"`{name}`: {meaning}" for name, meaning in event.detail.items())
    cells = (f"`{event.name}`", event.when, "yes" if event.request else "", event.agent, event.queue, detail)
    return f"| {' | '.join(cells)} |"


# The page of the documentation that lists every notice; `python -m sim.report.reference notifications` writes it.

_NOTICES_INTRODUCTION = """\
# Notifications

This page is made from the table in the code; `python -m sim.report.reference notifications` writes it.

The engine knows no texts. After the run, each row below that fits an event of the log gives one notification:
when, in which order within the instant, to whom, of which kind, and the literal text. `sim trace` shows them in
place, `sim.story.notifications.notifications(records.events)` gives them as a list.

- Numbers: N are those of the platform's documented notices, N1 to N13 from the user guide, word for word with its
  full stops and its lower case; N14 and above from later versions; U are texts of the agent desk.
- A **whisper** never has a customer in its audience, and a supervisor who looks in silently is not announced. They
  count as an agent in the conversation where agents are told something.
- **Order** is the place among the notices of the same instant: a transfer's requester reads that their conversation is
  closed, then that the request is placed; the customer reads of the transfer, then that the agent has left; all of
  it before the first offer.
- A request that rings out and queues anew gives no notice: the pop-up disappears. The customer reads that no agents
  were available when the search really ends: where the time-to-live is over while it rings, when it has rung out.
- "You have joined the conversation" is for the agent who has joined, and the customer reads that the agent has. The
  guide's sentence can be followed to the letter: `notifications(events, to_the_letter())`.
- Who leaves for a transfer "has left" for the customer and "left the conversation" for the agents who stay. Where
  nobody is found for a transfer out of a conference, the customer is told by the rule, though others are with them.
- In a warm transfer the customer is told nothing of the consult; when the handover is done they read who has joined and
  who has left. A refused request is an error, for which no source has a text.
- In braces: `{agent}`, the one concerned; `{requester}` and `{receiver}`, who asks and who takes over; `{queue}`;
  `{channel}`; `{whom}`, " with customer 17" where they are known by name; `{note}`, ", with a note" where there is one.
"""

NOTIFICATION_SECTIONS = {
    "transfer_placed": "A transfer is placed",
    "conference_placed": "A conference is placed",
    "request_refused": "A second request while one is pending",
    "offered": "An agent is offered a conversation",
    "pull_notice": "A request is put on a list",
    "agent_joined": "An agent joins",
    "barged_in": "A supervisor barges in",
    "agent_left": "An agent leaves",
    "no_agent": "No agent was found",
    "wait_limit_reached": "The longest wait is over",
    "queue_emptied": "The last member of a queue has logged out",
    "sent_back": "A conversation goes back to its queue",
    "disconnected": "The centre closes and sends a request away",
    "whisper": "A whisper",
}


def notifications_page() -> str:
    """Write the whole page as Markdown."""
    sections = (_notices_section(event, title) for event, title in NOTIFICATION_SECTIONS.items())
    return "\n".join([_NOTICES_INTRODUCTION, *sections])


def _notices_section(event: str, title: str) -> str:
    rows = sorted((notice for notice in TEMPLATES if notice.event == event), key=lambda notice: notice.order)
    head = ["| | order | when | to | kind | text | source |", "|---|---|---|---|---|---|---|"]
    return "\n".join([f"## {title} (`{event}`)", "", *head, *map(_notice_row, rows), ""])


def _notice_row(notice: Template) -> str:
    quoted = notice.text if notice.kind is Kind.WHISPER else f'"{notice.text}"'
    cells = (
        notice.number, str(notice.order), _conditions(notice), notice.audience, notice.kind, quoted, notice.source,
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _conditions(notice: Template) -> str:
    return ", ".join(_WORDS.get((name, values), _plain(name, values)) for name, values in notice.when.items())


def _plain(name: str, values: tuple[object, ...]) -> str:
    return f"{name} {' or '.join(str(value).replace('_', ' ') for value in values)}"


_WORDS = {
    ("warm", (True,)): "warm",
    ("warm", (False,)): "not warm",
    ("leaving", ("transfer",)): "for a transfer",
    ("leaving", ("handover",)): "after a handover",
    ("leaving", ("",)): "else",
}


# The page of the documentation that explains every metric.

_METRICS_INTRODUCTION = """\
# Metrics

This page is made from the catalogue in the code; `python -m sim.report.reference metrics` writes it.

A figure is a row of a long table: `metric, variant, queue, team, channel, kind, label, day, interval,
value, low, high, sd, min, max, replications, unit`. An empty name means over all, an empty `variant` the
metric's own definition. `low` and `high` are the 95 % interval of the value; `sd`, `min` and `max` are
the standard deviation, the least and the greatest of the replications' own values. Shares are numbers
between 0 and 1, times are seconds. There are rows by `label` where the scenario has labels; customers
without a label are in none of them.

## What is measured

- A **request** is one search for an agent, from its placing to its end, over all offers, ring-outs and
  re-queueings. Its `kind` is inbound, transfer, named_transfer or conference. Its **wait** runs from
  placing to answer (or to its end), the ringing included, and is never started anew. `queue` is the
  queue that was asked.
- **Offered**, wherever it divides, are the requests that ended answered, abandoned, no_agent or
  disconnected, and those that were unfinished at the end. A request for which no agent was found counts
  against the service level. Requests that were cancelled or refused do not count.
- An **unfinished** request that has waited longer than T counts against the service level under every
  variant (`unfinished_missed`); any other counts in neither part of it (`unfinished_undetermined`).
- A **task** is one agent's part in a conversation. Where two agents are in one conversation there are
  two tasks, two handle times, and both agents are busy. A **handled task** is one that an agent
  answered and ended. That of a supervisor who barges in is one, their silent monitoring is none; an
  attempt that no agent answered is none either.
- With a **warm-up**, only requests placed, conversations arrived and agents' time spent after it are
  measured.
- A request, with its tasks, counts in the **interval** of its placing, a conversation in that of its
  arrival, agents' time in the interval in which it is spent. An interval is named by the clock time of
  its start, from `opens` or else from 00:00; `+1d 08:00` is on the next day. The last one begins where
  arrivals stop and holds all that comes after.
- Rows without data are left out: a rate or mean without a denominator in any replication, a count in a
  cell where nothing could be counted. Asked for by name, such a count is 0, and a rate, a mean or a
  percentile has no value.

## Service level

With T for the queue's `within` and S for its `short`. A wait of exactly T is within T. Over several
queues each request is judged by the service level of its own queue; those of a queue that has none are
left aside.

| variant | formula |
|---|---|
| `offered` | answered within T / offered |
| `answered_only` | answered within T / answered |
| `exclude_abandoned_within` | answered within T / (offered − abandoned within T) |
| `credit_abandoned_within` | (answered within T + abandoned within T) / offered |
| `exclude_short` | answered within T / (offered − abandoned within S) |
| `credit_short` | (answered within T + abandoned within S) / offered |

Further readings stand beside it, each a row with the same metric and words in the column `variant`:

- those of `service_level.also`: `within 60s`, `answered_only`, `within 20s answered_only`. What a reading leaves
  out is the queue's own. Over several queues it is about those that have it. `answered_within` and
  `abandoned_within` have the same rows.
- `by_customer`, where customers come back: customers answered with waits of at most T in all their attempts /
  customers who asked for an agent, by the queue that they asked first and in its variant. The waits are those of
  their own searches, not of transfers and conferences. A customer who was never answered has given up if one of
  the attempts ended so.

On the command line: `--metric "service_level:variant=within 60s:queue=general"`; in Python
`result.figure("service_level", variant="within 60s")`.

## Agents' time

- **Busy** is an agent while at least one of their tasks, on any medium, is open: from the answer to the
  end of wrap-up.
- **Available** is their time logged in as READY or PENDING_NOT_READY. Breaks are not in it. Overtime is on
  both sides: the work counts as busy, the time as available. Both run over the whole simulated time, the
  drain included; the variant `open_hours` of `occupancy` ends where arrivals stop, as each interval but the
  last one does.
- The time of supervisors counts in the figures of their own team and in overtime and cost, not in the
  occupancy, concurrency and states over all teams.

## Intervals of confidence

`low` and `high` are the limits of the two-sided interval at the asked level, 95 % by default; with one
replication there are none. A **ratio of means** is the mean of the numerators over the replications
divided by the mean of the denominators, never the mean of daily ratios; its interval is that of the
delta method with Student's t of n − 1 degrees of freedom. A **mean** is the mean of one value a
replication, with Student's t. Percentiles are means too: of each replication's own percentile, over the
replications that have one. Limits of shares are kept within 0 and 1.
"""


def metrics_page() -> str:
    """Write the whole page as Markdown."""
    return "\n".join(
        [_METRICS_INTRODUCTION, *(_metrics_section(title, metrics) for title, metrics in GROUPS.items())]
    )


def _metrics_section(title: str, metrics: tuple[Metric, ...]) -> str:
    lines = [
        f"## {title}",
        "",
        "| metric | title | unit | formula | estimator | by | source |",
        "|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *map(_metric_row, metrics), ""])


def _metric_row(metric: Metric) -> str:
    cells = (
        f"`{metric.name}`",
        metric.title,
        metric.unit,
        metric.formula,
        metric.estimator,
        ", ".join(dict.fromkeys(map(_words, metric.breakdowns))),
        metric.source,
    )
    return f"| {' | '.join(cells)} |"


def _words(by: Breakdown) -> str:
    """Name a breakdown; of a variant only that there is one, which is then given by more."""
    if by and by[0] in VARIANTS:
        return "by variant too"
    return " × ".join(by) if by else "all"


Node = dict[str, Any]

_HOLDS = {
    "number": "number",
    "count": "whole number",
    "flag": "true or false",
    "text": "text",
    "names": "name",
}


def scenario_page() -> str:
    """Return the page of every key of a scenario file."""
    found = schema()
    lines = [
        "# The scenario file, key by key",
        "",
        "Made from the schema that `sim schema` prints; `python -m sim.report.reference scenario` writes it.",
        "",
        'Durations are written 90 (seconds), 90s, 5m, 1.5h or 2d; shares 0.35 or 35%; clock times "08:00". A law is a',
        "duration, which is then constant, or one of the laws below; `{sum: [law, law]}` adds independent parts. A law",
        'of a queue may also be `{by_time: {"08:00": law, "12:00": law}}`: by the clock of the first arrival, the last',
        "entry over midnight. NAME stands for a name of your own, [] for each item of a list. A key that is not",
        "required and has no default may simply be left out.",
        "",
    ]
    return "\n".join([*lines, *_parts(found)]).rstrip() + "\n"


def _parts(found: Node) -> Iterator[str]:
    definitions = found["$defs"]
    yield from _section("Top level", found, "")
    for name, place in _places(found).items():
        yield from _section(f"`{place}`", definitions[name], definitions[name].get("description", ""))


def _places(found: Node) -> dict[str, str]:
    """Return the parts that have keys, each with the place where the file first mentions it."""
    definitions = found["$defs"]
    places: dict[str, str] = {}

    def visit(node: Any, place: str) -> None:
        name = node.get("$ref", "").rsplit("/", 1)[-1]
        if name and name not in places:
            places[name] = place
            visit(definitions[name], place)
        for key, value in node.get("properties", {}).items():
            visit(value, f"{place}.{key}" if place else key)
        for inner in (*node.get("anyOf", ()), *node.get("oneOf", ())):
            visit(inner, place)
        if isinstance(node.get("additionalProperties"), dict):
            visit(node["additionalProperties"], f"{place}.NAME")
        if isinstance(node.get("items"), dict):
            visit(node["items"], f"{place}[]")

    visit({"properties": found["properties"]}, "")
    return {name: place for name, place in places.items() if "properties" in definitions[name]}


def _section(title: str, node: Node, opening: str) -> Iterator[str]:
    yield from (f"## {title}", "")
    if opening:
        yield from (opening, "")
    yield from ("| key | default | meaning |", "|---|---|---|")
    needed = node.get("required", ())
    for key, value in node["properties"].items():
        default = "**required**" if key in needed else _cell(default_of(value))
        yield f"| `{key}` | {default} | {_cell(meaning_of(value))} |"
    yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def tables_page() -> str:
    """Return the page of every table."""
    lines = [
        "# Tables",
        "",
        "Made from the code; `python -m sim.report.reference tables` writes it. Times are seconds from opening, empty",
        "for never. In the files of a run each table begins with the column `replication`. Names of events are",
        "explained on [a page of their own](events.md). In Python, where the scenario has `opens`, each time has its",
        "wall clock beside it: `placed_clock` beside `placed_at`, `clock` beside `at`. Files hold the seconds alone.",
        "",
    ]
    for table, columns in TABLES.items():
        lines += [f"## {table}", "", "| column | holds | meaning |", "|---|---|---|"]
        lines += [f"| `{c.name}` | {_HOLDS[c.type]} | {_cell(COLUMNS[table][c.name])} |" for c in columns]
        lines.append("")
    return "\n".join(lines)


PAGES: dict[str, Callable[[], str]] = {
    "scenario": scenario_page,
    "metrics": metrics_page,
    "tables": tables_page,
    "events": events_page,
    "notifications": notifications_page,
}
"""The pages by name."""

if __name__ == "__main__":
    sys.stdout.write(PAGES[sys.argv[1]]())
