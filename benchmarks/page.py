"""docs/performance.md, made from a run of the benchmark."""

import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from os import cpu_count

from benchmarks.findings import Cell, Findings, Table, shown

CONTACTS = (500, 5_000, 50_000)
QUESTIONS = (
    ("one day, a figure with its interval", 20),
    ("two plans compared", 100),
    ("a sweep of 25 plans", 1000),
)
CORES = (1, 2, 8)
START_S = 2.0
"""Processes and imports."""
WORST, COSTS = "rich model", "us a contact"

INTRODUCTION = """# What a question costs

This page is made from a run of the benchmark; `python -m benchmarks --write docs/performance.md` writes it
(it needs the extra `[bench]`, and takes about ten minutes of a machine that is free). Seconds are CPU seconds
on the machine named below, and will be others on yours; the ratios hardly change. Of each,
the median of {rounds} rounds is shown, in which everything compared ran in turn.

Measured with {machine}.{warning}
"""
QUICK_WARNING = """ This was a quick run, of small sizes and few rounds: the ratios are
rough, and growth is looked at less far than promised."""

COST = """
## Contacts, replications, cores: minutes

A replication is drawn, simulated, recorded and measured. That costs {cheap:.0f} microseconds a contact in a
single queue, and {dear:.0f} where agents let requests ring, transfer, call colleagues in and hold three chats at once.
So, for a centre of that richer kind, in minutes:

{table}

- A contact costs about the same in a short day and in a long one, at ten agents and at ten thousand: the tables
  below say how much more.
- Replications are shared out over the cores (`--jobs`), so a core more helps as long as there are replications
  for it. Up to a few seconds of work, starting processes costs more than they save; `sim` then takes one.
- Processes share the days, not threads: the compiled engine runs beside other Python for an eighth of a support day
  and a fifth of a day of the richer kind, which is the part that is its own; the rest is draws, rows and figures,
  one thread at a time. Two threads took 1.2 to 1.4 times as long as one.
- Keep the tables of what you will look at only: `--tables first`, the default, keeps those of one replication.
- `--precision service_level=±1%` stops as soon as a figure is as sure as you want it, often far below the number of
  days one would have guessed.
- What a scenario leaves out costs nothing: no acceptance delay, no wrap-up, no conference, no events for them.
"""

BARS = """
## What is promised, and what was measured

{table}
"""

PEERS = """
## Beside other tools

The same models, written by us for each tool, give the same answers (checked in the same run, against the exact
ones where they are known) before they are timed. The search for garbage is off for all of them alike.
"""


def page(found: Iterable[Findings], rounds: int, quick: bool = False) -> str:
    """Write the page; it needs the findings of all parts."""
    parts = {part.letter: part for part in found}
    costs = {str(row[0]): float(row[-1] or 0) for row in _titled(parts["e"], COSTS).rows}
    text = [
        INTRODUCTION.format(rounds=rounds, machine=_machine(), warning=QUICK_WARNING if quick else ""),
        COST.format(cheap=min(costs.values()), dear=costs[WORST], table=_questions(costs[WORST])),
        BARS.format(table=_bars(parts.values())),
        PEERS,
        *map(_section, parts.values()),
    ]
    return "".join(text)


def _titled(part: Findings, title: str) -> Table:
    return next(table for table in part.tables if table.title == title)


def _questions(cost_us: float) -> str:
    rows = [
        [
            f"{what} ({shown(days)} days)",
            shown(contacts),
            *(_minutes(days, contacts, cost_us, n) for n in CORES),
        ]
        for what, days in QUESTIONS
        for contacts in CONTACTS
    ]
    cores = ["1 core", *(f"{n} cores" for n in CORES[1:])]
    return _markdown(["question", "contacts a day", *cores], rows)


def _minutes(days: int, contacts: int, cost_us: float, cores: int) -> str:
    seconds = START_S + days * contacts * cost_us / 1e6 / cores
    return f"{seconds / 60:.2g}" if seconds < 600 else f"{seconds / 60:.0f}"


def _bars(parts: Iterable[Findings]) -> str:
    bars = [bar for part in parts for bar in part.bars]
    rows = [
        [bar.what, f"{bar.measured:.2f} {bar.unit}", bar.limit, "met" if bar.is_met else "**not met**"]
        for bar in bars
    ]
    reasons = [f"\n\n*{bar.what}*: {bar.otherwise}" for bar in bars if bar.otherwise and not bar.is_met]
    return _markdown(["", "measured", "promised", ""], rows) + "".join(reasons)


def _section(part: Findings) -> str:
    tables = [f"**{table.title}**\n\n{_markdown(table.columns, table.rows)}\n" for table in part.tables]
    notes = [f"{note}\n" for note in part.notes]
    return "\n".join(["", f"### {part.title}\n", *tables, *notes])


def _markdown(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    lines = [
        columns,
        ["---", *["---:"] * (len(columns) - 1)],
        *([shown(cell) for cell in row] for row in rows),
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _machine() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("simpy", "numpy", "pandas"))
    return f"Python {platform.python_version()}, {packages}, on {cpu_count()} cores of {platform.machine()}"
