"""Tomorrow: who waits at the end of a run of several days is served by the days that follow."""

import pickle

import pytest

import sim
from engine.worlds import at, centre, world
from sim.engine import simulate
from sim.engine.tomorrow import Tomorrow
from sim.experiments.result import Result
from sim.metrics import measure
from sim.records import Ending
from sim.workload import draw

FIVE_DAYS = """
opens: 2026-03-02 00:00
lasts: 5d
seed: 3
replications: 10
media: {voice: {max_tasks: 1}}
channels: {mail: {medium: voice}}
queues:
  mails: {medium: voice, service_level: {within: 2d, target: 95%}, handle_time: {lognormal: {mean: 10m, sd: 8m}}}
teams:
  day: {agents: 2, cost_per_hour: 10, skills: {mails: 5}, shifts: [{from: "06:00", to: "14:00", agents: 2}]}
arrivals:
  - {channel: mail, queue: mails, per_hour: 2}
"""

ONE_MORNING = """
opens: 2025-02-03 09:00
lasts: 3h
seed: 1
replications: 10
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues: {q: {medium: voice, handle_time: {exponential: {mean: 120s}}, service_level: {within: 20s, target: 80%}}}
teams: {t: {skills: {q: 1}, shifts: [{from: "09:00", to: "10:00", agents: 12}]}}
arrivals: [{channel: phone, queue: q, per_hour: 60}]
"""

TWO_DAYS = """
queues: {calls: {medium: chat, handle_time: 31m}}
teams: {desk: {agents: 1, skills: {calls: 5}, %s}}
"""
EIGHT_TO_NINE = [int(hour % 24 == 8) for hour in range(48)]


def value(result: Result, metric: str) -> float:
    """The figure over all."""
    return result.figure(metric).value


def test_the_tail_of_a_week_is_served_the_day_after() -> None:
    """All mails of Friday afternoon are answered, with the waits of a roster that is one day longer."""
    result = sim.run(sim.loads(FIVE_DAYS))
    assert value(result, "answered") == value(result, "offered") == pytest.approx(240.4)
    assert value(result, "unfinished") == 0
    assert value(result, "wait_mean") == pytest.approx(22_331, abs=1)


def test_what_tomorrow_takes_is_told_and_priced() -> None:
    """The added day's work costs, in `cost_per_resolved` too, and is no part of `cost`."""
    result = sim.run(sim.loads(FIVE_DAYS), replications=1)
    hours, after, before = value(result, "hours_after"), value(result, "cost_after"), value(result, "cost")
    assert value(result, "served_after") > 0
    assert after == pytest.approx(10 * hours)
    assert before == pytest.approx(5 * 2 * 8 * 10, rel=0.02)
    assert value(result, "cost_per_resolved") == pytest.approx((before + after) / value(result, "handled"))


def test_a_run_of_one_day_has_no_tomorrow() -> None:
    """Of 186 callers 125 are open at the end of the morning, and all of them have waited too long."""
    result = sim.run(sim.loads(ONE_MORNING, overrides=["drain=1h"]))
    assert value(result, "unfinished") == value(result, "unfinished_missed") == pytest.approx(125.2)
    assert value(result, "service_level") == pytest.approx(60.9 / 186.1)
    assert value(result, "offered") == value(result, "conversations") == pytest.approx(186.1)
    assert value(result, "served_after") == value(result, "hours_after") == 0


def test_who_came_just_before_the_end_is_undetermined() -> None:
    """Of those open at noon two in ten days had not waited for 20 s: they are in no denominator."""
    result = sim.run(sim.loads(ONE_MORNING))
    assert value(result, "unfinished_undetermined") == pytest.approx(0.2)
    assert value(result, "service_level") == pytest.approx(60.9 / 185.9)


def test_a_team_without_shifts_is_there_though_nobody_waits() -> None:
    spare = "teams.spare={agents: 1, skills: {calls: 1}}"
    told = world(
        TWO_DAYS % 'shifts: [{from: "08:00", to: "09:00", agents: 1}]', spare, "lasts=48h", ann=at(60)
    )
    assert told.ends == [f"{60 + 31 * 60} ann handled"]
    assert told.states("spare-1") == ["0-172800 READY"]


def test_a_limit_of_the_run_is_no_wait() -> None:
    """Without `drain` the wait of who stays open ends with the last work, not with the month."""
    scenario = sim.loads(ONE_MORNING)
    records = simulate(scenario, draw(scenario, 0, 1))
    assert records.horizon_s == 3 * 3600
    assert records.requests["wait"].max() <= 2 * 3600


