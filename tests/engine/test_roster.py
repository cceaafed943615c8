"""Who is there when: shifts, breaks, head-counts, absence, and pauses after a ring-out (R3.1)."""

from pathlib import Path

from engine.worlds import at, centre, told_of, world
from sim.engine.roster import stints_of
from sim.scenario import loads
from sim.workload import by_hand

SHIFT = """
queues: {calls: {medium: chat, handle_time: 100s, patience: 1h}}
teams: {desk: {skills: {calls: 5}, shifts: [{from: "00:10", to: "00:30", agents: 1}]}}
"""

WITH_BREAK = """
queues: {calls: {medium: chat, handle_time: 100s, patience: 1h}}
teams:
  desk:
    skills: {calls: 5}
    shifts: [{from: "00:00", to: "00:30", agents: 1, breaks: [{at: "00:10", for: 5m}]}]
"""


def test_a_shift_is_the_time_between_log_in_and_log_out() -> None:
    told = world(SHIFT, ann=at(599), bob=at(1750), cid=at(1790))
    assert told.story == [
        "599 ann: arrives, placed in calls",
        "600 ann: offered to desk-1, answered by desk-1",
        "700 ann: desk-1 leaves, ends handled, desk-1 DONE",
        "1750 bob: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "1790 cid: arrives, placed in calls",
        "1850 bob: desk-1 leaves, ends handled, desk-1 DONE",
        "5390 cid: abandons, ends abandoned",
    ]
    assert told.states("desk-1") == ["600-1800 READY", "1800-1850 PENDING_NOT_READY overtime"]
    assert told.states("desk-1", "chat") == [
        "600-700 BUSY",
        "700-1750 READY",
        "1750-1800 BUSY",
        "1800-1850 PENDING_NOT_READY overtime",
    ]


def test_clock_times_count_from_the_opening() -> None:
    told = world(SHIFT.replace("00:", "08:"), "opens=2026-03-02 08:00", ann=at(0))
    assert told.offers == ["600 ann to desk-1"]


NIGHT = """
lasts: 30h
queues: {calls: {medium: chat, handle_time: 60s}}
teams:
  desk:
    skills: {calls: 5}
    shifts: [{from: "20:00", to: "28:00", agents: 1, breaks: [{at: "21:00", for: 30m}]}]
"""


def test_of_a_shift_that_began_before_the_run_a_break_is_taken_as_far_as_it_is_left() -> None:
    told = world(NIGHT, ann=at(0))
    assert told.ends == ["60 ann handled"]
    assert told.states("desk-1")[:3] == [
        "0-14400 READY", "72000-75600 READY", "75600-77400 NOT_READY break",
    ]  # fmt: skip
    told = world(NIGHT.replace("21:00", "23:45"), ann=at(0))
    assert told.ends == ["960 ann handled"]
    assert told.states("desk-1")[:2] == ["0-900 NOT_READY break", "900-14400 READY"]


def test_wrap_up_after_the_shift_is_overtime_too() -> None:
    told = world(SHIFT, "teams.desk.wrap_up=30s", ann=at(1790))
    assert told.states("desk-1")[-1] == "1800-1920 PENDING_NOT_READY overtime"


def test_whose_next_shift_begins_when_a_day_of_24_hours_is_over_does_not_come() -> None:
    told = world(
        "lasts: 24h\n" + SHIFT, "teams.desk.shifts=[{from: '00:00', to: '01:00', agents: 1}]", ann=at(86_300)
    )
    assert told.offers == []


def test_who_works_through_a_shift_comes_to_the_one_after_it() -> None:
    """The work of the first day lasts until the second day's shift is over."""
    told = world(
        "lasts: 60h\n" + SHIFT, "teams.desk.shifts=[{from: '00:00', to: '01:00', agents: 1}]",
        ann=at(100, handle_time=30 * 3600), bob=at(172_900),
    )  # fmt: skip
    assert told.offers == ["100 ann to desk-1", "172900 bob to desk-1"]


def test_the_end_of_a_shift_leaves_an_offer_ringing() -> None:
    told = world(SHIFT, "teams.desk.accept.delay=20s", ann=at(1790))
    assert told.ends == ["1910 ann handled"]
    assert told.states("desk-1")[-1] == "1800-1910 PENDING_NOT_READY overtime"


