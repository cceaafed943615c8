"""Staff from a log: teams by skills, returns and breaks, and agents on duty interval by interval."""

from collections import Counter

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.logs.log import OpeningHours, answered, cross_counts, released_at

# Skills, read from the queues that agents served, and teams of equal skills.

Profile = frozenset[str]


def served(calls: pd.DataFrame) -> pd.DataFrame:
    """Return calls answered: a row an agent, a column a queue."""
    taken = calls["answered_at"].notna()
    return cross_counts(calls.loc[taken, "agent"], calls.loc[taken, "queue"])


def everyones(counts: pd.DataFrame, most: float = 0.9) -> Profile:
    """Return the queues that at least `most` of the agents serve."""
    share = (counts > 0).mean()
    return frozenset(share.index[share >= most])


def profiles(counts: pd.DataFrame, least: int = 2, rare: float = 0.01) -> pd.Series:
    """Return each agent's profile: the queues that differ between agents and of which they answered `least` calls.

    Queues that (nearly) all agents serve are left out, and those with less than `rare` of all calls, which an
    agent may have the skill for and never receive.
    """
    share = counts.sum() / counts.to_numpy().sum()
    telling = [queue for queue in counts.columns if queue not in everyones(counts) and share[queue] >= rare]
    able = counts[telling] >= least
    found = [frozenset(able.columns[row]) for row in able.to_numpy(dtype=bool)]
    return pd.Series(found, index=counts.index, dtype="object")


def teams(profile: pd.Series, counts: pd.DataFrame, smallest: int = 3, much: float = 0.05) -> pd.Series:
    """Return each agent's team, named by its profile; one of fewer than `smallest` agents joins the nearest.

    Nearest: least symmetric difference, then most agents. A small one stays where it answered at least `much` of the
    calls (`counts`) of a queue that the nearest lacks: else that work would be left to others.
    """
    size = dict(Counter[Profile](profile).most_common())
    smallest = min(smallest, max(size.values()))
    kept = [each for each in size if size[each] >= smallest]

    def nearest(each: Profile) -> Profile:
        return min(kept, key=lambda other: (len(each ^ other), -size[other], team_name(other)))

    for each in size:
        lacking = sorted(each - nearest(each))
        own = counts.loc[(profile == each).to_numpy(), lacking].sum()
        if (own >= much * counts[lacking].sum()).any():
            kept.append(each)
    home = {each: nearest(each) for each in size}
    return profile.map(lambda each: team_name(home[each]))


def team_name(profile: Profile) -> str:
    """Return `common` for agents of everyone's queues only, else what they serve besides: `with_q2_q20`."""
    return "_".join(["with", *sorted(profile, key=_natural)]) if profile else "common"


def team_skills(counts: pd.DataFrame, team_of: pd.Series, least: int = 2) -> dict[str, list[str]]:
    """Return the queues of each team: those that half of its agents or more answered `least` calls of."""
    able = (counts >= least).groupby(team_of).mean()
    queues = sorted(counts.columns, key=_natural)
    return {str(team): [queue for queue in queues if able.loc[team, queue] >= 0.5] for team in able.index}


def with_rare_queues(
    skills: dict[str, list[str]], counts: pd.DataFrame, team_of: pd.Series
) -> dict[str, list[str]]:
    """Return the queues of each team, those that are no team's given to who answered most of them.

    Of a rare queue half of no team's agents may have answered enough; until half of its answers are theirs, it is of
    the teams with the most.
    """
    taken = counts.groupby(team_of).sum()
    found = {team: set(queues) for team, queues in skills.items()}
    for queue in counts.columns.difference([one for queues in skills.values() for one in queues]):
        most = taken[queue].sort_values(ascending=False, kind="stable")
        for team in most.index[(most > 0) & (most.cumsum() - most < most.sum() / 2)]:
            found[str(team)].add(queue)
    return {team: sorted(queues, key=_natural) for team, queues in found.items()}


def outside_share(counts: pd.DataFrame, team_of: pd.Series, skills: dict[str, list[str]]) -> float:
    """Return the share of all answers by agents of a team without the queue."""
    by_team = counts.groupby(team_of).sum()
    outside = sum(by_team.loc[team].drop(queues).sum() for team, queues in skills.items())
    return float(outside / counts.to_numpy().sum())


def _natural(queue: str) -> tuple[int, str]:
    """Order names with numbers: q2 before q13."""
    return len(queue), queue


# Returns: how soon an agent takes the next call. Without wrap-up and states in the log, both show where customers
# wait: a ready agent would be given one at once, so the whole gap to the next call is the agent's own.

CROWD = 3
"""From so many waiting customers on, a ready agent is taken to be given one at once."""