@pytest.mark.parametrize(
    "roster",
    [
        'shifts: [{from: "08:00", to: "09:00", agents: 1}]',
        f"head_count: {{every: 1h, agents: {EIGHT_TO_NINE}}}",
    ],
)
def test_the_roster_repeats_its_last_day(roster: str) -> None:
    """One agent from eight to nine takes two chats of 31 minutes on the day after the end, a third a day later."""
    late = 47 * 3600
    told = world(TWO_DAYS % roster, "lasts=48h", ann=at(late), bob=at(late), cid=at(late))
    assert told.ends == [
        f"{minutes * 60} {name} handled"
        for name, minutes in (("ann", 56 * 60 + 31), ("bob", 56 * 60 + 62), ("cid", 80 * 60 + 31))
    ]
    assert (told.records.ending.first_added_s, told.records.horizon_s) == (56 * 3600, 80 * 3600 + 31 * 60)


def test_a_head_count_without_anybody_on_the_last_day_adds_nobody() -> None:
    """Agents who came on the first day alone do not come on the days after the end."""
    roster = f"head_count: {{every: 1h, agents: {[*EIGHT_TO_NINE[:24], *[0] * 24]}}}"
    told = world(TWO_DAYS % roster, "lasts=48h", ann=at(47 * 3600))
    assert [request["outcome"] for request in told.requests("ann")] == ["unfinished"]
    assert not told.records.ending.added


SHIFT = 'shifts: [{from: "08:00", to: "09:00", agents: 1}]'
EVENING = 47 * 3600


@pytest.mark.parametrize(("lasts", "served"), [("24h", False), ("25h", True)])
def test_a_run_has_a_tomorrow_from_more_than_a_day_on(lasts: str, served: bool) -> None:
    told = world(TWO_DAYS % SHIFT, f"lasts={lasts}", ann=at(23 * 3600))
    assert told.requests("ann")[0]["outcome"] == ("answered" if served else "unfinished")
    assert told.requests("ann")[0]["wait"] == (9 * 3600 if served else 3600)


def test_constant_agents_stay_and_nobody_logs_in_once_more() -> None:
    told = world(TWO_DAYS.replace(", %s", ""), "lasts=48h", ann=at(EVENING), bob=at(EVENING))
    assert told.ends == [f"{EVENING + 1860} ann handled", f"{EVENING + 3720} bob handled"]
    assert not told.records.ending.added


def test_breaks_are_at_the_same_clock_tomorrow() -> None:
    """Ann is written to until 08:31, the break of 30 min follows; bob's ends at 09:32, and cid is overtime."""
    roster = 'shifts: [{from: "08:00", to: "10:00", agents: 1, breaks: [{at: "08:30", for: 30m}]}]'
    told = world(TWO_DAYS % roster, "lasts=48h", ann=at(EVENING), bob=at(EVENING), cid=at(EVENING))
    tomorrow = 48 * 3600
    assert told.states("desk-1")[-5:] == [
        f"{tomorrow + 28800}-{tomorrow + 30600} READY",
        f"{tomorrow + 30600}-{tomorrow + 30660} PENDING_NOT_READY break",
        f"{tomorrow + 30660}-{tomorrow + 32460} NOT_READY break",
        f"{tomorrow + 32460}-{tomorrow + 36000} READY",
        f"{tomorrow + 36000}-{tomorrow + 36180} PENDING_NOT_READY overtime",
    ]
    assert told.ends[-1] == f"{tomorrow + 36180} cid handled"


def test_a_finite_drain_ends_tomorrow_and_the_waits_with_it() -> None:
    """After nine hours ann and bob have been answered, from eight on; cid has waited ten hours."""
    told = world(TWO_DAYS % SHIFT, "lasts=48h", "drain=9h", ann=at(EVENING), bob=at(EVENING), cid=at(EVENING))
    assert told.records.horizon_s == 57 * 3600
    waits = [(told.requests(name)[0]["outcome"], told.requests(name)[0]["wait"]) for name in ("bob", "cid")]
    assert waits == [("answered", 9 * 3600 + 1860), ("unfinished", 10 * 3600)]


def test_it_ends_after_thirty_days_which_are_no_wait() -> None:
    """Two of 80 chats are answered each morning; the last work ends at 09:02 of the thirtieth."""
    told = world(TWO_DAYS % SHIFT, "lasts=48h", **{f"chat{one}": at(EVENING) for one in range(80)})
    end = (48 + 29 * 24 + 9) * 3600 + 120
    assert told.records.horizon_s == end
    requests = told.rows("requests")
    assert sum(one["outcome"] == "answered" for one in requests) == 60
    assert {one["wait"] for one in requests if one["outcome"] == "unfinished"} == {end - EVENING}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("queues.calls.patience=2h", ("abandoned", 7200)),
        ("channels.web.request_ttl=3h", ("no_agent", 10800)),
        ("queues.calls.wait_limit={after: 1h, then: end}", ("wait_limit", 3600)),
    ],
)
def test_limits_of_a_wait_keep_their_time_after_the_end(change: str, told: tuple[str, float]) -> None:
    """Nobody comes any more on a run of ten hours; each limit ends the wait at its own time."""
    (row,) = world(TWO_DAYS % SHIFT, "lasts=10h", change, ann=at(9.5 * 3600)).requests("ann")
    assert (row["outcome"], row["wait"]) == told


