"""A8, A11, A13, A15: priorities, transfers and chats in the long run."""

from sim.verification.case import Case, Figure, Length
from sim.verification.cases.erlang import MINUTE, occupancy
from sim.verification.measures import (
    Measure,
    Test,
    abandoned,
    answered,
    both,
    busy_time,
    count_of,
    everyone,
    in_state,
    mean,
    over,
    queue_length,
    rate,
    share,
    span,
    unless,
    waits_at_all,
    where,
)

urgent = where("label", "urgent")


def _priorities(
    nth: int,
    rates: tuple[float, float],
    service: float,
    servers: int,
    answers: tuple[float, ...],
    hours: tuple[int, int],
) -> Case:
    delay, high, low, together = answers
    full, quick = hours
    return Case(
        f"A8 {nth}",
        f"M/M/{servers} with two priorities, {rates[0]:g} and {rates[1]:g} a minute",
        "exact: Cobham",
        "priorities.yaml",
        (
            Figure("share that waits", delay, share(waits_at_all)),
            Figure("mean wait of the urgent, min", high, mean("wait", urgent, unit_s=MINUTE)),
            Figure("mean wait of the others, min", low, mean("wait", unless(urgent), unit_s=MINUTE)),
            Figure("mean wait of all, min", together, mean("wait", unit_s=MINUTE)),
        ),
        Length(batches=100, lasts=f"{full}h"),
        Length(batches=40, lasts=f"{quick}h"),
        {
            "warm_up": "10h",
            "teams.desk.agents": servers,
            "queues.line.handle_time": {"exponential": {"mean": f"{1 / service!r}m"}},
            "arrivals.0.per_hour": 60 * rates[0],
            "arrivals.1.per_hour": 60 * rates[1],
        },
    )


A8 = (
    _priorities(1, (1.2, 1.5), 0.5, 6, (0.74012570, 0.41118094, 4.11180945, 2.46708567), (5500, 1200)),
    _priorities(2, (0.3, 0.5), 1, 1, (0.8, 1.14285714, 5.71428571, 4), (4500, 1500)),
    _priorities(3, (20, 22), 1, 45, (0.54921361, 0.02196854, 0.32952817, 0.18307120), (1080, 120)),
)


def _pool(name: str, answers: tuple[float, ...], agents: int) -> tuple[Figure, ...]:
    here, (delay, wait, waiting, busy) = where("queue", name), answers
    used = over(busy_time(where("queue_id", name)), span, 1 / agents)
    return (
        Figure(f"{name}: share that waits", delay, share(waits_at_all, here)),
        Figure(f"{name}: mean wait, min", wait, mean("wait", here, unit_s=MINUTE)),
        Figure(f"{name}: mean number waiting", waiting, queue_length(here)),
        Figure(f"{name}: occupancy", busy, used),
    )


A11_POOLS = Case(
    "A11 1",
    "transfers between two pools",
    "exact: Jackson",
    "two_pools.yaml",
    (
        *_pool("first", (0.35698109, 0.35698109, 1.07094326, 0.75), 8),
        Figure("second: requests a minute", 1.4, rate(where("queue", "second"), MINUTE)),
        *_pool("second", (0.42865432, 0.71442386, 1.00019341, 0.7), 4),
    ),
    Length(batches=100, lasts="2000h"),
    Length(batches=40, lasts="600h"),
    {"warm_up": "2h"},
    ("requests", "tasks"),
)

A11_RETURN = Case(
    "A11 2",
    "return to the same queue",
    "exact: Jackson",
    "return.yaml",
    (
        Figure("requests a minute", 2.6666667, rate(everyone, MINUTE)),
        Figure("share that waits, by visit", 0.37841833, share(waits_at_all)),
        Figure("mean wait by visit, min", 0.28381375, mean("wait", unit_s=MINUTE)),
        occupancy(0.66666667, 4),
    ),
    Length(batches=100, lasts="1600h"),
    Length(batches=40, lasts="500h"),
    {"warm_up": "2h"},
    ("requests", "tasks"),
)


