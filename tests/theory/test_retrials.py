"""Customers who find nobody free and ask again: the retrial queue, whose mean orbit is known in closed form.

Source: G. Falin and J. Templeton (1997), Retrial Queues: an M/M/1 queue without places, rates lambda, mu
and theta of asking again, has rho (lambda + rho theta) / ((1 - rho) theta) customers who mean to ask again.
"""

from math import sqrt
from statistics import mean, stdev

import pytest

from sim.engine import simulate
from sim.scenario import loads
from sim.workload import draw

DAYS = 8
RETRIALS = """
lasts: 600h
seed: 5
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
routing: {require_available_agent: on}
queues: {calls: {medium: voice, handle_time: {exponential: {mean: 60s}}}}
teams: {desk: {agents: 1, skills: {calls: 1}}}
arrivals: [{channel: phone, queue: calls, per_hour: 36}]
customers: {after_no_agent: {ask_again: 100%, at_most: 1000, after: {exponential: {mean: 90s}}}}
"""


@pytest.mark.slow
def test_customers_ask_again_as_often_as_those_of_a_retrial_queue() -> None:
    """Each who means to ask again does so at theta: a customer asks again orbit x theta / lambda = 2.5 times."""
    arrive, serve, again = 36 / 3600, 1 / 60, 1 / 90
    load = arrive / serve
    orbit = load * (arrive + load * again) / ((1 - load) * again)
    expected = orbit * again / arrive
    assert expected == pytest.approx(2.5)
    scenario, found = loads(RETRIALS), []
    for replication in range(DAYS):
        workload = draw(scenario, replication)
        requests = simulate(scenario, workload).requests
        found.append((requests["outcome"] == "no_agent").sum() / len(workload.streams[0].times))
    assert mean(found) == pytest.approx(expected, abs=4 * stdev(found) / sqrt(DAYS))
    assert stdev(found) < 0.1 * expected
