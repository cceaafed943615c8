"""Further readings of figures: other limits and variants of the service level, by customer, of the open hours."""

import pytest

from metrics.by_hand import conversation, figures, request, requests, stay, tables, task, world
from metrics.test_service_level import WORKED
from sim.errors import ScenarioError, SimError
from sim.metrics import measure
from sim.metrics.cells import Axes
from sim.metrics.unfinished import extremes
from sim.scenario import Scenario

ALSO = (
    "{within: 20s, target: 80%, also: [{within: 60s}, {within: 20s, variant: answered_only},"
    " {variant: credit_short, short: 5s}]}"
)


def also(**changes: str) -> Scenario:
    return world(queues__general__service_level=ALSO, **changes)


def test_readings_on_the_published_example() -> None:
    """callcentrehelper.com: 860 and 140 answered after 10 and 30 s; 10, 10 and 40 gone after 4, 15 and 50 s."""
    measured = figures(also(), requests=WORKED)
    place = {"queue": "general"}
    assert measured.parts("service_level", **place) == (860, 1060)
    assert measured.parts("service_level", variant="within 60s", **place) == (1000, 1060)
    assert measured.parts("service_level", variant="within 20s answered_only", **place) == (860, 1000)
    assert 100 * measured.value("service_level", variant="credit_short") == pytest.approx(82.08, abs=0.005)


def test_the_counts_within_the_limit() -> None:
    measured = figures(also(), requests=[*WORKED, request("voicemail", 12.0), request("no_agent", 1.0)])
    assert (measured.value("answered_within"), measured.value("abandoned_within")) == (860, 21)
    assert measured.value("answered_within", variant="within 60s") == 1000
    assert measured.value("abandoned_within", variant="within 60s") == 61
    assert measured.value("abandoned_within", variant="credit_short") == 21


def test_a_reading_is_about_the_queues_that_have_it() -> None:
    rows = [request(wait=30.0, queue=queue) for queue in ("general", "billing", "hotline")]
    measured = figures(also(), requests=rows)
    assert measured.parts("service_level") == (1, 2)
    assert measured.parts("service_level", variant="within 60s") == (1, 1)
    assert measured.parts("service_level", variant="within 60s", queue="billing") == (0, 0)
    assert measured.parts("service_level", variant="within 60s", queue="general", interval="08:00") == (1, 1)
    assert measured.parts("answered_within", queue="hotline") == (0, 0)


def test_open_requests_are_judged_by_the_limit_of_each_reading() -> None:
    measured = figures(also(), requests=[request("unfinished", 40.0), request(wait=5.0)])
    assert measured.parts("service_level") == (1, 2)
    assert measured.parts("service_level", variant="within 60s") == (1, 1)


def test_extremes_hold_for_readings_too() -> None:
    records = tables(requests=[request("unfinished", 40.0), request(wait=5.0)])
    measured = measure(records, also(), only=("service_level", "answered_within"))
    worlds = extremes(records, also(), measured)
    assert worlds is not None
    answered, never = worlds
    assert answered.parts("service_level", variant="within 60s") == (2, 2)
    assert never.parts("service_level", variant="within 60s") == (1, 2)
    assert answered.value("answered_within", variant="within 60s") == 2


def test_a_reading_that_there_is_not_is_told_with_those_that_there_are() -> None:
    measured = figures(also(), requests=requests(1))
    with pytest.raises(SimError, match="service_level has no variant `within 6s`; did you mean `within 60s`"):
        measured.value("service_level", variant="within 6s")
    with pytest.raises(SimError, match="asa has no variant `within 60s`; there is none"):
        measured.value("asa", variant="within 60s")


def test_readings_without_more_of_them_add_no_cells() -> None:
    axes = Axes.of(world())
    assert (axes.level, axes.customers, axes.hours) == ((), (), ("open_hours",))
    assert Axes.of(also()).level == ("within 60s", "within 20s answered_only", "credit_short")


@pytest.mark.parametrize(
    ("further", "what"),
    [
        ("{}", "give within, variant or both"),
        ("{variant: credit_short}", "variant `credit_short` needs the key short"),
        ("{within: 60s, short: 5s}", "does not use the key short"),
        ("{within: 60s}, {within: 1m}", "also has two readings of the name `within 60s`"),
        ("{within: 60s, target: 80%}", "target"),
    ],
)
def test_mistakes_in_readings(further: str, what: str) -> None:
    with pytest.raises(ScenarioError, match=what):
        world(queues__general__service_level=f"{{within: 20s, target: 80%, also: [{further}]}}")


# By customer.

BACK = "{come_back: 100%, after: 5m, at_most: 2}"