SHORT, STEP = 60.0, 30.0
"""Seconds: a longer return, with customers waiting, is a break and no wrap-up; looked for further in such steps."""
AS_FAST, OF_SO_MANY = 2.0, 20
"""Wrap-up goes on where, of so many still away, this many times as many return in a step as if they did so evenly."""

BREAK = 300.0
"""Seconds: a longer gap is a break even where nobody waited."""


def waiting(calls: pd.DataFrame, moments: pd.Series) -> NDArray[np.int64]:
    """Count the customers waiting at each moment."""
    offers = np.sort(calls["offered_at"].to_numpy())
    ends = np.sort(calls["answered_at"].fillna(calls["ended_at"]).to_numpy())
    at = moments.to_numpy()
    return np.searchsorted(offers, at, side="right") - np.searchsorted(ends, at, side="right")


def gaps(calls: pd.DataFrame, everyones: frozenset[str]) -> pd.DataFrame:
    """Return a row a call answered: agent, answered_at, row, released_at, next_at, gap and crowd.

    `row` is the place of the call among `calls`.
    `next_at` is the agent's next answer of that day, or NaT, and `gap` the seconds up to it. `crowd` counts
    the customers waiting at the release in the queues of `everyones`, which all agents serve, or where there is none
    in the queue of that call. A column `rung_out` is there where contacts of the log have rung out.
    """
    place = np.flatnonzero(calls["answered_at"].notna().to_numpy()).astype(np.int32)
    taken = answered(calls[["queue", "agent", "answered_at", "ended_at", "transferred_at"]])
    order = _by_agent_and_time(taken)
    taken, place = taken.iloc[order], place[order]
    del order  # of a large log there is not room for what is not needed any more
    table = taken[["agent", "answered_at"]].assign(row=place, released_at=released_at(taken))
    queues = taken["queue"]
    del taken, place
    agent, date = pd.factorize(table["agent"])[0], table["answered_at"].dt.normalize().to_numpy()
    goes_on = (agent[1:] == agent[:-1]) & (agent[1:] >= 0) & (date[1:] == date[:-1])
    del agent, date
    table["next_at"] = table["answered_at"].shift(-1).where(np.append(goes_on, False))
    table["gap"] = (table["next_at"] - table["released_at"]).dt.total_seconds()
    table["crowd"] = 0
    if everyones:
        table["crowd"] = waiting(calls[calls["queue"].isin(everyones)], table["released_at"])
    else:  # nobody serves all: those who wait in the queue of the call just released
        crowd = np.zeros(len(table), dtype=np.int32)
        for queue in queues.unique():
            here = (queues == queue).to_numpy()
            waits = calls.loc[calls["queue"] == queue, ["offered_at", "answered_at", "ended_at"]]
            crowd[here] = waiting(waits, table.loc[here, "released_at"])
        table["crowd"] = crowd
    if "rings" in calls and (calls["rings"] > 0).any():
        table["rung_out"] = True
    return table.reset_index(drop=True)


def _by_agent_and_time(taken: pd.DataFrame) -> NDArray[np.int64]:
    """Return the order of the answers of each agent, one agent after the other."""
    agent = pd.factorize(taken["agent"], sort=True)[0]
    return np.lexsort((taken["answered_at"].to_numpy(), np.where(agent >= 0, agent, len(taken))))


def longest_wrap_up(table: pd.DataFrame) -> float:
    """Return the seconds up to which a return before a crowd is wrap-up: SHORT, or later where returns go on as fast.

    Cut at SHORT, an exponential wrap-up of 30 s would have a mean of 21 s, and one of 60 s of 25 s. Who is on a break
    comes back at any time up to BREAK and beyond: there the search ends. It does not begin where contacts have rung
    out: the next gap of who let one ring holds the ringing, too.
    """
    if "rung_out" in table:
        return SHORT
    gaps = table.loc[(table["crowd"] >= CROWD) & (table["gap"] <= BREAK), "gap"].to_numpy()
    at = SHORT
    while at < BREAK:
        away = gaps[gaps > at]
        evenly = STEP / (BREAK - at)
        if len(away) < OF_SO_MANY or (away <= at + STEP).mean() < AS_FAST * evenly:
            break
        at += STEP
    return at


def is_break(table: pd.DataFrame) -> pd.Series:
    """Return after which calls the agent was away: no more that day, a long gap, or a crowd kept waiting."""
    kept_waiting = (table["crowd"] >= CROWD) & (table["gap"] > longest_wrap_up(table))
    return table["gap"].isna() | (table["gap"] > BREAK) | kept_waiting


def return_time(table: pd.DataFrame) -> float:
    """Return the mean of the short gaps that began with a crowd: wrap-up and ring together, seconds."""
    short = (table["crowd"] >= CROWD) & (table["gap"] <= longest_wrap_up(table))
    return float(table.loc[short, "gap"].mean())


