"""The time of agents: occupancy, concurrency, states, overtime, cost."""

from dataclasses import replace

import numpy as np
import pytest

from metrics.by_hand import NAN, figures, stay, tables, task, world
from sim.metrics import measure
from sim.records import Ending

SHIFT = [
    stay("READY", 0, 600),
    stay("PENDING_NOT_READY", 600, 700, reason="break"),
    stay("NOT_READY", 700, 1000, reason="break"),
    stay("READY", 1000, 3000),
    stay("PENDING_NOT_READY", 3000, 3400, reason="overtime"),
]
WORK = [
    task(100.0, 250.0, 300.0),
    task(200.0, NAN, 400.0, channel="phone"),
    task(400.0, 450.0, 500.0),
    task(550.0, 700.0, 700.0),
    task(2900.0, 3300.0, 3400.0),
]
BUSY = (500 - 100) + (700 - 550) + (3400 - 2900)
AVAILABLE = 700 + 2400
OTHER = {"agent": "back-1", "team": "back"}
LEAD = {"agent": "leads-1", "team": "leads"}


def test_busy_is_the_union_of_an_agents_tasks_and_available_leaves_breaks_out() -> None:
    measured = figures(agent_states=SHIFT, tasks=WORK)
    assert measured.parts("occupancy") == (pytest.approx(BUSY), pytest.approx(AVAILABLE))
    assert measured.parts("vendor_occupancy") == (pytest.approx(BUSY), pytest.approx(3400))


def test_concurrency_is_task_time_over_busy_time() -> None:
    total = 200 + 200 + 100 + 150 + 500
    assert figures(agent_states=SHIFT, tasks=WORK).parts("concurrency") == (
        pytest.approx(total),
        pytest.approx(BUSY),
    )


def test_two_agents_in_one_conversation_are_both_busy() -> None:
    states = [stay("READY", 0, 100), stay("READY", 0, 100, agent="front-2")]
    both = [
        task(10.0, 60.0, 60.0, conversation_id=7),
        task(20.0, 60.0, 60.0, conversation_id=7, agent_id="front-2"),
    ]
    measured = figures(agent_states=states, tasks=both)
    assert measured.parts("occupancy") == (pytest.approx(50 + 40), pytest.approx(200))
    assert measured.value("concurrency") == pytest.approx(1)


def test_by_team_and_interval() -> None:
    states = [*SHIFT, stay("READY", 0, 3600, **OTHER)]
    tasks = [*WORK, task(1700.0, NAN, 1900.0, agent_id="back-1", team="back")]
    measured = figures(agent_states=states, tasks=tasks)
    assert measured.parts("occupancy") == (pytest.approx(BUSY + 200), pytest.approx(AVAILABLE + 3600))
    assert measured.parts("occupancy", team="back") == (pytest.approx(200), pytest.approx(3600))
    assert measured.parts("occupancy", interval="08:00") == (
        pytest.approx(550 + 100),
        pytest.approx(700 + 800 + 1800),
    )
    assert measured.parts("occupancy", team="back", interval="08:30") == (
        pytest.approx(100),
        pytest.approx(1800),
    )


def test_the_drain_counts_and_has_the_last_interval() -> None:
    states = [stay("READY", 0, 4000)]
    open_task = [task(3500.0)]
    measured = figures(horizon_s=4000.0, agent_states=states, tasks=open_task)
    assert measured.parts("occupancy") == (pytest.approx(500), pytest.approx(4000))
    assert measured.parts("occupancy", interval="09:00") == (pytest.approx(400), pytest.approx(400))


def test_the_warm_up_is_cut_off() -> None:
    measured = figures(world(warm_up="200s"), agent_states=SHIFT, tasks=WORK)
    assert measured.parts("occupancy") == (pytest.approx(BUSY - 100), pytest.approx(AVAILABLE - 200))


def test_supervisors_count_only_in_their_own_team() -> None:
    states = [stay("READY", 0, 1000), stay("READY", 0, 1000, **LEAD)]
    tasks = [
        task(0.0, NAN, 500.0),
        task(0.0, NAN, 100.0, agent_id="leads-1", team="leads", task_direction="SILENT_MONITOR"),
    ]
    measured = figures(agent_states=states, tasks=tasks)
    assert measured.parts("occupancy") == (pytest.approx(500), pytest.approx(1000))
    assert measured.parts("occupancy", team="leads") == (pytest.approx(100), pytest.approx(1000))


def test_overtime_is_the_time_spent_finishing_after_the_shift() -> None:
    measured = figures(agent_states=[*SHIFT, stay("READY", 0, 100, **OTHER)])
    assert measured.value("overtime") == 400
    assert measured.value("overtime", team="front") == 400
    assert measured.value("overtime", team="back") == 0