def test_at_the_end_of_a_shift_who_rings_out_logs_out() -> None:
    told = world(SHIFT, "teams.desk.accept.probability=0%", ann=at(1790, patience=70))
    assert told.story == [
        "1790 ann: arrives, placed in calls, offered to desk-1",
        "1850 ann: rings out at desk-1, requeued at 11",
        "1860 ann: abandons, ends abandoned",
    ]
    assert told.states("desk-1") == ["600-1800 READY", "1800-1850 PENDING_NOT_READY overtime"]


def test_at_the_end_of_a_shift_whose_ringing_customer_leaves_logs_out() -> None:
    told = world(SHIFT, "teams.desk.accept.probability=0%", ann=at(1790, patience=20))
    assert told.states("desk-1") == ["600-1800 READY", "1800-1810 PENDING_NOT_READY overtime"]


def test_a_break_is_taken_on_time_by_who_is_free() -> None:
    told = world(WITH_BREAK, ann=at(610))
    assert told.offers == ["900 ann to desk-1"]
    assert told.states("desk-1") == ["0-600 READY", "600-900 NOT_READY break", "900-1800 READY"]


def test_a_break_begins_when_the_open_tasks_are_done_and_lasts_its_full_length() -> None:
    told = world(WITH_BREAK, ann=at(550), bob=at(560))
    assert told.offers == ["550 ann to desk-1", "950 bob to desk-1"]
    assert told.states("desk-1") == [
        "0-600 READY",
        "600-650 PENDING_NOT_READY break",
        "650-950 NOT_READY break",
        "950-1800 READY",
    ]


def test_a_break_begins_when_the_ringing_customer_leaves() -> None:
    told = world(WITH_BREAK, "teams.desk.accept.probability=0%", ann=at(590, patience=20))
    assert told.states("desk-1") == [
        "0-600 READY",
        "600-610 PENDING_NOT_READY break",
        "610-910 NOT_READY break",
        "910-1800 READY",
    ]


def test_a_break_never_outlasts_the_shift() -> None:
    told = world(WITH_BREAK.replace("00:10", "00:25"), ann=at(1450))
    assert told.states("desk-1") == [
        "0-1500 READY",
        "1500-1550 PENDING_NOT_READY break",
        "1550-1800 NOT_READY break",
    ]


def test_work_beyond_the_shift_swallows_the_break() -> None:
    told = world(WITH_BREAK.replace("00:10", "00:25"), ann=at(1450, handle_time=400))
    assert told.states("desk-1") == [
        "0-1500 READY",
        "1500-1800 PENDING_NOT_READY break",
        "1800-1850 PENDING_NOT_READY overtime",
    ]


def test_breaks_are_taken_in_order_of_time_however_they_are_written() -> None:
    told = world(WITH_BREAK.replace("{at:", '{at: "00:20", for: 5m}, {at:'))
    assert told.states("desk-1") == [
        "0-600 READY",
        "600-900 NOT_READY break",
        "900-1200 READY",
        "1200-1500 NOT_READY break",
        "1500-1800 READY",
    ]


def test_a_break_that_is_due_follows_a_late_one_without_a_gap() -> None:
    """The first lasts from 690 to 990, the second was due at 900: bob waits for both."""
    told = world(WITH_BREAK.replace("for: 5m}", 'for: 5m}, {at: "00:15", for: 5m}'), ann=at(590), bob=at(650))
    assert told.offers == ["590 ann to desk-1", "1290 bob to desk-1"]


def test_two_shifts_of_a_team_are_shared_among_its_agents() -> None:
    """The first takes the lower numbers."""
    told = world(
        """
queues: {calls: {medium: chat, handle_time: 100s}}
teams:
  desk:
    skills: {calls: 5}
    shifts: [{from: "00:00", to: "00:20", agents: 1}, {from: "00:10", to: "00:30", agents: 2}]
"""
    )
    assert told.states("desk-1") == ["0-1200 READY"]
    assert told.states("desk-2") == told.states("desk-3") == ["600-1800 READY"]


def test_an_agent_without_shifts_is_there_for_the_whole_run() -> None:
    """Beyond closing time, until the last conversation is over."""
    told = world(SHIFT, "teams.desk={agents: 1, skills: {calls: 5}}", ann=at(3590))
    assert told.states("desk-1") == ["0-3690 READY"]


