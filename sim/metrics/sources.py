"""The records of a run as the figures' formulas read them, each table prepared when first needed."""

from functools import cached_property
from typing import TYPE_CHECKING

from sim.metrics.agents import Agents
from sim.metrics.axes import Axes
from sim.metrics.conversations import Conversations
from sim.metrics.customers import Customers
from sim.metrics.recorded import Recorded
from sim.metrics.requests import Requests
from sim.metrics.tasks import Tasks
from sim.metrics.vendor_tasks import VendorTasks
from sim.metrics.waiting import Waiting

if TYPE_CHECKING:
    from sim.scenario import Scenario


class Sources:
    """One run's tables with the codes of its scenario."""

    def __init__(self, records: Recorded, scenario: "Scenario", axes: Axes) -> None:
        self._records = records
        self._scenario = scenario
        self._axes = axes

    @cached_property
    def requests(self) -> Requests:
        """The requests that are measured."""
        return Requests(self._records.requests, self._scenario, self._axes)

    @cached_property
    def waiting(self) -> Waiting:
        """The waiting of all requests over time."""
        return Waiting(self._records.requests, self._scenario, self._axes)

    @cached_property
    def tasks(self) -> Tasks:
        """The tasks of the requests that are measured."""
        return Tasks(self._records.tasks, self._records.requests, self._scenario, self._axes)

    @cached_property
    def vendor_tasks(self) -> VendorTasks:
        """The tasks as the vendor reads them."""
        return VendorTasks(self._records.tasks, self._records.requests, self._scenario, self._axes)

    @cached_property
    def conversations(self) -> Conversations:
        """The conversations that are measured."""
        records = self._records
        return Conversations(records, self.requests, self._scenario, self._axes)

    @cached_property
    def customers(self) -> Customers:
        """The customers who are measured."""
        return Customers(self._records.conversations, self._scenario, self._axes)

    @cached_property
    def agents(self) -> Agents:
        """The agents' time."""
        records = self._records
        return Agents(records.agent_states, records.tasks, self._scenario, self._axes, records.horizon_s)
