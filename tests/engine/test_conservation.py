"""Nobody is lost or counted twice: requests balance in every random centre, over all and in every part of it."""

from dataclasses import replace

import numpy as np

from engine.random_scenarios import Day, all_days, on
from engine.running import Run
from sim.metrics import measure
from sim.metrics.columns import FloatArray
from sim.metrics.measures import Measures

ENDS = ("answered", "abandoned", "no_agent", "disconnected", "voicemail", "wait_limit", "unfinished")
PARTS = ((), ("queue",), ("channel",), ("interval",))
METRICS = (
    *ENDS,
    "offered",
    "placed",
    "cancelled",
    "unfinished_missed",
    "unfinished_undetermined",
    "served_after",
)


CONTACTS = (
    "handled", "contained", "blocked", "contacts_balked", "contacts_abandoned", "contacts_no_agent",
    "contacts_disconnected", "contacts_voicemail", "contacts_wait_limit", "contacts_unfinished",
)  # fmt: skip
"""What becomes of contacts: each is one of these."""


def cells(measures: Measures, metric: str, by: tuple[str, ...]) -> FloatArray:
    """The counts of a metric in a breakdown."""
    return measures.numerator[measures.cells.block(metric, by)]  # type: ignore[arg-type]


@on(all_days())
def test_requests_are_conserved_over_all_and_in_every_part(day: Day) -> None:
    conserved(Run(day))


def conserved(run: Run) -> None:
    """Assert that requests balance over all and in every part."""
    measures = measure(run.records, run.scenario, only=METRICS)
    rows = [row for row in run.requests if row["placed_at"] >= run.scenario.warm_up]
    elsewhere = sum(row["outcome"] == "moved" for row in rows)  # a new row tells what became of them
    for by in PARTS:
        count = {metric: cells(measures, metric, by) for metric in METRICS}
        assert np.array_equal(count["offered"], sum(count[end] for end in ENDS)), by
        moved = count["placed"] - count["offered"] - count["cancelled"]
        assert moved.min() >= 0
        assert moved.sum() == elsewhere, by
        both = count["unfinished_missed"] + count["unfinished_undetermined"]
        assert np.array_equal(count["unfinished"], both), by
        assert (count["served_after"] <= count["answered"]).all()
        for metric in METRICS:  # each request is in one queue, channel and interval
            assert count[metric].sum() == cells(measures, metric, ()).sum(), (metric, by)


@on(all_days())
def test_each_contact_has_one_end_in_every_part(day: Day) -> None:
    run = Run(day)
    measures = measure(run.records, run.scenario, only=("conversations", *CONTACTS))
    came = sum(row["arrived_at"] >= run.scenario.warm_up for row in run.conversations)
    for by in PARTS:
        contacts = cells(measures, "conversations", by)
        assert np.array_equal(contacts, sum(cells(measures, one, by) for one in CONTACTS)), by
        assert contacts.sum() == came, by


@on(all_days())
def test_they_are_where_the_day_is_cut_off_and_somebody_waits(day: Day) -> None:
    spec = {**day.spec, "drain": 0, "closing": "serve_out"}
    conserved(Run(replace(day, spec=spec)))