HEAD_COUNT = """
lasts: 3h
queues: {calls: {medium: chat, handle_time: 100s, patience: 1h}}
teams: {desk: {skills: {calls: 5}, head_count: {every: 1h, agents: [2, 1, 2]}}}
"""


def test_a_head_count_lets_the_lowest_numbers_come_and_the_highest_idle_one_go() -> None:
    told = world(HEAD_COUNT, "teams.desk.head_count.agents=[1, 3, 2]")
    assert told.states("desk-1") == ["0-10800 READY"]
    assert told.states("desk-2") == ["3600-10800 READY"]
    assert told.states("desk-3") == ["3600-7200 READY"]


def test_idle_agents_leave_before_busy_ones() -> None:
    """Desk-2 is busy at 3600, desk-1 is not: desk-1 goes, in spite of the lower number."""
    told = world(HEAD_COUNT, ann=at(3500, handle_time=50), bob=at(3510), cid=at(3620))
    assert told.story == [
        "3500 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "3510 bob: arrives, placed in calls, offered to desk-2, answered by desk-2",
        "3550 ann: desk-1 leaves, ends handled, desk-1 DONE",
        "3610 bob: desk-2 leaves, ends handled, desk-2 DONE",
        "3620 cid: arrives, placed in calls, offered to desk-2, answered by desk-2",
        "3720 cid: desk-2 leaves, ends handled, desk-2 DONE",
    ]
    assert told.states("desk-1") == ["0-3600 READY", "7200-10800 READY"]
    assert told.states("desk-2") == ["0-10800 READY"]


def test_a_busy_one_finishes_and_gets_no_new_offers() -> None:
    """Both are busy at 3600; desk-2, the higher number, is done first and goes. Cid waits for desk-1."""
    told = world(HEAD_COUNT, ann=at(3580), bob=at(3580, handle_time=50), cid=at(3600))
    assert told.offers == ["3580 ann to desk-1", "3580 bob to desk-2", "3680 cid to desk-1"]
    assert told.states("desk-2") == [
        "0-3600 READY",
        "3600-3630 PENDING_NOT_READY overtime",
        "7200-10800 READY",
    ]


def test_whoever_is_idle_first_goes_in_the_stead_of_the_one_who_is_still_busy() -> None:
    """Desk-2 is to go at 3600, desk-1 is done at 3680: desk-1 goes, and desk-2 is READY again, with the tasks held."""
    told = world(HEAD_COUNT, ann=at(3580), bob=at(3590), dan=at(3700))
    assert told.story == [
        "3580 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "3590 bob: arrives, placed in calls, offered to desk-2, answered by desk-2",
        "3680 ann: desk-1 leaves, ends handled, desk-1 DONE",
        "3690 bob: desk-2 leaves, ends handled, desk-2 DONE",
        "3700 dan: arrives, placed in calls, offered to desk-2, answered by desk-2",
        "3800 dan: desk-2 leaves, ends handled, desk-2 DONE",
    ]
    assert told.states("desk-1") == ["0-3680 READY", "7200-10800 READY"]
    assert told.states("desk-2") == [
        "0-3600 READY",
        "3600-3680 PENDING_NOT_READY overtime",
        "3680-10800 READY",
    ]


def test_an_agent_goes_in_the_others_stead_also_when_idle_by_an_abandoned_offer() -> None:
    told = world(
        HEAD_COUNT, "teams.desk.accept.probability=0%", ann=at(3590, patience=20), bob=at(3591, patience=70)
    )
    assert told.states("desk-1") == ["0-3610 READY", "7200-10800 READY"]
    assert told.states("desk-2") == [
        "0-3600 READY",
        "3600-3610 PENDING_NOT_READY overtime",
        "3610-10800 READY",
    ]


def test_a_leaving_agent_is_called_back_when_the_count_rises_again() -> None:
    """Desk-2 is to go at 3600, is busy until 7300, and wanted again at 7200: desk-2 stays."""
    told = world(HEAD_COUNT, ann=at(3500, handle_time=5000), bob=at(3510, handle_time=3790), cid=at(7310))
    assert told.states("desk-1") == ["0-10800 READY"]
    assert told.states("desk-2") == [
        "0-3600 READY",
        "3600-7200 PENDING_NOT_READY overtime",
        "7200-10800 READY",
    ]
    assert told.offers[-1] == "7310 cid to desk-2"


