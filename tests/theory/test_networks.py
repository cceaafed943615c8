"""Priorities, any handle time, networks and days, against printed numbers and direct solutions."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from sim.errors import SimError
from sim.theory import (
    ChatTeam,
    ErlangC,
    WarmTransfer,
    a_day,
    cobham,
    erlang_a,
    jackson,
    long_run,
    pollaczek_khinchine,
)
from theory.chains import balanced, queue


@pytest.mark.parametrize(
    ("rates", "service", "servers", "waits", "delay", "together"),
    [
        ((1.2, 1.5), 0.5, 6, (0.41118094, 4.11180945), 0.74012570, 2.46708567),
        ((0.3, 0.5), 1.0, 1, (1.14285714, 5.71428571), 0.8, 4.0),
        ((20.0, 22.0), 1.0, 45, (0.02196854, 0.32952817), 0.54921361, 0.18307120),
    ],
)
def test_two_priorities(
    rates: tuple[float, float],
    service: float,
    servers: int,
    waits: tuple[float, float],
    delay: float,
    together: float,
) -> None:
    fifo = ErlangC(sum(rates), service, servers)
    assert cobham(rates, service, servers) == pytest.approx(waits, abs=5e-9)
    assert fifo.delay_probability == pytest.approx(delay, abs=5e-9)
    assert fifo.mean_wait == pytest.approx(together, abs=5e-9)


def test_priorities_solve_their_balance_equations() -> None:
    """State (busy, urgent waiting, others waiting); Little's law turns queue lengths into waits."""

    def moves(state: tuple[int, int, int]) -> list[tuple[float, tuple[int, int, int]]]:
        busy, urgent, others = state
        if busy < 2:
            found = [(1.0, (busy + 1, 0, 0))]
        else:
            found = [(0.4, (2, min(urgent + 1, 40), others)), (0.6, (2, urgent, min(others + 1, 90)))]
        if urgent:
            return [*found, (busy * 0.7, (2, urgent - 1, others))]
        if others:
            return [*found, (busy * 0.7, (2, 0, others - 1))]
        return [*found, (busy * 0.7, (busy - 1, 0, 0))] if busy else found

    law = long_run((0, 0, 0), moves)
    urgent = sum(p * state[1] for state, p in law.items()) / 0.4
    others = sum(p * state[2] for state, p in law.items()) / 0.6
    assert cobham((0.4, 0.6), 0.7, 2) == pytest.approx((urgent, others), rel=1e-6)


def test_priorities_starve_the_last_class_first() -> None:
    first, second = cobham((0.5, 0.7), 1.0, 1)
    assert first < second == float("inf")


@pytest.mark.parametrize(("sd", "wait"), [(1, 4), (0, 2), (2, 10)])
def test_one_agent_with_any_handle_time(sd: float, wait: float) -> None:
    assert pollaczek_khinchine(0.8, 1, sd) == pytest.approx(wait, rel=1e-14)


def test_one_agent_with_too_much_work_waits_without_end() -> None:
    assert pollaczek_khinchine(1.25, 0.8, 1) == float("inf")


def test_transfers_between_two_pools() -> None:
    first, second = jackson((3, 0.5), ((0, 0.3), (0, 0)), (0.5, 0.5), (8, 4))
    assert first.delay_probability == first.mean_wait == pytest.approx(0.35698109, abs=5e-9)
    assert (first.queue_length, first.occupancy) == pytest.approx((1.07094326, 0.75), abs=5e-9)
    assert second.arrival_rate == pytest.approx(1.4)
    assert second.delay_probability == pytest.approx(0.42865432, abs=5e-9)
    assert second.mean_wait == pytest.approx(0.71442386, abs=5e-9)
    assert (second.queue_length, second.occupancy) == pytest.approx((1.00019341, 0.7), abs=5e-9)


def test_return_to_the_same_queue() -> None:
    (pool,) = jackson((2,), ((0.25,),), (1,), (4,))
    assert pool.arrival_rate == pytest.approx(2.6666667, abs=5e-8)
    assert (pool.delay_probability, pool.mean_wait) == pytest.approx((0.37841833, 0.28381375), abs=5e-9)
    assert pool.occupancy == pytest.approx(2 / 3)


