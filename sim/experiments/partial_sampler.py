"""Replications of some of the scenarios: those that are still wanted."""

from dataclasses import dataclass

from sim.experiments.sampling import Sample, Sampler

Item = tuple[int, tuple[int, ...]]
"""A replication, and the scenarios by their position in the sampler."""


@dataclass(frozen=True)
class PartialSampler:
    """Runs a replication of some of a sampler's scenarios, as a worker does it."""

    sampler: Sampler

    def __call__(self, item: Item) -> Sample:
        """Run a replication of the scenarios named."""
        replication, which = item
        return self.sampler.sample(replication, which)

    def label(self, item: Item) -> str:
        """Name a replication so that it can be run alone."""
        return self.sampler.label(item[0])
