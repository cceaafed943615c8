"""What an outsourcer asks for each answer and each minute of talk, from the events of a day on both engines."""

from collections.abc import Callable

import pytest

from engine.compiled.both_engines import needs_the_library
from engine.worlds import Contact, at, centre, workload_of, world
from sim.engine.compiled.simulation import simulate_compiled
from sim.engine.simulate import simulate
from sim.metrics import measure
from sim.metrics.measures import Measures
from sim.records import EVERYTHING, Recorder, Records
from sim.scenario import Scenario
from sim.workload import Workload

PRICED = """
opens: 2026-03-02 08:00
queues:
  calls: {medium: chat, handle_time: 100s, patience: 1h, transfer: {probability: 50%, to: {claims: 100%}, after: 60%}}
  claims: {medium: chat, handle_time: 240s, patience: 1h}
teams:
  desk: {agents: 1, skills: {calls: 5}, shifts: [{from: "08:00", to: "09:00", agents: 1}], cost_per_hour: 36}
  partner:
    agents: 1
    skills: {claims: 5}
    accept: {probability: 50%, delay: 10s}
    wrap_up: 30s
    cost_per_answer: 2
    cost_per_talk_minute: 0.6
routing: {ring_time: 20s}
"""
DAY = {
    "ann": at(0, transfer=0),
    "bob": at(1690, queue="claims", accept=[0.9, 0]),
    "cid": at(2400, queue="claims", patience=5),
    "dan": at(3000, queue="claims", accept=0, handle_time=60),
}
Engine = Callable[[Scenario, Workload, Recorder], Records]
ENGINES = [
    pytest.param(simulate, id="simpy"),
    pytest.param(simulate_compiled, marks=needs_the_library, id="compiled"),
]


def figures_of(engine: Engine, scenario: Scenario, **contacts: Contact) -> Measures:
    return measure(
        engine(scenario, workload_of(scenario, contacts), Recorder(scenario, EVERYTHING)), scenario
    )


def test_an_answer_is_none_while_it_rings_and_talk_ends_before_the_wrap_up() -> None:
    """Three answers of the partner: one that was handed on, one that rang out before; who gives up has none."""
    assert world(PRICED, **DAY).story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "60 ann: desk-1 sees calls 0 claims 1, desk-1 transfers to claims, desk-1 leaves, desk-1 TRANSFERRED, "
        "placed in claims at 10, offered to partner-1",
        "70 ann: answered by partner-1",
        "310 ann: partner-1 leaves, ends handled, partner-1 wraps up",
        "340 ann: partner-1 DONE",
        "1690 bob: arrives, placed in claims, offered to partner-1",
        "1710 bob: rings out at partner-1, requeued at 11, offered to partner-1",
        "1720 bob: answered by partner-1",
        "1960 bob: partner-1 leaves, ends handled, partner-1 wraps up",
        "1990 bob: partner-1 DONE",
        "2400 cid: arrives, placed in claims, offered to partner-1",
        "2405 cid: abandons, ends abandoned",
        "3000 dan: arrives, placed in claims, offered to partner-1",
        "3010 dan: answered by partner-1",
        "3070 dan: partner-1 leaves, ends handled, partner-1 wraps up",
        "3100 dan: partner-1 DONE",
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_what_the_outsourcer_asks_by_hand(engine: Engine) -> None:
    """240 s from 70 s, 240 s from 1720 s and 60 s from 3010 s on; the desk is there for an hour of 36."""
    figures = figures_of(engine, centre(PRICED), **DAY)
    asked = 3 * 2 + (240 + 240 + 60) / 60 * 0.6
    assert figures.value("cost", team="partner") == pytest.approx(asked)
    assert figures.value("cost", team="desk") == pytest.approx(36)
    assert figures.value("cost") == pytest.approx(36 + asked)
    assert figures.value("cost_per_resolved") == pytest.approx((36 + asked) / 3)


@pytest.mark.parametrize("engine", ENGINES)
def test_what_was_answered_in_the_warm_up_costs_nothing_however_long_the_talk(engine: Engine) -> None:
    """Ann is answered at 70 s and talks until 310 s; the desk's hour begins at 120 s."""
    figures = figures_of(engine, centre(PRICED, "warm_up=2m"), **DAY)
    assert figures.value("cost", team="partner") == pytest.approx(2 * 2 + (240 + 60) / 60 * 0.6)
    assert figures.value("cost", team="desk") == pytest.approx(36 * 3480 / 3600)


CALLS_IN = (
    "queues.calls.transfer=null",
    "queues.calls.conference={probability: 100%, to: {claims: 100%}, after: 50%, joint_time: 60s}",
    "teams.desk.cost_per_hour=0",
    "teams.desk.cost_per_answer=1",
    "teams.desk.cost_per_talk_minute=0.1",
)


def test_a_guest_comes_and_goes_while_the_other_works_on() -> None:
    assert world(PRICED, *CALLS_IN, ann=at(0, conference=0, accept=0)).story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "50 ann: desk-1 sees calls 0 claims 1, desk-1 calls claims, placed in claims at 10, offered to partner-1",
        "60 ann: answered by partner-1",
        "120 ann: partner-1 leaves, partner-1 wraps up",
        "150 ann: partner-1 DONE",
        "160 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_guest_is_an_answer_and_who_called_them_has_no_second_one(engine: Engine) -> None:
    """The desk talks from 0 s to 160 s, the time together included, the guest from 60 s to 120 s."""
    figures = figures_of(engine, centre(PRICED, *CALLS_IN), ann=at(0, conference=0, accept=0))
    assert figures.value("cost", team="partner") == pytest.approx(2 + 60 / 60 * 0.6)
    assert figures.value("cost", team="desk") == pytest.approx(1 + 160 / 60 * 0.1)
