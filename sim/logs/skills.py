"""What each agent can do, read from what he did; and teams of agents who can do the same."""

import pandas as pd

from sim.logs.canonical import answered

Profile = frozenset[str]


def served(calls: pd.DataFrame) -> pd.DataFrame:
    """Return calls answered: a row an agent, a column a queue."""
    taken = answered(calls)
    return pd.crosstab(taken["agent"], taken["queue"])


def everyones(counts: pd.DataFrame, most: float = 0.9) -> Profile:
    """Return the queues that at least `most` of the agents serve."""
    share = (counts > 0).mean()
    return frozenset(share.index[share >= most])


def profiles(counts: pd.DataFrame, least: int = 2, rare: float = 0.01) -> pd.Series:
    """Return each agent's profile: the queues that tell agents apart and of which he answered `least` calls.

    Queues that (nearly) everyone serves tell nothing; nor do those with less than `rare` of all calls, which
    an agent may have the skill for and never meet.
    """
    share = counts.sum() / counts.to_numpy().sum()
    telling = [queue for queue in counts.columns if queue not in everyones(counts) and share[queue] >= rare]
    return counts[telling].apply(lambda row: frozenset(row.index[row >= least]), axis=1)


def teams(profile: pd.Series, smallest: int = 3) -> pd.Series:
    """Return each agent's team, named by its profile; one of fewer than `smallest` agents joins the nearest.

    Nearest: least symmetric difference, then most agents.
    """
    size = profile.value_counts()
    kept = [each for each in size.index if size[each] >= smallest]
    home = {
        each: min(kept, key=lambda other: (len(each ^ other), -size[other], team_name(other)))
        for each in size.index
    }
    return profile.map(lambda each: team_name(home[each]))


def team_name(profile: Profile) -> str:
    """Return `common` for agents of everyone's queues only, else what they serve besides: `with_q2_q20`."""
    return "_".join(["with", *sorted(profile, key=_natural)]) if profile else "common"


def team_skills(counts: pd.DataFrame, team_of: pd.Series, least: int = 2) -> dict[str, list[str]]:
    """Return the queues of each team: those that half of its agents or more answered `least` calls of."""
    able = (counts >= least).groupby(team_of).mean()
    queues = sorted(counts.columns, key=_natural)
    return {str(team): [queue for queue in queues if able.loc[team, queue] >= 0.5] for team in able.index}


def _natural(queue: str) -> tuple[int, str]:
    """Order names with numbers: q2 before q13."""
    return len(queue), queue