def test_the_wait_of_who_stays_open_ends_with_the_last_event_of_another() -> None:
    """Ann gives up at 11:30, an hour and a half after the end; bob has waited from 09:45 until then."""
    told = world(TWO_DAYS % SHIFT, "lasts=10h", ann=at(9.5 * 3600, patience=7200), bob=at(9.75 * 3600))
    assert told.requests("bob")[0]["wait"] == 1.75 * 3600


PRICED = """
queues:
  calls: {medium: chat, handle_time: 31m, service_level: {within: 1h, target: 80%}}
  mails: {medium: chat, handle_time: 9h}
teams:
  desk: {agents: 1, skills: {calls: 5}, cost_per_hour: 60, shifts: [{from: "08:00", to: "09:00", agents: 1}]}
  back: {agents: 1, skills: {mails: 5}, cost_per_hour: 100}
"""


def test_what_tomorrow_takes_by_hand() -> None:
    """The desk: two hours of its own days, and tomorrow from 56:00 until cid's end at 57:02.

    Those who stay in the back count until their last work before it, the mail that ends at 52:00, and from 56:00 on
    once more; the mail that waits is begun at 52:00 by nobody who logged in.
    """
    told = world(
        PRICED, "lasts=48h", ann=at(30 * 3600), bob=at(EVENING), cid=at(EVENING),
        dan=at(43 * 3600, queue="mails"), eve=at(44 * 3600, queue="mails", handle_time=5 * 3600),
    )  # fmt: skip
    figures = measure(told.records, centre(PRICED, "lasts=48h"))
    ending = told.records.ending
    assert (ending.work_ended_s, ending.first_added_s, ending.horizon_s) == (
        52 * 3600, 56 * 3600, 57 * 3600 + 120,
    )  # fmt: skip
    after = 1 + 2 / 60
    assert figures.value("served_after") == 2
    assert figures.value("hours_after") == pytest.approx(2 * after)
    assert figures.value("cost_after") == pytest.approx((60 + 100) * after)
    assert figures.value("cost") == pytest.approx(2 * 60 + 52 * 100)
    assert figures.value("cost_per_resolved") == pytest.approx((2 * 60 + 52 * 100 + 160 * after) / 5)
    assert figures.value("occupancy", team="desk") == pytest.approx(31 / 120)


def test_how_a_run_ended_travels_between_processes() -> None:
    """A run without a tomorrow has nobody who logged in once more, before and after pickling."""
    told = pickle.loads(pickle.dumps(Ending(60.0)))
    assert (told.horizon_s, told.work_ended_s, told.added) == (60.0, 60.0, {})


@pytest.mark.parametrize(
    ("lasts", "every", "counts", "of_a_day"),
    [
        (30, 1, range(30), [(30 + hour, 6 + hour) for hour in range(24)]),
        (30, 7, range(5), [(30, 0), (31, 1), (38, 2), (45, 3), (52, 4)]),
        (28, 7, range(4), [(28, 0), (31, 1), (38, 2), (45, 3)]),
    ],
)
def test_a_head_count_goes_on_as_in_the_last_24_hours(
    lasts: int, every: int, counts: range, of_a_day: list[tuple[int, int]]
) -> None:
    """A change at an instant that is an interval's start is one; there are 30 days to go on, and the rest of one."""
    found = list(Tomorrow(lasts * 3600.0, {}).counts(tuple(counts), every * 3600.0))
    steps = [((day * 24 + hour) * 3600.0, count, ()) for day in range(31) for hour, count in of_a_day]
    assert found == steps


@pytest.mark.parametrize(("days", "handled"), [(29.9, True), (30.1, False)])
def test_work_goes_on_for_thirty_days_after_closing(days: float, handled: bool) -> None:
    """All who call within the hour are answered at once; their work ends within 30 days, or is left."""
    changes = {
        "lasts": "1h",
        "queues.q.handle_time": f"{days}d",
        "teams.t": {"skills": {"q": 1}, "agents": 200},
    }
    result = sim.run(sim.loads(ONE_MORNING).set(changes), replications=1, jobs=1)
    assert value(result, "offered") > 0
    assert value(result, "handled") == (value(result, "offered") if handled else 0)
