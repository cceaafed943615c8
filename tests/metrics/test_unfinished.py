"""What is open at the end of a run, taken to be answered then and never, by hand."""

from math import inf
from typing import Any

import numpy as np

from metrics.by_hand import NAN, conversation, figures, request, tables, task, world
from sim.metrics import Figures, Measures, measure
from sim.metrics.figures import FIGURE_COLUMNS
from sim.metrics.unfinished import OpenFigures, extremes


def both(*names: str, **rows: Any) -> list[tuple[float, float]]:
    """The figures where all is answered at the end, after an hour, and where nobody ever is."""
    found = tables(**rows)
    worlds = extremes(found, world(), measure(found, world()))
    assert worlds is not None
    return [(worlds[0].value(name), worlds[1].value(name)) for name in names]


def test_who_still_waits_is_answered_at_the_end_or_never() -> None:
    """One is answered after 30 s and handled for 70 by two agents; the other has waited for 600 since 3,000."""
    done = conversation(answered_at=30.0, ended_at=100.0, total_wait=30.0, transfers=1)
    waits = conversation("unfinished", at=3000.0, answered_at=NAN, ended_at=NAN, total_wait=0.0)
    searches = [
        request(wait=30.0, conversation_id=done["conversation_id"]),
        request("unfinished", 600.0, at=3000.0, conversation_id=waits["conversation_id"], ended_at=NAN),
    ]
    names = (
        "handled",
        "total_wait",
        "time_in_system",
        "asa",
        "answered",
        "abandoned",
        "transfers_per_conversation",
    )
    found = both(*names, conversations=[done, waits], requests=searches)
    assert found == [(2, 1), (315, inf), (350, inf), (315, inf), (2, 1), (0, 1), (0.5, 1)]


def test_what_is_open_at_an_agent_waits_for_nothing_more() -> None:
    """A conversation that an agent has not ended yet ends at the end, and its wait stays the 40 s before them."""
    open_ = conversation("unfinished", at=3000.0, answered_at=3040.0, ended_at=NAN, total_wait=40.0)
    search = request(wait=40.0, at=3000.0, conversation_id=open_["conversation_id"])
    found = both("handled", "total_wait", "time_in_system", conversations=[open_], requests=[search])
    assert found == [(1, 0), (40, 40), (600, inf)]


def test_whispers_are_as_many_as_they_are() -> None:
    """Two are answered and one of them waits for a third agent; the rate of conversations does not change."""
    open_ = conversation("unfinished", at=3000.0, answered_at=3000.0, ended_at=NAN)
    search = request(
        "unfinished", 100.0, at=3500.0, conversation_id=open_["conversation_id"], kind="conference"
    )
    whispers = [{"conversation_id": open_["conversation_id"], "at": 3550.0}] * 3
    rows: dict[str, Any] = {"conversations": [open_], "requests": [search], "whispers": whispers}
    found = tables(**rows)
    assert measure(found, world()).value("whispers") == 3
    assert both("joined_rate", **rows) == [(1, 0)]


def test_a_task_in_a_queue_is_taken_at_the_end_or_stays() -> None:
    """Of two tasks one was handled for 60 s; who is answered at the end is done with at once."""
    waits = task(task_disposition="UNFINISHED", task_queue_time=3000.0, task_queue_duration=600.0)
    handled = task(10.0, 70.0, 70.0, task_queue_duration=10.0)
    searches = [request(wait=10.0), request("unfinished", 600.0, at=3000.0)]
    (times,) = both("handle_time", tasks=[handled, waits], requests=searches)
    assert times == (30, 60)


def test_a_wait_that_is_endless_once_is_so_over_all_replications() -> None:
    folded = OpenFigures(Figures())
    for wait in (inf, 20.0, 30.0):
        folded.fold(measured(wait))
    assert [folded.table([name])["value"].max() for name in ("asa", "answered")] == [inf, 1.0]
    assert tuple(folded.table(["asa"])) == FIGURE_COLUMNS
    row = folded.table(["asa"]).iloc[0]
    assert row[["low", "high", "max"]].tolist() == [inf] * 3
    assert row[["sd", "min"]].isna().all()
    none = OpenFigures(Figures())
    none.fold(measured(20.0))
    assert none.table(["asa"])["value"].max() == 20.0


def measured(wait: float) -> Measures:
    return figures(requests=[request(wait=wait)])


def test_every_figure_of_what_is_open_has_its_own_fate() -> None:
    """One is answered after 30 s and handled for 60 and 10; the other waits since 3,000, of an hour.

    It is answered at the end, after 600 s, or never: endless where a wait is asked for, lost where losses are. Both
    are of one customer.
    """
    done = conversation(answered_at=30.0, ended_at=100.0, total_wait=30.0)
    waits = conversation("unfinished", at=3000.0, answered_at=NAN, ended_at=NAN)
    searches = [
        request(wait=30.0, conversation_id=done["conversation_id"]),
        request("unfinished", 600.0, at=3000.0, conversation_id=waits["conversation_id"], ended_at=NAN),
    ]
    queued = {"task_queue_time": 3000.0, "task_queue_duration": 600.0, "task_end_time": NAN}
    tasks = [task(30.0, 90.0, 100.0, task_queue_duration=30.0), task(task_disposition="UNFINISHED", **queued)]
    expected = {
        **dict.fromkeys(("asa", "wait_mean", "wait_all_mean", "total_wait", "wait_p50"), (315, inf)),
        "wait_max": (600, inf),
        "wait_p80": (486, inf),
        "time_in_system": (350, inf),
        **dict.fromkeys(("abandoned", "no_agent", "contacts_abandoned", "contacts_no_agent"), (0, 1)),
        **dict.fromkeys(("vendor_abandoned", "vendor_no_agent"), (0, 1)),
        **dict.fromkeys(("abandon_rate", "no_agent_rate", "vendor_abandon_rate"), (0, 0.5)),
        "abandon_wait_mean": (NAN, inf),
        "vendor_average_abandoned_duration": (NAN, inf),
        "vendor_average_queue_duration": (315, inf),
        "customer_wait": (630, inf),
        "handle_time": (30, 60),
        "wrap_up_time": (5, 10),
        "vendor_handled_duration": (35, 70),
        "answered": (2, 1),
        "handled": (2, 1),
        "customers_served_rate": (1, 1),
    }
    found = both(*expected, conversations=[done, waits], requests=searches, tasks=tasks)
    np.testing.assert_allclose(found, [*expected.values()])


def test_who_waits_for_less_than_the_threshold_is_in_time_where_they_are_answered_at_the_end() -> None:
    """A task that has been queued for 10 s at the end, of a queue with 20 s; judged by the vendor in three ways."""
    waits = task(task_disposition="UNFINISHED", task_queue_time=3590.0, task_queue_duration=10.0)
    search = request("unfinished", 10.0, at=3590.0)
    levels = [f"vendor_service_level_{number}" for number in (1, 2, 3)]
    assert both(*levels, tasks=[waits], requests=[search]) == [(1, 0)] * 3


def test_what_was_endless_once_stays_so_when_other_days_are_folded() -> None:
    """The row that has no data at all is left out, and the others keep theirs."""
    folded = OpenFigures(Figures())
    for wait in (20.0, inf, 30.0):
        folded.fold(measured(wait))
    table = folded.table(["asa", "answered", "abandon_wait_mean"])
    assert [*table.index] == [*range(len(table))]
    assert {*table[table["metric"] == "asa"]["value"]} == {inf}
    assert {*table[table["metric"] == "answered"]["value"]} == {1.0}
    assert "abandon_wait_mean" not in {*table["metric"]}
