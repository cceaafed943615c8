"""Draws that belong to an agent, not to a contact."""

import numpy as np

from sim.scenario.distributions import Law
from sim.workload.quantiles import quantile
from sim.workload.streams import Seeds

_BLOCK = 64


class AgentDraws:
    """Uniform numbers addressed by team, the agent's number in it, purpose and k.

    An agent's numbers are his own: neither his colleagues' head-count nor the order of asking moves them.
    """

    __slots__ = ("_blocks", "_seeds", "_values")

    def __init__(self, seeds: Seeds) -> None:
        self._seeds = seeds
        self._blocks: dict[tuple[str, int, str], list[float]] = {}
        self._values: dict[tuple[str, int, str, int], tuple[Law, list[float]]] = {}

    def uniform(self, team: str, number: int, purpose: str, k: int = 0) -> float:
        """Return the k-th number over [0, 1) of that purpose for that agent."""
        block = self._blocks.get((team, number, purpose))
        if block is None or k >= len(block):
            block = self._grown(team, number, purpose, k)
        return block[k]

    def value(self, team: str, number: int, purpose: str, law: Law, k: int = 0) -> float:
        """Return the k-th value of that purpose for that agent, the law's quantile of his uniform number.

        A block of them is made at once; one number at a time would cost ten times as much.
        """
        law_and_block = self._values.get((team, number, purpose, id(law)))
        if law_and_block is None or k >= len(law_and_block[1]):
            self.uniform(team, number, purpose, k)
            values = quantile(law, np.array(self._blocks[team, number, purpose]))
            law_and_block = self._values[team, number, purpose, id(law)] = law, values.tolist()
        return law_and_block[1][k]

    def _grown(self, team: str, number: int, purpose: str, k: int) -> list[float]:
        size = max(_BLOCK, 2 * (k + 1))
        numbers: list[float] = self._seeds.uniforms(size, "agents", team, number, purpose).tolist()
        self._blocks[team, number, purpose] = numbers
        return numbers

    def __getstate__(self) -> Seeds:
        return self._seeds

    def __setstate__(self, seeds: Seeds) -> None:
        AgentDraws.__init__(self, seeds)