def test_cost_pays_for_all_time_logged_in() -> None:
    measured = figures(agent_states=[*SHIFT, stay("READY", 0, 100, **OTHER)])
    assert measured.value("cost") == pytest.approx(36 * 3400 / 3600)
    assert measured.value("cost", team="front") == pytest.approx(34)
    assert np.isnan(measured.value("cost", team="back"))  # has no price


def test_states_are_shares_of_the_time_on_all_media() -> None:
    states = [
        stay("READY", 0, 3400),
        stay("READY", 0, 300, medium="chat"),
        stay("ACTIVE", 300, 1000, medium="chat"),
        stay("READY", 0, 900, medium="voice"),
        stay("BUSY", 900, 1000, medium="voice"),
        stay("NOT_READY", 0, 500, medium="chat", **OTHER),
        stay("READY", 0, 500, medium="chat", **LEAD),
    ]
    measured = figures(agent_states=states)
    assert measured.parts("state_share", kind="READY") == (1200, 2500)
    assert measured.value("state_share", team="front", kind="ACTIVE") == pytest.approx(0.35)
    assert measured.value("state_share", team="back", kind="NOT_READY") == 1
    assert measured.value("state_share", team="leads", kind="READY") == 1


def test_busy_time_is_that_of_counting_second_by_second() -> None:
    rng = np.random.default_rng(11)
    spans = [(int(start), int(start + length), int(agent)) for start, length, agent in
             zip(rng.integers(0, 3000, 60), rng.integers(0, 500, 60), rng.integers(1, 3, 60), strict=True)]  # fmt: skip
    rows = [task(float(start), NAN, float(end), agent_id=f"front-{agent}") for start, end, agent in spans]
    states = [stay("READY", 0, 3600, agent=f"front-{agent}") for agent in (1, 2)]
    seconds = {(agent, second) for start, end, agent in spans for second in range(start, end)}
    measured = figures(agent_states=states, tasks=rows)
    assert measured.parts("occupancy") == (pytest.approx(len(seconds)), pytest.approx(7200))


PRICE = {"teams__front__cost_per_answer": "2", "teams__front__cost_per_talk_minute": "0.3"}


def test_an_answer_and_a_minute_of_talk_may_have_a_price() -> None:
    """Five answers, and 150 + 200 + 50 + 150 + 400 s until the agent left; wrap-up is not paid for by the minute."""
    hours = 3400 / 3600 * 36
    measured = figures(world(**PRICE), agent_states=SHIFT, tasks=WORK)
    assert measured.value("cost") == pytest.approx(hours + 5 * 2 + 950 / 60 * 0.3)
    assert measured.value("cost", team="front") == pytest.approx(measured.value("cost"))
    only = world(**PRICE, teams__front__cost_per_hour="0")
    missed = task(NAN, NAN, 20.0, task_reserved_time=5.0)
    looked = task(10.0, NAN, 60.0, task_direction="SILENT_MONITOR")
    measured = figures(only, agent_states=SHIFT, tasks=[*WORK, missed, looked])
    assert measured.value("cost") == pytest.approx(5 * 2 + 950 / 60 * 0.3)


def test_a_price_counts_from_the_warm_up_on_and_what_is_open_to_the_end() -> None:
    late = world(**PRICE, teams__front__cost_per_hour="0", warm_up="5m")
    work = [*WORK, task(3500.0, NAN, NAN, task_disposition="UNFINISHED")]
    assert figures(late, agent_states=SHIFT, tasks=work).value("cost") == pytest.approx(
        4 * 2 + (50 + 150 + 400 + 100) / 60 * 0.3
    )


def test_what_an_added_log_in_answers_is_a_cost_after_the_end() -> None:
    priced = world(**PRICE, teams__front__cost_per_hour="0")
    ending = Ending(3600.0, 2000.0, 2800.0, {"front-1": 2800.0})
    found = measure(replace(tables(agent_states=SHIFT, tasks=WORK), ending=ending), priced)
    assert found.value("cost") == pytest.approx(4 * 2 + 550 / 60 * 0.3)
    assert found.value("cost_after") == pytest.approx(2 + 400 / 60 * 0.3)


@pytest.mark.parametrize(
    ("key", "cost"),
    [("cost_per_hour", 3400 / 7200), ("cost_per_answer", 2.5), ("cost_per_talk_minute", 950 / 120)],
)
def test_one_price_of_half_a_coin_is_a_price(key: str, cost: float) -> None:
    free = {
        f"teams__front__{one}": "0" for one in ("cost_per_hour", "cost_per_answer", "cost_per_talk_minute")
    }
    cheap = world(**(free | {f"teams__front__{key}": "0.5"}))
    assert figures(cheap, agent_states=SHIFT, tasks=WORK).value("cost", team="front") == pytest.approx(cost)
    assert np.isnan(figures(world(**free), agent_states=SHIFT, tasks=WORK).value("cost", team="front"))