def attempt(
    customer: int, number: int, outcome: str, wait: float, at: float, queue: str = "general"
) -> tuple:
    """A contact of a customer and its search; the contact's number tells both apart from all others."""
    contact = customer * 10 + number
    served = "handled" if outcome == "answered" else outcome
    return (
        conversation(served, at, conversation_id=contact, customer_id=customer, attempt=number, queue=queue),
        request(outcome, wait, at, conversation_id=contact, queue=queue),
    )


ATTEMPTS = [
    attempt(1, 0, "answered", 20.0, 0.0),  # in time
    attempt(
        2, 0, "abandoned", 15.0, 0.0
    ),  # 15 s, then 6 s: 21 s in all, too late, though each was below 20 s
    attempt(2, 1, "answered", 6.0, 400.0),
    attempt(3, 0, "abandoned", 4.0, 10.0),  # 4 s and 10 s: in time
    attempt(3, 1, "answered", 10.0, 400.0),
    attempt(4, 0, "abandoned", 5.0, 20.0),  # never answered
    attempt(5, 0, "unfinished", 30.0, 30.0),  # too late already
    attempt(6, 0, "unfinished", 10.0, 40.0),  # undetermined
    attempt(7, 0, "answered", 50.0, 50.0, "billing"),  # in time for billing, within 60 s
]


def test_a_customer_is_judged_by_the_waits_of_all_attempts() -> None:
    contacts, searches = zip(*ATTEMPTS, strict=True)
    searches = (*searches, request(wait=90.0, kind="transfer", conversation_id=10))  # no attempt of theirs
    measured = figures(
        world(customers__after_abandon=BACK), conversations=list(contacts), requests=list(searches)
    )
    assert measured.parts("service_level", variant="by_customer", queue="general") == (2, 5)
    assert measured.parts("service_level", variant="by_customer", queue="billing") == (1, 1)
    assert measured.parts("service_level", variant="by_customer") == (3, 6)
    # by request: 20, 6, 10 and 50 s in time, 15, 4 and 5 s abandoned, 30 s open, the transfer after 90 s
    assert measured.parts("service_level") == (4, 9)


def test_the_variant_of_the_queue_holds_for_customers_too() -> None:
    contacts, searches = zip(*ATTEMPTS, strict=True)
    level = "{within: 20s, target: 80%, variant: exclude_abandoned_within}"
    scenario = world(customers__after_abandon=BACK, queues__general__service_level=level)
    measured = figures(scenario, conversations=list(contacts), requests=list(searches))
    assert measured.parts("service_level", variant="by_customer", queue="general") == (2, 4)
    # who gave up once and was answered then has not given up, however short their waits
    contacts, searches = zip(*(one for one in ATTEMPTS if one[0]["customer_id"] != 4), strict=True)
    answered = figures(scenario, conversations=list(contacts), requests=list(searches))
    assert answered.parts("service_level", variant="by_customer", queue="general") == (2, 4)


def test_a_search_of_no_contact_is_no_attempt() -> None:
    contacts, searches = zip(*ATTEMPTS, strict=True)
    strange = request(wait=1.0, conversation_id=999)
    measured = figures(
        world(customers__after_abandon=BACK), conversations=list(contacts), requests=[strange, *searches]
    )
    assert measured.parts("service_level", variant="by_customer", queue="general") == (2, 5)


def test_without_anybody_who_comes_back_there_is_no_such_reading() -> None:
    with pytest.raises(SimError, match="has no variant `by_customer`"):
        figures(requests=requests(1)).value("service_level", variant="by_customer")


# The open hours.


def test_the_occupancy_of_the_open_hours_leaves_the_drain_out() -> None:
    """One agent, there from 0 to 5400 s of a day that closes at 3600 s, busy for 900 s of it and for 1500 s after."""
    rows = {
        "agent_states": [stay("READY", 0.0, 5400.0)],
        "tasks": [task(600.0, 1500.0, 1500.0), task(3600.0, 5100.0, 5100.0)],
    }
    measured = figures(horizon_s=5400.0, **rows)
    assert measured.parts("occupancy") == (2400, 5400)
    assert measured.parts("occupancy", variant="open_hours") == (900, 3600)
    assert measured.parts("occupancy", variant="open_hours", team="front") == (900, 3600)
    assert measured.parts("occupancy", variant="open_hours", team="back") == (0, 0)


def test_open_hours_begin_after_the_warm_up() -> None:
    measured = figures(
        world(warm_up="10m"), horizon_s=5400.0, agent_states=[stay("READY", 0.0, 5400.0)],
        tasks=[task(300.0, 900.0, 900.0)],
    )  # fmt: skip
    assert measured.parts("occupancy", variant="open_hours") == (300, 3000)