Floats = NDArray[np.float64]


def on_duty(table: pd.DataFrame) -> pd.DataFrame:
    """Return spans in which an agent was at work or ready: agent, since, until; from `gaps`.

    A lower bound by little: the readiness before the first call of the day and after a break is not in the log.
    """
    until = table["next_at"].where(~is_break(table), table["released_at"])
    return pd.DataFrame({"agent": table["agent"], "since": table["answered_at"], "until": until})


def busy(table: pd.DataFrame) -> pd.DataFrame:
    """Return spans in which an agent had a call: a lower bound of the time on duty."""
    return pd.DataFrame(
        {"agent": table["agent"], "since": table["answered_at"], "until": table["released_at"]}
    )


def logged_in(table: pd.DataFrame) -> pd.DataFrame:
    """Return spans from an agent's first answer of a day to the last release: an upper bound, as it includes breaks."""
    by_day = table.groupby(["agent", table["answered_at"].dt.normalize().rename("day")])
    return by_day.agg(since=("answered_at", "min"), until=("released_at", "max")).reset_index()


def seconds_in(spans: pd.DataFrame, hours: OpeningHours, group: NDArray[np.integer] | None = None) -> Floats:
    """Add up the seconds of the spans of each group (row) within each interval of the day (column).

    Groups are numbered from 0, a span below 0 is of none; without any there is one row. Spans are added as whole
    microseconds, so that the sums are exact.
    """
    of = np.zeros(len(spans), dtype=np.int64) if group is None else group
    since = np.rint(1e6 * hours.since_opening(spans["since"]).to_numpy())
    until = since + np.rint(1e6 * (spans["until"] - spans["since"]).dt.total_seconds().to_numpy())
    edges = np.rint(1e6 * hours.edges)
    slots = len(edges) - 1
    found = np.zeros((int(of.max(initial=0)) + 1, slots))
    first = np.maximum(np.searchsorted(edges, since, "right") - 1, 0)
    left = np.flatnonzero((first < slots) & (until > edges[0]) & (of >= 0))
    while len(left):
        slot = first[left]
        inside = np.minimum(until[left], edges[slot + 1]) - np.maximum(since[left], edges[slot])
        place = of[left] * slots + slot
        found += np.bincount(place, np.maximum(inside, 0.0), found.size).reshape(found.shape)
        first[left] += 1
        left = left[(slot + 1 < slots) & (until[left] > edges[slot + 1])]
    return found / 1e6


def by_date(spans: pd.DataFrame) -> pd.DataFrame:
    """Return spans of a single date each: what goes on beyond midnight is one of the next, where others begin on it."""
    dates = spans["since"].dt.normalize().unique()
    found, rest = [], spans
    while len(rest):
        midnight = rest["since"].dt.normalize() + pd.Timedelta(days=1)
        over = rest["until"] > midnight
        found.append(rest.assign(until=rest["until"].mask(over, midnight)) if over.any() else rest)
        rest = rest[over].assign(since=midnight[over])
        rest = rest[rest["since"].isin(dates)]
    return pd.concat(found, ignore_index=True) if len(found) > 1 else spans if not found else found[0]


def hours_by_day(spans: pd.DataFrame) -> pd.Series:
    """Return agent-hours of each day."""
    length = (spans["until"] - spans["since"]).dt.total_seconds() / 3600.0
    return length.groupby(spans["since"].dt.normalize().rename("day")).sum()


def mean_head_count(spans: pd.DataFrame, team_of: pd.Series, hours: OpeningHours) -> pd.DataFrame:
    """Return agents on duty in each interval of the mean day: a row an interval, a column a team.

    `team_of` maps agents to teams.
    """
    days = spans["since"].dt.normalize().nunique()
    number, found = pd.factorize(teams_of(spans["agent"], team_of), sort=True)
    seconds = seconds_in(spans, hours, number)[: len(found)]
    return pd.DataFrame(seconds.T / (hours.every * days), columns=pd.Index(np.asarray(found)))


def teams_of(agents: pd.Series, team_of: pd.Series) -> pd.Series:
    """Return the team of each agent, as names in order."""
    agent, names = pd.factorize(agents)
    team = pd.Categorical(team_of.reindex(np.asarray(names)))
    codes = np.append(team.codes, -1)[agent]
    return pd.Series(pd.Categorical.from_codes(codes, team.categories), index=agents.index)


def whole_heads(mean: pd.DataFrame) -> pd.DataFrame:
    """Round so that each interval's sum is the rounded sum of the means: largest remainders go up."""
    whole = mean.apply(np.floor).astype("int64")
    missing = (mean.sum(axis=1).round() - whole.sum(axis=1)).astype("int64")
    rank = (whole - mean).rank(axis=1, method="first")
    return whole + rank.le(missing, axis=0).astype("int64")
