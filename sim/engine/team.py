"""A team at work: agents with the same skills."""

from typing import TYPE_CHECKING

from sim.engine.draws import Draw
from sim.scenario import Team as TeamSpec

if TYPE_CHECKING:
    from sim.engine.agent import Agent
    from sim.engine.pool import Pool
    from sim.engine.roster import HeadCount


class Team:
    """The agents of a team, and their pool on each medium they serve."""

    __slots__ = (
        "accept_delay",
        "accepts",
        "agents",
        "head_count",
        "name",
        "pools",
        "spec",
        "speeds",
        "wrap_up",
    )

    def __init__(self, name: str, spec: TeamSpec) -> None:
        self.name = name
        self.spec = spec
        self.agents: list[Agent] = []
        self.pools: dict[str, Pool] = {}
        self.head_count: HeadCount | None = None
        self.speeds = dict(spec.speed)
        self.accepts = spec.accept.probability
        self.accept_delay = Draw("accept_delay", name, spec.accept.delay)
        self.wrap_up = Draw("wrap_up", name, spec.wrap_up)
