"""What a measure sees of one replication."""

from dataclasses import dataclass

from sim.errors import SimError
from sim.experiments.verification.estimate import FloatArray
from sim.records import Records
from sim.scenario import Scenario
from sim.workload import Workload


@dataclass(frozen=True, slots=True)
class Observation:
    """One replication, cut at `edges` (seconds from opening) into days or batches, one cell each.

    `ran` holds the records; it is None where a case looks at the workload alone and nothing was simulated.
    """

    scenario: Scenario
    workload: Workload
    ran: Records | None
    edges: FloatArray

    @property
    def records(self) -> Records:
        """The records of the run.

        Raises:
            SimError: nothing was simulated.

        """
        if self.ran is None:
            raise SimError("this case looks at its workload alone")
        return self.ran

    @property
    def cells(self) -> int:
        """Number of days or batches."""
        return int(self.edges.size) - 1