def test_a_network_solves_its_balance_equations() -> None:
    def moves(state: tuple[int, int]) -> list[tuple[float, tuple[int, int]]]:
        first, second = state
        found = [(0.8, (min(first + 1, 60), second)), (0.3, (first, min(second + 1, 60)))]
        if first:
            done = min(first, 2) * 0.7
            found += [(done * 0.6, (first - 1, second)), (done * 0.4, (first - 1, min(second + 1, 60)))]
        return [*found, (1.1, (first, second - 1))] if second else found

    law = long_run((0, 0), moves)
    pools = jackson((0.8, 0.3), ((0, 0.4), (0, 0)), (0.7, 1.1), (2, 1))
    for place, servers, pool in zip((0, 1), (2, 1), pools, strict=True):
        waiting = sum(p * max(0, state[place] - servers) for state, p in law.items())
        assert waiting == pytest.approx(pool.queue_length, rel=1e-6)


def test_networks_that_cannot_be_are_refused() -> None:
    with pytest.raises(SimError, match="sum to at most 1"):
        jackson((1, 1), ((0.5, 0.6), (0, 0)), (1, 1), (1, 1))
    with pytest.raises(SimError, match="never leave"):
        jackson((1,), ((1,),), (1,), (1,))
    with pytest.raises(SimError, match="2 pools need"):
        jackson((1, 1), ((0.5, 0),), (1, 1), (1, 1))


CHAT = (2, 0.9, 0.1, (0.5, 0.35, 0.26))


@pytest.mark.parametrize(
    ("spread", "printed"),
    [
        (True, (0.079696, 0.008601, 0.086011, 0.077410, 2.428393, 0.404732, 0.729291, 2.721624, 1.664899)),
        (False, (0.100610, 0.010858, 0.108581, 0.097723, 2.776089, 0.462681, 0.663683, 3.118403, 2.091427)),
    ],
)
def test_chats_that_slow_each_other_down(spread: bool, printed: tuple[float, ...]) -> None:
    team = ChatTeam(*CHAT, spread=spread)
    figures = (
        team.delay_probability,
        team.abandoned,
        team.mean_wait,
        team.queue_length,
        team.in_service,
        team.slot_use,
        team.busy,
        team.handle_time,
        team.concurrency,
    )
    assert figures == pytest.approx(printed, abs=5e-7)


def test_chats_one_at_a_time_are_erlang_a() -> None:
    team, line = ChatTeam(3, 2.5, 0.4, (0.9,)), erlang_a(2.5, 0.9, 3, 0.4)
    assert team.delay_probability == pytest.approx(line.delay_probability, rel=1e-9)
    assert team.abandoned == pytest.approx(line.abandoned, rel=1e-9)
    assert team.busy == pytest.approx(line.occupancy, rel=1e-9)


def test_chats_that_do_not_slow_each_other_down_are_erlang_a_with_more_agents() -> None:
    team, line = ChatTeam(2, 3, 0.4, (0.7, 0.7, 0.7)), erlang_a(3, 0.7, 6, 0.4)
    assert team.mean_wait == pytest.approx(line.mean_wait, rel=1e-9)
    assert team.slot_use == pytest.approx(line.occupancy, rel=1e-9)


WARM_ALONE = (0.288197, 0.043479, 0.144931, 0.725730, 0.717391, 0.008339, 0.0, 0.860869, 0.015499, 0.077495)
WARM_BOTH = (0.367453, 0.061839, 0.206131, 0.772052, 0.703621, 0.0174, 0.051031, 0.844345, 0.032973, 0.164865)


