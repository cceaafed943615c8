"""The one-queue model in salabim: a component a customer, a Resource, a request that fails in time."""

from collections.abc import Generator

import salabim

from benchmarks.queue.model import AGENTS, GAP_S, PATIENCE_S, SERVICE_S, Visit


def run(customers: int, seed: int) -> list[Visit]:
    env = salabim.Environment(random_seed=seed, yieldless=False, trace=False, set_numpy_random_seed=False)
    agents = salabim.Resource("agents", capacity=AGENTS)
    visits: list[Visit] = []
    Arrivals(agents=agents, customers=customers, visits=visits)
    env.run()
    return visits


class Arrivals(salabim.Component):  # type: ignore[misc]
    def process(
        self, agents: salabim.Resource, customers: int, visits: list[Visit]
    ) -> Generator[object, None, None]:
        gap = salabim.Exponential(GAP_S)
        for _ in range(customers):
            yield self.hold(gap.sample())
            Customer(agents=agents, visits=visits)


class Customer(salabim.Component):  # type: ignore[misc]
    def process(self, agents: salabim.Resource, visits: list[Visit]) -> Generator[object, None, None]:
        arrived_at = self.env.now()
        yield self.request(agents, fail_delay=salabim.Exponential(PATIENCE_S).sample())
        visits.append((arrived_at, self.env.now() - arrived_at, not self.failed()))
        if not self.failed():
            yield self.hold(salabim.Exponential(SERVICE_S).sample())
            self.release(agents)