def _warm(nth: int, model: str, answers: tuple[float, ...], lasts: str, handover: dict[str, object]) -> Case:
    delay, lost, wait, busy, transfers, transfers_lost, transfer_wait, second = answers
    new, passed_on = where("kind", "inbound"), where("kind", "transfer")
    return Case(
        f"A13 {nth}",
        model,
        "exact: Markov chain",
        "warm_transfer.yaml",
        (
            Figure("new contacts: share that waits", delay, share(waits_at_all, new)),
            Figure("new contacts: share that abandons", lost, share(abandoned, new)),
            Figure("new contacts: mean wait, min", wait, mean("wait", new, unit_s=MINUTE)),
            Figure("first pool: occupancy", busy, over(busy_time(where("team", "first_pool")), span, 1 / 8)),
            Figure("transfers a minute", transfers, rate(passed_on, MINUTE)),
            Figure("transfers: share that abandons", transfers_lost, share(abandoned, passed_on)),
            Figure("transfers: mean wait, min", transfer_wait, mean("wait", passed_on, unit_s=MINUTE)),
            Figure(
                "second pool: occupancy", second, over(busy_time(where("team", "second_pool")), span, 1 / 3)
            ),
        ),
        Length(batches=100, lasts=lasts),
        Length(batches=40, lasts="450h"),
        {"warm_up": "2h", **handover},
        ("requests", "tasks"),
    )


A13 = (
    _warm(
        1,
        "warm transfer, the first agent leaves at once",
        (0.288197, 0.043479, 0.144931, 0.725730, 0.860869, 0.015499, 0.077495, 0.403584),
        "2600h",
        {},
    ),
    _warm(
        2,
        "warm transfer, handed over by both agents",
        (0.367453, 0.061839, 0.206131, 0.772052, 0.844345, 0.032973, 0.164865, 0.524895),
        "1700h",
        {"queues.first.transfer.handover_time": {"exponential": {"mean": "30s"}}},
    ),
)


def _in_chats(state_test: Test) -> Measure:
    """Return the share of the two agents' time in these states of the chat medium."""
    return over(in_state(both(where("medium", "chat"), state_test)), span, 1 / 2)


AT_WORK = where("state", "ACTIVE", "BUSY")


def _chat(key: str, rule: str, answers: tuple[float, ...]) -> Case:
    delay, lost, wait, waiting, open_chats, slots, busy, handling, together = answers
    chats = busy_time(everyone)
    return Case(
        f"A15 {key}",
        f"chats that slow each other down, {key} chats first",
        "exact: Markov chain",
        "chat.yaml",
        (
            Figure("share that waits", delay, share(waits_at_all)),
            Figure("share that abandons", lost, share(abandoned)),
            Figure("mean wait of all, min", wait, mean("wait", unit_s=MINUTE)),
            Figure("mean number waiting", waiting, queue_length()),
            Figure("chats open", open_chats, over(chats, span)),
            Figure("slots used", slots, over(chats, span, 1 / 6)),
            Figure("agents busy", busy, _in_chats(AT_WORK)),
            Figure("mean handle time, min", handling, over(chats, count_of(answered), 1 / MINUTE)),
            Figure(
                "concurrency when busy",
                together,
                over(chats, in_state(both(where("medium", "chat"), AT_WORK))),
            ),
        ),
        Length(batches=100, lasts="6900h"),
        Length(batches=40, lasts="1000h"),
        {"warm_up": "5h", "routing.agent_selection": rule},
        ("requests", "tasks", "agent_states"),
    )


A15 = (
    _chat(
        "fewest",
        "fewest_tasks",
        (0.079696, 0.008601, 0.086011, 0.077410, 2.428393, 0.404732, 0.729291, 2.721624, 1.664899),
    ),
    _chat(
        "most",
        "most_tasks",
        (0.100610, 0.010858, 0.108581, 0.097723, 2.776089, 0.462681, 0.663683, 3.118403, 2.091427),
    ),
)

CASES = (*A8, A11_POOLS, A11_RETURN, *A13, *A15)
