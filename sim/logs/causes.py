"""Why a figure of a log is not what a model predicts: what the data can show, and what the model lacks."""

from dataclasses import dataclass
from typing import Literal

from sim.scenario import Scenario

Demand = Literal["actual", "modelled"]

LOWER_BOUND = "head-counts are a lower bound, as no agents' states are read"
UNKNOWN_STAFF = "who was logged in is not known, as no agents' states are read"


@dataclass(frozen=True, slots=True)
class Causes:
    """What a scenario has, by which a figure outside its interval is told from what is likely missing.

    `is_fitted` says that its head-counts are those of agents seen at work in a log.
    """

    is_fitted: bool
    has_wrap_up: bool
    has_interval_busyness: bool
    has_busyness: bool
    has_returns: bool
    has_ttl: bool

    @classmethod
    def of_scenario(cls, scenario: Scenario) -> "Causes":
        """Look at what a scenario has."""
        factors = [scenario.busyness, *(stream.busyness for stream in scenario.arrivals)]
        own = [team.wrap_up for team in scenario.teams.values()]
        wrap_ups = [*own, *(queue.wrap_up for queue in scenario.queues.values())]
        ttls = [one.request_ttl for one in scenario.channels.values()]
        for queue in scenario.queues.values():
            ttls += [queue.request_ttl, None if queue.transfer is None else queue.transfer.request_ttl]
        return cls(
            is_fitted=scenario.fitted is not None,
            has_wrap_up=any(law is not None and law.mean > 0 for law in wrap_ups),
            has_interval_busyness=any(one is not None and one.interval_sd > 0 for one in factors),
            has_busyness=any(one is not None for one in factors),
            has_returns=scenario.customers.after_abandon is not None,
            has_ttl=any(ttl is not None for ttl in ttls),
        )

    def of(self, metric: str, demand: Demand, more: bool, silent: int = 0, longer: bool = False) -> str:
        """Return why a figure lies above (`more`) or below its interval, and what is likely missing.

        `silent` are the intervals in which contacts came and nobody was answered, where it lies inside without them;
        `longer` says that the handle time lies above its own.
        """
        if metric == "offered":
            return self._demand(more)
        if metric == "handle_time":
            return f"contacts took {'longer' if more else 'less long'} than in the days that were fitted"
        if metric == "no_agent_rate" and more and not self.has_ttl:
            return "searches ended without an agent, and the model has no `request_ttl`"
        worse = more if metric in ("abandon_rate", "no_agent_rate", "asa") else not more
        if demand == "modelled":
            return f"service was {'worse' if worse else 'better'}; see the same figure with the actual demand"
        staff = LOWER_BOUND if self.is_fitted else UNKNOWN_STAFF
        return (
            f"service was {'worse' if worse else 'better'}: {self._service(worse, silent, longer)}; {staff}"
        )

    def _demand(self, more: bool) -> str:
        lacking = []
        if not self.has_busyness:
            lacking.append("`busyness`")
        elif not self.has_interval_busyness:
            lacking.append("`busyness` by interval (`interval_sd`)")
        if more and not self.has_returns:
            lacking.append("customers who come again (`customers`)")
        likely = f"; the model has no {' and no '.join(lacking)}" if lacking else ""
        return f"{'more' if more else 'fewer'} contacts came than the model expects{likely}"

    def _service(self, worse: bool, silent: int, longer: bool) -> str:
        if not worse:
            return "likely more agents than modelled, or less wrap-up"
        if silent:
            many = "1 interval" if silent == 1 else f"{silent} intervals"
            return f"nobody was answered in {many} in which contacts came, a fault, or nobody was there"
        if longer:
            return "contacts took longer, which alone makes others wait"
        if not self.has_wrap_up:
            return "likely wrap-up, of which the model has none, or breaks that the log does not show"
        return "likely fewer agents than modelled, breaks that the log does not show, or more wrap-up"