def test_nobody_starts_a_task_while_too_many_are_there() -> None:
    """Desk-1 is freed at 3680 with cid waiting and desk-2 still to leave: desk-1 goes, desk-2 takes cid at 3690."""
    told = world(HEAD_COUNT, ann=at(3580), bob=at(3590), cid=at(3600))
    assert told.offers == ["3580 ann to desk-1", "3590 bob to desk-2", "3690 cid to desk-2"]


def test_who_is_absent_does_not_come() -> None:
    """Drawn for each agent by number, the same whatever happens that day."""
    text = """
queues: {calls: {medium: chat, handle_time: 100s}}
teams: {desk: {agents: 12, skills: {calls: 5}, absence: 40%}}
"""
    scenario = centre(text)
    draws = by_hand(scenario, []).agents
    there = [n for n in range(1, 13) if draws.uniform("desk", n, "absence") >= 0.4]
    assert 0 < len(there) < 12
    told = told_of(scenario, {})
    assert [row["agent"] for row in told.rows("agent_states") if row["medium"] == ""] == [
        f"desk-{n}" for n in there
    ]


def test_all_or_none_are_absent() -> None:
    assert world(SHIFT, "teams.desk.absence=100%").rows("agent_states") == []
    assert world(SHIFT, "teams.desk.absence=0%").states("desk-1") == ["600-1800 READY"]


def test_absent_agents_leave_holes_in_a_head_count() -> None:
    """A count of n means the numbers 1 to n, of whom some are absent: ghosts are not replaced."""
    text = HEAD_COUNT.replace("[2, 1, 2]", "[8, 4, 8]").replace("5}", "5}, absence: 40%")
    scenario = centre(text)
    draws = by_hand(scenario, []).agents
    there = [n for n in range(1, 9) if draws.uniform("desk", n, "absence") >= 0.4]
    few = [n for n in there if n <= 4]
    assert 0 < len(few) < len(there) < 8
    told = told_of(scenario, {})
    for n in there:
        stays = ["0-10800 READY"] if n in few else ["0-3600 READY", "7200-10800 READY"]
        assert told.states(f"desk-{n}") == stays


def test_r3_9_a_pause_after_a_ring_out_may_follow_a_law() -> None:
    """Its length is drawn for the agent, one after the other."""
    text = WITH_BREAK.replace("skills:", "accept: {probability: 50%}\n    skills:")
    scenario = centre(text, "teams.desk.after_ring={chat: {not_ready: {uniform: {low: 10s, high: 20s}}}}")
    draws = by_hand(scenario, []).agents
    first, second = (10 + 10 * draws.uniform("desk", 1, "not_ready", k) for k in (0, 1))
    told = told_of(scenario, {"ann": at(0, accept=[0.9, 0.9, 0.1])})
    offered = [event["at"] for event in told.rows("events") if event["event"] == "offered"]
    assert offered == [0, 60 + first, 120 + first + second]


# Stints, as they are handed to the engines.


def test_a_break_at_the_very_beginning_is_begun_away() -> None:
    text = SHIFT.replace("agents: 1}", 'agents: 1, breaks: [{at: "00:10", for: 5m}]}')
    scenario = centre(text)
    (stint,) = stints_of(scenario, scenario.teams["desk"], 1)
    assert (stint.start, stint.end, stint.breaks, stint.begins_away) == (600, 1800, ((600, 300),), True)
    assert world(text).states("desk-1") == ["600-900 NOT_READY break", "900-1800 READY"]


def test_what_began_before_the_opening_is_there_from_the_opening_on(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("person,date,from,to\nAnn,2026-03-02,07:00,09:00\n")
    scenario = loads(EARLY, folder=tmp_path)
    (stint,) = stints_of(scenario, scenario.teams["desk"], 1)
    assert (stint.start, stint.end) == (0, 3600)


EARLY = """
opens: 2026-03-02 08:00
lasts: 2h
media: {chat: {max_tasks: 1}}
channels: {web: {medium: chat}}
queues: {calls: {medium: chat, handle_time: 100s}}
teams: {desk: {skills: {calls: 5}, roster: people.csv}}
arrivals: [{channel: web, queue: calls, per_hour: 1}]
"""
