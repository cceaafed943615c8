"""A crowded hour in which all of it happens, for tests of what must hold."""

from engine.worlds import at, centre
from sim.scenario import Scenario
from sim.workload import Workload, by_hand

CENTRE = """
routing: {ring_time: 20s}
channels: {web: {medium: chat, request_ttl: 50s}, site: {medium: mail}}
media: {chat: {max_tasks: 1}, mail: {max_tasks: 1}}
queues:
  calls: {medium: chat, handle_time: 60s, max_tasks: 1, transfer: {probability: 0.5, to: {hard: 1}}}
  hard: {medium: chat, handle_time: 60s}
  post: {medium: mail, handle_time: 60s}
teams:
  desk:
    agents: 2
    skills: {calls: 5, post: 5}
    accept: {probability: 50%, delay: 5s}
    after_ring: {chat: {not_ready: 40s}}
    wrap_up: 10s
  expert: {agents: 1, skills: {hard: 5}}
"""


def day() -> tuple[Scenario, Workload]:
    """A crowded hour in which all of it happens: queues, ring-outs, transfers, ends of the time-to-live."""
    scenario = centre(CENTRE)
    calls = [at(7 * n, queue="calls", channel="web", accept=[n % 3 / 2.5, 0.1, 0.1]) for n in range(40)]
    return scenario, by_hand(scenario, calls + [at(30 * n, queue="post", channel="site") for n in range(5)])
