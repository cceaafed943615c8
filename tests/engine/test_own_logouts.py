"""A process of the user's own that logs an agent out, and once more though they are out or about to go."""

import pytest

from engine.own_processes import ONE_DESK, Steps, day, desk
from engine.test_attendance import LEAVE
from engine.worlds import at, centre
from sim.engine.running import RunningCentre


@pytest.mark.parametrize("times", [1, 2, 3])
def test_who_is_out_is_not_logged_out_once_more(times: int) -> None:
    def watch(running: RunningCentre) -> Steps:
        for _ in range(times):
            yield running.env.timeout(10)
            running.agents["desk-1"].log_out()
        yield running.env.timeout(100 - 10 * times)
        running.agents["desk-1"].log_in()

    told = desk(watch, ann=at(40))
    assert told.states("desk-1") == ["0-10 READY", "100-3600 READY"]
    assert told.offers == ["100 ann to desk-1"]


def test_who_goes_home_is_not_told_to_take_a_break_first() -> None:
    """The shift ends at 60, the task at 100 and its wrap-up at 110."""

    def watch(running: RunningCentre) -> Steps:
        yield running.env.timeout(70)
        running.agents["desk-1"].log_out()

    shift = "teams.desk={skills: {calls: 1}, wrap_up: 10s, shifts: [{from: '09:00', to: '09:01', agents: 1}]}"
    told = day(centre(ONE_DESK, shift), {"ann": at(40)}, watch)
    assert told.states("desk-1") == ["0-60 READY", "60-110 PENDING_NOT_READY overtime"]


def test_who_waits_is_sent_away_when_the_last_one_has_logged_out() -> None:
    def watch(running: RunningCentre) -> Steps:
        yield running.env.timeout(50)
        running.agents["desk-1"].log_out()

    told = day(centre(ONE_DESK, LEAVE), {"ann": at(40), "bob": at(60)}, watch)
    assert told.ends == ["100 ann handled", "110 bob no_agent"]


@pytest.mark.parametrize("times", [1, 2, 3])
def test_who_finishes_a_task_before_they_go_goes_once(times: int) -> None:
    """The task lasts until 100, and ten seconds of wrap-up."""

    def watch(running: RunningCentre) -> Steps:
        yield running.env.timeout(50)
        for _ in range(times):
            running.agents["desk-1"].log_out()
        yield running.env.timeout(150)
        running.agents["desk-1"].log_in()

    told = desk(watch, ann=at(40), bob=at(60))
    assert told.offers == ["40 ann to desk-1", "200 bob to desk-1"]
    assert told.states("desk-1") == [
        "0-50 READY", "50-110 PENDING_NOT_READY break", "200-3600 READY"
    ]  # fmt: skip
