"""The page of the documentation that lists every notice; `python -m sim.report.notices_page` writes it."""

import sys

from sim.story.notifications import NOTICES, Kind, Notice

_NOTICES_INTRODUCTION = """\
# Notifications

This page is made from the table in the code; `python -m sim.report.notices_page` writes it.

The engine knows no texts. After the run, each row below that fits an event of the log gives one notification:
when, in which order within the instant, to whom, of which kind, and the literal text. `sim trace` shows them in
place, `sim.story.notifications.notifications(records.events)` gives them as a list.

- Numbers: N are those of the platform's documented notices, N1 to N13 from the user guide, word for word with its
  full stops and its lower case; N14 and above from later versions; U are texts of the agent desk.
- A **whisper** never has a customer in its audience, and a supervisor who looks in silently is not announced. He
  counts as an agent in the conversation where agents are told something.
- **Order** is the place among the notices of the same instant: a transfer's requester reads that his conversation is
  closed, then that the request is placed; the customer reads of the transfer, then that the agent has left; all of
  it before the first offer.
- A request that rings out and queues anew is told to nobody: the pop-up disappears. The customer reads that no agents
  were available when the search really ends: where the time-to-live is over while it rings, when it has rung out.
- "You have joined the conversation" is for the agent who has joined, and the customer reads that the agent has. The
  guide's sentence can be followed to the letter: `notifications(events, to_the_letter())`.
- Who leaves for a transfer "has left" for the customer and "left the conversation" for the agents who stay. Where
  nobody is found for a transfer out of a conference, the customer is told by the rule, though others are with him.
- In a warm transfer the customer is told nothing of the consult; when the handover is done he reads who has joined and
  who has left. A refused request is an error, for which no source has a text.
- In braces: `{agent}`, the one concerned; `{requester}` and `{receiver}`, who asks and who takes over; `{queue}`;
  `{channel}`; `{whom}`, " with customer 17" where he is known by name; `{note}`, ", with a note" where there is one.
"""

_SECTIONS = {
    "transfer_placed": "A transfer is placed",
    "conference_placed": "A conference is placed",
    "request_refused": "A second request while one is pending",
    "offered": "An agent is offered a conversation",
    "pull_notice": "A request is put on a list",
    "agent_joined": "An agent joins",
    "barged_in": "A supervisor barges in",
    "agent_left": "An agent leaves",
    "no_agent": "No agent was found",
    "disconnected": "The centre closes and sends a request away",
    "whisper": "A whisper",
}


def notifications_page() -> str:
    """Write the whole page as Markdown."""
    sections = (_notices_section(event, title) for event, title in _SECTIONS.items())
    return "\n".join([_NOTICES_INTRODUCTION, *sections])


def _notices_section(event: str, title: str) -> str:
    rows = sorted((notice for notice in NOTICES if notice.event == event), key=lambda notice: notice.order)
    head = ["| | order | when | to | kind | text | source |", "|---|---|---|---|---|---|---|"]
    return "\n".join([f"## {title} (`{event}`)", "", *head, *map(_notice_row, rows), ""])


def _notice_row(notice: Notice) -> str:
    quoted = notice.text if notice.kind is Kind.WHISPER else f'"{notice.text}"'
    cells = (
        notice.number, str(notice.order), _conditions(notice), notice.audience, notice.kind, quoted, notice.source,
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _conditions(notice: Notice) -> str:
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


if __name__ == "__main__":
    sys.stdout.write(notifications_page())