@pytest.mark.parametrize(
    ("handover_rate", "printed", "second"), [(None, WARM_ALONE, 0.403584), (2.0, WARM_BOTH, 0.524895)]
)
def test_warm_transfer(handover_rate: float | None, printed: tuple[float, ...], second: float) -> None:
    pools = WarmTransfer(3, (8, 3), (0.5, 0.7), (0.3, 0.2), 0.3, handover_rate)
    figures = (
        pools.delay_probability,
        pools.abandoned,
        pools.mean_wait,
        pools.occupancy,
        pools.talking,
        pools.holding,
        pools.handing_over,
        pools.transfer_rate,
        pools.transfer_abandoned,
        pools.transfer_wait,
    )
    assert figures == pytest.approx(printed, abs=5e-7)
    assert pools.second_occupancy == pytest.approx(second, abs=5e-7)


def test_without_transfers_the_first_pool_is_erlang_a() -> None:
    pools, line = WarmTransfer(3, (4, 1), (0.6, 1), (0.5, 1), 0.0), erlang_a(3, 0.6, 4, 0.5)
    assert pools.mean_wait == pytest.approx(line.mean_wait, rel=1e-9)
    assert pools.second_occupancy == 0


@pytest.mark.parametrize(
    ("patience_rate", "places", "in_target", "g0", "asa", "occupancy"),
    [
        (0.0, None, 1815.2717, 0.900432, 0.100681, 0.696934),
        (1.0, None, 1906.7189, 0.974438, 0.023825, 0.676558),
        (0.0, 5, 1854.0688, 0.928363, 0.060450, 0.690473),
    ],
)
def test_a_day_that_opens_empty(
    patience_rate: float, places: int | None, in_target: float, g0: float, asa: float, occupancy: float
) -> None:
    day = a_day(4.2, 0.5, 12, 480, patience_rate, places)
    assert day.offered * day.waits.answered_within(1 / 3) == pytest.approx(in_target, abs=5e-5)
    assert day.waits.service_level(1 / 3, "answered_only") == pytest.approx(g0, abs=5e-7)
    assert day.waits.asa == pytest.approx(asa, abs=5e-7)
    assert day.waits.occupancy == pytest.approx(occupancy, abs=5e-7)


def test_who_is_lost_in_a_day() -> None:
    impatient, blocked = a_day(4.2, 0.5, 12, 480, 1.0), a_day(4.2, 0.5, 12, 480, places=5)
    lost = impatient.waits
    late = lost.abandoned - lost.abandoned_within(1 / 3)
    assert impatient.offered * lost.abandoned == pytest.approx(59.2632, abs=5e-5)
    assert lost.answered_within(1 / 3) / (lost.answered + late) == pytest.approx(0.968189, abs=5e-7)
    assert blocked.offered * blocked.waits.blocked == pytest.approx(18.8633, abs=5e-5)
    assert blocked.waits.answered_within(1 / 3) == pytest.approx(0.919677, abs=5e-7)


def test_a_day_solves_its_differential_equations() -> None:
    matrix = queue(3.0, 0.5, 4, 0.1, 60)
    start = np.zeros(2 * 61)
    start[0] = 1.0
    solved = solve_ivp(
        lambda t, y: np.concatenate((y[:61] @ matrix, y[:61])), (0, 20), start, rtol=1e-10, atol=1e-13
    ).y[:, -1]
    day = a_day(3.0, 0.5, 4, 20, 0.1)
    assert day.at_close[:61] == pytest.approx(solved[:61], abs=1e-8)
    assert day.waits.found[:61] == pytest.approx(solved[61:] / 20, abs=1e-8)


def test_an_overloaded_day_piles_up_what_it_cannot_serve() -> None:
    day = a_day(7, 0.5, 12, 240)
    assert day.waiting_at_close == pytest.approx((7 - 6) * 240, rel=0.06)
    assert day.at_close.sum() == pytest.approx(1, abs=1e-9)


@pytest.mark.slow
def test_a_long_day_is_the_long_run() -> None:
    day, line = a_day(2, 1, 3, 2_000, 0.5), erlang_a(2, 1, 3, 0.5)
    assert day.waits.abandoned == pytest.approx(line.abandoned, rel=2e-3)
    assert balanced(queue(2, 1, 3, 0.5, 40))[:10] == pytest.approx(day.at_close[:10], abs=1e-9)
