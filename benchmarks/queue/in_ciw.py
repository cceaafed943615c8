"""The one-queue model in Ciw: a network of one node whose customers renege."""

import ciw

from benchmarks.queue.model import AGENTS, GAP_S, PATIENCE_S, SERVICE_S, Visit


def run(customers: int, seed: int) -> list[Visit]:
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=1 / GAP_S)],
        service_distributions=[ciw.dists.Exponential(rate=1 / SERVICE_S)],
        reneging_time_distributions=[ciw.dists.Exponential(rate=1 / PATIENCE_S)],
        number_of_servers=[AGENTS],
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(customers * GAP_S)
    return [
        (r.arrival_date, r.waiting_time, r.record_type == "service") for r in simulation.get_all_records()
    ]
