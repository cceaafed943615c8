"""The page of the documentation that lists every event of the log."""

from sim.records.events import HAPPENINGS, Happening

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
        [_EVENTS_INTRODUCTION, *(_events_section(title, events) for title, events in HAPPENINGS.items())]
    )


def _events_section(title: str, events: tuple[Happening, ...]) -> str:
    head = [
        "| event | when it is written | request_id | agent | queue | detail |",
        "|---|---|---|---|---|---|",
    ]
    return "\n".join([f"## {title}", "", *head, *map(_event_row, events), ""])


def _event_row(event: Happening) -> str:
    detail = "; ".join(f"`{name}`: {meaning}" for name, meaning in event.detail.items())
    cells = (f"`{event.name}`", event.when, "yes" if event.request else "", event.agent, event.queue, detail)
    return f"| {' | '.join(cells)} |"
